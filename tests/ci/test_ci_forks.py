"""A pull request without secrets is compared with all that decides what its catalog is."""

from dataclasses import dataclass, field

import click
import pytest

from ci.world import YAML, Pull, World
from commetctl.cli import group
from commetctl_ci.offline import ALONE, CHECKED_ALONE, CHECKED_VALUED, EITHER, VALUED, comparable, left_out

pytestmark = pytest.mark.process

FORK = "stranger/pricing"
OVERLAY = "version: 1\nmode: live\nplans:\n  pro: {prices: {monthly: {price: 45}}}\n"


@dataclass
class Fork:
    """A pull request from a fork that changes several files."""

    shop: World
    before: dict[str, str] = field(default_factory=dict)

    def changed(self, after: dict[str, str]) -> Pull:
        self._written(self.before)
        base = self.shop.git("rev-parse", "HEAD")
        self.shop.git("checkout", "-q", "-b", "fork")
        self._written(after)
        head = self.shop.git("rev-parse", "HEAD")
        return Pull(7, "fork", base, head, head)

    def _written(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            (self.shop.repository / name).write_text(text, encoding="utf-8")
        self.shop.git("add", "-A")
        self.shop.git("commit", "-qm", "files", "--allow-empty")


def test_the_overlay_of_the_environment_is_compared(shop: World) -> None:
    pull = Fork(shop, {"commet.live.yaml": OVERLAY}).changed({"commet.live.yaml": OVERLAY.replace("45", "405")})
    assert shop.plan(pull, source=FORK).outputs["changes"] == "false"
    ran = shop.plan(pull, source=FORK, extra_args="--env live")
    assert (ran.code, ran.outputs["changes"]) == (0, "true")
    assert "| 45.00 | **405.00 USD** |" in ran.summary


def test_a_new_environment_is_compared_with_the_shared_catalog(shop: World) -> None:
    ran = shop.plan(Fork(shop).changed({"commet.live.yaml": OVERLAY}), source=FORK, extra_args="--env=live")
    assert "| 49.00 | **45.00 USD** |" in ran.summary


def test_what_a_prune_deletes_is_shown(shop: World) -> None:
    pull = Fork(shop).changed({"commet.yaml": "version: 1\nmode: sandbox\nfeatures: {}\nplans: {}\n"})
    assert shop.plan(pull, source=FORK).outputs["changes"] == "false"
    ran = shop.plan(pull, source=FORK, extra_args="--prune")
    assert ran.outputs["changes"] == "true"
    assert "`plan.pro`" in ran.summary


def test_warnings_are_errors_where_they_are_for_everybody_else(shop: World) -> None:
    odd = YAML.replace("plans:\n", "  unused: {name: Unused, type: boolean}\nplans:\n")
    pull = Fork(shop).changed({"commet.yaml": odd})
    assert shop.plan(pull, source=FORK).code == 0
    ran = shop.plan(pull, source=FORK, extra_args="--strict")
    assert ran.code == shop.plan(pull, extra_args="--strict").code == 3
    assert any(command.startswith("error file=commet.yaml,line=5") for command in ran.commands)


def test_variables_are_no_secrets_and_the_version_of_the_api_counts(shop: World) -> None:
    """Plans print what a catalog uses of a variable, so there is nothing to protect."""
    text = YAML.replace("price: 49", 'price: "${COMMETCTL_VAR_PRICE}"')
    pull = Fork(shop).changed({"commet.yaml": text})
    assert "`COMMETCTL_VAR_PRICE` is not set" in shop.plan(pull, source=FORK).summary
    shop.env = {"COMMETCTL_VAR_PRICE": "61", "COMMET_API_KEY_LIVE": "ck_live_nobody"}
    ran = shop.plan(pull, source=FORK, api_version="2026-07-11")
    assert "| 49.00 | **61.00 USD** |" in ran.summary
    assert "API version: `2026-07-11`" in ran.summary
    assert "commetctl diff COMMETCTL_VAR_PRICE=61" in shop.started("env")
    assert "commetctl diff COMMET_API_KEY" not in shop.started("env")


def test_options_about_an_account_are_left_out_and_named(shop: World) -> None:
    pull = Fork(shop).changed({"commet.yaml": YAML.replace("49", "59")})
    given = "--allow price_change --retries 9 --target=plan.pro --no-impact --live --local own.db -v"
    ran = shop.plan(pull, source=FORK, extra_args=given)
    assert (ran.code, ran.outputs["changes"]) == (0, "true"), ran.log
    left = "--allow price_change --target=plan.pro --no-impact --live --local own.db"
    assert f"Left out of `extra-args`, as it is about an account: `{left}`." in ran.summary


def test_a_folder_and_a_catalog_of_another_name(shop: World) -> None:
    shop.file = "pricing/prices.yml"
    shop.commit(YAML)
    pull = Fork(shop, {"pricing/prices.eu.yml": OVERLAY}).changed(
        {"pricing/prices.eu.yml": OVERLAY.replace("45", "46")}
    )
    ran = shop.plan(pull, source=FORK, working_directory="pricing", file="prices.yml", extra_args="--env eu")
    assert "| 45.00 | **46.00 USD** |" in ran.summary


def test_files_that_look_like_a_repository_run_nothing(shop: World) -> None:
    """Git takes a folder with such files for a repository, and fetches an object that is not there by its `config`."""
    shop.file = "pricing/commet.yaml"
    shop.commit(YAML)
    bait = shop.folder / "bait"
    config = "[core]\nrepositoryformatversion = 1\nbare = false\n"
    config += f'worktree = {shop.repository}/pricing\nsshCommand = "touch {bait}; false"\n'
    config += '[extensions]\npartialClone = origin\n[remote "origin"]\nurl = ssh://nobody/nothing\npromisor = true\n'
    for folder in ("objects", "refs"):
        (shop.repository / "pricing" / folder).mkdir()
    files = {"HEAD": "ref: refs/heads/main\n", "config": config, "objects/kept": "", "refs/kept": ""}
    files |= {"commet.yaml": YAML.replace("49", "59")}
    pull = Fork(shop).changed({f"pricing/{name}": text for name, text in files.items()})
    ran = shop.plan(pull, source=FORK, working_directory="pricing")
    assert ran.code != 0
    assert "cannot use bare repository" in ran.log
    assert not bait.exists()


def names(command: str, *, flags: bool) -> set[str]:
    """The long names of the options that take a value, or of those that take none."""
    found = group.get_command(click.Context(group), command)
    assert found
    options = [item for item in found.params if isinstance(item, click.Option) and item.is_flag is flags]
    return {name for item in options for name in (*item.opts, *item.secondary_opts) if name.startswith("--")}


def test_each_option_of_a_plan_is_one_of_diff_or_known_to_be_left_out() -> None:
    taken = {"--file", "--out", "--format", "--base", "--detailed-exitcode", "--quiet", "--summary"}
    taken |= {"--yes", "--auto-approve", "--due"}
    for flags, known in ((True, {*ALONE}), (False, {*VALUED, *EITHER})):
        planned = (names("plan", flags=flags) | names("apply", flags=flags)) - taken
        assert planned - names("diff", flags=flags) == known


def test_each_option_of_a_plan_that_decides_what_is_valid_is_checked() -> None:
    shown = {"--all", "--color", "--no-color", "--quiet", "--verbose", "--file", "--format", "--base"}
    for flags, known in ((True, {*CHECKED_ALONE}), (False, {*CHECKED_VALUED})):
        assert (names("plan", flags=flags) & names("validate", flags=flags)) - shown == known


@pytest.mark.parametrize(
    ("given", "kept", "left"),
    [
        (["--local"], [], ["--local"]),
        (["--local", "--env", "a"], ["--env", "a"], ["--local"]),
        (["--local=x.db", "--prune"], ["--prune"], ["--local=x.db"]),
        (["--target", "--prune"], [], ["--target", "--prune"]),
        (["--allow"], [], ["--allow"]),
        (["--env", "live", "--strict", "--mystery"], ["--env", "live", "--strict", "--mystery"], []),
    ],
)
def test_how_words_are_told_apart(given: list[str], kept: list[str], left: list[str]) -> None:
    assert (comparable(given), left_out(given)) == (kept, left)
