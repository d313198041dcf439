"""The catalog: what valid files declare."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from commetctl.catalog.assembly import Assembly, assemble
from commetctl.catalog.data import Document
from commetctl.catalog.ignores import Ignore
from commetctl.catalog.own import PREFIX
from commetctl.catalog.places import is_about_key
from commetctl.catalog.settings import SETTINGS, PolicySpec, known
from commetctl.catalog.signs import explained
from commetctl.catalog.source import FileSource, Source, TextSource, source
from commetctl.catalog.validate import broken_rules, validate
from commetctl.catalog.variables import used
from commetctl.core.contract import CONTRACTS, DEFAULT_VERSION, Contract
from commetctl.core.errors import InvalidCatalog, Problem
from commetctl.core.money import Scale
from commetctl.core.policy import Policy
from commetctl.core.resource import ResourceSet
from commetctl.core.text import nearest, of_field, the_only_near
from commetctl.core.values import KeyPath
from commetctl.kinds import SECTIONS, by_name, locate
from commetctl.kinds.scalars import OddNumber, Spec, without_nulls
from commetctl.kinds.section import Finding, Section, Sheet

_Spec = TypeVar("_Spec", bound=Spec)


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

    @property
    def unset(self) -> list[str]:
        """The variables without a value, where that was allowed: what depends on them is not in `desired`."""
        return sorted(self.assembly.document.unset)

    @property
    def title(self) -> str:
        """Its name for people: its file, and the overlay of the environment."""
        overlay = self.assembly.overlay
        return f"{self.file} + {overlay.name}" if overlay else self.file

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections in its files; other sections are not managed."""
        return tuple(section for section in SECTIONS if section.name in self.sheet.sections)


def load(file: Path, api_version: str | None = None, environment: str = "", *, allow_unset: bool = False) -> Catalog:
    """Read and check a catalog, with the overlay of an `environment`; `api_version` overrides the one in the file.

    With `allow_unset`, variables may have no value, and what does not depend on them is checked.

    Raises InvalidCatalog with all problems, or a CommetctlError for a file that cannot be read.
    """
    return _loaded(assemble(FileSource(file), environment, allow_unset=allow_unset), api_version, environment)


def load_from(
    named: str, api_version: str | None = None, environment: str = "", *, beside: str = "commet.yaml"
) -> Catalog:
    """Read a catalog from a source as `source` reads it: `FILE`, `git:REV`, `git:REV:PATH`, or `/dev/null` for none.

    A revision without the environment is read without an overlay.
    """
    return read(source(named, beside), api_version, environment)


def parse(name: str, content: bytes, api_version: str | None = None) -> Catalog:
    """Read a catalog from the content of its only file, which is called `name`; raises InvalidCatalog."""
    return read(TextSource(name, {name: content}), api_version)


def read(main: Source, api_version: str | None = None, environment: str = "") -> Catalog:
    """Read a catalog from any source; raises what `load` raises."""
    return _loaded(assemble(main, environment), api_version, environment)


def _loaded(assembly: Assembly, api_version: str | None, environment: str) -> Catalog:
    return _Loader(assembly, api_version, environment).catalog()


def problem(finding: Finding, document: Document) -> Problem:
    """A finding as a problem of the object that its path leads to, at the place of the key or of the value."""
    found = locate(finding.path)
    rest = found[1] if found else finding.path
    name = document.dotted(finding.path, len(finding.path) - len(rest))
    what = of_field(name, finding.message) if rest else finding.message
    key = is_about_key(finding.code, finding.path, document.data)
    origin = document.origin(finding.path, key=key, odd=finding.code == "odd_space")
    address, path = str(found[0]) if found else "", document.dotted(document.written(finding.path))
    # Of the text of a variable, no part can be written in its place.
    fix = "" if used(origin.text if origin else "") else finding.fix
    return Problem(finding.code, what, finding.hint, origin, address, fix, path)


class _Loader:
    """One catalog on its way from document to resources, collecting every problem."""

    def __init__(self, assembly: Assembly, api_version: str | None, environment: str) -> None:
        document = assembly.document
        self._assembly, self._environment = assembly, environment
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
