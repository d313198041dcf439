"""A changeset as text: every kind of line, plain and coloured, with nothing that a terminal would obey."""

import re
from dataclasses import replace
from decimal import Decimal

from commetctl.core.call import ApiCall, Ref, Step
from commetctl.core.change import Applied, Change, Create, Delete, Failed, FieldChange, Outcome, Skipped, Update
from commetctl.core.changeset import Blocked, Changeset, Notice
from commetctl.core.errors import CommetctlError
from commetctl.core.money import Derived, Money, UnitPrice
from commetctl.core.resource import ABSENT, UNKNOWN, Address, Origin, Resource, ResourceSet, Value
from commetctl.render.terminal import Style, columns, outcome_line, outcome_summary, padded
from commetctl.render.text import plan_text
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
  Plan Pro\\u202e (pro)
  + plan_price.pro/monthly
      price       49.00 USD
      trial_days  14
      is_default  yes
      note: it takes\\ttime
  ~ plan.pro
      name           Pro → Pro\\u202e
      unit_price     0.002 → 0.003 USD  +50%
      eur            about 45.00 EUR (derived) → 46.50 EUR  +3.3%
      balance        unknown → 7200 JPY
      metadata.tier  not set → 2
      part           5.2 → 100
      visible        no → yes
      note: it takes\\ttime

  Credit packs
  - credit_pack.Old\\x1b[31m Pack  deleted (with 1 plan price, 1 regional price)
      note: it takes\\ttime

  ! feature.calls  blocked
      type  usage → boolean
      why: `type` is fixed once created, and is usage in Commet
      way out: create another feature
  i plan.pro
      the rate\\x07 cannot be compared
      hint: see Commet
  i
      read this

  Not in the file and left alone: feature.legacy, plan.o\\x9bld

  1 to create, 1 to update, 1 to delete, 1 blocked, 2 unmanaged"""


def test_every_kind_of_line_has_its_place() -> None:
    assert plan_text(Review(WHOLE)) == TEXT


def test_colour_adds_escapes_to_the_signs_and_nothing_else() -> None:
    coloured = plan_text(Review(WHOLE), Style(color=True))
    for sign, code in {"+": 32, "~": 33, "-": 31, "!": 35}.items():
        assert coloured.count(f"  \x1b[{code}m{sign}\x1b[0m ") == 1
        coloured = coloured.replace(f"\x1b[{code}m{sign}\x1b[0m", sign)
    assert re.sub("\x1b\\[1m(.+?)\x1b\\[0m", r"\1", coloured) == TEXT


def test_requests_stand_below_their_change_with_placeholders_for_what_is_not_there_yet() -> None:
    lines = plan_text(Review(changeset(CREATE, UPDATE, DELETE), ids={PLAN: "pln_1"}), whole=True).splitlines()
    assert '      POST /plans/pln_1/prices {"price": 4900, "plan": "{plan_price.pro/monthly}"}' in lines
    assert '      PATCH /plans/pln_1 {"name": "Pro\\u202e"}' in lines
    assert "      DELETE /credit-packs/cpk_1" in lines
    assert "POST" not in plan_text(Review(changeset(CREATE)))


def test_long_prose_is_wrapped_and_long_values_are_whole() -> None:
    words, value = "many words " * 30, "v" * 300
    item = Blocked(updated(PLAN, FieldChange("name", "x", value)), words, "")
    lines = plan_text(Review(changeset(blocked=(item,)))).splitlines()
    assert any(line.endswith(value) for line in lines)
    assert " ".join(" ".join(lines).split()).count("many words") == 30
    assert all(len(line) <= 100 for line in lines if "words" in line)
    assert not any("way out" in line for line in lines)


def test_nothing_to_do_is_said_with_what_was_left_alone() -> None:
    assert plan_text(Review(changeset())) == "  No changes: Commet matches the catalog"
    last = plan_text(Review(changeset(noted=True))).splitlines()[-1]
    assert last == "  No changes: Commet matches the catalog; see above for what cannot be compared, 2 unmanaged"


def test_an_object_with_one_thing_to_say_takes_one_line() -> None:
    one = Create(resource(REGIONAL, price=Money(Decimal("54.5"), "eur"), included_balance=None))
    assert plan_text(Review(changeset(one))).splitlines()[1] == "  + regional_price.pro/monthly/eur  54.50 EUR"
    none = Create(resource(PLAN, description=None, is_free=False))
    assert plan_text(Review(changeset(none))).splitlines()[1] == "  + plan.pro"


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
    assert outcome_summary(outcomes) == "2 applied, 1 failed, 1 skipped"
    assert outcome_summary([Applied(CREATE)]) == "1 applied"
    assert outcome_summary([]) == "0 applied"


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


def test_what_goes_along_is_below_where_it_is_too_long() -> None:
    along = tuple(Address(kind, str(number)) for kind in ("plan_price", "exchange_rate") for number in range(20))
    deleted = Review(replace(changeset(Delete(resource(PLAN))), along={PLAN: along}))
    assert "  - plan.pro  deleted (with 20 plan prices, 20 exchange rates)" in plan_text(deleted).splitlines()
    narrow = plan_text(deleted, Style(width=50)).splitlines()
    assert narrow[1:3] == ["  - plan.pro  deleted", "      with 20 plan prices, 20 exchange rates"]


def test_the_farthest_moves_are_listed_in_columns() -> None:
    def moved(address: str, after: int) -> Update:
        return updated(Address.parse(address), FieldChange("price", Money(Decimal(10)), Money(Decimal(after))))

    changes = [moved(f"plan_price.p{number}/monthly", 11 + number) for number in range(7)]
    changes.append(moved("credit_pack.日本", 30))
    before = ResourceSet(change.before for change in changes)
    lines = plan_text(Review(changeset(*changes), before)).splitlines()
    assert lines[lines.index("  largest moves:") + 1 :] == [
        "    credit_pack.日本       10.00 → 30.00 USD  +200%",
        "    plan_price.p6/monthly  10.00 → 17.00 USD  +70%",
        "    plan_price.p5/monthly  10.00 → 16.00 USD  +60%",
        "    plan_price.p4/monthly  10.00 → 15.00 USD  +50%",
        "    plan_price.p3/monthly  10.00 → 14.00 USD  +40%",
        "    and 3 more (all of them: `-v`)",
    ]
    assert "largest moves" not in plan_text(Review(changeset(changes[0])))
