"""What people read of a review, worked out once for every format: sentences, lines, revenue, and what the words mean.

A renderer lays these out and decides nothing.
"""

from commetctl.reading.headlines import Headline
from commetctl.reading.lines import Line
from commetctl.reading.reading import Group, Reading, Refusal, reading_of

__all__ = ["Group", "Headline", "Line", "Reading", "Refusal", "reading_of"]
