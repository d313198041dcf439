"""Lint: what is probably not meant in a catalog that is valid, found without Commet.

Each rule is a function of a Sheet, or of the changes to an account, and its findings have its name as their code. The
rules about one kind stand with the kind; those about files and about names of all kinds stand here.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from commetctl.catalog.assembly import holder, kept
from commetctl.catalog.catalog import Catalog, problem
from commetctl.catalog.ignores import Ignore
from commetctl.core.change import Change
from commetctl.core.errors import InvalidCatalog, Problem
from commetctl.kinds import SECTIONS
from commetctl.kinds.section import Finding, Path
from commetctl.kinds.spelling import nearest
from commetctl.review.near_names import near_duplicate_name

#: What an environment may well say again.
_SETTINGS = ("mode", "api_version", "price_scale", "balance_scale")


def overlay_repeats(catalog: Catalog) -> Iterator[Finding]:
    """A value in the overlay is the one that is there without it, so that a change of that one would not count."""
    for path, value, shared in kept(catalog.assembly):
        if value == shared and isinstance(value, bool) == isinstance(shared, bool) and path[0] not in _SETTINGS:
            file = holder(catalog.assembly, path)
            yield Finding(
                path,
                "overlay_repeats",
                f"is the same in {file}, of which a change would not count in this environment",
                "remove it from the overlay",
            )


#: Rules about the files, which need more than what they declare.
FILE_RULES: Mapping[str, Callable[[Catalog], Iterable[Finding]]] = {"overlay_repeats": overlay_repeats}


def rules() -> tuple[str, ...]:
    """The codes of all rules about a catalog."""
    own = dict.fromkeys(name for section in SECTIONS for name in section.lint)
    return (*own, near_duplicate_name.__name__, *FILE_RULES)


def change_rules() -> tuple[str, ...]:
    """The codes of the rules about changes, which need something to compare the catalog with."""
    return tuple(dict.fromkeys(name for section in SECTIONS for name in section.lint_changes))


class Unclean(InvalidCatalog):
    """The catalog is valid and has warnings, where none are allowed."""

    code = "unclean_catalog"

    def __init__(self, file: str, problems: list[Problem]) -> None:
        count = "1 warning" if len(problems) == 1 else f"{len(problems)} warnings"
        message = f"{file} is valid but has {count}, which `--strict` does not allow"
        hint = "correct them, or say with `# commetctl: ignore=CODE reason` which of them are meant"
        super().__init__(file, problems, message=message, hint=hint)


def lint(catalog: Catalog, changes: Sequence[Change] | None = None) -> list[Problem]:
    """Every warning that no comment silences, in the order of the file; also about `changes`, where there are any."""
    # A comment about a change is of use only while there is that change, so it is never reported as unused.
    silence = Silence(catalog.ignores, {*rules(), *change_rules()}, set(rules()))
    found = [finding for section in SECTIONS for rule in section.lint.values() for finding in rule(catalog.sheet)]
    found += near_duplicate_name(catalog.sheet)
    found += [finding for file_rule in FILE_RULES.values() for finding in file_rule(catalog)]
    about_changes = (rule for section in SECTIONS for rule in section.lint_changes.values())
    found += [finding for rule in about_changes for finding in rule(changes or ())]
    problems = [problem(finding, catalog.assembly.document) for finding in silence.among(found)]
    problems += silence.problems()
    return catalog.assembly.document.in_order(problems)


def checked(catalog: Catalog, changes: Sequence[Change] | None = None, *, strict: bool) -> list[Problem]:
    """The warnings of a catalog and of `changes`; raises Unclean for the first one on, where `strict` allows none."""
    found = lint(catalog, changes)
    if found and strict:
        raise Unclean(catalog.file, found)
    return found


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
