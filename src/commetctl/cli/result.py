"""The result of a command, before anybody has decided how to print it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from commetctl.core import exits

if TYPE_CHECKING:
    from commetctl.core.errors import CommetctlError, Problem
    from commetctl.render.review import Review


@dataclass
class Result:
    """What a command found: the text for people, the content of the JSON document, and the exit code.

    `errors`, `warnings` and `findings`, which are the warnings about the catalog, go to stderr, after the text; in JSON
    they are diagnostics.
    """

    text: str = ""
    content: dict[str, Any] = field(default_factory=dict)
    exit_code: int = exits.DONE
    errors: list["CommetctlError"] = field(default_factory=list)
    warnings: list["CommetctlError"] = field(default_factory=list)
    findings: list["Problem"] = field(default_factory=list)
    diagnostics: list[dict[str, Any]] = field(default_factory=list)
    #: What formats other than text and JSON are made of.
    review: "Review | None" = None
