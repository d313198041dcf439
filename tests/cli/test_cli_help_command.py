"""`commetctl help`: the help of every command by its prefix, and the topics."""

from pathlib import Path

import pytest

from cli.running import run
from commetctl.cli import COMMANDS
from commetctl.cli import TOPICS as LISTED
from commetctl.cli.help import _TEXTS
from commetctl.core.environment import VARIABLES
from commetctl.core.exits import EXITS
from commetctl.reference.codes import codes
from commetctl.reference.kinds import kinds


@pytest.mark.parametrize("words", [(), ("plan",), ("packs",), ("packs", "purchase"), ("help",)], ids=" ".join)
def test_it_is_what_the_option_prints(words: tuple[str, ...], tmp_path: Path) -> None:
    asked, option = run(tmp_path, "help", *words, key=None), run(tmp_path, *words, "--help", key=None)
    assert (asked.code, asked.err) == (0, "")
    assert asked.out == option.out


TOPICS = {
    "commands": [*sorted({*COMMANDS, "packs purchase"} - {"packs"})],
    "addresses": [kind.address for kind in kinds() if kind.address],
    "codes": codes(),
    "environment": [*VARIABLES],
    "exit-codes": [f"\n{code} " for code in EXITS if code],
}


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_has_all_that_there_is(topic: str, tmp_path: Path) -> None:
    ended = run(tmp_path, "help", topic, key=None, env={"COLUMNS": "60"})
    assert (ended.code, ended.err) == (0, "")
    assert all(word in ended.out for word in TOPICS[topic])
    # An address is never broken.
    assert topic == "addresses" or max(map(len, ended.out.splitlines())) <= 60
    assert f"\n  {topic} " in run(tmp_path, "help", key=None).out.partition("\nTopics:")[2]
    assert topic not in COMMANDS


def test_every_topic_is_listed_and_has_a_text() -> None:
    assert list(LISTED) == list(_TEXTS)
    assert set(TOPICS) | {"skill"} == set(LISTED)


def test_what_is_neither_a_command_nor_a_topic_is_wrong_usage(tmp_path: Path) -> None:
    for words in (("nope",), ("plan", "x"), ("packs", "buy"), ("exit-codes", "x")):
        ended = run(tmp_path, "help", *words, key=None)
        assert (ended.code, ended.out) == (64, "")
        assert f"`{' '.join(words)}` is neither a command nor a topic" in ended.err
