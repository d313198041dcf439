"""`commetctl completion`: the script by which a shell completes commands, options and addresses."""

import os
from pathlib import Path

import click
from click.shell_completion import ShellComplete, get_completion_class

from commetctl.cli.declaring import Does, Page, command
from commetctl.cli.report import Result, reporting
from commetctl.core import exits

#: The name of the program in a shell, and the variable with which the script asks for completions.
PROGRAM, VARIABLE = "commetctl", "_COMMETCTL_COMPLETE"
SHELLS = ("bash", "zsh", "fish")
_INSTALL = "install"

PAGE = Page(
    (Does.CHANGES_FILE,),
    (exits.DONE, exits.FAILED),
    {
        "commetctl completion install": "for the shell in $SHELL",
        "commetctl completion install zsh": "for another one",
        "commetctl completion bash": "only print the script",
    },
)


@command(PAGE)
@click.argument("action", metavar="install|bash|zsh|fish", type=click.Choice([*SHELLS, _INSTALL]))
@click.argument("shell", metavar="[SHELL]", required=False, type=click.Choice(SHELLS))
@reporting("completion")
def completion(action: str, shell: str | None) -> Result:
    """Print or install the script by which a shell completes commands.

    `install` writes the script to the folder from which the shell loads it, and says how to undo it. It never edits a
    start-up file such as ~/.bashrc.
    """
    if action == _INSTALL:
        return Result(_install(shell or _shell_here()))
    if shell:
        raise click.UsageError(f"to write the script to its place: commetctl completion install {shell}")
    return Result(_script(action))


def _script(shell: str) -> str:
    from commetctl.cli import group

    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"click has no completion for {shell}")
    # Calling the method of the base class skips a check of the local bash: the script may be for another machine.
    return ShellComplete.source(found(group, {}, PROGRAM, VARIABLE)).strip()


def _shell_here() -> str:
    name = Path(os.environ.get("SHELL", "")).name
    if name not in SHELLS:
        known = "bash, zsh or fish"
        raise click.UsageError(f"$SHELL names none of {known}: say which, as in `commetctl completion install bash`")
    return name


def _install(shell: str) -> str:
    """Write the script to its place; what to say about it."""
    from commetctl.core.files import write_own
    from commetctl.core.text import printable

    place, content = _place(shell), f"{_script(shell)}\n".encode()
    there = _is_script(place) and place.read_bytes() == content
    if not there:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_own(place, content, "a completion script of commetctl", _is_script)
    name = printable(str(place))
    lines = [f"{name} is there already" if there else f"the completion for {shell} is in {name}", *_next(shell, place)]
    return "\n".join([*lines, f"to undo it: rm {name}"])


def _is_script(path: Path) -> bool:
    return path.is_file() and VARIABLE.encode() in path.read_bytes()


def _place(shell: str) -> Path:
    """The file of the user that a shell loads for the command; for zsh, which has no rule for it, the usual one."""
    match shell:
        case "bash":
            own = os.environ.get("BASH_COMPLETION_USER_DIR")
            folder = Path(own) if own else _home("XDG_DATA_HOME", ".local/share") / "bash-completion"
            return folder / "completions" / PROGRAM
        case "fish":
            return _home("XDG_CONFIG_HOME", ".config") / "fish" / "completions" / f"{PROGRAM}.fish"
        case _:
            return _home("XDG_DATA_HOME", ".local/share") / "zsh" / "site-functions" / f"_{PROGRAM}"


def _home(variable: str, usual: str) -> Path:
    named = Path(os.environ.get(variable, ""))
    # A relative path is to be ignored, by the rules for these variables.
    return named if named.is_absolute() else Path.home() / usual


def _next(shell: str, place: Path) -> list[str]:
    """What else it takes until the shell loads the script."""
    if shell == "bash":
        return ["a new shell loads it, if the package bash-completion is installed"]
    if shell == "fish":
        return ["a new shell loads it"]
    start = Path(os.environ.get("ZDOTDIR") or Path.home()) / ".zshrc"
    return [
        f"zsh loads it once its folder is in `fpath`; if it is not yet, add this to {start}, before `compinit` runs:",
        f"  fpath=({place.parent} $fpath)",
    ]
