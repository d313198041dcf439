"""`commetctl validate`: is the file right, as far as can be told without Commet?"""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli import options
from commetctl.cli.declaring import MAY, OF_FILES, READS, SHOW, WHAT, Page, command, option
from commetctl.cli.report import Result, reporting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commetctl.catalog import Catalog
    from commetctl.core.errors import CommetctlError
    from commetctl.usecases.belonging import Checked


PAGE = Page(
    READS,
    OF_FILES,
    {
        "commetctl validate": "check the catalog in this folder",
        "commetctl validate --env production": "check it with an overlay",
        "commetctl validate --changed commet.production.yaml": "check what these files belong to, as in a hook",
    },
)


@command(PAGE)
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@options.catalog_file
@options.api_version
@options.strict
@options.color
@option(WHAT, "--changed", is_flag=True, help="Check the catalogs that FILE... belong to, such as those of a commit.")
@option(MAY, "--allow-unset", is_flag=True, help="Allow variables without a value, and check the rest.")
@option(SHOW, "-v", "--verbose", is_flag=True, help="List the address of each object that is declared.")
@options.base("The catalog before, git:REV, else the last commit: a change that it has may have a past date.")
@options.output("concise", "github", "junit")
@reporting("validate")
def validate(
    *,
    files: tuple[Path, ...],
    file: Path,
    environment: str,
    api_version: str | None,
    strict: bool,
    color: bool | None,
    changed: bool,
    allow_unset: bool,
    base: str,
    verbose: bool,
) -> Result:
    """Check the catalog, without a key and without a network.

    It prints every problem with its place, and a warning for what is probably a mistake, such as a variable without a
    value.

    With `--changed`, an overlay is checked with its main file; a main file or an included one, with every overlay.
    """
    from commetctl.catalog import load
    from commetctl.review.lint import checked

    if files and not changed:
        raise click.UsageError("the catalog is named with `-f FILE`; files that were changed come with `--changed`")
    if changed:
        if {"file", "environment"} & options.given():
            raise click.UsageError("`--file` and `--env` name one catalog, and `--changed` finds them")
        from commetctl.usecases.belonging import check_all

        checks = check_all(files, api_version, strict=strict, allow_unset=allow_unset, base=base)
        return _belonging(*checks, color=color, verbose=verbose)
    catalog = load(file, api_version, environment, allow_unset=True, base=base)
    findings = checked(catalog, strict=strict, allow_unset=allow_unset)
    return Result(
        _text(catalog, len(findings), color, verbose=verbose), {"declared": _counts(catalog)}, findings=findings
    )


def _belonging(
    found: "Sequence[Checked]", errors: "list[CommetctlError]", *, color: bool | None, verbose: bool
) -> Result:
    texts = [_text(item.catalog, len(item.findings), color, verbose=verbose) for item in found]
    result = Result("\n".join(texts) or ("" if errors else "nothing to do: none of the files is of a catalog"))
    result.content["checked"] = [_document(item.catalog) for item in found]
    result.findings = [finding for item in found for finding in item.findings]
    result.errors = errors
    result.exit_code = max((error.exit_code for error in errors), default=result.exit_code)
    return result


def _text(catalog: "Catalog", findings: int, color: bool | None, *, verbose: bool) -> str:
    """What a valid catalog declares."""
    from commetctl.cli.present import style
    from commetctl.core.resource import noun
    from commetctl.core.text import counted, printable

    declared = ", ".join(counted(count, noun(kind)) for kind, count in _counts(catalog).items()) or "nothing"
    text = f"{printable(catalog.title)} is {style(color).paint('ok', 'valid')} "
    text += f"as far as is known without {', '.join(catalog.unset)}" if catalog.unset else f"and declares {declared}"
    if findings:
        text += f", with {counted(findings, 'warning')}"
    lines = [f"  {printable(str(address))}" for address in catalog.desired] if verbose else []
    return "\n".join([text, *lines])


def _counts(catalog: "Catalog") -> dict[str, int]:
    return dict(Counter(address.kind for address in catalog.desired))


def _document(catalog: "Catalog") -> dict[str, Any]:
    return {"file": catalog.file, "environment": catalog.environment, "declared": _counts(catalog)}
