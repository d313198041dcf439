"""The agenda: which steps can be taken now, in the order of the changeset."""

from graphlib import TopologicalSorter

from commetctl.core.call import Step
from commetctl.core.changeset import Changeset


class Agenda:
    """The steps of a changeset that wait for nothing any more; what waits for one that failed never comes up."""

    def __init__(self, changeset: Changeset) -> None:
        self._position = {step.name: index for index, step in enumerate(changeset.steps)}
        self._steps = changeset.steps
        self._sorter = TopologicalSorter(changeset.needs)
        self._sorter.prepare()
        self._ready: list[str] = []

    def next(self) -> Step | None:
        """The first step that can be taken; it does not come up again. None while there is none."""
        if self._sorter.is_active():
            self._ready = sorted([*self._ready, *self._sorter.get_ready()], key=self._position.__getitem__)
        return self._steps[self._position[self._ready.pop(0)]] if self._ready else None

    def done(self, step: Step) -> None:
        """Let go of what waited for a step."""
        self._sorter.done(step.name)
