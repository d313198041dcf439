"""The agenda: which steps are ready, and in which order they are taken."""

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from heapq import heappop, heappush

from commetctl.core.call import Step

#: For the name of each step, the names of the steps that it waits for.
Waits = Mapping[str, frozenset[str]]

_NOTHING: frozenset[str] = frozenset()


class Agenda:
    """Hands out the steps that are ready, in the given order where that leaves a choice.

    A step is ready once all that it needs is done, and all that it only follows has ended, one way or the other. A step
    that needs one that failed is skipped, which ends it. Raises graphlib.CycleError if two steps wait for each other.
    """

    def __init__(self, steps: Sequence[Step], needs: Waits, follows: Waits | None = None) -> None:
        self._steps = steps
        self._needs = needs
        self._position = {step.name: index for index, step in enumerate(steps)}
        self._sorter = TopologicalSorter(joined(needs, follows or {}))
        self._sorter.prepare()
        self._ready: list[int] = []
        self._undone: set[str] = set()

    def next(self) -> Step | None:
        """The next step that is ready; None while there is none. Each step is handed out once."""
        # To skip a step may make others ready.
        while self._sorter.is_active() and (names := self._sorter.get_ready()):
            for name in names:
                if self._undone.isdisjoint(self._needs.get(name, _NOTHING)):
                    heappush(self._ready, self._position[name])
                else:
                    self._end_undone(name)
        return self._steps[heappop(self._ready)] if self._ready else None

    def done(self, step: Step) -> None:
        """Note that a step is done, which makes the steps ready that waited only for it."""
        self._sorter.done(step.name)

    def failed(self, step: Step) -> None:
        """Note that a step failed: what needs it is skipped, what only follows it is not."""
        self._end_undone(step.name)

    def _end_undone(self, name: str) -> None:
        self._undone.add(name)
        self._sorter.done(name)


def ordered(steps: Sequence[Step], waits: Waits) -> tuple[Step, ...]:
    """The steps in an order that respects `waits` and otherwise keeps the given one; raises CycleError like Agenda."""
    agenda, order = Agenda(steps, waits), []
    while step := agenda.next():
        order.append(step)
        agenda.done(step)
    return tuple(order)


def joined(waits: Waits, more: Waits) -> dict[str, frozenset[str]]:
    """Both at once."""
    return {name: waits.get(name, _NOTHING) | more.get(name, _NOTHING) for name in {**waits, **more}}
