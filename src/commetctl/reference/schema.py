"""The JSON Schema of a catalog file, for editors and for checks: the shape of the file, made of its models.

It knows what each value may be, and not the rules between values, which `commetctl validate` checks. Only keywords that
draft-07 has too, besides `$defs`: that is what editors understand best.
"""

from typing import Any

from pydantic import BaseModel

from commetctl.catalog import document
from commetctl.catalog.assembly import MOST_FILES
from commetctl.catalog.policy import PolicySpec
from commetctl.core.contract import V2026_08_27
from commetctl.core.money import EXPONENTS
from commetctl.kinds import SECTIONS, by_name
from commetctl.kinds.model import Described, Type, fields
from commetctl.kinds.plans.spec import OverageSpec, PlanFeatureSpec, PlanSpec, PriceSpec, RegionalPriceSpec
from commetctl.reference import words
from commetctl.reference.scalars import SCALARS, VARIABLE, JsonSchema, amount, or_variable
from commetctl.reference.settings import ABOUT_INCLUDE, ABOUT_POLICY, ABOUT_VERSION, SETTINGS, VERSION

#: By which a schema of commetctl is known: that of a catalog, and that of an overlay.
DESCRIPTION = "A catalog of Commet, for commetctl: plans, prices, features and credit packs."
OVERLAY = "What an environment changes in a catalog of Commet, for commetctl."

_NAMES = {
    PlanSpec: "plan",
    PriceSpec: "plan_price",
    RegionalPriceSpec: "regional_price",
    PlanFeatureSpec: "plan_feature",
    OverageSpec: "overage",
}
#: What may stand for an object, before its own form.
_SHORT: dict[type[BaseModel], list[JsonSchema]] = {
    PlanFeatureSpec: [
        {**or_variable({"type": "boolean"}), "description": "Short for `{enabled: …}`."},
        {"const": "unlimited", "description": "Short for `{unlimited: true}`."},
    ],
}
_NULL: JsonSchema = {"type": "null"}
#: A path that stays in its folder, is not hidden, and is YAML.
_FILE = r"^([^./\\][^/\\]*/)*[^./\\][^/\\]*\.ya?ml$"


def schema(*, overlay: bool = False) -> JsonSchema:
    """The whole schema, JSON Schema 2020-12; that of an overlay requires nothing of the objects that it changes."""
    return _Builder(overlay=overlay).whole()


class _Builder:
    def __init__(self, *, overlay: bool) -> None:
        self._overlay = overlay
        self._defs: dict[str, JsonSchema] = {}
        #: References to what allows null by itself.
        self._or_nothing: set[str] = set()

    def whole(self) -> JsonSchema:
        """The file."""
        properties: JsonSchema = {
            "version": {"title": "Version", "description": ABOUT_VERSION, **or_variable({"enum": [VERSION]})}
        }
        for setting in SETTINGS:
            properties[setting.name] = {
                "title": words.title(setting.name),
                "description": setting.description,
                **({"default": setting.default} if setting.default else {}),
                "examples": list(setting.choices),
                **or_variable({"enum": [*setting.choices, None]}),
            }
        properties["policy"] = self._section("policy", self._object(PolicySpec, "policy"))
        properties["include"] = {
            "title": "Include",
            "description": ABOUT_INCLUDE,
            "examples": [["features.yaml", "plans/pro.yaml"]],
            "type": ["array", "null"],
            "maxItems": MOST_FILES,
            "items": {"type": "string", "pattern": f"{_FILE}|{VARIABLE}"},
        }
        for section in SECTIONS:
            entry = self._object(section.spec, section.top.name)
            entries = {"type": "object", "additionalProperties": self._or_null(entry)}
            if section.keys:
                entries["propertyNames"] = {"pattern": f"^{section.keys.pattern.pattern}".replace("\\Z", "$")}
            properties[section.name] = self._section(section.name, entries)
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "commet.NAME.yaml" if self._overlay else "commet.yaml",
            "description": OVERLAY if self._overlay else DESCRIPTION,
            "type": "object",
            "required": ["version"],
            "additionalProperties": False,
            "properties": properties,
            "$defs": self._defs,
        }

    def _section(self, name: str, found: JsonSchema) -> JsonSchema:
        return {
            "title": words.title(name),
            "description": ABOUT_POLICY if name == "policy" else by_name()[name].about,
            **self._or_null(found),
        }

    def _object(self, spec: type[BaseModel], name: str, currency: str = "") -> JsonSchema:
        """A reference to an object, which is defined when it is met first."""
        if name not in self._defs:
            self._defs[name] = {}
            described = list(fields(spec))
            required = [item.name for item in described if item.required and not self._overlay]
            own: JsonSchema = {
                # Wherever an object may stand, nothing may: said here, the messages of readers are short.
                "type": ["object", "null"],
                **({"required": required} if required else {}),
                "additionalProperties": False,
                "properties": {item.name: self._field(item, currency) for item in described},
            }
            short = _SHORT.get(spec, [])
            if spec is RegionalPriceSpec:
                # Without words of its own: editors would show them in the place of what the currency is.
                silent = amount(EXPONENTS[currency])
                short = [{key: value for key, value in silent.items() if key not in ("title", "description")}]
            about = {"title": words.title(_NAMES.get(spec, name)), "description": words.summary(spec)}
            self._defs[name] = about | ({"anyOf": [*short, own]} if short else own)
        self._or_nothing.add(f"#/$defs/{name}")
        return {"$ref": f"#/$defs/{name}"}

    def _or_null(self, found: JsonSchema) -> JsonSchema:
        """The same, or null, which means that the key is not there."""
        return found if found.get("$ref") in self._or_nothing else _or_null(found)

    def _field(self, item: Described, currency: str) -> JsonSchema:
        found = self._value(item.type, item, currency)
        about: JsonSchema = {"title": words.title(item.name), "description": words.text(item)}
        if item.default is not None and item.default != {}:
            about["default"] = item.default
        # Editors complete examples, and of a closed set all are.
        about["examples"] = list(item.type.choices or map(_example, item.examples))
        return about | (found if item.required else self._or_null(found))

    def _value(self, type_: Type, item: Described, currency: str) -> JsonSchema:
        decimals = item.extra.get("decimals", EXPONENTS[currency or "usd"])
        match type_.word:
            case "amount" if item.unit == "percent":
                return self._defined("percent") | {"maximum": item.extra["maximum"]}
            case "amount":
                return self._amount(decimals)
            case "choice":
                return or_variable({"enum": list(type_.choices)})
            case "object" if type_.spec:
                return self._object(type_.spec, _NAMES.get(type_.spec, item.name), currency)
            case "mapping" if type_.item:
                return self._mapping(type_.item, item)
            case "whole number":
                return or_variable({"type": "integer", "minimum": type_.limits["ge"], "maximum": type_.limits["le"]})
            case "name" | "text":
                longest = {"maxLength": type_.limits["max_length"]} if type_.limits else {}
                return self._defined(type_.word) | longest
            case "id":
                return {"type": "string", "pattern": f"{type_.limits['pattern']}|{VARIABLE}"}
            case word:
                return self._defined(word)

    def _mapping(self, held: Type, item: Described) -> JsonSchema:
        """What is keyed: by the words that Commet knows, or by a code."""
        match item.extra["keys"]:
            case "currency":
                return _closed({code: self._in_currency(held, item, code) for code in sorted(EXPONENTS)})
            case "interval":
                return _closed(
                    {
                        name: {"description": words.interval(name), **self._or_null(self._value(held, item, ""))}
                        for name in V2026_08_27.intervals
                    }
                )
            case _:
                value = self._or_null(self._value(held, item, ""))
                return {"type": "object", "additionalProperties": value}

    def _in_currency(self, held: Type, item: Described, code: str) -> JsonSchema:
        if held.spec:
            name = "regional_price" + ("" if EXPONENTS[code] else "_without_minor_unit")
            value = self._object(held.spec, name, code)
        else:
            value = self._value(held, item, code)
        return {"description": words.currency(code), **self._or_null(value)}

    def _amount(self, decimals: int) -> JsonSchema:
        """A reference to an amount with at most so many digits after the point, as far as a schema can say it."""
        name = f"amount_{decimals}" if decimals else "amount_whole"
        self._defs[name] = amount(decimals)
        return {"$ref": f"#/$defs/{name}"}

    def _defined(self, word: str) -> JsonSchema:
        """The schema of a type with a name: short ones in place, long ones by reference."""
        if word not in SCALARS:
            return or_variable({"type": word})
        if "title" not in SCALARS[word]:
            return SCALARS[word]
        self._defs[word] = SCALARS[word]
        return {"$ref": f"#/$defs/{word}"}


def _closed(properties: JsonSchema) -> JsonSchema:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _or_null(found: JsonSchema) -> JsonSchema:
    """The same, or nothing, which means that the key is not there."""
    if "else" in found:
        return found | {"else": {"enum": [*found["else"]["enum"], None]}}
    if "anyOf" in found:
        return found | {"anyOf": [*found["anyOf"], _NULL]}
    if isinstance(found.get("type"), str):
        return found | {"type": [found["type"], "null"]}
    if isinstance(found.get("type"), list):
        return found | {"type": [*found["type"], "null"]}
    return {"anyOf": [found, _NULL]}


def _example(text: str) -> Any:
    return _json(document.parse("example", f"x: {text}".encode()).data["x"])


def _json(value: Any) -> Any:
    """What JSON has for a value of YAML: examples are for reading, so a float may stand for an amount there."""
    if isinstance(value, dict):
        return {key: _json(item) for key, item in value.items()}
    if isinstance(value, str | bool | int | None):
        return value
    return int(value) if value == value.to_integral_value() else float(value)
