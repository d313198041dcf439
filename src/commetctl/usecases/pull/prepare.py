"""What a pull would write: the account as it is, in the files of a catalog that is there, or in a new one."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from commetctl.catalog import Catalog, load
from commetctl.core.errors import CommetctlError, Refused
from commetctl.core.files import content, replace_all
from commetctl.core.money import Scale
from commetctl.core.policy import Mode
from commetctl.core.resource import Address
from commetctl.kinds import SECTIONS
from commetctl.kinds.sides import Live
from commetctl.review.scales import Balances, has_prices
from commetctl.usecases.account import Account
from commetctl.usecases.balance_scale import assumption, pulled_balances
from commetctl.usecases.dated.clock import at_its_time
from commetctl.usecases.pull import Pulled, nothing, pull
from commetctl.usecases.pull.files import File
from commetctl.usecases.reading import read
from commetctl.usecases.reporter import Reporter, unconfirmed
from commetctl.usecases.scaffold import with_schema


@dataclass(frozen=True)
class PreparedPull:
    """The files of a catalog before and after a pull; `file` is the main one. `warnings` say what to look at."""

    file: Path
    catalog: Catalog
    account: Account
    mode: Mode
    pulled: Pulled
    warnings: tuple[CommetctlError, ...]

    @property
    def title(self) -> str:
        """`commet.yaml ← sandbox, https://commet.co (2026-08-27)`"""
        return f"{self.catalog.title} ← {self.account.titled(self.mode)} ({self.catalog.contract.version})"

    @property
    def target(self) -> dict[str, Any]:
        """The account for machine output."""
        return self.account.document(self.catalog.contract, self.mode)

    @property
    def is_new(self) -> bool:
        """Whether there was no catalog before."""
        return self.pulled.main.before is None

    def patch(self) -> str:
        """What changes in the texts, as a unified diff; the schema beside a new catalog is left out."""
        if not self.is_new:
            return self.pulled.patch()
        _, text = self.contents[self.file]
        return File(str(self.file), None, text).patch()

    @cached_property
    def contents(self) -> dict[Path, tuple[bytes | None, bytes]]:
        """What to write, before and after; a new catalog comes with the schema that editors read."""
        if self.is_new:
            made = with_schema(self.file.parent, self.file.name, self.pulled.main.after.decode())
            return {self.file.parent / name: (None, text.encode()) for name, text in reversed(made.items())}
        return {Path(each.name): (each.before, each.after) for each in self.pulled.changed}

    def refusals(self) -> list[CommetctlError]:
        """Why nothing may be written: the file is for an account of another mode, which else is a warning."""
        hint = "check the key; to take over the prices of another account, pull into a new file with `-f FILE`"
        found = (warning for warning in self.warnings if warning.code == "wrong_mode")
        return [Refused(warning.message, hint, code=warning.code) for warning in found]

    def write(self, reporter: Reporter, *, yes: bool) -> list[CommetctlError]:
        """Write the files; the reasons where nothing is written.

        What is to be written is shown before; changes of files that are there are asked about, unless `yes`.
        """
        reasons = self.refusals()
        if not reasons:
            reporter.show()
        if not reasons and not yes and not self.is_new:
            refused = unconfirmed(
                reporter,
                f"Write {_files(len(self.contents))}?",
                nothing="nothing was written",
                way_out="give `--yes` to write without asking",
            )
            reasons = [refused] if refused else []
        if not reasons:
            replace_all(self.contents)
        return reasons


def _files(count: int) -> str:
    return "this file" if count == 1 else f"these {count} files"


def prepare_pull(
    file: Path, api_version: str | None, account: Account, targets: tuple[Address, ...], *, new: bool = False
) -> PreparedPull:
    """Read the account, and work out what a pull would write; performs GETs only.

    With `new`, `file` is only what the catalog is called, whatever is there.

    Raises CommetctlError for a file that may not be rewritten, InvalidCatalog for one that is wrong, and what `pull`
    raises.
    """
    old = None if new else _existing(file, api_version, account.environment)
    if old is None:
        catalog, live, balances = read_new(str(file), api_version, account)
    else:
        catalog = _settled(old, account)
        live, balances = _read(catalog, account)
        if balances.contradiction:
            # The amounts would be a hundred times too large or too small.
            raise balances.contradiction
    mode = account.mode(live.livemode, catalog.mode)
    pulled = pull(catalog, live, proven=mode.proven, targets=targets, new=old is None)
    warnings = (*_warnings(pulled, catalog, mode, live), *assumption(balances, live))
    return PreparedPull(file, catalog, account, mode, pulled, warnings)


def read_new(name: str, api_version: str | None, account: Account) -> tuple[Catalog, Live, Balances]:
    """An empty catalog beside the account, in the scales of prices and of balances that the account proves."""
    scale = None
    try:
        live, balances = _read(nothing(name, api_version), account)
    except Refused as error:
        if error.code != "price_scale":
            raise
        scale = Scale.MINOR
        live, balances = _read(nothing(name, api_version, scale), account)
    if balances.contradiction:
        live, balances = _read(nothing(name, api_version, scale, balances.proven), account)
    return nothing(name, api_version, scale, balances.proven), live, balances


def _existing(file: Path, api_version: str | None, environment: str) -> Catalog | None:
    """The catalog, all files of which may be rewritten; None where there is none yet."""
    if content(file) is None:
        if not environment:
            return None
        hint = (
            "create it from one account, with `commetctl pull` without `--env`; then write the overlay of this "
            "environment"
        )
        raise CommetctlError(f"{file} does not exist, and an environment is an overlay of it", hint, code="no_file")
    catalog = load(file, api_version, environment)
    for part in catalog.assembly.parts[1:]:
        content(Path(part.name))
    return catalog


def _settled(catalog: Catalog, account: Account) -> Catalog:
    """The catalog as of the account's time; raises Refused where a dated change overrules the files of a pull."""
    if not catalog.changes:
        return catalog
    with account.client(catalog.contract) as client:
        found = at_its_time(catalog, client)[0]
    if found.due:
        raise Refused(
            f"{found.due[-1].name} is due and overrules {found.file}, so a pull could not write what Commet has",
            "fold the changes that are past into the catalog first: `commetctl settle`",
            code="unsettled",
        )
    return found


def _read(catalog: Catalog, account: Account) -> tuple[Live, Balances]:
    with account.client(catalog.contract) as client:
        live = read(catalog, client)[0]
        return live, pulled_balances(client, live)


def _warnings(pulled: Pulled, catalog: Catalog, mode: Mode, live: Live) -> Iterator[CommetctlError]:
    for notice in pulled.notices:
        yield CommetctlError(notice.message, notice.hint, code=notice.code, address=notice.address)
    for file in pulled.changed:
        for name in sorted(file.lost_variables()):
            message = f"`{name}` is no longer used in {file.name}: Commet has another value, which the file has now"
            yield CommetctlError(message, "set the variable, or keep the value", code="variable_replaced")
    if mode.declared and mode.proven is not None and mode.declared != mode.word:
        message = f"the catalog declares `mode: {mode.declared}`, but this account is {mode.word}"
        yield CommetctlError(message, "check that this is the right account", code="wrong_mode")
    if pulled.main.before is not None and not catalog.sections:
        *most, last = (f"`{section.name}: {{}}`" for section in SECTIONS)
        hint = f"add {', '.join(most)} or {last} and pull again"
        yield CommetctlError("the file has no section, so there is nothing to pull", hint, code="no_section")
    if not live.scale_proven and has_prices(live.resources.values()):
        message = f"no price proves what the integers of {catalog.contract.version} mean"
        yield CommetctlError(message, "check one amount against the dashboard", code="price_scale")
