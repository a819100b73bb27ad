"""Checkers of the exercises of notebooks 03, 04 and 05: quotations, frames, voices."""

import hashlib
import re

import pandas as pd

from analysis.frames import Frame, Lexicon, find_mentions, make_frame
from analysis.rates import keep_counted
from analysis.study import Study
from analysis.tables import CorpusError, spans
from analysis.teaching.exercises import (
    Feedback,
    NotPossible,
    exercise,
    need,
    need_article,
    right,
    shorten,
    text_of,
    wrong,
)
from analysis.voices import VOICES

SUSPECTS = 8
_MARK = re.compile("[“”\"«»„]|(?<!\\w)[‘']|[’'](?!\\w)")


@exercise("03.1")
def most_quoted(study: Study, answer: object) -> Feedback:
    """Check the speaker with the most attributions."""
    counts = study.quotes["speaker"].value_counts()
    need(counts, "quotation with a speaker")
    if answer not in counts:
        return wrong(f"Nobody is called {answer!r} in the column 'speaker'. Copy the name as it "
                     "stands there, in quotation marks.")
    n = int(counts[answer])
    if n < counts.max():
        return wrong(f"{answer} is quoted {n} times, and somebody else more often. Count all "
                     "articles together.")
    return right(f"{answer} is quoted {n} times. Being quoted often is not being believed: look at "
                 "the verbs used to report it.")


def make_suspects(study: Study) -> pd.DataFrame:
    """
    Return a few attributions of which one has been spoilt: it names the wrong source.

    One row per attribution: `row` (from 1), `article_id`, `says` (the source as claimed),
    `source_start`, `source_end` (where the text names it) and `words` (what is said). Which
    row is spoilt depends on the event alone. No row where there are fewer than two sources.
    """
    quotes = study.quotes.dropna(subset=["source_span", "source_text"]).copy()
    names = sorted(quotes["source_text"].unique())
    if len(names) < 2:
        return pd.DataFrame(columns=["row", "article_id", "says", "source_start", "source_end",
                                     "words"])
    order = [hashlib.sha256(f"{a}{q}".encode()).digest() for a, q in
             quotes[["article_id", "quote_id"]].to_numpy()]
    kept = quotes.assign(order=order).sort_values("order").head(SUSPECTS)
    at = kept["order"].iloc[0][0] % len(kept)
    kept = kept.sort_values(["article_id", "quote_id"])
    says = list(kept["source_text"])
    says[at] = names[(names.index(says[at]) + 1) % len(names)]
    places = [spans(span)[0] for span in kept["source_span"]]
    words = [shorten(" … ".join(text_of(study, a)[s:e] for s, e in spans(c)))
             for a, c in kept[["article_id", "content_spans"]].to_numpy()]
    return pd.DataFrame({
        "row": range(1, len(kept) + 1), "article_id": list(kept["article_id"]), "says": says,
        "source_start": [start for start, _ in places], "source_end": [end for _, end in places],
        "words": words})


@exercise("03.2")
def misattribution(study: Study, answer: object) -> Feedback:
    """Check the number of the row of `make_suspects` that names the wrong source."""
    suspects = make_suspects(study).set_index("row")
    need(suspects, "two named sources")
    number = int(answer)
    if number not in suspects.index:
        return wrong(f"There is no row {number}; the rows are 1 to {len(suspects)}.")
    row = suspects.loc[number]
    cut = text_of(study, row["article_id"])[row["source_start"]:row["source_end"]]
    if cut == row["says"]:
        return wrong(f"Row {number} is sound: the text at its place does say '{cut}'. Do the same "
                     "for another row: cut out the place, and compare.")
    return right(f"Row {number} claims '{row['says']}', but the text at that place says '{cut}'. A "
                 "claim with a place can be checked; one without must be believed.")


@exercise("03.3")
def report_without_marks(study: Study, answer: object) -> Feedback:
    """Check (article, quote_id) of reported speech of ten words or more without any marks."""
    need(study.quotes, "quotation")
    quotes = study.quotes.set_index(["article_id", "quote_id"])
    fits = {key: _bare(study, key[0], row["content_spans"]) for key, row in quotes.iterrows()}
    if answer == "none":
        return right("There is none in this event.") if not any(fits.values()) else wrong(
            "There is at least one. Look at the rows of type 'indirect'.")
    if not isinstance(answer, tuple | list) or tuple(answer) not in fits:
        return wrong("Write an article and a quote_id of one row in round brackets: "
                     '("name-of-article", "quote-id").')
    row = quotes.loc[tuple(answer)]
    if fits[tuple(answer)]:
        who = "Somebody" if pd.isna(row["speaker"]) else row["speaker"]
        return right(f"{who} is reported here without any quotation marks. Whoever looks for marks "
                     "only would give these words to the author.")
    if row["type"] != "indirect":
        return wrong(f"That one is {row['type']}: some of its words stand in quotation marks.")
    return wrong("That one has no marks, but fewer than ten words. Look for a longer one.")


def _bare(study: Study, article: str, content: str) -> bool:
    said = " ".join(text_of(study, article)[s:e] for s, e in spans(content))
    return len(said.split()) >= 10 and not _MARK.search(said)


@exercise("04.1")
def two_sentences(study: Study, answer: object) -> Feedback:
    """Check (fooled, missed): a sentence with a term, and one without any."""
    need(study.frames, "frames")
    if not isinstance(answer, tuple | list) or len(answer) != 2 or not all(
            isinstance(part, str) for part in answer):
        return wrong('Write two sentences in round brackets: ("the first", "the second").')
    lexicon = Lexicon(study.frames)
    fooled, missed = ([h for h in lexicon.find(part) if not h.excluded] for part in answer)
    for part in answer:
        if not 4 <= len(part.split()) <= 30:
            return wrong(f"'{shorten(part, 40)}' has {len(part.split())} words; write whole "
                         "sentences of 4 to 30.")
        if part.strip() in " ".join(study.articles["text"]):
            return wrong(f"'{shorten(part, 40)}' stands in an article. Write one of your own.")
    if not fooled:
        return wrong("The program finds no term in your first sentence, so it was not fooled. Take "
                     "a word from the list and use it about something else.")
    if missed:
        return wrong(f"The program finds '{missed[0].term}' in your second sentence, so it did not "
                     "miss it. Say the same thing without any word of the list.")
    return right(f"The program counts '{fooled[0].term}' ({fooled[0].frame}) in the first and "
                 "nothing in the second. A machine cannot judge what they mean: read both to your "
                 "neighbour, without the label, and ask.")


@exercise("04.2")
def heaviest_term(study: Study, answer: object) -> Feedback:
    """Check a prediction: the term whose loss would cost the first frame the most mentions."""
    need(study.frames, "frames")
    name = study.contrast[0]
    frame = next(f for f in study.frames if f.name == name)
    counted = keep_counted(study.mentions)
    counts = counted.loc[counted["frame"] == name, "term"].value_counts()
    need(counts, f"mention of '{name}'")
    term = _entry(frame, str(answer))
    if term is None:
        return wrong(f"{answer!r} is not a term of '{name}'. Take one from its list.")
    n = int(counts.get(term, 0))
    if n < counts.max():
        return wrong(f"Without '{term}' the frame would lose {n} of {counts.sum()} mentions; "
                     "another term costs it more. A word may be strong and still be rare.")
    return right(f"'{term}' makes {n} of the {counts.sum()} mentions of '{name}'. If that one word "
                 "is read wrongly, so is the result: check its sentences first.")


def list_terms(study: Study) -> list[str]:
    """List the terms of the first frame of the contrast, by alphabet; none without frames."""
    return sorted(term.term for frame in study.frames for term in frame.terms
                  if frame.name == study.contrast[0])


def _entry(frame: Frame, answer: str) -> str | None:
    wanted = answer.strip().lower()
    return next((t.term for t in frame.terms
                 if wanted in (t.term.lower(), *(f.lower() for f in t.forms))), None)


@exercise("04.3")
def frame_of_ones_own(study: Study, answer: object) -> Feedback:
    """Check a frame given as a dict: name, definition, terms, matches, non_matches."""
    if not isinstance(answer, dict):
        return wrong("Keep the curly brackets of the example, and fill in the five fields.")
    lacking = [f for f in ("name", "definition", "terms", "matches", "non_matches")
               if not answer.get(f)]
    if lacking:
        return wrong(f"The field '{lacking[0]}' is empty. Fill it in.")
    terms = [str(term) for term in answer["terms"]] if not isinstance(answer["terms"], str) else []
    if len(set(terms)) < 3:
        return wrong("Give at least three different terms, as a list of texts in square brackets.")
    if len(str(answer["definition"]).split()) < 5:
        return wrong("Say in at least five words what the frame means. Two people should be able "
                     "to code with it and agree.")
    try:
        made = make_frame({"name": str(answer["name"]), "definition": str(answer["definition"]),
                           "source": "an exercise", "terms": [{"term": t} for t in terms],
                           "matches": list(answer["matches"]),
                           "non_matches": list(answer["non_matches"])})
    except CorpusError as error:
        return wrong(f"Your frame {error}.")
    return _try_frame(study, made)


def _try_frame(study: Study, made: Frame) -> Feedback:
    lexicon = Lexicon([made])
    for wanted, examples in ((True, made.matches), (False, made.non_matches)):
        for text in examples:
            if bool(lexicon.find(text)) != wanted:
                said = "should match, and does not" if wanted else "should not match, and does"
                return wrong(f"Your example '{shorten(text)}' {said}. Mend the terms, or the "
                             "example.")
    found = find_mentions(study.articles, [made], sentences=study.sentences)
    share = found["sentence"].nunique() and len(
        found.drop_duplicates(["article_id", "sentence"])) / max(1, len(study.sentences))
    if found.empty:
        return wrong("None of your terms is in any article. Look at the word lists of notebook 02 "
                     "for words that are really used, or try a * at the end of a word.")
    if share > 0.5:
        return wrong("Your terms are in more than half of all sentences. A frame that is "
                     "everywhere tells nothing apart: drop the most common term.")
    articles = f"{found['article_id'].nunique()} of {len(study.articles)} articles"
    return right(f"'{made.name}' is found {len(found)} times in {articles}. Now read those "
                 "sentences. How many did you mean?")


@exercise("05.1")
def voice_of_the_frame(study: Study, answer: object) -> Feedback:
    """Check a prediction: the voice with the most sentences of the first frame."""
    need(study.frames, "frames")
    name = study.contrast[0]
    n = study.rates[study.rates["frame"] == name].groupby("voice")["sentences"].sum()
    if answer not in VOICES:
        return wrong(f"{answer!r} is not a voice; the voices are {', '.join(VOICES)}.")
    if not n.sum():
        raise NotPossible(f"This event has no mention of '{name}'.")
    if n.get(answer, 0) < n.max():
        return wrong(f"The voice '{answer}' has {n.get(answer, 0)} of {n.sum()} sentences with "
                     f"'{name}'; another voice has more. Who would gain from this frame?")
    return right(f"'{answer}' has {n.max()} of {n.sum()} sentences with '{name}'. A bare count of "
                 "words would not have told you whose they are.")


@exercise("05.2")
def article_that_matters_most(study: Study, answer: object) -> Feedback:
    """Check the article without which the share of the first frame would move the most."""
    need(study.frames, "frames")
    need_article(study, answer)
    moves = share_without(study)
    if moves.isna().all():
        raise NotPossible("This event has too few mentions of its frames.")
    mine = moves.get(answer)
    if pd.isna(mine) or mine < moves.max() - 1e-12:
        moved = "cannot be worked out" if pd.isna(mine) else f"moves by {100 * mine:.1f} points"
        return wrong(f"Without '{answer}' the share {moved}. Leaving out another article moves it "
                     "more. Think of one that is long, or one that is unlike the rest.")
    return right(f"Without '{answer}' the share of '{study.contrast[0]}' moves by {100 * mine:.1f} "
                 f"points. With {len(study.articles)} articles one of them can carry a finding, so "
                 "say what is left when it is gone.")


def share_without(study: Study) -> pd.Series:
    """Return how far the share of the first frame moves when each article is left out."""
    n = study.rates.groupby(["article_id", "frame"])["sentences"].sum().unstack(fill_value=0)
    first, total = n[study.contrast[0]], n.sum(axis=1)
    rest = (total.sum() - total).where(lambda left: left > 0)
    return ((first.sum() - first) / rest - first.sum() / max(1, total.sum())).abs()


@exercise("05.3")
def lowest_possible_p(study: Study, answer: object) -> Feedback:
    """Check the lowest p that one article set against the others can reach."""
    n = len(study.articles)
    given, wanted = float(answer), 1 / n
    if abs(given - wanted) < 0.005:
        return right(f"1 of {n} ways to pick the odd one out: p can never be below {wanted:.2f}. "
                     "Articles are too few for such a test; sentences are many, but they are not "
                     "independent of each other.")
    if given == 0.05:
        return wrong("0.05 is a custom, not a property of these articles. Count in how many ways "
                     "one article can be picked as the odd one out.")
    if not 0 < given <= 1:
        return wrong("p is a share: it lies above 0 and is at most 1.")
    return wrong(f"Not {given:g}. Shuffle the label 'odd one out' over the {n} articles: how many "
                 "results are there, and how many are as extreme as the real one?")

