"""What a slip is answered with: never an option or a value that deletes, or that overrides a guard."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli.running import YAML, run, write
from commetctl.cli import COMMANDS, group
from every import every

#: Every option that deletes, narrows what is done, answers a question, or overrides a guard; each by hand.
RISKY = {"--allow", "--allow-delete", "--auto-approve", "--live", "--prune", "--replace", "--target", "--yes"}
#: All others. A new option goes into one of the two, and a risky one also into `options.RISKY`.
_HARMLESS = """
--all --allow-unset --amounts --announced --api-key-file --api-url --api-version --as --at --base --change --changed
--check --ci --clock --color --db --detailed-exitcode --diff --dry-run --due --env --fault --fault-seed --file
--format --from --from-live --host --impact --journal --local --man --max-wait --no-color --no-impact --notice --on
--open --out --overlay --parallelism --port --quiet --quirk --results --retries --set --strict --summary --template
--timeline --verbose --why
"""
HARMLESS = set(re.findall(r"\S+", _HARMLESS))
#: What people type who know other tools.
_FOREIGN = """
--plan --dry --dryrun --dry_run --simulate --preview --no-apply --force --yes-all --assume-yes --auto-approve --approve
--confirm --delete --destroy --remove --purge --prun --prune-all --no-prune --run --tune --targets --target-only --tag
--get --alow --allow-all --allow-live --allow-deletes --life --liv --line --production --replace --yess --y --all --yet
"""
FOREIGN = re.findall(r"\S+", _FOREIGN)


def commands(context: click.Context) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    command = context.command
    if not isinstance(command, click.Group):
        yield (), command
        return
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below
        for path, found in commands(click.Context(below, context, info_name=name)):
            yield (name, *path), found


ALL = dict(commands(click.Context(group)))


def long_names(command: click.Command) -> set[str]:
    found = (name for option in command.params for name in (*option.opts, *option.secondary_opts))
    return {name for name in found if name.startswith("--")}


def mutated(name: str) -> Iterator[str]:
    """A name with a letter less, two letters swapped, another letter, and a part more."""
    for place in range(2, len(name)):
        begin, letter, end = name[:place], name[place], name[place + 1 :]
        yield begin + end
        yield begin + ("x" if letter != "x" else "y") + end
        yield begin + end[:1] + letter + end[1:]
    yield from (f"{name}s", f"{name}-all", f"--no-{name[2:]}", f"--{name[2:]}-run", f"--{name[2:].replace('-', '_')}")


def suggested(folder: Path, *words: str) -> set[str]:
    """The options in the answer to a slip."""
    ended = run(folder, *words, key=None)
    assert ended.code == 64, words
    answer = ended.err.partition("Did you mean")[2].partition("\n")[0]
    return set(re.findall(r"--[a-z][a-z-]*", answer))


def test_every_option_is_known_to_be_risky_or_harmless() -> None:
    named = set().union(*map(long_names, ALL.values()))
    assert named == RISKY | HARMLESS
    assert not RISKY & HARMLESS


def test_no_slip_leads_to_a_risky_option(tmp_path: Path) -> None:
    assert set(ALL) >= {("apply",), ("packs", "purchase"), ("diff",)}

    def check(case: tuple[tuple[str, ...], click.Command]) -> None:
        path, command = case
        known = long_names(command) | {"--help"}
        slips = dict.fromkeys([*FOREIGN, *(slip for name in sorted(known) for slip in mutated(name))])
        found = {slip: near for slip in slips if slip not in known for near in possibilities(path, slip) & RISKY}
        assert not found, found

    def possibilities(path: tuple[str, ...], slip: str) -> set[str]:
        return suggested(tmp_path, *path, slip)

    # A slip of a name that only other commands have says no more; each risky command is tried with all slips.
    every([(path, command) for path, command in ALL.items() if long_names(command) & RISKY], check)


def test_a_slip_is_still_answered_with_what_is_harmless(tmp_path: Path) -> None:
    assert suggested(tmp_path, "plan", "--verbos") == {"--verbose"}
    assert suggested(tmp_path, "apply", "--dryrun") == {"--dry-run"}
    assert suggested(tmp_path, "diff", "--detailed-exit-code") == {"--detailed-exitcode"}


def test_nothing_is_suggested_where_only_the_dashes_are_alike(tmp_path: Path) -> None:
    for words in (("plan", "--check"), ("apply", "--plan"), ("plan", "--pru"), ("validate", "--xyz")):
        assert suggested(tmp_path, *words) == set(), words


def test_a_command_of_another_name_is_answered_with_ours(tmp_path: Path) -> None:
    assert "Did you mean validate?" in run(tmp_path, "lint", key=None).err
    assert "Did you mean plan?" in run(tmp_path, "plam", key=None).err


def test_the_document_of_a_slip_has_no_risky_option_either(tmp_path: Path) -> None:
    ended = run(tmp_path, "apply", "--pruned", "--format", "json", key=None)
    (said,) = ended.document["diagnostics"]
    assert said["message"] == "No such option '--pruned'."


@pytest.mark.parametrize("slip", ["destroy", "delete", "remove", "prune", "purge", "buy", "dry-run", "force"])
def test_a_word_for_deleting_leads_to_no_command_that_writes(tmp_path: Path, slip: str) -> None:
    assert slip not in COMMANDS
    assert not re.search("Did you mean (apply|packs|purchase)", run(tmp_path, slip, key=None).err)


def test_no_deletion_is_suggested_as_a_value(tmp_path: Path) -> None:
    """Neither to be allowed nor as a target: what only the account has is what `--prune` deletes."""
    write(tmp_path, YAML + "  seats: {name: Seats, type: boolean}\n")
    assert run(tmp_path, "apply", "--local", "--yes", key=None).code == 0
    write(tmp_path)
    for words in (["--allow-delete", "feature.seat"], ["--target", "feature.seatz"], ["--target", "feature.sseats"]):
        for command in (["plan"], ["apply", "--yes"]):
            ended = run(tmp_path, *command, "--local", "--prune", *words, key=None)
            assert (ended.code, "feature.seats" in ended.err) == (1, False), ended.err
    near = run(tmp_path, "plan", "--local", "--target", "feature.call", key=None)
    assert "did you mean `feature.calls`?" in near.err
