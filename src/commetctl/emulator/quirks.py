"""What the public sources leave open about the API, as named switches; the first value is the default."""

from collections.abc import Mapping

from commetctl.emulator.errors import EmulatorError

QUIRKS: Mapping[str, tuple[str, ...]] = {
    # How versions before 2026-07-24 mean a price and a regional price: 10000 = 1.00, or minor units.
    "price_scale": ("rate", "minor"),
    # How every version means includedBalance, of prices and of regional prices: minor units, or 10000 = 1.00.
    "balance_scale": ("minor", "rate"),
    # Whether a plan's metadata is replaced by an update or merged into, where a null deletes its key.
    "plan_metadata": ("replace", "merge"),
    # Whether PUT .../prices/{priceId}/regional keeps the currencies that it does not list.
    "regional_put": ("merge", "replace"),
    # What becomes of explicit values that a later PUT /plans/{id}/regional for their currency does not list.
    "regional_omitted": ("derived", "kept"),
    # Whether lists without documented paging nevertheless come in pages, and of how many.
    "list_paging": ("off", "on"),
    "page_size": ("2", "100"),
    # What happens to a body key that the operation does not know.
    "unknown_keys": ("strip", "reject"),
    # The status of a successful creation and of a successful removal; 204 has no body.
    "created_status": ("200", "201"),
    "deleted_status": ("200", "204"),
    # Whether the code of a deleted plan or feature, or the name of a deleted pack, can be used again.
    "code_reuse": ("allowed", "refused"),
    # The status of validation errors.
    "validation_status": ("400", "422"),
    # Whether a plan's first price becomes its default when isDefault is not sent.
    "default_price": ("first", "none"),
    # Whether requests of a newer version than the organisation's first one are served.
    "mixed_versions": ("allowed", "refused"),
    # Whether derived regional values follow a later change of the US dollar value.
    "auto_sync": ("on", "off"),
    # Whether the platform has switched to plan versions: subscriptions keep the terms that they accepted, and no
    # customer can buy a new credit pack.
    "plan_versions": ("off", "on"),
    # Whether the business rules are enforced that the dashboard has and the API reference does not state.
    "strict": ("on", "off"),
}


def resolve(chosen: Mapping[str, str] | None) -> Mapping[str, str]:
    """Every quirk with its chosen or default value; EmulatorError when a name or value is unknown."""
    resolved = {name: values[0] for name, values in QUIRKS.items()}
    for name, value in (chosen or {}).items():
        if name not in QUIRKS:
            raise EmulatorError(f"unknown quirk {name!r}; valid quirks are {', '.join(QUIRKS)}")
        if value not in QUIRKS[name]:
            raise EmulatorError(f"quirk {name} cannot be {value!r}; valid values are {', '.join(QUIRKS[name])}")
        resolved[name] = value
    return resolved
