"""What `explain` says: all that is known, each thing where it is looked for, and nothing that is not so."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.running import run
from commetctl.catalog import document
from commetctl.core.contract import V2026_08_27
from commetctl.core.resource import Address
from commetctl.kinds import SECTIONS, every_kind
from commetctl.kinds.model import fields
from commetctl.reference.codes import codes
from commetctl.reference.kinds import Kind, kinds
from commetctl.reference.lookup import NotFound, look_up
from harness import Shop
from toy.toy_kind import COUPONS

TABLE = [row for kind in every_kind() for row in kind.effects]

EXAMPLE = (Path(__file__).parents[2] / "commet.yaml.example").read_text("utf-8")
KINDS = {kind.name: kind for kind in every_kind()}
FIELDS = [(kind, item) for kind in kinds() for item in kind.fields]

TRIAL = """\
plan_price.trial_days
  How long a new customer can try the plan before the first payment. Not on a one-time price.

  type         whole number
  limits       0 to 2147483647
  unit         days
  default      0
  example      trial_days: 14
  returned     yes, as `trialDays`

For existing customers:
  changed · new customers only: trials that have begun keep their end date
"""

MARGIN = """\
plan_feature.margin_percent
  The margin on the cost of the AI model. Only with `pricing_mode: ai_model`.

  type         percentage
  limits       0 to 1000, at most 2 decimals
  unit         percent
  default      none
  example      margin_percent: 20
  returned     never, it is only sent, as `margin`: commetctl records the value in the plan's
    metadata, or shows `unknown`
  fixed        cannot change after creation: remove the feature from the plan, apply, and add it
    again with the value you want; customers of the plan lose it in between; or apply with
    `--replace ADDRESS`

For existing customers:
  changed · nothing changes
"""

RATE = """\
exchange_rate
  The exchange rate from US dollars to a currency, for all derived amounts of a plan.

  in the file  plans.PLAN.exchange_rates.CURRENCY
  address      exchange_rate.PLAN/CURRENCY, such as exchange_rate.pro/brl
  also called  exchange_rates, rate
  permanent    the API cannot remove an exchange rate: keep it in the catalog, or remove the
    currency from the plan in the dashboard

For existing customers:
  new · new customers only: existing customers keep the currency of their first payment
  new with a new plan · nothing changes: the plan has no subscribers yet

Fields:
  rate  exchange rate · of the currency for 1 US dollar · required
      How much of each currency one US dollar buys

`commetctl explain exchange_rate.rate` describes a field.
"""

TOO_LARGE = """\
too_large
  problem · exit code 3
  The file and its includes are larger than 8 MiB, so this is probably not a catalog. Check the
  name.

  error · exit code 1
  An answer is too large to be from the Commet API. Check `--api-url`.
"""

UNUSED = """\
unused_feature
  warning · exit code 0, 3 with `--strict`
  No plan or add-on mentions the feature. Add it to a plan, or remove it.

  A plan can also list a feature with `false`.
"""

TEXTS = {"plan.prices.trial_days": TRIAL, "plan_feature.margin_percent": MARGIN, "exchange_rates": RATE}
TEXTS |= {"too_large": TOO_LARGE, "code.unused_feature": UNUSED}


@pytest.mark.parametrize("subject", TEXTS)
def test_it_reads_like_this(subject: str, tmp_path: Path) -> None:
    ended = run(tmp_path, "explain", subject, key=None)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == TEXTS[subject]


def test_without_a_kind_it_lists_all_that_a_plan_can_show(tmp_path: Path) -> None:
    ended = run(tmp_path, "explain", key=None)
    for section in SECTIONS:
        for name in section.kinds:
            assert f"\n  {name} " in ended.out
    document_ = run(tmp_path, "explain", "--format", "json", key=None).document
    assert [item["kind"] for item in document_["explained"]] == [kind.name for kind in kinds()]


def test_every_rule_about_customers_is_said_somewhere() -> None:
    said = {row for kind in kinds() for row in kind.effects} | {row for _, item in FIELDS for row in item.effects}
    assert said == set(TABLE)


def test_everything_that_is_fixed_or_stays_is_said_with_the_way_out() -> None:
    fixed = {(kind.name, item.path): item.fixed for kind, item in FIELDS if item.fixed}
    rules = {(kind.name, name): kind.way_out(name) for kind in every_kind() for name in kind.fixed}
    assert fixed == rules
    stays = {kind.name for kind in kinds() if kind.permanent}
    assert stays == {kind.name for kind in every_kind() if kind.permanent}


@pytest.mark.parametrize("kind", [kind for kind in kinds() if kind.address], ids=lambda kind: kind.name)
def test_the_example_of_an_address_has_the_form_of_its_kind(kind: Kind) -> None:
    example, form = Address.parse(kind.example), Address.parse(kind.address)
    assert (example.kind, form.kind) == (kind.name, kind.name)
    assert example.key.count("/") == form.key.count("/")
    for word in (kind.name, *kind.words):
        assert look_up(word).kind is kind
    if "/" in kind.example:
        assert look_up(kind.example).kind is kind


@pytest.mark.parametrize(("kind", "item"), FIELDS, ids=lambda part: getattr(part, "name", getattr(part, "path", "")))
def test_every_field_is_found_by_its_path(kind: Kind, item: Any) -> None:
    found = look_up(f"{kind.name}.{item.path}")
    assert (found.kind, found.field) == (kind, item)
    assert item.leads == "" or look_up(item.leads).kind.name == item.leads


def test_every_field_of_the_models_is_explained() -> None:
    for section in SECTIONS:
        for item in fields(section.spec):
            assert look_up(f"{section.name}.{item.name}").field


TOY = {
    "expires_at": ("time", ""),
    "terms": ("list of mappings, by `kind`: percent, amount, months", ""),
    "terms.kind": ("one of percent, amount, months", ""),
    "terms.percent": ("percentage", "percent"),
    "terms.amounts": ("mapping by currency", "of its currency"),
    "terms.count": ("whole number", "months"),
    "tags": ("list of text", ""),
}


@pytest.fixture
def toy() -> Iterator[None]:
    SECTIONS.append(COUPONS)
    yield
    SECTIONS.remove(COUPONS)


@pytest.mark.usefixtures("toy")
def test_lists_unions_and_times_of_any_kind_are_explained() -> None:
    for path, facts in TOY.items():
        item = look_up(f"coupon.{path}").field
        assert item
        assert (item.type, item.unit) == facts
        assert item.description
        assert item.examples
    assert look_up("catalog.coupons.tags").kind.name == "coupon"


WORDS = {
    "plans.prices.regional_prices.included_balance": "regional_price.included_balance",
    "prices.price": "plan_price.price",
    "file.mode": "catalog.mode",
    "catalog.plans.features.overage.regional_prices.unit_price": "regional_unit_price.unit_price",
    "packs.credits": "credit_pack.credits",
    "plan_feature.overage": "plan_feature.overage",
    # A field that only one kind has.
    "overage": "plan_feature.overage",
    "margin_percent": "plan_feature.margin_percent",
}


@pytest.mark.parametrize("words", WORDS)
def test_the_words_of_the_file_lead_there(words: str) -> None:
    found = look_up(words)
    assert found.field
    assert f"{found.kind.name}.{found.field.path}" == WORDS[words]


LISTS = "`commetctl explain` lists the kinds, `commetctl explain codes` the codes"
UNKNOWN = {
    "plnas": "`plnas` is neither a kind of object nor a code; did you mean `plans`?",
    "plan_prices": "`plan_prices` is neither a kind of object nor a code; did you mean `plan_price`?",
    "xyzzy": "`xyzzy` is neither a kind of object nor a code; " + LISTS,
    "name": "`name` is neither a kind of object nor a code; `name` is a field: "
    + ", ".join(
        f"`commetctl explain {kind}.name`"
        for kind in ("feature", "market", "offer", "plan", "plan_group", "credit_pack", "addon")
    ),
    "wrong_mdl": "`wrong_mdl` is neither a kind of object nor a code; did you mean `wrong_model`?",
    "code.xyzzy_x": "`xyzzy_x` is neither a kind of object nor a code; " + LISTS,
    "plan.visible": "`plan` has no field `visible`; did you mean `plan.visibility`?",
    "prices.trial": "`plan_price` has no field `trial`; did you mean `plan_price.trial_days`?",
    "plan.xyzzy": "`plan` has no field `xyzzy`; `commetctl explain plan` lists them",
    "\x1b[31m": "`\x1b[31m` is neither a kind of object nor a code; " + LISTS,
}


@pytest.mark.parametrize("words", UNKNOWN)
def test_what_is_not_there_is_wrong_usage_and_says_what_was_meant(words: str) -> None:
    with pytest.raises(NotFound) as error:
        look_up(words)
    assert str(error.value) == UNKNOWN[words]


def test_wrong_words_exit_with_64_in_text_and_in_json(tmp_path: Path) -> None:
    ended = run(tmp_path, "explain", "\x07plnas", key=None)
    assert (ended.code, ended.out) == (64, "")
    assert "\\x07plnas" in ended.err
    assert "\x07" not in ended.err
    assert run(tmp_path, "explain", "plnas", "--format", "json", key=None).errors == ["usage"]


def test_one_field_as_data(tmp_path: Path) -> None:
    (found,) = run(tmp_path, "explain", "feature.type", "--format=json", key=None).document["explained"]
    (item,) = found["fields"]
    assert (found["kind"], item["path"], item["required"], item["default"]) == ("feature", "type", True, None)
    assert item["fixed"].startswith("declare a new feature")


def test_a_kind_that_is_called_like_a_code_is_what_is_meant_and_says_so(tmp_path: Path) -> None:
    ended = run(tmp_path, "explain", "rate", key=None)
    assert ended.out.startswith("exchange_rate\n")
    assert ended.out.endswith("\n\n`rate` is a code too: `commetctl explain code.rate`\n")
    assert run(tmp_path, "explain", "code.rate", key=None).out.startswith("rate\n  problem")
    found = run(tmp_path, "explain", "rate", "--format", "json", key=None).document
    assert [item["kind"] for item in found["explained"]] == ["exchange_rate"]
    assert [item["code"] for item in found["codes"]] == ["rate"]


def test_codes_as_data_and_as_a_list(tmp_path: Path) -> None:
    found = run(tmp_path, "explain", "odd_cents", "--format", "json", key=None).document
    assert found["explained"] == []
    (code,) = found["codes"]
    assert (code["sort"], code["exit_code"], code["strict_exit_code"]) == ("warning", 0, 3)
    listed = run(tmp_path, "explain", "codes", key=None).out
    everything = run(tmp_path, "explain", "codes", "--format", "json", key=None).document["codes"]
    assert {item["code"] for item in everything} == set(codes())
    assert all(re.search(rf"\b{name}\b", listed) for name in codes())


def test_examples_are_yaml() -> None:
    for _, item in FIELDS:
        for example in item.examples:
            assert document.parse("example", f"x: {example}".encode()).data["x"] is not None, item.path


def test_what_is_given_back_is_what_a_commet_gives_back(tmp_path: Path) -> None:
    """The emulator stands for Commet here, as it does for the SDKs, which hold it to that."""
    with Shop(tmp_path, V2026_08_27.version) as shop:
        shop.make(EXAMPLE)
        plans = shop.send("GET", "/plans?includePrivate=true")["data"]
        rows = {
            "feature": shop.send("GET", "/features")["data"],
            "plan": plans,
            "plan_price": [price for plan in plans for price in plan["prices"]],
            "plan_feature": [feature for plan in plans for feature in plan["features"]],
            "credit_pack": shop.send("GET", "/credit-packs")["data"],
        }
    tried = 0
    for kind, item in FIELDS:
        wire = KINDS[kind.name].wire_name(item.path) if kind.name in KINDS else ""
        # What is an object of its own is read from a list inside the row, by the name of that list.
        if kind.name not in rows or not wire or "." in item.path:
            continue
        given = any(wire in row for row in rows[kind.name])
        assert given is item.returned.startswith("yes"), (kind.name, item.path)
        tried += 1
    assert tried > 20
