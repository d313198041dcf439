"""The kinds of objects that the emulator has, one module each, except that a plan takes several."""

from commetctl.emulator.resource import Resource
from commetctl.emulator.resources import (
    credit_packs,
    customers,
    features,
    plan_features,
    plan_versions,
    plans,
    prices,
    regional,
    subscriptions,
)

#: Every kind. What is listed here has its operations in the API and its tables in the database.
RESOURCES: tuple[Resource, ...] = (
    features.RESOURCE,
    plans.RESOURCE,
    prices.RESOURCE,
    regional.RESOURCE,
    plan_features.RESOURCE,
    plan_versions.RESOURCE,
    credit_packs.RESOURCE,
    customers.RESOURCE,
    subscriptions.RESOURCE,
)
