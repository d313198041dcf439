"""The page: a catalog, or its changes, as a single HTML file that loads nothing else."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from commetctl import __version__
from commetctl.core.text import printable
from commetctl.reading import Reading
from commetctl.render.page.view import Page

#: The beginning of the `generator` of each page, by which a file is known to be one.
GENERATOR = "commetctl"


def page(reading: Reading, *, compare: bool, timeline: bool = False) -> str:
    """The HTML of a reading: with `compare`, both sides and what the changes mean, otherwise only the side after.

    With `timeline`, what is scheduled comes first.
    """
    css, js = _asset("page.css"), _asset("page.js")
    template = _environment().get_template("page.html.jinja")
    text = template.render(
        generator=f"{GENERATOR} {__version__}",
        csp=_policy(css, js),
        # Part of this package, and the only text that is not escaped.
        css=Markup(css),  # noqa: S704
        js=Markup(js),  # noqa: S704
        heading="Pricing changes" if compare else "Pricing",
        title=str(reading.heading) or "catalog",
        compare=compare,
        timeline=timeline,
        page=Page(reading, compare),
    )
    # ASCII is the same in any encoding that the file is written in; the CSS and JavaScript are ASCII already.
    return text.encode("ascii", "xmlcharrefreplace").decode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("commetctl.render.page", ""),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _finalized(value: object) -> str:
    """Write out invisible characters and those that reorder text, whatever value they come from."""
    return value if isinstance(value, Markup) else printable(str(value))


@cache
def _asset(name: str) -> str:
    return files("commetctl.render.page").joinpath(name).read_text("utf-8")


def _policy(css: str, js: str) -> str:
    return (
        f"default-src 'none'; style-src '{_hash(css)}'; script-src '{_hash(js)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
