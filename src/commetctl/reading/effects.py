"""Effects on existing customers, as a short word beside a line and as the meaning of that word below."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from commetctl.core.change import Change
from commetctl.core.impact import Effect, When
from commetctl.core.resource import Address, noun
from commetctl.kinds import owner
from commetctl.reading.names import IMPLIED, field_label
from commetctl.review.review import Review

#: The word beside a line.
SHORT = {
    When.AT_ONCE: "at once",
    When.NEXT_PERIOD: "next period",
    When.AT_RENEWAL: "at renewal",
    When.NEW_ONLY: "new customers",
    When.NOT_AT_ALL: "no effect",
    When.UNKNOWN: "not known",
}
#: What the words mean where an effect says nothing more.
_PLAIN = {
    When.AT_ONCE: "in the current billing period",
    When.NEXT_PERIOD: "from the billing period after the current one",
    When.AT_RENEWAL: "for each subscription when it next renews",
    When.NEW_ONLY: "existing subscriptions keep what they have",
    When.NOT_AT_ALL: "nothing changes for existing customers",
    When.UNKNOWN: "Commet does not document when existing customers notice this",
}


@dataclass(frozen=True)
class Meaning:
    """What a word beside some lines means: `at renewal`, and for each subject a sentence."""

    word: str
    texts: tuple[str, ...]


def effects_of(review: Review, change: Change) -> list[Effect]:
    """The effects of a change that are worth showing: parts of a new object affect no existing customer."""
    if owner(change.address) in review.created - {change.address}:
        return []
    effects = review.effects.get(change.address, ())
    telling = [effect for effect in effects if effect.when is not When.NOT_AT_ALL or effect.text]
    return telling or list(effects[:1])


def effects_at(effects: Sequence[Effect], path: str, *, first: bool) -> tuple[Effect, ...]:
    """The effects of one field; the `first` line of a change has those of the whole object, which may be several."""
    own = tuple(effect for effect in effects if effect.path == path)
    return own or tuple(effect for effect in effects if first and not effect.path)


def meanings(shown: Iterable[tuple[Address, Effect]]) -> Iterator[Meaning]:
    """Each word that was shown, once, in the order of urgency, with what it means for what."""
    found: dict[When, dict[str, list[str]]] = {}
    for address, effect in shown:
        subjects = found.setdefault(effect.when, {}).setdefault(effect.text, [])
        if (name := _subject(address, effect)) not in subjects:
            subjects.append(name)
    for when in When:
        texts = found.get(when)
        if texts is None:
            continue
        if len(texts) == 1:
            yield Meaning(SHORT[when], tuple(text or _PLAIN[when] for text in texts))
        else:
            yield Meaning(
                SHORT[when],
                tuple(f"{', '.join(names)}: {text or _PLAIN[when]}" for text, names in texts.items()),
            )


def _subject(address: Address, effect: Effect) -> str:
    """What an effect is about: `plan price`, `included amount`."""
    return noun(address.kind) if not effect.path or effect.path in IMPLIED else field_label(effect.path)
