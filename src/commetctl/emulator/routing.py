"""From the verb and path of a request to the operation that serves it, or to the reason why there is none."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule

from commetctl.emulator.errors import not_emulated, unavailable, unknown
from commetctl.emulator.resource import Operation, Resource
from commetctl.emulator.unserved import UNSERVED
from commetctl.emulator.versions import VERSIONS, ApiVersion

PREFIX = "/api/v1"


class Route(NamedTuple):
    """An operation that a request names: the permission that it needs, and the parts of the path."""

    permission: str
    operation: Operation
    arguments: Mapping[str, str]


def find(resources: tuple[Resource, ...], version: ApiVersion, verb: str, path: str) -> Route:
    """The operation of a request.

    `endpoint_not_available` when only other API versions have it, `not_found` when no version has the path, or the verb
    of the path, and `not_emulated` when the emulator does not serve it.
    """
    request = f"{verb} {path}"
    found = _match(resources, version, verb, path)
    if found is None:
        others = (_match(resources, other, verb, path) for other in VERSIONS.values())
        raise unavailable(request, version.name) if any(others) else unknown(request, _verbs(resources, path))
    served, arguments = found
    if served is None:
        raise not_emulated(request)
    return Route(*served, arguments)


_Match = tuple[tuple[str, Operation] | None, Mapping[str, str]]


def _match(resources: tuple[Resource, ...], version: ApiVersion, verb: str, path: str) -> _Match | None:
    try:
        found: _Match = _routes(resources, version).bind("emulator").match(path, verb)
    except (NotFound, MethodNotAllowed):
        return None
    return found


def _verbs(resources: tuple[Resource, ...], path: str) -> list[str]:
    """The verbs that a path takes in any version."""
    found = (_routes(resources, version).bind("emulator").allowed_methods(path) for version in VERSIONS.values())
    return sorted({verb for verbs in found for verb in verbs if verb != "HEAD"})


@cache
def _routes(resources: tuple[Resource, ...], version: ApiVersion) -> Map:
    """The routes of one API version, each with its permission and operation, or None when it is not served."""
    served = [(resource.permission, operation) for resource in resources for operation in resource.operations]
    routes = [(operation.route_in(version), (permission, operation)) for permission, operation in served]
    rules = [_rule(route, endpoint) for route, endpoint in routes if route]
    for (since, until), unserved in UNSERVED.items():
        if version.within(since, until):
            rules.extend(_rule(route, None) for route in unserved)
    return Map(rules, strict_slashes=False, merge_slashes=False)


def _rule(route: str, endpoint: tuple[str, Operation] | None) -> Rule:
    verb, path = route.split(" ")
    return Rule(PREFIX + path, methods=[verb], endpoint=endpoint)
