"""What people read, in the JSON document: the same sentences and lines as in every other format."""

from typing import Any

from commetctl.core.impact import Touched
from commetctl.reading import Headline, Line, Reading


def reading_document(reading: Reading) -> dict[str, Any]:
    """The sentences, the lines, what their words mean, and the next command."""
    return {
        "summary": reading.summary,
        "headlines": [_headline(each) for each in reading.headlines],
        "lines": [_line(line) for line in reading.lines],
        "words": [{"word": each.word, "means": list(each.texts)} for each in reading.meanings],
        "next": reading.next or None,
    }


def _headline(headline: Headline) -> dict[str, Any]:
    document: dict[str, Any] = {"address": str(headline.address), "text": headline.text}
    if headline.when:
        document |= {"what": [feeling.value for feeling in headline.feelings], "when": headline.when.value}
    return document | (_subscriptions(headline.touched) if headline.touched else {})


def _subscriptions(touched: Touched) -> dict[str, Any]:
    return {
        "subscriptions": touched.count,
        "at_most": touched.at_most,
        "first": touched.first.isoformat() if touched.first else None,
        "last": touched.last.isoformat() if touched.last else None,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "address": str(line.address),
        "path": line.path,
        "action": line.action,
        "what": line.what,
        "before": line.before,
        "after": line.after,
        "gone": line.gone,
        "change": line.change,
        "when": line.when,
        "whom": line.whom,
        "first": line.first.isoformat() if line.first else None,
        "last": line.last.isoformat() if line.last else None,
        "where": line.where,
    }
