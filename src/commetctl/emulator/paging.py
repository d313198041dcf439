"""Lists with documented paging: 25 objects unless `limit` is given, at most 100, in every API version."""

import re
from collections.abc import Callable

from commetctl.emulator.resource import Context, Page, refuse
from commetctl.emulator.store import Row
from commetctl.emulator.wire import JsonObject

_LIMIT = re.compile("[1-9][0-9]?|100", re.ASCII)


def paged(
    ctx: Context, kind: str, view: Callable[[Context, Row], JsonObject], where: str, *values: object, select: str = ""
) -> Page:
    """The page that a query asks for by `limit` and `cursor`; a validation error when one of them is wrong.

    `where` and `select` are those of `Context.page`.
    """
    limit = ctx.query.get("limit", "25")
    refuse((not _LIMIT.fullmatch(limit), "limit", "must be an integer between 1 and 100"))
    rows, cursor = ctx.page(kind, where, *values, select=select, size=int(limit))
    return Page([view(ctx, row) for row in rows], cursor, always_paged=True)
