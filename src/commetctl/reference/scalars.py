"""What the scalars of a catalog look like in its JSON Schema."""

from typing import Any

from commetctl.catalog.variables import PREFIX
from commetctl.sections.plans import ledger

JsonSchema = dict[str, Any]

#: A text with a variable, which may stand for any scalar.
VARIABLE = r"\$\{" + PREFIX + r"[A-Za-z0-9_]+\}"
_IN_PLACE: JsonSchema = {"type": "string", "pattern": VARIABLE}

_SHARE = r"(0|[1-9][0-9]{0,5})(\.[0-9]{1,2})?%$"
#: By the word of the type; those with a title are defined once and referred to.
SCALARS: dict[str, JsonSchema] = {
    "name": {"type": "string", "pattern": r"^\S([^\n\t]*\S)?$"},
    "text": {"type": "string", "pattern": r"^\S([\s\S]*\S)?$"},
    "percent": {
        "type": ["number", "string"],
        "minimum": 0,
        "pattern": rf"^(0|[1-9][0-9]*)(\.[0-9]{{1,2}}0*)?$|{VARIABLE}",
    },
    "rate": {
        "title": "Exchange rate",
        "description": "How much of the currency one US dollar is: a plain number above 0; quotes are allowed.",
        "anyOf": [
            {"type": "number", "exclusiveMinimum": 0},
            {"type": "string", "pattern": r"^(?!0*(\.0*)?$)(0|[1-9][0-9]*)(\.[0-9]+)?$"},
            _IN_PLACE,
        ],
    },
    "labels": {
        "title": "Labels",
        "description": "Text, whole numbers and booleans by key.",
        "type": "object",
        "propertyNames": {"not": {"const": ledger.KEY}},
        "additionalProperties": {
            "type": ["string", "integer", "boolean", "null"],
            "minimum": -(2**53 - 1),
            "maximum": 2**53 - 1,
        },
    },
    "limit": {
        "title": "Limit",
        "description": "A share such as `30%`, a whole number, or `off`.",
        "anyOf": [
            {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
            {"type": "string", "pattern": r"^(100(\.00?)?|(0|[1-9][0-9]?)(\.[0-9]{1,2})?)%$"},
            {"const": "off"},
            _IN_PLACE,
        ],
    },
    "share": {
        "title": "Percentage",
        "description": "A percentage such as `50%`, or `off`.",
        "anyOf": [{"type": "string", "pattern": f"^{_SHARE}"}, {"const": "off"}, _IN_PLACE],
    },
}


def amount(decimals: int) -> JsonSchema:
    """An amount with at most so many digits after the point, as far as a schema can say it.

    A number has no digits to count, and what divides it exactly is not the same everywhere.
    """
    digits = rf"(\.[0-9]{{1,{decimals}}}0*)?" if decimals else r"(\.0+)?"
    said = f"at most {decimals} digits after the point" if decimals else "no digits after the point"
    return {
        "title": "Amount",
        "description": f"A plain number as on a price tag, {said}; quotes are allowed.",
        "anyOf": [
            {"type": "number" if decimals else "integer", "minimum": 0},
            {"type": "string", "pattern": rf"^(0|[1-9][0-9]*){digits}$"},
            _IN_PLACE,
        ],
    }


def or_variable(found: JsonSchema) -> JsonSchema:
    """The schema of a scalar that is not text, or a variable in its place."""
    if "enum" in found:
        return {"anyOf": [found, _IN_PLACE]}
    return found | {"type": [found["type"], "string"], "pattern": VARIABLE}
