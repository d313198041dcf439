"""A declared pack is bought once, at the price that the file declares, and its credits arrive."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from commetctl.api.client import Client
from commetctl.api.connection import Connection
from commetctl.apply.journal import Journals
from commetctl.core.errors import ApiError, Charged, CommetctlError, Refused
from commetctl.core.policy import Mode
from commetctl.usecases.purchase import Purchase, Quote, buy, doubts, quote
from harness import QUICK, Shop

YAML = """
version: 1
features:
  images: {name: Images, type: usage}
plans:
  creator:
    name: Creator
    consumption_model: credits
    prices: {monthly: {price: 20, included_credits: 1000}}
    features: {images: {credits_per_unit: 10}}
  plain: {name: Plain, prices: {monthly: {price: 5}}}
credit_packs:
  starter: {name: Starter Pack, credits: 100, price: 10}
  bulk: {name: Bulk Pack, credits: 2000, price: 160}
"""
SANDBOX = Mode(None, "ck_sandbox_test")


def subscribed(shop: Shop, plan: str = "creator") -> str:
    body = {"customerId": "cus_1", "planCode": plan, "billingInterval": "monthly"}
    return str(shop.send("POST", "/subscriptions", body)["id"])


def purchase(
    shop: Shop, subscription: str, pack: str, *, yaml: str = YAML, mode: Mode = SANDBOX, folder: str = "runs"
) -> Purchase:
    catalog = shop.load(yaml)
    client = shop.client(catalog)

    def read() -> Quote:
        return quote(client, catalog, subscription, pack, mode)

    return buy(client, catalog, read(), Journals(shop.folder / folder), read)


def bought(shop: Shop, subscription: str) -> int:
    count: int = shop.send("GET", f"/subscriptions/{subscription}")["credits"]["purchased"]
    return count


def charges(shop: Shop) -> list[httpx.Request]:
    return [
        request for request in shop.recorder.requests if request.method == "POST" and "/credits" in request.url.path
    ]


Change = Callable[[str, str, Any], Any]


class Changed(httpx.BaseTransport):
    """What the emulator answers, changed on its way by `change(method, path, content)`."""

    def __init__(self, shop: Shop, change: Change) -> None:
        self.inner, self.change = shop.recorder.inner, change

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.inner.handle_request(request)
        content = self.change(request.method, request.url.path.removeprefix("/api/v1"), json.loads(response.read()))
        return httpx.Response(response.status_code, json=content)


def content_of(answer: Any) -> Any:
    """What is inside the envelope of the older generation."""
    return answer.get("data", answer)


@pytest.fixture
def made(shop: Shop) -> tuple[Shop, str]:
    """The catalog applied, and a subscription to its credits plan."""
    shop.make(YAML)
    shop.recorder.requests.clear()
    return shop, subscribed(shop)


def alter(shop: Shop, change: Change) -> None:
    shop.recorder.inner = Changed(shop, change)


def packs_as(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Change:
    """The list of packs, changed."""

    def changed(method: str, path: str, content: Any) -> Any:
        if (method, path) == ("GET", "/credit-packs"):
            content["data"] = change(content["data"])
        return content

    return changed


def charge_as(**fields: Any) -> Change:
    """The answer to a charge with other fields; one that is `...` is taken out."""

    def changed(method: str, path: str, content: Any) -> Any:
        if method == "POST" and path.endswith("/credits"):
            held = content_of(content)
            held.update(fields)
            for name in [name for name, value in held.items() if value is ...]:
                del held[name]
        return content

    return changed


# What is bought


def test_the_balance_rises_by_the_credits_of_the_pack(made: tuple[Shop, str]) -> None:
    shop, subscription = made
    found = purchase(shop, subscription, "starter")
    assert (found.before, found.after, found.reused) == (1000, 1100, False)
    assert found.document() == {
        "subscription": subscription, "pack": "Starter Pack", "pack_id": found.quote.pack.id, "credits": 100,
        "price": "10.00", "currency": "usd", "before": 1000, "after": 1100, "idempotency_key": "new",
    }  # fmt: skip
    assert purchase(shop, subscription, "bulk").after == 3100


def test_each_purchase_that_ended_well_is_one_of_its_own(made: tuple[Shop, str]) -> None:
    """Buying the same pack twice is two purchases, not one that is answered again."""
    shop, subscription = made
    assert [purchase(shop, subscription, "starter").after for _ in range(2)] == [1100, 1200]
    assert len({request.headers["idempotency-key"] for request in charges(shop)}) == 2


@pytest.mark.parametrize(
    ("pack", "message", "hint"),
    [
        ("startr", "`startr` is not a key under `credit_packs:`", "did you mean `starter`?"),
        ("zzz", "`zzz` is not a key under `credit_packs:`", "declared: starter, bulk"),
    ],
)
def test_a_pack_that_is_not_declared_is_not_bought(made: tuple[Shop, str], pack: str, message: str, hint: str) -> None:
    shop, subscription = made
    with pytest.raises(CommetctlError, match=message) as raised:
        purchase(shop, subscription, pack)
    assert raised.value.hint == hint


def refused(shop: Shop, subscription: str, pack: str = "starter", **how: Any) -> CommetctlError:
    """The error of a purchase for which nothing was sent."""
    with pytest.raises(CommetctlError) as raised:
        purchase(shop, subscription, pack, **how)
    assert charges(shop) == []
    return raised.value


def test_a_pack_that_is_not_applied_is_not_bought(made: tuple[Shop, str]) -> None:
    shop, subscription = made
    new = YAML + "  huge: {name: Huge Pack, credits: 9000, price: 500}\n"
    error = refused(shop, subscription, "huge", yaml=new)
    assert (error.code, error.exit_code) == ("pack_not_live", 1)
    assert "does not sell credit_pack.Huge Pack" in error.message
    assert "commetctl apply" in error.hint


STARTER = "{name: Starter Pack, credits: 100, price: 10}"


@pytest.mark.parametrize("yaml", [YAML.replace(STARTER, STARTER[:-1] + ", is_active: false}")])
def test_a_pack_that_the_file_declares_inactive_is_not_bought(made: tuple[Shop, str], yaml: str) -> None:
    assert refused(*made, yaml=yaml).code == "pack_inactive"


@pytest.mark.parametrize("said", [False, None, "yes", 0])
def test_a_pack_that_is_listed_and_not_active_is_not_bought(made: tuple[Shop, str], said: Any) -> None:
    alter(made[0], packs_as(lambda rows: [{**row, "isActive": said} for row in rows]))
    assert refused(*made).code == "pack_inactive"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"price": 100000}, "the price is 1000.00 USD in Commet and 10.00 USD in the catalog"),
        ({"price": 0}, "the price is 0.00 USD in Commet and 10.00 USD in the catalog"),
        ({"credits": 99}, "it holds 99 credits in Commet and 100 in the catalog"),
        ({"currency": "eur"}, "in eur, but the price in the catalog is in US dollars"),
    ],
)
def test_a_pack_that_commet_sells_otherwise_is_not_bought(
    made: tuple[Shop, str], fields: dict[str, Any], message: str
) -> None:
    alter(made[0], packs_as(lambda rows: [{**row, **fields} for row in rows]))
    error = refused(*made)
    assert (error.code, error.exit_code) == ("pack_differs", 4)
    assert message in error.message


def test_every_difference_of_a_pack_is_named_at_once(made: tuple[Shop, str]) -> None:
    alter(made[0], packs_as(lambda rows: [{**row, "price": 1, "credits": 1} for row in rows]))
    error = refused(*made)
    assert "0.01 USD" in error.message
    assert "1 credits" in error.message
    assert "commetctl apply" in error.hint


@pytest.mark.parametrize(
    "fields", [{"price": "1000"}, {"price": None}, {"price": True}, {"credits": 100.5}, {"id": None}, {"name": 5}]
)
def test_a_pack_with_values_of_another_type_is_not_bought(made: tuple[Shop, str], fields: dict[str, Any]) -> None:
    alter(made[0], packs_as(lambda rows: [{**row, **fields} for row in rows]))
    assert refused(*made).code == "unexpected_answer"


# Which pack an entry means


def twin(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**rows[0], "id": "cpk_other", "price": 9900}, *rows]


@pytest.mark.parametrize("backwards", [False, True])
def test_of_two_packs_with_one_name_none_is_bought(made: tuple[Shop, str], backwards: bool) -> None:
    shop, subscription = made
    own = shop.send("GET", "/credit-packs")["data"][0]["id"]
    alter(shop, packs_as(lambda rows: twin(rows)[:: -1 if backwards else 1]))
    error = refused(shop, subscription)
    assert (error.code, error.exit_code) == ("pack_ambiguous", 4)
    assert f"{own} (100 credits for 10.00 USD)" in error.message
    assert "cpk_other (100 credits for 99.00 USD)" in error.message
    assert "`id:` under `credit_packs.starter`" in error.hint


def test_an_id_says_which_of_two_is_meant(made: tuple[Shop, str]) -> None:
    shop, subscription = made
    own = shop.send("GET", "/credit-packs")["data"][0]["id"]
    alter(shop, packs_as(twin))
    named = YAML.replace(STARTER, f"{STARTER[:-1]}, id: {own}}}")
    assert purchase(shop, subscription, "starter", yaml=named).quote.pack.id == own
    other = YAML.replace(STARTER, STARTER[:-1] + ", id: cpk_other}")
    with pytest.raises(Refused, match=r"99\.00 USD in Commet and 10\.00 USD"):
        purchase(shop, subscription, "starter", yaml=other)
    gone = YAML.replace(STARTER, STARTER[:-1] + ", id: cpk_gone}")
    with pytest.raises(CommetctlError, match="with the id cpk_gone"):
        purchase(shop, subscription, "starter", yaml=gone)


def test_an_id_that_is_listed_twice_is_bought_only_where_both_are_the_same(made: tuple[Shop, str]) -> None:
    shop, subscription = made
    inner = shop.recorder.inner
    alter(shop, packs_as(lambda rows: [*rows, {**rows[0], "price": 9900}]))
    assert refused(shop, subscription).code == "pack_ambiguous"
    shop.recorder.inner = inner
    alter(shop, packs_as(lambda rows: [*rows, *rows]))
    assert purchase(shop, subscription, "starter").after == 1100


RENAMED = "{name: First Pack, previous_name: Starter Pack, credits: 100, price: 10}"


def test_a_pack_that_is_yet_to_be_renamed_is_found_by_its_previous_name(made: tuple[Shop, str]) -> None:
    shop, subscription = made
    found = purchase(shop, subscription, "starter", yaml=YAML.replace(STARTER, RENAMED))
    assert found.quote.pack.name == "Starter Pack"


def test_a_pack_belongs_to_the_entry_that_renames_it(made: tuple[Shop, str]) -> None:
    """The old name in another entry is a new pack, which is not there yet."""
    shop, subscription = made
    yaml = YAML.replace(STARTER, RENAMED) + f"  again: {STARTER}\n"
    assert refused(shop, subscription, "again", yaml=yaml).code == "pack_not_live"
    assert purchase(shop, subscription, "starter", yaml=yaml).after == 1100


def test_a_pack_belongs_to_the_entry_that_names_its_id(made: tuple[Shop, str]) -> None:
    shop, subscription = made
    own = shop.send("GET", "/credit-packs")["data"][0]["id"]
    mine = f"{{name: First Pack, id: {own}, credits: 100, price: 10}}"
    yaml = YAML.replace(STARTER, mine) + f"  again: {STARTER}\n"
    assert refused(shop, subscription, "again", yaml=yaml).code == "pack_not_live"
    assert purchase(shop, subscription, "starter", yaml=yaml).quote.pack.id == own


def test_packs_that_take_each_others_names_in_a_row_are_told_apart(made: tuple[Shop, str]) -> None:
    """Starter becomes Bulk, and Bulk becomes Huge: the entry that is to be called Bulk means what is Starter still."""
    shop, subscription = made
    first = "{name: Bulk Pack, previous_name: Starter Pack, credits: 100, price: 10}"
    second = "{name: Huge Pack, previous_name: Bulk Pack, credits: 2000, price: 160}"
    yaml = YAML.replace(STARTER, first).replace("{name: Bulk Pack, credits: 2000, price: 160}", second)
    assert purchase(shop, subscription, "starter", yaml=yaml).quote.pack.name == "Starter Pack"
    assert purchase(shop, subscription, "bulk", yaml=yaml).quote.pack.name == "Bulk Pack"


# For whom, and where


def test_a_subscription_without_credits_is_charged_nothing(made: tuple[Shop, str]) -> None:
    shop, _ = made
    error = refused(shop, subscribed(shop, "plain"))
    assert error.code == "no_credits"


@pytest.mark.parametrize("balance", [{}, {"remaining": None}, {"remaining": "5"}, {"remaining": True}, [], 7])
def test_a_subscription_with_an_odd_balance_is_charged_nothing(made: tuple[Shop, str], balance: Any) -> None:
    shop, subscription = made
    alter(shop, subscription_as(credits=balance))
    assert refused(shop, subscription).code == "unexpected_answer"


def subscription_as(**fields: Any) -> Change:
    def changed(method: str, path: str, content: Any) -> Any:
        if method == "GET" and path.startswith("/subscriptions/"):
            content_of(content).update(fields)
        return content

    return changed


def test_an_answer_about_another_subscription_counts_for_nothing(made: tuple[Shop, str]) -> None:
    alter(made[0], subscription_as(id="sub_other"))
    assert refused(*made).code == "unexpected_answer"


@pytest.fixture
def live(version: str, tmp_path: Path) -> Iterator[tuple[Shop, str]]:
    """A live organization, with the catalog applied and a subscription."""
    with Shop(tmp_path, version, key="ck_live_test", livemode=True) as shop:
        shop.make(YAML)
        shop.recorder.requests.clear()
        yield shop, subscribed(shop)


@pytest.mark.parametrize("declared", [None, "live"])
def test_a_live_subscription_is_charged_only_with_the_flag(live: tuple[Shop, str], declared: str | None) -> None:
    error = refused(*live, mode=Mode(None, "ck_live_test", declared))
    assert (error.code, error.exit_code) == ("mode", 4)
    assert "--live" in error.hint
    shop, subscription = live
    assert (
        purchase(shop, subscription, "starter", mode=Mode(None, "ck_live_test", declared, allow_live=True)).after
        == 1100
    )


def test_a_live_subscription_is_not_charged_by_a_file_for_the_sandbox(live: tuple[Shop, str]) -> None:
    error = refused(*live, mode=Mode(None, "ck_live_test", "sandbox", allow_live=True))
    assert "the catalog declares `mode: sandbox`" in error.message


def test_a_sandbox_is_not_charged_by_a_file_for_the_live_organization(made: tuple[Shop, str]) -> None:
    assert (
        "the catalog declares `mode: live`"
        in refused(*made, mode=Mode(None, "ck_sandbox_test", "live", allow_live=True)).message
    )


@pytest.mark.parametrize("said", [None, "false", 0, 1])
def test_a_subscription_that_does_not_say_whether_it_is_live_counts_as_live(made: tuple[Shop, str], said: Any) -> None:
    shop, subscription = made
    alter(shop, subscription_as(livemode=said))
    assert refused(shop, subscription).code == "mode"


@pytest.mark.parametrize("allow_live", [False, True])
def test_answers_that_contradict_each_other_stop_a_purchase(made: tuple[Shop, str], allow_live: bool) -> None:
    shop, subscription = made
    alter(shop, subscription_as(livemode=True))
    error = refused(shop, subscription, mode=Mode(None, "ck_sandbox_test", None, allow_live=allow_live))
    assert (error.code, "contradict" in error.message) == ("mode", True)


def test_an_offer_that_has_changed_since_it_was_agreed_to_is_not_taken(made: tuple[Shop, str]) -> None:
    shop, subscription = made
    catalog = shop.load(YAML)
    client = shop.client(catalog)
    agreed = quote(client, catalog, subscription, "starter", SANDBOX)
    pack = shop.send("GET", "/credit-packs")["data"][0]
    shop.send("PATCH", f"/credit-packs/{pack['id']}", {"price": 1200})
    dearer = shop.load(YAML.replace("credits: 100, price: 10", "credits: 100, price: 12"))
    with pytest.raises(
        Refused, match=r"it was Starter Pack \(100 credits for 10\.00 USD\), and is .*12\.00 USD"
    ) as caught:
        buy(
            client,
            catalog,
            agreed,
            Journals(shop.folder / "runs"),
            lambda: quote(client, dearer, subscription, "starter", SANDBOX),
        )
    assert caught.value.code == "moved"
    assert charges(shop) == []


# What the answer says


@pytest.mark.parametrize("given", [..., None, "100", True, 100.5, [], {}])
def test_an_answer_that_does_not_say_the_credits_is_told(made: tuple[Shop, str], given: Any) -> None:
    shop, subscription = made
    alter(shop, charge_as(credits=given))
    with pytest.raises(
        Charged, match=r"was charged 10\.00 USD for Starter Pack, but the answer does not show"
    ) as caught:
        purchase(shop, subscription, "starter")
    assert (caught.value.code, caught.value.exit_code) == ("charge_unclear", 5)


@pytest.mark.parametrize("answer", [None, [], "ok", 5])
def test_an_answer_that_is_no_object_is_told(made: tuple[Shop, str], answer: Any) -> None:
    shop, subscription = made
    alter(shop, lambda method, path, content: answer if method == "POST" else content)
    with pytest.raises(Charged, match="the answer is not an object"):
        purchase(shop, subscription, "starter")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"credits": 50}, "it gives 50 credits instead of 100"),
        ({"price": 99900}, "the price is 99900 in minor units instead of 1000"),
        ({"price": "10.00"}, "the price is '10.00' in minor units instead of 1000"),
        ({"currency": "eur"}, "`currency` is 'eur' instead of 'usd'"),
        ({"creditPackId": "cpk_other"}, "`creditPackId` is 'cpk_other'"),
        ({"id": "cpk_other"}, "`id` is 'cpk_other'"),
        ({"subscriptionId": "sub_other"}, "`subscriptionId` is 'sub_other'"),
        ({"livemode": True}, "`livemode` is True instead of False"),
    ],
)
def test_an_answer_that_says_something_else_than_was_agreed_is_told(
    made: tuple[Shop, str], fields: dict[str, Any], said: str
) -> None:
    shop, subscription = made
    alter(shop, charge_as(**fields))
    with pytest.raises(Charged, match="was charged for Starter Pack") as caught:
        purchase(shop, subscription, "starter")
    assert (caught.value.code, caught.value.exit_code) == ("charge_differs", 5)
    assert said in caught.value.message


def test_an_answer_may_confirm_more_than_it_must(made: tuple[Shop, str]) -> None:
    shop, subscription = made
    more = {"price": 1000, "currency": "USD", "subscriptionId": subscription, "id": "grant_1", "object": "credit_grant"}
    alter(shop, charge_as(**more))
    assert purchase(shop, subscription, "starter").after == 1100


@pytest.mark.parametrize("fields", [{"error": {"code": "billing_error"}}, {"success": False}])
def test_a_failure_inside_of_a_success_leaves_the_charge_in_doubt(
    made: tuple[Shop, str], fields: Mapping[str, Any]
) -> None:
    shop, subscription = made
    alter(shop, lambda method, path, content: {**content, **fields} if method == "POST" else content)
    with pytest.raises(Charged, match="may have been charged"):
        purchase(shop, subscription, "starter")


def test_credits_that_do_not_arrive_are_told_and_not_charged_again(made: tuple[Shop, str]) -> None:
    shop, subscription = made
    inner = shop.recorder.inner
    alter(shop, subscription_as(credits={"remaining": 7}))
    with pytest.raises(Charged, match="it had 7 credits and has 7, and the pack gives 100") as caught:
        purchase(shop, subscription, "starter")
    assert (caught.value.code, caught.value.exit_code) == ("credits_differ", 5)
    shop.recorder.inner = inner
    found = purchase(shop, subscription, "starter")
    assert (found.before, found.after, found.reused) == (1100, 1100, True)
    assert bought(shop, subscription) == 100


def test_credits_that_cannot_be_read_afterwards_are_told(made: tuple[Shop, str]) -> None:
    shop, subscription = made
    reads = iter([False, False, True])

    def changed(method: str, path: str, content: Any) -> Any:
        if method == "GET" and path.startswith("/subscriptions/") and next(reads, False):
            content_of(content)["credits"] = None
        return content

    alter(shop, changed)
    with pytest.raises(Charged, match=r"was charged 10\.00 USD .* but its credits could not be read") as caught:
        purchase(shop, subscription, "starter")
    assert caught.value.code == "charge_not_read_back"
    assert purchase(shop, subscription, "starter").reused
    assert bought(shop, subscription) == 100


# What becomes of a lost answer

LOST = {
    "a status": ["504@writes"],
    "no JSON": ["not-json@writes"],
    "a reset": ["reset-after@writes"],
    "a limit after a lost answer": ["504@w1", "429@w2-"],
    "a reset before it after a lost answer": ["reset-after@w1", "reset-before@w2-"],
    "nothing arrived": ["reset-before@writes"],
}


@pytest.mark.parametrize("faults", LOST.values(), ids=LOST)
def test_a_lost_answer_says_that_the_charge_may_have_happened_and_is_made_up_for(
    made: tuple[Shop, str], faults: list[str]
) -> None:
    shop, subscription = made
    shop.faulty.set(faults)
    for _ in range(2):
        with pytest.raises(Charged, match=r"may have been charged 10\.00 USD for Starter Pack") as caught:
            purchase(shop, subscription, "starter")
        assert (caught.value.code, caught.value.exit_code) == ("charge_in_doubt", 5)
        assert "same command is safe" in caught.value.hint
    shop.faulty.set([])
    assert purchase(shop, subscription, "starter").reused
    assert bought(shop, subscription) == 100
    assert len({request.headers["idempotency-key"] for request in charges(shop)}) == 1
    # It ended well, so the next one is meant.
    assert not purchase(shop, subscription, "starter").reused
    assert bought(shop, subscription) == 200


def test_the_attempts_of_one_run_share_a_key(made: tuple[Shop, str]) -> None:
    shop, subscription = made
    shop.faulty.set(["504@w1-2", "503@w3"])
    assert purchase(shop, subscription, "starter").after == 1100
    assert len(charges(shop)) == 4
    assert len({request.headers["idempotency-key"] for request in charges(shop)}) == 1


@pytest.mark.parametrize("status", [302, 404, 413, 499, 501, 520, 524, 599])
def test_a_status_of_what_stands_before_the_server_is_no_refusal(made: tuple[Shop, str], status: int) -> None:
    shop, subscription = made
    inner = shop.recorder.inner

    class Before(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            response = inner.handle_request(request)
            return httpx.Response(status, json={"error": "timeout"}) if request.method == "POST" else response

    shop.recorder.inner = Before()
    with pytest.raises(Charged, match="may have been charged"):
        purchase(shop, subscription, "starter")
    shop.recorder.inner = inner
    assert purchase(shop, subscription, "starter").reused
    assert bought(shop, subscription) == 100


def test_another_way_to_the_same_account_is_the_same_purchase(made: tuple[Shop, str]) -> None:
    """The id of a subscription is unique, so what was lost through a proxy is taken up without it."""
    shop, subscription = made
    lost(shop, subscription)
    catalog = shop.load(YAML)
    connection = Connection("http://localhost:8080", "ck_sandbox_renewed", shop.recorder)
    client = Client(connection, catalog.contract, patience=QUICK)

    def read() -> Quote:
        return quote(client, catalog, subscription, "starter", SANDBOX)

    assert doubts(Journals(shop.folder / "runs"), read())
    assert buy(client, catalog, read(), Journals(shop.folder / "runs"), read).reused
    assert bought(shop, subscription) == 100


def answering(shop: Shop, status: int, code: str) -> None:
    inner = shop.recorder.inner

    class Refusing(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            content = {"error": {"type": "billing_error", "code": code, "message": "no"}}
            return httpx.Response(status, json=content) if request.method == "POST" else inner.handle_request(request)

    shop.recorder.inner = Refusing()


def test_a_refusal_charges_nothing_and_leaves_no_doubt(made: tuple[Shop, str]) -> None:
    shop, subscription = made
    inner = shop.recorder.inner
    answering(shop, 402, "card_declined")
    with pytest.raises(ApiError, match="card_declined") as caught:
        purchase(shop, subscription, "starter")
    assert not isinstance(caught.value, Charged)
    shop.recorder.inner = inner
    assert not purchase(shop, subscription, "starter").reused


@pytest.mark.parametrize(("status", "code"), [(401, "unauthorized"), (429, "rate_limited"), (402, "card_declined")])
def test_a_refusal_tells_nothing_of_a_request_that_was_sent_before(
    made: tuple[Shop, str], status: int, code: str
) -> None:
    shop, subscription = made
    inner = shop.recorder.inner
    shop.faulty.set(["504@writes"])
    with pytest.raises(Charged):
        purchase(shop, subscription, "starter")
    shop.faulty.set([])
    answering(shop, status, code)
    with pytest.raises(Charged, match="may have been charged"):
        purchase(shop, subscription, "starter")
    shop.recorder.inner = inner
    assert purchase(shop, subscription, "starter").reused
    assert bought(shop, subscription) == 100


def test_an_interrupt_while_the_request_is_under_way_leaves_the_charge_in_doubt(made: tuple[Shop, str]) -> None:
    shop, subscription = made
    inner = shop.recorder.inner

    class Interrupted(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            response = inner.handle_request(request)
            if request.method == "POST":
                raise KeyboardInterrupt
            return response

    shop.recorder.inner = Interrupted()
    with pytest.raises(Charged, match="may have been charged"):
        purchase(shop, subscription, "starter")
    shop.recorder.inner = inner
    assert purchase(shop, subscription, "starter").reused
    assert bought(shop, subscription) == 100


def lost(shop: Shop, subscription: str, pack: str = "starter") -> None:
    """A purchase that is carried out, and whose answer is lost."""
    shop.faulty.set(["504@writes"])
    with pytest.raises(Charged):
        purchase(shop, subscription, pack)
    shop.faulty.set([])


def test_another_purchase_in_between_forgets_nothing(made: tuple[Shop, str]) -> None:
    """Other packs and other subscriptions are other purchases, however many."""
    shop, subscription = made
    other = subscribed(shop)
    lost(shop, subscription)
    for _ in range(25):
        assert not purchase(shop, other, "starter").reused
    assert not purchase(shop, subscription, "bulk").reused
    assert purchase(shop, subscription, "starter").reused
    assert bought(shop, subscription) == 2100


def test_another_price_is_another_purchase(made: tuple[Shop, str]) -> None:
    shop, subscription = made
    lost(shop, subscription)
    pack = shop.send("GET", "/credit-packs")["data"][0]
    shop.send("PATCH", f"/credit-packs/{pack['id']}", {"price": 1200})
    dearer = YAML.replace("credits: 100, price: 10", "credits: 100, price: 12")
    assert not purchase(shop, subscription, "starter", yaml=dearer).reused


def age(shop: Shop, hours: float) -> None:
    """Make the journals older."""
    for path in (shop.folder / "runs").glob("*.jsonl"):
        head, *rest = path.read_text("utf-8").splitlines()
        about = json.loads(head)
        about["started"] = (datetime.now(UTC) - timedelta(hours=hours)).isoformat()
        path.write_text("\n".join([json.dumps(about), *rest]) + "\n", encoding="utf-8")


@pytest.mark.parametrize(("hours", "taken_up"), [(0.9, True), (1.1, False)])
def test_a_doubt_is_taken_up_for_an_hour_and_known_for_longer(
    made: tuple[Shop, str], hours: float, taken_up: bool
) -> None:
    shop, subscription = made
    journals = Journals(shop.folder / "runs")
    catalog = shop.load(YAML)
    agreed = quote(shop.client(catalog), catalog, subscription, "starter", SANDBOX)
    assert doubts(journals, agreed) is None
    lost(shop, subscription)
    age(shop, hours)
    found = doubts(journals, agreed)
    assert found is not None
    assert found.taken_up is taken_up
    assert purchase(shop, subscription, "starter").reused is taken_up
    assert doubts(journals, agreed) is None


def test_without_a_journal_nothing_is_charged(made: tuple[Shop, str]) -> None:
    shop, _ = made
    (shop.folder / "file").write_text("")
    assert refused(*made, folder="file/runs").code == "journal"


def test_the_journal_holds_no_amount_and_no_name(made: tuple[Shop, str]) -> None:
    shop, subscription = made
    lost(shop, subscription)
    (path,) = (shop.folder / "runs").glob("*.jsonl")
    text = path.read_text("utf-8")
    for secret in (subscription, "Starter", "ck_sandbox_test", "1000", "http://"):
        assert secret not in text
