"""`commetctl completion`: the script by which a shell completes commands, options and addresses."""

import re
from pathlib import Path

import click
from click.shell_completion import CompletionItem, ShellComplete, get_completion_class

from commetctl.cli.report import reporting
from commetctl.cli.result import Result

#: The name that a shell calls the command by, and the variable by which its script asks for completions.
PROGRAM, VARIABLE = "commetctl", "_COMMETCTL_COMPLETE"
#: What every shell takes for one word without quotes, and no terminal obeys.
_PLAIN = re.compile(r"[A-Za-z0-9_./-]+\Z")


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@reporting("completion")
def completion(shell: str) -> Result:
    """Print the script that makes SHELL complete commands, options and addresses.

    \b
    bash  eval "$(commetctl completion bash)"              in ~/.bashrc
    zsh   eval "$(commetctl completion zsh)"               in ~/.zshrc, after compinit
    fish  commetctl completion fish | source               in ~/.config/fish/config.fish
    """
    from commetctl.cli import group

    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"click has no completion for {shell}")
    # The class of bash asks which bash there is before it gives the script, which may be for another machine.
    return Result(ShellComplete.source(found(group, {}, PROGRAM, VARIABLE)).strip())


def addresses(file: Path, environment: str, begun: str) -> list[CompletionItem]:
    """The addresses in a catalog that begin with a word, but for those that a shell would take apart."""
    from commetctl.reference.lookup import declared

    found = declared(file, environment)
    return [CompletionItem(text) for text in found if text.startswith(begun) and _PLAIN.match(text)]


def environments(file: Path, begun: str) -> list[CompletionItem]:
    """The environments that a catalog has overlays for."""
    from commetctl.catalog.source import FileSource

    return [CompletionItem(name) for name in FileSource(file).environments() if name.startswith(begun)]


def subjects(begun: str) -> list[CompletionItem]:
    """What `explain` takes: kinds and codes, and the fields of a kind once it is there."""
    from commetctl.reference.codes import codes
    from commetctl.reference.kinds import kinds
    from commetctl.reference.lookup import CODE

    if "." in begun:
        found = [f"{word}.{item.path}" for kind in kinds() for word in (kind.name, *kind.words) for item in kind.fields]
        found += [CODE + code for code in codes()]
    else:
        found = [*(kind.name for kind in kinds()), "codes", *codes()]
    return [CompletionItem(text) for text in found if text.startswith(begun)]
