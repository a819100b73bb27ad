"""
Exercises: `check(exercise, answer)` says what is wrong, and never what is right.

No answer is stored anywhere. Each checker works the answer out from the tables of the
event at hand, so exercises hold on any event, and a student's copy has nothing to peek at.
The checkers live in `checks_words` (notebooks 00 to 02) and `checks_voices` (03 to 05).
"""

from collections.abc import Callable
from pathlib import Path
from textwrap import fill

import pandas as pd

from analysis.corpus import Event
from analysis.markup import make_visible
from analysis.study import Study, make_study
from analysis.tables import CorpusError

LINE = 88  # characters
Checker = Callable[[Study, object], "Feedback"]
CHECKERS: dict[str, Checker] = {}
_opened: dict[str, Study] = {}


class Feedback:
    """What `check` says; true where the answer is right."""

    def __init__(self, is_right: bool, sentence: str, *, status: str = "") -> None:
        """Keep the verdict and the sentence."""
        self.is_right = is_right
        self.status = status or ("Right." if is_right else "Not yet.")
        self.sentence = make_visible(sentence)

    def __bool__(self) -> bool:
        """Return whether the answer is right."""
        return self.is_right

    def __str__(self) -> str:
        """Return the verdict and the sentence."""
        return f"{self.status} {self.sentence}"

    def __repr__(self) -> str:
        """Return both in lines that a notebook does not break inside a word."""
        return fill(str(self), LINE, break_long_words=False, break_on_hyphens=False)


class NotPossible(Exception):
    """This event lacks what the exercise needs; the message says what."""


class Wrong(Exception):
    """The answer is wrong; the message says what to look at."""


def right(sentence: str) -> Feedback:
    """Say that an answer is right, and what it shows."""
    return Feedback(True, sentence)


def wrong(sentence: str) -> Feedback:
    """Say what is wrong with an answer, without giving the right one away."""
    return Feedback(False, sentence)


def exercise(number: str) -> Callable[[Checker], Checker]:
    """Register the function that checks an exercise."""
    def register(checker: Checker) -> Checker:
        CHECKERS[number] = checker
        return checker
    return register


def open_exercises(source: Study | Event | str | Path = "summit") -> Study:
    """Make the tables of an event ready; `check` then asks about this event. Returns them."""
    _opened["study"] = source if isinstance(source, Study) else make_study(source)
    return _opened["study"]


def check(number: str, answer: object = ..., *, study: Study | None = None) -> Feedback:
    """
    Check the answer to an exercise: say whether it is right, and if not, what to look at.

    The event is that of `open_exercises`, the summit by default. Anything may be given as
    an answer: nothing raises but an unknown `number`, for which ValueError lists the known.
    """
    from analysis.teaching import checks_voices, checks_words  # noqa: F401

    if number not in CHECKERS:
        raise ValueError(f"there is no exercise {number!r}; there are "
                         f"{', '.join(sorted(CHECKERS))}")
    if is_blank(answer):
        return Feedback(False, "Put your answer where the three dots are, and run the cell "
                        "again.", status="No answer yet.")
    study = study or _opened.get("study") or open_exercises()
    try:
        return CHECKERS[number](study, answer)
    except Wrong as error:
        return wrong(str(error))
    except NotPossible as lack:
        return Feedback(False, f"{lack} Try this exercise on the summit.", status="Not here.")
    except (TypeError, ValueError, KeyError, AttributeError, IndexError, CorpusError,
            OverflowError) as error:
        return wrong(f"This answer could not be read ({type(error).__name__}). Compare its form "
                     "with the example in the question: text in quotation marks, several parts in "
                     "round brackets with commas between them.")


def is_blank(answer: object) -> bool:
    """Say whether nothing has been filled in: ..., None, an empty text, or parts that are."""
    if answer is ... or answer is None or (isinstance(answer, str) and not answer.strip(" .")):
        return True
    parts = answer.values() if isinstance(answer, dict) else answer
    return isinstance(answer, tuple | list | dict) and all(map(is_blank, parts))


def need(table: pd.DataFrame | list, what: str) -> None:
    """Raise NotPossible where there is nothing to ask about."""
    if not len(table):
        raise NotPossible(f"This event has no {what}.")


def need_article(study: Study, name: object) -> None:
    """Raise Wrong where `name` is no article of the event."""
    if name not in set(study.articles["article_id"]):
        raise Wrong(f"There is no article called {name!r}. Copy a name exactly, with its hyphens "
                    "and in quotation marks, from the first column of the table.")


def read_place(study: Study, answer: object) -> tuple[str, int, int]:
    """Return (article, start, end); raise Wrong where the answer is no such place."""
    if not isinstance(answer, tuple | list) or len(answer) != 3:
        raise Wrong('Write three things in round brackets: ("name-of-article", start, end).')
    article, start, end = answer
    need_article(study, article)
    length = len(text_of(study, article))
    start, end = int(start), int(end)
    if not 0 <= start < end <= length:
        raise Wrong("That is no stretch of the article: start must be smaller than end, and both "
                    f"between 0 and {length:,}.")
    return article, start, end


def text_of(study: Study, article: str) -> str:
    """Return the text of an article."""
    return study.articles.set_index("article_id")["text"][article]


def shorten(text: str, limit: int = 70) -> str:
    """Return a stretch of text on one line, cut in the middle if it is long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else f"{flat[:limit // 2]} … {flat[-limit // 3:]}"
