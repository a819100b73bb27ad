"""
A frame and its terms, and where they stand in a string: the text layer of `frames`.
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from analysis.contexts import Context, find_negation, fits
from analysis.matching import Matcher, as_form, fold


class Term(NamedTuple):
    """
    An entry of a frame: its forms, the rule of the codebook it serves, its exclusions.

    `names_event` if its words are also the ordinary name of the event ("the pact").
    """

    term: str
    forms: tuple[str, ...]
    rule: str
    exclude: tuple[Context, ...] = ()
    names_event: bool = False


class Frame(NamedTuple):
    """A frame: what it asks, where it comes from, its terms and examples."""

    name: str
    label: str
    question: str
    definition: str
    source: str
    terms: tuple[Term, ...]
    negators: frozenset[str] = frozenset()
    yields_to: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    non_matches: tuple[str, ...] = ()
    file: str = ""


class Hit(NamedTuple):
    """A term in a string: `text[start:end]`, its frame and entry, and the trace."""

    start: int
    end: int
    frame: str
    term: str
    sentence: int
    negated: bool
    presupposed: bool
    excluded: bool
    names_event: bool
    rule: str


class Lexicon:
    """Frames made ready to be found in texts; makes the patterns once."""

    def __init__(self, frames: Sequence[Frame]) -> None:
        """Compile the terms of all `frames`."""
        self.frames = tuple(frames)
        self._terms = [{as_form(form): term for term in frame.terms for form in term.forms}
                       for frame in frames]
        self._matcher = Matcher([list(forms) for forms in self._terms])

    def find(self, text: str, sentences: Sequence[tuple[int, int]] | None = None) -> list[Hit]:
        """
        Find every term in `text`, in text order; those outside all `sentences` are left out.

        Without `sentences` the text counts as one.
        """
        folded = fold(text)
        spans = [(0, len(text))] if sentences is None else sentences
        begins, hits = [start for start, _ in spans], []
        for start, end, owner, form in self._matcher.find(text, folded):
            number = bisect_right(begins, start) - 1
            if number >= 0 and end <= spans[number][1]:
                hits.append(self._judge(folded, (start, end), owner, form, (number, spans[number])))
        return hits

    def _judge(self, folded: str, at: tuple[int, int], owner: int, form: str,
               sentence: tuple[int, tuple[int, int]]) -> Hit:
        """Look at what stands around a place, and write down what was seen."""
        frame, term = self.frames[owner], self._terms[owner][form]
        number, span = sentence
        negation = find_negation(folded, span[0], at[0], more=frame.negators)
        context = None
        for candidate in term.exclude:
            if fits(candidate, folded, span, at):
                context = candidate
                break
        trace = f"{term.rule}: {form}" if term.rule else form
        trace += "; may only name the event" * term.names_event
        if negation:
            trace += f"; negated by '{negation.cue}'" + " (presupposed)" * negation.presupposed
        if context:
            trace += f"; excluded: {context.reason}"
        return Hit(*at, frame.name, term.term, number, negation is not None,
                   negation is not None and negation.presupposed, context is not None,
                   term.names_event, trace)


@lru_cache(maxsize=16)
def make_lexicon(frames: tuple[Frame, ...]) -> Lexicon:
    """Make frames ready to be found; the same frames are made ready once."""
    return Lexicon(frames)
