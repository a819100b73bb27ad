"""Which words are counted: choices that move results, so each is made by name."""

import numpy as np
import pandas as pd

from analysis.lexicons import read_lexicon
from analysis.tables import spans


def keep_author_words(tokens: pd.DataFrame, quotes: pd.DataFrame) -> pd.DataFrame:
    """Keep the words that are the author's own: those outside the content of every quotation."""
    quoted = np.zeros(len(tokens), bool)
    article, start = tokens["article_id"].to_numpy(), tokens["start"].to_numpy()
    rows = pd.Series(np.arange(len(tokens))).groupby(article).indices
    for name, content in zip(quotes["article_id"], quotes["content_spans"], strict=True):
        place = rows.get(name, np.array([], int))
        for a, b in spans(content):
            quoted[place] |= (start[place] >= a) & (start[place] < b)
    return tokens[~quoted].reset_index(drop=True)


def drop_names(tokens: pd.DataFrame) -> pd.DataFrame:
    """
    Drop the words that behave like names: capitalised inside a sentence, never lower-case.

    Sentences in which most words are capitalised (headlines) are not evidence. A rough
    guide made from these texts alone, for asking whether a result hangs on names.
    """
    upper = tokens["token"].str[:1].str.isupper()
    sentence = [tokens["article_id"], tokens["sentence"]]
    inside = tokens.groupby(sentence).cumcount() > 0
    headline = upper.groupby(sentence).transform("mean") > 0.5
    names = set(tokens["term"][upper & inside & ~headline])
    names -= set(tokens["term"][tokens["token"].str[:1].str.islower()])
    return tokens[~tokens["term"].isin(names)].reset_index(drop=True)


def drop_function_words(tokens: pd.DataFrame) -> pd.DataFrame:
    """
    Drop the words that carry grammar rather than subject (`lexicons/function_words.toml`).

    A choice that moves results, never the default: say so where it is made.
    """
    lists = read_lexicon("function_words")
    grammar = {word for name, words in lists.items() if name != "source" for word in words}
    return tokens[~tokens["term"].isin(grammar)].reset_index(drop=True)
