"""Every table of one event, made in the one right order."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.corpus import Event, load_articles, load_event
from analysis.frames import Frame, find_mentions, load_frames
from analysis.quotes import find_quotes, load_speakers
from analysis.rates import count_rates
from analysis.tokens import find_paragraphs, find_sentences, tokenize
from analysis.voices import add_voices, find_voices


class Study(NamedTuple):
    """An event with its tables, as declared in `analysis.tables`, and its frames."""

    event: Event
    articles: pd.DataFrame
    paragraphs: pd.DataFrame
    sentences: pd.DataFrame
    tokens: pd.DataFrame
    quotes: pd.DataFrame
    voices: pd.DataFrame
    frames: list[Frame]
    mentions: pd.DataFrame
    rates: pd.DataFrame

    @property
    def contrast(self) -> list[str]:
        """The names of the frames contrasted: the event's pair, else all there are."""
        names = [frame.name for frame in self.frames]
        return [name for name in self.event.contrast if name in names] or names


def make_study(event: Event | str | Path = "summit", *, engine: str = "model") -> Study:
    """
    Load an event and find its paragraphs, words, quotes, voices and frames.

    An event without frames has no mentions and no rates; everything else is there.
    Raises CorpusError where the event or one of its frames cannot be read.
    """
    event = event if isinstance(event, Event) else load_event(event)
    articles = load_articles(event)
    paragraphs = find_paragraphs(articles)
    sentences = find_sentences(articles, paragraphs)
    tokens = tokenize(articles, sentences)
    corrections = event.folder / "speakers.csv"
    quotes = find_quotes(articles, engine=engine, parties=event.parties,
                         speakers=load_speakers(corrections) if corrections.exists() else None)
    voices = find_voices(articles, quotes, parties=event.parties)
    frames = load_frames(event)
    mentions = add_voices(find_mentions(articles, frames, sentences=sentences), voices)
    study = Study(event, articles, paragraphs, sentences, tokens, quotes, voices, frames,
                  mentions, pd.DataFrame())
    return study._replace(rates=count_rates(mentions, voices, tokens, frames=study.contrast))
