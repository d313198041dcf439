"""Which pack in Commet each entry of the file stands for: by `id`, by the name, by the name until now."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from commetctl.core.text import appearance, listed
from commetctl.kinds.credit_packs.spec import CreditPackSpec
from commetctl.kinds.sides import Obstacle

#: For the key of an entry, the names in Commet that it may stand for.
_Claims = Mapping[str, Sequence[str]]


@dataclass
class Pairs:
    """For the key of each entry, the name that its pack has in Commet, where there is one.

    `doubts` are obstacles by the name of an entry or of a pack: nothing tells which of several packs is meant.
    """

    names: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, Obstacle] = field(default_factory=dict)


def paired(entries: Mapping[str, CreditPackSpec], packs: Mapping[str, Collection[str]]) -> Pairs:
    """Pair entries with packs, which are given by name, each with the ids that Commet has for it.

    A pack belongs to one entry. An entry with `previous_name` stands for the pack of that name until it is renamed, and
    for the pack of its own name from then on. Where Commet has both, or where renames follow one another and some of
    the packs are missing, names alone cannot tell: such entries are paired by their own name, and are in doubt.
    """
    of_id = {id_: name for name, ids in packs.items() for id_ in ids}
    pairs = Pairs({key: of_id[spec.id] for key, spec in entries.items() if spec.id in of_id})
    pinned = {spec.id for spec in entries.values()}
    others = {key: spec for key, spec in entries.items() if not spec.id}
    free = {name for name, ids in packs.items() if not pinned.issuperset(ids)}
    claims = {key: [n for n in (spec.name, spec.previous_name) if n in free] for key, spec in others.items()}
    for keys in _groups({key: names for key, names in claims.items() if names}):
        _pair({key: claims[key] for key in keys}, others, packs, pairs)
    free -= {*pairs.names.values()}
    _pair_other_forms({key: spec for key, spec in others.items() if key not in pairs.names}, free, pairs)
    for spec in entries.values():
        if spec.id and spec.id not in of_id and spec.name in free:
            pairs.doubts[spec.name] = _another_id(spec.id, packs[spec.name])
    return pairs


def _groups(claims: _Claims) -> Iterator[list[str]]:
    """The entries, those together that claim the same packs, directly or through others."""
    claimants: dict[str, list[str]] = {}
    for key, names in claims.items():
        for name in names:
            claimants.setdefault(name, []).append(key)
    seen: set[str] = set()
    for key in claims:
        group, waiting = list[str](), [key]
        while waiting:
            if (found := waiting.pop()) not in seen:
                seen.add(found)
                group.append(found)
                waiting += [other for name in claims[found] for other in claimants[name]]
        if group:
            yield group


def _pair(
    claims: _Claims, entries: Mapping[str, CreditPackSpec], packs: Mapping[str, Collection[str]], pairs: Pairs
) -> None:
    """Pair a group, if there is exactly one way to give each entry a pack and each pack an entry."""
    claimed = {name for names in claims.values() for name in names}
    renamed = {key: names for key, names in claims.items() if entries[key].previous_name}
    if len(claims) > len(claimed) and all(entries[key].is_active for key in renamed):
        # A name that another entry gives up: an entry that was never renamed takes it for a new pack. Of a pack that
        # is not on sale, nothing would show later that it was renamed, and the new pack would be taken for it.
        claims = renamed
    left = {key: list(names) for key, names in claims.items()}
    while len(claimed) == len(claims) and (key := next((k for k, names in left.items() if len(names) == 1), None)):
        (pairs.names[key],) = left.pop(key)
        left = {other: [name for name in names if name != pairs.names[key]] for other, names in left.items()}
    if left:
        doubt = _either(sorted(claims), {name: packs[name] for name in sorted(claimed)})
        # A new pack of a former name would be taken for the one that had it.
        said = [name for key in claims for name in (entries[key].name, entries[key].previous_name) if name]
        pairs.doubts |= dict.fromkeys((*claimed, *said), doubt)
        pairs.names |= {key: entries[key].name for key in claims if entries[key].name in claimed}


def _pair_other_forms(entries: Mapping[str, CreditPackSpec], packs: Collection[str], pairs: Pairs) -> None:
    """Pair what is left by names that look the same, and are written with other code points."""
    alike: dict[str, list[str]] = {}
    for name in packs:
        alike.setdefault(appearance(name), []).append(name)
    for key, spec in entries.items():
        found = alike.get(appearance(spec.name), ())
        if len(found) == 1 and found[0] not in pairs.doubts:
            pairs.names[key] = alike.pop(appearance(spec.name))[0]


def _either(keys: Sequence[str], packs: Mapping[str, Collection[str]]) -> Obstacle:
    have = listed([f"`{name}` ({', '.join(sorted(ids))})" for name, ids in packs.items()])
    return Obstacle(
        f"it is not clear which pack is meant by {listed([f'`{key}`' for key in keys])}: Commet has {have}, and "
        "`previous_name` may be done or still to do",
        "add the `id` of its pack to each entry, or remove `previous_name` where the pack has its new name",
        unknown=True,
    )


def _another_id(id_: str, ids: Collection[str]) -> Obstacle:
    return Obstacle(
        f"Commet has no pack on sale with the id {id_}, and another one of this name ({listed(sorted(ids))})",
        "correct or remove `id` if that pack is meant; otherwise rename that pack in the dashboard",
        unknown=True,
    )
