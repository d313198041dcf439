"""What may not happen to an object, whatever the command line says."""

from pydantic import Field

from commetctl.kinds.values import Spec


class Lifecycle(Spec):
    """What may not happen to an object."""

    protect: bool = Field(
        default=False,
        description="Whether its deletion is refused, whatever the command line says, until this is false again. On "
        "features and credit packs it holds while the entry is in the file.",
        examples=["true"],
    )


class Protectable(Spec):
    """An object whose deletion can be refused.

    Plans and what belongs to them remember it in the plan's ledger, so it holds when the entry leaves the file.
    Features and credit packs have no place in Commet to remember it: there it holds while the entry is in the file.
    """

    lifecycle: Lifecycle = Field(
        default=Lifecycle(), description="What may not happen to it.", examples=["{protect: true}"]
    )
