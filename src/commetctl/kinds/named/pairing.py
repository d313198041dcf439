"""Which object in Commet each entry of the file stands for: by `id`, by the name, by the name until now."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from commetctl.core.text import appearance, listed
from commetctl.kinds.named.spec import NamedEntries, is_listed
from commetctl.kinds.sides import Obstacle

#: For the key of an entry, the names in Commet that it may stand for.
_Claims = Mapping[str, Sequence[str]]


@dataclass
class Pairs:
    """For the key of each entry, the name that its object has in Commet, where there is one.

    `doubts` are obstacles by the name of an entry or of an object: it is not known which of several objects is meant.
    """

    names: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, Obstacle] = field(default_factory=dict)


def paired(entries: NamedEntries, objects: Mapping[str, Collection[str]], noun: str) -> Pairs:
    """Pair entries with objects, which are given by name, each with the ids that Commet has for it.

    An object belongs to one entry. An entry with `previous_name` stands for the object of that name until it is
    renamed, and for the object of its own name from then on. Where Commet has both, or where renames follow one another
    and some of the objects are missing, names alone cannot tell: such entries are paired by their own name, and are in
    doubt. `noun` is what one object is called.
    """
    of_id = {id_: name for name, ids in objects.items() for id_ in ids}
    pairs = Pairs({key: of_id[spec.id] for key, spec in entries.items() if spec.id in of_id})
    pinned = {spec.id for spec in entries.values()}
    others = {key: spec for key, spec in entries.items() if not spec.id}
    free = {name for name, ids in objects.items() if not pinned.issuperset(ids)}
    claims = {key: [n for n in (spec.name, spec.previous_name) if n in free] for key, spec in others.items()}
    for keys in _groups({key: names for key, names in claims.items() if names}):
        _pair({key: claims[key] for key in keys}, others, Naming(objects, noun), pairs)
    free -= {*pairs.names.values()}
    _pair_other_forms({key: spec for key, spec in others.items() if key not in pairs.names}, free, pairs)
    for spec in entries.values():
        if spec.id and spec.id not in of_id and spec.name in free:
            pairs.doubts[spec.name] = Naming(objects, noun).another_id(spec.id, spec.name)
    return pairs


def _groups(claims: _Claims) -> Iterator[list[str]]:
    """The entries, those together that claim the same objects, directly or through others."""
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


def _pair(claims: _Claims, entries: NamedEntries, naming: "Naming", pairs: Pairs) -> None:
    """Pair a group, if there is exactly one way to give each entry an object and each object an entry."""
    claimed = {name for names in claims.values() for name in names}
    renamed = {key: names for key, names in claims.items() if entries[key].previous_name}
    if len(claims) > len(claimed) and all(is_listed(entries[key]) for key in renamed):
        # A name that another entry gives up: an entry that was never renamed takes it for a new object. Of one
        # that is not listed, nothing would show later that it was renamed, and the new one would be taken for it.
        claims = renamed
    left = {key: list(names) for key, names in claims.items()}
    while len(claimed) == len(claims) and (key := next((k for k, names in left.items() if len(names) == 1), None)):
        (pairs.names[key],) = left.pop(key)
        left = {other: [name for name in names if name != pairs.names[key]] for other, names in left.items()}
    if left:
        doubt = naming.either(sorted(claims), sorted(claimed))
        # A new object of a former name would be taken for the one that had it.
        said = [name for key in claims for name in (entries[key].name, entries[key].previous_name) if name]
        pairs.doubts |= dict.fromkeys((*claimed, *said), doubt)
        pairs.names |= {key: entries[key].name for key in claims if entries[key].name in claimed}


def _pair_other_forms(entries: NamedEntries, names: Collection[str], pairs: Pairs) -> None:
    """Pair what is left by names that look the same, and are written with other code points."""
    alike: dict[str, list[str]] = {}
    for name in names:
        alike.setdefault(appearance(name), []).append(name)
    for key, spec in entries.items():
        found = alike.get(appearance(spec.name), ())
        if len(found) == 1 and found[0] not in pairs.doubts:
            pairs.names[key] = alike.pop(appearance(spec.name))[0]


@dataclass(frozen=True)
class Naming:
    """The objects of Commet by name, each with its ids, and what one of them is called."""

    objects: Mapping[str, Collection[str]]
    noun: str

    def either(self, keys: Sequence[str], names: Sequence[str]) -> Obstacle:
        """It is not known which of several objects some entries declare."""
        have = listed([f"`{name}` ({', '.join(sorted(self.objects[name]))})" for name in names])
        return Obstacle(
            f"it is not clear which {self.noun} belongs to {listed([f'`{key}`' for key in keys])}: Commet has "
            f"{have}, and the renaming may or may not be done",
            f"add the `id` of its {self.noun} to each entry, or remove `previous_name` where the {self.noun} has its "
            "new name",
            unknown=True,
        )

    def another_id(self, id_: str, name: str) -> Obstacle:
        """The object of a name has another id than its entry says."""
        return Obstacle(
            f"Commet lists no {self.noun} with the id {id_}, but another one with this name "
            f"({listed(sorted(self.objects[name]))})",
            f"correct or remove `id` if that {self.noun} is meant; otherwise rename it in the dashboard",
            unknown=True,
        )
