"""A changeset as text: every kind of line, plain and coloured, with nothing that a terminal would obey."""

import re
from dataclasses import replace
from decimal import Decimal

from golden.reviews import small

from commetctl.core.call import ApiCall, Ref, Step
from commetctl.core.change import Applied, Change, Create, Delete, Failed, FieldChange, Outcome, Skipped, Update
from commetctl.core.changeset import Blocked, Changeset, Notice
from commetctl.core.errors import CommetctlError, Refused
from commetctl.core.money import Derived, Money, UnitPrice
from commetctl.core.resource import ABSENT, UNKNOWN, Address, Origin, Resource, ResourceSet, Value
from commetctl.reading import reading_of
from commetctl.render.terminal import Style, columns, outcome_line, outcome_summary, padded
from commetctl.render.text import plan_text
from commetctl.review.heading import Heading
from commetctl.review.review import Review

PLAN = Address("plan", "pro")
PRICE = Address("plan_price", "pro/monthly")
REGIONAL = Address("regional_price", "pro/monthly/eur")
PACK = Address("credit_pack", "Old\x1b[31m Pack")


def resource(address: Address, **fields: Value) -> Resource:
    return Resource(address, fields, origin=Origin("commet.yaml", 3, 5))


def updated(address: Address, *fields: FieldChange) -> Update:
    before = resource(address, **{item.path: item.before for item in fields})
    return Update(before, resource(address, **{item.path: item.after for item in fields}), fields)


CREATE = Create(resource(PRICE, price=Money(Decimal(49)), trial_days=14, included_credits=None, is_default=True))
UPDATE = updated(
    PLAN,
    FieldChange("name", "Pro", "Pro\u202e"),
    FieldChange("unit_price", UnitPrice(Decimal("0.002")), UnitPrice(Decimal("0.003"))),
    FieldChange("eur", Derived(Money(Decimal(45), "eur")), Money(Decimal("46.5"), "eur")),
    FieldChange("balance", UNKNOWN, Money(Decimal(7200), "jpy")),
    FieldChange("metadata.tier", ABSENT, 2),
    FieldChange("part", Decimal("5.20"), Decimal("1E+2")),
    FieldChange("visible", before=False, after=True),
)
DELETE = Delete(resource(PACK, name="x"))
BLOCKED = Blocked(
    updated(Address("feature", "calls"), FieldChange("type", "usage", "boolean")),
    "`type` is fixed once created, and is usage in Commet", "create another feature",
)  # fmt: skip


def changeset(*changes: Change, blocked: tuple[Blocked, ...] = (), noted: bool = False) -> Changeset:
    """The changes, one call each; the first is told to make an object that the others can name."""
    calls = {
        Create: ApiCall("POST", ("plans", Ref(PLAN), "prices"), {"price": 4900, "plan": Ref(PRICE)}, creates=PRICE),
        Update: ApiCall("PATCH", ("plans", Ref(PLAN)), {"name": "Pro\u202e"}),
        Delete: ApiCall("DELETE", ("credit-packs", "cpk_1")),
    }
    steps = [
        Step(str(c.address), (c.address,), (calls[type(c)],), note="it takes\ttime" if noted else "") for c in changes
    ]
    needs = {step.name: frozenset[str]() for step in steps}
    notices = (Notice("rate", "the rate\x07 cannot be compared", "see Commet", PLAN), Notice("any", "read this"))
    return Changeset(
        changes, tuple(steps), needs, blocked,
        unmanaged=(Address("feature", "legacy"), Address("plan", "o\x9bld")) if noted else (),
        notices=notices if noted else (), along={PACK: (PRICE, REGIONAL)} if noted else {},
    )  # fmt: skip


WHOLE = changeset(CREATE, UPDATE, DELETE, blocked=(BLOCKED,), noted=True)
TEXT = """\
Pro\\u202e
  + Monthly price     49.00 USD                   commet.yaml:3
      Trial days      14
      Default         yes
      it takes\\ttime
  ~ Name              Pro → Pro\\u202e             commet.yaml:3
      Unit price      0.002 → 0.003 USD    +50%
      Eur             ≈ 45.00 → 46.50 EUR  +3.3%
      Balance         unknown → 7,200 JPY
      metadata.tier   not set → 2
      Part            5.2 → 100
      Visible         no → yes
      it takes\\ttime

Credit packs
  - Old\\x1b[31m Pack  deleted
      it takes\\ttime

Blocked, because the API cannot make these changes
  ! Feature calls (feature.calls)
      Type: usage → boolean
      why: `type` is fixed once created, and is usage in Commet
      way out: create another feature

note: plan.pro: the rate\\x07 cannot be compared
  hint: see Commet
note: read this

≈               Commet derives this amount from the US dollar amount and the exchange rate of the
                plan

1 to create, 1 to update, 1 to delete, 1 blocked. 2 objects are not in the catalog and left alone.
Unmanaged: feature.legacy, plan.o\\x9bld"""


def test_every_kind_of_line_has_its_place() -> None:
    assert plan_text(reading_of(Review(WHOLE))) == TEXT


def test_colour_adds_escapes_to_signs_titles_and_values_and_nothing_else() -> None:
    coloured = plan_text(reading_of(Review(WHOLE)), Style(color=True))
    for sign, code in {"+": 32, "~": 33, "-": 31, "!": 35}.items():
        assert coloured.count(f"  \x1b[{code}m{sign}\x1b[0m ") == 1
    assert "\x1b[2m0.002\x1b[0m → \x1b[1m0.003 USD\x1b[0m" in coloured
    assert re.sub("\x1b\\[[0-9;]+m", "", coloured) == TEXT
    heading = Heading("commet.yaml", "live", "eu", "commet.co", "2026-08-27")
    shown = plan_text(reading_of(Review(WHOLE, heading=heading)), Style(color=True)).splitlines()[0]
    assert shown == "\x1b[7;1m LIVE \x1b[0m eu · commet.co · commet.yaml"


def test_requests_stand_below_their_change_with_placeholders_for_what_is_not_there_yet() -> None:
    lines = plan_text(
        reading_of(Review(changeset(CREATE, UPDATE, DELETE), ids={PLAN: "pln_1"})), whole=True
    ).splitlines()
    assert '      POST /plans/pln_1/prices {"price": 4900, "plan": "{plan_price.pro/monthly}"}' in lines
    assert '      PATCH /plans/pln_1 {"name": "Pro\\u202e"}' in lines
    assert "      DELETE /credit-packs/cpk_1" in lines
    assert "POST" not in plan_text(reading_of(Review(changeset(CREATE))))


def test_long_prose_is_wrapped_and_long_values_are_whole() -> None:
    words, value = "many words " * 30, "v" * 300
    item = Blocked(updated(PLAN, FieldChange("name", "x", value)), words, "")
    lines = plan_text(reading_of(Review(changeset(blocked=(item,))))).splitlines()
    assert any(line.endswith(value) for line in lines)
    assert " ".join(" ".join(lines).split()).count("many words") == 30
    assert all(len(line) <= 100 for line in lines if "words" in line)
    assert not any("way out" in line for line in lines)


def test_nothing_to_do_is_said_with_what_was_left_alone() -> None:
    assert plan_text(reading_of(Review(changeset()))) == "No changes: Commet matches the catalog."
    *_, last, unmanaged = plan_text(reading_of(Review(changeset(noted=True))), Style(width=200)).splitlines()
    assert last == (
        "No changes: Commet matches the catalog, apart from what cannot be compared (see above). "
        "2 objects are not in the catalog and left alone."
    )
    assert unmanaged == "Unmanaged: feature.legacy, plan.o\\x9bld"


def test_an_object_with_one_thing_to_say_takes_one_line() -> None:
    one = Create(resource(REGIONAL, price=Money(Decimal("54.5"), "eur"), included_balance=None))
    (line,) = plan_text(reading_of(Review(changeset(one)))).splitlines()[1:2]
    assert line == "  + Monthly price in EUR  54.50 EUR  commet.yaml:3"
    none = Create(resource(PLAN, description=None, is_free=False))
    assert plan_text(reading_of(Review(changeset(none)))).splitlines()[:2] == [
        "pro is new",
        "  + Plan    commet.yaml:3",
    ]


def test_each_outcome_is_one_line_that_says_what_became_of_it() -> None:
    failed = Failed(DELETE, CommetctlError("no\x1b[2J\nand no"))
    outcomes: list[Outcome] = [Applied(CREATE), Applied(UPDATE), failed, Skipped(CREATE, "it needs plan.o\x07")]
    assert [outcome_line(outcome, Style()) for outcome in outcomes] == [
        "  ok       plan_price.pro/monthly created",
        "  ok       plan.pro updated",
        "  failed   credit_pack.Old\\x1b[31m Pack: no\\x1b[2J\\nand no",
        "  skipped  plan_price.pro/monthly: it needs plan.o\\x07",
    ]
    assert outcome_line(failed, Style(color=True)).startswith("  \x1b[31mfailed\x1b[0m   credit_pack")
    assert outcome_summary(outcomes, verified=True) == "2 changes applied and verified, 1 failed, 1 skipped."
    assert outcome_summary([Applied(CREATE)], verified=False) == "1 change applied but not verified."
    assert outcome_summary([failed], verified=True) == "0 changes applied, 1 failed."


def test_signs_of_two_columns_count_as_two() -> None:
    assert [columns(text) for text in ("abc", "日本", "🚀", "e\u0301", "ｱ", "")] == [3, 4, 2, 1, 1, 0]
    assert padded("日本", 6) + "|" == "日本  |"
    assert padded("longer", 3) == "longer"


def test_prose_is_wrapped_by_columns_and_loses_nothing() -> None:
    words = "日本語 の 文章 と english  words " * 9
    for width in (40, 41, 80):
        lines = Style(width=width).wrapped(words)
        assert all(columns(line) <= width for line in lines)
        assert [line[:8].rstrip() == "" for line in lines[1:]] == [True] * (len(lines) - 1)
        assert " ".join(lines).split() == words.split()
    assert Style().wrapped("two  spaces stay") == ["      two  spaces stay"]
    assert Style(width=10).wrapped("unbreakable" * 3 + " a") == ["      " + "unbreakable" * 3, "        a"]
    assert Style().wrapped("") == Style().wrapped("  ") == []


def test_no_line_of_prose_is_a_command_to_a_runner() -> None:
    lines = Style(width=12).wrapped("a ::error::b ::c")
    assert lines == ["      a", "        \\x3a:error::b", "        \\x3a:c"]


def test_every_amount_that_goes_along_has_a_line() -> None:
    prices = [resource(Address("plan_price", f"pro/{name}"), price=Money(Decimal(9))) for name in ("monthly", "yearly")]
    review = Review(
        replace(changeset(Delete(resource(PLAN, name="Pro"))), along={PLAN: tuple(p.address for p in prices)}),
        ResourceSet([resource(PLAN, name="Pro"), *prices]),
    )
    lines = plan_text(reading_of(review)).splitlines()
    assert lines[:4] == ["Pro is deleted", "  - Plan             deleted", "      Monthly price  9.00 USD",
                         "      Yearly price   9.00 USD"]  # fmt: skip


def test_lines_that_do_not_fit_take_two_and_then_three() -> None:
    review = small()
    wide, narrow, tiny = (plan_text(reading_of(review), Style(width=width)).splitlines() for width in (120, 80, 40))
    assert (
        "  ~ Monthly price         45.00 → 49.00 USD  +8.9%  at renewal  112 subscriptions        commet.yaml:19"
        in wide
    )
    assert narrow[narrow.index("  ~ Monthly price         45.00 → 49.00 USD  +8.9%") + 1] == (
        "      at renewal  112 subscriptions  commet.yaml:19"
    )
    start = tiny.index("  ~ Monthly price")
    assert tiny[start + 1].split() == ["45.00", "→", "49.00", "USD", "+8.9%", "at"]


def test_names_and_descriptions_are_left_out_of_a_long_list_and_amounts_are_not() -> None:
    words = [
        updated(Address("feature", f"f{number:02}"), FieldChange("name", "Old", f"New {number}"))
        for number in range(12)
    ]
    shown = plan_text(reading_of(Review(changeset(*words))))
    assert shown.count("Old → New") == 4
    assert "  … and 8 more changes of names, descriptions or metadata (all of them: `-v`)" in shown
    assert plan_text(reading_of(Review(changeset(*words))), whole=True).count("Old → New") == 12


def test_what_apply_would_refuse_and_the_next_command_stand_last() -> None:
    refused = [
        Refused("up to 7 subscriptions use it", "read it", code="in_use", address=PRICE, lift="--allow-delete x.y"),
        Refused("too far", "look", code="price_change", lift="--allow price_change"),
    ]
    lines = plan_text(reading_of(Review(WHOLE), refused, "commetctl apply --env eu")).splitlines()
    assert lines[-6:] == [
        "",
        "refused by      in_use: plan_price.pro/monthly: up to 7 subscriptions use it",
        "                read it",
        "                price_change: too far",
        "                look",
        "next            commetctl apply --env eu --allow-delete x.y --allow price_change",
    ]
    final = [Refused("2 changes are blocked", code="blocked")]
    assert "next" not in plan_text(reading_of(Review(WHOLE), final, "commetctl apply")).splitlines()[-1]
