"""Mutations: what becomes of a text or of JSON when somebody slips, or means ill; all drawn from a given chance."""

import copy
import json
import re
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

#: Inputs are no larger than this, in bytes, but for what nests.
LARGEST = 8_000
#: What a value of either format is replaced by.
SCALARS = [
    "", "~", "null", "true", "yes", "no", "on", "0", "-0", "1", "-1", "007", "0x1F", "0o17", "1_000", "1e3", "1e400",
    "-1e-400", ".inf", "-.inf", ".nan", "49.00", "0.001", "9" * 30, "9" * 5000, "0." + "1" * 60, "1" + "0" * 400,
    "2026-08-27", "2026-07-11", "2026-13-45", "12:30:45", "usage", "boolean", "seats", "quota", "metered", "credits",
    "balance", "ai_model", "unlimited", "monthly", "one_time", "usd", "eur", "jpy", "private", "live", "sandbox",
    "30%", "off", "x" * 300, "Ünïcode ☃", "日本語", "\u202e evil", "\u200b", "\ufeff",
    "\u00a0", "1\u202f000", "1'000", "1.000,50", "5,2", "${COMMETCTL_VAR_none}", "x-a", "{x-a: 1, x-b: }", "!Ref x",
    "!include a.yaml", "a\u0301", "😀",
    "{}", "[]", "[[[[]]]]", "{a: {a: {a: 1}}}", "[1, {a: b}]", '"quoted"', "'quoted'", '"\\uD800"', '"\\x00"',
    "../../etc/passwd", "$(id)", "%s", "{0}", "plan.pro", "feature.", ".", "/", "a/b",
]  # fmt: skip
_MARKS = [
    "&a ", "*a", "<<: *a", "<<: [*a, *a]", "<<: {name: x}", "!!str ", "!!int ", "!!binary ", "!!python/name:os.system ",
    "!x ", "!<tag:yaml.org,2002:float> ", "? ", "- ", ": ", ":", "|\n", ">-\n", "|9\n", "#", "%YAML 9\n", "%TAG ! x\n",
    "%YAML 1.2\n---\n", "%YAML 1.1\n---\n", "%X\n", "\u00a0", "\u2009", "\u3000", "\u200b", "\ufeff", "-\u00a0",
    "\n<<<<<<< a\n", "\n=======\n", "\n>>>>>>> b\n", "\n||||||| c\n", "\n<<: *a\n<<: *b\n", "<<: {}, <<: {}", "!a!b ",
    ":\u00a0", "!include ", "\nx-a: &a {}\n", "x-b: ",
    "---\n", "...\n", "@", "`", "\t", "{", "}", "[", "]", ",", '"', "'", "\\", "\r", "\r\n", "\x85", "\u2028",
]  # fmt: skip
_CONTROLS = [
    b"\x00",
    b"\x07",
    b"\x1b[31m",
    b"\x7f",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xef\xbb\xbf",
]
_TOKEN = re.compile(r"[\w.]+|[^\w\s]")


def mutated(text: str, others: list[str], chance: Random) -> bytes:
    """A text after one to six mutations, most often few."""
    content = _window(text, chance)
    for _ in range(chance.choice([1, 1, 1, 2, 2, 3, 6])):
        content = chance.choice(_TEXT)(content, others, chance)
    found = content.encode("utf-8", "surrogatepass")[:LARGEST]
    if chance.random() < 0.2:
        found = _bytes(found, chance)
    return found


def _window(text: str, chance: Random) -> str:
    """The text, or most often only its first lines, which is faster and as good."""
    lines = text.splitlines(keepends=True)
    return text if chance.random() < 0.3 else "".join(lines[: chance.randint(3, max(4, len(lines)))])


def _bytes(content: bytes, chance: Random) -> bytes:
    found = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(found) + 1)
        match chance.randrange(4):
            case 0 if place < len(found):
                found[place] ^= 1 << chance.randrange(8)
            case 1:
                found[place:place] = chance.choice(_CONTROLS)
            case 2:
                del found[place : place + chance.randint(1, 20)]
            case _:
                found[place:place] = chance.randbytes(chance.randint(1, 4))
    return bytes(found)


def _lines(text: str, others: list[str], chance: Random) -> str:
    """Lines twice, gone, elsewhere, or in at another depth; or some of another text."""
    lines = text.splitlines(keepends=True) or [""]
    place = chance.randrange(len(lines))
    until = place + chance.randint(1, 4)
    match chance.randrange(6):
        case 0:
            lines[place:place] = lines[place:until]
        case 1:
            del lines[place:until]
        case 2:
            moved = lines[place:until]
            del lines[place:until]
            there = chance.randrange(len(lines) + 1)
            lines[there:there] = moved
        case 3:
            lines[place:until] = [" " * chance.choice([1, 2, 4, 40]) + line for line in lines[place:until]]
        case 4:
            lines[place:until] = [line[chance.choice([1, 2, 4]) :] for line in lines[place:until]]
        case _:
            other = chance.choice(others).splitlines(keepends=True)
            start = chance.randrange(len(other))
            lines[place:until] = other[start : start + chance.randint(1, 12)]
    return "".join(lines)


def _tokens(text: str, _others: list[str], chance: Random) -> str:
    """One word in the place of another, or a value that nobody expects."""
    words = list(_TOKEN.finditer(text))
    if not words:
        return chance.choice(SCALARS)
    word = chance.choice(words)
    instead = chance.choice(SCALARS) if chance.random() < 0.6 else chance.choice(words)[0]
    return text[: word.start()] + instead + text[word.end() :]


def _marks(text: str, _others: list[str], chance: Random) -> str:
    """A sign that means something to YAML where it was not."""
    words = list(_TOKEN.finditer(text))
    place = chance.choice(words).start() if words and chance.random() < 0.8 else chance.randrange(len(text) + 1)
    return text[:place] + chance.choice(_MARKS) + text[place:]


def _anchors(text: str, _others: list[str], chance: Random) -> str:
    """A value anchored, and used elsewhere: as a value, as a key, merged, within itself."""
    places = [match.end() for match in re.finditer(r": ", text)]
    if len(places) < 2:
        return text
    one, other = sorted(chance.sample(places, 2))
    use = chance.choice(["*a ", "{<<: *a} ", "{<<: [*a, *a]} ", "[*a, *a] ", "{*a : 1} ", "&a *a "])
    return text[:one] + "&a " + text[one:other] + use + text[other:]


def _bombs(text: str, _others: list[str], chance: Random) -> str:
    """Very deep, or very much once its aliases are followed."""
    match chance.randrange(4):
        case 0:
            return text + "x: " + "[" * chance.choice([20, 200, 3000])
        case 1:
            return text + "x: " + "{a: " * chance.choice([20, 200, 1500])
        case 2:
            rows = [
                f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9) if n else 'lol'}]" for n in range(chance.randint(2, 9))
            ]
            return text + "\n" + "\n".join(rows) + "\n"
        case _:
            return text + "".join(f"{' ' * n}a:\n" for n in range(chance.choice([10, 30, 100])))


_TEXT: list[Callable[[str, list[str], Random], str]] = [
    _lines, _lines, _lines, _tokens, _tokens, _tokens, _tokens, _marks, _marks, _anchors, _bombs,
]  # fmt: skip

#: What a value in JSON is replaced by, of every type.
_VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 2**31, 2**63, 10**100, 0.5, 1e308, "", "x", "\ud800", "\x00", "\u202e", "x" * 3000,
    [], {}, [[]], [None], {"": None}, [{}], "sha256:" + "0" * 64, "unknown", "1.00 USD", "about 1.00 USD (derived)",
]  # fmt: skip


def forged(content: Any, chance: Random) -> Any:
    """JSON after one to four mutations of its structure."""
    found = copy.deepcopy(content)
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        parent, key = _place(found, chance)
        # What is nested too deep already to be copied stays as it is.
        with suppress(RecursionError):
            _CHANGES[chance.randrange(len(_CHANGES))](parent, key, chance)
    return found


def _place(content: Any, chance: Random) -> tuple[Any, Any]:
    """A container and one of its keys, at any depth; the container is never empty."""
    parent, key = content, chance.choice(list(content))
    while isinstance(value := parent[key], dict | list) and value and chance.random() < 0.8:
        parent = value
        key = chance.choice(list(parent)) if isinstance(parent, dict) else chance.randrange(len(parent))
    return parent, key


def _replace(parent: Any, key: Any, chance: Random) -> None:
    parent[key] = copy.deepcopy(chance.choice(_VALUES))


def _remove(parent: Any, key: Any, _chance: Random) -> None:
    if len(parent) > 1:
        del parent[key]


def _double(parent: Any, key: Any, chance: Random) -> None:
    value = copy.deepcopy(parent[key])
    if isinstance(parent, list):
        parent.insert(chance.randrange(len(parent) + 1), value)
    else:
        parent[chance.choice(SCALARS)] = value


def _rename(parent: Any, key: Any, chance: Random) -> None:
    if isinstance(parent, dict):
        parent[chance.choice([*SCALARS, str(key).upper(), f"{key} "])] = parent.pop(key)


def _edit(parent: Any, key: Any, chance: Random) -> None:
    """Nearly the same value."""
    match parent[key]:
        case bool() as value:
            parent[key] = not value
        case int() as value:
            parent[key] = chance.choice([value + 1, -value, float(value), str(value), value * 100])
        case str() as value:
            parent[key] = chance.choice([value.upper(), value + " ", value[1:], value[::-1], value + "0", [value]])
        case list() as value:
            chance.shuffle(value)
        case dict() as value:
            parent[key] = dict(reversed(value.items()))
        case _:
            parent[key] = not parent[key]


def _nest(parent: Any, key: Any, chance: Random) -> None:
    """The value, at the end of a long way down."""
    for _ in range(chance.choice([1, 50, 150, 300, 450, 900])):
        parent[key] = [parent[key]] if chance.random() < 0.5 else {"a": parent[key]}


_CHANGES = [_replace, _replace, _remove, _double, _rename, _edit, _edit, _edit, _nest]


def as_json(content: Any) -> str:
    """JSON as text, however deep."""
    try:
        return json.dumps(content)
    except RecursionError:
        return "[" * 3000
