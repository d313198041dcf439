"""Catalogs of several files: written into a folder, loaded, or what is wrong with them as a user would read it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from commetctl.catalog import Catalog, load
from commetctl.core.errors import CommetctlError, InvalidCatalog
from drawing import as_yaml
from telling import as_told


def written(folder: Path, files: Mapping[str, str]) -> Path:
    """The files in a folder; the path of the main one."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "commet.yaml"


def loaded(folder: Path, files: Mapping[str, str], environment: str = "") -> Catalog:
    """The catalog that the files are."""
    return load(written(folder, files), environment=environment)


def told(folder: Path, files: Mapping[str, str], environment: str = "") -> list[str]:
    """Every line that is said about the files, without the folder; empty for valid ones."""
    try:
        loaded(folder, files, environment)
    except InvalidCatalog as error:
        return [line.replace(f"{folder}/", "") for line in as_told(error.problems)]
    except CommetctlError as error:
        return [error.message.replace(f"{folder}/", ""), f"  hint: {error.hint}"]
    return []


def split(catalog: Mapping[str, Any], choose: Callable[[Sequence[str]], str]) -> dict[str, str]:
    """A catalog over three files, each object in the one that is chosen for it."""
    names = ["commet.yaml", "one.yaml", "two/three.yaml"]
    files: dict[str, dict[str, Any]] = {name: {"version": 1} for name in names}
    for section in (key for key in catalog if key != "version"):
        for key, entry in catalog[section].items():
            files[choose(names)].setdefault(section, {})[key] = entry
        if not catalog[section]:
            files["commet.yaml"][section] = {}
    files["commet.yaml"]["include"] = names[1:]
    return {name: as_yaml(content) for name, content in files.items()}
