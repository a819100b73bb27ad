"""
Code paragraphs by machine as coders do by hand: which frame, and in whose voice.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.agreement import has_frame
from analysis.frame_terms import Frame
from analysis.rates import keep_counted
from analysis.tables import table
from analysis.voices import VOICES, locate

UNITS = ["article_id", "paragraph"]


def code_paragraphs_by_machine(mentions: pd.DataFrame, voices: pd.DataFrame, tokens: pd.DataFrame,
                               paragraphs: pd.DataFrame, *, frames: Sequence[Frame]
                               ) -> pd.DataFrame:
    """
    Code each paragraph as the coders do: one row per paragraph, as in `TABLES["codes"]`.

    A frame is there if a mention of it counts (not excluded, not plainly negated). One that
    `yields_to` another needs more mentions than that one, since its words also name the event.
    The voice is the quoted one if quoted mentions are at least as many as the author's; in a
    paragraph without a frame, the one with more than half of the words; else the author's.
    """
    counted = keep_counted(mentions, negated="presupposed")
    names = [frame.name for frame in frames]
    found = counted.groupby([*UNITS, "frame"]).size().unstack(fill_value=0) \
        .reindex(columns=names, fill_value=0)
    units = pd.MultiIndex.from_frame(paragraphs[UNITS])
    found = found.reindex(units, fill_value=0)
    rivals = {frame.name: found.reindex(columns=frame.yields_to).max(axis=1).fillna(0)
              for frame in frames}
    there = pd.DataFrame({name: found[name] > rivals[name] for name in names}, index=units)
    kept = counted[_holds(there, counted)]
    said = _count_voices(kept, units)
    words = _count_voices(tokens.assign(voice=voices["voice"].take(
        locate(voices, tokens["article_id"], tokens["start"])).array), units)
    evidence = kept.groupby(UNITS)["match"].agg(" | ".join).reindex(units)
    return table("codes", pd.DataFrame({
        "article_id": paragraphs["article_id"].array, "paragraph": paragraphs["paragraph"].array,
        "coder": "machine", "coder_kind": "machine", "frame": _name_frames(there, names),
        "voice": _main_voices(said, words), "confidence": None, "evidence": evidence.array}))


def count_coded_paragraphs(codes: pd.DataFrame, *, frames: Sequence[str]) -> pd.DataFrame:
    """
    Count coded paragraphs: one row per coder, article, frame and voice, zeros included.

    Column `paragraphs`; one with both frames counts for each. Takes the machine's codes, the
    coders', or both together.
    """
    parts = [codes[has_frame(codes["frame"], frame)].assign(frame=frame) for frame in frames]
    keys = ["coder", "article_id", "frame", "voice"]
    cells = pd.MultiIndex.from_product(
        [pd.unique(codes["coder"]), pd.unique(codes["article_id"]), list(frames), VOICES],
        names=keys)
    counts = pd.concat([codes.head(0), *parts]).groupby(keys).size()
    return counts.reindex(cells, fill_value=0).rename("paragraphs").reset_index()


def _holds(there: pd.DataFrame, counted: pd.DataFrame) -> np.ndarray:
    """Say which mentions belong to a frame that their paragraph holds."""
    rows = there.index.get_indexer(pd.MultiIndex.from_frame(counted[UNITS]))
    columns = there.columns.get_indexer(counted["frame"])
    return there.to_numpy()[rows, columns] & (rows >= 0) & (columns >= 0)


def _count_voices(rows: pd.DataFrame, units: pd.MultiIndex) -> pd.DataFrame:
    return rows.groupby([*UNITS, "voice"]).size().unstack(fill_value=0) \
        .reindex(index=units, columns=list(VOICES), fill_value=0)


def _name_frames(there: pd.DataFrame, names: Sequence[str]) -> list[str]:
    """Name the frames of each paragraph: neither, the one, both (of two), or a|b."""
    found = [[n for n, yes in zip(names, row, strict=True) if yes] for row in there.to_numpy()]
    both = len(names) == 2
    return ["neither" if not f else "both" if both and len(f) == 2 else "|".join(f) for f in found]


def _main_voices(said: pd.DataFrame, words: pd.DataFrame) -> np.ndarray:
    """Choose the voice of each paragraph by its mentions, or failing them by its words."""
    quoted = said.drop(columns="author")
    spoken = quoted + 0.001 * words.drop(columns="author")  # words decide between equals
    by_mention = np.where((quoted.sum(axis=1) >= said["author"]), spoken.where(
        quoted > 0, -1).idxmax(axis=1), "author")
    share = words.div(words.sum(axis=1).clip(lower=1), axis=0).drop(columns="author")
    by_word = np.where(share.max(axis=1) > 0.5, share.idxmax(axis=1), "author")
    return np.where(said.sum(axis=1) > 0, by_mention, by_word)
