"""The page of the command line, made of what the commands declare."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import click
from pagetext import code, made_from, paragraphs, prose, wrapped

from commetctl.cli import GROUPS, declaring, group
from commetctl.cli.declaring import MEANINGS, Does
from commetctl.cli.describing import described
from commetctl.core.environment import VARIABLES
from commetctl.core.exits import EXITS

_HEAD = """\
# Command line reference

Every command with its options. How the commands behave is in [the command line](../cli.md). For programs:
`commetctl help commands --format json`."""
_SHARED = """\
An option with `...` may be repeated. Options come before variables, and variables before the catalog."""
#: In how many commands an option is shared.
_SEVERAL = 2

#: Of how many shared options a command may lack, to have "all but" these.
_FEW = 4

Item = Mapping[str, Any]
Key = tuple[str, str]


def page() -> str:
    """The page for the commands as they are."""
    found = described([click.Context(group, info_name="commetctl")])
    shared = _of_several(found)
    parts = [_HEAD, _contents(found), "## Shared options", wrapped(_SHARED), *_shared(shared)]
    for item in found:
        parts += _command(item, shared)
    parts += ["## Exit codes", _table("code", "meaning", {str(number): text for number, text in EXITS.items()})]
    parts += ["## Environment variables"]
    parts += ["".join(f"- {code(name)}: {prose(text)}\n" for name, text in VARIABLES.items())]
    return paragraphs([*parts, made_from("src/commetctl/cli")])


def _of_several(found: Sequence[Item]) -> dict[Key, Item]:
    """The options that several commands have, in the order of groups."""
    options = [option for item in found for option in item["options"]]
    counts = Counter(map(_key, options))
    options.sort(
        key=lambda option: declaring.GROUPS.index(option["group"]) if option["group"] in declaring.GROUPS else -1
    )
    return {_key(option): option for option in options if counts[_key(option)] >= _SEVERAL}


def _key(option: Item) -> Key:
    """What makes two options the same, but for more formats."""
    return " ".join(option["names"]), option["help"]


def _contents(found: Sequence[Item]) -> str:
    """The commands by group, and what they do."""
    lines = []
    for title, names in GROUPS.items():
        items = [item["name"] for item in found if item["name"].partition(" ")[0] in names]
        lines.append(f"- {title}: " + ", ".join(f"[`{name}`](#commetctl-{name.replace(' ', '-')})" for name in items))
    for does in [*Does][1:]:
        said = _codes(item["name"] for item in found if does.value in item["does"])
        lines += [f"- {MEANINGS[does]}: {said}"]
    return "\n".join(lines)


def _shared(shared: Mapping[Key, Item]) -> Iterator[str]:
    for title in declaring.GROUPS:
        yield f"**{title}**"
        yield "".join(_option(option) for option in shared.values() if option["group"] == title)


def _command(item: Item, shared: Mapping[Key, Item]) -> Iterator[str]:
    yield f"## commetctl {item['name']}"
    yield f"```text\n{item['usage']}\n```"
    yield wrapped(prose(" ".join([item["about"], *item["details"]])))
    yield "".join(_option(option) for option in item["options"] if _key(option) not in shared)
    codes = [number for number in item["exit_codes"] if number not in declaring.OF_ALL]
    yield wrapped(f"{_shared_said(item, shared)}Exit codes: {_ranges(codes)}.")


def _ranges(numbers: Sequence[int]) -> str:
    """Numbers in order, as in `0-4, 6`."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return ", ".join(f"{each[0]}-{each[-1]}" if len(each) > 2 else ", ".join(map(str, each)) for each in found)


def _shared_said(item: Item, shared: Mapping[Key, Item]) -> str:
    """Which of the shared options a command has: all but a few, or those that there are, by whole groups."""
    own = {_key(option): option for option in item["options"] if _key(option) in shared}
    if not own:
        return ""
    missing = [option for key, option in shared.items() if key not in own]
    if len(missing) <= _FEW:
        return f"Shared options: all{f' but {_listed(missing)}' if missing else ''}. "
    said = []
    for title in declaring.GROUPS:
        of_group = [key for key, option in shared.items() if option["group"] == title]
        had, lacking = ([key for key in of_group if (key in own) is there] for there in (True, False))
        if had and len(lacking) <= 1 < len(had):
            said.append(f"*{title}*" + (f" but {_listed(shared[key] for key in lacking)}" if lacking else ""))
        elif had:
            said.append(_listed(own[key] for key in had))
    return f"Shared options: {'; '.join(said)}. "


def _listed(found: Iterable[Item]) -> str:
    return _codes(next(name for name in option["names"] if name.startswith("--")) for option in found)


def _codes(names: Iterable[str]) -> str:
    return ", ".join(map(code, names))


def _option(option: Item) -> str:
    *names, last = option["names"]
    value = f"{option['value'] or ''}{'...' if option['repeatable'] else ''}"
    head = _codes([*names, f"{last} {value}".strip()])
    said = [_sentence(option["help"])]
    if "choices" in option and "|" not in (option["value"] or ""):
        said += [f"One of {_codes(option['choices'])}."]
    said += [f"Default: {code(option['default'])}."] if option["default"] else []
    said += [f"Environment: {code(option['env'])}."] if option["env"] else []
    return f"- {head}: {' '.join(said)}\n"


def _sentence(text: str) -> str:
    text = prose(text.strip())
    return text if text.endswith(".") else f"{text}."


def _table(one: str, other: str, rows: Mapping[str, str]) -> str:
    return f"| {one} | {other} |\n|---|---|\n" + "".join(f"| {name} | {text} |\n" for name, text in rows.items())
