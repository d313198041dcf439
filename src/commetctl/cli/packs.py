"""`commetctl packs`: use what the catalog declares, to prove it end to end."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli import options
from commetctl.cli.declaring import OF_ACCOUNT, READS, Does, Page
from commetctl.cli.layout import Command, Group
from commetctl.cli.report import Result, reporting
from commetctl.core import exits

if TYPE_CHECKING:
    from commetctl.render.terminal import Style
    from commetctl.usecases.account import Account
    from commetctl.usecases.purchase import Doubt, Purchase, Quote


@click.group(cls=Group)
def packs() -> None:
    """Buy a credit pack that the catalog declares."""


PAGE = Page(
    (*READS, Does.CHANGES_COMMET),
    (*OF_ACCOUNT, exits.PARTLY),
    {"commetctl packs purchase sub_123 boost --local": "on the embedded Commet"},
)


@packs.command(cls=Command, page=PAGE)
@click.argument("subscription")
@click.argument("pack")
@options.catalog_file
@options.target
@options.effort
@options.live
@options.journal
@options.yes
@options.output()
@options.verbose
@options.color
@reporting("packs purchase", talks=True, untouched="nothing was charged")
def purchase(
    subscription: str,
    pack: str,
    *,
    file: Path,
    api_version: str | None,
    allow_live: bool,
    journal: Path,
    yes: bool,
    color: bool | None,
    **rest: Any,
) -> Result:
    """Buy a credit pack for a subscription.

    PACK is a key under `credit_packs:`. The customer is charged once, at the price that the catalog declares; in a
    sandbox only, unless `--live` is given. It shows the price and asks first. Exit code 5: the customer was or may have
    been charged, and something is wrong or not known; within an hour, the same command does not charge again.
    """
    from commetctl.apply.journal import Journals
    from commetctl.catalog import load
    from commetctl.cli.console import Console
    from commetctl.cli.present import style
    from commetctl.cli.session import Session
    from commetctl.usecases.purchase import buy, check_consent, doubts, quote

    session = Session(**rest)
    catalog = load(file, api_version, session.environment)
    mode = session.mode(None, catalog.mode, allow_live=allow_live)
    # Apart from those of applies, of which only the latest are kept.
    journals = Journals(journal / "purchases")
    with session.client(catalog.contract) as client:
        quoted = quote(client, catalog, subscription, pack, mode)
        doubt = doubts(journals, quoted)
        if not session.silent:
            click.echo(_shown(quoted, session, doubt))
        if not yes:
            check_consent(quoted, doubt, Console(style(color), session.silent))
        bought = buy(client, catalog, quoted, journals, partial(quote, client, catalog, subscription, pack, mode))
    content = {"target": session.document(catalog.contract, quoted.mode), "purchase": bought.document()}
    return Result(_told(bought, style(color)), content)


def _shown(quoted: "Quote", account: "Account", doubt: "Doubt | None") -> str:
    """What is about to be bought, for whom, where, and at what price."""
    from commetctl.core.text import printable

    lines = [
        f"{quoted.subscription} → {account.titled(quoted.mode)}",
        f"  {quoted.pack.name}   {quoted.pack.credits} credits for {quoted.pack.price}   {quoted.pack.id}",
        f"  credits left   {quoted.left}",
        *([f"  {doubt}"] if doubt else []),
        "",
    ]
    return "\n".join(map(printable, lines))


def _told(bought: "Purchase", style: "Style") -> str:
    from commetctl.core.text import printable

    pack = bought.quote.pack
    first = f"{bought.quote.subscription} bought {pack.name}: {pack.credits} credits for {pack.price}"
    if bought.reused and bought.after == bought.before:
        first += ", by the earlier request; nothing more was charged"
    return f"{printable(first)}\n  credits left   {style.paint('ok', f'{bought.before} → {bought.after}')}"
