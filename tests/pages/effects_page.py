"""The page of the table of effects."""

from collections.abc import Iterator

from commetctl.core.contract import CONTRACTS
from commetctl.core.impact import When
from commetctl.kinds import every_kind
from commetctl.kinds.effects import Row, Way

TABLE = [row for kind in every_kind() for row in kind.effects]

_HEAD = """\
# What a change means for existing customers

A price that is edited in a file sooner or later meets somebody who pays it. This page lists every change of a catalog
that commetctl can make, and what Commet documents about it: what it means for **existing customers**, and from when.
`commetctl plan`, `apply` and `diff` print the same beside each change, and so do the page of `preview`, Markdown and
JSON. Nothing here is measured: the rules are Commet's own, and the last column says where they stand.

An existing customer is one with a subscription on the plan, a trial included, at the moment of the change. New
customers get what the catalog says when they sign up, always.

| from when | what that is |
|---|---|
"""

_WHENS = {
    When.AT_ONCE: "In the period that is running now.",
    When.NEXT_PERIOD: "In the period after the one that is running now.",
    When.AT_RENEWAL: "For each customer at the end of the period that is paid for, so up to a year later.",
    When.NEW_ONLY: "Whoever has it keeps it as it is. It counts for what is bought or begun from now on.",
    When.NOT_AT_ALL: "No bill and no entitlement of theirs moves.",
    When.UNKNOWN: "Commet's documentation does not say it, or it depends on a value that Commet does not return.",
}

_SOURCES = """
*Otherwise* is where nobody can tell up from down: the value before is not known, or an amount that Commet derived is
written out as the same number.

## When Commet has plan versions

Commet's public sources describe plan versions, for API version 2026-10-04. From the day of the switch on, an edit of a
plan makes a new version for new purchases. Each subscription keeps the version that it accepted, also where the edit
was made through an older API version. `commetctl plan` and `apply` find out which of the two holds, with one request
that only a Commet with plan versions answers (`GET /plans/{id}/versions`), where it matters to a change. A request that
fails counts as not switched. After the switch, the rows *where Commet has plan versions* apply, the plan says so once
(`"plan_versions": true` in JSON), and the recurring revenue of existing customers does not change. `diff` compares two
files without Commet, and describes a Commet without plan versions.

## Sources

The sources: *guide* and *reference* are the documentation in the official SDK 9.7.0, for API version 2026-08-27, by
page. *Skills* are Commet's own skills pages of April 2026, or of July where that is said. *Plan versions* is the guide
on API version 2026-10-04. The *older guide* is that of spring 2026, to which API
version 2026-07-11 belongs. *Webhooks* is the SDK's reference of events. What was written down for one version only, and
is nowhere said to be different in the other, counts for both.
"""

_TAIL = """
What a change means that this table does not know is said to be not known, and never left out.

This page is made from the rows of [the kinds](../src/commetctl/kinds) by `make docs`, and a test holds it to that.
"""

_TITLES = {
    "feature": "Features",
    "market": "Markets",
    "plan": "Plans",
    "plan_price": "Prices",
    "regional_price": "Regional prices",
    "market_price": "Market prices",
    "price_variant": "Variants of prices",
    "variant_price": "Market prices of variants",
    "exchange_rate": "Exchange rates",
    "plan_feature": "Features of a plan",
    "regional_unit_price": "Unit prices in another currency",
    "credit_pack": "Credit packs",
    "plan_group": "Plan groups",
    "addon": "Add-ons",
    "offer": "Offers",
    "promo_code": "Promo codes",
}

_WAYS = {
    Way.NEW: "new",
    Way.GONE: "removed",
    Way.UP: "up",
    Way.DOWN: "down",
    Way.ON: "turned on",
    Way.OFF: "turned off",
    Way.ADDED: "added",
    Way.REMOVED: "removed",
    Way.REPLACED: "replaced",
}

#: Words for a way of one field where its own are clearer.
_SPECIAL = {
    ("visibility", Way.ON): "`private` → `public`",
    ("visibility", Way.OFF): "`public` → `private`",
}


def page() -> str:
    """The page for the table as it is."""
    whens = "".join(f"| {when.label} | {_WHENS[when]} |\n" for when in When)
    kinds = dict.fromkeys(row.kind for row in TABLE)
    return _HEAD + whens + _SOURCES + "".join(map(_section, kinds)) + _TAIL


def _section(kind: str) -> str:
    rows = [row for row in TABLE if row.kind == kind]
    head = "| what changes | from when | what it means | source | API versions |\n|---|---|---|---|---|\n"
    return f"\n## {_TITLES[kind]}\n\n`{kind}`\n\n{head}" + "".join(map(_line, rows))


def _line(row: Row) -> str:
    cells = (_what(row), row.when.label, row.text or "–", row.source, _versions(row))
    return "| " + " | ".join(cells) + " |\n"


def _what(row: Row) -> str:
    return " ".join(_words(row))


def _words(row: Row) -> Iterator[str]:
    if row.field:
        yield f"`{row.field}`"
    if (row.field, row.way) in _SPECIAL:
        yield _SPECIAL[row.field, row.way]
    elif row.way is not Way.ANY:
        yield _WAYS[row.way]
    elif any(other.way is not Way.ANY for other in TABLE if (other.kind, other.field) == (row.kind, row.field)):
        yield from () if row.given else ("otherwise",)
    if row.given:
        yield row.given.words


def _versions(row: Row) -> str:
    return "all" if row.versions == CONTRACTS.keys() else ", ".join(sorted(row.versions))
