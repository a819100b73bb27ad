"""Read folders of brat annotations, and number what they mark in tokens."""
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from . import crf, reading
from .learning import Events


class Gold(NamedTuple):
    """Hold one annotated attribution: character spans of content, source and cue."""

    content: list[tuple[int, int]]
    source: list[tuple[int, int]]
    cue: list[tuple[int, int]]


class Article(NamedTuple):
    """Hold a text and its annotated attributions."""

    text: str
    gold: list[Gold]


def read_annotations(path: Path) -> list[Gold]:
    """Read the attributions of a brat file; those without content are left out."""
    spans: dict[str, list[tuple[int, int]]] = {}
    events = []
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        try:
            if line.startswith("T") and len(fields) > 1:
                pieces = fields[1].partition(" ")[2].split(";")
                spans[fields[0]] = [(int(a), int(b)) for a, b in (p.split() for p in pieces)]
            elif line.startswith("E") and len(fields) > 1:
                events.append([part.partition(":") for part in fields[1].split()])
        except ValueError:
            raise ValueError(f"{path.name}: cannot read the brat line {line[:60]!r}") from None
    found = []
    for event in events:
        gold = Gold([], [], [])
        for role, _, ref in event:
            role = role.rstrip("0123456789").lower()
            if role in Gold._fields:
                getattr(gold, role).extend(spans.get(ref, []))
        if gold.content:
            found.append(Gold(*(sorted(s) for s in gold)))
    return sorted(found)


def read_folder(folder: str | Path) -> list[Article]:
    """
    Read every annotated text, in file-name order.

    Texts lie beside their annotations or in the subfolder `text`, annotations
    in `ann` or `attributions`. Of several annotators the first by file name counts.
    """
    folder = Path(folder)
    texts = {p.stem: p for d in (folder, folder / "text") for p in sorted(d.glob("*.txt"))}
    files = [p for d in ("ann", "attributions", ".") for p in sorted((folder / d).glob("*.ann"))]
    chosen: dict[str, Path] = {}
    for path in sorted(files, key=lambda p: p.name):
        stem = path.stem if path.stem in texts else path.stem.rpartition("_")[0]
        if stem in texts:
            chosen.setdefault(stem, path)
    if not chosen:
        raise ValueError(f"{folder}: no text has a brat annotation; wanted NAME.txt with NAME.ann, "
                         "side by side or in the subfolders text and ann")
    articles = []
    for stem in sorted(chosen):
        with texts[stem].open(encoding="utf-8", newline="") as file:
            articles.append(Article(file.read(), read_annotations(chosen[stem])))
    return articles


def _token_spans(spans: Sequence[tuple[int, int]], middle: np.ndarray, base: int
                 ) -> list[tuple[int, int]]:
    """Turn character spans into token numbers; a token belongs where its middle lies."""
    found = [(base + int(np.searchsorted(middle, a)), base + int(np.searchsorted(middle, b)))
             for a, b in spans]
    return [(a, b) for a, b in found if a < b]


def number_events(articles: Sequence[Article], tokens: reading.Tokens, owner: np.ndarray
                  ) -> tuple[Events, np.ndarray]:
    """Turn gold spans into token numbers; return the events and the article of each."""
    bounds = np.searchsorted(owner, np.arange(len(articles) + 1))
    middle = (tokens.start + tokens.end) / 2
    cues, pieces, homes = [], [], []
    for number, article in enumerate(articles):
        low, high = bounds[number:number + 2]
        for gold in article.gold:
            content, source, cue = (_token_spans(s, middle[low:high], int(low)) for s in gold)
            if not content:
                continue
            pieces += [(len(cues), crf.CONTENT, *span) for span in content]
            pieces += [(len(cues), crf.SOURCE, *span) for span in source]
            cues.append((cue[0][0], cue[-1][1]) if cue else (0, 0))
            homes.append(number)
    cue_spans = np.array(cues, np.int64).reshape(-1, 2)
    events = Events(cue_spans[:, 0], cue_spans[:, 1], np.array(pieces, np.int64).reshape(-1, 4))
    return events, np.array(homes, np.int64)
