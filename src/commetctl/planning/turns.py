"""Turns: the order of steps, with everything that decides it.

Three rules decide, and where they contradict each other, the first wins:

1. What a step *needs* must be done before it: what it refers to, and what frees a name that it takes.
2. What *replaces* something must be there before that goes. It is a need like any other, unless what comes needs the
   other one gone first.
3. What is *created* follows what stands before it in the file. This is no need: it is created even if the other failed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from commetctl.core.call import Step
from commetctl.core.change import Change, Create
from commetctl.core.resource import Address
from commetctl.planning.agenda import Waits, joined, ordered


@dataclass(frozen=True)
class Turns:
    """Steps in order, what each needs, and what each only follows.

    A step that takes something away before its replacement is there has a note that says so.
    """

    steps: tuple[Step, ...]
    needs: Waits
    follows: Waits


def in_turn(steps: Sequence[Step], needs: Waits, changes: Mapping[Address, Change]) -> Turns:
    """The steps in turn. Raises graphlib.CycleError if two steps need each other."""
    names = {step.name for step in steps}
    wanted = {step.name: (step.replaced_by & names) - {step.name} for step in steps if step.replaced_by}
    replaced = _without_cycles(needs, wanted)
    needs = joined(needs, replaced)
    file_order = _creations(steps, changes)
    follows = _without_cycles(needs, file_order)
    order = ordered(steps, joined(needs, follows))
    if follows != file_order:
        # Where the needs decide otherwise, creations follow each other as these have it.
        follows = _creations(order, changes)
    early = {name: wanted[name] - needs[name] for name in wanted}
    return Turns(tuple(_noted(step, early.get(step.name)) for step in order), needs, follows)


def _creations(steps: Iterable[Step], changes: Mapping[Address, Change]) -> Waits:
    """Each creation and the one before it, among the objects of one kind that belong to the same object or to none."""
    last: dict[tuple[str, Address | None], str] = {}
    follows: dict[str, frozenset[str]] = {}
    for step in steps:
        created = (changes.get(address) for address in step.covers if not step.closing)
        groups = {(c.address.kind, c.after.parent) for c in created if isinstance(c, Create)}
        before = frozenset(last[group] for group in groups if group in last)
        if groups:
            follows[step.name] = before
        last |= dict.fromkeys(groups, step.name)
    return follows


def _without_cycles(waits: Waits, more: Waits) -> Waits:
    """As much of `more` as can be added to `waits`: all but what is part of a cycle."""
    every = joined(waits, more)
    try:
        TopologicalSorter(every).prepare()
    except CycleError:
        cycle_of = _cycles(every)
        return {name: frozenset(o for o in others if cycle_of[o] != cycle_of[name]) for name, others in more.items()}
    return more


def _cycles(waits: Waits) -> Mapping[str, str]:
    """For each name, one that stands for all that wait for each other: its strongly connected component."""
    back: dict[str, list[str]] = {name: [] for name in waits}
    for name, others in waits.items():
        for other in others:
            back[other].append(name)
    found: dict[str, str] = {}
    for root in reversed(_inmost_first(waits)):
        left = [root]
        while left:
            if (name := left.pop()) not in found:
                found[name] = root
                left += back[name]
    return found


def _inmost_first(waits: Waits) -> list[str]:
    """All names, each after those that it waits for, as far as there is no cycle."""
    order: list[str] = []
    seen: set[str] = set()
    for root in waits:
        stack = [] if root in seen else [(root, iter(waits[root]))]
        seen.add(root)
        while stack:
            name, others = stack[-1]
            other = next((other for other in others if other not in seen), None)
            if other is None:
                order.append(name)
                stack.pop()
            else:
                seen.add(other)
                stack.append((other, iter(waits[other])))
    return order


def _noted(step: Step, early: frozenset[str] | None) -> Step:
    """A step with a note if it cannot wait for all that replaces what it removes."""
    if not early:
        return step
    comes = ", ".join(sorted({name.partition(" ")[0] for name in early}))
    note = f"it must be removed before {comes} can be added: for a moment, customers have neither"
    return replace(step, note="; ".join(filter(None, (step.note, note))))
