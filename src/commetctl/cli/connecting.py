"""The options about the account: where it is, the key, how hard to try, and where the journals are."""

from pathlib import Path

import click

from commetctl.cli import environments
from commetctl.cli.declaring import CONNECTION, combined, option
from commetctl.cli.environments import DEFAULT_DATABASE, DEFAULT_JOURNALS, DEFAULT_URL

# The versions of core.contract, which is not imported here: `--help` must stay instant.
VERSIONS = ("2026-08-27", "2026-07-11")
_PATH = click.Path(path_type=Path)

api_version = option(
    CONNECTION,
    "--api-version",
    envvar="COMMET_API_VERSION",
    type=click.Choice(VERSIONS),
    metavar="VERSION",
    help="The version of the API; comes before that of the catalog.",
)
#: Which account to work on, and with which key.
target = combined(
    option(
        CONNECTION,
        "--local",
        is_flag=False,
        flag_value="",
        metavar="[DB]",
        callback=environments.database,
        help=f"Use the embedded Commet, without a key; its state is in DB, or {DEFAULT_DATABASE}.",
    ),
    option(
        CONNECTION,
        "--api-url",
        metavar="URL",
        callback=environments.url_of,
        show_default=DEFAULT_URL,
        env="COMMET_API_URL, COMMET_API_URL_NAME",
        help="The address of Commet.",
    ),
    option(
        CONNECTION,
        "--api-key-file",
        type=_PATH,
        metavar="FILE",
        help="A file with the API key, instead of COMMET_API_KEY_NAME or COMMET_API_KEY.",
    ),
    api_version,
)
#: How hard to try.
effort = combined(
    option(
        CONNECTION,
        "--retries",
        type=click.IntRange(0, 20),
        default=4,
        show_default=True,
        metavar="N",
        help="How often to repeat a request after a temporary failure.",
    ),
    option(
        CONNECTION,
        "--max-wait",
        type=click.FloatRange(0, 86_400),
        default=120.0,
        show_default=True,
        metavar="SECONDS",
        help="How long to wait between retries of one request, in all.",
    ),
)
journal = option(
    CONNECTION,
    "--journal",
    type=click.Path(path_type=Path, file_okay=False),
    callback=environments.journals,
    show_default=str(DEFAULT_JOURNALS),
    metavar="DIR",
    help="The folder of the journals, from which an interrupted run is continued.",
)
#: How an apply runs, and where it keeps its journal.
running = combined(
    option(
        CONNECTION,
        "--parallelism",
        type=click.IntRange(1, 32),
        default=4,
        show_default=True,
        metavar="N",
        help="How many requests to send at once; 1 keeps the order of the plan.",
    ),
    journal,
)
