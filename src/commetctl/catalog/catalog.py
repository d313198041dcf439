"""The catalog: what a file declares, once nothing is wrong with it."""

from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any, TypeVar

from commetctl.catalog import document as yaml
from commetctl.catalog.comments import Ignore
from commetctl.catalog.document import Document
from commetctl.catalog.policy import PolicySpec
from commetctl.catalog.shape import shape
from commetctl.core.contract import CONTRACTS, DEFAULT_VERSION, Contract
from commetctl.core.money import Scale
from commetctl.core.policy import Policy
from commetctl.core.resource import Origin, ResourceSet
from commetctl.errors import InvalidCatalog, Problem
from commetctl.sections import SECTIONS
from commetctl.sections.names import nearest
from commetctl.sections.section import Finding, Path, Section, Sheet
from commetctl.sections.values import OddNumber, Spec, without_nulls

_SETTINGS = {"api_version": tuple(CONTRACTS), "mode": ("sandbox", "live"), "price_scale": ("rate", "minor")}
_BY_NAME: dict[str, Section] = {section.name: section for section in SECTIONS}
_VERSION = 1
_Spec = TypeVar("_Spec", bound=Spec)
_KNOWN = {"version", "policy", *_SETTINGS, *_BY_NAME}


@dataclass(frozen=True)
class Catalog:
    """A valid catalog: the contract that it speaks, what it declares and manages, and how much a run may change.

    `ignores` are the comments that say which warnings are not wanted where.
    """

    file: str
    contract: Contract
    mode: str | None
    policy: Policy
    sheet: Sheet
    desired: ResourceSet
    ignores: tuple[Ignore, ...] = ()

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections that the file has; the others are not managed at all."""
        return tuple(section for section in SECTIONS if section.name in self.sheet.sections)


def load(file: FilePath, api_version: str | None = None) -> Catalog:
    """Read and check a catalog; `api_version` overrides the file's own.

    Raises InvalidCatalog with all problems, or a CommetctlError for a file that cannot be read.
    """
    return _Loader(yaml.read(file), api_version).catalog()


def parse(name: str, content: bytes, api_version: str | None = None) -> Catalog:
    """The same for the content of a file that is called `name`; raises InvalidCatalog."""
    return _Loader(yaml.parse(name, content), api_version).catalog()


def problem(finding: Finding, origin: Origin | None) -> Problem:
    """A finding about the object that its path leads to."""
    address, rest = "", finding.path
    if len(rest) > 1 and rest[0] in _BY_NAME:
        found, rest = _BY_NAME[rest[0]].locate(rest[1:])
        address = str(found)
    what = f"`{'.'.join(rest)}`: {finding.message}" if rest else finding.message
    return Problem(finding.code, what, finding.hint, origin, address)


class _Loader:
    """One catalog on its way from document to resources, collecting every problem."""

    def __init__(self, document: Document, api_version: str | None) -> None:
        self._document = document
        self._problems = list(document.problems)
        self._override = api_version
        self._lost = set(document.broken)
        self._settings: dict[str, str] = {}
        self._refused: set[str] = set()

    def catalog(self) -> Catalog:
        """The catalog; raises InvalidCatalog."""
        data = self._document.data
        if not isinstance(data, dict):
            finding = Finding((), "not_a_mapping", "must be a mapping of keys to values", "begin with `version: 1`")
            self._raise(self._problem(finding, key=False))
        self._version(data)
        self._top(data)
        contract = self._contract()
        policy = self._policy(data.get("policy"))
        sections = {name: self._entries(_BY_NAME[name], data[name]) for name in _BY_NAME if data.get(name) is not None}
        keys = {name: frozenset(without_nulls(data[name])) for name in sections if isinstance(data[name], dict)}
        sheet = Sheet(contract, sections, keys, self._document.origin)
        for name in sections:
            for finding in _BY_NAME[name].check(sheet):
                if not any(map(self._is_doubtful, finding.lacks)):
                    self._add(finding)
        if self._problems:
            self._raise()
        desired = ResourceSet(resource for name in sections for resource in _BY_NAME[name].expand(sheet))
        mode, ignored = self._settings.get("mode"), self._document.ignores
        return Catalog(self._document.file, contract, mode, policy, sheet, desired, ignored)

    def _raise(self, *problems: Problem) -> None:
        found = [*self._problems, *problems]
        found.sort(key=lambda problem: (problem.origin.line, problem.origin.column) if problem.origin else (0, 0))
        raise InvalidCatalog(self._document.file, found) from None

    def _version(self, data: dict[str, Any]) -> None:
        version = data.get("version")
        if version is None and "version" not in self._meant(data):
            self._add(Finding(("version",), "missing_key", "is required", "begin the file with `version: 1`"))
        elif version is not None and (isinstance(version, bool) or version != _VERSION):
            # What the rest of such a file means is not known, so nothing else is said about it.
            finding = Finding(
                ("version",), "unknown_version", f"must be {_VERSION}", "upgrade commetctl for a later one"
            )
            self._problems = [self._problem(finding, key=False)]
            self._raise()

    def _meant(self, data: dict[str, Any]) -> set[str | None]:
        """The keys that those which are not known were probably meant to be."""
        return {nearest(key, _KNOWN) for key in data if key not in _KNOWN}

    def _top(self, data: dict[str, Any]) -> None:
        for key, value in data.items():
            if key in _SETTINGS and value is not None:
                self._setting(key, value)
            elif key not in _KNOWN:
                near = nearest(key, _KNOWN)
                hint = f"did you mean `{near}`?" if near else "known: " + ", ".join(sorted(_KNOWN))
                self._add(Finding((key,), "unknown_key", "is not a key that is known here", hint))

    def _setting(self, key: str, value: Any) -> None:
        if isinstance(value, str) and not isinstance(value, OddNumber) and value in _SETTINGS[key]:
            self._settings[key] = value
        else:
            self._refused.add(key)
            self._add(Finding((key,), "bad_value", "must be one of: " + ", ".join(_SETTINGS[key])), key=False)

    def _contract(self) -> Contract:
        contract = CONTRACTS[self._override or self._settings.get("api_version", DEFAULT_VERSION)]
        scale = self._settings.get("price_scale")
        if scale is None:
            return contract
        if not contract.price_scale_settled:
            return replace(contract, price_scale=Scale(scale))
        written = self._settings.get("api_version", DEFAULT_VERSION)
        if "api_version" not in self._refused and CONTRACTS[written].price_scale_settled:
            message = f"API version {contract.version} leaves no choice: prices are in minor units"
            self._add(Finding(("price_scale",), "scale_is_settled", message, "remove it"))
        return contract

    def _entries(self, section: Section, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self._add(Finding((section.name,), "bad_value", "must be a mapping of keys to values"), key=False)
            return {}
        entries = {}
        for key, value in data.items():
            if value is None:
                continue
            spec = self._shaped(value, section.spec, (section.name, key))
            if spec is not None:
                entries[key] = spec
        return entries

    def _policy(self, data: Any) -> Policy:
        spec = self._shaped({} if data is None else data, PolicySpec, ("policy",))
        return spec.policy() if spec is not None else Policy()

    def _shaped(self, data: Any, kind: type[_Spec], path: Path) -> _Spec | None:
        shaped = shape(data, kind, path)
        for finding in shaped.findings:
            # What a broken part would have brought is not known to be missing.
            if finding.code != "missing_key" or finding.path[:-1] not in self._document.broken:
                self._add(finding, key=finding.code in ("unknown_key", "missing_key"))
        self._lost |= shaped.lost
        found: _Spec | None = shaped.spec
        return found

    def _is_doubtful(self, path: Path) -> bool:
        """Whether what seems to be missing at a path may only not have been understood."""
        return any(path[:length] in self._lost for length in range(len(path) + 1))

    def _add(self, finding: Finding, *, key: bool = True) -> None:
        self._problems.append(self._problem(finding, key=key))

    def _problem(self, finding: Finding, *, key: bool) -> Problem:
        return problem(finding, self._document.origin(finding.path, key=key))
