"""The client: requests and lists of one version of the Commet API, with retries and a limit on requests at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote

from commetctl.api.connection import LARGEST_ANSWER, LARGEST_LIST, Connection
from commetctl.api.pacing import Governor, Patience, in_doubt
from commetctl.api.rows import Answer
from commetctl.core.call import Request
from commetctl.core.contract import Contract, Listing, Row, Rows
from commetctl.core.errors import ApiError, CommetctlError, Unreachable

_MOST_PAGES = 10_000
#: Cursors go back in the address, which has a limit of its own.
_LONGEST_CURSOR = 4096

#: Called with (method, path, status) after each answer.
Watch = Callable[[str, str, int], None]
#: Called with the error of an attempt, and the seconds until the next one.
OnWait = Callable[[CommetctlError, float], None]
#: Called with what is being read, `Reading plans … 3 of 7`, and with nothing once it is read.
OnRead = Callable[[str], None]

T = TypeVar("T")


class Client:
    """Sends requests in the API version of a contract. Every kind of failure is raised as a CommetctlError.

    A failure that may pass is tried again, as `patience` allows. Safe to use from several threads, which share the
    `governor`.
    """

    def __init__(
        self,
        connection: Connection,
        contract: Contract,
        *,
        governor: Governor | None = None,
        patience: Patience | None = None,
        watch: Watch | None = None,
        on_wait: OnWait | None = None,
        on_read: OnRead | None = None,
    ) -> None:
        self.contract = contract
        self.governor = governor or Governor()
        self._patience = patience or Patience()
        self._watch = watch
        self._on_wait = on_wait
        self._on_read = on_read
        #: The verb that `on_read` is called with: `Reading plans`. While it is empty, `on_read` is not called.
        self.activity = "Reading"
        self._connection = connection

    @property
    def clock_skew(self) -> float | None:
        """How many seconds the clock of this machine is behind the API's; None where no answer gave a time."""
        return self._connection.clock_skew

    @property
    def time(self) -> datetime | None:
        """The time of the last answer, by the clock of the API; None where it gave none."""
        return self._connection.time

    @property
    def switches(self) -> Mapping[str, str]:
        """What a local Commet says of itself that decides what it takes; Commet itself says nothing of the kind."""
        return dict(part.split("=", 1) for part in self._connection.emulator.split() if "=" in part)

    def tell(self, what: str) -> None:
        """Call `on_read` with what is read next, such as `plans`, or with nothing once everything is read."""
        if self._on_read and self.activity:
            self._on_read(f"{self.activity} {what}" if what else "")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def send(self, request: Request, idempotency_key: str = "", *, version: str | None = None) -> Any:
        """Send a request, in the version of the contract unless another is given; the answer without its envelope.

        The answer is None where it is empty. Raises ApiError for an error of the API, and Unreachable where no answer
        of the API came.
        """
        headers = self._headers(version)
        keyed = bool(idempotency_key) and request.method in ("POST", "PUT", "PATCH")
        if keyed:
            headers["Idempotency-Key"] = idempotency_key
        return _unwrapped(self._patiently(request.method, partial(self._attempt, request, headers), keyed=keyed))

    def once(self, request: Request, *, version: str) -> Any:
        """The answer to a request with its envelope, without another attempt: for a question that may go unanswered.

        Raises what `send` raises.
        """
        return self._attempt(request, self._headers(version))

    def list(self, listing: Listing) -> Rows:
        """All rows of a list, from all of its pages.

        Raises ApiError for an error of the API, and Unreachable where no list came, or the API says that there are more
        rows and not how to get them: a list with rows missing must not pass for a whole one.
        """
        return [row for page in self.digest(listing, list, largest=LARGEST_ANSWER) for row in page]

    def digest(
        self, listing: Listing, work: Callable[[Iterable[Row]], T], *, largest: int = LARGEST_LIST
    ) -> Iterator[T]:
        """Apply `work` to the rows of each page of a list as they arrive, and yield its result. Rows are not kept.

        The API may send the whole list as one page; `largest` is the most bytes of one. Where an answer breaks, `work`
        is called again with all rows of that page, so it must change nothing outside. Raises what `list` raises, and
        what `work` raises.
        """
        _, path = self.contract.at(listing.route)
        query = dict(listing.query)
        followed: set[str] = set()
        for _ in range(_MOST_PAGES):
            content, answer = self._page(path, query, listing.version, work, largest)
            yield content
            if not answer.paging.get("hasMore"):
                return
            cursor = str(answer.paging.get("nextCursor") or "")
            if not cursor or cursor in followed or not answer.count or len(cursor) > _LONGEST_CURSOR:
                break
            followed.add(cursor)
            query["cursor"] = cursor
        raise Unreachable(
            f"GET {path} says that there are more rows, but not how to get them",
            "an incomplete list cannot be compared; report this to Commet support",
            code="incomplete_list",
        )

    def _page(
        self,
        path: str,
        query: Mapping[str, str],
        version: str | None,
        work: Callable[[Iterable[Row]], T],
        largest: int,
    ) -> tuple[T, Answer]:
        """The result of `work` for the rows of one page, and the answer that they were in."""
        request = self._connection.request("GET", path, self._headers(version), query=query)

        def attempt() -> tuple[T, Answer]:
            with self.governor.turn(), self._connection.opened(request) as response:
                self._saw("GET", path, response.status_code)
                answer, rows = self._connection.rows(path, response, largest)
                content = work(rows)
                for _ in rows:
                    # Rows that `work` left: only at the end is it known whether the page is whole, and the last one.
                    pass
            if not answer.is_list:
                raise Unreachable(
                    f"GET {path} did not return a list of objects",
                    "check that --api-url points at the Commet API",
                    code="not_a_list",
                )
            return content, answer

        return self._patiently("GET", attempt)

    def _attempt(self, request: Request, headers: Mapping[str, str]) -> Any:
        path = "".join("/" + _segment(text) for text in request.path)
        ready = self._connection.request(request.method, path, headers, body=request.body)
        with self.governor.turn():
            response, body = self._connection.answer(ready, path)
        self._saw(request.method, path, response.status_code)
        return self._connection.content(request.method, path, response, body)

    def _patiently(self, method: str, once: Callable[[], T], *, keyed: bool = False) -> T:
        """Attempt something until it succeeds, or its failure is final."""
        attempt, waited, doubt = 1, 0.0, False
        while True:
            try:
                content = once()
            except CommetctlError as error:
                self._note(error)
                # The failure of the last attempt, say a refused connection, tells nothing about the first.
                error.after_doubt = doubt
                doubt = in_doubt(error)
                seconds = self._patience.before_next(attempt, waited, method, keyed=keyed, error=error)
                if seconds is None or self.governor.stopped:
                    raise
                if self._on_wait:
                    self._on_wait(error, seconds)
                if not self.governor.wait(seconds):
                    raise
                attempt, waited = attempt + 1, waited + seconds
            else:
                self.governor.went_well()
                return content

    def _headers(self, version: str | None) -> dict[str, str]:
        return {"Commet-Version": version or self.contract.version}

    def _saw(self, method: str, path: str, status: int) -> None:
        if self._watch:
            self._watch(method, path, status)

    def _note(self, error: CommetctlError) -> None:
        if isinstance(error, ApiError) and error.status == 429:
            # No request waits longer than its patience, so the others do not either, whatever the answer asks for.
            self.governor.throttled(min(error.retry_after or 0.0, self._patience.total))


def _segment(text: str) -> str:
    """A segment of a path, quoted. Raises CommetctlError for one that would lead out of the path."""
    if text in ("", ".", ".."):
        raise CommetctlError(f"`{text}` cannot be an id in Commet", "check the id", code="bad_id")
    return quote(text, safe="")


def _unwrapped(content: Any) -> Any:
    """An answer without the envelope of the older API generation."""
    # An answer that claims success and an error at once is left as it is, so that the caller sees both.
    if isinstance(content, dict) and content.get("success") is True and "data" in content and not content.get("error"):
        return content["data"]
    return content
