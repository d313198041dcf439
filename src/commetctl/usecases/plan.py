"""Plan: from a catalog and an account to what an apply would do, and what it means."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from commetctl.api.client import Client
from commetctl.apply.earlier_runs import Unfinished
from commetctl.apply.journal import Journals
from commetctl.catalog import Catalog, load_from
from commetctl.core.call import digest
from commetctl.core.change import Delete
from commetctl.core.changeset import Changeset, Notice
from commetctl.core.errors import CommetctlError, Refused
from commetctl.core.policy import Mode
from commetctl.core.resource import Address, ResourceSet
from commetctl.core.snapshot import snapshot
from commetctl.core.text import nearest
from commetctl.kinds.sides import Live, World
from commetctl.planning.reconcile import Options, reconcile
from commetctl.review.effects import effects
from commetctl.review.guards import OF_EACH, Allowed, Subject
from commetctl.review.heading import Heading
from commetctl.review.plan_versions import has_switched
from commetctl.review.review import Review, causes
from commetctl.usecases.account import Account
from commetctl.usecases.balance_scale import looked_at_balances
from commetctl.usecases.compare import shadowed
from commetctl.usecases.dated.clock import at_its_time, disagreement
from commetctl.usecases.dated.foresight import dates_of, foreseen
from commetctl.usecases.dated.outlook import Outlook
from commetctl.usecases.dated.timetable import Timetable
from commetctl.usecases.reading import fetched, matched, read
from commetctl.usecases.wanted import Wanted


@dataclass(frozen=True)
class Prepared:
    """A catalog beside the account as it is: what there is to do, as guards judge it and as readers see it."""

    catalog: Catalog
    account: Account
    subject: Subject
    options: Options
    #: Why some of the changes that are due may not be made; the others are.
    held: Sequence[Refused] = ()
    #: What is to come, on its date.
    coming: tuple[Outlook, ...] = ()
    only_due: bool = False

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
        return config_of(self.catalog.desired, self.options, only_due=self.only_due)

    def read_again(self, client: Client) -> Live:
        """The account as it is now, as far as it was read for the plan."""
        return read(self.catalog, client, prune=self.options.prune)[0]


def prepare(catalog: Catalog, account: Account, client: Client, wanted: Wanted, journals: Journals) -> Prepared:
    """Compare, and find out what the guards need to know; performs GETs only.

    The catalog is taken as of Commet's time, or of the moment that is wanted. Raises CommetctlError where a deletion is
    allowed that is not planned.
    """
    catalog, clock = (catalog.as_of(wanted.moment), None) if wanted.moment else at_its_time(catalog, client)
    found = fetched(catalog, client, prune=wanted.prune)
    live, notices = matched(catalog, found)
    mode = account.mode(live.livemode, catalog.mode, allow_live=wanted.allow_live)
    unfinished = journals.unfinished(account.journaled(catalog.contract, mode), partial(_config_of, catalog, wanted))
    options = taking_up(wanted.options, unfinished)
    dates = dates_of(catalog, found, live, client, wanted, mode, unfinished.restores)
    world = World(dates.desired, live, catalog.contract)
    changeset = reconcile(world, catalog.sections, [*notices, *_restored(options, live)], options)
    base = _base(catalog, wanted, dates.timetable)
    if base:
        changeset = replace(changeset, notices=(*changeset.notices, *shadowed(base, catalog)))
    _check_allowed(wanted.allowed, changeset, live)
    changeset, balances = looked_at_balances(changeset, world, client, mode)
    switched = dates.switched or has_switched(client, changeset.changes, catalog.contract, live)
    review = _reviewed(changeset, live, catalog, base, wanted, switched=switched)
    review = replace(review, heading=_heading(account, catalog, mode, wanted), same=_same(wanted, dates.timetable))
    kinds = frozenset(kind for section in catalog.sections for kind in section.kinds)
    subject = Subject(
        review,
        live,
        mode,
        kinds,
        catalog.policy,
        wanted.allowed,
        begun=unfinished.changes,
        balances=balances,
        exempt={guard: dates.timetable.exempt(guard, of_each=True) for guard in OF_EACH},
        clock=disagreement(catalog, account, clock),
    )
    subject, coming = foreseen(subject, dates, client, wanted)
    return Prepared(catalog, account, subject, options, dates.timetable.refused, coming, only_due=wanted.due)


def _reviewed(
    changeset: Changeset, live: Live, catalog: Catalog, base: Catalog | None, wanted: Wanted, *, switched: bool
) -> Review:
    return Review(
        changeset,
        live.resources,
        live.ids,
        effects(changeset.changes, catalog.contract, switched=switched),
        causes=causes(changeset.changes, base.desired) if base else {},
        base=wanted.base,
        switched=switched,
    )


def _heading(account: Account, catalog: Catalog, mode: Mode, wanted: Wanted) -> Heading:
    now = catalog.moment if catalog.changes and not wanted.moment else None
    return account.heading(catalog.title, mode, catalog.contract, now=now, as_of=wanted.moment)


def _base(catalog: Catalog, wanted: Wanted, dates: Timetable) -> Catalog | None:
    """The catalog that was applied last, without what is due and was not applied then."""
    if not wanted.base:
        return None
    left = (item.change.moment for item in dates.items if item.pending and not item.change.is_at_once)
    moment = min((each - timedelta.resolution for each in left), default=catalog.moment)
    return load_from(wanted.base, wanted.api_version, wanted.environment, beside=catalog.file, moment=moment)


def _same(wanted: Wanted, dates: Timetable) -> str:
    if dates.refused:
        return "all that is left is refused"
    if wanted.due:
        return "Commet has everything that is due" if dates.items else "nothing is due"
    return "the targets match the catalog" if wanted.targets else Review.same


def config_of(desired: ResourceSet, options: Options, *, only_due: bool = False) -> str:
    """A digest that the journals of all runs of one catalog with the same options have in common.

    What to replace is no part of it: a run that was killed after it had taken an object away can be completed without.
    """
    own = [snapshot(desired), options.prune, sorted(map(str, options.targets))]
    return digest([*own, "due"] if only_due else own)


def _config_of(catalog: Catalog, wanted: Wanted) -> str:
    return config_of(catalog.desired, wanted.options, only_due=wanted.due)


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
