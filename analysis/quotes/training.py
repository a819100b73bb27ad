"""Train the attribution model from a folder of brat annotations."""
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits
from tqdm.auto import tqdm

from . import crf, features, linking, reading
from .learning import Events, Material, Settings, fit
from .model import (
    FILE,
    Model,
    find_candidates,
    load_meanings,
    probability,
    read_batches,
    save_model,
)

HELD_OUT = 4  # every fourth text is held out to learn how far the stages can be trusted
LEAST = np.arange(0.16, 0.6, 0.02)
_LIGHT = frozenset(("a", "an", "the", "this", "that", "these", "those", "of", "in", "on", "at",
                    "by", "for", "from", "to", "with", "and", "or", "as"))
EMPTY_CALIBRATION = {
    "coefficients": np.zeros(linking.N_EVIDENCE), "intercept": np.zeros(()),
    "knots": np.array([0.0, 1.0]), "values": np.array([0.0, 1.0]), "least": np.zeros(()),
}


class Gold(NamedTuple):
    """Hold one annotated attribution: character spans of content, source and cue."""

    content: list[tuple[int, int]]
    source: list[tuple[int, int]]
    cue: list[tuple[int, int]]


class Article(NamedTuple):
    """Hold a text and its annotated attributions."""

    text: str
    gold: list[Gold]


# ---------------------------------------------------------------- reading

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


# --------------------------------------------------------------- preparing

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


# ------------------------------------------------------------- calibrating

def _overlaps(candidates: linking.Candidates, events: Events, tokens: reading.Tokens):
    """Say of each candidate whether its content, and content and source, are right."""
    word = np.array([w[0].isalnum() for w in tokens.words], bool)
    light = np.array([w.lower() in _LIGHT for w in tokens.words], bool)
    content = events.pieces[events.pieces[:, 1] == crf.CONTENT]
    holder = np.full(len(word), -1)
    for event, _, first, last in content:
        holder[first:last] = event
    size = np.bincount(holder[word & (holder >= 0)], minlength=len(events.cue_first))
    sources = {e: (a, b) for e, k, a, b in events.pieces.tolist() if k == crf.SOURCE}
    right, both = np.zeros((2, len(candidates.cue_first)), bool)
    held: dict[int, list[int]] = {}
    for row, first, last in candidates.pieces.tolist():
        held.setdefault(row, []).extend(i for i in range(first, last) if word[i])
    for row, members in held.items():
        owners = holder[members]
        owners = owners[owners >= 0]
        if not len(owners):
            continue
        event = int(np.bincount(owners).argmax())
        shared = int((owners == event).sum())
        right[row] = shared >= 0.5 * (len(members) + size[event] - shared)
        start, stop = candidates.source_first[row], candidates.source_last[row]
        a, b = sources.get(event, (0, 0))
        common = np.arange(max(a, start), min(b, stop)) if start >= 0 else np.zeros(0, int)
        telling = common[word[common] & ~light[common]]
        both[row] = right[row] and (len(telling) > 0 if b else start < 0)
    return right, both


def judge(articles: Sequence[Article], model: Model):
    """Return batches of (candidates, content right, source right too, tokens) and the gold."""
    judged, gold = [], 0
    for owner, tokens in read_batches([a.text for a in articles]):
        events, _ = number_events(articles, tokens, owner)
        gold += len(events.cue_first)
        candidates = find_candidates(tokens, model)
        if candidates is not None:
            judged.append((candidates, *_overlaps(candidates, events, tokens), len(tokens.words)))
    return judged, gold


def calibrate(articles: Sequence[Article], model: Model) -> dict[str, np.ndarray]:
    """Learn from texts the model has not seen how likely its candidates are to be right."""
    judged, gold = judge(articles, model)
    if not judged:
        return dict(EMPTY_CALIBRATION)
    evidence = np.concatenate([c.evidence for c, _, _, _ in judged])
    both = np.concatenate([b for _, _, b, _ in judged])
    if both.all() or not both.any():
        return dict(EMPTY_CALIBRATION)
    scale = evidence.std(0) + 1e-9
    regression = LogisticRegression(C=1.0, max_iter=1000).fit(evidence / scale, both)
    coefficients = regression.coef_[0] / scale
    raw = evidence @ coefficients + regression.intercept_[0]
    isotonic = IsotonicRegression(y_min=0.01, y_max=0.99, out_of_bounds="clip").fit(raw, both)
    knots, values = _smooth(raw, isotonic.predict(raw))
    found = {"coefficients": coefficients, "intercept": regression.intercept_[0].reshape(()),
             "knots": knots, "values": values, "least": np.zeros(())}
    found["least"] = np.array(_best_threshold(judged, gold, found))
    return found


def _smooth(raw: np.ndarray, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Turn the steps of an isotonic fit into a line through the middle of each."""
    values, step = np.unique(steps, return_inverse=True)
    return np.bincount(step, raw) / np.bincount(step), values


def _best_threshold(judged, gold: int, calibration: dict[str, np.ndarray]) -> float:
    """Return the threshold with the best F1 of rows whose content and source are right."""
    best, chosen_least = -1.0, 0.0
    for least in LEAST:
        hits, rows = 0, 0
        for candidates, _, both, n_tokens in judged:
            score = probability(candidates, calibration)
            taken = [r for r, _ in linking.choose(candidates, score, float(least), n_tokens)]
            hits += int(both[taken].sum())
            rows += len(taken)
        value = 2 * hits / (rows + gold)
        if value > best:
            best, chosen_least = value, float(least)
    return chosen_least


# ---------------------------------------------------------------- training

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
