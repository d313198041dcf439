"""The options that several commands share, each in its group."""

import re
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from commetctl.cli import environments
from commetctl.cli.connecting import api_version, effort, journal, running, target
from commetctl.cli.declaring import CI, MAY, SHOW, WHAT, Decorator, Does, combined, option
from commetctl.cli.environments import DEFAULT_FILE
from commetctl.core.environment import ENVIRONMENT

__all__ = ["api_version", "effort", "journal", "running", "target"]

# The ALLOWABLE of guards, which are not imported here: `--help` must stay instant.
ALLOWABLE = ("scale", "price_change", "deletes", "updates", "notice")
_PATH = click.Path(path_type=Path)
_WRITES = (Does.CHANGES_FILE,)
_DELETES = (Does.DELETES,)
#: What every shell takes for one word without quotes, and no terminal obeys.
_PLAIN = re.compile(r"[A-Za-z0-9_./-]+\Z")


def given() -> set[str]:
    """The options that are on the command line; those from the environment are there for the next command too."""
    context = click.get_current_context()
    return {name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}


def _addresses(context: click.Context, _parameter: click.Parameter, begun: str) -> list[Any]:
    """The addresses in the catalog that begin with a word, except those that a shell would take apart."""
    from click.shell_completion import CompletionItem

    from commetctl.reference.lookup import declared

    found = declared(context.params.get("file") or DEFAULT_FILE, context.params.get("environment", ""))
    return [CompletionItem(text) for text in found if text.startswith(begun) and _PLAIN.match(text)]


def output_format(*more: str) -> Decorator:
    """How to print: as text, as JSON, or in `more` formats."""
    return option(
        SHOW,
        "--format",
        "output_format",
        type=click.Choice(["text", "json", *more]),
        metavar="FORMAT",
        default="text",
        show_default=True,
        help="How to write the result.",
    )


def output(*more: str) -> Decorator:
    """How to print, and how much."""
    return combined(
        output_format(*more),
        option(SHOW, "-q", "--quiet", is_flag=True, help="Print errors only, a line for each problem."),
        option(SHOW, "--all", "every", is_flag=True, help="Show every problem of the catalog, not only the first 20."),
    )


def base(text: str, group: str = CI) -> Decorator:
    """Another state of the catalog, for what `text` says."""
    return option(group, "--base", default="", metavar="SOURCE", help=text)


def out(group: str, metavar: str, text: str, default: Path | None = None) -> Decorator:
    """A file to write."""
    shown = default is not None
    return option(
        group, "--out", type=_PATH, metavar=metavar, default=default, show_default=shown, does=_WRITES, help=text
    )


#: The environment: an overlay of the catalog, and where it is applied.
environment = option(
    WHAT,
    "--env",
    "environment",
    metavar="NAME",
    # The defaults of other options depend on it.
    is_eager=True,
    envvar=ENVIRONMENT,
    callback=environments.checked,
    shell_complete=environments.completed,
    help="The environment: its overlay commet.NAME.yaml, and its key in COMMET_API_KEY_NAME.",
)
#: The catalog.
file = option(
    WHAT,
    "-f",
    "--file",
    type=_PATH,
    # The defaults of other options depend on this one too: what commetctl keeps is beside the catalog that is found.
    is_eager=True,
    callback=environments.catalog,
    show_default=str(DEFAULT_FILE),
    help="The catalog; without it, the one in this folder, or above it in the same repository.",
)
#: The catalog, and the environment that it is for.
catalog_file = combined(file, environment)
targets = option(
    WHAT,
    "--target",
    "targets",
    multiple=True,
    metavar="ADDRESS",
    shell_complete=_addresses,
    help="Only this object, what belongs to it, and what they need.",
)
yes = option(
    MAY,
    "-y",
    "--yes",
    "yes",
    also=("--auto-approve", "-auto-approve"),
    is_flag=True,
    help="Do not ask; needed where there is no terminal.",
)
dry_run = option(MAY, "--dry-run", is_flag=True, help="Write nothing; print what would change, as a patch.")
#: Which changes to make.
selection = combined(
    targets,
    option(
        MAY,
        "--prune",
        is_flag=True,
        does=_DELETES,
        help="Delete the features, plans and packs that the catalog does not declare.",
    ),
    option(
        MAY,
        "--replace",
        "replaced",
        multiple=True,
        metavar="ADDRESS",
        shell_complete=_addresses,
        does=_DELETES,
        help="Delete this object and create it again, to change a field that is fixed.",
    ),
)
live = option(MAY, "--live", "allow_live", is_flag=True, help="Allow a live account, not only a sandbox.")
#: What a plan counts, and what it lets pass.
review = combined(
    live,
    option(
        MAY,
        "--allow",
        multiple=True,
        type=click.Choice(ALLOWABLE),
        metavar="GUARD",
        help="Override this guard.",
    ),
    option(
        MAY,
        "--allow-delete",
        multiple=True,
        metavar="ADDRESS",
        shell_complete=_addresses,
        does=_DELETES,
        help="Delete this object although subscriptions use it.",
    ),
    option(
        WHAT,
        "--impact/--no-impact",
        default=True,
        show_default=True,
        help="Count the subscriptions that the changes concern, if the key allows it.",
    ),
)
summary = option(
    CI,
    "--summary",
    type=_PATH,
    metavar="FILE",
    does=_WRITES,
    help="Add the result to this file as Markdown, such as $GITHUB_STEP_SUMMARY.",
)
strict = option(MAY, "--strict", is_flag=True, help="Treat warnings about the catalog as errors.")
exitcode = option(CI, "--detailed-exitcode", is_flag=True, help="Exit with 2 when there is something to do.")
#: What else a plan takes: `plan`, and `apply --dry-run`.
proposal = combined(
    out(CI, "PLAN.json", "Save the plan, for `apply PLAN.json`."),
    base("The catalog that was applied last, git:REV: to tell edits of the catalog from dashboard edits."),
    strict,
    exitcode,
    summary,
)
color = option(SHOW, "--color/--no-color", default=None, help="Colour the output, or not; NO_COLOR is read too.")
verbose = option(SHOW, "-v", "--verbose", is_flag=True, help="Show requests: those planned, and each as it is sent.")
