"""Lint: probable mistakes in a valid catalog, found without Commet.

Each rule is a function of a Sheet, of the catalog, or of the changes to an account, and its name is the code of its
findings. Rules about one kind are in the module of the kind; rules about files and about all kinds are here.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from commetctl.catalog.assembly import holder, kept
from commetctl.catalog.catalog import Catalog
from commetctl.catalog.dated.moments import said
from commetctl.catalog.ignores import Ignore
from commetctl.catalog.problems import problem
from commetctl.core.change import Change
from commetctl.core.errors import InvalidCatalog, Problem
from commetctl.core.text import nearest
from commetctl.core.values import KeyPath, same
from commetctl.kinds import SECTIONS
from commetctl.kinds.section import Finding
from commetctl.review.lint_changes import CHANGE_FILE_RULES, later
from commetctl.review.near_names import near_duplicate_name

#: Settings that an overlay may repeat without harm.
_SETTINGS = ("mode", "api_version", "price_scale", "balance_scale")


def overlay_repeats(catalog: Catalog) -> Iterator[Finding]:
    """Values of the overlay that only repeat the shared files."""
    for path, value, shared in kept(catalog.assembly):
        if same(value, shared) and path[0] not in _SETTINGS:
            file = holder(catalog.assembly, path)
            yield Finding(
                path,
                "overlay_repeats",
                f"repeats the value in {file}, so a later change there will not reach this environment",
                "remove it from the overlay",
            )


#: Rules about how the files are written, not only about what they declare.
FILE_RULES: Mapping[str, Callable[[Catalog], Iterable[Finding]]] = {"overlay_repeats": overlay_repeats}


def rules() -> tuple[str, ...]:
    """The codes of all rules about a catalog."""
    own = dict.fromkeys(name for section in SECTIONS for name in section.lint)
    return (*own, near_duplicate_name.__name__, *FILE_RULES, *CHANGE_FILE_RULES)


def change_rules() -> tuple[str, ...]:
    """The codes of all rules about changes, which apply when a catalog is compared with an account."""
    return tuple(dict.fromkeys(name for section in SECTIONS for name in section.lint_changes))


class Unclean(InvalidCatalog):
    """A valid catalog has warnings, and none are allowed."""

    code = "unclean_catalog"

    def __init__(self, file: str, problems: list[Problem]) -> None:
        count = "1 warning" if len(problems) == 1 else f"{len(problems)} warnings"
        message = f"{file} is valid but has {count}, which `--strict` does not allow"
        hint = "correct them, or silence each with `# commetctl: ignore=CODE reason`"
        super().__init__(file, problems, message=message, hint=hint)


def lint(catalog: Catalog, changes: Sequence[Change] | None = None) -> list[Problem]:
    """Every warning about a catalog and `changes` that no comment silences, in the order of the file."""
    # A comment about a change is used only while the change is pending, so it is never reported as unused.
    known = {*rules(), *change_rules(), "undefined_variable"}
    silence = Silence(catalog.ignores, known, set(rules()))
    about_changes = (rule for section in SECTIONS for rule in section.lint_changes.values())
    found = [*_findings(catalog), *(finding for file_rule in FILE_RULES.values() for finding in file_rule(catalog))]
    found += [finding for rule in about_changes for finding in rule(changes or ())]
    document, unknown = catalog.assembly.document, catalog.assembly.document.unknown
    open_ = {ignore.origin for ignore in catalog.ignores if any(_hangs_on(path, unknown) for path in ignore.paths)}
    problems = [problem(item, document) for item in silence.among(found) if not _hangs_on(item.path, unknown)]
    problems += _of_changes(catalog, silence, {(item.code, item.path) for item in found})
    problems += [found for found in silence.problems() if found.code != "unused_ignore" or found.origin not in open_]
    return document.in_order(problems)


def _findings(catalog: Catalog) -> Iterator[Finding]:
    """The findings about what a catalog declares at its moment."""
    yield from (finding for section in SECTIONS for rule in section.lint.values() for finding in rule(catalog.sheet))
    yield from near_duplicate_name(catalog.sheet)


def _of_changes(catalog: Catalog, silence: "Silence", known: set[tuple[str, KeyPath]]) -> Iterator[Problem]:
    """The warnings about changes, and those that the catalog will have after one, except those that are `known`."""
    for rule in CHANGE_FILE_RULES.values():
        for change, finding in rule(catalog):
            yield from (problem(item, change.part.document) for item in silence.among([finding], change.name))
    for moment, then in later(catalog):
        document = then.assembly.document
        new = [item for item in _findings(then) if (item.code, item.path) not in known]
        known |= {(item.code, item.path) for item in new}
        for item in silence.among(new):
            if not _hangs_on(item.path, document.unknown):
                found = problem(item, document)
                yield replace(found, message=f"from {said(moment)} on: {found.message}")


def _is_silenced(found: Problem, catalog: Catalog) -> bool:
    """Whether a comment silences a problem at the place of a value."""
    paths = {path for path, span in catalog.assembly.document.values.items() if span.origin == found.origin}
    about = (ignore for ignore in catalog.ignores if found.code in ignore.codes)
    return any(path[: len(at)] == at for ignore in about for at in ignore.paths for path in paths)


def _hangs_on(path: KeyPath, unknown: Collection[KeyPath]) -> bool:
    """Whether a value that is not known belongs to the object at a path, or to what names that object."""
    return any(path[:2] == other[:2] or path[1:2] in [(key,) for key in other] for other in unknown)


def checked(
    catalog: Catalog, changes: Sequence[Change] | None = None, *, strict: bool, allow_unset: bool = False
) -> list[Problem]:
    """The warnings about a catalog and `changes`; with `strict`, raises Unclean if there are any.

    Variables without a value, where the catalog was loaded so, are among them unless they are allowed.
    """
    document = catalog.assembly.document
    unset = () if allow_unset else (item for item in document.allowed if not _is_silenced(item, catalog))
    found = document.in_order([*lint(catalog, changes), *unset])
    if found and strict:
        raise Unclean(catalog.file, found)
    return found


#: The codes of findings about the comments themselves, which no comment silences.
ABOUT_COMMENTS = ("ignore_without_reason", "unknown_ignore", "unused_ignore")

_FORM = "write `# commetctl: ignore=CODE reason`"


class Silence:
    """The comments of a catalog that silence findings, and which of them have been used.

    `known` are all codes of warnings. A comment about a code in `lasting` is wrong if it silences nothing.
    """

    def __init__(self, ignores: Sequence[Ignore], known: Collection[str], lasting: Collection[str]) -> None:
        self._ignores = ignores
        self._known = known
        self._lasting = lasting
        self._used: set[tuple[int, str]] = set()
        self._at: dict[tuple[str, KeyPath], list[int]] = {}
        for number, ignore in enumerate(ignores):
            for code in ignore.codes:
                for path in ignore.paths:
                    self._at.setdefault((code, path), []).append(number)

    def among(self, findings: Iterable[Finding], file: str = "") -> list[Finding]:
        """The findings that no comment silences; a comment covers its key and everything below it.

        Where the paths are those of one `file`, only the comments of that file count.
        """
        return [finding for finding in findings if not self._covers(finding, file)]

    def _covers(self, finding: Finding, file: str) -> bool:
        lengths = range(1, len(finding.path) + 1)
        about = {number for length in lengths for number in self._at.get((finding.code, finding.path[:length]), ())}
        about = {number for number in about if file in ("", self._ignores[number].origin.file)}
        self._used |= {(number, finding.code) for number in about}
        return bool(about)

    def problems(self) -> Iterator[Problem]:
        """The problems of the comments themselves, once all findings have passed `among`."""
        for number, ignore in enumerate(self._ignores):
            if not ignore.codes:
                yield Problem("unknown_ignore", "the comment names no warning", _FORM, ignore.origin)
                continue
            for code in ignore.codes:
                if code not in self._known:
                    yield Problem("unknown_ignore", f"there is no warning `{code}`", self._meant(code), ignore.origin)
                elif code in self._lasting and (number, code) not in self._used:
                    what = "on its key" if ignore.paths else "because it is not at a key"
                    message = f"the comment silences no `{code}` {what}"
                    hint = "remove it, or put it at the end of the line of the key, or above that line"
                    yield Problem("unused_ignore", message, hint, ignore.origin)
            if not ignore.reason:
                message = "the comment gives no reason"
                yield Problem("ignore_without_reason", message, f"{_FORM}, with the reason in words", ignore.origin)

    def _meant(self, code: str) -> str:
        near = nearest(code, self._known)
        return f"did you mean `{near}`?" if near else "known: " + ", ".join(sorted(self._known))
