"""Environments: how they are named, and the environment variables that commetctl reads."""

import os
import re

#: The name of an environment, which is a part of the names of files and of variables.
NAME = re.compile(r"(?!local$)[a-z0-9][a-z0-9-]{0,49}")

#: The prefix of a source that stands for the account of an environment.
ENV = "env:"

#: The variable that `--env` is read from where it is not given.
ENVIRONMENT = "COMMETCTL_ENV"

#: Every variable that is read, in the order of reading. NAME is an environment of `--env`, in capitals.
VARIABLES = {
    "COMMET_API_KEY": "The API key. With `--env NAME`, COMMET_API_KEY_NAME comes first.",
    "COMMET_API_URL": "The address of Commet. With `--env NAME`, COMMET_API_URL_NAME comes first.",
    "COMMET_API_VERSION": "The API version to use; it comes before the one in the catalog.",
    ENVIRONMENT: "The environment, as with `--env NAME`. `--env` comes first; `--env ''` is no environment.",
    "COMMETCTL_VAR_": "The only variables that a catalog can use begin with this, as in `${COMMETCTL_VAR_name}`.",
    "NO_COLOR": "If it is set and not empty, output has no colours, unless `--color` is given.",
    "FORCE_COLOR": "If it is set to anything but 0, output has colours without a terminal too; NO_COLOR comes first.",
    "CLICOLOR_FORCE": "The same as FORCE_COLOR.",
    "TERM": "`dumb` is a terminal without colours.",
    "COLUMNS": "The width of text: by default that of the terminal, or 100 in a log, where errors are not wrapped.",
    "HTTPS_PROXY": "The proxy to Commet; ALL_PROXY and NO_PROXY apply too, but never to addresses of this machine.",
    "SSL_CERT_FILE": "The certificates to trust instead of those of the installation.",
    "GITHUB_ACTIONS": "Read by `doctor`, like GITLAB_CI and CI, to find out where it runs.",
}


def variables(name: str, environment: str) -> tuple[str, ...]:
    """The variables for a setting; the first that is set counts: COMMET_API_KEY_SANDBOX, COMMET_API_KEY."""
    return (f"{name}_{environment.upper().replace('-', '_')}", name) if environment else (name,)


def variable(name: str, environment: str) -> tuple[str, str]:
    """The value of the first of these variables that is set, and its name; both empty where none is."""
    for known in variables(name, environment):
        if value := os.environ.get(known, "").strip():
            return value, known
    return "", ""
