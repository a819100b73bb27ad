"""Checkers of the exercises of notebooks 00, 01 and 02: places, words, topics."""

import numpy as np
import pandas as pd

from analysis.keyness import log_ratio, log_ratio_interval
from analysis.similarity import compare_documents
from analysis.study import Study
from analysis.teaching.exercises import (
    Feedback,
    exercise,
    need,
    need_article,
    read_place,
    right,
    shorten,
    text_of,
    wrong,
)
from analysis.text import word_spans

LONG_WORD = 5
MOST_WORDS = 10


@exercise("00.1")
def longest_article(study: Study, answer: object) -> Feedback:
    """Check the name of the article with the most words."""
    words = study.tokens["article_id"].value_counts()
    need_article(study, answer)
    if words.get(answer, 0) < words.max():
        longer = int((words > words.get(answer, 0)).sum())
        return wrong(f"'{answer}' has {words.get(answer, 0):,} words, and {longer} of the articles "
                     "have more. Look down the column of words for the largest number.")
    return right(f"'{answer}' has {words.max():,} words. A long article has more of everything, "
                 "which is why we compare rates and shares, not bare counts.")


@exercise("00.2")
def commoner_frame(study: Study, answer: object) -> Feedback:
    """Check a prediction: the frame found in the most sentences."""
    need(study.frames, "frames")
    names = study.contrast
    if answer not in names:
        return wrong(f"{answer!r} is not the name of a frame here; the frames are "
                     f"{' and '.join(names)}. Write one of them in quotation marks.")
    n = study.rates.groupby("frame")["sentences"].sum()
    if n[answer] < n.max():
        return wrong(f"Your prediction did not hold: '{answer}' is found {n[answer]} times, which "
                     "is not the most. Before you change it, write down why you expected it. The "
                     "surprise is the point of predicting.")
    return right(f"'{answer}' is found most often: {n[answer]} of {n.sum()}. But are the words the "
                 "authors' own? Notebook 05 asks that.")


@exercise("00.3")
def place_of_a_mention(study: Study, answer: object) -> Feedback:
    """Check (article, start, end) of any mention of a frame that is counted."""
    need(study.mentions, "mention of a frame")
    article, start, end = read_place(study, answer)
    here = study.mentions[study.mentions["article_id"] == article]
    hit = here[(here["start"] == start) & (here["end"] == end)]
    cut = shorten(text_of(study, article)[start:end])
    if len(hit):
        return right(f"The text from {start} to {end} is '{cut}', a term of the frame "
                     f"'{hit['frame'].iloc[0]}'. Every number here leads to such places.")
    if ((here["start"] < end) & (start < here["end"])).any():
        return wrong(f"Nearly: your stretch is '{cut}'. It touches a term, but begins or ends "
                     "somewhere else. The end is the number *after* the last character.")
    return wrong(f"Your stretch is '{cut}', and no term of a frame stands there. Take start and "
                 "end from one and the same row of the mentions, and the article as well.")


@exercise("01.1")
def amount_of_furniture(study: Study, answer: object) -> Feedback:
    """Check the number of paragraphs of furniture."""
    kinds = study.paragraphs["kind"].value_counts()
    wanted, given = int(kinds.get("furniture", 0)), float(answer)
    if given == wanted:
        return right(f"{wanted} of {kinds.sum()} paragraphs are furniture. They are marked, not "
                     "cut, so you can always look at what was left out.")
    if wanted != given == kinds.sum() - kinds.get("body", 0):
        return wrong("You have counted every paragraph that is not body text. Titles and headings "
                     "belong to the article; leave them out.")
    if given == study.paragraphs.query("kind == 'furniture'")["article_id"].nunique():
        return wrong("That is the number of articles that have furniture. Count the paragraphs.")
    return wrong(f"{given:g} is too {'many' if given > wanted else 'few'}. Add up the column "
                 "'furniture' over all articles.")


@exercise("01.2")
def text_that_counts_otherwise(study: Study, answer: object) -> Feedback:
    """Check a short text in which our words and words between spaces differ in number."""
    if not isinstance(answer, str):
        return wrong("Write a text in quotation marks.")
    spaced, ours = len(answer.split()), len(word_spans(answer))
    if spaced > MOST_WORDS:
        return wrong(f"Keep it to {MOST_WORDS} words between spaces; yours has {spaced}.")
    if spaced == ours:
        return wrong(f"Both ways count {ours}. Where could a mark stand *between* two words "
                     "without a space, or stand alone and be no word at all?")
    return right(f"Between spaces there are {spaced}, by our rule {ours}. Neither is wrong. A "
                 "study must say which rule it used.")


@exercise("01.3")
def place_of_longest_sentence(study: Study, answer: object) -> Feedback:
    """Check (article, start, end) of the sentence with the most words."""
    need(study.tokens, "words")
    article, start, end = read_place(study, answer)
    sizes = study.sentences.merge(
        study.tokens.groupby(["article_id", "sentence"]).size().rename("words").reset_index())
    mine = sizes[(sizes["article_id"] == article) & (sizes["start"] == start)]
    if mine.empty:
        return wrong(f"No sentence begins at {start} in '{article}'. Take start and end from one "
                     "row of the table of sentences.")
    if mine["end"].iloc[0] != end:
        tail = text_of(study, article)[max(start, end - 20):end]
        return wrong(f"A sentence begins there but ends elsewhere; yours ends in '{tail}'. The end "
                     "is the number *after* the last character.")
    words = int(mine["words"].iloc[0])
    if words < sizes["words"].max():
        return wrong(f"That sentence has {words} words; some sentence has more. Count words, not "
                     "characters.")
    return right(f"{words} words. A long sentence can hold both frames, and it still counts once "
                 "for each.")


@exercise("02.1")
def word_of_every_article(study: Study, answer: object) -> Feedback:
    """Check a word of at least five letters that every article has."""
    spread = study.tokens.groupby("term")["article_id"].nunique()
    total = len(study.articles)
    shared = [term for term in spread[spread == total].index if len(term) >= LONG_WORD]
    term = str(answer).strip().lower().replace("’", "'")
    if term == "none":
        return right("No word of this length is in all articles.") if not shared else wrong(
            "There is such a word. Sort the words by the number of articles they are in.")
    if len(term) < LONG_WORD:
        return wrong(f"'{term}' is too short: take one of {LONG_WORD} letters or more, so that it "
                     "is not just grammar.")
    if spread.get(term, 0) < total:
        return wrong(f"'{term}' is in {spread.get(term, 0)} of {total} articles. If it surprises "
                     "you, look for other forms of the word: we count forms, not meanings.")
    return right(f"'{term}' is in all {total}. So its idf is the lowest there is, and TF-IDF plays "
                 "it down: what everybody says tells no article from another.")


@exercise("02.2")
def closest_pair(study: Study, answer: object) -> Feedback:
    """Check a prediction: the two articles with the highest cosine."""
    if len(study.articles) < 2:
        return wrong("This event has one article, so there is no pair.")
    if not isinstance(answer, tuple | list | set) or len(set(answer)) != 2:
        return wrong('Write two different articles in round brackets: ("this-one", "that-one").')
    for name in answer:
        need_article(study, name)
    pairs = compare_documents(study.tokens).dropna(subset=["cosine"])
    ranks = pairs["cosine"].rank(ascending=False, method="min")
    mine = pairs.apply(lambda row: {row["document_a"], row["document_b"]} == set(answer), axis=1)
    if not mine.any():
        return wrong("One of these two has no words to compare.")
    rank, cosine = int(ranks[mine].iloc[0]), float(pairs.loc[mine, "cosine"].iloc[0])
    if rank > 1:
        return wrong(f"Their cosine is {cosine:.2f}; that is place {rank} of {len(pairs)} pairs. "
                     "What made you think of these two: their subject, or their opinion? Cosine "
                     "sees shared words only.")
    return right(f"Their cosine is {cosine:.2f}, the highest of {len(pairs)} pairs. It says that "
                 "they share words; they may still disagree.")


@exercise("02.3")
def typical_word_that_is_not(study: Study, answer: object) -> Feedback:
    """Check (article, word): at least twice as frequent there, and yet not distinguishable."""
    if len(study.articles) < 2:
        return wrong("This event has one article, so there is nothing to compare it with.")
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        return wrong('Write an article and a word in round brackets: ("name-of-article", "word").')
    article, term = answer[0], str(answer[1]).strip().lower().replace("’", "'")
    need_article(study, article)
    inside = study.tokens["article_id"] == article
    found = pd.Series(study.tokens["term"] == term)
    a, b, n1, n2 = (int(x.sum()) for x in (found & inside, found & ~inside, inside, ~inside))
    if a == 0:
        return wrong(f"'{term}' is not in '{article}'. Take a word that the article uses.")
    ratio, (low, high) = float(log_ratio(a, b, n1, n2)), log_ratio_interval(a, b, n1, n2)
    counts = f"{a} of {n1:,} words here, {b} of {n2:,} elsewhere"
    if ratio < 1:
        return wrong(f"'{term}' is not twice as frequent here ({counts}). You want a word that "
                     "*looks* typical of the article.")
    if float(low) > 0:
        return wrong(f"'{term}' looks typical ({counts}) and stays so when chance is allowed for: "
                     "its interval lies wholly above zero. Look for a rarer word.")
    end = f"to {float(high):.1f}" if np.isfinite(high) else "upwards without end"
    return right(f"'{term}' looks typical ({counts}), but its interval runs from {float(low):.1f} "
                 f"{end} and takes in zero. With so few words, luck could do this.")
