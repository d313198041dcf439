"""Saved plans, from real processes: applied exactly, once, and only where nothing has moved."""

import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.running import Ended, rows, run, send, write
from commetctl.core.call import digest
from emulator.serving import emulator_server

YAML = """\
version: 1
features:
  calls: {name: Calls, type: usage}
plans:
  pro: {name: Pro, consumption_model: metered, prices: {monthly: {price: 49}}, features: {calls: {included_amount: 9}}}
"""
DEARER = YAML.replace("price: 49", "price: 59")
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def url() -> Iterator[str]:
    with emulator_server(":memory:") as running:
        yield running.url


@pytest.fixture
def account(url: str, tmp_path: Path) -> str:
    """An account in which the catalog is applied, and a file that asks for another price."""
    write(tmp_path, YAML)
    assert applied(tmp_path, url).code == 0
    write(tmp_path, DEARER)
    return url


def applied(folder: Path, url: str, *words: str) -> Ended:
    return run(folder, "apply", *words, "--yes", "--api-url", url)


def saved(folder: Path, url: str, *words: str, chosen: str = "") -> Path:
    """A plan that `plan --out` saved, saying how to apply it."""
    ended = run(folder, "plan", "--out", "plan.json", "--api-url", url, *words)
    assert ended.code == 0, ended.err
    assert ended.out.endswith(f"\n\nSaved. To apply exactly this: commetctl apply plan.json --api-url {url}{chosen}\n")
    return folder / "plan.json"


def refused(folder: Path, url: str, code: str, *words: str) -> str:
    """Apply the saved plan; it is refused with a code, nothing is written, and the message is given back."""
    before = rows(url, "/plans?includePrivate=true")
    ended = applied(folder, url, "plan.json", "--format", "json", *words)
    assert (ended.code, ended.errors) == (4, [code]), ended.out
    assert rows(url, "/plans?includePrivate=true") == before
    return str(ended.document["diagnostics"][-1]["message"])


def forge(plan: Path, change: Change) -> None:
    """Change a plan file, and make its id fit again."""
    content = json.loads(plan.read_text("utf-8"))
    change(content)
    content["id"] = digest({name: value for name, value in content.items() if name != "id"})
    plan.write_text(json.dumps(content), "utf-8")


def test_a_saved_plan_is_applied_and_names_every_request(account: str, tmp_path: Path) -> None:
    plan = saved(tmp_path, account)
    assert stat.S_IMODE(plan.stat().st_mode) == 0o600
    (change,) = json.loads(plan.read_text("utf-8"))["plan"]["changes"]
    (price,) = rows(account, "/plans?includePrivate=true")[0]["prices"]
    plan_id = rows(account, "/plans?includePrivate=true")[0]["id"]
    path = f"/plans/{plan_id}/prices/{price['id']}"
    assert change["requests"] == [{"method": "PATCH", "path": path, "body": {"price": 5900}}]
    assert applied(tmp_path, account, "plan.json").code == 0
    assert rows(account, "/plans?includePrivate=true")[0]["prices"][0]["price"] == 5900


def test_a_plan_works_once(account: str, tmp_path: Path) -> None:
    saved(tmp_path, account)
    assert applied(tmp_path, account, "plan.json").code == 0
    assert "was already applied" in refused(tmp_path, account, "plan_spent")


def test_a_plan_that_was_applied_elsewhere_is_stale_here(account: str, tmp_path: Path) -> None:
    saved(tmp_path, account)
    assert applied(tmp_path, account, "plan.json", "--journal", "elsewhere").code == 0
    message = refused(tmp_path, account, "plan_stale")
    assert "plan_price.pro/monthly has changed: `price` was 49.00 USD and is 59.00 USD" in message


def test_what_moved_in_the_account_is_said(account: str, tmp_path: Path) -> None:
    saved(tmp_path, account)
    (pro,) = rows(account, "/plans?includePrivate=true")
    send(account, "PATCH", f"/plans/{pro['id']}", {"name": "Professional"})
    send(account, "POST", "/features", {"code": "extra", "name": "Extra", "type": "boolean"})
    message = refused(tmp_path, account, "plan_stale")
    assert 'feature.extra is new; plan.pro has changed: `name` was "Pro" and is "Professional"' in message


def test_what_moved_in_the_file_is_said_and_comments_do_not_count(account: str, tmp_path: Path) -> None:
    saved(tmp_path, account)
    write(tmp_path, DEARER.replace("59", "69"))
    message = refused(tmp_path, account, "plan_stale")
    assert "plan_price.pro/monthly has changed: `price` was 59.00 USD and is 69.00 USD" in message
    write(tmp_path, "# reviewed\n\n" + DEARER.replace("price: 59", "price: 59.00"))
    assert applied(tmp_path, account, "plan.json").code == 0


def test_a_plan_for_another_account_is_refused(account: str, tmp_path: Path) -> None:
    saved(tmp_path, account)
    with emulator_server(":memory:") as other:
        message = refused(tmp_path, other.url, "plan_target")
        assert f"is for sandbox, {account} (2026-08-27), but this is sandbox, {other.url}" in message
    assert "(2026-07-11)" in refused(tmp_path, account, "plan_target", "--api-version", "2026-07-11")


def test_a_plan_of_another_environment_names_the_option(tmp_path: Path) -> None:
    write(tmp_path, YAML)
    (tmp_path / "commet.one.yaml").write_text("version: 1\nmode: sandbox\n", encoding="utf-8")
    assert run(tmp_path, "plan", "--local", "--env", "one", "--out", "p.json", key=None).code == 0
    ended = run(tmp_path, "apply", "p.json", "--local", "--yes", key=None)
    assert (ended.code, "hint: apply it with `--env one`\n" in ended.err) == (4, True)
    assert run(tmp_path, "plan", "--local", "--out", "q.json", key=None).code == 0
    ended = run(tmp_path, "apply", "q.json", "--local", "--env", "one", "--yes", key=None)
    assert "hint: apply it without the environment `one`\n" in ended.err


def test_a_plan_is_bound_to_the_organization_by_its_ids(tmp_path: Path, url: str) -> None:
    """Two organizations behind one address that look alike are told apart: one of the key's, then one of another."""
    write(tmp_path, YAML)
    assert applied(tmp_path, url).code == 0
    live = "ck_live_N0body0ughtT0SeeThis"
    assert run(tmp_path, "apply", "--yes", "--live", "--api-url", url, key=live).code == 0
    write(tmp_path, DEARER)
    plan = saved(tmp_path, url)
    forge(plan, lambda content: content["target"].update(livemode=True))
    ended = run(tmp_path, "apply", "plan.json", "--yes", "--live", "--api-url", url, "--format", "json", key=live)
    assert (ended.code, ended.errors) == (4, ["plan_stale"])
    assert "`id` was" in ended.document["diagnostics"][-1]["message"]


FORGERIES: dict[str, tuple[Change, str]] = {
    "a request": (lambda c: c["plan"]["changes"][0]["requests"][0]["body"].update(price=1), "plan_tampered"),
    "a field": (lambda c: c["plan"]["changes"][0]["fields"][0].update(after="1.00"), "plan_tampered"),
    "a change less": (lambda c: c["plan"]["changes"].clear(), "plan_tampered"),
    "the choices": (lambda c: c["choices"].update(prune="yes"), "plan_tampered"),
    "a key more": (lambda c: c.update(extra=1), "plan_tampered"),
    "a key less": (lambda c: c.pop("live"), "plan_tampered"),
    "no list": (lambda c: c["plan"].update(changes=5), "plan_tampered"),
    "no text": (lambda c: c["live"]["plan.pro"].update(name=5), "plan_tampered"),
    "the live side": (lambda c: c["live"]["plan.pro"].update(name="x"), "plan_stale"),
    "the file's side": (lambda c: c["config"].clear(), "plan_stale"),
    "the version": (lambda c: c.update(commetctl="9.9.9"), "plan_version"),
    "the format": (lambda c: c.update(commetctl_plan=1), "plan_version"),
    "the newest change": (lambda c: c.update(newest=None), "plan_stale"),
    "the target": (lambda c: c["target"].update(api_url="https://evil.example"), "plan_target"),
}


@pytest.mark.parametrize(("change", "code"), FORGERIES.values(), ids=FORGERIES)
def test_a_forged_plan_is_refused_however_well_it_is_done(
    account: str, tmp_path: Path, change: Change, code: str
) -> None:
    forge(saved(tmp_path, account), change)
    refused(tmp_path, account, code)


def test_a_plan_that_was_changed_by_hand_is_refused(account: str, tmp_path: Path) -> None:
    plan = saved(tmp_path, account)
    plan.write_text(plan.read_text("utf-8").replace("5900", "5901"), "utf-8")
    assert "does not match its `id`" in refused(tmp_path, account, "plan_tampered")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", "null", '{"commetctl_plan": 1, "commetctl_plan": 1}', "[" * 99999]
)
def test_what_is_no_plan_is_refused(account: str, tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.json").write_text(text, "utf-8")
    assert "is not a saved plan" in refused(tmp_path, account, "plan_unreadable")


def test_what_is_chosen_is_said_by_the_plan_and_by_the_command(account: str, tmp_path: Path) -> None:
    send(account, "POST", "/features", {"code": "extra", "name": "Extra", "type": "boolean"})
    choice = ("--prune", "--target", "feature.extra")
    saved(tmp_path, account, *choice, chosen=" --prune --target feature.extra")
    assert "was made with `--prune --target feature.extra`" in refused(tmp_path, account, "plan_options")
    assert "was made with `--target feature.extra`" in refused(tmp_path, account, "plan_options", "--prune")
    assert applied(tmp_path, account, "plan.json", *choice).code == 0
    assert [feature["code"] for feature in rows(account, "/features")] == ["calls"]
    assert rows(account, "/plans?includePrivate=true")[0]["prices"][0]["price"] == 4900


def test_guards_are_passed_when_it_is_applied_and_not_when_it_is_saved(account: str, tmp_path: Path) -> None:
    write(tmp_path, YAML.replace("price: 49", "price: 4900"))
    saved(tmp_path, account, "--allow", "scale", "--allow", "price_change")
    ended = applied(tmp_path, account, "plan.json", "--format", "json")
    assert (ended.code, ended.errors) == (4, ["scale", "price_change"])
    assert applied(tmp_path, account, "plan.json", "--allow", "scale", "--allow", "price_change").code == 0


def test_a_plan_that_stopped_half_way_is_taken_up_again_where_it_was_begun(tmp_path: Path) -> None:
    """The line is lost in the middle; what the plan did itself until then does not make it stale."""
    with emulator_server(tmp_path / "a.db", faults=["503@w3-"]) as bad:
        url = bad.url
        port = url.rpartition(":")[2]
        write(tmp_path, YAML)
        saved(tmp_path, url)
        assert applied(tmp_path, url, "plan.json", "--retries", "0", "--parallelism", "1").code == 5
    with emulator_server(tmp_path / "a.db", "--port", port) as good:
        assert good.url == url
        elsewhere = applied(tmp_path, url, "plan.json", "--journal", "elsewhere", "--format", "json")
        assert (elsewhere.code, elsewhere.errors) == (4, ["plan_stale"])
        ended = applied(tmp_path, url, "plan.json")
        assert ended.code == 0, ended.err
        assert run(tmp_path, "plan", "--detailed-exitcode", "--api-url", url).code == 0
        assert applied(tmp_path, url, "plan.json").code == 4


def test_it_is_not_taken_up_again_over_the_head_of_somebody_else(tmp_path: Path) -> None:
    with emulator_server(tmp_path / "a.db", faults=["503@w5-"]) as bad:
        port = bad.url.rpartition(":")[2]
        write(tmp_path, YAML)
        assert applied(tmp_path, bad.url, "--retries", "0").code in (0, 5)
    with emulator_server(tmp_path / "a.db", "--port", port) as first:
        assert applied(tmp_path, first.url).code == 0
    write(tmp_path, DEARER.replace("name: Pro,", "name: Professional,"))
    with emulator_server(tmp_path / "a.db", "--port", port, faults=["503@w2-"]) as bad:
        saved(tmp_path, bad.url)
        assert applied(tmp_path, bad.url, "plan.json", "--retries", "0", "--parallelism", "1").code == 5
    with emulator_server(tmp_path / "a.db", "--port", port) as good:
        (pro,) = rows(good.url, "/plans?includePrivate=true")
        send(good.url, "PATCH", f"/plans/{pro['id']}/prices/{pro['prices'][0]['id']}", {"price": 5200})
        assert "`price` was 49.00 USD and is 52.00 USD" in refused(tmp_path, good.url, "plan_stale")


def test_out_leaves_alone_what_is_no_plan(account: str, tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to(tmp_path / "target.json")
    (tmp_path / "folder").mkdir()
    for name in ("commet.yaml", "link.json", "folder"):
        ended = run(tmp_path, "plan", "--api-url", account, "--out", name, "--format", "json")
        assert (ended.code, ended.errors) == (1, ["out_taken"]), name
    assert (tmp_path / "commet.yaml").read_text("utf-8") == DEARER
    assert not (tmp_path / "target.json").exists()
    ended = run(tmp_path, "plan", "--api-url", account, "--out", "none/plan.json", "--format", "json")
    assert (ended.code, ended.errors) == (1, ["out_unwritable"])
    assert sorted(path.name for path in tmp_path.iterdir()) == [".commet", "commet.yaml", "folder", "link.json"]


def test_a_plan_is_replaced_by_a_new_one_and_json_says_where(account: str, tmp_path: Path) -> None:
    saved(tmp_path, account)
    write(tmp_path, DEARER.replace("59", "69"))
    document = run(tmp_path, "plan", "--api-url", account, "--out", "plan.json", "--format", "json").document
    assert document["saved"] == {"file": "plan.json", "id": json.loads((tmp_path / "plan.json").read_text())["id"]}
    assert applied(tmp_path, account, "plan.json").code == 0
    assert [path.name for path in tmp_path.glob("*plan*")] == ["plan.json"]
