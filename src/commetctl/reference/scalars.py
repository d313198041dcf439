"""What the scalars of a catalog look like in its JSON Schema."""

from typing import Any

from commetctl.catalog.variables import PREFIX
from commetctl.kinds.plans import ledger

JsonSchema = dict[str, Any]

#: A text with a variable, which may stand for any scalar.
VARIABLE = r"\$\{" + PREFIX + r"[A-Za-z0-9_]+\}"

_SHARE = r"(0|[1-9][0-9]{0,5})(\.[0-9]{1,2})?%"


def _or_text(found: JsonSchema, pattern: str, said: str) -> JsonSchema:
    """A number, or a text of a pattern, or a variable: as one schema, of which editors show one message."""
    text = {"type": [found["type"], "string"], "pattern": f"{pattern}|{VARIABLE}", "patternErrorMessage": said}
    return found | text


#: By the word of the type; those with a title are defined once and referred to.
SCALARS: dict[str, JsonSchema] = {
    "name": {"type": "string", "pattern": r"^\S([^\n\t]*\S)?$"},
    "text": {"type": "string", "pattern": r"^\S([\s\S]*\S)?$"},
    "percent": _or_text(
        {"type": "number", "minimum": 0},
        r"^(0|[1-9][0-9]*)(\.[0-9]{1,2}0*)?$",
        "A plain number with at most 2 digits after the point.",
    ),
    "rate": _or_text(
        {
            "title": "Exchange rate",
            "description": "How much of the currency one US dollar is: a plain number above 0; quotes are allowed.",
            "type": "number",
            "exclusiveMinimum": 0,
        },
        r"^(?!0*(\.0*)?$)(0|[1-9][0-9]*)(\.[0-9]+)?$",
        "A plain number above 0.",
    ),
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
    "limit": _or_text(
        {
            "title": "Limit",
            "description": "A share such as `30%`, a whole number, or `off`.",
            "type": "integer",
            "minimum": 0,
            "maximum": 2**31 - 1,
        },
        r"^(100(\.00?)?|(0|[1-9][0-9]?)(\.[0-9]{1,2})?)%$|^off$",
        "A share such as 30%, a whole number such as 5, or off.",
    ),
    "share": {
        "title": "Percentage",
        "description": "A percentage such as `50%`, or `off`.",
        "type": "string",
        "pattern": f"^{_SHARE}$|^off$|{VARIABLE}",
        "patternErrorMessage": "A percentage such as 50%, or off.",
    },
}
#: What editors say of a text where something else should be.
_SAID = {"boolean": "Must be true or false.", "integer": "Must be a whole number."}


def amount(decimals: int) -> JsonSchema:
    """An amount with at most so many digits after the point, as far as a schema can say it.

    A number has no digits to count, and what divides it exactly is not the same everywhere.
    """
    digits = rf"(\.[0-9]{{1,{decimals}}}0*)?" if decimals else r"(\.0+)?"
    said = f"at most {decimals} digits after the point" if decimals else "no digits after the point"
    return _or_text(
        {
            "title": "Amount",
            "description": f"A plain number as on a price tag, {said}; quotes are allowed.",
            "type": "number" if decimals else "integer",
            "minimum": 0,
        },
        rf"^(0|[1-9][0-9]*){digits}$",
        f"A plain number with {said}.",
    )


def or_variable(found: JsonSchema) -> JsonSchema:
    """The schema of a scalar that is not text, or a variable in its place."""
    if "enum" in found:
        # Not one of several schemas, of which editors would show each.
        return {"if": {"type": "string", "pattern": VARIABLE}, "else": found}
    said = {"patternErrorMessage": _SAID[found["type"]]}
    return found | said | {"type": [found["type"], "string"], "pattern": VARIABLE}
