"""The kinds of objects that the emulator has: one module for each, and several for plans."""

from commetctl.emulator.resource import Resource
from commetctl.emulator.resources import (
    addons,
    credit_packs,
    customers,
    features,
    invoices,
    markets,
    offers,
    plan_features,
    plan_groups,
    plan_versions,
    plans,
    prices,
    promo_codes,
    regional,
    subscription_addons,
    subscription_offers,
    subscriptions,
    test_clock,
)

#: Every kind: the operations of the API and the tables of the database are those of the kinds in this list.
RESOURCES: tuple[Resource, ...] = (
    features.RESOURCE,
    markets.RESOURCE,
    plan_groups.RESOURCE,
    plans.RESOURCE,
    prices.RESOURCE,
    regional.RESOURCE,
    plan_features.RESOURCE,
    plan_versions.RESOURCE,
    credit_packs.RESOURCE,
    offers.RESOURCE,
    promo_codes.RESOURCE,
    customers.RESOURCE,
    subscriptions.RESOURCE,
    addons.RESOURCE,
    subscription_addons.RESOURCE,
    subscription_addons.ACTIVE,
    subscription_offers.RESOURCE,
    invoices.RESOURCE,
    test_clock.RESOURCE,
)
