"""
The explorer: change a choice, and see at once what it does to the counts and the order.

`Explorer` knows no widget: it takes tables, and each question to it returns a table.
`explore` opens it in a notebook.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.answers_voice import NO_FRAMES
from analysis.concordance import find_in_context
from analysis.corpus import Event
from analysis.figures import show_text
from analysis.frames import Frame, Term, find_mentions
from analysis.matching import as_form, fold
from analysis.rates import count_rates, pool_rates
from analysis.study import Study, make_study
from analysis.tokens import find_sentences, tokenize
from analysis.voices import VOICES, add_voices

OWN = "your own"  # the rule of a term that a user adds
_WORD = re.compile(r"\w+")


class Choice(NamedTuple):
    """What is looked at: which articles, frames and voices, and what negation does."""

    articles: tuple[str, ...]
    frames: tuple[str, ...]
    voices: tuple[str, ...] = VOICES
    negated: str = "keep"


class Explorer:
    """The tables of one event, and word lists that may be changed without touching a file."""

    def __init__(self, articles: pd.DataFrame, voices: pd.DataFrame, frames: Sequence[Frame], *,
                 contrast: Sequence[str] = ()) -> None:
        """
        Find the mentions once; from here on only a changed frame is looked for again.

        Raises ValueError where there are no frames.
        """
        if not frames:
            raise ValueError("there are no frames to explore; add one as frames/NAME.toml to the "
                             "event (samestory new NAME makes a template)")
        self.articles, self.voices = articles, voices
        self.texts = dict(zip(articles["article_id"], articles["text"], strict=True))
        self.sentences = find_sentences(articles)
        self.tokens = tokenize(articles, self.sentences)
        self._words = sorted({w for text in self.texts.values() for w in _WORD.findall(fold(text))})
        self._as_filed = {frame.name: frame for frame in frames}
        self.frames = dict(self._as_filed)
        self.contrast = [name for name in contrast if name in self.frames] or list(self.frames)[:2]
        self._mentions = {name: self._find(frame) for name, frame in self.frames.items()}
        self._original = dict(self._mentions)
        self._filed: tuple[Choice, pd.Series] | None = None

    @property
    def everything(self) -> Choice:
        """The choice that leaves nothing out."""
        return Choice(tuple(self.texts), tuple(self.frames))

    def forms(self, frame: str) -> list[str]:
        """List the forms of a frame as they are now, in the order of its file."""
        return [form for term in self.frames[frame].terms for form in term.forms]

    def set_forms(self, frame: str, forms: Sequence[str]) -> None:
        """
        Look for these forms from now on; a * at the end stands for all endings.

        A form of the frame's file keeps its entry, with rule and exclusions. Raises
        ValueError, and changes nothing, where a form cannot be searched.
        """
        wanted = list(dict.fromkeys(as_form(form) for form in forms if form.strip()))
        for form in wanted:
            if len(form.removesuffix("*")) < 2 or not form[0].isalnum() or "*" in form[:-1]:
                raise ValueError(f"{form!r} cannot be searched; write two letters or more, with * "
                                 "only at the end")
        filed = self._as_filed[frame]
        kept = [term._replace(forms=tuple(f for f in term.forms if as_form(f) in wanted))
                for term in filed.terms]
        known = {as_form(form) for term in filed.terms for form in term.forms}
        own = [Term(form, (form,), OWN) for form in wanted if form not in known]
        changed = filed._replace(terms=(*(term for term in kept if term.forms), *own))
        self._mentions[frame] = self._find(changed)
        self.frames[frame] = changed

    def reset(self, frame: str) -> None:
        """Go back to the forms of the frame's file."""
        self.frames[frame] = self._as_filed[frame]
        self._mentions[frame] = self._original[frame]

    def mentions(self, choice: Choice) -> pd.DataFrame:
        """Return the mentions of the chosen articles, frames and voices, in text order."""
        return self._choose(self._mentions, choice)

    def rates(self, choice: Choice) -> pd.DataFrame:
        """Count by article and frame over the chosen voices: one row for each, zeros included."""
        return self._rates(self._mentions, choice)

    def ranks(self, choice: Choice, rates: pd.DataFrame | None = None) -> pd.DataFrame:
        """
        Order the articles by the share of the first frame: one row per article.

        `share` is that frame's part of the sentences with a chosen frame; `rank_filed` and
        `moved` compare with the frames as filed, under the same choice. Articles without a
        sentence of any frame come last, without a rank. `rates`, of the same choice, saves
        counting them again.
        """
        if self._filed is None or self._filed[0] != choice:
            self._filed = choice, self._shares(self._rates(self._original, choice), choice)
        now = self._shares(self.rates(choice) if rates is None else rates, choice)
        before = self._filed[1]
        rank, filed = (s.rank(ascending=False, method="min") for s in (now, before))
        table = pd.DataFrame({"share": now, "rank": rank, "rank_filed": filed,
                              "moved": filed - rank})
        return table.rename_axis("article_id").reset_index().sort_values(
            ["rank", "article_id"], na_position="last", ignore_index=True)

    def evidence(self, choice: Choice) -> pd.DataFrame:
        """List the mentions with their sentences: one row per mention, in text order."""
        found = self.mentions(choice)
        spots = self.sentences.set_index(["article_id", "sentence"])[["start", "end"]]
        at = spots.loc[pd.MultiIndex.from_frame(found[["article_id", "sentence"]])].to_numpy()
        said = [self.texts[a][s:e] for a, (s, e) in zip(found["article_id"], at, strict=True)]
        columns = ["article_id", "start", "frame", "match", "voice", "speaker", "negated"]
        return found[columns].assign(sentence=said).reset_index(drop=True)

    def in_context(self, term: str, choice: Choice, *, width: int = 60) -> pd.DataFrame:
        """
        Find a word or phrase in the chosen articles; rows as in `find_in_context`.

        Raises ValueError where there is no word to look for.
        """
        chosen = (table[table["article_id"].isin(choice.articles)]
                  for table in (self.articles, self.tokens))
        return find_in_context(*chosen, term, width=width)

    def marked(self, article: str, choice: Choice) -> str:
        """Return the text with the mentions in brackets, for reading: ⟦frame: words⟧."""
        text, pieces, last = self.texts[article], [], 0
        found = self.mentions(choice._replace(articles=(article,)))
        for start, end, frame in found[["start", "end", "frame"]].to_numpy():
            if start >= last:
                pieces += [text[last:start], f"⟦{frame}: {text[start:end]}⟧"]
                last = end
        return "".join([*pieces, text[last:]])

    def _find(self, frame: Frame) -> pd.DataFrame:
        found = find_mentions(self.articles, [self._narrow(frame)], sentences=self.sentences)
        return add_voices(found, self.voices)

    def _narrow(self, frame: Frame) -> Frame:
        """
        Leave out the filed forms that these texts cannot hold: they need not be compiled.

        A form that the user has written stays, so that one that cannot be searched says so.
        """
        filed = {form for term in self._as_filed[frame.name].terms for form in term.forms}
        terms = (term._replace(forms=tuple(form for form in term.forms
                                           if form not in filed or self._may_occur(form)))
                 for term in frame.terms)
        return frame._replace(terms=tuple(term for term in terms if term.forms))

    def _may_occur(self, form: str) -> bool:
        words = _WORD.findall(as_form(form))
        if form.endswith("*") and words:
            at = bisect_left(self._words, words[-1])
            if not self._words[at:at + 1] or not self._words[at].startswith(words.pop()):
                return False
        places = (bisect_left(self._words, word) for word in words)
        return all(self._words[at:at + 1] == [word]
                   for at, word in zip(places, words, strict=True))

    def _choose(self, mentions: dict[str, pd.DataFrame], choice: Choice) -> pd.DataFrame:
        joined = pd.concat([mentions[name] for name in choice.frames] or
                           [next(iter(mentions.values())).head(0)])
        kept = joined[joined["article_id"].isin(choice.articles)
                      & joined["voice"].isin(choice.voices) & ~joined["excluded"]]
        if choice.negated == "drop":
            kept = kept[~kept["negated"]]
        return kept.sort_values(["article_id", "start", "frame"], ignore_index=True)

    def _rates(self, mentions: dict[str, pd.DataFrame], choice: Choice) -> pd.DataFrame:
        tiles = self.voices[self.voices["article_id"].isin(choice.articles)]
        rates = count_rates(self._choose(mentions, choice), tiles, self.tokens,
                            frames=choice.frames, negated=choice.negated)
        pooled = pool_rates(rates[rates["voice"].isin(choice.voices)])
        per_1000 = 1000 * pooled["n"] / pooled["words"].where(pooled["words"] > 0)
        return pooled.assign(per_1000_words=per_1000)[
            ["article_id", "frame", "n", "sentences", "words", "per_1000_words", "share", "low",
             "high"]]

    def first_frame(self, choice: Choice) -> str:
        """Return the frame whose share orders the articles: the first of the contrast chosen."""
        return next((name for name in self.contrast if name in choice.frames), choice.frames[0])

    def _shares(self, rates: pd.DataFrame, choice: Choice) -> pd.Series:
        first = rates["frame"] == self.first_frame(choice)
        return rates[first].set_index("article_id")["share"]


def make_explorer(source: Study | Event | str | Path = "summit") -> Explorer:
    """Make an `Explorer` of an event, or of the `Study` of one, which saves time."""
    study = source if isinstance(source, Study) else make_study(source)
    return Explorer(study.articles, study.voices, study.frames, contrast=study.contrast)


def explore(source: Study | Event | str | Path = "summit") -> object:
    """
    Open the explorer on an event: pick articles, frames and voices; change a frame's words.

    Counts, rates, order of the articles and evidence follow each change; nothing is written
    to a file. A word is shown in its contexts, and two articles side by side. In a report,
    where widgets cannot run, the starting table stands in. An event without frames gets a
    note that says how to add one.
    """
    from analysis.teaching.explorer_view import ExplorerView

    study = source if isinstance(source, Study) else make_study(source)
    return ExplorerView(make_explorer(study)).shown if study.frames else show_text(NO_FRAMES)
