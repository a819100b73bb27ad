"""
Is the machine right? Its codes set beside those of coders, with intervals and the misses.

Codes say whether a person or a model made them (`coder_kind`); a model's are not called human.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.agreement import has_frame
from analysis.corpus import Event, find_event
from analysis.intervals import wilson
from analysis.tables import CorpusError, check, empty, table
from analysis.voices import VOICES, locate

CODER_KINDS = ("human", "model")
_NEEDED = ("article_id", "paragraph", "coder", "coder_kind", "frame")
_OLD_VOICES = {"state": "party"}  # the name in the summit's codebook
UNITS = ["article_id", "paragraph"]


def load_codes(event: Event | str | Path = "summit") -> pd.DataFrame:
    """
    Load the coded paragraphs of an event, `gold/frames.csv`: one row per unit and coder.

    Columns as in `TABLES["codes"]`; an event without that file has no row. The voice that the
    codebook calls state is `party`. Raises CorpusError for a column that is missing, a coder
    of unknown kind, a voice that is none, or a paragraph that one coder coded twice.
    """
    folder = event.folder if isinstance(event, Event) else find_event(event)
    path = folder / "gold" / "frames.csv"
    if not path.exists():
        return empty("codes")
    try:
        told = pd.read_csv(path, encoding="utf-8-sig", dtype={"article_id": str, "coder": str})
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise CorpusError(f"gold/frames.csv: cannot be read as CSV in UTF-8 ({error})") from error
    lacking = [column for column in _NEEDED if column not in told]
    if lacking:
        raise CorpusError(f"gold/frames.csv: has no column '{lacking[0]}'; it needs "
                          f"{', '.join(_NEEDED)}, and may have voice, confidence and evidence")
    _check_values(told, "coder_kind", CODER_KINDS)
    if "voice" in told:
        told["voice"] = told["voice"].replace(_OLD_VOICES)
        _check_values(told.dropna(subset="voice"), "voice", VOICES)
    try:
        return check("codes", told)
    except ValueError as error:
        raise CorpusError(f"gold/frames.csv: {error}") from error


def check_codes(codes: pd.DataFrame, paragraphs: pd.DataFrame) -> pd.DataFrame:
    """
    List the codes for which there is no paragraph: a table of problems, one row per unit.

    An article that is not there, or a number beyond its last paragraph.
    """
    last = paragraphs.groupby("article_id")["paragraph"].max()
    rows = []
    for article, number in codes[UNITS].drop_duplicates().itertuples(index=False):
        if article not in last.index:
            rows.append(("gold/frames.csv", f"codes an article '{article}' that is not there; "
                         "correct the article_id, or add the article"))
        elif not 0 <= number <= last[article]:
            rows.append(("gold/frames.csv", f"codes paragraph {number} of '{article}', whose "
                         f"paragraphs are 0 to {last[article]}; correct the number"))
    return table("problems", rows) if rows else empty("problems")


def keep_known_codes(codes: pd.DataFrame, paragraphs: pd.DataFrame) -> pd.DataFrame:
    """Keep the codes whose paragraph exists; `check_codes` tells of the others."""
    return codes.merge(paragraphs[UNITS], on=UNITS, validate="many_to_one")


def score_codes(machine: pd.DataFrame, codes: pd.DataFrame, *, frames: Sequence[str]
                ) -> pd.DataFrame:
    """
    Score the machine's codes against each coder: one row per coder and value.

    Values: the presence of each of `frames`, and each voice. Columns: coder, coder_kind,
    question, n (units), n_coder, n_machine, hits, precision, recall and f1, the first two with
    Wilson's interval and all with one from leaving out one article at a time (`_jackknife`),
    which few articles make rough. Missing where nothing is to be found.

    Efron (1982), The Jackknife, the Bootstrap and Other Resampling Plans, chapter 3.
    """
    rows = []
    for (coder, kind), coded in codes.groupby(["coder", "coder_kind"], sort=False):
        both = coded.merge(machine, on=UNITS, suffixes=("_coder", "_machine"),
                           validate="one_to_one")
        for question, gold, guess in _answers(both, frames):
            rows.append((coder, kind, question, len(both), *_score(
                gold.to_numpy(), guess.to_numpy(), both["article_id"].to_numpy())))
    return pd.DataFrame(rows, columns=["coder", "coder_kind", "question", "n", *_SCORES])


def macro_f1(scores: pd.DataFrame, voices: Sequence[str] = VOICES[:4]) -> pd.DataFrame:
    """Average the F1 of the `voices` for each coder: coder, macro_f1 (a voice never used is 0)."""
    kept = scores[scores["question"].isin([f"voice {voice}" for voice in voices])]
    used = kept[(kept["n_coder"] > 0) | (kept["n_machine"] > 0)]
    return used.assign(macro_f1=used["f1"].fillna(0)).groupby("coder", sort=False)["macro_f1"] \
        .mean().reset_index()


def list_disagreements(machine: pd.DataFrame, codes: pd.DataFrame, paragraphs: pd.DataFrame,
                       articles: pd.DataFrame) -> pd.DataFrame:
    """
    List the paragraphs that machine and coder code otherwise, with their text.

    One row per unit and coder: what each coded, the coder's and the machine's evidence, the
    offsets and the text, ready for `evidence.show_evidence`.
    """
    both = codes.merge(machine, on=UNITS, suffixes=("_coder", "_machine"), validate="many_to_one")
    differ = (both["frame_coder"] != both["frame_machine"]) | (
        both["voice_coder"].notna() & (both["voice_coder"] != both["voice_machine"]))
    told = both[differ].merge(paragraphs[[*UNITS, "start", "end", "kind"]], on=UNITS)
    texts = articles.set_index("article_id")["text"]
    told["text"] = [texts[a][s:e] for a, s, e in zip(told["article_id"], told["start"], told["end"],
                                                     strict=True)]
    return told.rename(columns={"coder_coder": "coder"})[
        ["article_id", "paragraph", "coder", "frame_coder", "frame_machine", "voice_coder",
         "voice_machine", "confidence_coder", "evidence_coder", "evidence_machine", "start", "end",
         "text"]]


def score_quote_voices(found: pd.DataFrame, gold: pd.DataFrame, tokens: pd.DataFrame
                       ) -> pd.DataFrame:
    """
    Score the voice of each word, furniture apart: one row per voice, and one `macro`.

    `found` and `gold` are voices tables, of the machine's and of the coder's attributions.
    The macro average is over author, expert, official and party.
    """
    sides = [voices["voice"].take(locate(voices, tokens["article_id"], tokens["start"])).to_numpy()
             for voices in (gold, found)]
    articles = tokens["article_id"].to_numpy()
    rows = [(voice, len(tokens), *_score(sides[0] == voice, sides[1] == voice, articles))
            for voice in VOICES]
    scores = pd.DataFrame(rows, columns=["voice", "n", *_SCORES])
    macro = scores.loc[scores["voice"].isin(VOICES[:4]) & (scores["n_coder"] > 0), "f1"].mean()
    return pd.concat([scores, pd.DataFrame({"voice": ["macro"], "n": len(tokens), "f1": macro})],
                     ignore_index=True)


_SCORES = ["n_coder", "n_machine", "hits", "precision", "precision_low", "precision_high",
           "recall", "recall_low", "recall_high", "f1", "f1_low", "f1_high"]


def _score(gold: np.ndarray, guess: np.ndarray, articles: np.ndarray) -> tuple:
    """Return the numbers of `_SCORES` for two columns of yes and no."""
    n_gold, n_guess, hits = int(gold.sum()), int(guess.sum()), int((gold & guess).sum())
    p_low, p_high = wilson(hits, n_guess)
    r_low, r_high = wilson(hits, n_gold)
    low, high = _jackknife(gold, guess, articles)
    return (n_gold, n_guess, hits, _ratio(hits, n_guess), float(p_low), float(p_high),
            _ratio(hits, n_gold), float(r_low), float(r_high), _f1(gold, guess), low, high)


def _jackknife(gold: np.ndarray, guess: np.ndarray, articles: np.ndarray) -> tuple[float, float]:
    """Return F1 less and plus 1.96 standard errors, each article left out in turn."""
    names = np.unique(articles)
    whole = _f1(gold, guess)
    if len(names) < 2 or np.isnan(whole):
        return np.nan, np.nan
    parts = np.nan_to_num([_f1(gold[articles != name], guess[articles != name]) for name in names])
    error = np.sqrt((len(names) - 1) / len(names) * ((parts - parts.mean()) ** 2).sum())
    return max(0.0, whole - 1.96 * error), min(1.0, whole + 1.96 * error)


def _f1(gold: np.ndarray, guess: np.ndarray) -> float:
    return _ratio(2 * int((gold & guess).sum()), int(gold.sum() + guess.sum()))


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def _answers(both: pd.DataFrame, frames: Sequence[str]):
    """Yield each question with the coder's and the machine's answers, yes or no."""
    for frame in frames:
        yield (f"presence of {frame}", has_frame(both["frame_coder"], frame),
               has_frame(both["frame_machine"], frame))
    if both["voice_coder"].notna().any():
        for voice in VOICES:
            yield (f"voice {voice}", both["voice_coder"] == voice, both["voice_machine"] == voice)


def _check_values(told: pd.DataFrame, column: str, known: Sequence[str]) -> None:
    wrong = told[~told[column].isin(known)]
    if len(wrong):
        raise CorpusError(f"gold/frames.csv: row {wrong.index[0] + 2} has {column} "
                          f"'{wrong[column].iloc[0]}'; write one of {', '.join(known)}")
