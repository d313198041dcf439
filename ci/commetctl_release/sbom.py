"""The software bill of materials (SBOM) of the wheel: the hash-locked runtime requirements, as CycloneDX JSON.

It depends only on the lock and the version, so it is reproducible.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

#: Where the lock and the bill are, seen from the root of the source.
LOCK = "requirements/runtime.txt"
SBOM = "requirements/commetctl.cdx.json"

_REQUIREMENT = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^\s;]+)(?: *; *(?P<marker>[^\\]+?))?(?: \\)?$")
_HASH = re.compile(r"^    --hash=sha256:([0-9a-f]{64})(?: \\)?$")
_VIA = re.compile(r"^    #(?: via|  ) +(?!via$)(\S.*)$")
_ROOT = "commetctl (pyproject.toml)"


@dataclass(frozen=True)
class Locked:
    """One package of the lock: the digests of the files it may come in, and the packages that need it."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    needed_by: tuple[str, ...]

    @property
    def purl(self) -> str:
        """The package URL, which identifies the package and its version in any tool."""
        return _purl(self.name, self.version)


def locked(text: str) -> list[Locked]:
    """The packages of a lock as `uv pip compile` writes it."""
    return [_locked(block) for block in _blocks(text)]


def bill(lock: str, version: str) -> str:
    """The bill of materials for this version of commetctl."""
    packages = locked(lock)
    root = _purl("commetctl", version)
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "lifecycles": [{"phase": "pre-build"}],
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": "commetctl",
                "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
                "purl": root,
            },
        },
        "components": [_component(package) for package in packages],
        "dependencies": [
            {"ref": root, "dependsOn": _needed(packages, _ROOT)},
            *({"ref": package.purl, "dependsOn": _needed(packages, package.name)} for package in packages),
        ],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _blocks(text: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in text.splitlines():
        if line and not line.startswith((" ", "#")):
            if block:
                yield block
            block = []
        block.append(line)
    if block:
        yield block


def _locked(block: list[str]) -> Locked:
    first = _REQUIREMENT.match(block[0])
    if first is None:
        raise ValueError(f"not a pinned requirement: {block[0]}")
    hashes = tuple(found[1] for line in block[1:] if (found := _HASH.match(line)))
    needed_by = tuple(found[1] for line in block[1:] if (found := _VIA.match(line)) and not found[1].startswith("-c "))
    if not hashes or not needed_by:
        raise ValueError(f"{first['name']} lacks hashes or the names of the packages that need it")
    return Locked(first["name"], first["version"], first["marker"] or "", hashes, needed_by)


def _component(package: Locked) -> Mapping[str, Any]:
    found: dict[str, Any] = {
        "type": "library",
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        "purl": package.purl,
        # One digest for each file that the package is published in: installers take one of them.
        "externalReferences": [
            {
                "type": "distribution",
                "url": package.purl,
                "hashes": [{"alg": "SHA-256", "content": digest} for digest in package.hashes],
            }
        ],
    }
    if package.marker:
        found |= {"scope": "optional", "properties": [{"name": "commetctl:marker", "value": package.marker}]}
    return found


def _needed(packages: list[Locked], by: str) -> list[str]:
    return [package.purl for package in packages if by in package.needed_by]


def _purl(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"
