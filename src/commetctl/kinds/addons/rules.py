"""The rules of add-ons in the file, and what is probably not meant.

Sources: the API reference and the guide to add-ons of SDK 9.7.0.
"""

from collections.abc import Iterator, Mapping

from commetctl.core.money import Money, UnitPrice
from commetctl.core.text import listed
from commetctl.core.values import KeyPath
from commetctl.kinds.addons.spec import MODELS_WITH, AddonSpec
from commetctl.kinds.amount_slips import Tag, odd
from commetctl.kinds.section import Finding, Sheet


def findings(sheet: Sheet, section: str) -> Iterator[Finding]:
    """What is wrong with the add-ons of a file, beyond the shape of each."""
    seen: dict[str, str] = {}
    for key, spec in sheet.sections[section].items():
        at = (section, key)
        if spec.feature in seen:
            message = f"`{seen[spec.feature]}` is already the add-on of `{spec.feature}`"
            hint = "a feature has one add-on at most: remove one of the two"
            yield Finding((*at, "feature"), "duplicate", message, hint)
        seen.setdefault(spec.feature, key)
        yield from _of_its_model(at, spec)
        if problem := Money(spec.base_price).problem(sheet.contract.addon_scale):
            yield Finding((*at, "base_price"), "bad_amount", problem)
        if spec.overage_rate is not None and (
            problem := UnitPrice(spec.overage_rate).problem(sheet.contract.unit_price_scale)
        ):
            yield Finding((*at, "overage_rate"), "bad_amount", problem)


def _of_its_model(at: KeyPath, spec: AddonSpec) -> Iterator[Finding]:
    """Fields that belong to another model, and those that the model needs."""
    for name, models in MODELS_WITH.items():
        path, model = (*at, name), spec.consumption_model
        if getattr(spec, name) is None and model in models:
            message = f"is required where `consumption_model` is `{model}`"
            yield Finding(path, "missing_key", message, f"add `{name}:`", (path,))
        if getattr(spec, name) is not None and model not in models:
            message = f"only applies where `consumption_model` is {' or '.join(f'`{m}`' for m in models)}"
            hint = f"set `consumption_model: {models[0]}`, or remove `{name}`"
            yield Finding(path, "wrong_model", message, hint)


def addon_without_plan(sheet: Sheet) -> Iterator[Finding]:
    """Add-ons that customers of no plan of the file can activate, or would see."""
    plans = sheet.sections.get("plans", {})
    for key, addon in sheet.sections.get("addons", {}).items() if plans else ():
        model = addon.consumption_model
        fitting = {code: plan for code, plan in plans.items() if model in ("boolean", plan.consumption_model)}
        if not fitting:
            message = f"only plans with `consumption_model: {model}` can have it, and the catalog has none"
            hint = "check the model of the add-on, or declare a plan that can have it"
            yield Finding(("addons", key, "consumption_model"), "addon_without_plan", message, hint)
        elif all(_includes(plan.features, addon.feature) for plan in fitting.values()):
            can = listed([f"`{code}`" for code in fitting])
            message = (
                f"every plan that can have it already includes the feature ({can}), and Commet hides the add-on there"
            )
            hint = "remove the feature from a plan, or remove the add-on"
            yield Finding(("addons", key, "feature"), "addon_without_plan", message, hint)


def _includes(features: Mapping[str, object], code: str) -> bool:
    return getattr(features.get(code), "enabled", False) is True


def odd_cents(sheet: Sheet) -> Iterator[Finding]:
    """Prices of add-ons whose digits are probably not what was meant."""
    addons = sheet.sections.get("addons", {}).items()
    return odd(Tag(("addons", key, "base_price"), ("addon",), Money(addon.base_price)) for key, addon in addons)
