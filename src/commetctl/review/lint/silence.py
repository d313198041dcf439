"""Comments that silence findings, and what is wrong with such a comment."""

from collections.abc import Collection, Iterable, Iterator

from commetctl.catalog.ignores import Ignore
from commetctl.core.errors import Problem
from commetctl.kinds.section import Finding, Path
from commetctl.kinds.spelling import nearest

#: What is said about the comments themselves, and what no comment silences.
ABOUT_COMMENTS = ("ignore_without_reason", "unknown_ignore", "unused_ignore")

_FORM = "write `# commetctl: ignore=CODE reason`"


class Silence:
    """The comments of a catalog, and which of them have silenced something so far.

    `known` are the codes that there are; a comment about one of `lasting` has to silence something in the end.
    """

    def __init__(self, ignores: Collection[Ignore], known: Collection[str], lasting: Collection[str]) -> None:
        self._ignores = ignores
        self._known = known
        self._lasting = lasting
        self._used: set[tuple[int, str]] = set()
        self._at: dict[tuple[str, Path], list[int]] = {}
        for number, ignore in enumerate(ignores):
            for code in ignore.codes:
                for path in ignore.paths:
                    self._at.setdefault((code, path), []).append(number)

    def among(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings that no comment is about; a comment is about its key and all that is below it."""
        return [finding for finding in findings if not self._covers(finding)]

    def _covers(self, finding: Finding) -> bool:
        lengths = range(1, len(finding.path) + 1)
        about = {number for length in lengths for number in self._at.get((finding.code, finding.path[:length]), ())}
        self._used |= {(number, finding.code) for number in about}
        return bool(about)

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the comments, once everything has been found."""
        for number, ignore in enumerate(self._ignores):
            if not ignore.codes:
                yield Problem("unknown_ignore", "the comment does not say what to ignore", _FORM, ignore.origin)
                continue
            for code in ignore.codes:
                if code not in self._known:
                    yield Problem("unknown_ignore", f"`{code}` is no warning", self._meant(code), ignore.origin)
                elif code in self._lasting and (number, code) not in self._used:
                    what = "of its key" if ignore.paths else "because it stands at no key"
                    message = f"the comment ignores no `{code}` {what}"
                    hint = "remove it, or put it at the end of the line of the key, or above that line"
                    yield Problem("unused_ignore", message, hint, ignore.origin)
            if not ignore.reason:
                message = "the comment does not say why"
                yield Problem("ignore_without_reason", message, f"{_FORM}, with the reason in words", ignore.origin)

    def _meant(self, code: str) -> str:
        near = nearest(code, self._known)
        return f"did you mean `{near}`?" if near else "known: " + ", ".join(sorted(self._known))
