"""Quirks: switches for behaviours of the API that its public sources leave open; the first value is the default."""

from collections.abc import Mapping

from commetctl.emulator.errors import EmulatorError

QUIRKS: Mapping[str, tuple[str, ...]] = {
    # The unit of prices and regional prices in versions before 2026-07-24: 10000 = 1.00, or minor units.
    "price_scale": ("rate", "minor"),
    # The unit of includedBalance, of prices and regional prices, in every version: minor units, or 10000 = 1.00.
    "balance_scale": ("minor", "rate"),
    # Whether an update replaces a plan's metadata or merges into it; when it merges, a null deletes its key.
    "plan_metadata": ("replace", "merge"),
    # Whether PUT .../prices/{priceId}/regional keeps the currencies that it does not list.
    "regional_put": ("merge", "replace"),
    # What happens to explicit values that a later PUT /plans/{id}/regional for their currency does not list.
    "regional_omitted": ("derived", "kept"),
    # Whether lists without documented paging come in pages, and how many rows a page has.
    "list_paging": ("off", "on"),
    "page_size": ("2", "100"),
    # Whether a plan can only be added to a plan group whose plans support the same currencies.
    "group_currencies": ("checked", "free"),
    # What happens to a key of a body that the operation does not have.
    "unknown_keys": ("strip", "reject"),
    # The status of a successful creation and of a successful removal; 204 has no body.
    "created_status": ("200", "201"),
    "deleted_status": ("200", "204"),
    # Whether two plans, two features or two packs of an account can have the same name. The sources say that the names
    # of features and packs are unique; for plans there is only one customer's word.
    "plan_names": ("free", "unique"),
    "feature_names": ("unique", "free"),
    "pack_names": ("unique", "free"),
    # Whether an inactive pack keeps its name from others, where names of packs are unique.
    "inactive_names": ("taken", "free"),
    # Whether the code of a deleted plan or feature, or the name of a deleted pack, can be used again.
    "code_reuse": ("allowed", "refused"),
    # Whether the name of a deleted plan or feature can be used again, where such names are unique.
    "name_reuse": ("allowed", "refused"),
    # The status of validation errors.
    "validation_status": ("400", "422"),
    # Whether a plan's first price becomes its default when isDefault is not sent.
    "default_price": ("first", "none"),
    # Whether requests of a newer version than that of the account's first request are served.
    "mixed_versions": ("allowed", "refused"),
    # Whether derived regional values are updated when the US dollar value changes.
    "auto_sync": ("on", "off"),
    # Whether a percentage of an offer can be the whole price, 10000 basis points, or 9999 at most.
    "full_discount": ("allowed", "refused"),
    # Whether the account has plan versions: subscriptions keep the terms that they accepted, and customers cannot buy
    # credit packs that are created from then on.
    "plan_versions": ("off", "on"),
    # Whether `includePrivate` has to be true or false, or can also be 1, yes, on, 0, no or off, in any case.
    "include_private": ("true", "truthy"),
    # Whether the business rules are enforced that the dashboard has and the API reference does not mention.
    "strict": ("on", "off"),
}


def resolve(chosen: Mapping[str, str] | None) -> Mapping[str, str]:
    """Every quirk with its chosen or default value; EmulatorError when a name or value is invalid."""
    resolved = {name: values[0] for name, values in QUIRKS.items()}
    for name, value in (chosen or {}).items():
        if name not in QUIRKS:
            raise EmulatorError(f"unknown quirk {name!r}; valid quirks are {', '.join(QUIRKS)}")
        if value not in QUIRKS[name]:
            raise EmulatorError(f"quirk {name} cannot be {value!r}; valid values are {', '.join(QUIRKS[name])}")
        resolved[name] = value
    return resolved
