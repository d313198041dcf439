"""A shop: the whole way from YAML to a real emulator and back, by the real use cases, with every request on record."""

import atexit
import json
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from commetctl.api.client import Client
from commetctl.api.connection import Connection
from commetctl.api.pacing import Governor, Patience
from commetctl.apply.earlier_runs import EarlierRun
from commetctl.apply.ids import Ids
from commetctl.apply.journal import Journal, Journals
from commetctl.apply.record import Record, held
from commetctl.apply.run import Run
from commetctl.apply.sending import Sender
from commetctl.catalog import Catalog, load
from commetctl.core.call import Step
from commetctl.core.change import Applied, Failed, Outcome, is_replaced
from commetctl.core.changeset import Changeset
from commetctl.core.contract import Contract
from commetctl.core.errors import CommetctlError
from commetctl.core.policy import Mode
from commetctl.core.resource import Address, Resource
from commetctl.emulator import RESOURCES, ConnectionDropped, create_app, with_faults
from commetctl.emulator import Resource as EmulatorResource
from commetctl.kinds.plans.addresses import plan_of
from commetctl.kinds.sides import Live, World
from commetctl.planning.reconcile import Options, reconcile
from commetctl.render.json_output import plan_document
from commetctl.review.effects import effects
from commetctl.review.guards import Subject
from commetctl.review.review import Review
from commetctl.review.scales import prove_scale
from commetctl.usecases.account import Account
from commetctl.usecases.apply import Apply
from commetctl.usecases.conclusion import Conclusion
from commetctl.usecases.plan import Prepared, prepare
from commetctl.usecases.reading import read
from commetctl.usecases.wanted import Wanted

KEY = "ck_sandbox_test"
#: The kinds of the emulator; tests of one more add it for a while.
SERVED = [*RESOURCES]

#: Accounts that were made, as databases: by version, quirks, key and text.
_FOUNDED: dict[tuple[object, ...], sqlite3.Connection] = {}
#: Tries again as often as a user's command does, and does not wait.
QUICK = Patience(first=0.0)


class Recorder(httpx.BaseTransport):
    """Passes requests on to the emulator and notes them; can lose the line at a write."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner
        self.requests: list[httpx.Request] = []
        #: How many writes still go through; None for all.
        self.writes_left: int | None = None
        #: Whether the write at which the line is lost still arrives.
        self.last_arrives = False
        #: How many writes go through before one is refused; the others go on. None for no refusal.
        self.writes_until_refusal: int | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        if request.method != "GET" and self.writes_left is not None:
            self.writes_left -= 1
            if self.writes_left < 0:
                if self.last_arrives:
                    self.inner.handle_request(request)
                    self.last_arrives = False
                raise httpx.ReadError("the line is lost", request=request)
        if request.method != "GET" and self.writes_until_refusal is not None:
            self.writes_until_refusal -= 1
            if self.writes_until_refusal == -1:
                error = {"type": "invalid_request_error", "code": "validation_error", "message": "refused by the test"}
                return httpx.Response(400, json={"error": error}, request=request)
        try:
            return self.inner.handle_request(request)
        except ConnectionDropped:
            # What httpx makes of it where there is a real socket.
            raise httpx.ReadError("the connection was reset", request=request) from None


@dataclass(frozen=True)
class ShopAccount(Account):
    """The account of a shop, for use cases."""

    shop: "Shop | None" = None

    @property
    def key(self) -> str:
        """The key of the shop."""
        return self.shop.key if self.shop else KEY

    @contextmanager
    def client(self, contract: Contract) -> Iterator[Client]:
        """A client in the test's process."""
        assert self.shop
        yield self.shop.client_for(contract)


@dataclass
class Recording:
    """A reporter that is never asked, and keeps what is said."""

    said: list[str] = field(default_factory=list)
    can_ask: bool = False

    def show(self) -> None:
        """Nothing."""

    def say(self, text: str) -> None:
        """Keep it."""
        self.said.append(text)

    def confirm(self, question: str, *, word: str = "", caution: str = "") -> bool:
        """Never."""
        raise AssertionError(question)

    @contextmanager
    def progress(self, total: int, stop: Callable[[], None]) -> Iterator[Callable[[Outcome], None]]:
        """Nothing: outcomes are in the conclusion."""
        yield lambda _: None


class Unwritten(Journal):
    """The journal of a run that leaves none: what is forced to the disk takes most of the time of a test."""

    def _note(self, line: Mapping[str, Any], *, forced: bool = True) -> None:
        pass


def unwritten(run_id: str) -> Unwritten:
    """The journal of a run without one."""
    return Unwritten(Path(), run_id, {}, -1)


class Unkept(Journals):
    """Journals that nobody keeps."""

    @contextmanager
    def opened(self, run_id: str, *_: Any, **__: Any) -> Iterator[Journal]:
        """A journal that is not written."""
        yield unwritten(run_id)

    def runs(self) -> list[EarlierRun]:
        """None."""
        return []


def compare(catalog: Catalog, client: Client, options: Options) -> tuple[World, Changeset]:
    """Read the account and reconcile it with the file, and nothing else that `prepare` does."""
    live, notices = read(catalog, client, prune=options.prune)
    world = World(catalog.desired, live, catalog.contract)
    return world, reconcile(world, catalog.sections, notices, options)


def planned_of(catalog: Catalog, live: Live, changeset: Changeset) -> "Planned":
    """A plan as it is, of an account that nobody can reach."""
    subject = Subject(Review(changeset, live.resources, live.ids), live, Mode(live.livemode, KEY))
    return Planned(Prepared(catalog, ShopAccount("http://127.0.0.1"), subject, Options()))


@dataclass(frozen=True)
class Planned:
    """What `prepare` makes of a catalog beside the account."""

    prepared: Prepared

    @property
    def catalog(self) -> Catalog:
        """The catalog."""
        return self.prepared.catalog

    @property
    def live(self) -> Live:
        """The account."""
        return self.prepared.live

    @property
    def changeset(self) -> Changeset:
        """What there is to do."""
        return self.prepared.changeset

    def with_steps(self, steps: Sequence[Step]) -> "Planned":
        """The same with its steps in another order, in which only the needs matter."""
        changeset = replace(self.changeset, steps=tuple(steps), follows={})
        review = replace(self.prepared.review, changeset=changeset)
        return Planned(replace(self.prepared, subject=replace(self.prepared.subject, review=review)))

    @property
    def review(self) -> Review:
        """The changeset as renderers take it."""
        return self.reviewed(switched=False)

    def reviewed(self, *, switched: bool) -> Review:
        """The same on a Commet that has switched to plan versions, or not."""
        found = effects(self.changeset.changes, self.catalog.contract, switched=switched)
        return Review(self.changeset, self.live.resources, self.live.ids, found, switched=switched)

    @property
    def document(self) -> dict[str, Any]:
        """The changeset as data."""
        return plan_document(self.review, self.catalog.desired)

    @property
    def actions(self) -> list[str]:
        """`+ plan.pro`, `~ …`, `- …`, and `! …` for what is blocked."""
        signs = {"Create": "+", "Update": "~", "Delete": "-"}
        changes = self.changeset.changes
        done = [f"{'±' if is_replaced(c) else signs[type(c).__name__]} {c.address}" for c in changes]
        return done + [f"! {item.change.address}" for item in self.changeset.blocked]

    @property
    def unmanaged(self) -> list[str]:
        """The addresses of what is left alone."""
        return [str(address) for address in self.changeset.unmanaged]


@lru_cache(maxsize=8)
def loaded(folder: Path, yaml: str, version: str) -> Catalog:
    """The catalog in a text; parsed once, however often it is applied."""
    file = folder / "commet.yaml"
    file.write_text(yaml, encoding="utf-8")
    return load(file, version)


@dataclass
class Shop:
    """An account in memory, and the file that is applied to it."""

    folder: Path
    version: str = "2026-08-27"
    quirks: Mapping[str, str] = field(default_factory=dict)
    key: str = KEY
    names: dict[str, str] = field(default_factory=dict)
    #: What a run expects the organization to be.
    livemode: bool = False
    parallelism: int = 1
    database: str | Path = ":memory:"
    #: Where runs leave their journals; None for nowhere.
    journals: Journals | None = None
    #: The kinds of objects that the emulator has.
    resources: tuple[EmulatorResource, ...] = field(default_factory=lambda: tuple(SERVED))

    def __enter__(self) -> Self:
        self.app = create_app(self.database, quirks=self.quirks, resources=self.resources)
        #: What goes wrong on the way to it; nothing unless it is told.
        self.faulty = with_faults(self.app, [])
        self.recorder = Recorder(httpx.WSGITransport(self.faulty))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.app.close()

    def load(self, yaml: str) -> Catalog:
        """The catalog in a text, spoken in the shop's version."""
        return loaded(self.folder, yaml, self.version)

    def client(self, catalog: Catalog) -> Client:
        """A client that speaks the catalog's contract."""
        return self.client_for(catalog.contract)

    def client_for(self, contract: Contract) -> Client:
        """A client that speaks a contract."""
        connection = Connection("http://127.0.0.1", self.key, self.recorder)
        return Client(connection, contract, patience=QUICK, governor=Governor(self.parallelism))

    @property
    def account(self) -> ShopAccount:
        """The account, for use cases."""
        return ShopAccount("http://127.0.0.1", parallelism=self.parallelism, shop=self)

    def plan(
        self, yaml: str, *, prune: bool = False, targets: Sequence[Address] = (), replaced: Sequence[Address] = ()
    ) -> Planned:
        """What would be done for a text."""
        catalog = self.load(yaml)
        wanted = Wanted(
            Path(catalog.file), "", self.version, tuple(map(str, targets)), prune=prune, allow_live=self.livemode,
            allow=(), allow_delete=(), impact=False, replaced=tuple(map(str, replaced)),
        )  # fmt: skip
        journals = self.journals or Unkept(Path())
        return Planned(prepare(catalog, self.account, self.client(catalog), wanted, journals))

    def apply(self, yaml: str, **options: Any) -> list[Outcome]:
        """Plan and carry out; the outcomes."""
        planned = self.plan(yaml, **options)
        assert not planned.changeset.blocked, planned.changeset.blocked
        return self.carry_out(planned)

    def carry_out(self, planned: Planned) -> list[Outcome]:
        """Apply a changeset; the outcomes. Raises the error where the apply ended before there was one."""
        ended = self.conclude(planned)
        if ended.errors and not ended.outcomes:
            raise ended.errors[0]
        return list(ended.outcomes)

    def conclude(self, planned: Planned) -> Conclusion:
        """Apply a changeset, whatever guards may say: read again, carried out, read back."""
        client, journals = self.client(planned.catalog), self.journals or Unkept(Path())
        try:
            return Apply(planned.prepared, client, journals, Recording()).carry_out()
        except CommetctlError as error:
            return Conclusion(error.exit_code, errors=(error,))

    def sent(self, planned: Planned) -> list[Outcome]:
        """Send the calls of a changeset, and neither look before nor after."""
        return list(self.run(planned, unwritten(uuid.uuid4().hex)).outcomes())

    def run(self, planned: Planned, journal: Journal) -> Run:
        """A run of a changeset, not begun yet."""
        client = self.client(planned.catalog)
        sender = Sender(
            client,
            Ids(planned.live.ids),
            journal,
            livemode=self.livemode,
            record=Record(planned.live.resources),
            look=lambda: read(planned.catalog, client)[0].resources,
        )
        return Run(
            planned.changeset,
            sender,
            prove_scale=lambda price, ids: prove_scale(client, ids[plan_of(price)]),
            parallelism=self.parallelism,
        )

    def make(self, yaml: str, **options: Any) -> None:
        """Apply a text, all of it."""
        planned = self.plan(yaml, **options)
        assert not planned.changeset.blocked, planned.changeset.blocked
        ended = self.conclude(planned)
        assert all(isinstance(outcome, Applied) for outcome in ended.outcomes), ended.outcomes
        assert (ended.exit_code, ended.errors) == (0, ())

    def found(self, yaml: str) -> None:
        """Begin with the account that a text makes of an empty one; applied once in a process, for many tests."""
        assert not self.recorder.requests, "the account is not new"
        key = (self.version, tuple(sorted(self.quirks.items())), self.key, yaml)
        database = self.app._store._connection
        if key not in _FOUNDED:
            self.make(yaml)
            self.recorder.requests.clear()
            _FOUNDED[key] = sqlite3.connect(":memory:", check_same_thread=False)
            database.backup(_FOUNDED[key])
            atexit.register(_FOUNDED[key].close)
        _FOUNDED[key].backup(database)

    def cut(self, yaml: str, writes: int, *, last_arrives: bool) -> int:
        """Apply a text while the line is lost after some writes; how many changes were not applied."""
        planned = self.plan(yaml)
        self.recorder.writes_left, self.recorder.last_arrives = writes, last_arrives
        outcomes = self.carry_out(planned)
        self.recorder.writes_left = None
        return sum(not isinstance(outcome, Applied) for outcome in outcomes)

    def calls(self, yaml: str, **options: Any) -> list[str]:
        """The writes that a text takes, as `METHOD /path {body}`, with addresses for the ids."""
        self.recorder.requests.clear()
        self.make(yaml, **options)
        names = {id_: str(address) for address, id_ in self.plan(yaml, **options).live.ids.items()}
        names = {**self.names, **names}
        return [line(request, names) for request in self.recorder.requests if request.method != "GET"]

    def remember_ids(self, yaml: str) -> None:
        """Keep the names of ids that the next change may delete."""
        self.names |= {id_: str(address) for address, id_ in self.plan(yaml).live.ids.items()}

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """A raw request, as the dashboard or another tool would make it."""
        with httpx.Client(transport=httpx.WSGITransport(self.app), base_url="http://127.0.0.1/api/v1") as client:
            headers = {"x-api-key": self.key, "Commet-Version": "2026-08-27"}
            response = client.request(method, path, json=body, headers=headers)
            response.raise_for_status()
            return response.json() if response.content else None


def not_held(outcomes: Sequence[Outcome], planned: Planned, found: Live) -> dict[str, str]:
    """What was applied and is not so in the account as it is `found` afterwards: address to what is left."""
    said = "Commet confirmed the change, but when it is read back, "
    judged = held(outcomes, planned.changeset, found.resources)
    failures = (outcome for outcome in judged if isinstance(outcome, Failed))
    return {str(failure.change.address): failure.error.message.removeprefix(said) for failure in failures}


def line(request: httpx.Request, names: Mapping[str, str]) -> str:
    """A request as one line with addresses for ids."""
    text = f"{request.method} {request.url.path.removeprefix('/api/v1')}"
    if request.content:
        text += " " + json.dumps(json.loads(request.content), ensure_ascii=False)
    for id_, name in names.items():
        text = text.replace(id_, "{" + name + "}")
    return text


def visible(live: Live, catalog: Catalog) -> dict[str, dict[str, Any]]:
    """The live objects that a catalog manages, as plain data."""
    kinds = {kind for section in catalog.sections for kind in section.kinds}
    return {str(a): plain(r) for a, r in live.resources.items() if a.kind in kinds}


def plain(resource: Resource) -> dict[str, Any]:
    """The fields of a resource, without those that say nothing."""
    return dict(resource.fields)
