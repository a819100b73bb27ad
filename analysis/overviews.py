"""
The tables of notebooks 04 and 05, each made from a study.

Every function returns a table with its columns and no row where the event lacks what it
needs: two frames to contrast, or hand codes. So a notebook runs on any event.
"""

from collections.abc import Callable
from functools import wraps

import pandas as pd

from analysis.agreement import measure_agreement
from analysis.baseline import train_baseline
from analysis.coding import count_coded_paragraphs
from analysis.counterfactuals import try_edits
from analysis.evaluation import code_study, read_codes
from analysis.frames import find_headline_mentions
from analysis.quoted import count_speakers
from analysis.rates import (
    compare_voices,
    count_headlines,
    count_rates,
    keep_counted,
    pool_rates,
)
from analysis.robustness import (
    CHOICES,
    audit_terms,
    count_statements,
    leave_out_articles,
    leave_out_terms,
    measure_choices,
    run_specifications,
)
from analysis.study import Study
from analysis.suggestions import suggest_terms
from analysis.validation import list_disagreements, score_codes
from analysis.voices import add_voices, find_marked_voices

Overview = Callable[[Study], pd.DataFrame]


def needs(*what: str, columns: str) -> Callable[[Overview], Overview]:
    """Return no row, with these columns, where a study lacks a contrast or codes."""
    def decorate(make: Overview) -> Overview:
        @wraps(make)
        def guarded(study: Study) -> pd.DataFrame:
            lacking = ("contrast" in what and len(study.contrast) < 2) or (
                "frames" in what and not study.frames) or (
                "codes" in what and read_codes(study).empty)
            return pd.DataFrame(columns=columns.split()) if lacking else make(study)
        return guarded
    return decorate


def list_frames(study: Study) -> pd.DataFrame:
    """List the frames: one row per frame, with its question, definition and number of terms."""
    rows = [(f.name, f.question, " ".join(f.definition.split()), len(f.terms),
             int((study.mentions["frame"] == f.name).sum())) for f in study.frames]
    return pd.DataFrame(rows, columns=["frame", "question", "definition", "terms", "found"])


@needs("contrast", columns="article_id frame n sentences share low high")
def count_naively(study: Study) -> pd.DataFrame:
    """Count as a plain word list does: every match, whoever says it and whatever it is about."""
    rates = count_rates(study.mentions, study.voices, study.tokens, frames=study.contrast,
                        unit="mention", excluded=True)
    return pool_rates(rates)


@needs("contrast", columns="article_id frame n sentences share low high")
def count_own_words(study: Study) -> pd.DataFrame:
    """Count the author's own sentences, with exclusions: one row per article and frame."""
    return pool_rates(study.rates[study.rates["voice"] == "author"])


@needs("contrast", columns="article_id plain own change turned")
def compare_counts(study: Study) -> pd.DataFrame:
    """Set the plain count beside the author's own words: share of the first frame in each."""
    first = study.contrast[0]
    plain, own = (t[t["frame"] == first].set_index("article_id")["share"]
                  for t in (count_naively(study), count_own_words(study)))
    both = pd.DataFrame({"plain": plain, "own": own}).reset_index()
    return both.assign(change=both["own"] - both["plain"],
                       turned=(both["own"] - 0.5) * (both["plain"] - 0.5) < 0)


@needs("frames", "codes", columns="frame term rule n articles note")
def audit_lexicon(study: Study) -> pd.DataFrame:
    """Audit each term against the coders (see `robustness.audit_terms`), most frequent first."""
    audit = audit_terms(study.mentions, read_codes(study), study.frames)
    return audit.sort_values(["n", "frame", "term"], ascending=[False, True, True],
                             ignore_index=True)


@needs("contrast", columns="frame term article_id share without delta sign_changed order_changed")
def drop_terms(study: Study) -> pd.DataFrame:
    """Leave out each term in turn, in the author's words; largest change first."""
    left = leave_out_terms(study.mentions, contrast=study.contrast)
    return left.sort_values("delta", key=abs, ascending=False, kind="stable", ignore_index=True)


@needs("contrast", "codes", columns="frame term n_target n_ref log_ratio g2 accept")
def suggest(study: Study) -> pd.DataFrame:
    """Suggest terms that the first coder's paragraphs use more than the rest."""
    frames = [f for f in study.frames if f.name in study.contrast]
    return suggest_terms(study.tokens, read_codes(study), frames, n=5)


@needs("contrast", columns=f"specification default {' '.join(CHOICES)} article_id n_first "
       "n_second share balance")
def specify(study: Study) -> pd.DataFrame:
    """Count under every combination of choices: one row per specification and article."""
    marked = add_voices(study.mentions, find_marked_voices(study.articles))
    headlines = find_headline_mentions(study.articles, study.frames)
    return run_specifications(study.mentions, marked, headlines, contrast=study.contrast,
                              articles=study.articles["article_id"].to_list())


def widest_curve(specifications: pd.DataFrame) -> pd.DataFrame:
    """Return the specifications over all articles together, for the picture."""
    return specifications[specifications["article_id"] == "all"].reset_index(drop=True)


@needs("contrast", columns="statement holds n_holds n_judged n_specifications")
def judge_statements(study: Study) -> pd.DataFrame:
    """Say in how many specifications each statement of the default holds."""
    return count_statements(specify(study), contrast=study.contrast)


@needs("contrast", columns="choice default value mean_change mean_absolute_change n")
def weigh_choices(study: Study) -> pd.DataFrame:
    """Measure what each choice does to the share, all others equal."""
    return measure_choices(specify(study))


@needs("contrast", columns="article_id edit what share_before share_after change sign_changed")
def edit(study: Study) -> pd.DataFrame:
    """Try every single edit (mask, delete, swap voice, drop headline); largest change first."""
    return try_edits(study.articles, study.quotes, study.frames, contrast=study.contrast,
                     parties=study.event.parties)


@needs("contrast", "codes", columns="frame split n positives auc brier skill note")
def try_baseline(study: Study) -> pd.DataFrame:
    """Train the supervised baseline: one row per frame and way of splitting."""
    codes = read_codes(study)
    if codes["article_id"].nunique() < 2:
        return pd.DataFrame(columns=["frame", "split", "n", "positives", "auc", "brier", "skill",
                                     "note"])
    return train_baseline(study.articles, study.paragraphs, codes, frames=study.contrast).scores


@needs("contrast", columns="article_id voice_a voice_b n_a n_b share_a share_b difference p")
def contrast_voices(study: Study) -> pd.DataFrame:
    """Set the author against parties and officials: difference in share, with its p."""
    return compare_voices(study.mentions, contrast=study.contrast)


@needs("frames", columns="article_id frame n headline")
def count_headline_frames(study: Study) -> pd.DataFrame:
    """Count the frames in the headlines, apart from the bodies."""
    headlines = find_headline_mentions(study.articles, study.frames)
    counts = count_headlines(headlines, study.articles, study.contrast)
    titles = headlines.drop_duplicates("article_id")[["article_id", "headline"]]
    return counts.merge(titles, on="article_id", how="left", validate="many_to_one")


@needs("contrast", columns="coder article_id first second first_own second_own")
def count_paragraphs(study: Study) -> pd.DataFrame:
    """
    Count coded paragraphs by frame: one row per coder, the machine first, and article.

    `first` and `second` are paragraphs with each frame of the contrast, in any voice;
    `first_own` and `second_own` those in the author's.
    """
    codes = pd.concat([code_study(study), read_codes(study)], ignore_index=True)
    counts = count_coded_paragraphs(codes, frames=study.contrast[:2])
    own = counts[counts["voice"] == "author"]
    keys, rows = ["coder", "article_id"], {}
    for name, frame in zip(("first", "second"), study.contrast, strict=False):
        for suffix, part in (("", counts), ("_own", own)):
            rows[name + suffix] = part[part["frame"] == frame].groupby(
                keys, sort=False)["paragraphs"].sum()
    return pd.DataFrame(rows).fillna(0).astype(int).reset_index()[
        [*keys, "first", "second", "first_own", "second_own"]]


@needs("contrast", "codes", columns="coder coder_kind question n precision recall f1")
def score_coding(study: Study) -> pd.DataFrame:
    """Score the machine's paragraphs against each coder."""
    return score_codes(code_study(study), read_codes(study), frames=study.contrast)


@needs("contrast", "codes", columns="coder coder_kind question n precision recall f1")
def score_unseen(study: Study) -> pd.DataFrame:
    """Score again with only those terms in each article that another article has too."""
    fewer = study._replace(mentions=leave_out_articles(study.mentions))
    return score_codes(code_study(fewer), read_codes(study), frames=study.contrast)


@needs("contrast", "codes", columns="question n_units coders agreement alpha low high ac1 note")
def measure_coders(study: Study) -> pd.DataFrame:
    """Measure how the coders agree with one another."""
    return measure_agreement(read_codes(study), frames=study.contrast)


@needs("contrast", "codes", columns="article_id paragraph coder frame_coder frame_machine text")
def disagree(study: Study) -> pd.DataFrame:
    """List the paragraphs that machine and coder code otherwise."""
    return list_disagreements(code_study(study), read_codes(study), study.paragraphs,
                              study.articles)


@needs("frames", columns="speaker article_id frame n")
def count_speaker_frames(study: Study) -> pd.DataFrame:
    """Count whose words carry which frame: one row per speaker, article and frame."""
    counted = keep_counted(study.mentions)
    named = counted.assign(speaker=counted["speaker"].where(counted["voice"] != "author",
                                                            "the author").fillna("unresolved"))
    found = named.groupby(["speaker", "voice", "article_id", "frame"]).size().rename("n")
    return found.reset_index().sort_values(["n", "speaker"], ascending=[False, True],
                                           ignore_index=True)


def list_speakers(study: Study) -> pd.DataFrame:
    """List who is quoted (see `quoted.count_speakers`)."""
    return count_speakers(study.quotes, study.articles, study.tokens)
