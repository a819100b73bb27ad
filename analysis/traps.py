"""How a word list is fooled: the places of one event where each trap lies."""

import pandas as pd

from analysis.evaluation import code_study, read_codes
from analysis.study import Study

_COLUMNS = ["trap", "article_id", "start", "end", "frame", "match", "why"]


def find_traps(study: Study) -> pd.DataFrame:
    """
    Find where a plain count of frame words goes wrong: one row per place.

    Traps: another target (the words are about somebody else), negated, denied (a denial
    that keeps the frame in view), quoted (marked, but not the author's), reported (not the
    author's, and no marks), a voice inside a voice, a name ("the pact" may only name what
    was signed), both frames in one sentence, counted twice (one frame twice in
    a sentence), no frame word (a coder saw the frame, the list has no word for it) and
    frame word without frame. The last two need hand codes.
    """
    mentions = study.mentions[study.mentions["frame"].isin(study.contrast)]
    kept = mentions[~mentions["excluded"]]
    voiced = kept[kept["voice"] != "author"]
    parts = [
        _rows("another target", mentions[mentions["excluded"]]),
        _rows("negated", kept[kept["negated"] & ~kept["presupposed"]]),
        _rows("denied, and so kept in view", kept[kept["negated"] & kept["presupposed"]]),
        _rows("quoted: somebody else's word", voiced[voiced["quoted"]]),
        _rows("reported without marks", voiced[~voiced["quoted"]]),
        _rows("a voice inside a voice", voiced[voiced["nested"]]),
        _rows("a name of the event or its papers", kept[kept["names_event"]]),
        _rows("both frames in one sentence", _in_one_sentence(kept)),
        _rows("one frame twice in a sentence", _twice(kept)),
        _uncoded(study, kept), _unseen(study)]
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=_COLUMNS)


def count_traps(traps: pd.DataFrame) -> pd.DataFrame:
    """Count the traps: one row per trap, with the number of places and of articles."""
    counts = traps.groupby("trap", sort=False).agg(
        places=("start", "size"), articles=("article_id", "nunique"))
    return counts.reset_index()


def first_of_each(traps: pd.DataFrame) -> pd.DataFrame:
    """Keep one place of each trap, to look at."""
    return traps.drop_duplicates("trap").reset_index(drop=True)


def _rows(trap: str, mentions: pd.DataFrame) -> pd.DataFrame:
    return mentions.assign(trap=trap, why=mentions["rule"])[_COLUMNS]


def _in_one_sentence(mentions: pd.DataFrame) -> pd.DataFrame:
    frames = mentions.groupby(["article_id", "sentence"])["frame"].transform("nunique")
    return mentions[frames > 1].drop_duplicates(["article_id", "sentence"])


def _twice(mentions: pd.DataFrame) -> pd.DataFrame:
    keys = ["article_id", "sentence", "frame"]
    return mentions[mentions.duplicated(keys)].drop_duplicates(keys)


def _coded(study: Study) -> pd.DataFrame:
    """Return the first coder's paragraphs beside the machine's, with their offsets."""
    codes = read_codes(study)
    if codes.empty or not study.contrast:
        return pd.DataFrame(columns=["article_id", "paragraph", "frame", "frame_machine",
                                     "start", "end", "evidence"])
    first = codes[codes["coder"] == codes["coder"].iloc[0]]
    units = ["article_id", "paragraph"]
    machine = code_study(study)[[*units, "frame"]].rename(columns={"frame": "frame_machine"})
    places = study.paragraphs[[*units, "start", "end"]]
    return first.merge(machine, on=units, validate="one_to_one").merge(
        places, on=units, validate="one_to_one")


def _unseen(study: Study) -> pd.DataFrame:
    coded = _coded(study)
    lost = coded[(coded["frame"] != "neither") & (coded["frame_machine"] == "neither")]
    return lost.assign(trap="a frame without a frame word", match=lost["evidence"],
                       why="a coder saw the frame here")[_COLUMNS]


def _uncoded(study: Study, kept: pd.DataFrame) -> pd.DataFrame:
    coded = _coded(study)
    plain = coded.loc[coded["frame"] == "neither", ["article_id", "paragraph"]]
    return _rows("a frame word without the frame",
                 kept.merge(plain, on=["article_id", "paragraph"], validate="many_to_one"))
