"""The kinds of object that a catalog is made of: where each stands, its address, and everything known of its fields."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from pydantic import BaseModel

from commetctl.catalog.policy import PolicySpec
from commetctl.kinds import SECTIONS, every_kind
from commetctl.kinds.effects import Row
from commetctl.kinds.kind import Kind as CatalogKind
from commetctl.kinds.model import Described, fields
from commetctl.reference import words
from commetctl.reference.settings import ABOUT_INCLUDE, ABOUT_POLICY, ABOUT_VERSION, SETTINGS, VERSION


@dataclass(frozen=True)
class Field:
    """One field of a kind, by its path inside the object.

    `limits` is what its values are kept to, `returned` says whether the API gives it back, `fixed` is the way out where
    it cannot change, and `effects` what a change means for existing customers. `leads` is the kind of what a mapping
    holds.
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
    """A kind of object: `words` are what it can be asked for by, `place` where it stands in the file."""

    name: str
    words: tuple[str, ...]
    about: str
    place: str
    address: str = ""
    example: str = ""
    fields: tuple[Field, ...] = ()
    permanent: str = ""
    effects: tuple[Row, ...] = ()


@dataclass(frozen=True)
class _Told:
    """A kind of the code on its way to what is told of it."""

    kind: CatalogKind

    def told(self) -> Kind:
        kind = self.kind
        return Kind(
            kind.name,
            kind.words,
            kind.about,
            kind.place,
            f"{kind.name}.{kind.form}",
            f"{kind.name}.{kind.example}",
            tuple(self.fields(kind.spec) if kind.spec else self.alone()),
            ": ".join(kind.permanent or ()),
            self.effects(""),
        )

    def fields(self, spec: type[BaseModel], above: str = "") -> Iterator[Field]:
        for item in fields(spec):
            yield self.field(item, above + item.name)
            if item.type.spec:
                yield from self.fields(item.type.spec, f"{above}{item.name}.")

    def alone(self) -> Iterator[Field]:
        """The one field of a kind that is written as a value alone."""
        alone = self.kind.alone
        if alone:
            item = next(item for item in fields(alone.of) if item.name == alone.by)
            found = self.field(item, alone.name)
            yield replace(found, type=alone.called, default="required", examples=(alone.example,), leads="")

    def field(self, item: Described, path: str) -> Field:
        name = _RESOURCE_FIELDS.get(path, path)
        return Field(
            path,
            words.type_of(item),
            item.unit,
            words.default(item),
            item.description,
            item.examples,
            returned(self.kind, path),
            self.kind.fixed.get(name, ""),
            self.effects(name),
            _leads((*self.kind.path, *path.split("."))),
            words.limits(item),
        )

    def effects(self, name: str) -> tuple[Row, ...]:
        return tuple(row for row in self.kind.effects if row.field == name)


#: The fields of resources that paths of the file become, where they are called otherwise.
_RESOURCE_FIELDS = {"overage.unit_price": "overage", "lifecycle.protect": "protect"}


def kinds() -> tuple[Kind, ...]:
    """All kinds, from the file inwards."""
    return _kinds(tuple(every_kind()))


@lru_cache(maxsize=2)
def _kinds(known: tuple[CatalogKind, ...]) -> tuple[Kind, ...]:
    policy = tuple(_plain_field(item) for item in fields(PolicySpec))
    about = Kind("policy", (), ABOUT_POLICY, "policy", fields=policy)
    return (_catalog(), about, *(_Told(kind).told() for kind in known))


def _plain_field(item: Described) -> Field:
    type_, default, limits = words.type_of(item), words.default(item), words.limits(item)
    return Field(item.name, type_, item.unit, default, item.description, item.examples, limits=limits)


def _leads(path: tuple[str, ...]) -> str:
    """The kind of the objects below a path of the file, if any."""
    return next((kind.name for kind in every_kind() if _free(kind.path[:-1]) == _free(path)), "")


def _free(path: tuple[str, ...]) -> list[str]:
    """A place whatever its words in capitals are."""
    return ["*" if word.isupper() else word for word in path]


def returned(kind: CatalogKind, path: str) -> str:
    """Whether the API gives a field back, in words."""
    if said := kind.returned.get(path) or kind.returned.get(path.partition(".")[0]):
        return said
    if path.startswith("lifecycle"):
        return "no, Commet has no place for it: it holds while the entry is in the file"
    wire = kind.wire_name(path)
    return f"yes, as `{wire}`" if wire else "no, it is not sent"


def _catalog() -> Kind:
    settings = [Field("version", "whole number", "", "required", ABOUT_VERSION, (str(VERSION),))]
    for setting in SETTINGS:
        one_of = "one of " + ", ".join(setting.choices)
        example = f'"{setting.choices[0]}"' if setting.name == "api_version" else setting.choices[0]
        settings.append(Field(setting.name, one_of, "", setting.default or "none", setting.description, (example,)))
    settings.append(Field("include", "list of files", "", "none", ABOUT_INCLUDE, ("[features.yaml, plans/pro.yaml]",)))
    settings.append(Field("policy", "mapping", "", "the defaults of its fields", ABOUT_POLICY, (), leads="policy"))
    for section in SECTIONS:
        settings.append(Field(section.name, "mapping", "", "not managed", section.about, (), leads=section.top.name))
    about = "The whole file: what it is for, and the sections in it."
    return Kind("catalog", ("file",), about, "the top of the file", fields=tuple(settings))
