"""Lines for a terminal or a log: colours and width, outcomes, problems and requests."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from commetctl.core.call import ApiCall, Json, Ref, fill
from commetctl.core.change import Applied, Failed, Outcome, Skipped, deed
from commetctl.core.changeset import Changeset
from commetctl.core.resource import Address
from commetctl.core.text import counted, left_said, printable

_COLORS = {
    "+": "32",
    "~": "33",
    "±": "31",
    "-": "31",
    "!": "35",
    "ok": "32",
    "failed": "31",
    "skipped": "33",
    "bold": "1",
    "dim": "2",
    "live": "7;1",
    "error": "1;31",
    "warning": "1;33",
    "hint": "36",
}

_PAINT = re.compile("\x1b\\[[0-9;]+m")


@dataclass(frozen=True)
class Style:
    """Whether to use colours, and the width of prose in columns; values are never broken.

    Colours add nothing that a sign does not say.
    """

    color: bool = False
    width: int = 100

    def paint(self, name: str, text: str) -> str:
        """The text in the colour of a sign or a word."""
        return f"\x1b[{_COLORS[name]}m{text}\x1b[0m" if self.color else text

    def plain(self, text: str) -> str:
        """The text without colours."""
        return _PAINT.sub("", text)

    def wrapped(self, text: str, indent: int = 6, hanging: int | None = None) -> list[str]:
        """Prose in lines of at most the width, the second and later ones indented by `hanging`, or by two more."""
        lines = [" " * indent]
        deeper = indent + 2 if hanging is None else hanging
        for number, word in enumerate(printable(text).split(" ")):
            longer = f"{lines[-1]} {word}" if number else lines[-1] + word
            if number and columns(longer) > self.width:
                longer = " " * deeper + word
                lines.append(longer)
            lines[-1] = longer
        lines = [line.rstrip(" ") for line in lines if line.strip(" ")]
        # A line that begins with `::` is a command to GitHub's runner.
        return [re.sub(r"^( *):(?=:)", r"\1\\x3a", line) for line in lines]


#: The signs that commetctl itself prints, each of which takes one column.
_OURS = str.maketrans(dict.fromkeys("→≈…·±", "-"))


def columns(text: str) -> int:
    """The columns that a text without colours takes in a terminal, where East Asian characters take two."""
    return len(text) if text.translate(_OURS).isascii() else sum(map(_columns, text))


def _columns(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def padded(text: str, width: int) -> str:
    """A text followed by spaces up to a width in columns."""
    return text + " " * (width - columns(text))


def done_word(address: Address, word: str) -> str:
    """What was done with an object: `archived`, say, for the word `delete`."""
    # A command line that is wrong is reported in the same style, and needs no kinds.
    from commetctl.kinds import kind_of

    kind = kind_of(address)
    gone = kind.gone if kind else "deleted"
    return {"create": "created", "update": "updated", "delete": gone, "replace": "replaced"}.get(word, "")


def outcome_line(outcome: Outcome, style: Style) -> str:
    """One outcome on one line, without the hint of an error."""
    address = printable(str(outcome.change.address))
    match outcome:
        case Applied():
            return (
                f"  {style.paint('ok', 'ok')}       {address} {done_word(outcome.change.address, deed(outcome.change))}"
            )
        case Failed(error=error):
            return f"  {style.paint('failed', 'failed')}   {address}: {printable(error.message)}{_so_far(outcome)}"
        case Skipped(reason=reason):
            return f"  {style.paint('skipped', 'skipped')}  {address}: {printable(reason)}{_so_far(outcome)}"


def _so_far(outcome: Failed | Skipped) -> str:
    return f"; so far it {left_said(outcome.left)}" if outcome.left else ""


def skipped_line(skipped: Sequence[Skipped], style: Style) -> str:
    """Changes that were skipped for one reason, which is not about any of them."""
    word = style.paint("skipped", "skipped")
    return f"  {word}  {counted(len(skipped), 'change')}: {printable(skipped[0].reason)}"


def outcome_summary(outcomes: Sequence[Outcome], *, verified: bool, held: bool = False) -> str:
    """`3 changes applied and verified.`, or `2 changes applied but not verified, 1 failed, 2 skipped.`

    With `held`, something that is due was refused.
    """
    counts = Counter(type(outcome) for outcome in outcomes)
    proof = (" and verified" if verified else " but not verified") if counts[Applied] else ""
    parts = [f"{counted(counts[Applied], 'change')} applied{proof}"]
    parts += [f"{counts[kind]} {word}" for kind, word in ((Failed, "failed"), (Skipped, "skipped")) if counts[kind]]
    return ", ".join(parts) + "." + (" Not everything that is due was applied." if held else "")


def request_document(call: ApiCall, ids: Mapping[Address, str]) -> dict[str, Json]:
    """One request as data: method, path, and the body if there is one; ids to come are placeholders."""

    def identify(ref: Ref) -> str:
        return ids.get(ref.address, f"{{{ref.address}}}")

    path = "/" + "/".join(identify(part) if isinstance(part, Ref) else part for part in call.path)
    document: dict[str, Json] = {"method": call.method, "path": path}
    return document if call.body is None else document | {"body": fill(call.body, identify)}


def requests_of(changeset: Changeset, address: Address, ids: Mapping[Address, str]) -> Iterator[str]:
    """The requests of a change, one per line; a request that serves several changes is listed with each."""
    for step in changeset.steps_for(address):
        for call in step.calls:
            document = request_document(call, ids)
            body = f" {json.dumps(document['body'], ensure_ascii=False)}" if "body" in document else ""
            yield printable(f"{document['method']} {document['path']}{body}")
