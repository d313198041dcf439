"""The page of the kinds of object and their fields: what `explain` knows, all of it."""

from collections.abc import Iterator, Sequence

from pagetext import bullet, code, made_from, paragraphs, wrapped

from commetctl.core.contract import CONTRACTS, V2026_08_27
from commetctl.core.money import EXPONENTS
from commetctl.kinds.effects import Row
from commetctl.reference import words
from commetctl.reference.explained import effect_text
from commetctl.reference.kinds import Field, Kind, kinds

_HEAD = """\
# Fields

Every kind of object in a catalog and every field of it, as the models that read the file have them. The rules between
fields are in [the catalog](../catalog.md), what a change means for existing customers is in [effects](../effects.md)
with its sources, and `commetctl explain KIND.FIELD` prints what is here."""

_VERSIONS = (
    "A field is in every API version that commetctl speaks, unless it says otherwise: the versions differ in "
    "[intervals](#intervals), in [currencies](#currencies) and in what the integers of a price mean."
)


def page() -> str:
    """The page for the models as they are."""
    parts = [_HEAD, wrapped(_VERSIONS), _contents()]
    for kind in kinds():
        parts += _kind(kind)
    parts += ["## Intervals", _words(V2026_08_27.intervals, words.interval)]
    parts += ["## Currencies", _words(sorted(EXPONENTS), words.currency)]
    versions = ", ".join(code(version) for version in CONTRACTS)
    parts += [f"The API versions are {versions}.", made_from("src/commetctl/reference/kinds.py")]
    return paragraphs(parts)


def _contents() -> str:
    return "".join(f"- [`{kind.name}`](#{kind.name}): {kind.about}\n" for kind in kinds())


def _kind(kind: Kind) -> Iterator[str]:
    yield f"## `{kind.name}`"
    yield wrapped(kind.about)
    address = f"{code(kind.address)}, such as {code(kind.example)}" if kind.address else ""
    yield (
        bullet("in the file", code(kind.place) if "." in kind.place else kind.place)
        + bullet("address", address)
        + bullet("also called", ", ".join(map(code, kind.words)))
        + bullet("stays once it is created", kind.permanent)
    )
    if kind.effects:
        yield "For existing customers:"
        yield _effects(kind.effects)
    for item in kind.fields:
        yield f"### `{kind.name}.{item.path}`"
        yield wrapped(item.description)
        yield _facts(item)
        if item.effects:
            yield "What a change means for existing customers:"
            yield _effects(item.effects)


def _facts(item: Field) -> str:
    leads = f"[`{item.leads}`](#{item.leads})" if item.leads else ""
    name = item.path.rpartition(".")[2]
    default = {"required": "none, it is required", "none": "none"}.get(item.default, code(item.default))
    return (
        bullet("type", _type(item.type))
        + bullet("limits", item.limits)
        + bullet("unit", item.unit)
        + bullet("default", default if len(item.default.split()) == 1 else item.default)
        + bullet("example", ", ".join(code(f"{name}: {example}") for example in item.examples))
        + bullet("given back by the API", item.returned)
        + bullet("cannot change once it is created", item.fixed)
        + bullet("inside", leads)
    )


def _type(text: str) -> str:
    if text.startswith("one of "):
        return "one of " + ", ".join(map(code, text.removeprefix("one of ").split(", ")))
    return text


def _effects(rows: Sequence[Row]) -> str:
    return "".join(f"- {effect_text(row, rows)}\n" for row in rows)


def _words(names: Sequence[str], about: object) -> str:
    assert callable(about)
    return "".join(f"- {code(name)}: {about(name)}\n" for name in names)
