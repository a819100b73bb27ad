"""Find attributions with the trained model: load it, read texts in batches, return records."""
import json
import zipfile
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.lib import format as npy
from threadpoolctl import ThreadpoolController

from . import crf, cuewise, features, linking, network, reading
from .attribution import Attribution, Span
from .speech import act_of

FORMAT = 2
FILE = "attribution.npz"
ADVICE = "reinstall the package, or train a model with `samestory train`"
BATCH = 50_000  # tokens read at once
GROUP = 5_000  # tokens in one pack
CUE_LEAST = 0.25  # least probability of a cue that gets a second look
MANY_CUES = 4.0  # a window ends where so many cues are expected between it and its own
HIGH_PRECISION = 0.75  # a threshold on `score` for those who prefer silence to a false row


class Model(NamedTuple):
    """Hold what training learned: counts of words, weights of both stages, calibration."""

    lexicon: features.Lexicon
    weights: network.Weights
    calibration: dict[str, np.ndarray]
    meta: dict[str, object]
    vocabulary: features.Vocabulary


# ---------------------------------------------------------------- the file

def save_model(path: Path, model: Model) -> None:
    """Write the model: embeddings as whole numbers of 8 bits, other weights as 16-bit floats."""
    arrays = {f"lexicon/{k}": v for k, v in model.lexicon._asdict().items()}
    arrays |= {f"calibration/{k}": v for k, v in model.calibration.items()}
    for name, weight in model.weights.items():
        if name == "embedding":
            scale = np.maximum(np.abs(weight).max(1, keepdims=True), 1e-6).astype(np.float32) / 127
            arrays["scale/" + name] = scale.astype(np.float16)
            weight = np.rint(weight / np.maximum(scale.astype(np.float16), 6e-8)).clip(-127, 127)
            arrays["weights/" + name] = weight.astype(np.int8)
        else:
            arrays["weights/" + name] = weight.astype(np.float16)
    meta = json.dumps({"format": FORMAT, **model.meta}, sort_keys=True).encode()
    arrays["meta"] = np.frombuffer(meta, np.uint8)
    with zipfile.ZipFile(path, "w", compresslevel=9) as archive:
        for name in sorted(arrays):
            # a fixed date, so that the same weights give the same bytes
            entry = zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as file:
                npy.write_array(file, np.asarray(arrays[name], order="C"), allow_pickle=False)
    _load.cache_clear()


def load_model(path: str | Path | None = None) -> Model:
    """
    Load a model, the shipped one by default; each path is read once.

    Raises ValueError if the file is missing, damaged or of another format.
    """
    return _load(str(path) if path is not None else None)


@lru_cache(maxsize=4)
def _load(path: str | None) -> Model:
    name = path or "the shipped attribution model"
    loaded = _read_arrays(Path(path) if path else _shipped(FILE), name)
    try:
        meta = json.loads(loaded.pop("meta").tobytes())
        if meta.get("format") != FORMAT:
            raise ValueError(f"it has the format {meta.get('format')}, wanted is {FORMAT}")
        return _unpack(loaded, meta)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{name}: not an attribution model ({error}); {ADVICE}") from None


@cache
def load_meanings() -> features.Meanings:
    """Load the word vectors that `benchmarks/word_vectors.py` made; they are read once."""
    name = "the shipped word vectors"
    try:
        return features.Meanings(**_read_arrays(_shipped("meanings.npz"), name))
    except TypeError as error:
        raise ValueError(f"{name}: a part is missing ({error}); {ADVICE}") from None


def _read_arrays(path: Path | Traversable, name: str) -> dict[str, np.ndarray]:
    try:
        with path.open("rb") as file:
            return dict(np.load(file, allow_pickle=False))
    except FileNotFoundError:
        raise ValueError(f"{name}: no such file; {ADVICE}") from None
    except (OSError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"{name}: not a readable model file ({error}); {ADVICE}") from None


def _shipped(file: str) -> Traversable:
    return resources.files(__package__) / "model" / file


def _unpack(loaded: dict[str, np.ndarray], meta: dict[str, object]) -> Model:
    parts: dict[str, dict[str, np.ndarray]] = {"lexicon": {}, "weights": {}, "calibration": {},
                                               "scale": {}}
    for name, values in loaded.items():
        group, _, key = name.partition("/")
        parts[group][key] = values
    weights = {k: v.astype(np.float32) for k, v in parts["weights"].items()}
    for name, scale in parts["scale"].items():
        weights[name] *= scale.astype(np.float32)
    needed = set(network.NAMES) - set(weights)
    if needed:
        raise ValueError(f"no weights {', '.join(sorted(needed))}")
    return Model(features.Lexicon(**parts["lexicon"]), weights, parts["calibration"], meta,
                 features.Vocabulary())


# -------------------------------------------------------------- the engine

@cache
def _threads() -> ThreadpoolController:
    """Return the handle on the linear algebra of the process, which takes long to find."""
    return ThreadpoolController()


def find_attributions(text: str, *, include: str = "all", model: Model | None = None
                      ) -> list[Attribution]:
    """Return the attributions of one text, in text order; see `find_attributions_many`."""
    return find_attributions_many([text], include=include, model=model)[0]


def find_attributions_many(
    texts: Sequence[str], *, include: str = "all",
    skip: Sequence[Sequence[Span]] | None = None, least: float | None = None,
    model: Model | None = None,
) -> list[list[Attribution]]:
    """
    Return the attributions of each text, in text order.

    `include` is "all" or "speech" (which leaves out attitudes, plans and
    votes); `skip` lists for each text the spans that are not to be read. Rows
    with a `score` under `least` are left out; the default is the value that
    gave the best F1 in training, HIGH_PRECISION a stricter one.
    """
    if include not in ("all", "speech"):
        raise ValueError(f"include is {include!r}; choose 'all' or 'speech'")
    model = model or load_model()
    found: list[list[Attribution]] = [[] for _ in texts]
    # many threads on small matrices cost several times the processor time
    with _threads().limit(limits=1):
        for owners, tokens in read_batches(texts, skip):
            for owner, row in _attributions(tokens, owners, texts, model, least):
                if include == "all" or row.act == "speech":
                    found[owner].append(row)
    for rows in found:
        rows.sort(key=lambda row: (row.content, row.cue))
    return found


def read_batches(texts: Sequence[str], skip: Sequence[Sequence[Span]] | None = None
                 ) -> Iterator[tuple[np.ndarray, reading.Tokens]]:
    """Yield (text number of each token, tokens) for batches of about BATCH tokens."""
    parts: list[reading.Tokens] = []
    owners: list[int] = []
    size = 0
    for number, text in enumerate(texts):
        for offset, piece in reading.split_pieces(text):
            part = reading.read_tokens(piece, offset, skip[number] if skip else ())
            if not part.words:
                continue
            parts.append(part)
            owners.append(number)
            size += len(part.words)
            if size >= BATCH:
                yield _owner_of(owners, parts), reading.join_tokens(parts)
                parts, owners, size = [], [], 0
    if parts:
        yield _owner_of(owners, parts), reading.join_tokens(parts)


def _owner_of(owners: list[int], parts: list[reading.Tokens]) -> np.ndarray:
    return np.repeat(owners, [len(part.words) for part in parts])


class Described(NamedTuple):
    """Hold what the network is told of each token: rows of its table, and the hashed word."""

    rows: np.ndarray
    word: np.ndarray


def describe(tokens: reading.Tokens, model: Model) -> Described:
    """Describe every token by its features."""
    hashes = model.vocabulary.look_up(tokens.words)
    columns = features.token_columns(tokens, hashes, model.lexicon)
    bits = len(model.weights["embedding"]).bit_length() - 1
    return Described(features.hash_templates(columns, bits), hashes[:, 0].copy())


def embed(told: Described, chosen: np.ndarray, weights: network.Weights) -> np.ndarray:
    """Sum the embeddings of the features of some tokens, and of their meaning."""
    pick = cuewise.selector(told.rows[chosen], len(weights["embedding"]))
    meanings = load_meanings().look_up(told.word[chosen])
    return pick @ weights["embedding"] + meanings @ weights["meaning"]


class FirstLook(NamedTuple):
    """Hold what the second stage reads of every token, one row each (see `cuewise.forward`)."""

    as_token: np.ndarray
    as_cue: np.ndarray  # zeros for what is hardly a cue
    marginals: np.ndarray


def first_stage(tokens: reading.Tokens, told: Described, weights: network.Weights) -> FirstLook:
    """Read every paragraph: how likely is each label of each token?"""
    size = len(told.word), weights["token"].shape[1]
    look = FirstLook(np.empty(size, np.float32), np.zeros(size, np.float32),
                     np.empty((size[0], crf.N_LABELS), np.float32))
    for pack in reading.packs(tokens.sequence, GROUP):
        states, _ = network.encode(embed(told, pack.index, weights), weights, pack)
        marginals = crf.find_marginals(states @ weights["out"], weights["moves1"], pack)
        look.marginals[pack.index] = marginals
        look.as_token[pack.index] = states @ weights["token"]
        cue = linking.may_be_cue(marginals, CUE_LEAST).any(0)
        look.as_cue[pack.index[cue]] = states[cue] @ weights["cue"]
    return look


def second_stage(tokens: reading.Tokens, look: FirstLook, weights: network.Weights
                 ) -> linking.Candidates | None:
    """Return a candidate for every stretch that may be a cue, or None if there is none."""
    edges = features.run_edges(tokens.sequence)
    first, last = linking.find_cues(look.marginals, edges[1], CUE_LEAST)
    if not len(first):
        return None
    counts = cuewise.running_counts(tokens)
    counts[2] = np.cumsum(look.marginals[:, crf.CUE])
    low = np.maximum(edges[0][first], np.searchsorted(counts[2], counts[2][first] - MANY_CUES))
    high = np.minimum(edges[1][first], np.searchsorted(counts[2], counts[2][first] + MANY_CUES))
    high = np.maximum(high, last - 1)
    size = np.minimum(high, first + cuewise.REACH) - np.maximum(low, first - cuewise.REACH)
    order = np.argsort(size, kind="stable")
    parts = []
    place = np.arange(len(look.marginals))
    for chosen in reading.cut_evenly(order, size[order], GROUP):
        windows = cuewise.make_windows(first[chosen], last[chosen], (low[chosen], high[chosen]),
                                       counts)
        scores, _ = cuewise.forward(look.as_token, look.as_cue, windows, place, weights)
        labels = crf.viterbi_with_content(scores, weights["moves2"], windows.pack)
        sure = crf.find_marginals(scores, weights["moves2"], windows.pack)
        parts.append(linking.make_candidates(windows, labels, sure, look.marginals))
    return linking.join_candidates(parts, tokens)


def find_candidates(tokens: reading.Tokens, model: Model) -> linking.Candidates | None:
    """Run both stages over a batch of tokens."""
    look = first_stage(tokens, describe(tokens, model), model.weights)
    return second_stage(tokens, look, model.weights)


def probability(candidates: linking.Candidates, calibration: dict[str, np.ndarray]) -> np.ndarray:
    """Return the calibrated probability that content and source of each candidate are right."""
    raw = candidates.evidence @ calibration["coefficients"] + calibration["intercept"]
    return np.interp(raw, calibration["knots"], calibration["values"])


def _attributions(tokens: reading.Tokens, owners: np.ndarray, texts: Sequence[str], model: Model,
                  least: float | None) -> Iterator[tuple[int, Attribution]]:
    candidates = find_candidates(tokens, model)
    if candidates is None:
        return
    score = probability(candidates, model.calibration)
    least = float(model.calibration["least"]) if least is None else least
    start, end = tokens.start.tolist(), tokens.end.tolist()

    def span(first: int, last: int) -> Span:
        return start[first], end[last - 1]

    for row, pieces in linking.choose(candidates, score, least, len(start)):
        first, last = int(candidates.source_first[row]), int(candidates.source_last[row])
        cue = span(int(candidates.cue_first[row]), int(candidates.cue_last[row]))
        owner = int(owners[candidates.cue_first[row]])
        kind = linking.KINDS[candidates.kind[row]]
        source = span(first, last) if first >= 0 else None
        act = act_of(texts[owner][cue[0]:cue[1]], kind, source is not None)
        yield owner, Attribution(tuple(span(*piece) for piece in pieces), source, cue, kind, act,
                                 round(float(score[row]), 4), "model")
