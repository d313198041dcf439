"""`commetctl plan`: what would `apply` do?"""

from typing import Any

from commetctl.cli import dates, options
from commetctl.cli.declaring import MAY, OF_ACCOUNT, READS, SHOW, Page, command, option
from commetctl.cli.formats import REVIEWS
from commetctl.cli.report import Result, reporting
from commetctl.core import exits

PAGE = Page(
    READS,
    (*OF_ACCOUNT, exits.PENDING),
    {
        "commetctl plan": "for the account of COMMET_API_KEY",
        "commetctl plan --env production --out p.json": "save it, for `apply p.json`",
        "commetctl plan --at 2027-01-01": "as of a date, with what is due by then",
        "commetctl plan --local": "on the embedded Commet: no account needed",
    },
)


@command(PAGE)
@options.catalog_file
@dates.at("Take the catalog as of this date, with the changes that are due by then.")
@option(SHOW, "--timeline", is_flag=True, help="Show what is scheduled: a row for each date and price.")
@options.target
@options.effort
@options.selection
@options.review
@options.proposal
@option(MAY, "--dry-run", is_flag=True, expose_value=False, help="Has no effect: `plan` never writes to Commet.")
@options.output(*REVIEWS)
@options.verbose
@options.color
@reporting("plan", talks=True)
def plan(**given: Any) -> Result:
    """Show what `apply` would do.

    It writes nothing to Commet. It also says what `apply` would refuse, and which option would allow it.
    """
    from commetctl.cli.proposal import proposed

    return proposed(**given)
