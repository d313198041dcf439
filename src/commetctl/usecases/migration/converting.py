"""From a configuration to the entries of a catalog, key by key: what is carried over, and what is not.

Source: the types of the official configuration, in releases 5.3 to 7.10 of its SDK, and its contract of August 2026,
which brought `schemaVersion` and `amountInCents`; features of type `metered` are from before these.
"""

from typing import Any

from commetctl.usecases.migration.made import Converted
from commetctl.usecases.migration.plans import PlanMaking
from commetctl.usecases.migration.reading import Json
from commetctl.usecases.migration.units import Unit

#: The one version of the configuration that says that it is one.
_SCHEMA_VERSION = 1
_KNOWN = frozenset({"schemaVersion", "features", "plans"})
_FEATURE = {"name": "name", "type": "type", "unitName": "unit_name", "description": "description"}


def convert(source: Json, unit: Unit | None) -> Converted:
    """The configuration in a file, with the amounts of its prices in a unit; all that is wrong is in `problems`."""
    converting = _Converting(source, unit)
    converting.config(source.data)
    return converting.made


class _Converting(PlanMaking):
    def config(self, data: Any) -> None:
        """The whole of it."""
        if not self.is_object(data, (), ()) or not self._is_known(data.get("schemaVersion", _SCHEMA_VERSION)):
            return
        self._entries(data, "features")
        self._entries(data, "plans")
        missing = _KNOWN - data.keys()
        for key, value in data.items():
            if key not in _KNOWN:
                self.unknown((key,), value, missing)

    def _entries(self, data: dict[str, Any], name: str) -> None:
        entries = data.get(name)
        self.made.places[(name,)] = (name,)
        if entries is None:
            inside = isinstance(data.get("default"), dict)
            hint = "print what is under `default`" if inside else "print what `defineConfig` gives back"
            self.problem((name,), (name,), "missing_key", "is required", hint)
        elif self.is_object(entries, (name,), (name,)):
            for code, value in entries.items():
                self.made.places[(name, code)] = (name, code)
                if self.is_object(value, (name, code), (name, code)):
                    entry = self._feature(code, value) if name == "features" else self.plan(code, value)
                    self.made.sections[name][code] = entry

    def _is_known(self, version: Any) -> bool:
        """Whether a configuration is of the one version there is; what the rest of another one means is not known."""
        self.made.places[("version",)] = ("schemaVersion",)
        if version == _SCHEMA_VERSION and not isinstance(version, bool):
            return True
        hint = "upgrade commetctl for a later one"
        self.problem(("schemaVersion",), (), "unknown_version", f"must be {_SCHEMA_VERSION}", hint)
        return False

    def _feature(self, code: str, value: dict[str, Any]) -> dict[str, Any]:
        entry = self.renamed(value, _FEATURE, ("features", code), ("features", code))
        if entry.get("type") == "metered":
            entry["type"] = "usage"
            message = "`metered` is called `usage` today, and is written so"
            self.note(("features", code, "type"), "renamed", message)
        return entry
