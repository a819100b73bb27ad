"""Evaluate quotations: against an event's codes, a folder of brat annotations, or a coder."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.quotes.scoring import KINDS, METRICS, Claim, Text, count_text, match_claims
from analysis.tables import CorpusError, spans
from analysis.text import sentence_spans

SEED = 13
REPLICATES = 1000
GOLD_COLUMNS = (
    "article_id",
    "quote_id",
    "type",
    "content_spans",
    "source_span",
    "cue_span",
    "speaker",
    "role",
    "affiliation",
)
_NAMED = ("canonical_speaker", "role", "affiliation")


def load_gold_quotes(folder: str | Path, coder: str | None = None) -> pd.DataFrame:
    """
    Read gold/quotes.csv of an event: one row per attribution and coder.

    Without `coder`, the first coder of the file. Raises CorpusError where the file cannot
    be read, lacks a column, holds an offset that is no span, or has no such coder.
    """
    path = Path(folder) / "gold" / "quotes.csv"
    try:
        gold = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise CorpusError(
            f"gold/{path.name}: cannot be read as a CSV table in UTF-8 ({error}); "
            "compare it with corpus/summit/gold/quotes.csv"
        ) from error
    lacking = [c for c in GOLD_COLUMNS if c not in gold]
    if lacking:
        raise CorpusError(
            f"gold/{path.name}: there is no column '{lacking[0]}'; it needs "
            f"{', '.join(GOLD_COLUMNS)}"
        )
    _check_spans(gold, path.name)
    if "coder" not in gold:
        gold["coder"] = "coder1"
    known = list(dict.fromkeys(gold["coder"]))
    wanted = coder or (known[0] if known else "")
    if known and wanted not in known:
        raise CorpusError(
            f"gold/{path.name}: there is no coder '{coder}'; there are {', '.join(known)}"
        )
    return gold[gold["coder"] == wanted].reset_index(drop=True)


def _check_spans(gold: pd.DataFrame, name: str) -> None:
    pattern = re.compile(r"\d+-\d+(?:;\d+-\d+)*")
    for column in ("content_spans", "source_span", "cue_span"):
        for row, value in enumerate(gold[column], start=2):
            given = isinstance(value, str)
            if given and not pattern.fullmatch(value) or not given and column == "content_spans":
                raise CorpusError(
                    f"gold/{name}: row {row}, {column} is "
                    f"'{value if given else ''}'; write it as 12-40;52-60"
                )


def evaluate_quotes(
    quotes: pd.DataFrame,
    gold: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    replicates: int = REPLICATES,
) -> pd.DataFrame:
    """
    Measure a `quotes` table against gold codes of the same articles.

    One row per type and metric: precision, recall, `value` (F1; for the last four the share
    right among matched pairs) and a 95% interval `low` to `high` from drawing articles with
    replacement; `n` is the size of the gold (of the matched pairs). `tokens`, `cue` and
    `source` count words; `quote_50`, `_80` and `_exact` attributions whose content overlaps
    by that share; `attribution` asks for the right source too; `speaker` is the source
    alone; `canonical_speaker`, `role` and `affiliation` compare the columns of those names,
    case, apostrophes and a leading "the" aside. Types are told by the marks in the text.
    """
    per_article = []
    for article_id, text in articles[["article_id", "text"]].itertuples(index=False):
        read = Text(text)
        g, f = (t[t["article_id"] == article_id].reset_index(drop=True) for t in (gold, quotes))
        scored_g, scored_f = read.read(_claims(g)), read.read(_claims(f))
        counts = count_text(read, scored_g, scored_f)
        for match in match_claims(read, scored_g, scored_f):
            if match.overlap >= 0.5:
                one, two = scored_g[match.gold], scored_f[match.found]
                _count_names(counts, one.kind, g.iloc[one.number], f.iloc[two.number])
        per_article.append(counts)
    return _table(per_article, replicates, _NAMED)


def evaluate_brat(
    folder: str | Path, *, engine: str = "model", include: str = "all", replicates: int = REPLICATES
) -> pd.DataFrame:
    """
    Measure an engine against a folder of brat annotations; rows as in `evaluate_quotes`.

    Raises ValueError where the folder holds no annotated text.
    """
    from analysis.quotes import find_attributions
    from analysis.quotes.annotations import read_folder

    articles = read_folder(folder)
    found = find_attributions([a.text for a in articles], engine=engine, include=include)
    per_article = []
    for article, listed in zip(articles, found, strict=True):
        text = Text(article.text)
        gold = [Claim(q.content, q.source, q.cue) for q in article.gold]
        rows = [
            Claim(q.content, [q.source] if q.source else [], [q.cue] if q.cue else [])
            for q in listed
        ]
        per_article.append(count_text(text, text.read(gold), text.read(rows)))
    return _table(per_article, replicates, ())


def quote_errors(quotes: pd.DataFrame, gold: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """
    List what was missed, invented or given to the wrong source or speaker.

    One row per error, by article and place: `error` (missed, spurious, source, speaker,
    role, affiliation), the content, what gold and the table say, and the `sentence` with
    its offsets `start` and `end`.
    """
    rows = []
    for article_id, text in articles[["article_id", "text"]].itertuples(index=False):
        read = Text(text)
        g, f = (t[t["article_id"] == article_id].reset_index(drop=True) for t in (gold, quotes))
        for error, content, wanted, got in _errors(read, g, f):
            start, end = _sentence(text, content[0][0])
            rows.append(
                (
                    article_id,
                    error,
                    " … ".join(text[a:b] for a, b in content),
                    wanted,
                    got,
                    start,
                    end,
                    text[start:end],
                )
            )
    names = ["article_id", "error", "content", "gold", "found", "start", "end", "sentence"]
    return pd.DataFrame(rows, columns=names).sort_values(
        ["article_id", "start"], ignore_index=True, kind="stable"
    )


def quote_agreement(folder: str | Path, articles: pd.DataFrame) -> pd.DataFrame:
    """
    Compare the two coders of an event's gold as if one were measured against the other.

    Rows as in `evaluate_quotes`. Raises CorpusError where there is only one coder.
    """
    path = Path(folder) / "gold" / "quotes.csv"
    coders = _coders(path)
    if len(coders) < 2:
        raise CorpusError(
            f"gold/{path.name}: there is one coder; agreement needs two in the column 'coder'"
        )
    first, second = (load_gold_quotes(folder, coder) for coder in coders[:2])
    return evaluate_quotes(second, first, articles)


def _coders(path: Path) -> list[str]:
    gold = pd.read_csv(path, dtype=str, keep_default_na=False)
    return list(dict.fromkeys(gold["coder"])) if "coder" in gold else ["coder1"]


def _claims(rows: pd.DataFrame) -> list[Claim]:
    columns = rows[["content_spans", "source_span", "cue_span"]].itertuples(index=False)
    return [Claim(spans(content), spans(source), spans(cue)) for content, source, cue in columns]


def plain_name(name: object) -> str:
    """
    Return a name as names are compared: lower case, one apostrophe, no leading "the".

    >>> plain_name("The O’Hara Trust")
    "o'hara trust"
    """
    if not isinstance(name, str):
        return ""
    return re.sub(r"^the\s+", "", name.replace("’", "'").casefold().strip())


def _count_names(counts: Counter, kind: str, gold: pd.Series, found: pd.Series) -> None:
    for metric, column in zip(_NAMED, ("speaker", "role", "affiliation"), strict=True):
        right = plain_name(gold[column]) == plain_name(found[column])
        for name in ("all", kind):
            counts[name, metric, "gold"] += 1
            counts[name, metric, "right_gold"] += int(right)


def _table(per_article: Sequence[Counter], replicates: int, named: Sequence[str]) -> pd.DataFrame:
    draws = np.random.default_rng(SEED).multinomial(
        len(per_article), np.full(len(per_article), 1 / max(1, len(per_article))), replicates
    )
    rows = []
    for kind in KINDS:
        for metric in (*METRICS, "speaker", *named):
            share = metric not in METRICS
            fields = (
                ("right_gold", "gold") if share else ("right_found", "found", "right_gold", "gold")
            )
            counted = np.array([[c[kind, metric, f] for f in fields] for c in per_article], float)
            totals = counted.sum(0)
            values = _ratios(draws @ counted, share)
            low, high = np.quantile(values[-1], (0.025, 0.975)) if replicates else (np.nan, np.nan)
            precision, recall, value = (
                (*(np.nan,) * 2, *_ratios(totals[None], share)[-1])
                if share
                else (r[0] for r in _ratios(totals[None], share))
            )
            rows.append((kind, metric, precision, recall, value, low, high, int(totals[-1])))
    return pd.DataFrame(
        rows, columns=["type", "metric", "precision", "recall", "value", "low", "high", "n"]
    )


def _ratios(totals: np.ndarray, share: bool) -> tuple[np.ndarray, ...]:
    """Return precision, recall and F1 (or a single share) of rows of totals; 0 for 0 of 0."""

    def over(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.divide(a, b, out=np.zeros_like(a), where=b > 0)

    if share:
        return (over(totals[:, 0], totals[:, 1]),)
    precision, recall = over(totals[:, 0], totals[:, 1]), over(totals[:, 2], totals[:, 3])
    return precision, recall, over(2 * precision * recall, precision + recall)


def _errors(read: Text, gold: pd.DataFrame, found: pd.DataFrame) -> list[tuple]:
    """Return (error, content, gold, found) for each error of one article."""
    g, f = _claims(gold), _claims(found)
    scored_g, scored_f = read.read(g), read.read(f)
    errors, met_g, met_f = [], set(), set()
    for m in match_claims(read, scored_g, scored_f):
        if m.overlap < 0.5:
            continue
        i, j = scored_g[m.gold].number, scored_f[m.found].number
        met_g.add(i)
        met_f.add(j)
        one, two = gold.iloc[i], found.iloc[j]
        if scored_g[m.gold].has_source and not m.source_right:
            errors.append(
                (
                    "source",
                    g[i].content,
                    _word(one, "source_text", "speaker"),
                    _word(two, "source_text", "speaker"),
                )
            )
        errors += [
            (column, g[i].content, _word(one, column), _word(two, column))
            for column in ("speaker", "role", "affiliation")
            if plain_name(one[column]) != plain_name(two[column])
        ]
    errors += [
        ("missed", c.content, _word(gold.iloc[i], "speaker", "source_text"), "")
        for i, c in enumerate(g)
        if i not in met_g
    ]
    errors += [
        ("spurious", c.content, "", _word(found.iloc[j], "source_text", "speaker"))
        for j, c in enumerate(f)
        if j not in met_f
    ]
    return errors


def _word(row: pd.Series, *columns: str) -> str:
    return next((row[c] for c in columns if c in row and isinstance(row[c], str)), "")


def _sentence(text: str, position: int) -> tuple[int, int]:
    """Return the sentence of a position, inside its paragraph."""
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    end = len(text) if end < 0 else end
    return next(
        ((a, b) for a, b in sentence_spans(text, start, end) if a <= position < b), (start, end)
    )
