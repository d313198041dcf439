"""`commetctl completion`: the script by which a shell completes commands, options and addresses."""

import click
from click.shell_completion import ShellComplete, get_completion_class

from commetctl.cli.report import Result, reporting

#: The name that a shell calls the command by, and the variable by which its script asks for completions.
PROGRAM, VARIABLE = "commetctl", "_COMMETCTL_COMPLETE"


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
