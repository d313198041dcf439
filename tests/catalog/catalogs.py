"""Catalogs from texts: a real file, loaded, or what is wrong with it as a user would read it."""

from pathlib import Path

from commetctl.catalog import Catalog, load
from commetctl.core.errors import CommetctlError, InvalidCatalog
from telling import as_told


def load_text(folder: Path, text: str | bytes, api_version: str | None = None) -> Catalog:
    """The catalog in a text, written to a file called `commet.yaml`."""
    file = folder / "commet.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(file, api_version)


def problems(folder: Path, text: str | bytes, api_version: str | None = None) -> list[str]:
    """Every line that is said about a text, without the folder; empty for a valid one."""
    try:
        load_text(folder, text, api_version)
    except InvalidCatalog as error:
        return [line.replace(f"{folder}/commet.yaml:", "") for line in as_told(error.problems)]
    except CommetctlError as error:
        return [error.message.replace(f"{folder}/", ""), f"  hint: {error.hint}"]
    return []
