"""The content of an answer: JSON as data, without what no API means and what would break later."""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

#: What other clients write into metadata is no larger and no smaller, since doubles end before; written out, a number
#: beyond it could fill the memory.
_LARGEST_EXPONENT = 400
#: No answer of the API is nested half as deep; what is much deeper cannot be compared or written either.
DEEPEST = 64
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def parsed(content: bytes) -> Any:
    """The data of a JSON text, decimals exact; a ValueError for anything else."""
    text = content.decode("utf-8-sig")
    try:
        data = _DECODER.decode(text)
    except RecursionError:
        raise ValueError("is nested too deep") from None
    if _SURROGATE.search(text):
        # Pairs are characters by now; what is left of them is half of one, and cannot be written anywhere.
        json.dumps(data, ensure_ascii=False, default=str).encode()
    return data


def cleaned(data: Any, secret: str, substitute: str, depth: int = 0) -> Any:
    """Data with a secret taken out of every text in it; a ValueError for what is nested too deep."""
    if depth > DEEPEST:
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


def meaningful(number: Decimal) -> Decimal:
    """The number, where it can be compared and written out; a ValueError for any other."""
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError(f"{number} is not a number that means anything here")
    return number


def _number(text: str) -> Decimal:
    try:
        return meaningful(Decimal(text))
    except InvalidOperation:
        raise ValueError(f"{text} has an exponent that no number has") from None


_DECODER = json.JSONDecoder(parse_float=_number, parse_constant=_number)
