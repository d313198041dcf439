"""What is said to wrong usage: near options, and none that deletes or overrides a guard; and where a catalog goes."""

import re

import click

#: The beginnings of options that delete, narrow what is done, answer a question or override a guard. They are never
#: suggested: a user who needs one looks it up.
RISKY = ("--allow", "--auto-approve", "-auto-approve", "--force", "--live", "--prune", "--replace", "--target", "--yes")


#: What click says of a word that a command has no place for.
_EXTRA = re.compile(r"Got unexpected extra argument \((\S+\.ya?ml)\)")


def answered(error: click.ClickException) -> click.ClickException:
    """The error of an unknown option or a word too many, with what is meant, if that is safe; others as they are."""
    if isinstance(error, click.NoSuchOption):
        return _without_risky_names(error)
    catalog = _EXTRA.match(error.message)
    if isinstance(error, click.UsageError) and catalog:
        return click.UsageError(f"{error.message}: a catalog is named with `-f {catalog[1]}`", error.ctx)
    return error


def _without_risky_names(error: click.NoSuchOption) -> click.NoSuchOption:
    """The error of an unknown option without suggestions that begin as in RISKY or are not near."""
    from commetctl.core.text import nearest

    # The dashes, which click compares too, make any two names alike.
    word = error.option_name.lstrip("-")
    near = [
        name
        for name in error.possibilities or ()
        if not name.startswith(RISKY) and nearest(word, [name.removeprefix("--")])
    ]
    return click.NoSuchOption(error.option_name, possibilities=near, ctx=error.ctx)
