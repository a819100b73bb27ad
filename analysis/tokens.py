"""
Paragraphs, sentences and words of the articles, as tables of offsets into their text.

The table layer over `analysis.text`: article text is read, never edited, and
`text[start:end]` of every row is the thing itself. Furniture (captions, reading times,
links to other texts) stays in `paragraphs`, is listed by `find_furniture`, and is left
out of sentences and tokens.
"""

import numpy as np
import pandas as pd

from analysis.counting import Words, locate_words
from analysis.tables import CorpusError, table
from analysis.text import paragraph_spans, sentence_spans


def find_paragraphs(articles: pd.DataFrame) -> pd.DataFrame:
    """
    Find the paragraphs of each article.

    One row per paragraph, in text order, with its `kind`: title, heading, body or
    furniture; `reason` says why it is not body.
    """
    return table("paragraphs", [
        (article, number, p.start, p.end, p.kind, p.reason)
        for article, text in _texts(articles)
        for number, p in enumerate(paragraph_spans(text))])


def find_furniture(articles: pd.DataFrame,
                   paragraphs: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    List what is left out of tokens and reports: the cleaning table.

    One row per paragraph of furniture, with its offsets, the reason, and its length in
    characters. The words themselves are not repeated: some are personal data.
    `paragraphs` saves finding them again.
    """
    paragraphs = find_paragraphs(articles) if paragraphs is None else paragraphs
    furniture = paragraphs[paragraphs["kind"] == "furniture"].drop(columns="kind")
    return table("cleaning", furniture.assign(characters=furniture["end"] - furniture["start"])
                 .reset_index(drop=True))


def find_sentences(articles: pd.DataFrame, paragraphs: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Find the sentences of each article, furniture left out.

    One row per sentence, numbered through the article, in text order; no sentence
    crosses the border of its paragraph. `paragraphs` saves finding them again.
    """
    paragraphs = find_paragraphs(articles) if paragraphs is None else paragraphs
    kept = paragraphs[paragraphs["kind"] != "furniture"]
    texts, rows, last, number = dict(_texts(articles)), [], None, 0
    for article, paragraph, start, end in zip(
            kept["article_id"], kept["paragraph"], kept["start"], kept["end"], strict=True):
        number = number if article == last else 0
        for a, b in sentence_spans(texts[article], start, end):
            rows.append((article, number, paragraph, a, b))
            number += 1
        last = article
    return table("sentences", rows)


def tokenize(articles: pd.DataFrame, sentences: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Find the words of each article, furniture left out.

    One row per word, in text order: the `token` as printed and the `term` it counts as
    (lower case, apostrophes unified, "U.S." whole, possessive 's dropped).
    `sentences` saves finding them again.

    >>> from analysis.tables import table
    >>> story = pd.DataFrame({"article_id": ["a"], "text": ["The U.S. envoy’s plan. It’s off."]})
    >>> tokenize(story)["term"].to_list()
    ['the', 'u.s.', 'envoy', 'plan', 'it', 'off']
    """
    sentences = find_sentences(articles) if sentences is None else sentences
    texts = articles["text"].to_list()
    words = locate_words(texts)
    home = _homes(words, pd.Index(articles["article_id"]), sentences)
    text, start, end, code = (column[home >= 0] for column in words[:4])
    home = home[home >= 0]
    tokens = table("tokens", pd.DataFrame({
        "article_id": articles["article_id"].take(text).array,
        "sentence": sentences["sentence"].to_numpy()[home],
        "paragraph": sentences["paragraph"].to_numpy()[home],
        "start": start, "end": end,
        "token": pd.array([texts[t][a:b] for t, a, b in zip(
            text.tolist(), start.tolist(), end.tolist(), strict=True)], dtype="str"),
        "term": words.vocabulary.take(code)}))
    tokens.attrs = {"documents": articles["article_id"].to_list()}  # also those without a word
    return tokens


def _homes(words: Words, articles: pd.Index, sentences: pd.DataFrame) -> np.ndarray:
    """Return the row in `sentences` of each word, or -1 for the words of furniture."""
    width = max(words.end.max(initial=0), sentences["end"].max() if len(sentences) else 0) + 1
    article = articles.get_indexer(sentences["article_id"])
    begins = article * width + sentences["start"].to_numpy()
    ends = article * width + sentences["end"].to_numpy()
    order = np.argsort(begins, kind="stable")
    place = words.text * width + words.start
    nearest = np.searchsorted(begins[order], place, side="right") - 1
    home = np.append(order, -1)[nearest]
    return np.where((home >= 0) & (place < np.append(ends, 0)[home]), home, -1)


def _texts(articles: pd.DataFrame) -> list[tuple[str, str]]:
    twice = articles["article_id"][articles["article_id"].duplicated()]
    if len(twice):
        raise CorpusError(f"articles: the id '{twice.iloc[0]}' is there twice; give each article "
                          "its own")
    return list(zip(articles["article_id"], articles["text"], strict=True))
