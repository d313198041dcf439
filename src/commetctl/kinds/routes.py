"""The requests of a kind."""

from collections.abc import Mapping
from typing import NamedTuple

from commetctl.core.contract import V2026_07_11, Route

_OLDER = V2026_07_11.version
#: The most rows that any list puts on a page, in every version. Source: API reference, pagination.
_LARGEST_PAGE = 100


class Routes(NamedTuple):
    """The requests of a kind.

    Without `delete`, an update deactivates. `each` reads one object, where the list does not say all of it. A list that
    is `paged` has 25 rows a page unless it is asked for more.
    """

    list: Route
    create: Route
    update: Route
    delete: Route | None = None
    each: Route | None = None
    paged: bool = False

    @property
    def query(self) -> Mapping[str, str]:
        """What the list is asked with: as few pages as it gives."""
        return {"limit": str(_LARGEST_PAGE)} if self.paged else {}


def routes(path: str, *, in_older: bool, paged: bool = False) -> Routes:
    """The requests of a kind that go to one path and to that of an object, as in most kinds.

    Where the older version of the API has them too, it updates by PUT.
    """
    one, absent = f"{path}/{{id}}", {} if in_older else {_OLDER: None}
    return Routes(
        list=Route("GET", path, absent),
        create=Route("POST", path, absent),
        update=Route("PATCH", one, {_OLDER: ("PUT", one) if in_older else None}),
        delete=Route("DELETE", one, absent),
        paged=paged,
    )
