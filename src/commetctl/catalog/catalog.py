"""The catalog: what valid files declare."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from commetctl.catalog.assembly import Assembly, Files
from commetctl.catalog.dated.change import Dated
from commetctl.catalog.dated.moments import NOW
from commetctl.catalog.ignores import Ignore
from commetctl.catalog.own import PREFIX
from commetctl.catalog.problems import problem
from commetctl.catalog.settings import SETTINGS, PolicySpec, known
from commetctl.catalog.signs import explained
from commetctl.catalog.validate import broken_rules, validate
from commetctl.core.contract import CONTRACTS, DEFAULT_VERSION, Contract
from commetctl.core.errors import InvalidCatalog, Problem
from commetctl.core.money import Scale
from commetctl.core.policy import Policy
from commetctl.core.resource import ResourceSet
from commetctl.core.text import counted, nearest, the_only_near
from commetctl.core.values import KeyPath
from commetctl.kinds import SECTIONS, by_name
from commetctl.kinds.scalars import OddNumber, Spec, without_nulls
from commetctl.kinds.section import Finding, Section, Sheet

_Spec = TypeVar("_Spec", bound=Spec)
#: How many changes the title of a catalog names.
_NAMED = 2


@dataclass(frozen=True)
class Catalog:
    """A valid catalog: its API contract, what it declares and manages, and how much a run may change.

    `ignores` are the comments that silence warnings; `environment` is the one that was chosen, empty without one.
    """

    file: str
    contract: Contract
    mode: str | None
    policy: Policy
    sheet: Sheet
    desired: ResourceSet
    assembly: Assembly = field(compare=False, repr=False)
    ignores: tuple[Ignore, ...] = ()
    environment: str = ""
    #: The moment at which it holds: the changes in `changes/` that are due by then are in it.
    moment: datetime = NOW
    files: Files | None = field(default=None, compare=False, repr=False)
    api_version: str | None = field(default=None, compare=False, repr=False)

    @property
    def due(self) -> tuple[Dated, ...]:
        """The changes that are due, in their order; past ones stay among them until they are settled."""
        return self.assembly.due

    @property
    def coming(self) -> tuple[Dated, ...]:
        """The changes that are not due yet, in their order."""
        return tuple(change for change in self.changes if change.moment > self.moment)

    @property
    def changes(self) -> tuple[Dated, ...]:
        """Every change that is ever due in its environment, in their order."""
        return self.files.changes if self.files else ()

    def as_of(self, moment: datetime) -> "Catalog":
        """The same files at another moment; raises InvalidCatalog where they are not valid then."""
        if self.files is None or not self.changes:
            return replace(self, moment=moment)
        return catalog_of(self.files, self.files.at(moment), moment, self.api_version, self.environment)

    def with_changes(self, due: tuple[Dated, ...]) -> "Catalog":
        """The same files with some of their changes; raises InvalidCatalog where they are not valid so."""
        if self.files is None:
            return self
        return catalog_of(self.files, self.files.with_changes(due), self.moment, self.api_version, self.environment)

    @property
    def unset(self) -> list[str]:
        """The variables without a value, where that was allowed: what depends on them is not in `desired`."""
        return sorted(self.assembly.document.unset)

    @property
    def title(self) -> str:
        """Its name for people: its file, the changes that are due, and the overlay of the environment."""
        overlay, names = self.assembly.overlay, [change.name for change in self.due]
        shown = names if len(names) <= _NAMED else [counted(len(names), "change")]
        return " + ".join([self.file, *shown, *([overlay.name] if overlay else [])])

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections in its files; other sections are not managed."""
        return tuple(section for section in SECTIONS if section.name in self.sheet.sections)


def catalog_of(
    files: Files, assembly: Assembly, moment: datetime, api_version: str | None, environment: str
) -> Catalog:
    """The catalog that an assembly of some files is; raises InvalidCatalog with all of its problems."""
    return _Loader(files, assembly, moment, api_version, environment).catalog()


class _Loader:
    """One catalog on its way from document to resources, collecting every problem."""

    def __init__(
        self, files: Files, assembly: Assembly, moment: datetime, api_version: str | None, environment: str
    ) -> None:
        document = assembly.document
        self._files, self._assembly, self._moment, self._environment = files, assembly, moment, environment
        self._document = document
        self._problems = list(document.problems)
        self._override = api_version
        self._lost = document.broken | document.unknown
        self._settings: dict[str, str] = {}
        self._refused: set[str] = set()

    def catalog(self) -> Catalog:
        """The catalog; raises InvalidCatalog."""
        data = self._document.data
        if not isinstance(data, dict):
            finding = Finding((), "not_a_mapping", "must be a mapping of keys to values", "begin with `version: 1`")
            self._raise(problem(finding, self._document))
        self._top(data)
        contract = self._contract()
        policy = self._policy(data.get("policy"))
        having = {name: section for name, section in by_name().items() if data.get(name) is not None}
        sections = {name: self._entries(section, data[name]) for name, section in having.items()}
        keys = {name: frozenset(without_nulls(data[name])) for name in sections if isinstance(data[name], dict)}
        sheet = Sheet(contract, sections, keys, self._document.origin)
        for section in having.values():
            if not section.listings(contract):
                message = f"does not exist in API version {contract.version}"
                hint = f"use API version {DEFAULT_VERSION}, the default, or remove it"
                self._add(Finding((section.name,), "section_not_in_version", message, hint))
        for finding in broken_rules(sheet, self._lost):
            self._add(finding)
        if self._problems:
            self._raise()
        desired = ResourceSet(resource for section in having.values() for resource in section.expand(sheet))
        return Catalog(
            self._document.file,
            contract,
            self._settings.get("mode"),
            policy,
            sheet,
            desired,
            self._assembly,
            self._document.ignores,
            self._environment,
            self._moment,
            self._files,
            self._override,
        )

    def _raise(self, *problems: Problem) -> None:
        # What an alias repeats is one mistake, at one place.
        first: dict[object, Problem] = {}
        for found in (*self._problems, *problems):
            first.setdefault((found.code, found.message, found.origin or found.address), found)
        raise InvalidCatalog(self._document.file, self._document.in_order(first.values())) from None

    def _top(self, data: dict[str, Any]) -> None:
        for key, value in data.items():
            if key in SETTINGS and value is not None and (key,) not in self._document.unknown:
                self._setting(key, value)
            elif key not in known():
                near = nearest(key, known())
                # The section that is meant is not known to be missing.
                self._lost |= {(near,)} if near and near not in data else set()
                hint = f"did you mean `{near}`?" if near else "known: " + ", ".join(sorted(known()))
                fix = the_only_near(key, known())
                self._add(explained(Finding((key,), "unknown_key", "is not a known key", hint, fix=fix), key))

    def _setting(self, key: str, value: Any) -> None:
        if isinstance(value, str) and not isinstance(value, OddNumber) and value in SETTINGS[key]:
            self._settings[key] = value
        else:
            self._refused.add(key)
            fix = the_only_near(value, SETTINGS[key])
            finding = Finding((key,), "bad_value", "must be one of: " + ", ".join(SETTINGS[key]), fix=fix)
            self._add(explained(finding, value))

    def _contract(self) -> Contract:
        contract = CONTRACTS[self._override or self._settings.get("api_version", DEFAULT_VERSION)]
        if balances := self._settings.get("balance_scale"):
            contract = replace(contract, balance_scale=Scale(balances), balance_scale_stated=True)
        scale = self._settings.get("price_scale")
        if scale is None:
            return contract
        if not contract.price_scale_settled:
            return replace(contract, price_scale=Scale(scale))
        written = self._settings.get("api_version", DEFAULT_VERSION)
        sure = "api_version" not in self._refused and ("api_version",) not in self._document.unknown
        if sure and CONTRACTS[written].price_scale_settled:
            message = f"API version {contract.version} has no choice: prices are in minor units"
            self._add(Finding(("price_scale",), "scale_is_settled", message, "remove it"))
        return contract

    def _entries(self, section: Section, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self._add(Finding((section.name,), "bad_value", "must be a mapping of keys to values"))
            self._lost.add((section.name,))
            return {}
        entries = {}
        for key, value in data.items():
            if value is None:
                continue
            if key.startswith(PREFIX) and section.keys and not section.keys.pattern.match(key):
                hint = (
                    f"move it to the top of the file or among the fields of an object, where `{PREFIX}` keys are "
                    "allowed"
                )
                self._add(Finding((section.name, key), "bad_code", f"`{key}` is not a {section.keys.noun}", hint))
                self._lost.add((section.name, key))
                continue
            spec = self._shaped(value, section.spec, (section.name, key))
            if spec is not None:
                entries[key] = spec
        return entries

    def _policy(self, data: Any) -> Policy:
        spec = self._shaped({} if data is None else data, PolicySpec, ("policy",))
        return spec.policy() if spec is not None else Policy()

    def _shaped(self, data: Any, kind: type[_Spec], path: KeyPath) -> _Spec | None:
        shaped = validate(data, kind, path)
        for finding in shaped.findings:
            # A broken part may have had the key that seems to be missing.
            if finding.code == "missing_key" and {finding.path, finding.path[:-1]} & self._document.broken:
                continue
            # And an undefined variable may have had a right value.
            if not any(finding.path[:length] in self._document.unknown for length in range(1, len(finding.path) + 1)):
                self._add(finding)
        self._lost |= shaped.lost
        found: _Spec | None = shaped.spec
        return found

    def _add(self, finding: Finding) -> None:
        self._problems.append(problem(finding, self._document))
