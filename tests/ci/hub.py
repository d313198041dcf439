"""A GitHub for one repository: comments, issues, pull requests, runs and artifacts, with the rights of each token."""

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ci.serving import Reply, Request, Route, Service, paged

REPOSITORY = "shop/pricing"
TOKEN = "ghs_N0body0ughtT0SeeThisEither"
BOT = "github-actions[bot]"
ALL = frozenset({"comment", "issues", "actions"})
_ROOT = f"/repos/{REPOSITORY}"
_PAGE = 100
WORKFLOW = ".github/workflows/pricing.yml"
RETARGETED = ("base_ref_changed", "automatic_base_change_succeeded")
#: Who opens every pull request.
AUTHOR = "author"
#: When the runs that make plans began.
MADE = "2026-01-01T12:00:00Z"


def zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


class Storage(Service):
    """Where archives are: another server, which must never be shown a token."""

    def __init__(self) -> None:
        super().__init__()
        self.archives: dict[str, bytes] = {}

    def routes(self) -> list[Route]:
        return [("GET", r"/archives/(\d+)", lambda _, id_: Reply(raw=self.archives[id_]))]

    def admit(self, request: Request) -> Reply | None:
        if request.headers["Authorization"]:
            self.strange.append("the token was shown to the storage")
        return None


@dataclass
class Hub(Service):
    """The state of it all."""

    storage: Storage
    rights: frozenset[str] = ALL
    login: str = BOT
    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    artifacts: list[dict[str, Any]] = field(default_factory=list)
    runs: dict[int, dict[str, Any]] = field(default_factory=dict)
    pulls: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    #: Every pull request that there ever was, and what happened to each.
    opened: list[dict[str, Any]] = field(default_factory=list)
    events: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    #: The reviews of each pull request, oldest first, as GraphQL has them; and the names of the files that it changes.
    reviews: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    files: dict[int, list[str]] = field(default_factory=dict)
    #: Whether the first commit is in the history of the second.
    contains: Callable[[str, str], bool] = field(default=lambda _old, _new: False)
    #: The names of the files that differ between two commits.
    between: Callable[[str, str], list[str]] = field(default=lambda _old, _new: [])

    def __post_init__(self) -> None:
        super().__init__()
        self._ids = iter(range(1000, 100_000))

    def routes(self) -> list[Route]:
        return [
            ("POST", "/graphql", self._graphql),
            ("GET", rf"{_ROOT}/issues/(\d+)/comments", self._list_comments),
            ("POST", rf"{_ROOT}/issues/(\d+)/comments", self._add_comment),
            ("PATCH", rf"{_ROOT}/issues/comments/(\d+)", self._change_comment),
            ("GET", rf"{_ROOT}/issues", self._list_issues),
            ("POST", rf"{_ROOT}/issues", self._add_issue),
            ("PATCH", rf"{_ROOT}/issues/(\d+)", self._change_issue),
            ("GET", rf"{_ROOT}/commits/([0-9a-f]+)/pulls", self._pulls_of),
            ("GET", rf"{_ROOT}/pulls", self._list_pulls),
            ("GET", rf"{_ROOT}/pulls/(\d+)", self._pull),
            ("GET", rf"{_ROOT}/pulls/(\d+)/files", self._files),
            ("GET", rf"{_ROOT}/compare/([0-9a-f]+)\.\.\.([\w-]+)", self._compare),
            ("GET", rf"{_ROOT}/issues/(\d+)/events", self._list_events),
            ("GET", rf"{_ROOT}/actions/artifacts", self._list_artifacts),
            ("GET", rf"{_ROOT}/actions/artifacts/(\d+)/zip", self._archive),
            ("GET", rf"{_ROOT}/actions/runs/(\d+)", self._run),
        ]

    def admit(self, request: Request) -> Reply | None:
        expected = {"Authorization": f"Bearer {TOKEN}", "Accept": "application/vnd.github+json"}
        expected["X-GitHub-Api-Version"] = "2022-11-28"
        wrong = [name for name, value in expected.items() if request.headers[name] != value]
        if wrong or not request.headers["User-Agent"]:
            self.strange.append(f"{request.line} with wrong headers: {wrong}")
            return Reply(401, {"message": "Bad credentials"})
        if request.method != "GET" and request.path != "/graphql":
            pull = request.path.split("/")[5:6]
            about_issue = request.path == f"{_ROOT}/issues" or any(str(i["number"]) in pull for i in self.issues)
            if ("issues" if about_issue else "comment") not in self.rights:
                return _forbidden()
        return _forbidden() if "/actions/" in request.path and "actions" not in self.rights else None

    def write_comment(self, number: int, login: str, body: str) -> dict[str, Any]:
        """A comment by anybody."""
        if len(body) > 65536:
            raise AssertionError("GitHub takes no longer comment")
        row = {
            "id": next(self._ids),
            "user": {"login": login},
            "body": body,
            "html_url": f"https://github.example/{REPOSITORY}/pull/{number}#{len(self.comments)}",
            "issue": number,
        }
        self.comments.append(row)
        return row

    def comments_on(self, number: int, login: str = BOT) -> list[str]:
        return [row["body"] for row in self.comments if row["issue"] == number and row["user"]["login"] == login]

    def upload(self, name: str, files: Mapping[str, bytes], head: str, **run: Any) -> dict[str, Any]:
        """What a run leaves; one of this repository for a pull request, unless told otherwise."""
        id_, run_id = next(self._ids), next(self._ids)
        row: dict[str, Any] = {"event": "pull_request", "head_sha": head, "repository": {"full_name": REPOSITORY}}
        row |= {"head_repository": {"full_name": REPOSITORY}, "path": WORKFLOW, "conclusion": "success"}
        # As after a merge: GitHub names open pull requests only.
        row |= {"head_branch": "dearer", "pull_requests": [], "created_at": MADE, "run_attempt": 1}
        self.runs[run_id] = {"id": run_id, **row, **run}
        artifact: dict[str, Any] = {"id": id_, "name": name, "expired": False}
        artifact |= {"created_at": f"2026-01-01T00:{len(self.artifacts):02}:00Z"}
        artifact["workflow_run"] = {"id": run_id, "head_sha": head}
        self.artifacts.append(artifact)
        self.storage.archives[str(id_)] = zipped(files)
        return artifact

    def review(self, number: int, who: str, text: str, head: str, **more: Any) -> dict[str, Any]:
        """An approval of a commit by a person who may push, unless told otherwise."""
        reviews = self.reviews.setdefault(number, [])
        row: dict[str, Any] = {"state": "APPROVED", "body": text, "commit": {"oid": head}, "lastEditedAt": None}
        row |= {"submittedAt": f"2026-01-01T13:00:{len(reviews):02}Z", "authorCanPushToRepository": True}
        row |= {"author": {"__typename": "User", "login": who}, "editor": None}
        reviews.append({**row, **more})
        return reviews[-1]

    def _graphql(self, request: Request) -> Reply:
        if request.body == {"query": "query { viewer { login } }"}:
            return Reply(200, {"data": {"viewer": {"login": self.login}}})
        given = request.body.get("variables", {})
        if f"{given.get('owner')}/{given.get('name')}" != REPOSITORY or "pullRequest(number: $number)" not in str(
            request.body["query"]
        ):
            self.strange.append(f"unknown query {request.body}")
        return Reply(200, {"data": {"repository": {"pullRequest": self._reviewed(given)}}})

    def _reviewed(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """A pull request with a page of its reviews."""
        number, begin = given["number"], int(given["after"] or 0)
        row: dict[str, Any] = next((row for row in self.opened if row["number"] == number), {})
        rows, end = self.reviews.get(number, []), begin + _PAGE
        retargeted = [event for event in self.events.get(number, []) if event["event"] in RETARGETED][-1:]
        return {
            "mergedAt": row.get("merged_at"),
            "author": {"login": AUTHOR},
            "timelineItems": {"nodes": [{"createdAt": event["created_at"]} for event in retargeted]},
            "reviews": {
                "nodes": rows[begin:end],
                "pageInfo": {"hasNextPage": end < len(rows), "endCursor": str(end)},
            },
        }

    def _list_comments(self, request: Request, number: str) -> Reply:
        return paged(self, request, [row for row in self.comments if row["issue"] == int(number)], _PAGE)

    def _add_comment(self, request: Request, number: str) -> Reply:
        if not request.body.get("body"):
            return Reply(422, {"message": "Validation Failed"})
        return Reply(201, self.write_comment(int(number), self.login, request.body["body"]))

    def _change_comment(self, request: Request, id_: str) -> Reply:
        row = next((row for row in self.comments if row["id"] == int(id_)), None)
        if row is None:
            return Reply(404, {"message": "Not Found"})
        if row["user"]["login"] != self.login:
            self.strange.append("somebody else's comment was changed")
        row |= request.body
        return Reply(200, row)

    def _list_issues(self, request: Request) -> Reply:
        if request.query.get("state") != "open":
            self.strange.append("closed issues were asked for")
        return paged(self, request, [row for row in self.issues if row["state"] == "open"], _PAGE)

    def open_issue(self, login: str, title: str, body: str, **more: Any) -> dict[str, Any]:
        number = 500 + len(self.issues)
        url = f"https://github.example/{REPOSITORY}/issues/{number}"
        row = {"id": next(self._ids), "number": number, "user": {"login": login}, "title": title, "body": body}
        self.issues.append({**row, "state": "open", "labels": [], "html_url": url, **more})
        return self.issues[-1]

    def _add_issue(self, request: Request) -> Reply:
        body = request.body
        labels = [{"name": name} for name in body.get("labels", [])]
        return Reply(201, self.open_issue(self.login, body["title"], body["body"], labels=labels))

    def _change_issue(self, request: Request, number: str) -> Reply:
        row = next(row for row in self.issues if row["number"] == int(number))
        row |= request.body
        return Reply(200, row)

    def _pulls_of(self, request: Request, sha: str) -> Reply:
        return paged(self, request, self.pulls.get(sha, []), _PAGE)

    def _pull(self, _request: Request, number: str) -> Reply:
        found = next((row for row in self.opened if row["number"] == int(number)), None)
        return Reply(404, {"message": "Not Found"}) if found is None else Reply(200, found)

    def _files(self, request: Request, number: str) -> Reply:
        # GitHub lists no more of them.
        rows = [{"filename": name} for name in self.files.get(int(number), ["commet.yaml"])[:3000]]
        return paged(self, request, rows, _PAGE)

    def _compare(self, _request: Request, old: str, new: str) -> Reply:
        status = "identical" if old == new else "ahead" if self.contains(old, new) else "diverged"
        return Reply(200, {"status": status, "files": [{"filename": name} for name in self.between(old, new)[:300]]})

    def _list_pulls(self, request: Request) -> Reply:
        if request.query.get("state") == "closed":
            rows = [row for row in self.opened if row["base"]["ref"] == request.query["base"] and row["closed_at"]]
            return paged(self, request, rows[::-1], _PAGE)
        if request.query.get("state") != "all":
            self.strange.append("only open pull requests were asked for")
        owner, _, branch = request.query["head"].partition(":")
        of = [row for row in self.opened if row["head"]["ref"] == branch and owner == REPOSITORY.partition("/")[0]]
        return paged(self, request, of, _PAGE)

    def _list_events(self, request: Request, number: str) -> Reply:
        return paged(self, request, self.events.get(int(number), []), _PAGE)

    def _list_artifacts(self, request: Request) -> Reply:
        named = [row for row in self.artifacts if row["name"] == request.query.get("name", row["name"])]
        return paged(self, request, named, _PAGE, wrap="artifacts")

    def _archive(self, _request: Request, id_: str) -> Reply:
        return Reply(302, None, {"Location": f"{self.storage.url}/archives/{id_}"})

    def _run(self, _request: Request, id_: str) -> Reply:
        return Reply(200, self.runs[int(id_)])


def _forbidden() -> Reply:
    return Reply(403, {"message": "Resource not accessible by integration"})
