"""What people allowed in their reviews of a pull request: guards to override, for the commit that they approved.

A line `commetctl: allow price_change` counts if it stands in an approval

- of the last commit of the pull request, so that another push voids it;
- by a person, other than the author, who may push to the repository, which GitHub says of each review;
- that nobody but that person has edited, since whoever may push can edit the reviews of others;
- that was given before the merge, for the branch that it is merged into, and that is the last word of that person.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from commetctl_ci.github import GitHub
from commetctl_ci.origin import Row, at
from commetctl_ci.trouble import Trouble

#: The guards that commetctl takes with `--allow`.
GUARDS = ("scale", "price_change", "deletes", "updates", "notice")
_LINE = re.compile(r"`?commetctl:? (?P<verb>allow|allow-delete|replace)(?P<words>( [^`]*)?)`?")
#: No option, and nothing that Markdown or a shell would take for more than a word.
_ADDRESS = re.compile(r"[a-z_]+\.[\w./-]+", re.ASCII)
_LOGIN = re.compile(r"[\w-]+", re.ASCII)
#: Where Markdown ends a line. Characters such as U+2028 end none: a quote goes on after them.
_LINE_END = re.compile(r"\r\n|\r|\n")
_HIDDEN = re.compile(r"<!--.*?(-->|\Z)", re.DOTALL)
#: The states of a review that is somebody's last word.
_DECISIVE = ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")
_PAGES = 20
_QUERY = """\
query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      mergedAt
      author { login }
      timelineItems(last: 1, itemTypes: [BASE_REF_CHANGED_EVENT, AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT]) {
        nodes {
          ... on BaseRefChangedEvent { createdAt }
          ... on AutomaticBaseChangeSucceededEvent { createdAt }
        }
      }
      reviews(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          state
          body
          submittedAt
          lastEditedAt
          authorCanPushToRepository
          author { __typename login }
          editor { login }
          commit { oid }
        }
      }
    }
  }
}
"""


@dataclass(frozen=True)
class Consent:
    """The options of commetctl that were allowed, and what to tell about them, in Markdown."""

    words: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def consent(hub: GitHub, number: int, head: str) -> Consent:
    """What the reviews of a pull request allow for the commit `head`. Raises Trouble where GitHub does not say."""
    words: list[str] = []
    notes: list[str] = []
    for login, body in _approvals(hub, number, head):
        found, wrong = _allowed(body)
        words += [word for option in found for word in option]
        if found:
            said = ", ".join(f"`{' '.join(option)}`" for option in found)
            notes.append(f"**Allowed by `{login}`**, who approved commit {head}: {said}.")
        notes += [f"The approval of `{login}` does not count as consent: {reason}." for reason in wrong]
    return Consent(tuple(words), tuple(notes))


def _allowed(body: str) -> tuple[list[tuple[str, str]], list[str]]:
    """The options that a review allows, and what is wrong with its lines; one that is wrong makes all of them void."""
    found: list[tuple[str, str]] = []
    wrong: list[str] = []
    for line in _LINE_END.split(_HIDDEN.sub("", body)):
        if not (match := _LINE.fullmatch(line.strip())):
            continue
        words = match["words"].replace(",", " ").split()
        if not words:
            wrong.append("one of its lines names nothing to allow")
        for word in words:
            if match["verb"] == "allow" and word not in GUARDS:
                wrong.append(f"it names an unknown guard; there are {', '.join(f'`{name}`' for name in GUARDS)}")
            elif match["verb"] != "allow" and not _ADDRESS.fullmatch(word):
                wrong.append("it names something else than the address of an object, such as `plan.old`")
            else:
                found.append((f"--{match['verb']}", word))
    return ([] if wrong else list(dict.fromkeys(found))), list(dict.fromkeys(wrong))


def _approvals(hub: GitHub, number: int, head: str) -> Iterator[tuple[str, str]]:
    """Who approved the commit, with the text of each approval that counts."""
    pull, reviews = _read(hub, number)
    last: dict[str, Row] = {}
    for review in sorted(reviews, key=lambda row: str(row.get("submittedAt") or "")):
        login = str(at(review, "author", "login") or "")
        if review.get("state") in _DECISIVE and _LOGIN.fullmatch(login):
            last[login] = review
    author = str(at(pull, "author", "login") or "").lower()
    for login, review in last.items():
        if login.lower() != author and _counts(review, login, head) and _in_time(review, pull):
            yield login, str(review.get("body") or "")


def _counts(review: Row, login: str, head: str) -> bool:
    """Whether a review is an approval of the commit, in the words of a person who may push."""
    return (
        review.get("state") == "APPROVED"
        and at(review, "commit", "oid") == head
        and review.get("authorCanPushToRepository") is True
        and at(review, "author", "__typename") == "User"
        and (not review.get("lastEditedAt") or at(review, "editor", "login") == login)
    )


def _in_time(review: Row, pull: Row) -> bool:
    """Whether a review is from before the merge, and from after the last change of the base branch.

    GitHub writes all times in one form, which sorts as text.
    """
    submitted = str(review.get("submittedAt") or "")
    latest = max(submitted, str(review.get("lastEditedAt") or ""))
    merged = str(pull.get("mergedAt") or "")
    retargeted = [str(at(row, "createdAt") or "") for row in at(pull, "timelineItems", "nodes")]
    return bool(submitted) and (not merged or latest <= merged) and all("" < time < submitted for time in retargeted)


def _read(hub: GitHub, number: int) -> tuple[Row, list[Row]]:
    """A pull request and all its reviews."""
    owner, _, name = hub.repository.partition("/")
    found: list[Row] = []
    after = None
    for _ in range(_PAGES):
        answer = hub.graphql(_QUERY, owner=owner, name=name, number=number, after=after)
        pull = at(answer, "repository", "pullRequest")
        reviews, page = at(pull, "reviews", "nodes"), at(pull, "reviews", "pageInfo")
        changes = at(pull, "timelineItems", "nodes")
        # A part that the token may not read is null.
        if not isinstance(page, dict) or not (_is_whole(reviews) and _is_whole(changes)):
            raise Trouble(f"GitHub does not say who reviewed pull request #{number}", 403)
        found += reviews
        if page.get("hasNextPage") is not True:
            return pull, found
        after = page.get("endCursor")
    raise Trouble(f"pull request #{number} has more than {_PAGES} pages of reviews")


def _is_whole(rows: Any) -> bool:
    """Whether a list in an answer has all its objects."""
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
