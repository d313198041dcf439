"""`commetctl rehearse` on the command line: its text, its document, and its exit codes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.running import run, send
from emulator.serving import emulator_server
from environments.files import written

BASE = "version: 1\nplans: {pro: {name: Pro, prices: {monthly: {price: 49.00, is_default: true}}}}\n"
NEXT = f"{datetime.now(UTC) + timedelta(days=40):%Y-%m-%d}"
RAISED = "plans: {pro: {prices: {monthly: {price: 59.00}}}}\n"


def change(head: str = "", content: str = RAISED) -> str:
    """A change in a few weeks."""
    return f"version: 1\nchange: {{effective: {NEXT}{head}}}\n{content}"


def test_a_rehearsal_in_text_and_as_a_document(tmp_path: Path) -> None:
    with emulator_server(tmp_path / "commet.db") as served:
        there = ("--api-url", served.url)
        written(tmp_path, {"commet.yaml": BASE})
        assert run(tmp_path, "apply", "--yes", *there).code == 0
        for name in "ab":
            send(served.url, "POST", "/subscriptions", {"planCode": "pro", "customerId": f"secret-{name}"})
        written(tmp_path, {"changes/raise.yaml": change()})
        served.requests.clear()
        text = run(tmp_path, "rehearse", *there)
        document = run(tmp_path, "rehearse", "raise", "--format", "json", *there).document
        assert served.writes == []
    assert (text.code, text.err) == (0, "")
    assert "Every bill is as the plan predicts" in text.out
    assert "2 × 49.00" in text.out
    (line,) = document["rehearsal"]["lines"]
    assert (line["address"], line["subscriptions"], line["made_up"]) == ("plan_price.pro/monthly", 2, False)
    assert line["after"] == {"59.00 USD": 2}
    assert document["rehearsal"]["differences"] == []
    assert "secret" not in text.out + str(document)


def test_a_live_account_is_rehearsed_as_it_is(tmp_path: Path) -> None:
    """It is read, and needs no `--live`; the emulator is a sandbox, whatever the catalog says of the account."""
    key = "ck_live_N0body0ughtT0SeeThis"
    with emulator_server(tmp_path / "commet.db") as served:
        there = ("--api-url", served.url)
        written(tmp_path, {"commet.yaml": BASE + "mode: live\n"})
        assert run(tmp_path, "apply", "--yes", *there, key=key).code == 0
        send(served.url, "POST", "/subscriptions", {"planCode": "pro", "customerId": "a"}, key=key)
        written(tmp_path, {"changes/raise.yaml": change()})
        served.requests.clear()
        ended = run(tmp_path, "rehearse", *there, key=key)
        assert (ended.code, served.writes) == (0, [])
    assert "Every bill is as the plan predicts" in ended.out


def test_on_the_embedded_commet_without_customers(tmp_path: Path) -> None:
    written(tmp_path, {"commet.yaml": BASE})
    assert run(tmp_path, "apply", "--yes", "--local", key=None).code == 0
    written(tmp_path, {"changes/raise.yaml": change()})
    ended = run(tmp_path, "rehearse", "--local", key=None)
    assert ended.code == 0
    assert "one made up: no subscription is on it, or Commet does not say which" in ended.out
    assert not list((tmp_path / ".commet").glob("**/*rehears*"))


def test_nothing_to_rehearse(tmp_path: Path) -> None:
    written(tmp_path, {"commet.yaml": BASE})
    ended = run(tmp_path, "rehearse", "--local", key=None)
    assert (ended.code, ended.out) == (0, "Nothing is scheduled, and nothing is due\n")


def test_what_is_due_and_refused_is_not_nothing(tmp_path: Path) -> None:
    written(tmp_path, {"commet.yaml": BASE})
    assert run(tmp_path, "apply", "--yes", "--local", key=None).code == 0
    moved = BASE.replace("49.00", "52.00")
    written(tmp_path, {"commet.yaml": moved})
    assert run(tmp_path, "apply", "--yes", "--local", key=None).code == 0
    written(
        tmp_path,
        {"commet.yaml": BASE, "changes/raise.yaml": f"version: 1\nchange: {{effective: 2020-01-01}}\n{RAISED}\n"},
    )
    ended = run(tmp_path, "rehearse", "--local", key=None)
    assert (ended.code, ended.out) == (4, "Nothing was rehearsed\n"), ended


@pytest.mark.parametrize(
    ("words", "text", "code", "error"),
    [
        (("other",), change(), 1, "no_change"),
        ((), change(", existing: keep"), 4, "existing"),
        ((), change(content=RAISED.replace("59", "99")), 4, "price_change"),
        ((), change(content="plans: {pro: {prices: {monthly: {price: much}}}}"), 3, "amount"),
    ],
)
def test_what_is_refused_or_wrong(words: tuple[str, ...], text: str, code: int, error: str, tmp_path: Path) -> None:
    written(tmp_path, {"commet.yaml": BASE})
    assert run(tmp_path, "apply", "--yes", "--local", key=None).code == 0
    written(tmp_path, {"changes/raise.yaml": text})
    ended = run(tmp_path, "rehearse", *words, "--local", "--format", "json", key=None)
    assert ended.code == code
    assert error in ended.errors
