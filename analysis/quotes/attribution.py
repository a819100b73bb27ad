"""The record every engine of the quotes package returns: one attribution in one text."""
from typing import NamedTuple

Span = tuple[int, int]


class Attribution(NamedTuple):
    """
    Hold one attribution: what is reported, who said it, and by which words.

    Spans are half-open code-point offsets into the text: `text[start:end]` is
    the thing itself. `content` is in text order and never empty; it has several
    spans where the quotation is split round its cue.
    """

    content: tuple[Span, ...]
    source: Span | None
    cue: Span | None
    type: str  # direct | mixed | indirect
    act: str  # speech | other (attitudes, plans, votes)
    score: float  # calibrated probability that content (IoU >= .5) and source are right
    rule: str  # which rule or model stage produced it
