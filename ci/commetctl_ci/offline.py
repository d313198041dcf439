"""What a pull request without a key is compared by: the options of a plan that decide what a catalog is."""

from collections.abc import Iterator, Sequence
from itertools import islice

#: Options of `plan` and `apply` that `diff` lacks, as they are about an account or a run: alone, and with a value.
ALONE = ("--impact", "--no-impact", "--live", "--dry-run", "--timeline")
VALUED = (
    *("--target", "--replace", "--allow", "--allow-delete", "--at"),
    *("--api-url", "--api-key-file", "--parallelism", "--journal"),
)
#: An option whose value may be left out.
EITHER = ("--local",)
#: Options that decide what `validate` says, too: alone, and with a value.
CHECKED_ALONE, CHECKED_VALUED = ("--strict",), ("--env", "--api-version")


def comparable(words: Sequence[str]) -> list[str]:
    """The words without those options: what remains is `--env`, `--prune`, `--strict`, and what is not known here."""
    return [word for word, ours in _sorted(words) if ours]


def checkable(words: Sequence[str]) -> list[str]:
    """The words that `validate` takes of the options of a plan: those that decide what a valid catalog is."""
    kept: list[str] = []
    rest = iter(comparable(words))
    for word in rest:
        name, equals, _ = word.partition("=")
        if name in (*CHECKED_ALONE, *CHECKED_VALUED):
            kept += [word, *(islice(rest, 1) if name in CHECKED_VALUED and not equals else ())]
    return kept


def left_out(words: Sequence[str]) -> list[str]:
    """The words of those options."""
    return [word for word, ours in _sorted(words) if not ours]


def _sorted(words: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Each word, and whether it is for a comparison too."""
    rest = iter(range(len(words)))
    for place in rest:
        name, equals, _ = words[place].partition("=")
        following = words[place + 1 : place + 2]
        ours = name not in (*ALONE, *VALUED, *EITHER)
        yield words[place], ours
        valued = name in VALUED or (name in EITHER and bool(following) and not following[0].startswith("-"))
        if not ours and valued and not equals and following:
            yield words[next(rest)], False
