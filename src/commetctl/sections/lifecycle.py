"""What may not happen to an object, whatever the command line says."""

from commetctl.sections.values import Spec


class Lifecycle(Spec):
    """What may not happen to an object."""

    protect: bool = False


class Protectable(Spec):
    """An object whose deletion can be refused.

    Plans and what belongs to them remember it in the plan's ledger, so it holds when the entry leaves the file.
    Features and credit packs have no place in Commet to remember it: there it holds while the entry is in the file.
    """

    lifecycle: Lifecycle = Lifecycle()
