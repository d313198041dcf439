"""The guards `scale_unproven` and `balance_scale`: what is refused where nobody knows what an integer means."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cli.running import run, send, write
from commetctl.apply.journal import Journals
from commetctl.core.errors import Refused
from commetctl.review.guards import refusals
from commetctl.usecases.plan import Prepared, prepare
from commetctl.usecases.wanted import Wanted
from emulator.serving import emulator_server
from harness import Shop

OLD, NEW = "2026-07-11", "2026-08-27"
#: Keys of a sandbox, of a live organization, and of one that does not say.
SANDBOX, LIVE, SILENT = "ck_sandbox_test", "ck_live_test", "ck_test"
YAML = """
version: 1
{settings}
features:
  sso: {{name: SSO, type: boolean}}
plans:
  purse:
    name: Purse
    visibility: {visibility}
    consumption_model: balance
    prices:
      monthly: {{price: {price}, is_default: true{more}}}
"""
BALANCE = ", included_balance: 10.00"
REGIONAL = f"{BALANCE}, regional_prices: {{eur: {{price: 45.00, included_balance: 9.00}}}}"


def text(*settings: str, price: str = "49.00", more: str = "", visibility: str = "private") -> str:
    return YAML.format(settings="\n".join(settings), price=price, more=more, visibility=visibility)


@contextmanager
def account(folder: Path, version: str, key: str, **quirks: str) -> Iterator[Shop]:
    with Shop(folder, version, quirks, key=key, livemode=key == LIVE) as shop:
        yield shop


def prepared(shop: Shop, yaml: str, *targets: str, allow: tuple[str, ...] = ()) -> Prepared:
    """What the commands prepare, in this process and without a socket."""
    catalog = shop.load(yaml)
    wanted = Wanted(
        Path(catalog.file), "", shop.version, targets, prune=False, allow_live=shop.key == LIVE, allow=allow,
        allow_delete=(), impact=False,
    )  # fmt: skip
    return prepare(catalog, shop.account, shop.client(catalog), wanted, Journals(shop.folder / "journals"))


def refused(shop: Shop, yaml: str, *targets: str) -> list[Refused]:
    """Every refusal, in spite of all that can be allowed by name."""
    everything = ("scale", "price_change", "deletes", "updates")
    return refusals(prepared(shop, yaml, *targets, allow=everything).subject)


def codes(shop: Shop, yaml: str, *targets: str) -> list[str]:
    return [refusal.code for refusal in refused(shop, yaml, *targets)]


def seed(shop: Shop, *, price: int = 4900, interval: str = "monthly", **more: Any) -> dict[str, Any]:
    """A plan with a price, as the dashboard makes it."""
    plan = shop.send("POST", "/plans", {"name": "Purse", "code": "purse", "consumptionModel": "balance"})
    shop.send("POST", f"/plans/{plan['id']}/prices", {"billingInterval": interval, "price": price, **more})
    return dict(shop.send("GET", "/plans/purse"))


UNPROVEN = {
    "nothing to compare": ({}, None, "the account has no price to compare"),
    "a plan without a price": ({}, {}, "the account has no price to compare"),
    "zero alone": ({}, {"price": 0}, "every price of the account is zero"),
    "the newer version is not served": ({"mixed_versions": "refused"}, None, "no price to compare"),
}


@pytest.mark.parametrize("settings", [(), ("price_scale: rate",), ("mode: live",)])
@pytest.mark.parametrize(("quirks", "seeded", "reason"), UNPROVEN.values(), ids=UNPROVEN)
def test_no_price_goes_to_a_live_organization_in_a_scale_that_nothing_proves(
    tmp_path: Path, quirks: dict[str, str], seeded: dict[str, Any] | None, reason: str, settings: tuple[str, ...]
) -> None:
    """Whatever the file states; and never because a flag allows it."""
    with account(tmp_path, OLD, LIVE, **quirks) as shop:
        if seeded is not None:
            plan = shop.send("POST", "/plans", {"name": "Other", "code": "other"})["id"]
            if seeded:
                shop.send("POST", f"/plans/{plan}/prices", {"billingInterval": "yearly", **seeded})
        (found,) = refused(shop, text(*settings))
        assert (found.code, found.exit_code) == ("scale_unproven", 4)
        assert reason in found.message
        assert '`api_version: "2026-08-27"`' in found.hint


def test_an_older_organization_whose_prices_cannot_be_compared(tmp_path: Path) -> None:
    """There are prices, and only the older version answers them."""
    with account(tmp_path, OLD, LIVE, mixed_versions="refused") as shop:
        shop.make(text())
        added = text().replace("is_default: true}", "is_default: true}\n      yearly: {price: 490}")
        (found,) = refused(shop, added)
        assert found.code == "scale_unproven"
        assert "does not return the prices of the account" in found.message
        assert "dashboard" not in found.hint


def test_one_price_that_agrees_is_proof(tmp_path: Path) -> None:
    with account(tmp_path, OLD, LIVE) as shop:
        seed(shop)
        assert codes(shop, text(price="59.00")) == []


def test_one_that_disagrees_is_a_refusal_before_the_guards(tmp_path: Path) -> None:
    with account(tmp_path, OLD, LIVE, price_scale="minor") as shop:
        seed(shop)
        with pytest.raises(Refused, match="4900 for the price purse/monthly"):
            refused(shop, text(price="59.00"))


def test_a_sandbox_is_written_to_and_the_first_price_is_compared(tmp_path: Path) -> None:
    with account(tmp_path, OLD, SANDBOX) as shop:
        assert codes(shop, text()) == []


def test_who_does_not_say_what_it_is_may_be_live(tmp_path: Path) -> None:
    """An empty account behind a key of the older form, but where the file says that it is a sandbox."""
    with account(tmp_path, OLD, SILENT) as shop:
        assert codes(shop, text()) == ["scale_unproven"]
        assert codes(shop, text("mode: sandbox")) == []


@pytest.mark.parametrize("change", [("name: SSO", "name: Single"), ("name: Purse", "name: Wallet")])
def test_what_carries_no_amount_passes(tmp_path: Path, change: tuple[str, str]) -> None:
    with account(tmp_path, OLD, LIVE, mixed_versions="refused") as shop:
        shop.make(text())
        assert codes(shop, text().replace(*change)) == []


def test_an_account_on_the_newer_version_is_never_in_doubt_of_prices(tmp_path: Path) -> None:
    with account(tmp_path, NEW, LIVE) as shop:
        assert codes(shop, text()) == []


@pytest.mark.parametrize("version", [NEW, OLD])
def test_no_balance_goes_to_a_live_organization_unstated(tmp_path: Path, version: str) -> None:
    with account(tmp_path, version, LIVE) as shop:
        seed(shop)
        (found,) = refused(shop, text(more=BALANCE))
        assert (found.code, found.exit_code) == ("balance_scale", 4)
        assert "GET /subscriptions/{id}" in found.hint
        for scale in ("minor", "rate"):
            assert codes(shop, text(f"balance_scale: {scale}", more=BALANCE)) == []
        assert codes(shop, text(price="59.00")) == []


@pytest.mark.parametrize("version", [NEW, OLD])
def test_a_balance_that_is_only_restated_counts(tmp_path: Path, version: str) -> None:
    """A regional price is sent with its balance, although the price alone changes."""
    with account(tmp_path, version, LIVE) as shop:
        seed(shop)
        shop.make(text("balance_scale: minor", more=REGIONAL))
        assert codes(shop, text(more=REGIONAL.replace("45.00", "46.00"))) == ["balance_scale"]
        assert codes(shop, text(more=REGIONAL, visibility="public")) == []


@pytest.mark.parametrize("version", [NEW, OLD])
def test_a_subscription_that_proves_the_scale_lets_it_pass(tmp_path: Path, version: str) -> None:
    with account(tmp_path, version, LIVE) as shop:
        plan = seed(shop, includedBalance=1000)
        shop.send("POST", "/subscriptions", {"customerId": "cus_1", "planId": plan["id"]})
        assert codes(shop, text(more=BALANCE.replace("10.00", "11.00"))) == []


@pytest.mark.parametrize("version", [NEW, OLD])
@pytest.mark.parametrize("key", [SANDBOX, LIVE])
@pytest.mark.parametrize("stated", [(), ("balance_scale: minor",)])
def test_a_subscription_that_proves_the_other_scale_is_a_refusal_everywhere(
    tmp_path: Path, version: str, key: str, stated: tuple[str, ...]
) -> None:
    with account(tmp_path, version, key, balance_scale="rate") as shop:
        plan = seed(shop, includedBalance=100_000)
        shop.send("POST", "/subscriptions", {"customerId": "cus_1", "planId": plan["id"]})
        (found,) = refused(shop, text(*stated, more=BALANCE))
        assert (found.code, found.exit_code) == ("balance_scale", 4)
        assert "set `balance_scale: rate`" in found.hint
        assert codes(shop, text("balance_scale: rate", more=BALANCE.replace("10.00", "11.00"))) == []


def noticed(shop: Shop, yaml: str) -> list[str]:
    return [notice.code for notice in prepared(shop, yaml).changeset.notices]


def test_a_sandbox_is_told_which_scale_is_taken(tmp_path: Path) -> None:
    with account(tmp_path, NEW, SANDBOX) as shop:
        wanted = text(more=BALANCE)
        (notice,) = prepared(shop, wanted).changeset.notices
        assert notice.code == "balance_scale_assumed"
        assert "sent as the minor unit of the currency" in notice.message
        shop.make(wanted)
        (notice,) = prepared(shop, wanted).changeset.notices
        assert "read as the minor unit of the currency" in notice.message, "nothing changes, and the amount is in doubt"
        assert noticed(shop, text("balance_scale: minor", more=BALANCE)) == []
        assert noticed(shop, text()) == ["balance_scale_assumed"], "it was there, and its end is shown in that scale"


def test_who_has_no_balance_is_told_nothing_and_asked_nothing(tmp_path: Path) -> None:
    with account(tmp_path, NEW, SANDBOX) as shop:
        shop.make(text())
        shop.recorder.requests.clear()
        assert noticed(shop, text(price="59.00")) == []
        assert all("/subscriptions" not in request.url.path for request in shop.recorder.requests)


@pytest.mark.process
def test_a_pull_says_what_it_took_and_what_it_found(tmp_path: Path) -> None:
    """A new file gets the scale that a subscription proves; a file that says another is left alone."""
    with emulator_server(":memory:", "--quirk", "balance_scale=rate") as running:
        at = ("--api-url", running.url)
        plan = send(running.url, "POST", "/plans", {"name": "P", "code": "p", "consumptionModel": "balance"})["id"]
        price = {"billingInterval": "monthly", "price": 900, "includedBalance": 100_000}
        send(running.url, "POST", f"/plans/{plan}/prices", price)
        guessed = run(tmp_path, "pull", "--dry-run", *at)
        assert guessed.code == 0
        assert "included balances are read as the minor unit of the currency" in guessed.err
        assert "included_balance: 1000.00" in guessed.out
        send(running.url, "POST", "/subscriptions", {"customerId": "cus_1", "planId": plan})
        found = run(tmp_path, "pull", *at)
        assert (found.code, "included balances" in found.err) == (0, False)
        written = (tmp_path / "commet.yaml").read_text("utf-8")
        assert "\nbalance_scale: rate\n" in written
        assert "included_balance: 10.00" in written
        assert run(tmp_path, "pull", "--check", *at).code == 0
        wrong = written.replace("balance_scale: rate", "balance_scale: minor")
        write(tmp_path, wrong)
        ended = run(tmp_path, "pull", "--yes", "--format", "json", *at)
        assert (ended.code, ended.errors) == (4, ["balance_scale"])
        assert (tmp_path / "commet.yaml").read_text("utf-8") == wrong
