"""Scaffolding: the files of a new pricing repository, out of the examples of the installation or of a checkout."""

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from commetctl.core.errors import CommetctlError
from commetctl.core.files import create_all, real, taken
from commetctl.core.finding import NAMES
from commetctl.core.text import json_text
from commetctl.reference.schema import CHANGE, DESCRIPTION, OVERLAY, schema

CATALOG = NAMES[0]
SCHEMA = "commet.schema.json"
README = "README.md"
IGNORE = ".gitignore"
SKILL = "skills/commetctl/SKILL.md"
#: What commetctl leaves in a folder: state, saved plans, the page of `preview`.
IGNORED = (".commet/", "plan.json", "commet-pricing.html")
#: Where each CI system looks for its file, and where that file is among the examples.
WORKFLOWS = {
    "github": (".github/workflows/pricing.yml", "ci/github/pricing.yml"),
    "gitlab": (".gitlab-ci.yml", "ci/gitlab/.gitlab-ci.yml"),
}

#: How much of a file is looked at, in bytes, to find out whether it is a schema.
_HEAD = 1000
_MODELINE = f"# yaml-language-server: $schema={SCHEMA}\n"
_ABOUT = {
    CATALOG: "the catalog: features, plans, prices, credit packs",
    SCHEMA: f"the schema for completion and checks in editors; `commetctl schema --out {SCHEMA}` renews it",
    IGNORE: "keeps the files that commetctl writes out of the repository",
}
_WORKFLOW = "plans proposed changes and applies merged ones; its first lines say what to set up"
_README = (
    "# Pricing\n\nWhat our product costs, as code: `commetctl` makes Commet match `commet.yaml`.\n\n| file | "
    "what it is |\n|---|---|\n{rows}\n\n{steps}\n"
)
_ON_THE_EMBEDDED = """\
To begin with:

```sh
commetctl validate        # is the file right? no key, no network
commetctl plan --local    # what would change, on a Commet that is part of the tool
commetctl apply --local   # apply it there
commetctl preview         # the pricing page, in commet-pricing.html
```

With a key in `COMMET_API_KEY`, and without `--local`, `plan` and `apply` work on the real Commet."""
_ON_THE_ACCOUNT = """\
With a key in `COMMET_API_KEY`:

```sh
commetctl validate        # is the file right? no key, no network
commetctl plan            # what would change: as long as nobody has changed anything, nothing
commetctl apply           # apply it
commetctl preview         # the pricing page, in commet-pricing.html
```"""


def existing(folder: Path, ci: str) -> set[str]:
    """The names of the files that exist already, and are kept.

    Raises CommetctlError where the catalog is among them, or the folder is something else.
    """
    found = taken(folder, names(ci))
    if there := [folder / name for name in NAMES if os.path.lexists(folder / name)]:
        raise CommetctlError(
            f"{there[0]} already exists, so nothing was written",
            "name another folder, or continue with the existing catalog: `commetctl plan`",
            code="catalog_there",
        )
    return found


def create(folder: Path, catalog: str, ci: str, kept: Collection[str], *, live: bool) -> list[str]:
    """Create the files except those in `kept`; the names of all, the catalog first."""
    wanted = files(catalog, ci, live=live)
    create_all(folder, {name: text for name, text in wanted.items() if name not in kept})
    return list(reversed(wanted))


def misplaced(folder: Path, ci: str) -> Iterator[CommetctlError]:
    """A warning where CI will not look for the workflow: below the root of a repository."""
    here = real(folder)
    roots = [parent for parent in (here, *here.parents) if os.path.lexists(parent / ".git")]
    if ci in WORKFLOWS and roots and roots[0] != here:
        message = f"{roots[0]} is the root of this repository, where CI looks for {WORKFLOWS[ci][0]}"
        hint = "move it there, and put the path of the catalog into it; or use `--ci none`"
        yield CommetctlError(message, hint, code="not_the_root")


def templates(package: Path) -> Path:
    """The folder of the examples: in the installed package, or beside `src` in a checkout.

    Raises CommetctlError where neither is there.
    """
    for place in (package / "templates", package.parents[1] / "examples"):
        if (place / "fixed-tiers" / CATALOG).is_file():
            return place
    raise CommetctlError(
        "the templates are missing from this installation", "install commetctl again", code="no_templates"
    )


def example(name: str) -> str:
    """The text of an example."""
    return (templates(Path(__file__).parents[1]) / name).read_text("utf-8")


def skill() -> str:
    """What an assistant has to know to propose a change: the skill, as Markdown."""
    place = templates(Path(__file__).parents[1])
    # In a checkout it lies beside the examples.
    return ((place if place.name == "templates" else place.parent) / SKILL).read_text("utf-8")


def about(name: str) -> str:
    """What a file of the repository is for."""
    return _ABOUT.get(name) or ("what these files are" if name == README else _WORKFLOW)


def files(catalog: str, ci: str, *, live: bool) -> dict[str, str]:
    """Every file by its name, for a catalog that is `live` in an account, or a new one.

    The catalog is the last: without it, an interrupted run can be repeated.
    """
    found = {}
    if ci in WORKFLOWS:
        name, source = WORKFLOWS[ci]
        found[name] = example(source)
    found[IGNORE] = "".join(f"{line}\n" for line in IGNORED)
    found[SCHEMA] = json_text(schema(), indent=2) + "\n"
    rows = [f"| `{name}` | {about(name)} |" for name in (CATALOG, *reversed(found))]
    readme = _README.format(rows="\n".join(rows), steps=_ON_THE_ACCOUNT if live else _ON_THE_EMBEDDED)
    return {**found, README: readme, CATALOG: _MODELINE + catalog}


def with_schema(folder: Path, name: str, text: str) -> dict[str, str]:
    """A new catalog that names its schema for editors, and the schema, if the folder has none yet.

    If something else has the name of the schema, it is kept, and the catalog names no schema.
    """
    place = folder / SCHEMA
    if not os.path.lexists(place):
        return {SCHEMA: json_text(schema(), indent=2) + "\n", name: _MODELINE + text}
    return {name: _MODELINE + text if place.is_file() and is_schema(place) else text}


def is_schema(path: Path, *, overlay: bool = False, change: bool = False) -> bool:
    """Whether a file is a schema that commetctl wrote: of a catalog, of an overlay, or of a change."""
    with path.open("rb") as file:
        return (CHANGE if change else OVERLAY if overlay else DESCRIPTION).encode() in file.read(_HEAD)


def names(ci: str) -> tuple[str, ...]:
    """The names of all files, before there is any content."""
    return (*((WORKFLOWS[ci][0],) if ci in WORKFLOWS else ()), IGNORE, SCHEMA, README, CATALOG)
