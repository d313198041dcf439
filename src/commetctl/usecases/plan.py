"""Plan: from a catalog and an account to what an apply would do, and what it means."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any, Self

from commetctl.api.client import Client
from commetctl.apply.earlier_runs import Unfinished
from commetctl.apply.journal import Journals
from commetctl.catalog import Catalog, load_from
from commetctl.core.call import digest
from commetctl.core.change import Delete
from commetctl.core.changeset import Changeset, Notice
from commetctl.core.errors import CommetctlError
from commetctl.core.policy import Mode
from commetctl.core.resource import Address, ResourceSet
from commetctl.core.snapshot import snapshot
from commetctl.core.text import nearest
from commetctl.kinds.sides import Live, World
from commetctl.planning.live import fetch
from commetctl.planning.reconcile import Options, reconcile
from commetctl.review.counting import count
from commetctl.review.effects import effects
from commetctl.review.guards import Allowed, Subject
from commetctl.review.guards.objects import in_question
from commetctl.review.impact import concerned, impact
from commetctl.review.plan_versions import has_switched
from commetctl.review.review import Review, causes
from commetctl.usecases.account import Account
from commetctl.usecases.balance_scale import looked_at_balances
from commetctl.usecases.compare import shadowed


@dataclass(frozen=True)
class Wanted:
    """What to plan: the catalog, the part of it to compare, and what the guards let pass."""

    file: Path
    environment: str
    api_version: str | None
    targets: tuple[str, ...]
    prune: bool
    allow_live: bool
    allow: tuple[str, ...]
    allow_delete: tuple[str, ...]
    impact: bool
    #: The catalog as it was applied last, which tells edits of the file from edits in Commet; empty for none.
    base: str = ""
    #: The objects to delete and create again, if a field of theirs is fixed at creation.
    replaced: tuple[str, ...] = ()

    @classmethod
    def among(cls, options: dict[str, Any]) -> Self:
        """Take the options that belong here out of all options of a command."""
        return cls(**{field.name: options.pop(field.name) for field in fields(cls) if field.name in options})

    @property
    def options(self) -> Options:
        """What to compare. Raises CommetctlError for a target, or an object to replace, that is not an address."""
        return Options(self.prune, addresses(self.targets), addresses(self.replaced))

    @property
    def allowed(self) -> Allowed:
        """What the guards let pass. Raises CommetctlError for a deletion that is not named by an address."""
        return Allowed(frozenset(self.allow), frozenset(addresses(self.allow_delete)))


@dataclass(frozen=True)
class Prepared:
    """A catalog beside the account as it is: what there is to do, as guards judge it and as readers see it."""

    catalog: Catalog
    account: Account
    subject: Subject
    options: Options

    @property
    def review(self) -> Review:
        """The changeset and what it means."""
        return self.subject.review

    @property
    def changeset(self) -> Changeset:
        """What there is to do."""
        return self.subject.changeset

    @property
    def live(self) -> Live:
        """The account as it was read."""
        return self.subject.live

    @property
    def mode(self) -> Mode:
        """The mode of the account."""
        return self.subject.mode

    @property
    def target(self) -> dict[str, Any]:
        """The account for machine output."""
        return self.account.document(self.catalog.contract, self.mode)

    @property
    def journaled(self) -> dict[str, object]:
        """What the journals of the account have in common."""
        return self.account.journaled(self.catalog.contract, self.mode)

    @property
    def config(self) -> str:
        """What the journals of runs of the same catalog with the same options have in common."""
        return config_of(self.catalog.desired, self.options)

    def read_again(self, client: Client) -> Live:
        """The account as it is now, as far as it was read for the plan."""
        return read(self.catalog, client, prune=self.options.prune)[0]


def prepare(catalog: Catalog, account: Account, client: Client, wanted: Wanted, journals: Journals) -> Prepared:
    """Compare, and find out what the guards need to know; performs GETs only.

    Raises CommetctlError where a deletion is allowed that is not planned.
    """
    live, notices = read(catalog, client, prune=wanted.prune)
    mode = account.mode(live.livemode, catalog.mode, allow_live=wanted.allow_live)
    unfinished = journals.unfinished(
        account.journaled(catalog.contract, mode), partial(config_of, catalog.desired, wanted.options)
    )
    options = taking_up(wanted.options, unfinished)
    world = World(catalog.desired, live, catalog.contract)
    changeset = reconcile(world, catalog.sections, [*notices, *_restored(options, live)], options)
    base = load_from(wanted.base, wanted.api_version, wanted.environment, beside=catalog.file) if wanted.base else None
    if base:
        changeset = replace(changeset, notices=(*changeset.notices, *shadowed(base, catalog)))
    _check_allowed(wanted.allowed, changeset, live)
    changeset, balances = looked_at_balances(changeset, world, client, mode)
    switched = has_switched(client, changeset.changes, catalog.contract, live)
    review = Review(
        changeset,
        live.resources,
        live.ids,
        effects(changeset.changes, catalog.contract, switched=switched),
        causes=causes(changeset.changes, base.desired) if base else {},
        base=wanted.base,
        heading=account.heading(catalog.title, mode, catalog.contract),
        same="the targets match the catalog" if wanted.targets else Review.same,
        switched=switched,
    )
    kinds = frozenset(kind for section in catalog.sections for kind in section.kinds)
    subject = Subject(
        review, live, mode, kinds, catalog.policy, wanted.allowed, begun=unfinished.changes, balances=balances
    )
    return Prepared(catalog, account, _counted(subject, client, impact_too=wanted.impact), options)


def _counted(subject: Subject, client: Client, *, impact_too: bool) -> Subject:
    """The same with its subscriptions counted and their impact, if a guard needs the count or `impact_too` asks."""
    review = subject.review
    touching = impact_too and concerned(subject.changeset.changes, review.effects, subject.live)
    if touching or in_question(subject):
        subject = replace(subject, subscribers=count(client))
    if touching or (impact_too and review.switched):
        found = impact(review, subject.live, subject.subscribers)
        subject = replace(subject, review=replace(review, impact=found))
    return subject


def config_of(desired: ResourceSet, options: Options) -> str:
    """A digest that the journals of all runs of one catalog with the same options have in common.

    What to replace is no part of it: a run that was killed after it had taken an object away can be completed without.
    """
    return digest([snapshot(desired), options.prune, sorted(map(str, options.targets))])


def taking_up(options: Options, unfinished: Unfinished) -> Options:
    """The options of a run that completes what earlier runs of the same command began."""
    reached = frozenset(map(Address.parse, unfinished.changes))
    replaced = frozenset(address for address in options.replace if str(address) in unfinished.completed)
    options = replace(options, reached=reached, replaced=replaced)
    if not options.targets:
        return options
    begun = frozenset(map(Address.parse, unfinished.whole))
    return replace(options, restore=unfinished.restores, begun=begun)


def _restored(options: Options, live: Live) -> Iterator[Notice]:
    for address in options.restore:
        if address not in live.resources:
            yield Notice(
                "restored",
                "an earlier run of this command cleared this and was interrupted: it is written back",
                address=address,
            )


def read(catalog: Catalog, client: Client, *, prune: bool = False) -> tuple[Live, list[Notice]]:
    """The account, its objects matched with those of the file."""
    live = fetch(client, catalog.sections, catalog.contract, prune=prune)
    kinds = {kind for section in catalog.sections for kind in section.kinds}
    notices = [notice for notice in live.notices if notice.address is None or notice.address.kind in kinds]
    for section in catalog.sections:
        live, adopted = section.adopt(catalog.sheet.sections[section.name], catalog.desired, live)
        notices += adopted
    return live, notices


def addresses(texts: Sequence[str]) -> tuple[Address, ...]:
    """The addresses on a command line; raises CommetctlError for one that is none."""
    try:
        return tuple(Address.parse(text) for text in texts)
    except ValueError as error:
        raise CommetctlError(str(error), "see the addresses that `commetctl plan` prints", code="bad_address") from None


def _check_allowed(allowed: Allowed, changeset: Changeset, live: Live) -> None:
    """Raise CommetctlError for an allowed deletion that is not planned, which is probably a typing mistake.

    One that was deleted before is fine: a command that was interrupted is given again as it was.
    """
    changes = (*changeset.changes, *(item.change for item in changeset.blocked))
    going = [change.address for change in changes if isinstance(change, Delete)]
    for address in sorted(allowed.deletes - set(going)):
        above = next((parent for parent in going if address in changeset.along.get(parent, ())), None)
        near = nearest(str(address), [str(known) for known in going if known not in allowed.deletes])
        if not (above or near or address in live.resources):
            continue
        if above:
            message, hint = f"`{address}` is deleted with `{above}`", f"give `--allow-delete {above}`"
        else:
            message = f"`--allow-delete {address}`: this plan does not delete it"
            # The deletion that is near is not offered: what is deleted is read in the plan, and not guessed.
            hint = "name an object that `commetctl plan` shows with a `-`"
        raise CommetctlError(message, hint, code="not_deleted")
