"""Environments on the command line: the option `--env`, and the defaults of other options in each environment."""

from pathlib import Path
from typing import Any

import click

from commetctl.core.environment import NAME, variable

DEFAULT_FILE = Path("commet.yaml")
DEFAULT_URL = "https://commet.co"
DEFAULT_DATABASE = Path(".commet/local.db")


def checked(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    """The name of an environment; empty where none is given."""
    if value is None:
        return ""
    if value == "local":
        raise click.BadParameter("`local` is what `--local` works on without an environment: choose another name")
    if not NAME.fullmatch(value):
        # An empty one is a variable that is not set: it must not quietly mean another account.
        raise click.BadParameter("a name has small letters, digits and `-`, and begins with a letter or digit")
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
    return str(DEFAULT_DATABASE.with_name(f"{environment}.db")) if environment else str(DEFAULT_DATABASE)


def database(context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """The file of the embedded Commet; the argument after `--local` may have been meant for something else."""
    if value and value.endswith((".json", ".yaml", ".yml")):
        raise click.BadParameter(f"the word after it is its database, and {value!r} is none: put that before --local")
    # An empty name would be a database of SQLite's own that is gone at the end.
    return database_of(context.params.get("environment", "")) if value == "" else value
