"""The requests that plans, their prices and their features are read and written by, in each version of the API."""

from commetctl.core.contract import V2026_07_11, Route

_OLDER = V2026_07_11.version

LIST_PLANS = Route("GET", "/plans")
GET_PLAN = Route("GET", "/plans/{plan}")
CREATE_PLAN = Route("POST", "/plans", {_OLDER: ("POST", "/plans/manage")})
UPDATE_PLAN = Route("PATCH", "/plans/{plan}", {_OLDER: ("PUT", "/plans/{plan}/manage")})
DELETE_PLAN = Route("DELETE", "/plans/{plan}", {_OLDER: ("DELETE", "/plans/{plan}/manage")})
SET_VISIBILITY = Route("PUT", "/plans/{plan}/visibility")

ADD_PRICE = Route("POST", "/plans/{plan}/prices")
UPDATE_PRICE = Route("PATCH", "/plans/{plan}/prices/{price}", {_OLDER: ("PUT", "/plans/{plan}/prices/{price}")})
DELETE_PRICE = Route("DELETE", "/plans/{plan}/prices/{price}")
SET_DEFAULT_PRICE = Route("PUT", "/plans/{plan}/prices/{price}/default")

SET_REGIONAL_PRICES = Route("PUT", "/plans/{plan}/prices/{price}/regional")
DELETE_REGIONAL_PRICES = Route("DELETE", "/plans/{plan}/prices/{price}/regional")
SET_REGIONAL_PRICING = Route("PUT", "/plans/{plan}/regional")

ADD_PLAN_FEATURE = Route("POST", "/plans/{plan}/features")
UPDATE_PLAN_FEATURE = Route(
    "PATCH", "/plans/{plan}/features/{feature}", {_OLDER: ("PUT", "/plans/{plan}/features/{feature}")}
)
REMOVE_PLAN_FEATURE = Route("DELETE", "/plans/{plan}/features/{feature}")
