"""The content of an answer: JSON as data, without what no API means and what would break later."""

import json
import re
from decimal import Decimal
from typing import Any

#: What other clients write into metadata is no larger and no smaller, since doubles end before; written out, a number
#: beyond it could fill the memory.
_LARGEST_EXPONENT = 400
#: No answer of the API is nested half as deep; what is much deeper cannot be compared or written either.
_DEEPEST = 64
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def parsed(content: bytes) -> Any:
    """The data of a JSON text, decimals exact; a ValueError for anything else."""
    text = content.decode("utf-8-sig")
    try:
        data = _DECODER.decode(text)
    except RecursionError:
        raise ValueError("is nested too deep") from None
    return _writable(data, text, 0, len(text))


def parsed_at(text: str, at: int) -> tuple[Any, int]:
    """The JSON value that begins at a place of a text, by the same rules, and where it ends; a ValueError for none.

    A number may go on behind the end of the text, and what cannot be read may only be cut off.
    """
    try:
        data, end = _DECODER.raw_decode(text, at)
    except RecursionError:
        raise ValueError("is nested too deep") from None
    return _writable(data, text, at, end), end


def cleaned(data: Any, secret: str, substitute: str, depth: int = 0) -> Any:
    """Data with a secret taken out of every text in it; a ValueError for what is nested too deep."""
    if depth > _DEEPEST:
        raise ValueError("is nested too deep")
    if isinstance(data, str):
        return data.replace(secret, substitute)
    if isinstance(data, dict):
        return {
            cleaned(name, secret, substitute): cleaned(item, secret, substitute, depth + 1)
            for name, item in data.items()
        }
    if isinstance(data, list):
        return [cleaned(item, secret, substitute, depth + 1) for item in data]
    return data


def _writable(data: Any, text: str, at: int, end: int) -> Any:
    """The data of a part of a text; a ValueError where it holds half a character."""
    if _SURROGATE.search(text, at, end):
        # Pairs are characters by now; what is left of them is half of one, and cannot be written anywhere.
        json.dumps(data, ensure_ascii=False, default=str).encode()
    return data


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError(f"{text} is not a number that means anything here")
    return number


_DECODER = json.JSONDecoder(parse_float=_number, parse_constant=_number)
