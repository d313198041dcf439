"""`commetctl explain`: what is a kind of object, or a field of one?"""

from typing import Any

import click

from commetctl.cli import options
from commetctl.cli.report import reporting
from commetctl.cli.result import Result


def _subjects(begun: str) -> list[Any]:
    from commetctl.cli.completion import subjects

    return subjects(begun)


@click.command()
@click.argument("subject", default="", metavar="[KIND[.FIELD]]", shell_complete=lambda *given: _subjects(given[2]))
@options.color()
@options.output()
@reporting("explain")
def explain(subject: str, color: bool | None) -> Result:
    """Say what a kind of object is, or all that is known of one field; without KIND, list the kinds.

    KIND is a word of the file or of an address, such as `plan`, `prices`, `plan_feature` or `credit_packs`.
    """
    from commetctl.cli.present import style
    from commetctl.reference.explained import field_text, kind_document, kind_text, kinds_text
    from commetctl.reference.kinds import kinds
    from commetctl.reference.lookup import NotFound, look_up

    if not subject:
        return Result(kinds_text(kinds(), style(color)), {"explained": [kind_document(kind) for kind in kinds()]})
    try:
        found = look_up(subject)
    except NotFound as error:
        raise click.UsageError(str(error)) from None
    kind, item = found.kind, found.field
    text = field_text(kind, item, style(color)) if item else kind_text(kind, style(color))
    return Result(text, {"explained": [kind_document(kind, item)]})
