"""Dates on the command line: a date, which is 00:00 UTC, or a time with its offset."""

import re
from datetime import UTC, datetime
from typing import Any

import click

from commetctl.cli.declaring import WHAT, Decorator, option


class Moment(click.ParamType[datetime]):
    """A date or a time with an offset, as in the head of a change."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment in UTC; fails with a usage error for a local time and for what is not a date."""
        if isinstance(value, datetime):
            return value
        is_date = re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII)
        try:
            found = datetime.fromisoformat(f"{value}T00:00:00Z" if is_date else value)
            if found.tzinfo is None:
                self.fail(f"{value!r} has no offset from UTC, such as Z or +02:00", param, ctx)
            return found.astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is neither a date nor a time, such as 2027-01-01", param, ctx)


def at(text: str) -> Decorator:
    """The moment as of which the catalog is taken, for what `text` says."""
    return option(WHAT, "--at", "moment", type=Moment(), metavar="DATE", help=text)
