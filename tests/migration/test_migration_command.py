"""The command, as a process of its own: what it reads, writes and refuses, without key and network."""

import json
import os
import threading
from pathlib import Path

import pytest

from cli.running import Ended, run

CONFIG = """\
{
  "features": {"sso": {"name": "Single sign-on", "type": "boolean"}},
  "plans": {
    "pro": {
      "name": "Pro",
      "sortOrder": 3,
      "prices": [{"interval": "monthly", "amount": 490000}],
      "features": {"sso": true}
    }
  }
}
"""
PRICE = "monthly: {price: 49.00}"
#: An address at which nobody answers, and no key: whoever needs either fails.
NOWHERE = {"COMMET_API_URL": "http://127.0.0.1:9"}


def pull(folder: Path, *arguments: str, stdin: str = "") -> Ended:
    return run(folder, "pull", *arguments, key=None, env=NOWHERE, stdin=stdin)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a configuration and nothing else."""
    (tmp_path / "config.json").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_writes_a_new_file(folder: Path) -> None:
    ended = pull(folder, "--from", "config.json", "--amounts", "rate", "-q")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert PRICE in (folder / "commet.yaml").read_text("utf-8")
    assert names(folder) == ["commet.schema.json", "commet.yaml", "config.json"]


def test_it_reads_what_is_piped(folder: Path) -> None:
    ended = pull(folder, "--from", "-", "--amounts", "rate", "-f", "new/prices.yaml", stdin=CONFIG)
    assert ended.code == 0
    assert ended.out.startswith("<stdin> → new/prices.yaml (2026-08-27)\n")
    assert ended.out.endswith("commetctl pull -f new/prices.yaml    takes what the account has and a configuration "
                              "cannot say: regional prices, credit packs, …\n")  # fmt: skip
    assert PRICE in (folder / "new" / "prices.yaml").read_text("utf-8")


def test_it_reads_a_pipe_that_has_a_name(folder: Path) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(CONFIG, "utf-8"))
    writer.start()
    assert pull(folder, "--from", "pipe", "--amounts", "rate").code == 0
    writer.join()


def test_the_unit_has_to_be_said(folder: Path) -> None:
    ended = pull(folder, "--from", "config.json")
    assert (ended.code, ended.out) == (4, "")
    assert ended.err == (
        "error: nothing in config.json shows the unit of its amounts: `plans.pro.prices[0].amount` 490000 is 49.00 USD "
        "as rate, 4900.00 USD as minor, 490000.00 USD as major\n"
        "hint: compare one with the dashboard, and give `--amounts rate` or `--amounts minor` or `--amounts major`\n"
    )
    assert names(folder) == ["config.json"]
    refused = pull(folder, "--from", "config.json", "--format", "json")
    assert (refused.code, refused.errors) == (4, ["amounts_unit"])


@pytest.mark.parametrize("there", ["version: 1\n", "", None])
def test_it_never_writes_over_a_file(folder: Path, there: str | None) -> None:
    file = folder / "commet.yaml"
    if there is None:
        file.symlink_to("nowhere")
    else:
        file.write_text(there, encoding="utf-8")
    ended = pull(folder, "--from", "config.json", "--amounts", "rate", "--yes")
    assert ended.code == 4
    assert ended.err == (
        "error: commet.yaml already exists, so nothing was written\n"
        "hint: choose another file with `-f FILE`, or see what would be written with `--dry-run`\n"
    )
    assert file.is_symlink() if there is None else file.read_text("utf-8") == there
    shown = pull(folder, "--from", "config.json", "--amounts", "rate", "--dry-run")
    assert shown.code == 0
    assert f"+      {PRICE}\n" in shown.out


def test_a_dry_run_shows_all_of_it_and_writes_nothing(folder: Path) -> None:
    ended = pull(folder, "--from", "config.json", "--amounts", "rate", "--dry-run")
    assert ended.code == 0
    head, _, patch = ended.out.partition("--- /dev/null\n+++ b/commet.yaml\n@@ -0,0 +1,")
    assert "490000 → 49.00 USD" in head
    shown = "".join(f"{line[1:]}\n" for line in patch.splitlines()[1:])
    assert names(folder) == ["config.json"]
    assert pull(folder, "--from", "config.json", "--amounts", "rate").code == 0
    assert (folder / "commet.yaml").read_text("utf-8") == shown
    assert patch.splitlines()[0] == f"{len(shown.splitlines())} @@"


@pytest.mark.parametrize("name", ["commet.config.ts", "commet.config.MJS", "a b.js"])
def test_code_is_not_run(folder: Path, name: str) -> None:
    (folder / name).write_text("throw new Error()", encoding="utf-8")
    ended = pull(folder, "--from", name)
    assert ended.code == 1
    imported = "commet.config.ts" if " " in name else name
    assert ended.err == (
        f"error: {name} is code, and commetctl does not run code\n"
        f'hint: print it as JSON: `npx tsx -e \'import config from "./{imported}"; '
        "console.log(JSON.stringify(config, null, 2))' > commet.config.json`\n"
    )


def test_code_that_is_piped_is_not_run_either(folder: Path) -> None:
    ended = pull(folder, "--from", "-", stdin='import { defineConfig } from "@commet/node";\n')
    assert ended.code == 3
    assert ended.err.startswith(
        "error[not_json]: is not JSON: a value is missing here\n"
        "  --> <stdin>:1:1\n"
        "   |\n"
        ' 1 | import { defineConfig } from "@commet/node";\n'
        "   | ^\n"
        "  hint: print it as JSON: `npx tsx "
    )


@pytest.mark.parametrize(("name", "why"), [("nothing.json", "No such file"), (".", "Is a directory")])
def test_a_file_that_cannot_be_read(folder: Path, name: str, why: str) -> None:
    ended = pull(folder, "--from", name)
    assert ended.code == 1
    assert f"error: {name} cannot be read: {why}" in ended.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--amounts", "rate"], "`--amounts` is for `--from`"),
        (["--from", "config.json", "--local"], "`--local` and `--from` do not go together"),
        (["--from", "config.json", "--api-url", "https://commet.co"], "`--api-url` and `--from` do not go together"),
        (["--from", "config.json", "--target", "plan.pro"], "`--target` and `--from` do not go together"),
        (["--from", "config.json", "--env", "staging"], "`--env` and `--from` do not go together"),
        (["--from", "config.json", "--check"], "`--check` and `--from` do not go together"),
        (["--from", "config.json", "--amounts", "cents"], "'cents' is not one of 'rate', 'minor', 'major'"),
    ],
)
def test_what_does_not_go_together(folder: Path, arguments: list[str], said: str) -> None:
    ended = pull(folder, *arguments)
    assert ended.code == 64
    assert said in ended.err
    assert names(folder) == ["config.json"]


def test_a_mistake_leaves_nothing_behind(folder: Path) -> None:
    (folder / "config.json").write_text(CONFIG.replace("monthly", "daily"), encoding="utf-8")
    ended = pull(folder, "--from", "config.json", "--amounts", "rate")
    line = (folder / "config.json").read_text("utf-8").splitlines()[6]
    assert ended.code == 3
    assert ended.err == (
        "error[unknown_interval]: `plans.pro.prices[0].interval`: `daily` is not a billing interval\n"
        "  --> config.json:7:19   plans.pro.prices[0].interval\n"
        "   |\n"
        f" 7 | {line}\n"
        f"   | {' ' * 18}^^^^^^^^^^\n"
        "  hint: one of weekly, monthly, quarterly, semiannual, yearly, one_time\n"
        "\n"
        "1 problem in config.json; explain one: commetctl explain unknown_interval\n"
    )
    assert names(folder) == ["config.json"]


def test_json_says_what_was_carried_over_and_what_was_not(folder: Path) -> None:
    found = pull(folder, "--from", "config.json", "--amounts", "rate", "--format", "json").document["diagnostics"]
    assert [(item["severity"], item["code"], item.get("address"), item["line"]) for item in found] == [
        ("info", "carried", "feature.sso", 2),
        ("info", "carried", "plan.pro", 4),
        ("info", "carried", "plan_price.pro/monthly", 7),
        ("warning", "not_carried", None, 6),
    ]
    assert found[2]["message"] == "`plans.pro.prices[0].amount` 490000 → 49.00 USD  (rate)"


def test_what_a_terminal_would_obey_is_written_out(folder: Path) -> None:
    data = json.loads(CONFIG) | {"\x1b]0;owned\x07": "\x1b[2J"}
    (folder / "config.json").write_text(json.dumps(data), encoding="utf-8")
    for form in ("text", "json"):
        ended = pull(folder, "--from", "config.json", "--amounts", "rate", "--dry-run", "--format", form)
        assert ended.code == 0
        assert "owned" in ended.out
        assert not {"\x1b", "\x07"} & set(ended.out + ended.err)


def test_the_older_generation(folder: Path) -> None:
    assert pull(folder, "--from", "config.json", "--amounts", "rate", "--api-version", "2026-07-11").code == 0
    assert 'version: 1\napi_version: "2026-07-11"\n' in (folder / "commet.yaml").read_text("utf-8")


def test_a_key_that_is_misspelt_is_named_with_the_one_that_was_meant(folder: Path) -> None:
    (folder / "config.json").write_text(CONFIG.replace('"sortOrder": 3', '"is_public": false'), encoding="utf-8")
    ended = pull(folder, "--from", "config.json", "--amounts", "rate")
    assert ended.code == 0
    assert "    plans.pro.is_public: not carried over (`false`): a configuration has no such key\n" in ended.out
    assert "      hint: did you mean `isPublic`?\n" in ended.out


def test_a_unit_that_nothing_needs_is_mentioned(folder: Path) -> None:
    (folder / "config.json").write_text(CONFIG.replace('"amount": 490000', '"amountInCents": 4900'), encoding="utf-8")
    ended = pull(folder, "--from", "config.json", "--amounts", "rate")
    assert ended.code == 0
    assert "plans.pro.prices[0].amountInCents  4900 → 49.00 USD  (minor)\n" in ended.out
    assert "    `--amounts rate` was not needed: no `amount` depends on it\n" in ended.out


def test_unit_prices_stay_in_their_unit_and_it_says_so(folder: Path) -> None:
    data = json.loads(CONFIG)
    data["features"] = {"calls": {"name": "Calls", "type": "usage"}}
    data["plans"]["pro"] |= {"consumptionModel": "metered", "features": {"calls": {"overage": {"unitPrice": 2}}}}
    (folder / "config.json").write_text(json.dumps(data), encoding="utf-8")
    ended = pull(folder, "--from", "config.json", "--amounts", "major")
    assert ended.code == 0
    assert "2 → 0.0002 USD  (rate)\n" in ended.out
    assert "and unit prices as ten-thousandths" in ended.out
