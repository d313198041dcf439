"""A page as a script: its commands run in one folder, and the page comes back with what they printed.

Every page that has a console block is walked: where it says that it goes on where getting started ends, from there,
and in an empty folder otherwise.

- In a ```console block, `$ ` begins a command, and what follows is what stdout and stderr show of it. A line such as
  `… the plan again …` stands for any lines. `commetctl emulator` is another terminal: it stays until the next one.
- A ```diff block is an edit of commet.yaml, hunks being parted by `@@`. After `<!-- file: NAME -->` it is one of NAME,
  and any other block is a file of that name.
- After `<!-- run -->` a ```sh block is run as well, and what it prints is not shown. A comment that begins with the
  line `<!-- run` is run and not shown either; it finds the examples in $EXAMPLES.
- `<!-- shown: COMMAND -->` stands above a quotation: the Markdown that the command prints.

Moments, ids and ports differ from run to run, and are not compared. `python -m docs_walk.walk` writes the pages anew.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from emulator.serving import Served, emulator_server
from starting import standby

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
START = DOCS / "getting-started.md"
#: All but the first one, on which some of them go on.
PAGES = [
    page
    for page in sorted([ROOT / "README.md", *DOCS.rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
    if page != START and re.search(r"^(?:```console$|<!-- shown: )", page.read_text("utf-8"), re.MULTILINE)
]
#: Where the pages say that the emulator is.
ADDRESS = "http://127.0.0.1:8377"

BLOCK = re.compile(
    r"^(?:<!-- (?:file: (?P<name>\S+)|(?P<run>run)) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)^```$"
    r"|^<!-- run\n(?P<hidden>.*?)^-->$"
    r"|^(?P<head><!-- shown: (?P<command>[^\n]+) -->\n)(?P<quotation>(?:>[^\n]*\n)*)",
    re.MULTILINE | re.DOTALL,
)
GOES_ON = re.compile(r"on\s+where\s+\[getting\s+started\]\([^)]*\)\s+ends")
COMMAND = re.compile(r"^\$ (?P<line>(?:.*\\\n)*.*\n)(?P<output>(?:(?!\$ ).*\n)*)", re.MULTILINE)
ANY = re.compile(r" *… .* …")
PASSING = (
    (re.compile(r"\b\w{3} \w{3} \d+ \d\d:\d\d:\d\d 20\d\d [+-]\d{4}\b"), "WHEN"),
    (re.compile(r"\b(cpk|cus|ftr|pln|pp|req|sub)_[0-9a-f]{20}\b"), r"\1_ID"),
    (re.compile(r"\b20\d\d-\d\d-\d\d\b(?!\))"), "DATE"),
    (re.compile(r"\b\d?\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b"), "DAY"),
    (re.compile(r"\b\d\d:\d\d(:\d\d\b| UTC)"), "TIME"),
    (re.compile(r"(?<=\[main )[0-9a-f]{7,}\b"), "COMMIT"),
)
TIMEOUT = 120


def settled(text: str) -> str:
    """Without what differs from run to run."""
    for pattern, word in PASSING:
        text = pattern.sub(word, text)
    return text.strip("\n")


def same(page: str, printed: str) -> bool:
    """Whether that was printed, whatever stands for any lines."""
    lines = settled(page).split("\n")
    pattern = "".join(r"(?:.*\n)*?" if ANY.fullmatch(line) else re.escape(line) + "\n" for line in lines)
    return re.fullmatch(pattern, settled(printed) + "\n") is not None


def shortened(page: str, printed: str) -> str:
    """What was printed, beginning where the page goes on after a line that stands for any lines, if it has one."""
    lines, new = page.splitlines(), printed.splitlines()
    at = next((number for number, line in enumerate(lines) if ANY.fullmatch(line)), len(lines))
    words = " ".join(lines[at + 1 :]).split()
    for many in (3, 2, 1):
        for number, line in enumerate(new):
            if words and line.split()[:many] == words[:many]:
                return "\n".join([*lines[: at + 1], "", *new[number:], ""])
    return printed


def edited(text: str, diff: str) -> str:
    """A file after a patch, each hunk of which fits in one place."""
    for hunk in re.split(r"^@@.*\n", diff, flags=re.MULTILINE):
        lines = hunk.splitlines(keepends=True)
        before, after = ("".join(line[1:] or "\n" for line in lines if line[0] in f" {sign}\n") for sign in "-+")
        assert text.count(before) == 1, f"no one place for this:\n{hunk}"
        text = text.replace(before, after)
    return text


class Walk:
    """A folder with a shell and an emulator in it. Goes on where another walk ended, if one is given."""

    def __init__(self, folder: Path, after: "Walk | None" = None) -> None:
        self.folder = folder / "walk"
        self._emulator: Served | None = None
        self._end = ExitStack()
        self._program = folder / "bin" / "commetctl"
        self._program.parent.mkdir()
        self._program.write_text(f'#!/bin/sh\nexec {standby()} "$@"\n', encoding="utf-8")
        self._program.chmod(0o755)
        self._status, self._state = 0, "cd ."
        if after is None:
            self.folder.mkdir()
        else:
            after.stop()
            shutil.copytree(after.folder, self.folder)
            self._state = after._state.replace(str(after.folder), str(self.folder))
            self._serve([])

    def play(self, page: str) -> str:
        """The page with what its commands print now."""
        return BLOCK.sub(self._block, page)

    def stop(self) -> None:
        self._end.close()
        self._emulator = None

    def _block(self, block: re.Match[str]) -> str:
        if block["command"]:
            return self._quotation(block)
        if script := block["hidden"] or (block["run"] and block["body"]):
            printed = self._do(script)
            assert self._status == 0, printed
        elif block["kind"] == "console":
            return block[0].replace(block["body"], COMMAND.sub(self._command, block["body"]))
        elif block["kind"] == "diff":
            file = self._here() / (block["name"] or "commet.yaml")
            file.write_text(edited(file.read_text("utf-8"), block["body"]), "utf-8")
        elif block["name"]:
            (self._here() / block["name"]).write_text(block["body"], "utf-8")
        return block[0]

    def _quotation(self, block: re.Match[str]) -> str:
        printed = self._do(f"{block['command']} 2> /dev/null\n")
        assert self._status == 0, printed
        quotation = "".join(f"> {line}".rstrip() + "\n" for line in printed.splitlines())
        return block[0] if same(block["quotation"], quotation) else block["head"] + quotation

    def _command(self, command: re.Match[str]) -> str:
        printed = self._do(command["line"])
        if same(command["output"], printed):
            return command[0]
        more = "\n" if f"\n{command['output']}".endswith("\n\n") else ""
        return f"$ {command['line']}{shortened(command['output'], printed)}{more}"

    def _do(self, line: str) -> str:
        return self._serve(shlex.split(line)[2:]) if line.startswith("commetctl emulator") else self._run(line)

    def _serve(self, options: list[str]) -> str:
        # At the same address again, as far as this walk is concerned.
        port = ["--port", self._emulator.url.rpartition(":")[2]] if self._emulator else []
        self.stop()
        (self.folder / ".commet").mkdir(exist_ok=True)
        served = emulator_server(self.folder / ".commet" / "local.db", *port, *options)
        self._emulator = self._end.enter_context(served)
        return f"{ADDRESS}\n"

    def _here(self) -> Path:
        return Path(self._run("pwd").strip())

    def _run(self, line: str) -> str:
        """What a terminal shows of a command, which leaves its folder, variables and status to the next one."""
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as left:
            keep = f"status=$?; {{ export -p; printf 'cd %s' \"$PWD\"; }} > {left.name}; exit $status"
            script = f"set -a\n{self._state}\n(exit {self._status})\n{line}\n{keep}"
            said = ADDRESS.rpartition("/")[2]
            real = self._emulator.url.rpartition("/")[2] if self._emulator else said
            ended = subprocess.run(
                ["sh", "-c", script.replace(said, real)],
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                timeout=TIMEOUT,
                check=False,
            )
            self._status, self._state = ended.returncode, left.read().replace(real, said)
        return ended.stdout.replace(real, said)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name in ("LANG", "TMPDIR")}
        names = {
            f"GIT_{who}_{what}": "shop@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        git = {**names, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        path = os.pathsep.join([*map(str, (self._program.parent, Path(sys.executable).parent)), os.environ["PATH"]])
        here = {"HOME": str(self.folder), "EXAMPLES": str(ROOT / "examples")}
        return {**kept, **git, **here, "PATH": path, "COLUMNS": "100", "NO_COLOR": "1"}


def goes_on(page: str) -> bool:
    """Whether a page goes on where getting started ends."""
    return GOES_ON.search(page) is not None


def main() -> None:
    """Write every page as it is now, or those whose names are given."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as ends:
        first: Walk | None = None
        for number, page in enumerate((START, *PAGES)):
            text = page.read_text("utf-8")
            if first is not None and sys.argv[1:] and page.stem not in sys.argv[1:]:
                continue
            Path(folder, str(number)).mkdir()
            walk = Walk(Path(folder, str(number)), first if goes_on(text) else None)
            ends.callback(walk.stop)
            page.write_text(walk.play(text), "utf-8")
            walk.stop()
            first = first or walk


if __name__ == "__main__":
    main()
