"""The content of an answer: JSON as data, without what no API means and what would break later."""

import json
import re
from decimal import Decimal
from typing import Any

#: No amount, rate or share is that large or that small; written out, such a number could fill the memory.
_LARGEST_EXPONENT = 40
#: No answer of the API is nested half as deep; what is much deeper cannot be compared or written either.
_DEEPEST = 64
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def parsed(content: bytes) -> Any:
    """The data of a JSON text, decimals exact; a ValueError for anything else."""
    text = content.decode("utf-8-sig")
    try:
        data = json.loads(text, parse_float=_number, parse_constant=_number)
    except RecursionError:
        raise ValueError("is nested too deep") from None
    if _SURROGATE.search(text):
        # Pairs are characters by now; what is left of them is half of one, and cannot be written anywhere.
        json.dumps(data, ensure_ascii=False, default=str).encode()
    return data


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


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError(f"{text} is not a number that means anything here")
    return number
