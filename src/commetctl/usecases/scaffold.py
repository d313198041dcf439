"""What a new pricing repository is made of: the examples, as they are installed or in a checkout, and a few lines."""

import os
from pathlib import Path

from commetctl.cli.schema import is_schema
from commetctl.core.errors import CommetctlError
from commetctl.core.text import json_text
from commetctl.reference.schema import schema

CATALOG = "commet.yaml"
SCHEMA = "commet.schema.json"
README = "README.md"
IGNORE = ".gitignore"
#: What commetctl leaves in a folder: state, saved plans, the page of `preview`.
IGNORED = (".commet/", "plan.json", "commet-pricing.html")
#: Where each CI system looks for its file, and where that file is among the examples.
WORKFLOWS = {
    "github": (".github/workflows/pricing.yml", "ci/github/pricing.yml"),
    "gitlab": (".gitlab-ci.yml", "ci/gitlab/.gitlab-ci.yml"),
}

_MODELINE = f"# yaml-language-server: $schema={SCHEMA}\n"
_ABOUT = {
    CATALOG: "the catalog: features, plans, prices, credit packs",
    SCHEMA: f"what editors complete and check it by; `commetctl schema --out {SCHEMA}` renews it",
    IGNORE: "keeps what commetctl leaves behind out of the repository",
}
_WORKFLOW = "plans what is proposed, applies what is merged; its head says what to set up first"
_README = """\
# Pricing

What our product costs, as code: `commetctl` makes Commet as `commet.yaml` says.

| file | what it is |
|---|---|
{rows}

{steps}
"""
_ON_THE_EMBEDDED = """\
To begin with:

```sh
commetctl validate        # is the file right? no key, no network
commetctl plan --local    # what would change, on a Commet that is part of the tool
commetctl apply --local   # make it so there
commetctl preview         # the pricing page, in commet-pricing.html
```

With a key in `COMMET_API_KEY`, and without `--local`, `plan` and `apply` work on the real Commet."""
_ON_THE_ACCOUNT = """\
With a key in `COMMET_API_KEY`:

```sh
commetctl validate        # is the file right? no key, no network
commetctl plan            # what would change: as long as nobody has changed anything, nothing
commetctl apply           # make it so
commetctl preview         # the pricing page, in commet-pricing.html
```"""


def templates(package: Path) -> Path:
    """The folder of the examples: in the installed package, or beside `src` in a checkout.

    Raises CommetctlError where neither is there.
    """
    for place in (package / "templates", package.parents[1] / "examples"):
        if (place / "fixed-tiers" / CATALOG).is_file():
            return place
    raise CommetctlError("this installation lacks its templates", "install commetctl again", code="no_templates")


def example(name: str) -> str:
    """The text of an example."""
    return (templates(Path(__file__).parents[1]) / name).read_text("utf-8")


def about(name: str) -> str:
    """What a file of the repository is for."""
    return _ABOUT.get(name) or ("what these files are" if name == README else _WORKFLOW)


def files(catalog: str, ci: str, *, live: bool) -> dict[str, str]:
    """Every file by its name, for a catalog that is `live` in an account, or a new one.

    The catalog is the last: without it, a run that was broken off can be repeated.
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
    """A new catalog, which names its schema for editors, and that schema, where there is none yet in the folder.

    Where something else is called like it, that stays, and the text too.
    """
    place = folder / SCHEMA
    if not os.path.lexists(place):
        return {SCHEMA: json_text(schema(), indent=2) + "\n", name: _MODELINE + text}
    return {name: _MODELINE + text if place.is_file() and is_schema(place) else text}


def names(ci: str) -> tuple[str, ...]:
    """The names of all files, before there is any content."""
    return (*((WORKFLOWS[ci][0],) if ci in WORKFLOWS else ()), IGNORE, SCHEMA, README, CATALOG)
