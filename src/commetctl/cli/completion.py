"""`commetctl completion`: the script by which a shell completes commands, options and addresses."""

import click
from click.shell_completion import ShellComplete, get_completion_class

from commetctl.cli.report import Result, reporting

#: The name of the program in a shell, and the variable with which the script asks for completions.
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
    # Calling the method of the base class skips a check of the local bash: the script may be for another machine.
    return Result(ShellComplete.source(found(group, {}, PROGRAM, VARIABLE)).strip())
