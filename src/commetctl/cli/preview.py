"""`commetctl preview`: the catalog as a pricing page, or the changes to one, in an HTML file."""

from datetime import datetime
from pathlib import Path

import click

from commetctl.cli import dates, options
from commetctl.cli.declaring import OF_FILES, READS, SHOW, WHAT, Does, Page, command, option
from commetctl.cli.report import Result, reporting

DEFAULT_PAGE = Path("commet-pricing.html")
#: The name that stands for stdout.
_STDOUT = Path("-")


PAGE = Page(
    (*READS, Does.CHANGES_FILE),
    OF_FILES,
    {
        "commetctl preview --open": "write commet-pricing.html, and open it",
        "commetctl preview --base git:main --out change.html": "before and after",
        "commetctl preview --at 2027-01-01": "the page as of a date",
    },
)


@command(PAGE)
@options.catalog_file
@options.base("Show before and after: a file, `git:REV:PATH`, or `git:REV` for the same file in that revision.", WHAT)
@dates.at("Take the catalog as of this date, with the changes that are due by then.")
@options.out(SHOW, "FILE", "The file to write; `-` is stdout.", DEFAULT_PAGE)
@option(SHOW, "--open", "opens", is_flag=True, help="Open the page in the browser.")
@options.api_version
@options.output()
@reporting("preview")
def preview(
    file: Path,
    environment: str,
    base: str,
    out: Path,
    *,
    moment: datetime | None,
    opens: bool,
    api_version: str | None,
) -> Result:
    """Write the catalog as a pricing page, in one HTML file.

    It shows what is scheduled too. It needs no key and no network. A file that is there already is replaced only if
    commetctl wrote it.
    """
    from commetctl.cli.opening import said, write_page

    if out == _STDOUT and opens:
        raise click.UsageError("a page on stdout is in no file to open: give `--out` the name of a file")
    if out == _STDOUT and click.get_current_context().params["output_format"] != "text":
        raise click.UsageError("stdout has room for the page or for JSON: give `--out` the name of a file")
    html, title = _page(file, environment, base, api_version, moment)
    if out == _STDOUT:
        return Result(html)
    write_page(out, html)
    return Result(said(f"the pricing page of {title}", out, opens=opens))


def _page(file: Path, environment: str, base: str, api_version: str | None, moment: datetime | None) -> tuple[str, str]:
    """The page, and the title of what it shows."""
    from dataclasses import replace

    from commetctl.catalog import load
    from commetctl.cli.scheduled import scheduled_in
    from commetctl.core.changeset import Changeset
    from commetctl.reading import reading_of
    from commetctl.render.page import page
    from commetctl.review.heading import Heading
    from commetctl.review.review import Review

    catalog = load(file, api_version, environment, moment=moment)
    if base:
        from commetctl.usecases.compare import base_of, compared

        review = compared(base_of(base, catalog, api_version, beside=str(file), moment=moment), catalog)
        title = review.heading.files
    else:
        title = catalog.title
        review = Review(Changeset((), (), {}), catalog.desired, heading=Heading(title))
    review = replace(review, heading=replace(review.heading, as_of=moment))
    reading = reading_of(review, scheduled=scheduled_in(catalog))
    return page(reading, compare=bool(base)), title
