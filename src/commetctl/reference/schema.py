"""The JSON Schema of a catalog file, for editors and for checks: the shape of the file, made of its models.

Pydantic makes it. What is added here is what a file may say beside: `null` for an absent key, a variable in place of a
scalar, short forms, and amounts with the digits of their currency. It knows what each value may be, but not the rules
between values, which `commetctl validate` checks. Only keywords that draft-07 has too, besides `$defs`: that is what
editors understand best.
"""

import json
import re
from decimal import Decimal
from types import GenericAlias
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, TypeAdapter, create_model
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from commetctl.catalog import document
from commetctl.catalog.dated.head import HEAD, HeadSpec
from commetctl.catalog.own import PREFIX
from commetctl.catalog.parts import MOST_FILES
from commetctl.catalog.paths import CHANGES
from commetctl.catalog.settings import VERSION, PolicySpec
from commetctl.kinds import SECTIONS
from commetctl.kinds.scalars import TYPE, Pattern, Spec
from commetctl.reference import words
from commetctl.reference.resolve import JsonSchema, Resolver, or_null, unless_variable, without

#: The texts by which commetctl recognizes a schema of its own: of a catalog, of an overlay, and of a change.
DESCRIPTION = "A catalog of Commet, for commetctl"
OVERLAY = "What an environment changes in a catalog of Commet, for commetctl"
CHANGE = "What changes in a catalog of Commet on a date, for commetctl"

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: A path that stays in its folder, is not hidden, and is YAML.
_FILE = r"^(\./)*([^./\\][^/\\]*/(\./)*)*[^./\\][^/\\]*\.ya?ml$"


def schema(*, overlay: bool = False, change: bool = False) -> JsonSchema:
    """The schema of the file, JSON Schema 2020-12; in that of an overlay or a change, no object requires anything."""
    title = f"{CHANGES}/NAME.yaml" if change else "commet.NAME.yaml" if overlay else "commet.yaml"
    about = {
        "$schema": _DIALECT,
        "title": title,
        "description": f"{CHANGE if change else OVERLAY if overlay else DESCRIPTION}.",
        "type": "object",
        "required": ["version", HEAD] if change else ["version"],
    }
    return about | without(model_schema(_file(change=change), overlay=overlay or change), *about)


def model_schema(model: type[BaseModel], *, overlay: bool = False) -> JsonSchema:
    """The schema of one model, with those of the models in it under `$defs`."""
    made = model.model_json_schema(schema_generator=_OverlayGenerator if overlay else _Generator)
    resolver = Resolver(made.pop("$defs"))
    return {**resolver.schema(made), "$defs": resolver.definitions}


def _file(*, change: bool = False) -> type[BaseModel]:
    """The model of the whole file, or of that of a change, which has a head in place of settings."""
    version = Field(ge=VERSION, le=VERSION, description=words.ABOUT_VERSION, examples=[str(VERSION)])
    keys: dict[str, Any] = {"version": (int, version)}
    if change:
        keys[HEAD] = (HeadSpec, Field(description=words.ABOUT_HEAD))
        return _with_sections(keys)
    for setting in words.SETTINGS:
        default = Field(setting.default or None, description=setting.description)
        keys[setting.name] = (Literal[setting.choices], default)
    keys["policy"] = (PolicySpec, Field(None, description=words.ABOUT_POLICY))
    file = Annotated[str, Pattern(_FILE)]
    example = "[features.yaml, plans/pro.yaml]"
    files = Field(None, description=words.ABOUT_INCLUDE, examples=[example], max_length=MOST_FILES)
    keys["include"] = (list[file], files)
    return _with_sections(keys)


def _with_sections(keys: dict[str, Any]) -> type[BaseModel]:
    for section in SECTIONS:
        key = Annotated[str, Pattern(_anchored(section.keys.pattern))] if section.keys else str
        keys[section.name] = (GenericAlias(dict, (key, section.spec)), Field(None, description=words.section(section)))
    model: type[BaseModel] = create_model("File", __base__=Spec, **keys)
    return model


def _anchored(pattern: re.Pattern[str]) -> str:
    """A pattern of Python that is matched from the beginning, as JSON Schema has it."""
    return "^" + pattern.pattern.replace(r"\Z", "$")


class _Generator(GenerateJsonSchema):
    """What the models say, with `null`, short forms and words for people; `Resolver` does the rest.

    `keys`, `decimals` and `unit` are left in it, as the fields say them.
    """

    overlay = False

    def sort(self, value: JsonSchema, parent_key: str | None = None) -> JsonSchema:
        """The order of the models is the order of reading."""
        return value

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchema:
        """An object or null, or one of its short forms.

        Wherever an object may stand, nothing may: said here, the messages of editors are short.
        """
        made, spec = super().model_schema(schema), schema["cls"]
        required, fields = made.get("required", []), made["properties"]
        # What stands in the models that it is made of comes last.
        names = sorted(fields, key=lambda name: name not in spec.__annotations__)
        own: JsonSchema = {
            "type": ["object", "null"],
            **({"required": required} if required and not (self.overlay and spec is not HeadSpec) else {}),
            "additionalProperties": False,
            # The author's own, which may be anything.
            "patternProperties": {f"^{PREFIX}": True},
            "properties": {name: self._field(name, fields[name], required=name in required) for name in names},
        }
        title = spec.model_config.get("title") or words.title(words.snake(spec.__name__.removesuffix("Spec")))
        forms = [self.generate_inner(TypeAdapter(form).core_schema) for form in getattr(spec, "short_forms", ())]
        # Without titles of their own: editors would show them in place of what stands around.
        short = [without(form, "title") for form in forms]
        return {"title": title, "description": words.summary(spec), **({"anyOf": [*short, own]} if short else own)}

    def _field(self, name: str, found: JsonSchema, *, required: bool) -> JsonSchema:
        unit = f" Unit: {found['unit']}." if "unit" in found else ""
        about = {"title": words.title(name), "description": found.get("description", "") + unit}
        about |= {"default": found["default"]} if "default" in found else {}
        # Editors complete examples, and of a closed set all are.
        examples = found.get("enum") or [_example(text) for text in found.get("examples", ())]
        about |= {"examples": examples} if examples else {}
        found = without(found, "unit", TYPE, "examples", *about)
        return {**about, **(found if required else or_null(found))}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchema:
        """The default as the file would say it; none where it is the same as an absent key."""
        found, default = self.generate_inner(schema["schema"]), schema.get("default")
        if default is None or isinstance(default, BaseModel | list | dict):
            return found
        return found | {"default": default if isinstance(default, bool | int) else str(default)}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchema:
        """What it is when it is there: where null may stand is said by the field."""
        return self.generate_inner(schema["schema"])

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchema:
        """A mapping, in which a key that is null is not there."""
        keys, values = self.generate_inner(schema["keys_schema"]), self.generate_inner(schema["values_schema"])
        named = {"propertyNames": {"pattern": keys["pattern"]}} if "pattern" in keys else {}
        return {"type": "object", **named, "additionalProperties": or_null(values)}

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchema:
        """A closed set, or the one word that tells an object from others."""
        one, *more = schema["expected"]
        return {"enum": [one, *more]} if more else {"const": one}

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchema:
        """One of several objects, each of which allows null: so not exactly one of them."""
        return unless_variable({"anyOf": super().tagged_union_schema(schema)["oneOf"]}, str(schema["discriminator"]))


class _OverlayGenerator(_Generator):
    overlay = True


def _example(text: str) -> Any:
    """An example as data: it is for reading, so a float may stand for an amount."""
    data = document.parse("example", f"x: {text}".encode()).data["x"]
    return json.loads(json.dumps(data, default=_number))


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
