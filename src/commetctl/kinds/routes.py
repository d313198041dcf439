"""The requests of a kind."""

from typing import NamedTuple

from commetctl.core.contract import V2026_07_11, Route

_OLDER = V2026_07_11.version


class Routes(NamedTuple):
    """The requests of a kind.

    Without `delete`, an update deactivates. `each` reads one object, where the list does not say all of it.
    """

    list: Route
    create: Route
    update: Route
    delete: Route | None = None
    each: Route | None = None


def routes(path: str, *, in_older: bool) -> Routes:
    """The requests of a kind that go to one path and to that of an object, as in most kinds.

    Where the older version of the API has them too, it updates by PUT.
    """
    one, absent = f"{path}/{{id}}", {} if in_older else {_OLDER: None}
    return Routes(
        list=Route("GET", path, absent),
        create=Route("POST", path, absent),
        update=Route("PATCH", one, {_OLDER: ("PUT", one) if in_older else None}),
        delete=Route("DELETE", one, absent),
    )
