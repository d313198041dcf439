"""`commetctl plan`: what would `apply` do?"""

from typing import Any

import click

from commetctl.cli import options
from commetctl.cli.formats import REVIEWS
from commetctl.cli.report import Result, reporting


@click.command()
@options.catalog_file
@options.target
@options.effort
@options.selection
@options.review
@options.proposal
@click.option("--dry-run", is_flag=True, expose_value=False, help="Changes nothing: `plan` never writes to Commet.")
@options.color
@options.verbose
@options.output(*REVIEWS)
@reporting("plan", talks=True)
def plan(**given: Any) -> Result:
    """Show what `apply` would do, and do nothing: reads only."""
    from commetctl.cli.proposal import proposed

    return proposed(**given)
