"""The kinds of object in a catalog, for people: where each is written, its address, and all about its fields."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from commetctl.catalog.dated.head import HEAD, HeadSpec
from commetctl.catalog.paths import CHANGES
from commetctl.catalog.settings import VERSION, PolicySpec
from commetctl.core.contract import CONTRACTS
from commetctl.core.values import KeyPath
from commetctl.kinds import SECTIONS, every_kind
from commetctl.kinds.effects import Row
from commetctl.kinds.kind import Kind as CatalogKind
from commetctl.kinds.model import Described, Type, fields
from commetctl.reference import words


@dataclass(frozen=True)
class Field:
    """One field of a kind; `path` leads to it inside the object.

    `limits` says which values are allowed, `returned` whether the API returns it, `fixed` the way out where it cannot
    change, and `effects` what a change means for existing customers. `leads` is the kind of the objects in a mapping.
    """

    path: str
    type: str
    unit: str
    default: str
    description: str
    examples: tuple[str, ...]
    returned: str = ""
    fixed: str = ""
    effects: tuple[Row, ...] = ()
    leads: str = ""
    limits: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of object; `words` are its other names, `place` is where its objects stand in the file."""

    name: str
    words: tuple[str, ...]
    about: str
    place: str
    address: str = ""
    example: str = ""
    fields: tuple[Field, ...] = ()
    permanent: str = ""
    effects: tuple[Row, ...] = ()


#: Fields of a resource whose path in the file is another one.
_RESOURCE_FIELDS = {"overage.unit_price": "overage", "lifecycle.protect": "protect"}


def kinds() -> tuple[Kind, ...]:
    """All kinds, from the file inwards."""
    return _kinds(tuple(every_kind()))


@lru_cache(maxsize=2)
def _kinds(known: tuple[CatalogKind, ...]) -> tuple[Kind, ...]:
    policy = tuple(_plain_field(item, item.name) for item in fields(PolicySpec))
    about = Kind("policy", (), words.ABOUT_POLICY, "policy", fields=policy)
    dated = tuple(_plain_field(item, item.name) for item in fields(HeadSpec))
    head = Kind(HEAD, (), words.ABOUT_HEAD, f"{HEAD}, in a file of {CHANGES}/", fields=dated)
    return (_catalog(), about, head, *map(_explained, known))


def _explained(kind: CatalogKind) -> Kind:
    described = tuple(_fields(kind, fields(kind.spec)) if kind.spec else _alone(kind))
    # Effects of what is no field of the file, such as whether a code is active, are listed with the kind.
    written = {_RESOURCE_FIELDS.get(item.path, item.path) for item in described}
    return Kind(
        kind.name,
        kind.words,
        kind.about + words.lacking(one for one in CONTRACTS.values() if one.version not in kind.versions),
        kind.place,
        f"{kind.name}.{kind.form}",
        f"{kind.name}.{kind.example}",
        described,
        ": ".join(kind.permanent or ()),
        tuple(row for row in kind.effects if not row.field or row.field not in written),
    )


def _fields(kind: CatalogKind, described: Iterable[Described], above: str = "") -> Iterator[Field]:
    for item in described:
        yield _field(kind, item, above + item.name)
        yield from _fields(kind, _inside(item.type), f"{above}{item.name}.")


def _inside(type_: Type) -> Iterable[Described]:
    """The fields of the objects that a field holds, but not of kinds of their own, which stand in mappings.

    A field of several variants is listed once; the field that names the variant has the values of all.
    """
    held = type_.item if type_.word == "list" and type_.item else type_
    found: dict[str, Described] = {}
    for variant in (held, *held.variants.values()):
        for item in fields(variant.spec) if variant.spec else ():
            is_tag = item.name == held.tag
            tag = replace(item, type=Type("choice", choices=tuple(held.variants))) if is_tag else item
            found.setdefault(item.name, tag)
    return found.values()


def _alone(kind: CatalogKind) -> Iterator[Field]:
    """The one field of a kind whose objects are written as a value alone."""
    if alone := kind.alone:
        item = next(item for item in fields(alone.of) if item.name == alone.by)
        found = _field(kind, item, alone.name)
        yield replace(found, type=alone.called, default="required", examples=(alone.example,), leads="")


def _field(kind: CatalogKind, item: Described, path: str) -> Field:
    name = _RESOURCE_FIELDS.get(path, path)
    return replace(
        _plain_field(item, path),
        returned=_returned(kind, path),
        fixed=kind.way_out(name) if name in kind.fixed else "",
        effects=_effects(kind, name),
        leads=_leads((*kind.path, *path.split("."))),
    )


def _plain_field(item: Described, path: str) -> Field:
    type_, default, limits = words.type_of(item), words.default(item), words.limits(item)
    return Field(path, type_, item.unit, default, item.description, item.examples, limits=limits)


def _effects(kind: CatalogKind, name: str) -> tuple[Row, ...]:
    return tuple(row for row in kind.effects if row.field == name)


def _leads(path: KeyPath) -> str:
    """The kind of the objects below a path of the file, if any."""
    return next((kind.name for kind in every_kind() if _free(kind.path[:-1]) == _free(path)), "")


def _free(path: KeyPath) -> list[str]:
    """A path with the same word for every key."""
    return ["*" if word.isupper() else word for word in path]


def _returned(kind: CatalogKind, path: str) -> str:
    """Whether the API returns a field, in words."""
    if said := kind.returned.get(path) or kind.returned.get(path.partition(".")[0]):
        return said
    if path.startswith("lifecycle"):
        return "no, it is not sent: it applies while the entry is in the catalog"
    wire = kind.wire_name(path) or kind.wire_name(path.partition(".")[0])
    return f"yes, as `{wire}`" if wire else "no, it is not sent"


def _catalog() -> Kind:
    settings = [Field("version", "whole number", "", "required", words.ABOUT_VERSION, (str(VERSION),))]
    for setting in words.SETTINGS:
        one_of = "one of " + ", ".join(setting.choices)
        example = f'"{setting.choices[0]}"' if setting.name == "api_version" else setting.choices[0]
        settings.append(Field(setting.name, one_of, "", setting.default or "none", setting.description, (example,)))
    files = "[features.yaml, plans/pro.yaml]"
    settings.append(Field("include", "list of files", "", "none", words.ABOUT_INCLUDE, (files,)))
    sections = [("policy", "its defaults", words.ABOUT_POLICY, "policy")]
    sections += [(section.name, "unmanaged", words.section(section), section.top.name) for section in SECTIONS]
    settings += [Field(name, "mapping", "", default, about, (), leads=kind) for name, default, about, kind in sections]
    about = "The whole catalog: its settings and its sections."
    return Kind("catalog", ("file",), about, "the top of the file", fields=tuple(settings))
