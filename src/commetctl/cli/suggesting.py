"""Suggestions for an option that is misspelt: near ones, and none that deletes or overrides a guard."""

import click

#: The beginnings of options that delete, narrow what is done, answer a question or override a guard. They are never
#: suggested: a user who needs one looks it up.
RISKY = ("--allow", "--auto-approve", "-auto-approve", "--force", "--live", "--prune", "--replace", "--target", "--yes")


def without_risky_names(error: click.ClickException) -> click.ClickException:
    """The error of an unknown option without suggestions that begin as in RISKY or are not near; others as they are."""
    if not isinstance(error, click.NoSuchOption):
        return error
    from commetctl.core.text import nearest

    # The dashes, which click compares too, make any two names alike.
    word = error.option_name.lstrip("-")
    near = [
        name
        for name in error.possibilities or ()
        if not name.startswith(RISKY) and nearest(word, [name.removeprefix("--")])
    ]
    return click.NoSuchOption(error.option_name, possibilities=near, ctx=error.ctx)
