"""The ids of objects during a run, which gains those of the objects that it creates."""

from collections.abc import Iterator, Mapping

from commetctl.core.resource import Address


class Ids(Mapping[Address, str]):
    """The ids by address; safe to use from several threads, as long as none iterates while another adds."""

    def __init__(self, known: Mapping[Address, str]) -> None:
        self._ids = dict(known)
        self._owners: dict[str, frozenset[Address]] = {}
        for address, id_ in known.items():
            self._owners[id_] = self.owners(id_) | {address}

    def __getitem__(self, address: Address) -> str:
        return self._ids[address]

    def __iter__(self) -> Iterator[Address]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, address: Address, id_: str) -> None:
        """Note the id of an object, in place of an earlier one."""
        if earlier := self._ids.get(address):
            self._owners[earlier] = self.owners(earlier) - {address}
        self._ids[address] = id_
        self._owners[id_] = self.owners(id_) | {address}

    def owners(self, id_: str) -> frozenset[Address]:
        """The objects that have an id."""
        return self._owners.get(id_, frozenset())
