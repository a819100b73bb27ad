"""
Score the trained attribution model on a folder of brat annotations.

    python benchmarks/attribution.py ../shared/polnear/dev --scorer ../shared/tools/score_quotes.py

Prints the scorer's table with 95 % intervals, how often rows of each score are
right (reliability, by type), what a stricter threshold gives, and articles per
second of processor time with the memory used: of the model alone, or with the rules
(--joined), on the texts as they are, or spoiled (--spoil). With --table 84 (or 1000) it
only measures the whole way from texts to the table of quotes.
"""

import argparse
import importlib.util
import resource
import sys
import time
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd

from analysis.quotes import find_attributions, find_quotes
from analysis.quotes.attribution import Attribution
from analysis.quotes.linking import KINDS
from analysis.quotes.model import HIGH_PRECISION, find_attributions_many, load_model

# What --spoil does to a text; the length stays, so the gold offsets do too.
SPOILS = {
    "none": lambda text: text,
    "single marks": lambda text: text.translate(str.maketrans("“”\"", "‘’'")),
    "no capitals": lambda text: "".join(c.lower() if len(c.lower()) == 1 else c for c in text),
    "all capitals": lambda text: "".join(c.upper() if len(c.upper()) == 1 else c for c in text),
}
BINS = np.array([0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01])


def load_scorer(path: str) -> ModuleType:
    """Import the scorer from its file."""
    spec = importlib.util.spec_from_file_location("score_quotes", path)
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    return scorer


def as_prediction(row: Attribution) -> dict:
    """Write a row as the scorer wants it."""
    return {"content": [list(s) for s in row.content], "source": [row.source] if row.source else [],
            "cue": [row.cue] if row.cue else []}


def judge(scorer: ModuleType, text: str, gold: list[dict], rows: list[Attribution]) -> list[bool]:
    """Say of each row whether the scorer counts its content (IoU >= .5) and source as right."""
    tokens = scorer.word_tokens(text)
    words = [text[a:b].lower() for a, b in tokens]
    prepared = [scorer._prepare(q, text, tokens, frozenset())
                for q in (gold, [as_prediction(r) for r in rows])]
    if len(prepared[1]) != len(rows):
        return []
    right = [False] * len(rows)
    for i, j, overlap in scorer.match(*prepared):
        g, p = prepared[0][i], prepared[1][j]
        source = scorer.source_correct(g, p, words) if g["has_source"] else not p["has_source"]
        right[j] = overlap >= 0.5 and source
    return right


def print_reliability(rows: list[Attribution], right: list[bool]) -> None:
    """Print, by type and class of score, the rows, their mean score and the share that is right."""
    print(f"\n{'type':<10}{'score':<12}{'rows':>6}{'mean':>8}{'right':>8}")
    score = np.array([r.score for r in rows])
    kind, good = np.array([r.type for r in rows]), np.array(right)
    for name in (*KINDS, "all"):
        for low, high in zip(BINS[:-1], BINS[1:], strict=True):
            chosen = (score >= low) & (score < high) & ((kind == name) | (name == "all"))
            if chosen.any():
                print(f"{name:<10}{f'{low:.2f}-{min(high, 1):.2f}':<12}{chosen.sum():>6}"
                      f"{score[chosen].mean():>8.3f}{good[chosen].mean():>8.3f}")
    print(f"expected minus observed, all rows: {score.mean() - good.mean():+.3f}")
    strict = score >= HIGH_PRECISION
    print(f"score >= {HIGH_PRECISION}: {strict.sum()} rows, {good[strict].mean():.3f} right")


def time_table(folder: Path, n: int) -> int:
    """Print how many of `n` articles (the texts, over and over) a second give the table quotes."""
    files = sorted((folder / "text").glob("*.txt"))
    texts = [files[i % len(files)].read_text(encoding="utf-8") for i in range(n)]
    articles = pd.DataFrame({"article_id": [f"a{i}" for i in range(n)], "text": texts})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = []
    for _ in range(3):
        started = time.process_time()
        rows = len(find_quotes(articles, include="all", together=False))
        seconds.append(time.process_time() - started)
        if len(seconds) == 1:
            after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    speeds = ", ".join(f"{n / s:.0f}" for s in seconds)
    print(f"{n} articles, {rows} rows: {speeds} articles per second of processor time; the first "
          f"time took {(after - before) / 1024:.0f} MB above the {before / 1024:.0f} MB of the "
          "program")
    return 0


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder with text/ and attributions/")
    parser.add_argument("--scorer", help="path of score_quotes.py")
    parser.add_argument("--table", type=int, metavar="N",
                        help="only time find_quotes, texts in, table out, over N articles")
    parser.add_argument("--model", help="a model file; default: the shipped one")
    parser.add_argument("--joined", action="store_true", help="the model together with the rules")
    parser.add_argument("--spoil", choices=SPOILS, default="none", help="what is done to the texts")
    args = parser.parse_args()
    if args.table:
        return time_table(args.folder, args.table)
    if not args.scorer:
        parser.error("give --scorer, or --table")
    if args.joined and args.model:
        parser.error("--joined measures the shipped model; leave out --model")
    scorer, model = load_scorer(args.scorer), load_model(args.model)
    gold = list(scorer.find_gold(args.folder / "text", args.folder / "attributions"))
    texts = [SPOILS[args.spoil](text) for _, _, text, _ in gold]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    found = (find_attributions(texts, include="all") if args.joined
             else find_attributions_many(texts, model=model))
    seconds = time.process_time() - started
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    predictions = [[as_prediction(r) for r in rows] for rows in found]
    print(scorer.table(scorer.score(
        [(t, g, p) for (_, _, t, g), p in zip(gold, predictions, strict=True)], boot=True)))
    rows, right = [], []
    for (_, _, text, quotes), listed in zip(gold, found, strict=True):
        marks = judge(scorer, text, quotes, listed)
        if marks:
            rows += listed
            right += marks
    print_reliability(rows, right)
    print(f"{len(texts) / seconds:.0f} articles per second of processor time; "
          f"peak memory grew by {(after - before) / 1024:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
