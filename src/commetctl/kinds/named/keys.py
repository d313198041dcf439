"""The keys that entries of a file have for objects whose addresses are made of their names."""

import itertools
import re
import unicodedata
from collections.abc import Mapping, Sequence

from commetctl.core.resource import Address
from commetctl.kinds.kind import Kind


def keys_of(found: Sequence[Address], known: Mapping[Address, str], kind: Kind) -> dict[Address, str]:
    """The key of each object: the `known` one, or one that is made of its name."""
    keys = {address: known[address] for address in found if address in known}
    taken = {*known.values()}
    for address in found:
        if address not in keys:
            plain = unicodedata.normalize("NFKD", address.key.casefold()).encode("ascii", "ignore").decode()
            word = re.sub("[^a-z0-9]+", "_", plain).strip("_") or kind.name
            free = (word if count == 1 else f"{word}_{count}" for count in itertools.count(1))
            keys[address] = next(key for key in free if key not in taken)
            taken.add(keys[address])
    return keys
