"""What a pull says: what changes in the catalog, for people and for machines, and what to look at."""

from typing import TYPE_CHECKING

from commetctl.cli.result import Result

if TYPE_CHECKING:
    from commetctl.catalog import Catalog
    from commetctl.cli.session import Account
    from commetctl.core.errors import CommetctlError
    from commetctl.core.permissions import Mode
    from commetctl.kinds.section import Live
    from commetctl.usecases.pull import Pulled


def told(pulled: "Pulled", catalog: "Catalog", account: "Account", mode: "Mode", live: "Live") -> Result:
    """The result of a pull, before anything is written."""
    from commetctl.core.text import printable
    from commetctl.render.document import pulled_document

    title = printable(f"{catalog.title} ← {account.titled(mode)} ({catalog.contract.version})")
    return Result(
        f"{title}\n\n" + "\n".join(f"  {line}".rstrip() for line in _lines(pulled)),
        {
            "target": account.document(catalog.contract, mode),
            "pulled": pulled_document(pulled.changes, [file.name for file in pulled.changed]),
        },
        warnings=list(_warnings(pulled, catalog, mode, live)),
    )


def _lines(pulled: "Pulled") -> list[str]:
    """What changes in the file, a line for each object and each of its fields."""
    from commetctl.core.change import Create, Update
    from commetctl.core.text import change_text, counted, printable

    if not pulled.changed:
        return ["No changes: the file is as Commet has it"]
    lines = []
    new = {change.address for change in pulled.changes if isinstance(change, Create)}
    for change in pulled.changes:
        if isinstance(change, Create) and change.after.parent in new:
            # It comes with what it belongs to.
            continue
        sign = "+" if isinstance(change, Create) else "~" if isinstance(change, Update) else "-"
        lines.append(f"{sign} {printable(str(change.address))}")
        if isinstance(change, Update):
            lines += [f"    {printable(item.path)}  {change_text(item.before, item.after)}" for item in change.fields]
    kinds = [type(change).__name__ for change in pulled.changes]
    return [
        *lines,
        "",
        f"{counted(len(new), 'object')} to add, {kinds.count('Update')} to change, {kinds.count('Delete')} to remove",
    ]


def _warnings(pulled: "Pulled", catalog: "Catalog", mode: "Mode", live: "Live") -> "list[CommetctlError]":
    from commetctl.core.errors import CommetctlError
    from commetctl.kinds.plans.addresses import PRICE

    found = [
        CommetctlError(notice.message, notice.hint, code=notice.code, address=notice.address)
        for notice in pulled.notices
    ]
    for file in pulled.changed:
        for name in sorted(file.lost_variables()):
            message = f"`{name}` is not used in {file.name} any more: Commet has another value, which stands there now"
            found.append(CommetctlError(message, "set the variable, or keep the value", code="variable_replaced"))
    if mode.declared and mode.proven is not None and mode.declared != mode.word:
        message = f"the file says `mode: {mode.declared}`, and this organization is {mode.word}"
        found.append(CommetctlError(message, "check that this is the account you mean", code="wrong_mode"))
    if pulled.main.before is not None and not catalog.sections:
        hint = "add `features: {}`, `plans: {}` or `credit_packs: {}` and pull again"
        found.append(CommetctlError("the file has no section, so there is nothing to pull", hint, code="no_section"))
    if not live.scale_proven and any(resource.address.kind == PRICE for resource in live.resources.values()):
        message = f"no price proves what the integers of {catalog.contract.version} mean"
        found.append(CommetctlError(message, "check one amount against the dashboard", code="price_scale"))
    return found
