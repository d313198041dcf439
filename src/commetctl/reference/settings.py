"""The keys at the top of a catalog: what each is for, and what it may be."""

from dataclasses import dataclass

from commetctl.core.contract import CONTRACTS, DEFAULT_VERSION
from commetctl.core.money import Scale


@dataclass(frozen=True)
class Setting:
    """A key at the top whose value is one of a few words; `default` is empty where there is none."""

    name: str
    description: str
    choices: tuple[str, ...]
    default: str = ""


#: The format of the file.
VERSION = 1
ABOUT_VERSION = "The format of this file. Required."
ABOUT_INCLUDE = (
    "Other files of this catalog, seen from the folder of this one: each brings features, plans or credit packs of its "
    "own. An object that is declared twice is an error."
)

ABOUT_POLICY = "How much one run may change before the command line has to allow it by name."

SETTINGS = (
    Setting(
        "api_version",
        "The version of the Commet API to speak, in quotes. `--api-version` and COMMET_API_VERSION come first.",
        tuple(CONTRACTS),
        DEFAULT_VERSION,
    ),
    Setting(
        "mode",
        "The kind of organization that the file may be applied to. A file without it needs `--live` for a live one.",
        ("sandbox", "live"),
    ),
    Setting(
        "price_scale",
        "Only with API version 2026-07-11: what the integers of its prices mean, ten-thousandths (`rate`) or the minor "
        "unit of the currency (`minor`).",
        tuple(scale.value for scale in (Scale.RATE, Scale.MINOR)),
        Scale.RATE.value,
    ),
    Setting(
        "balance_scale",
        "What the integers of `included_balance` mean, the minor unit of the currency (`minor`) or ten-thousandths "
        "(`rate`), in every API version. Commet's own pages contradict each other, so a live organization gets no "
        "balance before the file says it.",
        tuple(scale.value for scale in (Scale.MINOR, Scale.RATE)),
        Scale.MINOR.value,
    ),
)
