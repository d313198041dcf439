"""The names of the files of a catalog: those that `include:` may name, and those of overlays."""

import posixpath
from collections.abc import Iterable

from commetctl.core.environment import NAME as ENVIRONMENT
from commetctl.core.errors import CommetctlError
from commetctl.core.spaces import WAY_OUT, alike_in, named, odd_in

#: The folder of the dated changes, beside the main file.
CHANGES = "changes"
_STEM = "commet"
_SUFFIXES = (".yaml", ".yml")


def overlay_name(name: str, environment: str) -> str:
    """`commet.sandbox.yaml` for `commet.yaml`."""
    stem, suffix = posixpath.splitext(name)
    return f"{stem}.{environment}{suffix}"


def is_overlay(name: str, main: str) -> bool:
    """Whether a file name is the name of an overlay of the file `main`."""
    stem, suffix = posixpath.splitext(main)
    between = name[len(stem) + 1 : -len(suffix)] if suffix else ""
    return bool(ENVIRONMENT.fullmatch(between)) and name == overlay_name(main, between)


def is_main(name: str) -> bool:
    """Whether a file name is one that a main file, or an overlay, has where it is not named: `commet-eu.yaml`."""
    return name.startswith(_STEM) and name.endswith(_SUFFIXES)


def mains(names: Iterable[str]) -> list[str]:
    """Those of the names of files in a folder that main files have, without overlays."""
    found = {name for name in names if is_main(name)}
    return sorted(name for name in found if not any(is_overlay(name, other) for other in found - {name}))


def checked(path: str) -> str:
    """A path that a catalog may include, without the parts that lead nowhere; raises CommetctlError for any other."""
    if odd := odd_in(path):
        raise CommetctlError(f"`{path}` has {named(odd)}", WAY_OUT, code="bad_include")
    inside = posixpath.normpath(path)
    if not path.isprintable() or path.startswith("/") or "\\" in path or inside.split("/")[0] == "..":
        raise outside(path, "is not a path in the folder of the catalog, or below it")
    if any(part.startswith(".") for part in inside.split("/")) or not path.endswith(_SUFFIXES):
        sign = alike_in(path)
        raise outside(path, "is not the name of a YAML file" + (f", and has {named(sign)}" if sign else ""))
    return inside


def outside(path: str, why: str) -> CommetctlError:
    """The error for a path that a catalog may not include."""
    hint = "name a file such as `plans/pro.yaml`, relative to the file that names it"
    return CommetctlError(f"`{path}` {why}", hint, code="bad_include")


def is_change(path: str) -> bool:
    """Whether a path that a catalog names leads into the folder of changes."""
    return posixpath.normpath(path).split("/")[0] == CHANGES


def unfit(name: str, *, folder: bool) -> str:
    """Why something in the folder of changes cannot be a file of one; empty where it can, and for hidden files."""
    if name.startswith("."):
        return ""
    if folder:
        return "is a folder"
    odd = odd_in(name) or alike_in(name)
    if odd or not name.isprintable():
        return f"has {named(odd)} in its name" if odd else "has a control character in its name"
    return "" if name.endswith(_SUFFIXES) else "is not a YAML file"
