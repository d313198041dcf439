"""`commetctl packs`: use what the catalog declares, to prove it end to end."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli import options
from commetctl.cli.report import reporting
from commetctl.cli.result import Result

if TYPE_CHECKING:
    from commetctl.cli.session import Account
    from commetctl.usecases.purchase import Doubt, Offer, Purchase


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
@options.journal()
@click.option("--yes", is_flag=True, help="Do not ask; needed for a live customer where there is no terminal.")
@options.color()
@options.verbose()
@options.output()
@reporting("packs purchase", talks=True)
def purchase(
    *,
    subscription: str,
    pack: str,
    file: Path,
    environment: str,
    api_version: str | None,
    allow_live: bool,
    journal: Path,
    yes: bool,
    color: bool | None,
    verbose: bool,
    silent: bool,
    **account: Any,
) -> Result:
    """Buy PACK, a key under `credit_packs:` of the catalog, for SUBSCRIPTION.

    Charges the customer of the subscription, once, at the price that the file declares: in a sandbox only, unless
    --live is given. Shows the price and asks first. Exits with 5 when the customer was or may have been charged and
    something about it is wrong or not known; within an hour, the same command then does not charge again.
    """
    from commetctl.apply.journal import Journals
    from commetctl.catalog import load
    from commetctl.cli.session import Account
    from commetctl.core.permissions import Mode
    from commetctl.usecases.purchase import buy, doubts, offer

    catalog = load(file, api_version, environment)
    where = Account(**account, environment=environment, verbose=verbose, silent=silent)
    mode = Mode(None, where.key, None if where.local else catalog.mode, allow_live)
    # Apart from those of applies, of which only the latest are kept.
    journals = Journals(journal / "purchases")
    with where.client(catalog.contract) as client:
        offered = offer(client, catalog, subscription, pack, mode)
        doubt = doubts(journals, offered)
        if not silent:
            click.echo(_shown(offered, where, doubt))
        _confirm(offered, doubt, yes=yes, silent=silent)
        bought = buy(
            client,
            catalog,
            offered,
            journals,
            lambda: offer(client, catalog, subscription, pack, mode),
        )
    content = {"target": where.document(catalog.contract, offered.mode), "purchase": bought.document()}
    return Result(_told(bought, color=color), content)


def _shown(offered: "Offer", where: "Account", doubt: "Doubt | None") -> str:
    """What is about to be bought, for whom, where, and at what price."""
    from commetctl.core.text import printable

    lines = [
        f"{offered.subscription} → {where.titled(offered.mode)}",
        f"  {offered.pack.name}   {offered.pack.credits} credits for {offered.pack.price}   {offered.pack.id}",
        f"  credits left   {offered.left}",
    ]
    if doubt:
        lines.append(f"  {_about(doubt)}")
    return "\n".join([*map(printable, lines), ""])


def _confirm(offered: "Offer", doubt: "Doubt | None", *, yes: bool, silent: bool) -> None:
    """Ask for consent to the charge; raises Refused without it.

    A sandbox charges nobody, so it does not need a `--yes` where there is no terminal; unless the same purchase was
    left in doubt and is not taken up any more: then somebody has to look first.
    """
    from commetctl.core.errors import Refused
    from commetctl.core.text import printable

    free = offered.mode.livemode is False and (doubt is None or doubt.taken_up)
    if yes or (free and not options.can_ask()):
        return
    if not options.can_ask():
        reason = _about(doubt) if doubt else "a live customer would be charged, and there is no terminal to ask on"
        hint = f"give `--yes` to charge {offered.pack.price} without asking"
        raise Refused(f"nothing was charged: {reason}", hint, code="not_confirmed")
    if silent and doubt:
        click.echo(_about(doubt), err=True)
    question = f"Type yes to charge {offered.pack.price} to the customer of {printable(offered.subscription)}"
    if not options.is_confirmed(question):
        raise Refused("nothing was charged", code="not_confirmed")


def _about(doubt: "Doubt") -> str:
    since = f"the result of the same purchase at {doubt.since:%Y-%m-%d %H:%M:%S} UTC is in doubt"
    if doubt.taken_up:
        return f"{since}; its request is sent again under the same key, so that the customer is charged once"
    return f"{since}, and too old to be taken up: see in the dashboard whether the customer was charged then"


def _told(bought: "Purchase", *, color: bool | None) -> str:
    from commetctl.cli.present import style
    from commetctl.core.text import printable

    pack = bought.offer.pack
    first = f"{bought.offer.subscription} bought {pack.name}: {pack.credits} credits for {pack.price}"
    if bought.reused and bought.after == bought.before:
        first += ", by the earlier request; nothing more was charged"
    return f"{printable(first)}\n  credits left   {style(color).paint('ok', f'{bought.before} → {bought.after}')}"
