"""The difference between two sets of resources."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commetctl.core.change import Change, Create, Delete, FieldChange, Update
from commetctl.core.resource import ABSENT, Address, Resource, ResourceSet, Value
from commetctl.core.values import dotted, same, text


@dataclass(frozen=True)
class Difference:
    """The changes that turn one side into the other.

    `along` are the objects that are deleted with each deleted object; `unmanaged` are those that are left alone.
    """

    changes: tuple[Change, ...]
    along: Mapping[Address, tuple[Address, ...]]
    unmanaged: tuple[Address, ...]


def diff(
    desired: ResourceSet, live: ResourceSet, *, prune: bool = False, kept: frozenset[Address] = frozenset()
) -> Difference:
    """The difference that turns `live` into `desired`.

    A live object that is not declared is deleted if it belongs to a declared one. Otherwise it is unmanaged, and
    deleted only with `prune`. Objects in `kept`, which the file cannot declare, are always unmanaged. The parts of a
    deleted object are deleted along with it and are no changes of their own. The changes of each top-level object are
    adjacent, in the order of the file, its deletions last.
    """
    changes: list[Change] = []
    for address, after in desired.items():
        before = live.get(address)
        if before is None:
            changes.append(Create(after))
        elif not same(before.fields, after.fields):
            changes.append(Update(before, after, field_changes(before, after)))
    strays = [resource for address, resource in live.items() if address not in desired]
    alone = [r for r in strays if r.parent is None or r.parent in desired]
    left = {r.address for r in alone if r.address in kept or not (prune or r.parent)}
    gone = [r for r in alone if r.address not in left]
    changes.extend(Delete(resource) for resource in gone)
    return Difference(
        tuple(_grouped(changes, desired, live)),
        {resource.address: tuple(part.address for part in live.below(resource.address)) for resource in gone},
        tuple(resource.address for resource in alone if resource.address in left),
    )


def _grouped(changes: list[Change], desired: ResourceSet, live: ResourceSet) -> list[Change]:
    """The changes with those of each top-level object adjacent, in the order of the file."""
    position = {address: index for index, address in enumerate(desired)}

    def group(change: Change) -> int:
        address = change.address
        while parent := (desired.get(address) or live[address]).parent:
            address = parent
        return position.get(address, len(position))

    return sorted(changes, key=group)


def field_changes(before: Resource, after: Resource) -> tuple[FieldChange, ...]:
    """The fields in which two different resources differ, in the order of the fields."""
    from deepdiff import DeepDiff

    # The texts decide which values differ; the library only finds the paths, and must leave none out.
    tree = DeepDiff(
        _leaves(before.fields),
        _leaves(after.fields),
        threshold_to_diff_deeper=0,
        view="tree",
        ignore_private_variables=False,
    )
    found = {tuple(map(str, level.path(output_format="list"))) for group in tree.values() for level in group}
    paths = {_whole(path, before.fields, after.fields) for path in found}
    order = [*after.fields, *before.fields]
    return tuple(
        FieldChange(dotted(path), _at(before.fields, path), _at(after.fields, path))
        for path in sorted(paths, key=lambda path: (order.index(path[0]), path))
    )


def _whole(path: tuple[str, ...], before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The path of an item of a list in place of what is in it, where the item is of another sort on the other side."""
    one, other = (_at(fields, path[:2]) for fields in (before, after))
    listed = isinstance(before.get(path[0]), tuple) and isinstance(after.get(path[0]), tuple)
    parted = isinstance(one, Mapping) and isinstance(other, Mapping) and not one.keys() & other.keys()
    return path[:2] if listed and parted else path


def _leaves(value: Any) -> Any:
    """Mappings as mappings, and every other value as a text that differs exactly when the value does.

    A list of mappings counts as a mapping by position, so that a change names the one item that differs.
    """
    keyed = _keyed(value)
    return {key: _leaves(item) for key, item in keyed.items()} if keyed is not None else text(value)


def _keyed(value: Any) -> Mapping[str, Any] | None:
    if isinstance(value, tuple) and value and all(isinstance(item, Mapping) for item in value):
        return {str(index): item for index, item in enumerate(value)}
    return value if isinstance(value, Mapping) else None


def _at(fields: Mapping[str, Any], path: tuple[str, ...]) -> Value:
    value: Any = fields
    for part in path:
        keyed = _keyed(value)
        if keyed is None or part not in keyed:
            return ABSENT
        value = keyed[part]
    return value  # type: ignore[no-any-return]  # a field of a resource is a Value by its type
