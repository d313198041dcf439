"""The catalog, the environment and the folder of a command, and the defaults of other options that depend on them."""

import os
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from commetctl.core import finding
from commetctl.core.environment import ENVIRONMENT, NAME, variable

DEFAULT_FILE = Path(finding.NAMES[0])
DEFAULT_URL = "https://commet.co"
DEFAULT_DATABASE = Path(".commet/local.db")
DEFAULT_JOURNALS = Path(".commet/runs")
#: How a saved plan begins, and how many bytes of a file are read to see it.
_SAVED_PLAN, _HEAD = b'"commetctl_plan"', 200


def default_file() -> Path:
    """The catalog where none is named; `commet.yaml` in this folder where there is none at all.

    Raises UsageError where a folder has both commet.yaml and commet.yml.
    """
    found = finding.catalogs()
    if len(found) > 1:
        names = " and ".join(map(str, found))
        raise click.UsageError(f"{names} are both there: delete one of them, or name the catalog with -f")
    return found[0] if found else DEFAULT_FILE


def is_default(file: Path) -> bool:
    """Whether a catalog is the one that is taken where none is named."""
    return (finding.catalogs() or [DEFAULT_FILE]) == [file]


def catalog(context: click.Context, _parameter: click.Parameter, value: Path | None) -> Path:
    """The catalog that was named, or the one that is found."""
    if context.resilient_parsing:
        return value or next(iter(finding.catalogs()), DEFAULT_FILE)
    if value is None:
        return default_file()
    if _is_saved_plan(value):
        raise click.UsageError(f"{value} is a saved plan, not a catalog; to apply it: commetctl apply {value}")
    return value


def _is_saved_plan(path: Path) -> bool:
    try:
        # Opening a pipe may wait forever.
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(_HEAD).lstrip()
    except OSError:
        return False
    return head.startswith(b"{") and _SAVED_PLAN in head


def place(path: Path) -> Path:
    """Where commetctl keeps a file of its own: beside the catalog that is found, or here where a catalog is named."""
    context = click.get_current_context()
    if context.resilient_parsing or context.get_parameter_source("file") is ParameterSource.COMMANDLINE:
        return path
    return default_file().parent / path


def journals(_context: click.Context, _parameter: click.Parameter, value: Path | None) -> Path:
    """The folder of journals that was named, or the usual one."""
    return value or place(DEFAULT_JOURNALS)


def checked(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    """The name of an environment; empty where none is given, and where an empty one overrides the variable."""
    if value is None or (value == "" and os.environ.get(ENVIRONMENT)):
        return ""
    from_variable = context.get_parameter_source(parameter.name or "") is ParameterSource.ENVIRONMENT
    hint = ENVIRONMENT if from_variable else None
    if value == "local":
        message = "`local` is what `--local` works on without an environment: choose another name"
        raise click.BadParameter(message, param_hint=hint)
    if not NAME.fullmatch(value):
        # An empty one is a variable that is not set: it must not quietly mean another account.
        message = "a name has small letters, digits and `-`, and begins with a letter or digit"
        raise click.BadParameter(message, param_hint=hint)
    return value


def completed(context: click.Context, _parameter: click.Parameter, begun: str) -> list[Any]:
    """The environments that the catalog has overlays for."""
    from click.shell_completion import CompletionItem

    from commetctl.catalog.source import FileSource

    known = FileSource(context.params.get("file") or DEFAULT_FILE).environments()
    return [CompletionItem(name) for name in known if name.startswith(begun)]


def url_of(context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    """The address that was given, or the one of the environment, or Commet's own."""
    return value or address_of(context.params.get("environment", ""))


def address_of(environment: str) -> str:
    """The address of Commet in an environment."""
    return variable("COMMET_API_URL", environment)[0] or DEFAULT_URL


def database_of(environment: str) -> str:
    """The file of the embedded Commet; each environment has its own."""
    return str(place(DEFAULT_DATABASE.with_name(f"{environment}.db") if environment else DEFAULT_DATABASE))


def database(context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """The file of the embedded Commet; the argument after `--local` may have been meant for something else."""
    if value and value.endswith((".json", ".yaml", ".yml")):
        raise click.BadParameter(f"the word after it is its database, and {value!r} is none: put that before --local")
    # An empty name would be a database of SQLite's own that is gone at the end.
    return database_of(context.params.get("environment", "")) if value == "" else value
