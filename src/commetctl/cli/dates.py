"""Dates on the command line: a date, which is 00:00 UTC, or a time with its offset."""

from datetime import UTC, datetime
from typing import Any

import click

from commetctl.cli.declaring import WHAT, Decorator, option


class Moment(click.ParamType[datetime]):
    """A date or a time with an offset, as in the head of a change."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment in UTC; fails with a usage error for a local time and for what is no date."""
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date: write 2027-01-01, or a time such as 2027-01-01T09:00:00Z", param, ctx)
        if len(value) > len("2027-01-01") and found.tzinfo is None:
            self.fail(f"{value!r} has no offset: end it with Z for UTC, or with +01:00", param, ctx)
        try:
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except OverflowError:
            self.fail(f"{value!r} is not within the years 1 to 9999 in UTC", param, ctx)


def at(text: str) -> Decorator:
    """The moment as of which the catalog is taken, for what `text` says."""
    return option(WHAT, "--at", "moment", type=Moment(), metavar="DATE", help=text)
