"""Guards in real processes: foretold by a plan, refused by an apply before the first write, passed by their names."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.hostile import EMPTY, Reply, hostile
from cli.running import KEY, Ended, rows, run, send, write
from emulator.serving import Served, emulator_server

YAML = """\
version: 1
features:
  sso: {name: SSO, type: boolean}
plans:
  pro:
    name: Pro
    prices:
      monthly: {price: 49, is_default: true}
      yearly: {price: 490}
    features: {sso: true}
  old: {name: Old, prices: {monthly: {price: 9}}}
"""
CENTS = YAML.replace("price: 49,", "price: 4900,")
SCALE = "`price` changes by exactly ×100: 49.00 → 4900.00 USD"
LESS = YAML[: YAML.index("  old:")].replace("      yearly: {price: 490}\n", "")


@pytest.fixture
def account() -> Iterator[Served]:
    """An empty account, every request to it on record."""
    with emulator_server(":memory:") as running:
        yield running


def made(folder: Path, url: str) -> None:
    write(folder, YAML)
    assert run(folder, "apply", "--yes", "--api-url", url).code == 0


def refused(ended: Ended) -> list[tuple[str, str]]:
    """Code and address of each error."""
    found = [item for item in ended.document["diagnostics"] if item["severity"] == "error"]
    assert all(item["hint"] for item in found)
    return [(item["code"], item.get("address", "")) for item in found]


def test_a_plan_foretells_and_an_apply_refuses_and_writes_nothing(tmp_path: Path, account: Served) -> None:
    made(tmp_path, account.url)
    write(tmp_path, CENTS)
    planned = run(tmp_path, "plan", "--api-url", account.url)
    assert planned.code == 0
    assert f"scale: plan_price.pro/monthly: {SCALE} " in " ".join(planned.out.split()) + " "
    before = run(tmp_path, "plan", "--api-url", account.url, "--format", "json").document["plan"]["live_digest"]
    ended = run(tmp_path, "apply", "--yes", "--api-url", account.url)
    assert ended.code == 4
    assert ended.err == (
        f"\nerror: plan_price.pro/monthly: {SCALE}\nhint: write amounts as on a price tag, 49.00 and not 4900; if "
        "this is intended, give `--allow scale`\nerror: plan_price.pro/monthly: `price` changes too much: 49.00 → "
        "4900.00 USD (+9900%; the limit is 50%)\nhint: if this is intended, give `--allow price_change`, or set "
        "`max_price_change` under `policy:` in the catalog\n"
    )
    document = run(tmp_path, "apply", "--yes", "--api-url", account.url, "--format", "json")
    assert refused(document) == [("scale", "plan_price.pro/monthly"), ("price_change", "plan_price.pro/monthly")]
    assert document.document["outcomes"] == []
    assert document.document["plan"]["live_digest"] == before
    assert account.requests[-1].startswith("GET ")
    assert not any(request.startswith("PATCH ") for request in account.requests)


def test_only_the_guards_that_are_named_let_it_pass(tmp_path: Path, account: Served) -> None:
    made(tmp_path, account.url)
    write(tmp_path, CENTS)
    words = ["apply", "--yes", "--api-url", account.url]
    assert refused(run(tmp_path, *words, "--allow", "scale", "--format", "json"))[0][0] == "price_change"
    others = ["--allow", "price_change", "--allow", "deletes", "--allow", "updates"]
    assert refused(run(tmp_path, *words, *others, "--format", "json"))[0][0] == "scale"
    foretold = run(tmp_path, "plan", "--api-url", account.url, "--allow", "scale", "--allow", "price_change")
    assert "refused by" not in foretold.out
    # Nobody has to allow what is only a warning: 49 monthly and 490 yearly, one of them in cents.
    assert "[interval_proportion]" in foretold.err
    assert run(tmp_path, *words, "--allow", "scale", "--allow", "price_change").code == 0


def test_the_policy_of_the_file_counts(tmp_path: Path, account: Served) -> None:
    made(tmp_path, account.url)
    write(tmp_path, YAML.replace("price: 49,", "price: 54,") + "policy: {max_price_change: 10%, max_updates: 0}\n")
    ended = run(tmp_path, "apply", "--yes", "--api-url", account.url, "--format", "json")
    assert (ended.code, refused(ended)) == (4, [("price_change", "plan_price.pro/monthly"), ("updates", "")])
    write(tmp_path, YAML.replace("price: 49,", "price: 54,") + "policy: {max_price_change: 10.21%}\n")
    assert run(tmp_path, "apply", "--yes", "--api-url", account.url).code == 0


def subscribe(url: str, plan: str, interval: str) -> None:
    wanted = {"customerId": "secret_customer", "planCode": plan, "billingInterval": interval, "name": "Secret Ltd"}
    send(url, "POST", "/subscriptions", wanted)


@pytest.mark.parametrize("version", ["2026-08-27", "2026-07-11"])
def test_what_subscriptions_use_goes_only_where_it_is_named(tmp_path: Path, account: Served, version: str) -> None:
    made(tmp_path, account.url)
    subscribe(account.url, "old", "monthly")
    write(tmp_path, LESS)
    words = ["apply", "--yes", "--prune", "--api-url", account.url, "--api-version", version]
    ended = run(tmp_path, *words, "-v")
    assert ended.code == 4
    assert (
        "error: plan.old: 1 subscription uses it\nhint: if this is intended, give `--allow-delete plan.old`\n"
        in ended.err
    )
    assert "GET /subscriptions → 200" in ended.err
    assert "ecret" not in ended.out + ended.err
    assert len(rows(account.url, "/plans?includePrivate=true")) == 2
    wrong = run(tmp_path, *words, "--allow", "deletes", "--allow-delete", "plan_price.pro/yearly")
    assert (wrong.code, "error: plan.old: 1 subscription uses it" in wrong.err) == (4, True)
    assert run(tmp_path, *words, "--allow-delete", "plan.old").code == 0
    assert [row["code"] for row in rows(account.url, "/plans?includePrivate=true")] == ["pro"]


def test_a_key_that_may_not_read_subscriptions_has_to_name_what_it_deletes(tmp_path: Path, account: Served) -> None:
    made(tmp_path, account.url)
    write(tmp_path, LESS)
    key = "rk_sandbox_x.plan:rw,feature:rw"
    ended = run(tmp_path, "apply", "--yes", "--api-url", account.url, "--format", "json", key=key)
    assert refused(ended) == [("in_use", "plan_price.pro/yearly")]
    (said,) = ended.document["diagnostics"]
    assert (
        said["message"]
        == "it is not known whether a subscription uses it: the key is not allowed to read subscriptions"
    )
    words = ["--allow-delete", "plan_price.pro/yearly"]
    assert run(tmp_path, "apply", "--yes", "--api-url", account.url, *words, key=key).code == 0


@pytest.mark.parametrize(
    ("address", "code", "message", "hint"),
    [
        ("plan.olt", "not_deleted", "`--allow-delete plan.olt`: this plan does not delete it", "with a `-`"),
        ("feature.sso", "not_deleted", "`--allow-delete feature.sso`: this plan does not delete it", "with a `-`"),
        (
            "plan_price.old/monthly",
            "not_deleted",
            "`plan_price.old/monthly` is deleted with `plan.old`",
            "give `--allow-delete plan.old`",
        ),
        ("old", "bad_address", "`old` is not an address", "the addresses that `commetctl plan` prints"),
    ],
)
@pytest.mark.parametrize("command", [["plan"], ["apply", "--yes"]], ids=["plan", "apply"])
def test_a_slip_in_what_may_be_deleted_is_an_error(
    tmp_path: Path, command: list[str], address: str, code: str, message: str, hint: str
) -> None:
    write(tmp_path, YAML)
    assert run(tmp_path, "apply", "--local", "--yes", key=None).code == 0
    write(tmp_path, LESS)
    words = [*command, "--local", "--prune", "--allow-delete", address, "--format", "json"]
    ended = run(tmp_path, *words, key=None)
    (said,) = ended.document["diagnostics"]
    assert (ended.code, said["code"]) == (1, code)
    assert message in said["message"]
    assert hint in said["hint"]


def test_a_guard_that_has_another_way_past_cannot_be_allowed(tmp_path: Path) -> None:
    write(tmp_path, YAML)
    for name in ("mode", "blocked", "in_use", "protect", ""):
        assert run(tmp_path, "plan", "--local", "--allow", name, key=None).code == 64


def test_what_is_protected_stays_whatever_is_allowed(tmp_path: Path) -> None:
    write(tmp_path, YAML.replace("price: 490}", "price: 490, lifecycle: {protect: true}}"))
    assert run(tmp_path, "apply", "--local", "--yes", key=None).code == 0
    write(tmp_path, LESS)
    words = ["--allow-delete", "plan_price.pro/yearly", "--allow", "deletes"]
    ended = run(tmp_path, "apply", "--local", "--yes", *words, "--format", "json", key=None)
    assert (ended.code, ended.errors) == (4, ["blocked"])
    planned = run(tmp_path, "plan", "--local", key=None)
    assert "blocked: 1 change is blocked, so nothing is applied" in planned.out


def test_a_list_that_cannot_be_read_whole_deletes_nothing(tmp_path: Path) -> None:
    """The rest of the list may be what the file declares, or what uses something."""

    def answer(method: str, path: str) -> Reply:
        feature = {"id": "f_1", "code": "old", "name": "Old", "type": "usage", "description": None, "unitName": None}
        if path.startswith("/plans"):
            return Reply({"object": "list", "data": [], "hasMore": True})
        return Reply({"object": "list", "data": [feature], "hasMore": False}) if method == "GET" else EMPTY

    write(tmp_path, "version: 1\nfeatures: {}\n")
    with hostile(answer) as server:
        ended = run(tmp_path, "apply", "--yes", "--prune", "--api-url", server.url, key=KEY, env={})
    assert (ended.code, ended.out) == (1, "")
    assert "GET /plans says that there are more rows" in ended.err
    assert server.writes == []
