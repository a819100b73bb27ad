"""
What if it had been put otherwise? Small edits to a text, and what they do to its frames.

Edits keep the length of the text, so that every offset stays good: what is taken out
becomes ▒. Edited articles carry the column `edited`, which says what was done to them.
"""

from bisect import bisect_right
from collections.abc import Sequence

import pandas as pd

from analysis.corpus import Party
from analysis.frame_terms import Frame, make_lexicon
from analysis.frames import find_headline_mentions, find_mentions
from analysis.rates import keep_counted
from analysis.tables import spans
from analysis.tokens import find_paragraphs, find_sentences
from analysis.voices import VOICES, add_voices, find_voices

FILLER = "▒"


def blot_out(articles: pd.DataFrame, article_id: str, pieces: Sequence[tuple[int, int]], *,
             reason: str) -> pd.DataFrame:
    """
    Return the articles with these pieces of one of them blotted out, and marked as edited.

    Letters and digits become ▒; white space and punctuation stay, so that sentences do.
    Raises ValueError for an article that is not there or a piece outside its text.
    """
    here = articles["article_id"] == article_id
    if not here.any():
        raise ValueError(f"no article '{article_id}'; there are "
                         f"{', '.join(articles['article_id'])}")
    text = articles.loc[here, "text"].iloc[0]
    for start, end in pieces:
        if not 0 <= start < end <= len(text):
            raise ValueError(f"{start}-{end} is not inside '{article_id}' (0-{len(text)})")
        blot = "".join(FILLER if c.isalnum() else c for c in text[start:end])
        text = text[:start] + blot + text[end:]
    edited = articles["edited"] if "edited" in articles else pd.Series("", articles.index)
    return articles.assign(text=articles["text"].where(~here, text),
                           edited=edited.where(~here, reason))


def mask_term(articles: pd.DataFrame, mention: pd.Series) -> pd.DataFrame:
    """Return the articles with one mention (a row of `mentions`) blotted out."""
    return blot_out(articles, mention["article_id"], [(mention["start"], mention["end"])],
                    reason=f"masked '{mention['match']}' at {mention['start']}")


def delete_quotation(articles: pd.DataFrame, quotes: pd.DataFrame, quote: pd.Series
                     ) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the articles with the words of one attribution blotted out, and quotes without it."""
    edited = blot_out(articles, quote["article_id"], spans(quote["content_spans"]),
                      reason=f"deleted quotation {quote['quote_id']}")
    same = (quotes["article_id"] == quote["article_id"]) & (quotes["quote_id"] == quote["quote_id"])
    return edited, quotes[~same]


def swap_voice(voices: pd.DataFrame, article_id: str, quote_id: str, voice: str) -> pd.DataFrame:
    """
    Return the voices with one attribution given to another voice, marked in `edited`.

    Raises ValueError for a voice that is none, or an attribution that is not there.
    """
    if voice not in VOICES:
        raise ValueError(f"no voice is called '{voice}'; there are {', '.join(VOICES)}")
    here = (voices["article_id"] == article_id) & (voices["quote_id"] == quote_id)
    if not here.any():
        raise ValueError(f"'{article_id}' has no stretch of attribution '{quote_id}'")
    reason = f"voice of {quote_id} set to {voice}"
    return voices.assign(voice=voices["voice"].where(~here, voice),
                         edited=pd.Series("", voices.index).where(~here, reason))


def try_edits(articles: pd.DataFrame, quotes: pd.DataFrame, frames: Sequence[Frame], *,
              contrast: Sequence[str], parties: Sequence[Party] = (), voice: str | None = None
              ) -> pd.DataFrame:
    """
    Try every single edit: one row per edit, those that change most first.

    Edits: mask a term, delete a quotation, give a quotation to the author, drop the headline.
    Each is made to the text and everything is found anew. Columns: article_id, edit, what (the
    words), quote_id, start, end, share_before and share_after (of `contrast[0]` in the
    sentences of both, the headline counted as one; `voice` None for all), change, and
    sign_changed. Quotations without a frame change nothing and are left out.
    """
    parts = [_try_article(articles[articles["article_id"] == article], quotes[
        quotes["article_id"] == article], frames, (contrast, parties, voice))
        for article in articles["article_id"]]
    tried = pd.concat(parts, ignore_index=True)
    change = tried["share_after"] - tried["share_before"]
    crossed = ((tried["share_before"] - 0.5) * (tried["share_after"] - 0.5) <= 0) & (
        tried["share_before"] != tried["share_after"])
    return tried.assign(change=change, sign_changed=crossed).sort_values(
        ["change", "article_id", "start"], kind="stable", ignore_index=True,
        key=lambda c: -c.abs() if c.name == "change" else c)


_TRIED = ["article_id", "edit", "what", "quote_id", "start", "end", "share_before", "share_after"]


def _try_article(article: pd.DataFrame, quotes: pd.DataFrame, frames: Sequence[Frame],
                 how: tuple) -> pd.DataFrame:
    """Try the edits to one article."""
    contrast, parties, voice = how
    count = _Count(article, frames, contrast, voice)
    name, text = article["article_id"].iloc[0], article["text"].iloc[0]
    voices = find_voices(article, quotes, parties=parties)
    before = count.share(article, voices)
    mentions = keep_counted(add_voices(find_mentions(article, frames), voices))
    mentions = mentions[mentions["frame"].isin(contrast)]
    rows = [(name, "mask term", m["match"], m["quote_id"], m["start"], m["end"], before,
             count.share(mask_term(article, m), voices)) for _, m in mentions.iterrows()]
    for _, quote in quotes[quotes["quote_id"].isin(mentions["quote_id"].dropna())].iterrows():
        pieces = spans(quote["content_spans"])
        start, end = pieces[0][0], pieces[-1][1]
        edited, rest = delete_quotation(article, quotes, quote)
        told = (text[start:end], quote["quote_id"], start, end, before)
        rows.append((name, "delete quotation", *told, count.share(
            edited, find_voices(edited, rest, parties=parties))))
        if (voices["quote_id"] == quote["quote_id"]).any():  # not wholly inside its own layers
            rows.append((name, "author instead", *told, count.share(
                article, swap_voice(voices, name, quote["quote_id"], "author"))))
    if len(count.titles):
        rows.append((name, "drop headline", count.titles["headline"].iloc[0], None, 0, 0, before,
                     count.share(article, voices, headline=False)))
    return pd.DataFrame(rows, columns=_TRIED)


class _Count:
    """The share of the first frame in one article, however it is edited."""

    def __init__(self, article: pd.DataFrame, frames: Sequence[Frame], contrast: Sequence[str],
                 voice: str | None) -> None:
        """Find what no edit changes: sentences, for lengths stay, and the headline's frames."""
        paragraphs = find_paragraphs(article)
        sentences = find_sentences(article, paragraphs[paragraphs["kind"] != "title"])
        self.spans = list(zip(sentences["start"], sentences["end"], strict=True))
        self.lexicon, self.contrast, self.voice = make_lexicon(tuple(frames)), contrast, voice
        self.titles = find_headline_mentions(article, frames)

    def share(self, article: pd.DataFrame, voices: pd.DataFrame, *, headline: bool = True) -> float:
        """Find the frames anew, and return the share of the first in the sentences of both."""
        starts, said = voices["start"].to_list(), voices["voice"].to_list()
        units = {(hit.sentence, hit.frame)
                 for hit in self.lexicon.find(article["text"].iloc[0], self.spans)
                 if not hit.excluded and self._counts(said[bisect_right(starts, hit.start) - 1])}
        if headline and self._counts("author"):
            units |= {(-1, frame) for frame in keep_counted(self.titles)["frame"]}
        found = [frame for _, frame in units if frame in self.contrast]
        return found.count(self.contrast[0]) / len(found) if found else float("nan")

    def _counts(self, voice: str) -> bool:
        return self.voice is None or voice == self.voice
