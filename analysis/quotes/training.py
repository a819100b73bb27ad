"""Train the attribution model from a folder of brat annotations."""
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits
from tqdm.auto import tqdm

from . import crf, features, reading
from .annotations import Article, number_events, read_folder
from .calibrating import EMPTY_CALIBRATION, calibrate
from .learning import Events, Material, Settings, fit
from .model import FILE, Model, load_meanings, read_batches, save_model

HELD_OUT = 4  # every fourth text is held out to learn how far the stages can be trusted


def label_tokens(events: Events, sequence: np.ndarray) -> np.ndarray:
    """Label every token; cues come first, then sources, then content, where pieces overlap."""
    labels = np.zeros(len(sequence), np.int8)
    cues = [(crf.CUE, a, b) for a, b in zip(*events[:2], strict=True)]
    rest = sorted(((k, a, b) for _, k, a, b in events.pieces), key=lambda p: -p[0])
    for kind, first, last in cues + rest:
        if first < last and not labels[first:last].any():
            labels[first:last] = kind + 1
            labels[first] = kind
            again = first + 1 + np.flatnonzero(np.diff(sequence[first:last]))
            labels[again] = kind
    return labels


def count_lexicon(hashes: np.ndarray, labels: np.ndarray, owner: np.ndarray
                  ) -> tuple[features.Lexicon, tuple[np.ndarray, ...]]:
    """
    Count how often each word is (part of) a cue or a source.

    Return the lexicon and, for the tokens at hand, the same classes with each
    token's own article left out of the count, as it is for an unseen text.
    """
    size = 1 << features.RATE_BITS
    words, uses = np.unique(hashes[:, 0], return_counts=True)
    frequent = np.sort(words[np.argsort(-uses, kind="stable")[:features.N_FREQUENT]])
    cue, source = (labels >= crf.CUE) * 1.0, np.isin(labels, (crf.SOURCE, crf.SOURCE + 1)) * 1.0
    tables, rates = [], []
    for hashed, hit in ((hashes[:, 0], cue), (hashes[:, 1], cue), (hashes[:, 0], source)):
        bucket = features.bucket(hashed).astype(np.int64)
        total, hits = np.bincount(bucket, minlength=size), np.bincount(bucket, hit, size)
        tables.append(features.rate_class(hits, total))
        _, own = np.unique(bucket * (int(owner[-1]) + 1) + owner, return_inverse=True)
        rates.append(features.rate_class(hits[bucket] - np.bincount(own, hit)[own],
                                         total[bucket] - np.bincount(own)[own]))
    return features.Lexicon(frequent, *tables), tuple(rates)


def prepare(articles: Sequence[Article], settings: Settings) -> tuple[Material, features.Lexicon]:
    """Turn articles into what the fit reads, and the lexicon counted on them."""
    batches = list(read_batches([a.text for a in articles]))
    owner = np.concatenate([o for o, _ in batches])
    tokens = reading.join_tokens([t for _, t in batches])
    events, _ = number_events(articles, tokens, owner)
    labels = label_tokens(events, tokens.sequence)
    hashes = features.Vocabulary().look_up(tokens.words)
    lexicon, rates = count_lexicon(hashes, labels, owner)
    columns = features.token_columns(tokens, hashes, lexicon, rates)
    rows = features.hash_templates(columns, settings.bits)
    meanings = load_meanings().look_up(hashes[:, 0])
    return Material(tokens, rows, meanings, labels, events), lexicon


def train_network(articles: Sequence[Article], settings: Settings, seed: int,
                  progress: Callable[[], None] = lambda: None) -> Model:
    """Train both stages; the probabilities are not yet calibrated."""
    material, lexicon = prepare(articles, settings)
    weights = fit(material, settings, seed, progress)
    return Model(lexicon, weights, dict(EMPTY_CALIBRATION), {}, features.Vocabulary())


def train(folder: str | Path, out: str | Path | None = None, *, seed: int = 1,
          settings: Settings | None = None, progress: bool = False) -> Path:
    """
    Train a model on a folder of brat annotations, write it and return its path.

    One fit is made on three of four texts, to learn from the rest how far the
    model can be trusted, and one on all, side by side on two cores. The same
    data, seed and settings give the same bytes on the same machine. `out` is a
    file or a folder; without it the model in use is replaced.

    Raises ValueError if the folder holds no annotated text.
    """
    settings = settings or Settings()
    path = _place(out)
    articles = read_folder(folder)
    held_out = articles[::HELD_OUT]
    seen = [a for i, a in enumerate(articles) if i % HELD_OUT] or articles
    bar = tqdm(total=2 * settings.epochs, unit="epoch", desc="training", disable=not progress)
    # one thread for each sum, so that numbers are added in one order
    with bar, threadpool_limits(1), ThreadPoolExecutor(2) as pool:
        fits = [pool.submit(train_network, part, settings, seed, bar.update)
                for part in (seen, articles)]
        partial, whole = (f.result() for f in fits)
        calibration = calibrate(held_out, partial)
    meta = {"seed": seed, "settings": settings._asdict(), "texts": len(articles),
            "attributions": sum(len(a.gold) for a in articles)}
    save_model(path, whole._replace(calibration=calibration, meta=meta))
    return path


def _place(out: str | Path | None) -> Path:
    if out is None:
        return Path(__file__).parent / "model" / FILE
    path = Path(out)
    if path.suffix != ".npz":
        path = path / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
