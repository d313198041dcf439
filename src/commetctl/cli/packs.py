"""`commetctl packs`: use what the catalog declares, to prove it end to end."""

from pathlib import Path
from typing import Any

import click

from commetctl.cli import options
from commetctl.cli.report import reporting
from commetctl.cli.result import Result


@click.group()
def packs() -> None:
    """Credit packs in use."""


@packs.command()
@click.argument("subscription")
@click.argument("pack")
@options.catalog_file()
@options.target()
@options.effort()
@options.live()
@options.color()
@options.verbose()
@options.output()
@reporting("packs purchase")
def purchase(
    *,
    subscription: str,
    pack: str,
    file: Path,
    environment: str,
    api_version: str | None,
    allow_live: bool,
    color: bool | None,
    verbose: bool,
    **account: Any,
) -> Result:
    """Buy PACK, a key under `credit_packs:` of the catalog, for SUBSCRIPTION.

    Charges the customer of the subscription: in a sandbox only, unless --live is given.
    """
    from commetctl.catalog import load
    from commetctl.cli.present import style
    from commetctl.cli.session import Account
    from commetctl.purchase import buy
    from commetctl.render.words import printable

    catalog = load(file, api_version, environment)
    where = Account(**account, environment=environment, verbose=verbose)
    with where.client(catalog.contract) as client:
        bought = buy(client, catalog, subscription, pack, allow_live=allow_live)
    text = (
        f"{printable(subscription)} bought {printable(bought.pack)}: {bought.credits} credits\n"
        f"  credits left   {style(color).paint('ok', f'{bought.before} → {bought.after}')}"
    )
    return Result(text, {"purchase": bought.document()})
