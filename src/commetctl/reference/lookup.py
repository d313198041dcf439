"""Looking things up in the reference: a kind, a field of one, or a code, by the words that people have for it."""

from dataclasses import dataclass

from commetctl.kinds.spelling import nearest
from commetctl.reference.codes import Code, codes, meanings
from commetctl.reference.kinds import Field, Kind, kinds

#: What comes before a code to say that it is one; needed for a word that is a kind too.
CODE = "code."


class NotFound(Exception):
    """Nothing is called that; the message says what was probably meant."""


@dataclass(frozen=True)
class Match:
    """A kind, and the field of it that was asked for, if one was."""

    kind: Kind
    field: Field | None = None


def look_up(text: str) -> Match:
    """What a word such as `plan_price`, `prices`, `plan.prices.trial_days` or `plan_price.pro/monthly` stands for.

    Raises NotFound.
    """
    word, _, path = text.strip().partition(".")
    known = {name: kind for kind in kinds() for name in (kind.name, *kind.words)}
    if word not in known:
        word = path if word == CODE.rstrip(".") and path else word
        raise NotFound(f"`{word}` is neither a kind of object nor a code; {_meant(word, {*known, *codes()})}")
    kind = known[word]
    # An address as a plan prints it stands for the kind of the object.
    return Match(kind) if not path or "/" in path else _inside(kind, path)


def look_up_code(text: str) -> tuple[Code, ...]:
    """What a word such as `wrong_model` or `code.rate` means as a code; nothing for a word that is none."""
    return meanings(text.strip().removeprefix(CODE))


def _inside(kind: Kind, path: str) -> Match:
    """The field that a path leads to, perhaps through a mapping into another kind."""
    for item in sorted(kind.fields, key=lambda item: -len(item.path)):
        if path == item.path:
            return Match(kind, item)
        if item.leads and path.startswith(f"{item.path}."):
            return _inside(look_up(item.leads).kind, path.removeprefix(f"{item.path}."))
    near = nearest(path, [item.path for item in kind.fields])
    hint = f"did you mean `{kind.name}.{near}`?" if near else f"`commetctl explain {kind.name}` lists them"
    raise NotFound(f"`{kind.name}` has no field `{path}`; {hint}")


def _meant(word: str, known: set[str]) -> str:
    having = [f"{kind.name}.{item.path}" for kind in kinds() for item in kind.fields if word == item.path]
    if having:
        return f"`{word}` is a field: " + ", ".join(f"`commetctl explain {name}`" for name in having)
    near = nearest(word, known)
    return (
        f"did you mean `{near}`?"
        if near
        else "`commetctl explain` lists the kinds, `commetctl explain codes` the codes"
    )
