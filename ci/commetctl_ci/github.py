"""GitHub: who the token is, the one comment of a pull request, and the one issue of a drift."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from commetctl_ci.trouble import Trouble
from commetctl_ci.web import Api

_TWICE_BUSY = 3


@dataclass(frozen=True)
class Posted:
    """A comment or an issue of ours."""

    id: int
    url: str
    body: str


class GitHub:
    """One repository, seen with one token."""

    def __init__(self, repository: str) -> None:
        token = os.environ.get("GITHUB_TOKEN", "")
        if not token:
            raise Trouble("there is no github-token", 401)
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        base = os.environ.get("GITHUB_API_URL") or "https://api.github.com"
        self.api = Api(base, headers)
        self.repository = repository
        self.root = "/repos/" + quote(repository)

    def comment(self, number: int, marker: str, body: str, *, create: bool) -> str:
        """Update our comment on a pull request, or make it; its address, empty where none is wanted or there."""
        issue = f"{self.root}/issues/{number}/comments"
        return self._upsert(issue, f"{self.root}/issues/comments", marker, {"body": body}, create=create)

    def issue(self, marker: str, title: str, body: str, label: str) -> str:
        """Update our open issue, or open it; its address."""
        content = {"title": title, "body": body} | ({"labels": [label]} if label else {})
        return self._upsert(f"{self.root}/issues", f"{self.root}/issues", marker, content, create=True)

    def close_issue(self, marker: str, comment: str) -> str:
        """Close our open issues with a comment; the address of the last one, empty where there is none."""
        url = ""
        for found in self._ours(f"{self.root}/issues", marker):
            path = f"{self.root}/issues/{found.id}"
            self.api.call("POST", f"{path}/comments", {"body": comment})
            self.api.call("PATCH", path, {"state": "closed", "state_reason": "completed"})
            url = found.url
        return url

    def _upsert(self, listed: str, single: str, marker: str, content: dict[str, Any], *, create: bool) -> str:
        for attempt in range(_TWICE_BUSY):
            found = next(self._ours(listed, marker), None)
            if found is None and not create:
                return ""
            if found and found.body.replace("\r\n", "\n") == content["body"]:
                return found.url
            try:
                if found:
                    change = {name: value for name, value in content.items() if name != "labels"}
                    return _url(self.api.call("PATCH", f"{single}/{found.id}", change).data)
                return _url(self.api.call("POST", listed, content).data)
            except Trouble as trouble:
                # Whether it was made all the same is seen by looking again, not by sending it again.
                if not (found is None and (trouble.status >= 500 or not trouble.status)) or attempt + 1 == _TWICE_BUSY:
                    raise
                time.sleep(0.5 * 2.0**attempt)
        raise AssertionError("the last attempt returns or raises")

    def _ours(self, path: str, marker: str) -> Iterator[Posted]:
        """Comments or issues that begin with the marker and were written with this token, oldest first."""
        me = self._login()
        query = "?per_page=100" + ("" if path.endswith("/comments") else "&state=open&direction=asc")
        for row in self.api.pages(path + query):
            user, body = row.get("user"), row.get("body")
            mine = isinstance(user, dict) and str(user.get("login")).lower() == me
            first = body.splitlines()[0].rstrip() if isinstance(body, str) and body else ""
            if mine and first == marker and "pull_request" not in row:
                name = "id" if path.endswith("/comments") else "number"
                yield Posted(int(row[name]), _url(row), str(body))

    def graphql(self, query: str, **variables: Any) -> Any:
        """What a query is answered; None where the answer holds no data, or errors: a part may be null by one."""
        url = os.environ.get("GITHUB_GRAPHQL_URL") or self.api.base.rstrip("/") + "/graphql"
        body = {"query": query} | ({"variables": variables} if variables else {})
        data = self.api.call("POST", url, body).data
        return data.get("data") if isinstance(data, dict) and not data.get("errors") else None

    def _login(self) -> str:
        """Who the token is; the one way that works for every kind of token."""
        try:
            return str(self.graphql("query { viewer { login } }")["viewer"]["login"]).lower()
        except (KeyError, TypeError):
            raise Trouble("GitHub does not say whom the token belongs to", 403) from None


def _url(row: Any) -> str:
    url = row.get("html_url") if isinstance(row, dict) else None
    return url if isinstance(url, str) and url.startswith(("https://", "http://")) and url.isprintable() else ""
