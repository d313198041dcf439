"""S16 to S21: saved plans and journals, as files that others may have written and may not read."""

import json
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.hostile import EMPTY, hostile
from cli.running import KEY, YAML, Ended, rows, run, write
from commetctl.apply.journal import Journals
from commetctl.core.call import digest
from emulator.serving import emulator_server

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def url() -> Iterator[str]:
    with emulator_server(":memory:") as running:
        yield running.url


def saved(folder: Path, url: str) -> Path:
    write(folder)
    assert run(folder, "plan", "--out", "plan.json", "--api-url", url).code == 0
    return folder / "plan.json"


def applied(folder: Path, url: str, *words: str) -> Ended:
    return run(folder, "apply", *words, "--yes", "--api-url", url, "--format", "json")


def forge(plan: Path, change: Change) -> None:
    content = json.loads(plan.read_text("utf-8"))
    change(content)
    content.pop("id")
    plan.write_text(json.dumps(content | {"id": digest(content)}), "utf-8")


def nested(depth: int) -> str:
    return '{"commetctl_plan": 1, "commetctl": "0.1.0", "x": ' + "[" * depth + "]" * depth + "}"


DAMAGED = {
    "nothing": "",
    "no object": "[]",
    "cut off": '{"commetctl_plan": 1',
    "a key twice": '{"commetctl_plan": 1, "plan": {"a": 1, "a": 2}}',
    "not a number": '{"commetctl_plan": 1, "plan": NaN}',
    "infinite": '{"commetctl_plan": 1, "plan": -Infinity}',
    "many digits": '{"commetctl_plan": ' + "9" * 100_000 + "}",
    "a large number": '{"commetctl_plan": 1e400}',
    "half a character": '{"commetctl_plan": 1, "x": "\\ud800"}',
    **{f"nested {depth} deep": nested(depth) for depth in (300, 900, 960, 980, 985, 990, 100_000)},
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED)
def test_s16_what_is_no_plan_is_refused(tmp_path: Path, text: str) -> None:
    write(tmp_path)
    (tmp_path / "plan.json").write_text(text, "utf-8")
    with hostile(EMPTY) as server:
        ended = applied(tmp_path, server.url, "plan.json")
    assert (ended.code, server.requests) == (4, [])


def test_s16_a_plan_is_not_read_further_than_any_can_be_long(tmp_path: Path) -> None:
    write(tmp_path)
    with (tmp_path / "plan.json").open("wb") as file:
        file.write(b'{"commetctl_plan": 1, "x": "')
        file.truncate(10**11)
    assert applied(tmp_path, "http://127.0.0.1:9", "plan.json").errors == ["plan_unreadable"]


FORGED: dict[str, Change] = {
    "another request": lambda c: c["plan"]["changes"][0]["requests"][0].update(path="/api-keys"),
    "another amount": lambda c: c["plan"]["changes"][0]["requests"][0]["body"].update(name="x"),
    "another change shown": lambda c: c["plan"]["changes"][0].update(address="feature.other"),
    "a change more": lambda c: c["plan"]["changes"].append(c["plan"]["changes"][0]),
    "nothing to do": lambda c: c["plan"].update(changes=[]),
    "a text for a list": lambda c: c["choices"].update(targets="feature.calls"),
    "a number for a text": lambda c: c.update(made=1),
    "a text for a truth": lambda c: c["choices"].update(prune="false"),
    "a nested change": lambda c: c["plan"].update(changes=json.loads("[" * 150 + "]" * 150)),
    "an infinite number": lambda c: c["plan"].update(summary=float("inf")),
}


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED)
def test_s16_a_forged_plan_with_the_right_digest_is_refused(tmp_path: Path, url: str, change: Change) -> None:
    forge(saved(tmp_path, url), change)
    ended = applied(tmp_path, url, "plan.json")
    assert (ended.code, ended.errors) == (4, ended.errors)
    assert ended.errors[0] in ("plan_tampered", "plan_stale", "plan_unreadable")
    assert rows(url, "/features") == []


def test_s17_a_plan_chooses_neither_address_nor_key_nor_file(tmp_path: Path, url: str) -> None:
    plan = saved(tmp_path, url)
    (tmp_path / "other.yaml").write_text(YAML.replace("Calls", "Other"))
    with hostile(EMPTY) as evil:

        def change(content: dict[str, Any]) -> None:
            content["target"]["api_url"] = evil.url

        forge(plan, change)
        ended = applied(tmp_path, url, "plan.json")
        assert (ended.code, ended.errors, evil.requests) == (4, ["plan_target"], [])
        for key in ("file", "api_url", "api_key", "api_key_file", "journal", "allow", "yes"):
            forge(saved(tmp_path, url), lambda content, key=key: content.update({key: "other.yaml"}))  # type: ignore[misc]
            assert applied(tmp_path, url, "plan.json").errors == ["plan_tampered"]
    assert rows(url, "/features") == []


def keep(folder: Path, url: str, out: str, umask: int = 0o022) -> Ended:
    """Save a plan, with the file modes that a umask leaves."""
    with masked(umask):
        return run(folder, "plan", "--out", out, "--api-url", url, "--format", "json")


@contextmanager
def masked(umask: int) -> Iterator[None]:
    """What is made in the block lacks these rights."""
    former = os.umask(umask)
    try:
        yield
    finally:
        os.umask(former)


OCCUPIED: dict[str, Callable[[Path], object]] = {
    "another file": lambda path: path.write_text("precious"),
    "an empty file": lambda path: path.touch(),
    "other JSON": lambda path: path.write_text('{"precious": 1}'),
    "a folder": lambda path: path.mkdir(),
    "a pipe": os.mkfifo,
    "a link to a file": lambda path: path.symlink_to("precious"),
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link to a device": lambda path: path.symlink_to("/dev/null"),
    "a link to another plan": lambda path: path.symlink_to("plan.json"),
}


@pytest.mark.parametrize("occupy", OCCUPIED.values(), ids=OCCUPIED)
def test_s18_what_is_there_stays_and_no_link_is_followed(
    tmp_path: Path, url: str, occupy: Callable[[Path], object]
) -> None:
    before = saved(tmp_path, url).read_text()
    (tmp_path / "precious").write_text("precious")
    occupy(tmp_path / "out.json")
    names = sorted(path.name for path in tmp_path.iterdir())
    ended = keep(tmp_path, url, "out.json")
    assert (ended.code, ended.errors) == (1, ["out_taken"])
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert (tmp_path / "precious").read_text() == "precious"
    assert (tmp_path / "plan.json").read_text() == before


@pytest.mark.parametrize(
    "out", ["/dev/null", "/dev/zero", "none/plan.json", "commet.yaml/plan.json", "x" * 300, ".", ""]
)
def test_s18_where_nothing_can_be_written_nothing_is(tmp_path: Path, url: str, out: str) -> None:
    write(tmp_path)
    ended = keep(tmp_path, url, out)
    assert (ended.code, ended.errors[0] in ("out_taken", "out_unwritable", "io")) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["commet.yaml"]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_s19_a_plan_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path, url: str, umask: int) -> None:
    write(tmp_path)
    for _ in range(2):
        assert keep(tmp_path, url, "plan.json", umask).code == 0
        assert stat.S_IMODE((tmp_path / "plan.json").stat().st_mode) == 0o600
        (tmp_path / "plan.json").chmod(0o666)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["commet.yaml", "plan.json"]
    assert KEY not in (tmp_path / "plan.json").read_text()


PRICED = """\
version: 1
plans:
  pro: {name: Secret Project, consumption_model: metered, prices: {monthly: {price: 98765.43}}}
"""


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_s20_a_journal_is_for_its_owner_alone_and_holds_no_name_amount_or_key(
    tmp_path: Path, url: str, umask: int
) -> None:
    write(tmp_path, PRICED)
    with masked(umask):
        ended = run(tmp_path, "apply", "--yes", "--api-url", url)
    assert ended.code == 0, ended.err
    folder = tmp_path / ".commet" / "runs"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = list(folder.iterdir())
    assert {path.suffix for path in files} == {".jsonl", ".lock"}
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert not any(secret in path.read_text() for secret in (KEY, "Secret Project", "98765.43", "9876543"))


def test_s20_no_link_in_the_place_of_a_lock_or_a_journal_is_followed(tmp_path: Path, url: str) -> None:
    write(tmp_path)
    assert applied(tmp_path, url).code == 0
    folder = tmp_path / ".commet" / "runs"
    (lock,) = folder.glob("*.lock")
    lock.unlink()
    (tmp_path / "precious").write_text("precious")
    lock.symlink_to(tmp_path / "precious")
    write(tmp_path, YAML.replace("Calls", "Other"))
    assert applied(tmp_path, url).errors == ["journal"]
    assert (tmp_path / "precious").read_text() == "precious"
    assert rows(url, "/features")[0]["name"] == "Calls"


@pytest.mark.parametrize("target", ["/dev/zero", "/dev/stdin", "precious", "nothing"])
def test_s20_what_only_looks_like_a_journal_is_not_read(tmp_path: Path, url: str, target: str) -> None:
    write(tmp_path)
    folder = tmp_path / ".commet" / "runs"
    folder.mkdir(parents=True)
    (folder / "20260101T000000-aaaaaaaa.jsonl").symlink_to(target)
    os.mkfifo(folder / "20260101T000000-bbbbbbbb.jsonl")
    assert applied(tmp_path, url).code == 0


def history(folder: Path, url: str, key: str) -> Path:
    """The journal of a run that seems to have died here, with words of somebody else in it."""
    target = {"api_url": url, "livemode": False}
    runs = Journals(folder / ".commet" / "runs")
    with runs.opened("d" * 32, target, now=datetime.now(UTC)) as journal:
        path = journal.path
    with path.open("a") as file:
        file.write(json.dumps({"begin": key, "step": "x", "method": "POST", "request": "sha256:x"}) + "\n")
    return path


@pytest.mark.parametrize("key", ["x\r\nx-evil: 1", "", "mine", "commetctl-" + "A" * 40])
def test_s21_a_journal_cannot_choose_what_is_sent_as_a_key(tmp_path: Path, url: str, key: str) -> None:
    history(tmp_path, url, key=key)
    (past,) = Journals(tmp_path / ".commet" / "runs").runs()
    assert past.in_doubt == {}


@pytest.mark.parametrize("mode", [0o644, 0o664, 0o640, 0o604, 0o602])
def test_s21_a_journal_that_others_can_read_or_write_is_not_believed(tmp_path: Path, url: str, mode: int) -> None:
    """Version control keeps no mode of 0600, so what came with a repository is never one."""
    path = history(tmp_path, url, key="commetctl-" + "a" * 40)
    runs = Journals(tmp_path / ".commet" / "runs")
    assert len(runs.runs()) == 1
    path.chmod(mode)
    assert runs.runs() == []
