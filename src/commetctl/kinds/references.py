"""The fields of a kind that name other objects: in the file by their keys, in resources by their addresses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from commetctl.core.resource import UNKNOWN, Address, Resource, ResourceSet, Value
from commetctl.core.values import KeyPath
from commetctl.kinds.section import Finding, Sheet
from commetctl.kinds.sides import Live
from commetctl.kinds.wire import WireField


@dataclass(frozen=True)
class References:
    """The fields of a table that name other objects; `uses` are the names of the sections that these belong to."""

    table: Sequence[WireField]
    uses: Sequence[str]

    def of(self, values: Mapping[str, Value]) -> tuple[Address, ...]:
        """The objects that some values name."""
        return tuple(ref for column in self._columns for ref in column.refs(values[column.name]))

    def undeclared(self, entry: KeyPath, spec: Any, sheet: Sheet) -> Iterator[Finding]:
        """References of an entry to objects that the file does not declare."""
        for column in self._columns:
            for path, ref in _places((*entry, column.name), getattr(spec, column.name, None)):
                section = self._among(column)
                declared = sheet.keys.get(section)
                # A section that the file does not have may have the object in Commet, if its key is known there.
                if ref not in (declared or ()) and (declared is not None or column.by_entry):
                    hint = f"declare it under `{section}:`"
                    yield Finding(path, "unknown_reference", f"`{ref}` is not declared", hint, ((section,),))

    def by_name(self, values: Mapping[str, Value], sheet: Sheet) -> dict[str, Value]:
        """The references by keys of entries, as references by the names of their objects."""
        found: dict[str, Value] = {}
        for column in self._by_entry:
            entries = sheet.sections.get(self._among(column), {})
            refs = column.refs(values[column.name])
            found[column.name] = column.named([_named(ref, entries) for ref in refs])
        return found

    def by_entry(self, resource: Resource, resources: ResourceSet) -> Resource:
        """The reverse of `by_name`: a resource whose references are by the keys of entries, as the file has them."""
        fields = dict(resource.fields)
        for column in self._by_entry:
            if refs := column.refs(fields[column.name]):
                keyed = (ref._replace(key=resources[ref].handle) if ref in resources else ref for ref in refs)
                fields[column.name] = column.named(list(keyed))
        return replace(resource, fields=fields)

    def followed(self, kind: str, live: Live) -> Live:
        """The account in which objects of a kind name others by the names that these have now, after renames."""
        columns = list(self._by_entry)
        if not columns:
            return live
        renamed = (self._named_now(r, columns) if r.address.kind == kind else r for r in live.resources.values())
        return replace(live, resources=ResourceSet(renamed))

    def _named_now(self, resource: Resource, columns: Sequence[WireField]) -> Resource:
        named = {c.name: c.named([ref for ref in resource.refs if ref.kind == c.ref]) for c in columns}
        known = {name: value for name, value in named.items() if resource.fields[name] not in (None, UNKNOWN)}
        return replace(resource, fields={**resource.fields, **known})

    @property
    def _columns(self) -> Iterator[WireField]:
        return (column for column in self.table if column.ref)

    @property
    def _by_entry(self) -> Iterator[WireField]:
        return (column for column in self._columns if column.by_entry)

    def _among(self, column: WireField) -> str:
        return column.among or self.uses[0]


def _named(ref: Address, entries: Mapping[str, Any]) -> Address:
    return ref._replace(key=str(entries[ref.key].name)) if ref.key in entries else ref


def _places(path: KeyPath, value: Any) -> Iterator[tuple[KeyPath, str]]:
    """Each object that a value of the file names, with its place."""
    if isinstance(value, list):
        yield from (((*path, str(index)), ref) for index, ref in enumerate(value))
    elif value is not None:
        yield path, value
