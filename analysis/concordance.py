"""
Where do words stand, what stands beside them, and which wordings do articles share?

Every row carries offsets into the article's text, so that a number leads back to its
sentences.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.keyness import dispersion, log_likelihood, log_ratio
from analysis.ledger import Ledger, add_ledger
from analysis.tables import spans
from analysis.text import word_spans

_SHINGLE = 3  # words: quotations that share none are not compared


def find_in_context(articles: pd.DataFrame, tokens: pd.DataFrame, phrase: str, *,
                    width: int = 45) -> pd.DataFrame:
    """
    Find a word or phrase with what stands on either side: keywords in context.

    One row per occurrence inside one sentence: article_id, sentence, start, end, `before`
    and `after` (`width` characters, line breaks as spaces) and `match`, as printed. The
    phrase is compared by terms; a word may end in * for any ending. Raises ValueError for
    a phrase without a word.
    """
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    places = tokens[["article_id", "sentence", "start", "end"]].itertuples(index=False)
    places = list(places)
    rows = []
    for first, last in _matches(tokens, phrase):
        article, sentence, start, _ = places[first]
        end, text = places[last].end, texts[article]
        rows.append((article, sentence, start, end, _flat(text[max(0, start - width):start]),
                     text[start:end], _flat(text[end:end + width])))
    return pd.DataFrame(rows, columns=["article_id", "sentence", "start", "end", "before", "match",
                                       "after"])


def find_collocates(tokens: pd.DataFrame, phrase: str, *, window: int = 5,
                    fewest: int = 2) -> pd.DataFrame:
    """
    Find the terms that keep company with a word or phrase, within its sentence.

    One row per term found at least `fewest` times at most `window` words away: n_near,
    n_elsewhere, n_articles, g2 and log_ratio (rate near against rate elsewhere), highest
    g2 first. Words near are not independent: a ranking, not a test.

    Evert (2008), Corpora and collocations, in Corpus Linguistics, ch. 58.
    """
    matches = _matches(tokens, phrase)
    near, node = np.zeros(len(tokens), bool), np.zeros(len(tokens), bool)
    sentence = tokens.groupby(["article_id", "sentence"], sort=False).ngroup().to_numpy()
    for first, last in matches:
        low, high = max(0, first - window), min(len(tokens), last + window + 1)
        near[low:high] |= sentence[low:high] == sentence[first]
        node[first:last + 1] = True
    near &= ~node
    kept = tokens["term"].str.len().to_numpy() > 1
    beside = tokens[near & kept].groupby("term").agg(
        n_near=("term", "size"), n_articles=("article_id", "nunique"))
    others = tokens["term"][~near & ~node & kept].value_counts()
    beside["n_elsewhere"] = others.reindex(beside.index, fill_value=0)
    n1, n2 = int((near & kept).sum()), int(others.sum())
    a, b = beside["n_near"], beside["n_elsewhere"]
    result = beside.assign(g2=log_likelihood(a, b, n1, n2) if n1 else 0.0,
                           log_ratio=log_ratio(a, b, n1, n2) if n1 and n2 else np.nan)
    result = result[a >= fewest].reset_index().sort_values(
        ["g2", "term"], ascending=[False, True], kind="stable", ignore_index=True)
    columns = ["term", "n_near", "n_elsewhere", "n_articles", "g2", "log_ratio"]
    return add_ledger(result[columns], Ledger(f"collocates of {phrase}", "occurrence",
                                              len(matches), 0))


def find_positions(tokens: pd.DataFrame, phrases: Sequence[str]) -> pd.DataFrame:
    """
    Find where in each article the words or phrases stand, for a dispersion plot.

    One row per occurrence: phrase, article_id, start, end and `position`, the share of
    the article's words before it, 0 to 1.
    """
    phrases = [phrases] if isinstance(phrases, str) else phrases
    number = tokens.groupby("article_id").cumcount().to_numpy()
    size = tokens.groupby("article_id")["term"].transform("size").to_numpy()
    article, start, end = (tokens[c].to_numpy() for c in ("article_id", "start", "end"))
    rows = [(phrase, article[first], start[first], end[last], number[first] / size[first])
            for phrase in phrases for first, last in _matches(tokens, phrase)]
    return pd.DataFrame(rows, columns=["phrase", "article_id", "start", "end", "position"])


def measure_dispersion(tokens: pd.DataFrame, phrases: Sequence[str]) -> pd.DataFrame:
    """
    Measure how evenly words or phrases are spread over the articles.

    One row per phrase: n, n_articles, `dp` (Gries 2008; 0 even, near 1 in one article;
    missing where it does not occur) and `dp_norm`, scaled so that 1 can be reached
    (Lijffijt and Gries 2012).
    """
    phrases = [phrases] if isinstance(phrases, str) else phrases
    sizes = tokens.groupby("article_id").size()
    found = find_positions(tokens, phrases)
    rows = []
    for phrase in phrases:
        counts = found["article_id"][found["phrase"] == phrase].value_counts()
        counts = counts.reindex(sizes.index, fill_value=0).to_numpy()
        dp = dispersion(counts, sizes) if counts.sum() else np.nan
        smallest = sizes.min() / sizes.sum() if len(sizes) else np.nan
        rows.append((phrase, counts.sum(), (counts > 0).sum(), dp,
                     dp / (1 - smallest) if smallest < 1 else np.nan))
    found = pd.DataFrame(rows, columns=["phrase", "n", "n_articles", "dp", "dp_norm"])
    return _described(found, "dispersion", "article", len(sizes))


def find_shared_ngrams(tokens: pd.DataFrame, *, fewest_words: int = 4) -> pd.DataFrame:
    """
    Find the wordings that articles have in common, each as long as it goes.

    One row per shared run of terms and place where it stands: ngram, words, n_articles,
    article_id, start, end; longest first. A run stays inside one sentence, and is left
    out where it is only part of a longer one that the same articles share.
    """
    if fewest_words < 1:
        raise ValueError(f"fewest_words={fewest_words}: give 1 or more")
    tokens = tokens.reset_index(drop=True)
    article, term = tokens["article_id"].to_numpy(), tokens["term"].to_numpy()
    start, end = tokens["start"].to_numpy(), tokens["end"].to_numpy()
    rows = [(" ".join(term[first:first + length]), length, owners, article[first], start[first],
             end[first + length - 1])
            for length, places in _longest_runs(tokens) if length >= fewest_words
            for first, owners in places]
    columns = ["ngram", "words", "n_articles", "article_id", "start", "end"]
    found = pd.DataFrame(rows, columns=columns).sort_values(
        ["words", "n_articles", "ngram", "article_id", "start"],
        ascending=[False, False, True, True, True], kind="stable", ignore_index=True)
    return _described(found, "shared wordings", "article", tokens["article_id"].nunique())


def find_shared_quotations(articles: pd.DataFrame, quotes: pd.DataFrame, *,
                           overlap: float = 0.5, fewest_words: int = 4) -> pd.DataFrame:
    """
    Find quotations that two articles share, whole, cut or reworded.

    One row per pair of attributions in different articles: article_a, quote_a, speaker_a,
    article_b, quote_b, speaker_b, `run` (the longest wording in common), `words` in it,
    `overlap` (words in common, in order, as a share of the shorter quotation) and
    same_speaker. A pair needs `overlap` and a run of `fewest_words`.
    """
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    quotes = quotes.drop_duplicates(["article_id", "quote_id"]).sort_values(
        ["article_id", "quote_id"], kind="stable")
    said = [[word.term for a, b in spans(content) for word in word_spans(texts[article], a, b)]
            for article, content in zip(quotes["article_id"], quotes["content_spans"],
                                        strict=True)]
    keys = quotes[["article_id", "quote_id", "speaker"]].to_numpy(dtype=object)
    rows = []
    for i, j in sorted(_candidates(said)):
        if keys[i][0] == keys[j][0]:
            continue
        match = SequenceMatcher(None, said[i], said[j], autojunk=False)
        blocks = match.get_matching_blocks()
        longest = max(blocks, key=lambda block: block.size)
        share = sum(block.size for block in blocks) / min(len(said[i]), len(said[j]))
        if longest.size >= fewest_words and share >= overlap:
            run = " ".join(said[i][longest.a:longest.a + longest.size])
            rows.append((*keys[i], *keys[j], run, longest.size, share, keys[i][2] == keys[j][2]))
    found = pd.DataFrame(rows, columns=[
        "article_a", "quote_a", "speaker_a", "article_b", "quote_b", "speaker_b", "run", "words",
        "overlap", "same_speaker"])
    return _described(found, "shared quotations", "quotation", len(quotes))


def _described(found: pd.DataFrame, result: str, unit: str, n: int) -> pd.DataFrame:
    return add_ledger(found, Ledger(result, unit, n, 0, notes=("a description, not a test",)))


def _matches(tokens: pd.DataFrame, phrase: str) -> list[tuple[int, int]]:
    """Return first and last row in `tokens` of each occurrence, left to right."""
    wanted = [(word.term, phrase[word.end:word.end + 1] == "*") for word in word_spans(phrase)]
    if not wanted:
        raise ValueError(f"{phrase!r} has no word to look for")
    last = len(wanted) - 1
    size = len(tokens) - last
    if size <= 0:
        return []
    sentence = tokens.groupby(["article_id", "sentence"], sort=False).ngroup().to_numpy()
    hit = sentence[:size] == sentence[last:]
    for i, (term, prefix) in enumerate(wanted):
        terms = tokens["term"].iloc[i:i + size]
        hit = hit & (terms.str.startswith(term) if prefix else terms == term).to_numpy()
    return [(int(i), int(i) + last) for i in np.flatnonzero(hit)]


def _flat(text: str) -> str:
    return text.replace("\n", " ").replace("\r", " ")


def _longest_runs(tokens: pd.DataFrame) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """
    Yield each length with the rows where a run begins that several articles share, and how many.

    A run is left out where the run one word longer, to either side, has as many articles:
    they are the same ones, since who shares the longer run shares the shorter.
    """
    codes, article = (pd.factorize(tokens[c])[0] for c in ("term", "article_id"))
    sentence = tokens.groupby(["article_id", "sentence"], sort=False).ngroup().to_numpy()
    first, run, length = np.arange(len(tokens)), codes, 1
    sharing = np.zeros(len(tokens) + 1, int)  # how many articles share the run that begins here
    while True:
        owners = _owners(run, article[first])
        first, run, owners = (column[owners > 1] for column in (first, run, owners))
        before, sharing = sharing, np.zeros_like(sharing)
        sharing[first] = owners
        longest = np.flatnonzero((before > sharing) & (before > np.roll(sharing, 1)))
        if len(longest):
            yield length - 1, list(zip(longest.tolist(), before[longest].tolist(), strict=True))
        if not len(first):
            return
        inside = first + length < len(codes)
        first, run = first[inside], run[inside]
        inside = sentence[first] == sentence[first + length]
        first, run = first[inside], run[inside]
        run = np.unique(run * len(codes) + codes[first + length], return_inverse=True)[1]
        length += 1


def _owners(run: np.ndarray, article: np.ndarray) -> np.ndarray:
    """Count for each run the articles in which it stands."""
    width = article.max(initial=0) + 1
    pairs = np.unique(run * width + article)
    return np.bincount(pairs // width)[run] if len(run) else run


def _candidates(said: list[list[str]]) -> set[tuple[int, int]]:
    """Pair the quotations that share three words in a row."""
    holders = defaultdict(set)
    for number, words in enumerate(said):
        for i in range(len(words) - _SHINGLE + 1):
            holders[tuple(words[i:i + _SHINGLE])].add(number)
    return {pair for numbers in holders.values() for pair in combinations(sorted(numbers), 2)}
