"""Environments on the command line: their names, and what an option has for each of them where it is not given."""

import os
import re
from pathlib import Path
from typing import Any

import click

DEFAULT_FILE = Path("commet.yaml")
DEFAULT_URL = "https://commet.co"
DEFAULT_DATABASE = Path(".commet/local.db")
#: What is read of the environment, in the order of reading. NAME is an environment of `--env`, in capitals.
VARIABLES = {
    "COMMET_API_KEY": "The API key. With `--env NAME`, COMMET_API_KEY_NAME comes first.",
    "COMMET_API_URL": "Where Commet is. With `--env NAME`, COMMET_API_URL_NAME comes first.",
    "COMMET_API_VERSION": "The API version to speak; comes before the one of the file.",
    "COMMETCTL_VAR_": "Every variable whose name begins so: the values that a file may ask for with "
    "`${COMMETCTL_VAR_name}`. Nothing else of the environment can get into a catalog.",
    "NO_COLOR": "Where it is set and not empty, nothing is coloured, unless `--color` is given.",
    "TERM": "`dumb` is a terminal without colours.",
    "COLUMNS": "How wide prose may be. Without it, as wide as the terminal, and 100 columns in a log.",
    "HTTPS_PROXY": "The proxy to Commet; ALL_PROXY and NO_PROXY count too. None is used for addresses of this machine.",
    "SSL_CERT_FILE": "The certificates to trust, instead of those that come with the installation.",
    "GITHUB_ACTIONS": "Read by `doctor`, with GITLAB_CI and CI: where it runs.",
}

# The ENVIRONMENT of catalog.source, which is not imported here: `--help` must stay instant.
NAME = re.compile(r"(?!local$)[a-z0-9][a-z0-9-]{0,49}")


def checked(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    """The name of an environment, which is a part of the names of files and variables; empty where none is given."""
    if value is None:
        return ""
    if value == "local":
        raise click.BadParameter("`local` is what `--local` works on without an environment: choose another name")
    if not NAME.fullmatch(value):
        # An empty one is a variable that is not set: it must not quietly mean another account.
        raise click.BadParameter("a name has small letters, digits and `-`, and begins with a letter or digit")
    return value


def completed(context: click.Context, _parameter: click.Parameter, begun: str) -> list[Any]:
    from commetctl.cli.completion import environments

    return environments(context.params.get("file") or DEFAULT_FILE, begun)


def variables(name: str, environment: str) -> tuple[str, ...]:
    """The variables that may hold something, the first that is set counts: COMMET_API_KEY_SANDBOX, COMMET_API_KEY."""
    return (f"{name}_{environment.upper().replace('-', '_')}", name) if environment else (name,)


def variable(name: str, environment: str) -> tuple[str, str]:
    """What the first of these variables holds, and its name; nothing where none is set."""
    for known in variables(name, environment):
        if value := os.environ.get(known, "").strip():
            return value, known
    return "", ""


def url_of(context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    """The address that was given, or that of the environment, or of Commet itself."""
    return value or variable("COMMET_API_URL", context.params.get("environment", ""))[0] or DEFAULT_URL


def database_of(environment: str) -> str:
    """The file of the embedded Commet: each environment has one of its own."""
    return str(DEFAULT_DATABASE.with_name(f"{environment}.db")) if environment else str(DEFAULT_DATABASE)


def database(context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """The file of the embedded Commet; the word after `--local` may have been meant for something else."""
    if value and value.endswith((".json", ".yaml", ".yml")):
        raise click.BadParameter(f"the word after it is its database, and {value!r} is none: put that before --local")
    # An empty name would be a database of SQLite's own that is gone at the end.
    return database_of(context.params.get("environment", "")) if value == "" else value
