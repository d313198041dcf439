"""Completion: what a shell is told, by the protocol of its script, and in a real bash."""

import subprocess
import sys
from pathlib import Path

import pytest

from cli.running import environment, run, write
from commetctl.catalog import load
from commetctl.cli import COMMANDS
from commetctl.cli.completion import VARIABLE
from commetctl.reference.lookup import LARGEST, declared

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / "commet.yaml.example").read_text("utf-8")


def completed(folder: Path, *words: str) -> list[str]:
    """What bash is told for the last of the words."""
    asked = {VARIABLE: "bash_complete", "COMP_WORDS": " ".join(["commetctl", *words]), "COMP_CWORD": str(len(words))}
    ended = run(folder, key=None, env=asked)
    assert (ended.code, ended.err) == (0, "")
    return [line.removeprefix("plain,") for line in ended.out.splitlines() if line.startswith("plain,")]


def test_commands_and_options_are_completed(tmp_path: Path) -> None:
    assert completed(tmp_path, "") == list(COMMANDS)
    assert completed(tmp_path, "va") == ["validate"]
    assert completed(tmp_path, "plan", "--allow") == ["--allow", "--allow-delete"]
    assert completed(tmp_path, "plan", "--allow", "") == ["scale", "price_change", "deletes", "updates", "notice"]
    assert completed(tmp_path, "completion", "") == ["bash", "zsh", "fish", "install"]
    assert completed(tmp_path, "packs", "") == ["purchase"]


@pytest.mark.parametrize("option", ["--target", "--allow-delete"])
def test_addresses_are_those_of_the_catalog(option: str, tmp_path: Path) -> None:
    write(tmp_path, EXAMPLE)
    assert completed(tmp_path, "plan", option, "plan_price.") == [
        *("plan_price.pro/monthly", "plan_price.pro/yearly", "plan_price.creator/monthly"),
        "plan_price.assistant/monthly",
    ]
    assert completed(tmp_path, "apply", option, "plan_price.pro/y") == ["plan_price.pro/yearly"]


def test_addresses_are_those_of_the_file_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("version: 1\nfeatures: {other: {name: Other, type: boolean}}\n")
    assert completed(tmp_path, "plan", "-f", "other.yaml", "--target", "") == ["feature.other"]
    assert completed(tmp_path, "plan", "--target", "") == []


def test_what_is_declared_is_what_the_loader_says_but_for_what_commet_derives(tmp_path: Path) -> None:
    file = write(tmp_path, EXAMPLE)
    whole = {str(address) for address in load(file).desired}
    assert set(declared(file)) <= whole
    assert {address.partition(".")[0] for address in whole - set(declared(file))} <= {
        *("regional_price", "regional_unit_price")
    }
    assert "credit_pack.Starter Pack" in declared(file)


BROKEN: dict[str, str | bytes] = {
    "no YAML": "plans: {pro: [",
    "a list": "- a\n",
    "empty": "",
    "no mappings": "plans: 5\nfeatures: [a]\ncredit_packs: {a: 5, b: {name: 5}}\n",
    "not UTF-8": b"\xff\xfe\x00",
    "large": "#" * (LARGEST + 1),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_completes_nothing_and_says_nothing(name: str, tmp_path: Path) -> None:
    text = BROKEN[name]
    (tmp_path / "commet.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    assert completed(tmp_path, "plan", "--target", "") == []


def test_a_file_with_mistakes_completes_what_can_be_read(tmp_path: Path) -> None:
    write(tmp_path, "plnas: {}\nplans: {pro: {prices: {monthly: 5, yearly: }, features: {a: {overage: 5}}}, x: null}\n")
    assert completed(tmp_path, "plan", "--target", "") == ["plan.pro", "plan_price.pro/monthly", "plan_feature.pro/a"]


def test_names_that_a_shell_or_a_terminal_would_obey_are_left_out(tmp_path: Path) -> None:
    names = ["Two Words", "$(touch x)", "`id`", "\\x1b[31m", "a;b", "line\\nplain,evil", "good-1"]
    packs = ", ".join(f'p{number}: {{name: "{name}"}}' for number, name in enumerate(names))
    write(tmp_path, f"credit_packs: {{{packs}}}\n")
    assert completed(tmp_path, "plan", "--target", "") == ["credit_pack.good-1"]


def test_explain_completes_kinds_and_fields(tmp_path: Path) -> None:
    assert completed(tmp_path, "explain", "plan_")[:3] == ["plan_price", "plan_feature", "plan_group"]
    assert completed(tmp_path, "explain", "wrong_mo") == ["wrong_model", "wrong_mode"]
    assert completed(tmp_path, "explain", "code.odd_c") == ["code.odd_cents"]
    assert completed(tmp_path, "help", "ex") == ["explain", "exit-codes"]
    assert completed(tmp_path, "explain", "prices.tr") == ["prices.trial_days"]


def test_zsh_and_fish_are_told_in_their_ways(tmp_path: Path) -> None:
    write(tmp_path, EXAMPLE)
    words = "commetctl plan --target feature.s"
    zsh = run(tmp_path, key=None, env={VARIABLE: "zsh_complete", "COMP_WORDS": words, "COMP_CWORD": "3"})
    assert zsh.out == "plain\nfeature.seats\n_\nplain\nfeature.storage_gb\n_\nplain\nfeature.sso\n_\n"
    fish = run(tmp_path, key=None, env={VARIABLE: "fish_complete", "COMP_WORDS": words, "COMP_CWORD": "feature.s"})
    assert {"feature.seats", "feature.storage_gb", "feature.sso"} <= set(fish.out.replace(",", "\n").split())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_asks_the_command_by_its_variable(shell: str, tmp_path: Path) -> None:
    ended = run(tmp_path, "completion", shell, key=None)
    assert (ended.code, ended.err) == (0, "")
    assert f"{VARIABLE}={shell}_complete" in ended.out
    assert run(tmp_path, "completion", "csh", key=None).code == 64
    assert run(tmp_path, "completion", key=None).code == 64


@pytest.mark.process
def test_a_real_bash_completes_by_the_script(tmp_path: Path) -> None:
    write(tmp_path, EXAMPLE)
    (tmp_path / "script").write_text(run(tmp_path, "completion", "bash", key=None).out)
    line = """
        source ./script
        COMP_WORDS=(commetctl plan --target regional_price.) COMP_CWORD=3
        _commetctl_completion commetctl
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    env = environment(None)
    env["PATH"] = f"{Path(sys.executable).parent}:{env['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "-c", line], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines() == [
        *("regional_price.pro/monthly/eur", "regional_price.pro/monthly/brl", "regional_price.pro/monthly/jpy"),
        "regional_price.assistant/monthly/eur",
    ]
