"""Measure attribution and framing against the hand codes of an event, or a brat folder."""

from pathlib import Path

import pandas as pd

from analysis.agreement import measure_agreement
from analysis.coding import code_paragraphs_by_machine
from analysis.corpus import find_event
from analysis.quotes import find_quotes
from analysis.quotes.evaluation import (
    evaluate_brat,
    evaluate_quotes,
    load_gold_quotes,
    quote_agreement,
    quote_errors,
)
from analysis.robustness import leave_out_articles
from analysis.study import Study, make_study
from analysis.tables import CorpusError, empty
from analysis.validation import (
    keep_known_codes,
    load_codes,
    macro_f1,
    score_codes,
    score_quote_voices,
)
from analysis.voices import find_voices

_TOLD = ("attribution", "canonical_speaker", "role", "affiliation")


def evaluate(source: str | Path, *, engine: str = "model", include: str = "speech",
             errors: bool = False) -> list[tuple[str, pd.DataFrame]]:
    """
    Measure `source`, an event with gold/ or a folder of brat annotations.

    Returns titled tables: attribution by type with article-bootstrap intervals, agreement
    of the coders, voices, frames, and with `errors` what went wrong, with its sentence.
    Raises CorpusError where there are no codes to measure against.
    """
    if _is_brat(source):
        return [(f"Attribution, {engine} engine, against {Path(source).name}",
                 evaluate_brat(source, engine=engine, include=include))]
    folder = find_event(source)
    if not (folder / "gold").is_dir():
        raise CorpusError(f"{folder.name}: has no folder gold/ with hand codes to measure against; "
                          "see corpus/README.md, or code with the coding lab (TEACHING.md)")
    study = make_study(folder, engine=engine)
    found = []
    if (folder / "gold" / "quotes.csv").exists():
        found += _attribution(study, engine=engine, include=include, errors=errors)
    codes = read_codes(study)
    return found + (_framing(study, codes) if len(codes) and study.contrast else [])


def _is_brat(source: str | Path) -> bool:
    folder = Path(source).expanduser()
    return folder.is_dir() and (any(folder.glob("*.ann")) or any(folder.glob("ann/*.ann")))


def read_gold_quotes(study: Study) -> pd.DataFrame:
    """Return the first coder's attributions, or a table without rows where nobody has coded."""
    if not (study.event.folder / "gold" / "quotes.csv").exists():
        return empty("quotes").assign(coder="", coder_kind="")
    return load_gold_quotes(study.event.folder)


def read_codes(study: Study) -> pd.DataFrame:
    """Return the coded paragraphs that exist in the texts; no row where nobody has coded."""
    return keep_known_codes(load_codes(study.event), study.paragraphs)


def measure_attribution(study: Study, *, detail: bool = False) -> pd.DataFrame:
    """
    Measure a study's attributions against its first coder: rows as in `evaluate_quotes`.

    Without `detail` only attribution, speaker, role and affiliation. No row without codes.
    """
    gold = read_gold_quotes(study)
    if gold.empty:
        return pd.DataFrame(columns=["type", "metric", "precision", "recall", "value", "low",
                                     "high", "n"])
    scores = evaluate_quotes(study.quotes, gold, study.articles)
    return scores if detail else scores[scores["metric"].isin(_TOLD)].reset_index(drop=True)


def list_attribution_errors(study: Study) -> pd.DataFrame:
    """List what was missed, invented or given to a wrong source: no row without codes."""
    gold = read_gold_quotes(study)
    if gold.empty:
        return pd.DataFrame(columns=["article_id", "error", "content", "gold", "found",
                                     "sentence"])
    return quote_errors(study.quotes, gold, study.articles)


def code_study(study: Study, mentions: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Code the paragraphs of a study by machine, as its coders did by hand.

    `mentions` may be fewer than the study's, as after leaving terms out.
    """
    frames = [frame for frame in study.frames if frame.name in study.contrast]
    mentions = study.mentions if mentions is None else mentions
    return code_paragraphs_by_machine(mentions, study.voices, study.tokens,
                                      study.paragraphs, frames=frames)


def _attribution(study: Study, *, engine: str, include: str, errors: bool
                 ) -> list[tuple[str, pd.DataFrame]]:
    folder, quotes = study.event.folder, study.quotes
    if include == "all":
        quotes = find_quotes(study.articles, engine=engine, include="all",
                             parties=study.event.parties)
    gold = load_gold_quotes(folder)
    found = [(f"Attribution, {engine} engine, against {_who(gold)}",
              evaluate_quotes(quotes, gold, study.articles))]
    if _coders(folder) > 1:
        found.append(("The two coders against one another",
                      quote_agreement(folder, study.articles)))
    told = find_voices(study.articles, gold, parties=study.event.parties)
    found.append(("Voice of each word, given our attributions and given the coder's",
                  score_quote_voices(study.voices, told, study.tokens)))
    if errors:
        found.append(("What was missed, invented or misattributed",
                      quote_errors(quotes, gold, study.articles)))
    return found


def _framing(study: Study, codes: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    scores = score_codes(code_study(study), codes, frames=study.contrast)
    shared = score_codes(code_study(study, leave_out_articles(study.mentions)), codes,
                         frames=study.contrast)
    shared = shared[shared["question"].str.startswith("presence of")]
    return [("Frames and voices of paragraphs, machine against each coder", scores),
            ("Frames of paragraphs, each article's own terms left out", shared),
            ("Voice of paragraphs, macro F1", macro_f1(scores)),
            ("Agreement of the coders", measure_agreement(codes, frames=study.contrast))]


def _who(gold: pd.DataFrame) -> str:
    coder = gold["coder"].iloc[0] if "coder" in gold and len(gold) else "the coder"
    kind = gold["coder_kind"].iloc[0] if "coder_kind" in gold and len(gold) else "of unknown kind"
    return f"{coder} ({kind})"


def _coders(folder: Path) -> int:
    told = pd.read_csv(folder / "gold" / "quotes.csv", dtype=str)
    return told["coder"].nunique() if "coder" in told else 1
