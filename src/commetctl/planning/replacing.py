"""Replacing: objects that are deleted and created again on request, because a field of theirs is fixed at creation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from commetctl.core.change import Change, FieldChange, Update
from commetctl.core.errors import CommetctlError, Refused
from commetctl.core.resource import UNKNOWN, Address, ResourceSet, noun
from commetctl.kinds import kind_of
from commetctl.kinds.kind import Kind
from commetctl.planning.needs import Targeting

_SEE = "name an object that `commetctl plan` shows as blocked because one of its fields is fixed once created"


@dataclass(frozen=True)
class Replacing:
    """The objects that a run is asked to replace.

    An object that Commet does not have is made as any other: a run that was killed in between had deleted it. For
    the same reason, those that an interrupted run of the same command `began` need nothing that is fixed to change, and
    of those that it has `replaced`, what is fixed may be unknown again.
    """

    asked: tuple[Address, ...]
    desired: ResourceSet
    live: ResourceSet
    begun: frozenset[Address] = frozenset()
    replaced: frozenset[Address] = frozenset()

    def marked(self, changes: Sequence[Change], targeting: Targeting) -> tuple[Change, ...]:
        """The changes, with those marked that are made by replacing.

        Raises CommetctlError for an address that is unknown, or needs no replacing, and Refused where no way is safe.
        """
        found = {change.address: change for change in changes}
        marked = {address for address in self.asked if self._is_replaced(address, found, targeting)}
        return tuple(
            replace(change, replaced=True) if isinstance(change, Update) and change.address in marked else change
            for change in changes
        )

    def _is_replaced(self, address: Address, changes: Mapping[Address, Change], targeting: Targeting) -> bool:
        change, kind = changes.get(address), kind_of(address)
        self._check_known(address)
        if not targeting.includes(address):
            raise _needless(address, "it is not among the targets", f"add `--target {address}`")
        fixed = _fixed(change, kind) if isinstance(change, Update) and kind else []
        if isinstance(change, Update) and kind and fixed:
            _check_safe(address, kind, fixed)
            unknown = all(item.before is UNKNOWN for item in fixed)
            return not (unknown and address in self.replaced)
        if address in self.live and address not in self.begun:
            raise _needless(address, "none of its fields that are fixed once created differs", _SEE)
        return False

    def _check_known(self, address: Address) -> None:
        if address in self.desired or address in self.begun:
            return
        if address in self.live:
            raise _needless(address, "it is not in the catalog", "declare it, or delete it with `--prune`")
        near = get_close_matches(str(address), map(str, self.desired), 1)
        hint = f"did you mean `{near[0]}`?" if near else "use an address as `commetctl plan` prints it"
        raise CommetctlError(f"`{address}` is neither in the catalog nor in Commet", hint, code="unknown_replace")


def _fixed(change: Update, kind: Kind) -> list[FieldChange]:
    """What of a change the API fixes at creation."""
    return [item for item in change.fields if kind.fixed.keys() & {item.path, item.name}]


def _check_safe(address: Address, kind: Kind, fixed: Sequence[FieldChange]) -> None:
    for item in fixed:
        name = item.path if item.path in kind.fixed else item.name
        if kind.replacement is None or name not in kind.replacement.fields:
            message = f"`{item.path}` is fixed once created, and there is no safe way to replace a {noun(kind.name)}"
            raise Refused(message, kind.fixed[name], code="no_safe_way", address=address)


def _needless(address: Address, why: str, hint: str) -> CommetctlError:
    return CommetctlError(f"`--replace {address}`: {why}", hint, code="not_replaced")
