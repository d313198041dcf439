"""A shop: the whole way from YAML to a real emulator and back, with every request on record."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from commetctl.api.client import Client
from commetctl.api.connection import Connection
from commetctl.api.pacing import Governor, Patience
from commetctl.apply import Record, Run, held
from commetctl.apply.journal import Journals, key_of
from commetctl.apply.sending import Notes, Sender
from commetctl.catalog import Catalog, load
from commetctl.core.call import Request
from commetctl.core.change import Applied, Failed, Outcome
from commetctl.core.changeset import Changeset
from commetctl.core.resource import Resource
from commetctl.emulator import RESOURCES, ConnectionDropped, create_app, with_faults
from commetctl.emulator import Resource as EmulatorResource
from commetctl.kinds.plans.addresses import plan_of
from commetctl.kinds.section import Live
from commetctl.planning.reconcile import Options
from commetctl.render.document import plan_document
from commetctl.render.review import Review
from commetctl.review.effects import effects
from commetctl.review.scales import prove_scale
from commetctl.usecases.plan import compare, read

KEY = "ck_sandbox_test"

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
        try:
            return self.inner.handle_request(request)
        except ConnectionDropped:
            # What httpx makes of it where there is a real socket.
            raise httpx.ReadError("the connection was reset", request=request) from None


@dataclass
class Keys:
    """The keys of a run without a journal."""

    run_id: str

    def begin(self, step: str, number: int, request: Request) -> str:
        """The key of a request."""
        return key_of(self.run_id, step, number)

    def end(self, key: str, result: str) -> None:
        """Nothing: nobody reads it."""

    def prepare(self, step: str, resources: Iterable[Resource]) -> None:
        """Nothing: nobody reads it."""

    def complete(self, step: str) -> None:
        """Nothing: nobody reads it."""


@dataclass(frozen=True)
class Planned:
    """A catalog, the account beside it, and the changeset between them."""

    catalog: Catalog
    live: Live
    changeset: Changeset

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
        done = [f"{signs[type(change).__name__]} {change.address}" for change in self.changeset.changes]
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
    resources: tuple[EmulatorResource, ...] = RESOURCES

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
        connection = Connection("http://127.0.0.1", self.key, self.recorder)
        return Client(connection, catalog.contract, patience=QUICK, governor=Governor(self.parallelism))

    def plan(self, yaml: str, **options: Any) -> Planned:
        """What would be done for a text."""
        catalog = self.load(yaml)
        world, changeset = compare(catalog, self.client(catalog), Options(**options))
        return Planned(catalog, world.live, changeset)

    def apply(self, yaml: str, **options: Any) -> list[Outcome]:
        """Plan and carry out; the outcomes."""
        planned = self.plan(yaml, **options)
        assert not planned.changeset.blocked, planned.changeset.blocked
        return self.carry_out(planned)

    def carry_out(self, planned: Planned) -> list[Outcome]:
        """Apply a changeset; the outcomes."""
        run_id = uuid.uuid4().hex
        if self.journals is None:
            return list(self.run(planned, Keys(run_id)).outcomes())
        with self.journals.opened(run_id, {"api_url": "shop"}) as journal:
            outcomes = list(self.run(planned, journal).outcomes())
            journal.finish("exit 0")
            return outcomes

    def run(self, planned: Planned, notes: Notes) -> Run:
        """A run of a changeset, not begun yet."""
        client = self.client(planned.catalog)
        sender = Sender(
            client,
            dict(planned.live.ids),
            notes,
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
        outcomes = self.apply(yaml, **options)
        assert all(isinstance(outcome, Applied) for outcome in outcomes), outcomes

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
    said = "Commet confirmed the change, and when it is read back, "
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
