"""What `plan` and `apply` share: from the file and the account to the changeset, and back after an apply."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Self

from commetctl.api.access import same_place
from commetctl.api.client import Client
from commetctl.apply.earlier_runs import Unfinished
from commetctl.apply.journal import Journals
from commetctl.catalog import Catalog, load_from
from commetctl.cli.session import Account
from commetctl.core.call import digest
from commetctl.core.change import Delete
from commetctl.core.changeset import Changeset, Notice
from commetctl.core.contract import Contract
from commetctl.core.errors import CommetctlError
from commetctl.core.permissions import Mode
from commetctl.core.resource import Address, ResourceSet
from commetctl.core.snapshot import snapshot
from commetctl.kinds.section import Live, World
from commetctl.kinds.spelling import nearest
from commetctl.planning.live import fetch
from commetctl.planning.reconcile import Options, reconcile
from commetctl.render.review import Review
from commetctl.review.causes import causes
from commetctl.review.counting import count
from commetctl.review.effects import effects
from commetctl.review.guards import Allowed, Subject
from commetctl.review.guards.in_use import in_question
from commetctl.review.impact import concerned, impact
from commetctl.review.plan_versions import has_switched
from commetctl.usecases.balances import looked_at_balances
from commetctl.usecases.compare import shadowed


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for, beside the account."""

    file: Path
    environment: str
    api_version: str | None
    targets: tuple[str, ...]
    prune: bool
    allow_live: bool
    allow: tuple[str, ...]
    allow_delete: tuple[str, ...]
    impact: bool
    #: The catalog as it was applied last, to tell by it which side has changed since; empty for none.
    base: str = ""

    @classmethod
    def among(cls, options: dict[str, Any]) -> Self:
        """Take out of a command's options those that belong here."""
        return cls(**{field.name: options.pop(field.name) for field in fields(cls) if field.name in options})

    @property
    def options(self) -> Options:
        """What to compare; raises CommetctlError for a target that is not an address."""
        return Options(self.prune, _addresses(self.targets))

    @property
    def allowed(self) -> Allowed:
        """What the guards let pass; raises CommetctlError for a deletion that is not named by an address."""
        return Allowed(frozenset(self.allow), frozenset(_addresses(self.allow_delete)))


@dataclass(frozen=True)
class Prepared:
    """A catalog beside the account as it is, and the changeset between them, as the guards get to see it."""

    catalog: Catalog
    account: Account
    world: World
    subject: Subject
    review: Review
    options: Options

    @property
    def changeset(self) -> Changeset:
        """What there is to do."""
        return self.subject.changeset

    @property
    def mode(self) -> Mode:
        """Which organization the account is."""
        return self.subject.mode

    def target(self) -> dict[str, Any]:
        """The account for machine output."""
        return self.account.document(self.catalog.contract, self.mode)

    @property
    def journaled(self) -> dict[str, object]:
        """What the journals of the account have in common."""
        return target_of(self.account, self.catalog.contract, self.mode)

    @property
    def config(self) -> str:
        """What the journals of the catalog, asked for in the same way, have in common."""
        return config_of(self.world.desired, self.options)


def prepare(catalog: Catalog, account: Account, client: Client, wanted: Wanted, journals: Journals) -> Prepared:
    """Compare, and find out what the guards need to know; performs GETs only.

    Raises CommetctlError where something is allowed to be deleted that is not going to be.
    """
    live, notices = read(catalog, client, prune=wanted.prune)
    # The embedded Commet is neither: a catalog for a live organization may be rehearsed on it.
    mode = Mode(live.livemode, account.key, None if account.local else catalog.mode, wanted.allow_live)
    config = config_of(catalog.desired, wanted.options)
    unfinished = journals.unfinished(target_of(account, catalog.contract, mode), config)
    options = taking_up(wanted.options, unfinished)
    world = World(catalog.desired, live, catalog.contract)
    changeset = reconcile(world, catalog.sections, [*notices, *_restored(options, live)], options)
    base = load_from(wanted.base, wanted.api_version, wanted.environment, beside=catalog.file) if wanted.base else None
    if base:
        changeset = replace(changeset, notices=(*changeset.notices, *shadowed(base, catalog)))
    _check(wanted.allowed, changeset, live)
    changeset, balances = looked_at_balances(changeset, world, client, mode)
    kinds = frozenset(kind for section in catalog.sections for kind in section.kinds)
    subject = Subject(
        changeset, live, mode, kinds, catalog.policy, wanted.allowed, begun=unfinished.changes, balances=balances
    )
    switched = has_switched(client, changeset.changes, catalog.contract, live)
    found = effects(changeset.changes, catalog.contract, switched=switched)
    title = _title(catalog, account, mode)
    review = Review(changeset, live.resources, live.ids, found, title=title, switched=switched)
    if wanted.targets:
        review = replace(review, same="the targets are as the file says")
    if base:
        review = replace(review, base=wanted.base, causes=causes(changeset.changes, base.desired))
    return Prepared(catalog, account, world, *_counted(subject, review, client, impact_too=wanted.impact), options)


def _counted(subject: Subject, review: Review, client: Client, *, impact_too: bool) -> tuple[Subject, Review]:
    """Both with the subscriptions that they are about: read once, and only where somebody asks."""
    touching = impact_too and concerned(subject.changeset.changes, review.effects, subject.live)
    if touching or in_question(subject):
        subject = replace(subject, subscribers=count(client))
    if touching or (impact_too and review.switched):
        review = replace(review, impact=impact(review, subject.live, subject.subscribers))
    return subject, review


def _title(catalog: Catalog, account: Account, mode: Mode) -> str:
    """`commet.yaml → sandbox, https://commet.co (2026-08-27)`"""
    return f"{catalog.title} → {account.titled(mode)} ({catalog.contract.version})"


def target_of(account: Account, contract: Contract, mode: Mode) -> dict[str, object]:
    """What the journals of an account have in common: its address, and its key, by a digest of both.

    Two organizations at one address have nothing else that tells them apart before either is changed.
    """
    url = account.document(contract, mode)["api_url"]
    place = url if account.local else same_place(account.api_url)
    return {"api_url": url, "livemode": mode.expected, "account": digest([place, account.key])}


def config_of(desired: ResourceSet, options: Options) -> str:
    """What the journals of one catalog, asked for in one way, have in common."""
    return digest([snapshot(desired), options.prune, sorted(map(str, options.targets))])


def taking_up(options: Options, unfinished: Unfinished) -> Options:
    """The options of a run that completes what earlier runs of the same command began."""
    reached = frozenset(map(Address.parse, unfinished.changes))
    if not options.targets:
        return replace(options, reached=reached)
    begun = frozenset(map(Address.parse, unfinished.whole))
    return replace(options, restore=unfinished.restores, reached=reached, begun=begun)


def _restored(options: Options, live: Live) -> Iterator[Notice]:
    for address in options.restore:
        if address not in live.resources:
            yield Notice(
                "restored",
                "an earlier run of this command was interrupted after it had cleared this: it is written back",
                address=address,
            )


def compare(catalog: Catalog, client: Client, options: Options) -> tuple[World, Changeset]:
    """Read the account and reconcile it with the file; performs GETs only."""
    live, notices = read(catalog, client, prune=options.prune)
    world = World(catalog.desired, live, catalog.contract)
    return world, reconcile(world, catalog.sections, notices, options)


def read(catalog: Catalog, client: Client, *, prune: bool = False) -> tuple[Live, list[Notice]]:
    """The account, its objects matched with those of the file."""
    live = fetch(client, catalog.sections, catalog.contract, prune=prune)
    kinds = {kind for section in catalog.sections for kind in section.kinds}
    notices = [notice for notice in live.notices if notice.address is None or notice.address.kind in kinds]
    for section in catalog.sections:
        live, adopted = section.adopt(catalog.sheet.sections[section.name], catalog.desired, live)
        notices += adopted
    return live, notices


def _addresses(texts: Sequence[str]) -> tuple[Address, ...]:
    try:
        return tuple(Address.parse(text) for text in texts)
    except ValueError as error:
        raise CommetctlError(str(error), "see the addresses that `commetctl plan` prints", code="bad_address") from None


def _check(allowed: Allowed, changeset: Changeset, live: Live) -> None:
    """Refuse what looks like a slip: who allows a deletion means one that is in the plan.

    What is gone is fine, unless another word was meant: a command that was cut short is given again as it was.
    """
    changes = (*changeset.changes, *(item.change for item in changeset.blocked))
    going = [change.address for change in changes if isinstance(change, Delete)]
    for address in sorted(allowed.deletes - set(going)):
        above = next((parent for parent in going if address in changeset.along.get(parent, ())), None)
        near = nearest(str(address), [str(known) for known in going if known not in allowed.deletes])
        if not (above or near or address in live.resources):
            continue
        if above:
            message, hint = f"`{address}` goes along with `{above}`", f"give `--allow-delete {above}`"
        else:
            message = f"`--allow-delete {address}`: this plan does not delete it"
            hint = f"did you mean `{near}`?" if near else "name an object that `commetctl plan` shows with a `-`"
        raise CommetctlError(message, hint, code="not_deleted")
