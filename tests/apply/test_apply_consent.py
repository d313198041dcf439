"""The use case with a reporter: what is shown and asked, in which order, and what comes of the answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from commetctl.apply.journal import Journals
from commetctl.core.change import Outcome
from commetctl.usecases.apply import Apply
from commetctl.usecases.conclusion import Conclusion
from harness import Planned, Shop

YAML = "version: 1\nfeatures: {calls: {name: Calls, type: usage}}\n"


@dataclass
class Talk:
    """A reporter that answers, and notes what it was called for."""

    answer: bool = True
    can_ask: bool = True
    calls: list[str] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    #: Called with the way to stop the run, before anything is sent.
    interrupt: Callable[[Callable[[], None]], None] = lambda stop: None

    def show(self) -> None:
        self.calls.append("show")

    def say(self, text: str) -> None:
        self.calls.append(f"say {text}")

    def confirm(self, question: str, *, word: str = "", caution: str = "") -> bool:
        self.calls.append("confirm")
        self.asked.append((question, word))
        return self.answer

    @contextmanager
    def progress(self, total: int, stop: Callable[[], None]) -> Iterator[Callable[[Outcome], None]]:
        self.calls.append(f"progress of {total}")
        self.interrupt(stop)
        yield lambda outcome: self.calls.append(f"{outcome.change.address}")


def run(shop: Shop, planned: Planned, talk: Talk, *, yes: bool = False) -> Conclusion:
    journals = Journals(shop.folder / "runs")
    return Apply(planned.prepared, shop.client(planned.catalog), journals, talk).run(yes=yes)


def codes(conclusion: Conclusion) -> list[str]:
    return [error.code for error in conclusion.errors]


def test_the_plan_is_shown_and_asked_about_before_anything_is_sent(shop: Shop) -> None:
    talk = Talk()
    ended = run(shop, shop.plan(YAML), talk)
    assert talk.calls == ["show", "confirm", "progress of 1", "feature.calls"]
    assert (ended.exit_code, codes(ended), len(ended.outcomes)) == (0, [], 1)
    assert shop.plan(YAML).actions == []


@pytest.mark.parametrize(("livemode", "mode", "word"), [(False, "sandbox", ""), (True, "LIVE", "live")])
def test_the_question_names_the_account_and_a_live_one_takes_a_word_of_its_own(
    tmp_path: Path, mode: str, word: str, *, livemode: bool
) -> None:
    key = "ck_live_test" if livemode else "ck_sandbox_test"
    with Shop(tmp_path, key=key, livemode=livemode) as shop:
        shop.make("version: 1\nfeatures: {old: {name: Old, type: boolean}}\n")
        for yaml, what in (
            (YAML, "this change"),
            (YAML.replace("}}", "}, logs: {name: Logs, type: boolean}}"), "these 2 changes"),
        ):
            talk = Talk(answer=False)
            (error,) = run(shop, shop.plan(yaml), talk).errors
            host = shop.account.host
            assert talk.asked == [(f"Apply {what} to {mode} ({host})?", word)]
            assert error.message == "nothing was applied"
            assert error.hint == ('only "live" is accepted' if livemode else 'only "y" or "yes" is accepted')


@pytest.mark.parametrize(("can_ask", "calls"), [(True, ["show", "confirm"]), (False, ["show"])])
def test_without_a_yes_nothing_is_sent(shop: Shop, calls: list[str], *, can_ask: bool) -> None:
    talk = Talk(answer=False, can_ask=can_ask)
    ended = run(shop, shop.plan(YAML), talk)
    assert (talk.calls, ended.exit_code, codes(ended), ended.record) == (calls, 4, ["not_confirmed"], None)
    assert shop.plan(YAML).actions == ["+ feature.calls"]


def test_a_yes_in_advance_needs_no_question(shop: Shop) -> None:
    talk = Talk(can_ask=False)
    assert run(shop, shop.plan(YAML), talk, yes=True).exit_code == 0
    assert talk.calls == ["show", "progress of 1", "feature.calls"]


def test_what_a_guard_refuses_is_shown_and_not_asked_about(shop: Shop) -> None:
    shop.make(YAML)
    talk = Talk()
    ended = run(shop, shop.plan(f"{YAML}policy: {{max_updates: 0}}\n".replace("Calls", "API calls")), talk)
    assert (talk.calls, ended.exit_code, codes(ended)) == (["show"], 4, ["updates"])


def test_where_nothing_is_to_be_done_nothing_is_shown(shop: Shop) -> None:
    shop.make(YAML)
    talk = Talk()
    assert run(shop, shop.plan(YAML), talk) == Conclusion()
    assert talk.calls == []


def test_what_has_changed_since_the_plan_is_not_written_over(shop: Shop) -> None:
    planned = shop.plan(YAML)
    shop.make(YAML.replace("Calls", "API calls"))
    ended = run(shop, planned, Talk())
    assert (ended.exit_code, codes(ended), ended.record) == (4, ["moved"], None)


def test_an_interrupt_before_the_first_request_sends_none(shop: Shop) -> None:
    ended = run(shop, shop.plan(YAML), Talk(interrupt=lambda stop: stop()))
    assert (ended.exit_code, codes(ended)) == (130, ["interrupted"])
    assert ended.record
    assert not ended.record.sent
    assert shop.plan(YAML).actions == ["+ feature.calls"]


def test_an_interrupted_run_is_told_of_and_continued(shop: Shop, tmp_path: Path) -> None:
    planned = shop.plan(YAML)
    with Journals(shop.folder / "runs").opened("d" * 32, planned.prepared.journaled):
        pass
    talk = Talk()
    assert run(shop, planned, talk).exit_code == 0
    said = talk.calls[2]
    assert said.startswith("say an earlier run (")
    assert said.endswith(") was interrupted and left nothing in doubt; this run continues it")
    assert not Journals(shop.folder / "runs").interrupted(planned.prepared.journaled)


def test_what_could_not_be_done_makes_the_run_a_partial_one(shop: Shop) -> None:
    text = YAML.replace("}}", "}, logs: {name: Logs, type: boolean}}")
    planned = shop.plan(text)
    shop.faulty.set(["503@w2-"])
    ended = run(shop, planned, Talk(), yes=True)
    shop.faulty.set([])
    assert (ended.exit_code, codes(ended)[-1]) == (5, "partly_applied")
    assert [type(outcome).__name__ for outcome in ended.outcomes] == ["Applied", "Failed"]
    assert run(shop, shop.plan(text), Talk(), yes=True).exit_code == 0
