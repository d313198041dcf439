"""Saved plans, in this process: the options that they need, and that none is applied again after it was undone."""

import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from commetctl.cli import group
from commetctl.core.call import digest
from commetctl.usecases.saved_plans import FORMAT

YAML = """\
version: 1
features:
  calls: {name: Calls, type: usage}
plans:
  pro: {name: Pro, consumption_model: metered, prices: {monthly: {price: 49}}, features: {calls: {included_amount: 9}}}
credit_packs:
  small: {name: Small Pack, credits: 100, price: 5.00}
"""
LEGACY = YAML.replace("credit_packs:", "  legacy: {name: Legacy, prices: {monthly: {price: 9}}}\ncredit_packs:")
DEARER = YAML.replace("price: 49", "price: 55")
RENAMED = YAML.replace("name: Pro,", "name: Professional,")
PACK = YAML.replace("price: 5.00", "price: 6.00")
MORE = YAML.replace("plans:", "  extra: {name: Extra, type: boolean}\nplans:")


@dataclass
class Desk:
    """A folder with a catalog, a saved plan, and an account."""

    folder: Path
    version: str

    def write(self, yaml: str) -> None:
        (self.folder / "commet.yaml").write_text(yaml, "utf-8")

    def run(self, *words: str) -> tuple[int, dict[str, Any]]:
        """The exit code and the document of a command."""
        more = ["--file", str(self.folder / "commet.yaml"), "--local", str(self.folder / "account.db")]
        result = CliRunner().invoke(group, [*words, *more, "--api-version", self.version, "--format", "json"])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, json.loads(result.stdout)

    def plan(self, *words: str) -> None:
        code, document = self.run("plan", "--out", str(self.file), *words)
        assert code == 0, document

    def apply(self, *words: str, journals: str = "elsewhere") -> tuple[int, dict[str, Any]]:
        """Anything, with the memory of some machine."""
        words = (*words, "--allow", "price_change", "--allow", "deletes")
        return self.run("apply", *words, "--yes", "--journal", str(self.folder / journals))

    def settle(self, yaml: str) -> None:
        """Make the account as a catalog says, from elsewhere."""
        self.write(yaml)
        code, document = self.apply("--prune")
        assert code == 0, document

    def refused(self, code: str, *words: str, journals: str = "here") -> str:
        """Apply the saved plan; it is refused with a code; its message."""
        before = self.account()
        ended, document = self.apply(str(self.file), *words, journals=journals)
        found = [item for item in document["diagnostics"] if item["severity"] == "error"]
        assert (ended, [item["code"] for item in found]) == (4, [code]), document
        assert self.account() == before
        return f"{found[0]['message']}\n{found[0]['hint']}"

    def applied(self, *words: str, journals: str = "here") -> None:
        code, document = self.apply(str(self.file), *words, journals=journals)
        assert code == 0, document

    def account(self) -> dict[str, Any]:
        """What the file and the account differ in, and so whether either has moved."""
        found: dict[str, Any] = self.run("plan", "--prune")[1]["plan"]
        return found

    def forge(self, change: Callable[[dict[str, Any]], object]) -> None:
        content = json.loads(self.file.read_text("utf-8"))
        change(content)
        content["id"] = digest({name: value for name, value in content.items() if name != "id"})
        self.file.write_text(json.dumps(content), "utf-8")

    def age(self, **by: float) -> None:
        """Let the plan have been made earlier."""
        made = datetime.now(UTC) - timedelta(**by)
        self.forge(lambda content: content.update(made=made.isoformat(timespec="seconds")))

    @property
    def file(self) -> Path:
        return self.folder / "plan.json"


@pytest.fixture
def desk(tmp_path: Path, version: str) -> Desk:
    """In each API version; in both of them objects have times, and packs only in the older one."""
    made = Desk(tmp_path, version)
    made.settle(LEGACY)
    return made


@pytest.fixture
def newer(tmp_path: Path) -> Desk:
    made = Desk(tmp_path, "2026-08-27")
    made.settle(LEGACY)
    return made


def test_a_plan_brings_no_prune_of_its_own(newer: Desk) -> None:
    newer.write(DEARER)
    newer.plan("--prune")
    message = newer.refused("plan_options")
    assert "was made with `--prune`, which this command lacks" in message
    assert "apply it with `--prune`" in message
    newer.applied("--prune")
    assert newer.account()["changes"] == []


def test_a_plan_brings_no_target_of_its_own(newer: Desk) -> None:
    newer.write(DEARER.replace("name: Pro,", "name: Professional,"))
    newer.plan("--target", "plan_price.pro/monthly", "--target", "plan.pro")
    assert "`--target plan.pro --target plan_price.pro/monthly`" in newer.refused("plan_options")
    assert "`--target plan.pro`" in newer.refused("plan_options", "--target", "plan_price.pro/monthly")
    # Neither the order nor saying it twice makes another choice.
    words = ["--target", "plan.pro", "--target", "plan_price.pro/monthly", "--target", "plan.pro"]
    newer.applied(*words)


@pytest.mark.parametrize("words", [["--prune"], ["--target", "plan.pro"]], ids=str)
def test_a_command_adds_nothing_to_a_plan(newer: Desk, words: list[str]) -> None:
    newer.write(DEARER)
    newer.plan()
    message = newer.refused("plan_options", *words)
    assert f"was made without `{' '.join(words)}`, which this command has" in message


def test_both_sides_are_named_where_each_has_something(newer: Desk) -> None:
    newer.write(DEARER)
    newer.plan("--prune")
    message = newer.refused("plan_options", "--target", "plan.pro")
    assert "made with `--prune`" in message
    assert "made without `--target plan.pro`" in message


@pytest.mark.parametrize("target", ["plan", "", "plan.", "; rm -rf /"])
def test_a_target_that_no_command_can_have_saved_is_a_forgery(newer: Desk, target: str) -> None:
    newer.write(DEARER)
    newer.plan()
    newer.forge(lambda content: content["choices"].update(targets=[target]))
    newer.refused("plan_tampered")


def test_what_is_to_be_copied_from_a_forged_plan_is_one_word(newer: Desk) -> None:
    newer.write(DEARER)
    newer.plan()
    newer.forge(lambda content: content["choices"].update(targets=["plan.x; touch pwned"]))
    assert "--target 'plan.x; touch pwned'" in newer.refused("plan_options")


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--prune"],
        ["--target", "plan.pro", "--target", "feature.calls"],
        ["--prune", "--api-version", "2026-07-11"],
    ],
    ids=str,
)
def test_the_command_that_a_plan_names_applies_it(tmp_path: Path, words: list[str]) -> None:
    place = tmp_path / "two words"
    place.mkdir()
    file, account, plan = place / "prices.yaml", place / "account.db", place / "plan 1.json"
    file.write_text(DEARER, "utf-8")
    more = ["--file", str(file), "--local", str(account)]
    said = CliRunner().invoke(group, ["plan", *more, "--out", str(plan), *words]).stdout
    command = shlex.split(said.splitlines()[-1].partition("this: commetctl ")[2])
    ended = CliRunner().invoke(group, [*command, "--yes", "--journal", str(place)])
    assert ended.exit_code == 0, ended.output


@pytest.mark.parametrize("yaml", [DEARER, RENAMED], ids=["price", "name"])
def test_a_plan_that_was_applied_and_undone_is_stale_on_a_fresh_machine(desk: Desk, yaml: str) -> None:
    desk.settle(YAML)
    desk.write(yaml)
    desk.plan()
    desk.applied(journals="first")
    desk.settle(YAML)
    desk.write(yaml)
    assert "may have been applied and undone" in desk.refused("plan_stale")
    # A new plan of the same change is another one.
    desk.plan()
    desk.applied()


def test_a_deletion_that_was_undone_is_not_done_again(desk: Desk) -> None:
    desk.write(YAML)
    desk.plan("--prune")
    desk.applied("--prune", journals="first")
    desk.settle(LEGACY)
    desk.write(YAML)
    desk.refused("plan_stale", "--prune")


def test_a_newest_change_that_a_forger_leaves_out_is_missed(newer: Desk) -> None:
    newer.write(RENAMED)
    newer.plan()
    newer.forge(lambda content: content.update(newest=None))
    assert "an unknown time" in newer.refused("plan_stale")


def test_a_plan_without_changes_is_never_too_old(newer: Desk) -> None:
    newer.write(LEGACY)
    newer.plan()
    newer.settle(LEGACY.replace("name: Pro,", "name: Professional,"))
    newer.settle(LEGACY)
    newer.age(days=80)
    newer.applied()


@pytest.mark.parametrize(
    ("yaml", "good", "bad"),
    [
        (DEARER, {"days": 6.9}, {"days": 7.1}),
        (MORE, {"days": 6.9}, {"days": 7.1}),
        (PACK, {"hours": 23}, {"hours": 25}),
    ],
    ids=["price", "new", "pack"],
)
def test_what_no_time_tells_of_is_good_for_a_while(
    newer: Desk, yaml: str, good: dict[str, float], bad: dict[str, float]
) -> None:
    newer.settle(YAML)
    newer.write(yaml)
    newer.plan()
    newer.age(**bad)
    said = newer.refused("plan_expired")
    assert "would show whether it was applied and undone" in said
    assert f"is valid for {'24 hours' if 'hours' in good else '7 days'}" in said
    newer.age(minutes=-30)
    newer.refused("plan_expired")
    newer.age(**good)
    newer.applied()


def test_what_has_a_time_of_its_own_does_not_expire(desk: Desk) -> None:
    desk.write(RENAMED.replace("price: 5.00", "price: 6.00"))
    desk.plan()
    desk.age(days=80)
    desk.applied()


def test_packs_have_times_in_the_older_generation(tmp_path: Path) -> None:
    older = Desk(tmp_path, "2026-07-11")
    older.settle(YAML)
    older.write(PACK)
    older.plan()
    older.applied(journals="first")
    older.settle(YAML)
    older.write(PACK)
    older.refused("plan_stale")


@pytest.mark.parametrize("made", ["", "yesterday", "9999-99-99"])
def test_a_plan_that_does_not_say_when_it_was_made_is_a_forgery(newer: Desk, made: str) -> None:
    newer.write(DEARER)
    newer.plan()
    newer.forge(lambda content: content.update(made=made))
    newer.refused("plan_tampered")


@pytest.mark.parametrize("form", [FORMAT - 1, FORMAT + 1, str(FORMAT), True, None])
def test_another_plan_format_is_named(newer: Desk, form: object) -> None:
    newer.write(DEARER)
    newer.plan()
    newer.forge(lambda content: content.update(commetctl_plan=form))
    is_text = form == str(FORMAT)
    code = "plan_tampered" if is_text else "plan_version"
    message = newer.refused(code)
    assert is_text or f"in format {form}, and this is" in message
