"""The options that several commands share."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from commetctl.cli import environments
from commetctl.cli.environments import DEFAULT_DATABASE, DEFAULT_FILE, DEFAULT_URL

Function = TypeVar("Function", bound=Callable[..., Any])
Decorator = Callable[[Function], Function]

DEFAULT_JOURNALS = Path(".commet/runs")
#: The beginnings of options that delete, narrow what is done, answer a question or override a guard. They are never
#: suggested for a misspelt option: whoever needs one looks it up.
RISKY = ("--allow", "--force", "--live", "--prune", "--replace", "--target", "--yes")
# The versions of core.contract and the ALLOWABLE of guards, which are not imported here: `--help` must stay instant.
VERSIONS = ("2026-08-27", "2026-07-11")
ALLOWABLE = ("scale", "price_change", "deletes", "updates")
_PATH = click.Path(path_type=Path)
#: What every shell takes for one word without quotes, and no terminal obeys.
_PLAIN = re.compile(r"[A-Za-z0-9_./-]+\Z")


def given() -> set[str]:
    """The options that are on the command line; those from the environment are there for the next command too."""
    context = click.get_current_context()
    return {name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}


def without_risky_names(error: click.ClickException) -> click.ClickException:
    """The error of an unknown option without suggestions that begin as in RISKY or are not near; others as they are."""
    if not isinstance(error, click.NoSuchOption):
        return error
    from commetctl.core.text import nearest

    # The dashes, which click compares too, make any two names alike.
    word = error.option_name.lstrip("-")
    near = [
        name
        for name in error.possibilities or ()
        if not name.startswith(RISKY) and nearest(word, [name.removeprefix("--")])
    ]
    return click.NoSuchOption(error.option_name, possibilities=near, ctx=error.ctx)


def _all(*decorators: Decorator[Any]) -> Decorator[Any]:
    def decorate(function: Any) -> Any:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


def _addresses(context: click.Context, _parameter: click.Parameter, begun: str) -> list[Any]:
    """The addresses in the catalog that begin with a word, except those that a shell would take apart."""
    from click.shell_completion import CompletionItem

    from commetctl.reference.lookup import declared

    found = declared(context.params.get("file") or DEFAULT_FILE, context.params.get("environment", ""))
    return [CompletionItem(text) for text in found if text.startswith(begun) and _PLAIN.match(text)]


def output_format(*more: str) -> Decorator[Any]:
    """How to print: as text, as JSON, or in `more` formats."""
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(["text", "json", *more]),
        default="text",
        show_default=True,
        help="How to write the result.",
    )


def output(*more: str) -> Decorator[Any]:
    """How to print, and how much."""
    return _all(
        output_format(*more),
        click.option("-q", "--quiet", is_flag=True, help="Print errors only, a line for each problem."),
        click.option("--all", "every", is_flag=True, help="Show every problem of the catalog, not only the first 20."),
    )


def base(text: str) -> Decorator[Any]:
    """Another state of the catalog, for what `text` says."""
    return click.option("--base", default="", metavar="SOURCE", help=text)


#: The environment: an overlay of the catalog, and where it is applied.
environment = click.option(
    "--env",
    "environment",
    metavar="NAME",
    # The defaults of other options depend on it.
    is_eager=True,
    callback=environments.checked,
    shell_complete=environments.completed,
    help="Work on this environment: with the overlay commet.NAME.yaml, and with the key in COMMET_API_KEY_NAME.",
)
#: The catalog, and the environment that it is for.
catalog_file = _all(
    click.option("-f", "--file", type=_PATH, default=DEFAULT_FILE, show_default=True, help="The catalog file."),
    environment,
)
api_version = click.option(
    "--api-version",
    envvar="COMMET_API_VERSION",
    type=click.Choice(VERSIONS),
    help="The API version to speak; overrides the file.  [env: COMMET_API_VERSION]",
)
#: Which account to work on, and with which key.
target = _all(
    click.option(
        "--api-url",
        callback=environments.url_of,
        show_default=DEFAULT_URL,
        help="Where Commet is.  [env: COMMET_API_URL, or COMMET_API_URL_NAME with --env NAME]",
    ),
    api_version,
    click.option(
        "--api-key-file",
        type=_PATH,
        help="A file with the API key; without it, the key is taken from COMMET_API_KEY, or with --env NAME from "
        "COMMET_API_KEY_NAME first.",
    ),
    click.option(
        "--local",
        is_flag=False,
        flag_value="",
        metavar="[DB]",
        callback=environments.database,
        help=f"Work on the embedded Commet in a file ({DEFAULT_DATABASE}, or one of the environment) instead: no "
        "server, no key.",
    ),
)
#: How hard to try.
effort = _all(
    click.option(
        "--retries",
        type=click.IntRange(0, 20),
        default=4,
        show_default=True,
        help="Retries per request, at most, for failures that may pass.",
    ),
    click.option(
        "--max-wait",
        type=click.FloatRange(0, 86_400),
        default=120.0,
        show_default=True,
        metavar="SECONDS",
        help="How long to wait in between, at most, for one request.",
    ),
)
journal = click.option(
    "--journal",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_JOURNALS,
    show_default=True,
    metavar="DIR",
    help="Folder of run journals, from which an interrupted apply is resumed.",
)
#: How an apply runs, and where it keeps its journal.
running = _all(
    click.option(
        "--parallelism",
        type=click.IntRange(1, 32),
        default=4,
        show_default=True,
        help="How many requests are under way at once, at most; 1 keeps to the order of the plan.",
    ),
    journal,
)
#: Which changes to make.
selection = _all(
    click.option("--prune", is_flag=True, help="Delete features, plans and packs that the file does not declare."),
    click.option(
        "--target",
        "targets",
        multiple=True,
        metavar="ADDRESS",
        shell_complete=_addresses,
        help="Only this object, what belongs to it, and what they need; may be repeated.",
    ),
    click.option(
        "--replace",
        "replaced",
        multiple=True,
        metavar="ADDRESS",
        shell_complete=_addresses,
        help="Take this object away and make it again, to change what is fixed once created; may be repeated.",
    ),
)
live = click.option("--live", "allow_live", is_flag=True, help="Allow a live organization, not only a sandbox.")
#: What a plan counts, and what it lets pass.
review = _all(
    click.option(
        "--impact/--no-impact",
        default=True,
        show_default=True,
        help="Count the subscriptions that the changes touch, where the key may read them.",
    ),
    live,
    click.option("--allow", multiple=True, type=click.Choice(ALLOWABLE), help="Override this guard; may be repeated."),
    click.option(
        "--allow-delete",
        multiple=True,
        metavar="ADDRESS",
        shell_complete=_addresses,
        help="Delete this object although subscriptions use it; may be repeated.",
    ),
)
summary = click.option(
    "--summary",
    type=_PATH,
    metavar="FILE",
    help="Add it to this file as Markdown too, such as $GITHUB_STEP_SUMMARY: up to 1 MB in all, where "
    "`--format markdown` is as short as a comment has to be.",
)
strict = click.option("--strict", is_flag=True, help="Take warnings about the catalog as errors.")
exitcode = click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 when there is something to do.")
#: What else a plan takes: `plan`, and `apply --dry-run`.
proposal = _all(
    click.option("--out", type=_PATH, metavar="PLAN.json", help="Save the plan, for `apply`."),
    base("Last applied catalog (git:REV): tells edits of the file from edits in Commet."),
    strict,
    exitcode,
    summary,
)
color = click.option("--color/--no-color", default=None, help="Colour the output; NO_COLOR turns it off too.")
verbose = click.option("-v", "--verbose", is_flag=True, help="Show the requests: planned ones, and each as it is sent.")
