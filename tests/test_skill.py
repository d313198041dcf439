"""The skill for assistants: what it teaches works, and sends nothing that changes an account."""

import re
import shlex
import subprocess
from pathlib import Path

from ruamel.yaml import YAML

from cli.running import run
from emulator.serving import emulator_server

ROOT = Path(__file__).parents[1]
SKILL = ROOT / "skills/commetctl/SKILL.md"
WORDS = 400


def commands(text: str) -> list[list[str]]:
    """Every command of commetctl in a text, in blocks and in sentences."""
    found = re.findall(r"^ *(commetctl .+)$|`(commetctl [^`]+)`", text, re.MULTILINE)
    return [shlex.split(block or inline)[1:] for block, inline in found]


def test_the_skill_is_short_and_says_what_it_is_for(tmp_path: Path) -> None:
    text = SKILL.read_text("utf-8")
    _, front, body = text.split("---\n", 2)
    about = YAML(typ="safe", pure=True).load(front)
    assert about.keys() == {"name", "description"}
    assert about["name"] == SKILL.parent.name
    assert len(about["description"]) < 1024
    assert len(body.split()) <= WORDS
    assert run(tmp_path, "help", "skill", key=None).out == text


def test_what_the_skill_teaches_changes_no_account(tmp_path: Path) -> None:
    limits, steps = SKILL.read_text("utf-8").split("## Steps\n")
    assert commands(limits)[:2] == [["apply"], ["packs", "purchase"]]
    shop = tmp_path / "shop"
    assert run(tmp_path, "init", "shop", key=None).code == 0
    (shop / "commet.production.yaml").write_text("version: 1\nmode: sandbox\n")
    git = ("git", "-c", "user.name=somebody", "-c", "user.email=somebody@example.com")
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "Prices"]):
        subprocess.run([*git, *words], cwd=shop, timeout=60, check=True)
    catalog = shop / "commet.yaml"
    with emulator_server(":memory:") as account:
        assert run(shop, "apply", "--yes", "--api-url", account.url).code == 0
        before = len(account.writes)
        raised = catalog.read_text("utf-8").replace("price: 29.00", "price: 31.00")
        assert raised != catalog.read_text("utf-8")
        catalog.write_text(raised, "utf-8")
        taught = commands(steps)
        assert {words[0] for words in taught} == {"explain", "schedule", "validate", "fmt", "diff", "plan", "help"}
        for words in (words for words in taught if words[0] != "schedule"):
            ended = run(shop, *words, env={"COMMET_API_URL": account.url})
            assert (words, ended.code, ended.err.count("warning")) == (words, 0, 0)
        assert len(account.writes) == before
        (schedule,) = (words for words in taught if words[0] == "schedule")
        filled = {"NAME": "raise", "DATE": "2035-01-01", "PATH=VALUE": "plans.starter.prices.monthly.price=39.00"}
        ended = run(shop, *(filled.get(word, word) for word in schedule), env={"COMMET_API_URL": account.url})
        assert (ended.code, ended.err, len(account.writes)) == (0, "", before)
    assert (shop / "changes/raise.yaml").is_file()
    assert catalog.read_text("utf-8") == raised
