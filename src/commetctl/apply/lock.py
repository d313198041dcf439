"""The lock: a feature that nobody can buy, by which runs on other machines see that somebody is at work.

Commet has no lock to offer, and no write that fails when somebody else was faster. What it has is a list of features:
each run adds one of its own there, looks who else did, and steps back if it is not alone. Of two that do so at the same
time, the later one sees the earlier one; it may be that both step back, and never that none does.
"""

import getpass
import os
import re
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from commetctl.api.client import Client
from commetctl.core.contract import Listing
from commetctl.core.errors import ApiError, CommetctlError, Refused
from commetctl.kinds.features import LOCK

#: Clocks of different machines differ by less.
_SKEW = timedelta(minutes=1)
_TEXT = re.compile(r"held by (?P<owner>.*) until (?P<until>\S+)\Z", re.DOTALL)


@dataclass(frozen=True)
class Holder:
    """Who holds a lock: its code, the owner's own words, and when it ends by itself; None when that cannot be read."""

    code: str
    owner: str
    until: datetime | None

    def is_over(self, now: datetime) -> bool:
        """Whether nobody has to respect it any more. One that does not say its end stays."""
        return self.until is not None and now > self.until + _SKEW


@dataclass
class Lock:
    """The lock of one run on one account."""

    client: Client
    run_id: str
    owner: str
    minutes: int
    livemode: bool

    @property
    def code(self) -> str:
        """The code of the feature that stands for it."""
        return f"{LOCK}{self.run_id[:16]}"

    def take(self) -> None:
        """Take it, clearing away those that are over. Raises Refused when another run holds one."""
        self._refuse_unless_alone()
        until = datetime.now(UTC) + timedelta(minutes=self.minutes)
        body = {
            "code": self.code,
            "name": f"commetctl lock {self.run_id[:16]}",
            "type": "boolean",
            "description": f"held by {self.owner} until {until.isoformat(timespec='seconds')}",
        }
        call = self.client.contract.call("create_feature", body)
        try:
            answer = self.client.send(call, {}, f"commetctl-lock-{self.run_id}")
            if isinstance(answer, Mapping) and answer.get("livemode") is (not self.livemode):
                raise Refused("the key belongs to another organization than the plan was made for", code="wrong_mode")
            self._refuse_unless_alone()
        except CommetctlError:
            self.release()
            raise

    def release(self) -> None:
        """Let go of it; raises CommetctlError when that cannot be done."""
        remove(self.client, self.code)

    def _refuse_unless_alone(self) -> None:
        now = datetime.now(UTC)
        for holder in holders(self.client):
            if holder.code == self.code:
                continue
            if holder.is_over(now):
                remove(self.client, holder.code)
                continue
            end = f"until {holder.until:%Y-%m-%d %H:%M:%S} UTC" if holder.until else "without an end that can be read"
            raise Refused(
                f"the account is locked by {holder.owner} {end}",
                f"wait for that run; if it is gone, delete the feature `{holder.code}` in the dashboard",
                code="locked",
            )


def owner() -> str:
    """Who is at work, for others to read: the job of a known CI, else the user and the machine."""
    job, repository = os.environ.get("GITHUB_RUN_ID"), os.environ.get("GITHUB_REPOSITORY")
    if job and repository:
        return f"GitHub run {job} of {repository}"
    if url := os.environ.get("CI_JOB_URL"):
        return f"GitLab job {url}"
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        # Containers run under numbers that belong to no name.
        user = "somebody"
    return f"{user} on {socket.gethostname()}"


def holders(client: Client) -> Iterator[Holder]:
    """Who holds a lock on the account."""
    for row in client.list(Listing("list_features")):
        code = row.get("code")
        if isinstance(code, str) and code.startswith(LOCK):
            yield _holder(code, row)


def remove(client: Client, code: str) -> None:
    """Take a lock away; one that is gone already is fine."""
    try:
        client.send(client.contract.call("delete_feature", id=code), {})
    except ApiError as error:
        if error.status != 404:
            raise


def _holder(code: str, row: Mapping[str, Any]) -> Holder:
    found = _TEXT.match(str(row.get("description")))
    if not found:
        return Holder(code, "somebody", None)
    try:
        until = datetime.fromisoformat(found["until"])
    except ValueError:
        return Holder(code, found["owner"], None)
    return Holder(code, found["owner"], until if until.tzinfo else until.replace(tzinfo=UTC))
