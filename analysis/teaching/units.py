"""
What is put before a coder: one unit at a time, in an order of the coder's own, blind.

A table of units has one row per thing to code: `unit_id`, `article_id`, `paragraph`,
`start`, `end` (of the unit), `text` (the paragraph), `words` (the unit's own words)
and `before` (the paragraph before it). No code of anybody is in it.
"""

import hashlib
import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.corpus import Event
from analysis.tables import spans
from analysis.tokens import find_paragraphs

VOICES = ("author", "expert", "official", "party", "other")
ROLES = ("official", "expert", "institution", "document", "media", "state_media", "business",
         "advocate", "citizen", "collective")
NOT_A_QUOTATION = "not a quotation"
RESERVED = "us"  # undo, skip
_HEADING = re.compile(r"^## .*$", re.MULTILINE)


class Field(NamedTuple):
    """One question to the coder: its answers, each with its key, or none for free words."""

    name: str
    label: str
    keys: dict[str, str]
    needed: bool = True


class Scheme(NamedTuple):
    """What is coded: the kind of unit, its fields, and the part of the codebook on it."""

    kind: str
    fields: tuple[Field, ...]
    heading: str


def frame_scheme(event: Event, frames: list[str] | None = None) -> Scheme:
    """
    Return how paragraphs are coded: the event's frames, both or neither, and whose voice.

    Raises ValueError where the event names no frames.
    """
    names = list(frames or event.contrast)
    if not names:
        raise ValueError(f"{event.name}: there is no frame to code; name the frames with "
                         'frames=["…", "…"], or in event.toml as contrast = ["…", "…"]')
    both = ["both"] if len(names) == 2 else []
    answers = dict(zip([*names, *both, "neither"],
                       letter_keys([*names, *both, "neither"]), strict=True))
    return Scheme("paragraphs", (
        Field("frame", "Frame", {key: name for name, key in answers.items()}),
        Field("voice", "Voice", {str(i): voice for i, voice in enumerate(VOICES, 1)}),
        Field("confidence", "Sure?", {"+": "high", "-": "low"}),
        Field("evidence", "Words that decided", {}, needed=False),
        Field("comment", "Comment", {}, needed=False)), "frame")


def quotation_scheme() -> Scheme:
    """Return how quotations are coded: who says it, in which role."""
    roles = dict(zip("1234567890", ROLES, strict=True)) | {"n": NOT_A_QUOTATION}
    return Scheme("quotations", (
        Field("role", "Role", roles),
        Field("confidence", "Sure?", {"+": "high", "-": "low"}),
        Field("speaker", "Who says this?", {}),
        Field("comment", "Comment", {}, needed=False)), "quote")


def letter_keys(names: list[str]) -> list[str]:
    """
    Return one letter for each name: its first that is still free.

    >>> letter_keys(["desperation", "alliance", "both", "neither"])
    ['d', 'a', 'b', 'n']
    >>> letter_keys(["blame", "both"])
    ['b', 'o']
    """
    taken: list[str] = list(RESERVED)
    for name in names:
        letters = [c for c in name.lower() if c.isascii() and c.isalpha()]
        letters += list("abcdefghijklmnopqrtvwxyz")
        taken.append(next(c for c in letters if c not in taken))
    return taken[len(RESERVED):]


def paragraph_units(articles: pd.DataFrame) -> pd.DataFrame:
    """List the paragraphs to code, furniture left out: one row per paragraph."""
    paragraphs = find_paragraphs(articles)
    kept = paragraphs[paragraphs["kind"] != "furniture"].reset_index(drop=True)
    return _units(articles, paragraphs, kept.assign(
        unit_id=kept["article_id"] + ":p" + kept["paragraph"].astype(str)))


def quotation_units(articles: pd.DataFrame, quotes: pd.DataFrame) -> pd.DataFrame:
    """List the quotations to code, without their speakers: one row per attribution."""
    paragraphs = find_paragraphs(articles)
    rows = []
    for article, quote, content in quotes[["article_id", "quote_id", "content_spans"]].to_numpy():
        pairs = spans(content)
        if pairs:
            rows.append((article, f"{article}:{quote}", quote, pairs[0][0], pairs[-1][1]))
    found = pd.DataFrame(rows, columns=["article_id", "unit_id", "quote_id", "start", "end"])
    places = paragraphs.rename(columns={"start": "p_start", "end": "p_end"})
    merged = found.merge(places[["article_id", "paragraph", "p_start", "p_end"]], on="article_id")
    inside = (merged["p_start"] <= merged["start"]) & (merged["start"] < merged["p_end"])
    return _units(articles, paragraphs, merged[inside].reset_index(drop=True))


def in_coder_order(units: pd.DataFrame, coder: str) -> pd.DataFrame:
    """Shuffle the units: each coder has an order, always the same, so no order tires all alike."""
    seed = int.from_bytes(hashlib.sha256(coder.encode()).digest()[:8], "big")
    order = np.random.default_rng(seed).permutation(len(units))
    return units.iloc[order].reset_index(drop=True)


def draw(units: pd.DataFrame, sample: int | None) -> pd.DataFrame:
    """
    Draw `sample` units at random: the same for every coder, a smaller draw part of a larger.

    Raises ValueError where fewer than one is asked for.
    """
    if sample is None:
        return units
    if sample < 1:
        raise ValueError(f"sample={sample}: ask for one unit or more, or leave it out for all")
    digest = units["unit_id"].map(lambda name: hashlib.sha256(name.encode()).hexdigest())
    return units.loc[digest.sort_values().index[:sample]].reset_index(drop=True)


def codebook_text(event: Event, heading: str) -> str:
    """
    Return the part of the event's codebook whose heading has the word `heading`, as filed.

    Without such a part the whole codebook; without a codebook, what to write into one.
    """
    path = event.folder / "gold" / "CODEBOOK.md"
    if not path.is_file():
        return ("This event has no codebook yet. Before you code, agree on one page: what each "
                "frame means, what counts, what does not, and three sentences that are hard to "
                f"decide. Save it as {path.parent.name}/{path.name} in the event's folder.")
    text = path.read_text("utf-8", errors="replace")
    heads = list(_HEADING.finditer(text))
    for i, head in enumerate(heads):
        if heading in head.group().lower():
            return text[head.start():heads[i + 1].start() if i + 1 < len(heads) else len(text)]
    return text


def _units(articles: pd.DataFrame, paragraphs: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Add the words, the paragraph around them and the one before."""
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    spots = {(a, int(n)): texts[a][int(s):int(e)] for a, n, s, e in
             paragraphs[["article_id", "paragraph", "start", "end"]].to_numpy()}
    keys = [(a, int(n)) for a, n in rows[["article_id", "paragraph"]].to_numpy()]
    offsets = rows[["article_id", "start", "end"]].to_numpy()
    return rows.assign(
        text=[spots[key] for key in keys],
        words=[texts[a][int(s):int(e)] for a, s, e in offsets],
        before=[spots.get((a, n - 1), "") for a, n in keys])
