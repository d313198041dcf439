"""S08 to S10: nothing that is printed is obeyed by a terminal, a reader or a CI system."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from cli.hostile import EMPTY, Reply, hostile
from cli.running import Ended, run, write
from cli.test_cli_terminal import at_terminal
from commetctl.core.call import digest
from commetctl.core.text import json_text, printable
from commetctl.render.terminal import Style

#: Colours, a title, a link, a clipboard, a cleared screen; text that runs backwards; what is not seen; new lines.
HOSTILE = (
    "\x1b[31mred\x1b]0;title\x07\x1b]8;;https://evil.invalid\x1b\\link\x1b]52;c;ZXZpbA==\x07\x9b2J\x9d0;t\x9c"
    "\r\n\v\f\x08\x7f\x85\u202e\u2066\u2069\u200f\u061c\u200b\u200d\u2060\ufeff\u00ad\u2028\u2029\U000e0041\ufe0f"
    "##vso[task.setvariable variable=a]b ##[error]c"
)
YAML = "version: 1\nfeatures:\n  calls: {name: Calls, type: usage}\ncredit_packs: {}\nplans: {}\n"


def is_harmless(text: str) -> bool:
    kinds = {unicodedata.category(sign) for sign in text if sign != "\n"}
    return not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"} and "##vso[" not in text and "##[" not in text


def is_silent(ended: Ended) -> bool:
    return is_harmless(ended.out) and is_harmless(ended.err)


def everywhere(method: str, path: str) -> Reply:
    """An account in which every text is hostile."""
    if method != "GET":
        return Reply({"error": {"code": HOSTILE, "message": HOSTILE, "doc_url": HOSTILE}}, 409)
    feature = {"id": HOSTILE, "code": "calls", "name": HOSTILE, "type": "usage", "description": HOSTILE,
               "livemode": False}  # fmt: skip
    plan = {"id": HOSTILE, "code": HOSTILE.replace("/", ""), "name": HOSTILE, "description": HOSTILE,
            "consumptionModel": HOSTILE, "isPublic": True, "isFree": False, "blockOnExhaustion": False,
            "metadata": {HOSTILE: HOSTILE},
            "prices": [], "features": [], "exchangeRates": [], "livemode": False}  # fmt: skip
    pack = {"id": HOSTILE, "name": HOSTILE, "description": HOSTILE, "credits": 1, "price": 1, "isActive": True,
            "livemode": False}  # fmt: skip
    other = feature | {"id": f"{HOSTILE} 2", "code": HOSTILE}
    rows = {"/features": [feature, other], "/plans": [plan], "/credit-packs": [pack]}
    return Reply({"data": rows.get(path.partition("?")[0], []), "hasMore": False})


@pytest.mark.parametrize(
    "words", [["plan"], ["plan", "-v"], ["apply", "--yes", "-v"], ["apply", "--yes", "--allow-delete", "x.y"]]
)
@pytest.mark.parametrize("more", [[], ["--prune"], ["--prune", "--format", "json"]])
def test_s08_what_the_api_says(tmp_path: Path, words: list[str], more: list[str]) -> None:
    write(tmp_path, YAML)
    with hostile(everywhere) as server:
        ended = run(tmp_path, *words, *more, "--retries", "0", "--api-url", server.url)
    assert ended.code in (0, 1, 4, 5)
    assert is_silent(ended)
    assert "red" in ended.out + ended.err


ERRORS = {
    "an error": Reply({"error": {"code": HOSTILE, "message": HOSTILE, "details": [{"field": HOSTILE}]}}, 400),
    "not permitted": Reply({"error": {"code": "forbidden", "message": HOSTILE, "doc_url": HOSTILE}}, 403),
    "a value": Reply({"data": [{"id": "a", "code": HOSTILE, "name": [HOSTILE]}], "hasMore": False}),
    "a redirect": Reply("", 302, {"location": "https://\x1b[31m\x9b2J"}),
    "a page": Reply("x", 200, {"content-type": "text/\x1b[31m\x9b"}),
    "a request id": Reply({"error": {}}, 400, {"x-request-id": "\x1b[31m\x9b2J"}),
}


@pytest.mark.parametrize("reply", ERRORS.values(), ids=ERRORS)
def test_s08_what_errors_of_the_api_say(tmp_path: Path, reply: Reply) -> None:
    write(tmp_path, YAML)
    with hostile(reply) as server:
        ended = run(tmp_path, "plan", "-v", "--retries", "0", "--api-url", server.url)
    assert ended.code in (1, 6)
    assert is_silent(ended)


def in_yaml(text: str) -> str:
    return json.dumps(text, ensure_ascii=True)


@pytest.mark.parametrize(
    "yaml",
    [
        f"version: 1\n{in_yaml(HOSTILE)}: 1\n",
        f"version: 1\nfeatures: {{{in_yaml(HOSTILE)}: {{name: {in_yaml(HOSTILE)}, type: {in_yaml(HOSTILE)}}}}}\n",
        f"version: 1\nplans: {{pro: {{name: {in_yaml(HOSTILE)}, {in_yaml(HOSTILE)}: 1}}}}\n",
        f"version: 1\nfeatures: {{calls: {{name: A, type: usage, unit_name: {in_yaml('a' + chr(0x202E) + 'b')}}}}}\n",
        "version: 1\nfeatures: !\u202e\u2066 {}\n",
        "version: 1\n\u202e\u200b: 1\n",
        'version: "\\x1b[31m\\q"\n',
        "version: *\u202e\u2066\n",
    ],
)
@pytest.mark.parametrize("words", [["validate", "-v"], ["plan", "--local", "-v"]])
def test_s08_what_the_file_says(tmp_path: Path, yaml: str, words: list[str]) -> None:
    write(tmp_path, yaml)
    ended = run(tmp_path, *words, key=None)
    assert ended.code in (0, 3)
    assert is_silent(ended)


def forged(folder: Path, url: str, **parts: Any) -> Path:
    """A saved plan with other parts and the id that fits them."""
    plan = folder / "plan.json"
    assert run(folder, "plan", "--out", "plan.json", "--api-url", url).code == 0
    content = json.loads(plan.read_text("utf-8")) | parts
    content.pop("id")
    plan.write_text(json.dumps(content | {"id": digest(content)}), "utf-8")
    return plan


@pytest.mark.parametrize(
    "parts",
    [
        {"commetctl": HOSTILE},
        {"target": {"api_url": HOSTILE, "api_version": HOSTILE, "livemode": None}},
        {"config": {HOSTILE: {HOSTILE: HOSTILE}}},
        {"live": {HOSTILE: {HOSTILE: HOSTILE}}},
        {"choices": {"prune": False, "targets": [HOSTILE]}},
        {"choices": {"prune": False, "targets": [f"plan.{HOSTILE}"]}},
    ],
    ids=str,
)
def test_s08_what_a_saved_plan_says(tmp_path: Path, parts: dict[str, Any]) -> None:
    write(tmp_path)
    with hostile(EMPTY) as server:
        forged(tmp_path, server.url, **parts)
        ended = run(tmp_path, "apply", "plan.json", "--yes", "--api-url", server.url)
    assert ended.code in (1, 4)
    assert is_silent(ended)
    assert server.writes == []


NAME = "\x1b[31m\n\u202e\x9b"


@pytest.mark.parametrize(
    ("words", "env"),
    [
        (["validate", "-f", NAME], {}),
        (["plan", "-f", NAME, "--local"], {}),
        (["plan", "--local", NAME], {}),
        (["plan", "--local", "--out", f"{NAME}/x"], {}),
        (["plan", "--local", "--out", NAME], {}),
        (["apply", "--local", NAME, "--yes"], {}),
        (["apply", NAME, "--local"], {}),
        (["apply", "--local", "--yes", "--journal", f"{NAME}/\x1b"], {}),
        (["plan", "--api-key-file", NAME], {}),
        (["plan", "--api-url", f"https://{NAME}"], {}),
        (["plan", "--local", "--target", NAME], {}),
        (["plan", NAME], {}),
        ([NAME], {}),
        (["plan", f"--{NAME}"], {}),
        (["plan", "--local"], {"COMMET_API_VERSION": NAME}),
        (["plan"], {"COMMET_API_URL": NAME}),
        (["plan"], {"COMMET_API_KEY": NAME}),
        (["packs", "purchase", NAME, NAME, "--local"], {}),
        (["emulator", "--quirk", NAME], {}),
        (["emulator", "--host", NAME], {}),
        (["emulator", "--db", f"commet.yaml/{NAME}"], {}),
    ],
    ids=repr,
)
def test_s08_what_names_of_files_options_and_the_environment_say(
    tmp_path: Path, words: list[str], env: dict[str, str]
) -> None:
    write(tmp_path)
    ended = run(tmp_path, *words, key=None, env=env)
    assert ended.code != 70
    assert is_silent(ended), (ended.out, ended.err)


@pytest.mark.process
def test_s08_what_a_terminal_gets(tmp_path: Path) -> None:
    """With the question, the bar and the colours that are ours."""
    write(tmp_path, YAML)
    with hostile(everywhere) as server:
        code, seen = at_terminal(
            tmp_path, "apply", "--no-color", "--prune", "--allow", "deletes", "--retries", "0",
            env={"COMMET_API_KEY": "ck_sandbox_a", "COMMET_API_URL": server.url}, typed="yes\n",
        )  # fmt: skip
    assert code in (1, 4, 5, 130), seen
    assert not {"\x07", "\x9b", "\u202e", "\u2066", "\u200b"} & set(seen)
    assert "\x1b]" not in seen
    assert "\x1b[31m" not in seen


@pytest.mark.parametrize("number", [*range(0x20), *range(0x7F, 0xA0), 0xAD, 0x34F, 0x61C, *range(0x200B, 0x2010),
                                    *range(0x2028, 0x202F), *range(0x2060, 0x2070), 0x3164, 0xFE0F, 0xFEFF, 0xD800,
                                    0xE0041, 0xE01EF])  # fmt: skip
def test_s08_each_sign_that_is_not_seen_is_written_out(number: int) -> None:
    shown = printable(f"a{chr(number)}b")
    assert shown == "a" + chr(number).encode("unicode_escape").decode() + "b"


def test_s09_json_is_ascii_and_reads_back_as_it_was(tmp_path: Path) -> None:
    assert json.loads(json_text([HOSTILE, "####", "#"])) == [HOSTILE, "####", "#"]
    assert json_text(HOSTILE).isascii()
    write(tmp_path, YAML)
    with hostile(everywhere) as server:
        ended = run(tmp_path, "plan", "--prune", "--format", "json", "--out", "plan.json", "--api-url", server.url)
    assert HOSTILE in [item for change in ended.document["plan"]["changes"] for item in change["address"].split(".", 1)]
    for text in (ended.out, (tmp_path / "plan.json").read_text("utf-8")):
        assert text.isascii()
        assert is_harmless(text)


@pytest.mark.parametrize("text", ["##vso[task.x]y", "a ##vso[x]", "##[set-env name=a]b", "###[x]", "##teamcity[x]"])
def test_s10_commands_to_ci_agents_are_broken_up(text: str) -> None:
    assert r"#\x23" in printable(text)
    assert "##" not in json_text(text)


def test_s10_no_line_of_wrapped_text_begins_with_a_command_to_a_runner() -> None:
    lines = Style().wrapped("why: " + "x" * 94 + " ::add-mask::a " + "y" * 90 + " ::stop-commands::b")
    assert len(lines) > 2
    assert not any(line.lstrip().startswith("::") for line in lines)
