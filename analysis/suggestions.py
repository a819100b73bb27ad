"""Terms that a lexicon may lack: what marks out the paragraphs coded with a frame."""

from collections.abc import Sequence

import pandas as pd

from analysis.agreement import has_frame
from analysis.frame_terms import Frame
from analysis.keyness import measure_keyness
from analysis.matching import as_form
from analysis.topics import drop_function_words


def suggest_terms(tokens: pd.DataFrame, codes: pd.DataFrame, frames: Sequence[Frame], *,
                  coder: str | None = None, n: int = 15) -> pd.DataFrame:
    """
    Suggest terms for each frame from the paragraphs that a coder gave it: `n` rows a frame.

    Sets the words of those paragraphs against the rest (keyness), leaves out function words
    and what the frame has already. Columns: frame, term, n_target, n_ref, log_ratio, g2,
    accept (false: for the user to set). Judge each in its sentences: most will be names, and
    a word taken from these texts is no longer a test on these texts. `coder` defaults to the
    first. A frame coded in no paragraph, or in all, has no suggestion.
    """
    coder = codes["coder"].iloc[0] if coder is None and len(codes) else coder
    mine = codes[codes["coder"] == coder]
    parts = [_suggest(tokens, mine, frame, n) for frame in frames]
    return pd.concat([_NONE, *parts], ignore_index=True)


_NONE = pd.DataFrame({"frame": pd.Series(dtype="str"), "term": pd.Series(dtype="str"),
                      "n_target": pd.Series(dtype="int64"), "n_ref": pd.Series(dtype="int64"),
                      "log_ratio": pd.Series(dtype="float64"), "g2": pd.Series(dtype="float64"),
                      "accept": pd.Series(dtype="bool")})


def _suggest(tokens: pd.DataFrame, codes: pd.DataFrame, frame: Frame, n: int) -> pd.DataFrame:
    coded = codes.assign(side=has_frame(codes["frame"], frame.name).map(
        {True: frame.name, False: "the rest"}))
    words = tokens.merge(coded[["article_id", "paragraph", "side"]], on=["article_id", "paragraph"])
    if words["side"].nunique() < 2:
        return _NONE
    words = words.assign(article_id=words["side"], sentence=words.groupby(
        ["article_id", "sentence"]).ngroup()).sort_values(["article_id", "sentence", "start"])
    keyness = measure_keyness(words, shuffles=0)
    mine = keyness[(keyness["document"] == frame.name) & (keyness["g2"] > 0)]
    mine = drop_function_words(mine)
    forms = {word for term in frame.terms for form in term.forms for word in as_form(form).split()}
    stems = tuple(word[:-1] for word in forms if word.endswith("*"))
    known = mine["term"].isin(forms) | mine["term"].map(lambda term: term.startswith(stems or "*"))
    best = mine[~known].sort_values(["g2", "term"], ascending=[False, True]).head(n)
    return best.assign(frame=frame.name, accept=False)[list(_NONE.columns)]
