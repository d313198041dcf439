"""JSON in and out that keeps the digits of decimal numbers."""

import json
import re
import secrets
from decimal import Decimal, DecimalException
from typing import Any, NoReturn

# The standard encoder has no way to print a Decimal as a number. It is written as a string that carries a mark no
# client can know, and unquoted afterwards.
_MARK = secrets.token_hex(16)
_MARKED = re.compile(f'"{_MARK}([^"]+)"')


def _mark(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{_MARK}{value}"
    raise TypeError(f"{type(value).__name__} is not JSON")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def dumps(value: object) -> str:
    text = json.dumps(value, default=_mark, separators=(",", ":"))
    return _MARKED.sub(r"\1", text) if _MARK in text else text


def loads(text: str | bytes) -> Any:
    """Parse strictly: no NaN, no Infinity, floats as Decimal; ValueError when it is not JSON."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except (DecimalException, RecursionError) as error:
        raise ValueError("a number or a nesting is beyond reason") from error
