"""`commetctl explain`: what is a kind of object, a field of one, or a code?"""

from typing import TYPE_CHECKING, Any

import click

from commetctl.cli import options
from commetctl.cli.declaring import Page, command
from commetctl.cli.report import Result, reporting
from commetctl.core import exits

if TYPE_CHECKING:
    from commetctl.render.terminal import Style

#: The word for the list of codes.
_CODES = "codes"


def _subjects(begun: str) -> list[Any]:
    """The kinds and codes, and after `KIND.` the fields of that kind."""
    from click.shell_completion import CompletionItem

    from commetctl.reference.codes import codes
    from commetctl.reference.kinds import kinds
    from commetctl.reference.lookup import CODE

    if "." in begun:
        found = [f"{word}.{item.path}" for kind in kinds() for word in (kind.name, *kind.words) for item in kind.fields]
        found += [CODE + code for code in codes()]
    else:
        found = [*(kind.name for kind in kinds()), "codes", *codes()]
    return [CompletionItem(text) for text in found if text.startswith(begun)]


PAGE = Page(
    exits=(exits.DONE,),
    examples={
        "commetctl explain": "list the kinds of object",
        "commetctl explain prices.trial_days": "one field",
        "commetctl explain wrong_mode": "a code: what it means, and what to do",
        "commetctl explain codes": "list the codes",
    },
)


@command(PAGE)
@click.argument("subject", default="", metavar="[KIND[.FIELD]|CODE]", shell_complete=lambda *given: _subjects(given[2]))
@options.output()
@options.color
@reporting("explain")
def explain(subject: str, color: bool | None) -> Result:
    """Explain a kind of object, a field or a code.

    KIND is a word of the catalog or of an address, such as `prices` or `plan_feature`. FIELD alone works if only one
    kind has such a field. CODE is that of an error, a warning or a remark.
    """
    from commetctl.cli.present import style
    from commetctl.reference.codes import themes
    from commetctl.reference.explained import code_document, codes_text, kind_document, kinds_text
    from commetctl.reference.kinds import kinds

    if not subject:
        return Result(kinds_text(kinds(), style(color)), {"explained": [kind_document(kind) for kind in kinds()]})
    if subject == _CODES:
        found = [code_document(code) for theme in themes() for code in theme.codes]
        return Result(codes_text(themes(), style(color)), {"explained": [], "codes": found})
    return _explained(subject, style(color))


def _explained(subject: str, style: "Style") -> Result:
    """A kind, a field or a code. Where a kind has the name of a code, the text says so."""
    from commetctl.reference.explained import code_document, code_text, field_text, kind_document, kind_text
    from commetctl.reference.lookup import CODE, NotFound, look_up, look_up_code

    meanings = look_up_code(subject)
    content = {"codes": [code_document(code) for code in meanings]} if meanings else {}
    try:
        found = look_up(subject)
    except NotFound as error:
        if meanings:
            return Result(code_text(meanings, style), {"explained": [], **content})
        raise click.UsageError(str(error)) from None
    kind, item = found.kind, found.field
    text = field_text(kind, item, style) if item else kind_text(kind, style)
    if meanings:
        text += f"\n\n`{subject}` is a code too: `commetctl explain {CODE}{subject}`"
    return Result(text, {"explained": [kind_document(kind, item)], **content})
