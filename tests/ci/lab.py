"""A GitLab for one project: notes, merge requests, pipelines, jobs and their artifacts."""

from dataclasses import dataclass, field
from typing import Any

from ci.serving import Reply, Request, Route, Service, paged

TOKEN = "glpat-N0body0ughtT0SeeThis"
PROJECT = 42
ME = 77
#: When the pipelines that make plans began.
MADE = "2026-01-01T12:00:00.000Z"
_ROOT = f"/projects/{PROJECT}"
_PAGE = 100


@dataclass
class Lab(Service):
    """The state of it all."""

    notes: list[dict[str, Any]] = field(default_factory=list)
    merge_requests: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    pipelines: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    jobs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    artifacts: dict[tuple[int, str], bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()
        self._ids = iter(range(1, 100_000))

    def routes(self) -> list[Route]:
        return [
            ("GET", "/user", lambda _: Reply(200, {"id": ME})),
            ("GET", rf"{_ROOT}/merge_requests/(\d+)/notes", self._list),
            ("POST", rf"{_ROOT}/merge_requests/(\d+)/notes", self._add),
            ("PUT", rf"{_ROOT}/merge_requests/(\d+)/notes/(\d+)", self._change),
            ("GET", rf"{_ROOT}/repository/commits/([0-9a-f]+)/merge_requests", self._of),
            ("GET", rf"{_ROOT}/merge_requests/(\d+)/pipelines", self._pipelines),
            ("GET", rf"{_ROOT}/pipelines/(\d+)/jobs", self._jobs),
            ("GET", rf"{_ROOT}/jobs/(\d+)/artifacts/(.+)", self._artifact),
        ]

    def admit(self, request: Request) -> Reply | None:
        if request.headers["PRIVATE-TOKEN"] != TOKEN:
            self.strange.append(f"{request.line} without the token")
            return Reply(401, {"message": "401 Unauthorized"})
        return None

    def write_note(self, number: int, author: int, body: str, **more: Any) -> dict[str, Any]:
        """A note by anybody."""
        row = {"id": next(self._ids), "body": body, "author": {"id": author}, "system": False, "number": number}
        row |= {"created_at": "2026-01-01T11:00:00.000Z", **more}
        self.notes.append(row)
        return row

    def ran(self, number: int, sha: str, plan: bytes, **pipeline: Any) -> None:
        """A pipeline of a merge request that made a plan."""
        id_, job = next(self._ids), next(self._ids)
        row = {"id": id_, "sha": sha, "source": "merge_request_event", "created_at": MADE, **pipeline}
        self.pipelines.setdefault(number, []).append(row)
        self.jobs[id_] = [{"id": job, "name": "pricing:plan", "status": "success"}]
        self.artifacts[job, "plan.json"] = plan

    def _list(self, request: Request, number: str) -> Reply:
        return paged(self, request, [row for row in self.notes if row["number"] == int(number)], _PAGE)

    def _add(self, request: Request, number: str) -> Reply:
        return Reply(201, self.write_note(int(number), ME, request.body["body"]))

    def _change(self, request: Request, _number: str, id_: str) -> Reply:
        row = next(row for row in self.notes if row["id"] == int(id_))
        if row["author"]["id"] != ME:
            self.strange.append("somebody else's note was changed")
        row["body"] = request.body["body"]
        return Reply(200, row)

    def _of(self, request: Request, sha: str) -> Reply:
        return paged(self, request, self.merge_requests.get(sha, []), _PAGE)

    def _pipelines(self, request: Request, number: str) -> Reply:
        return paged(self, request, self.pipelines.get(int(number), []), _PAGE)

    def _jobs(self, request: Request, pipeline: str) -> Reply:
        return paged(self, request, self.jobs[int(pipeline)], _PAGE)

    def _artifact(self, _request: Request, job: str, name: str) -> Reply:
        found = self.artifacts.get((int(job), name))
        return Reply(404, {"message": "404 Not Found"}) if found is None else Reply(raw=found)
