"""Read a paragraph again from the viewpoint of each cue: which words are its source and content?

The second stage of the network. For every cue each token near it is described
by the hidden states of the first stage (its own and the cue's) and by its
place relative to the cue; one more layer and a field over content and source
labels tag this cue's pieces, so a source can serve two cues.
"""
from typing import NamedTuple

import numpy as np
from scipy import sparse

from .features import distance
from .network import Weights, first_bias, layer_backward, layer_forward
from .reading import CLOSE, OPEN, Pack, Tokens, pack

REACH = 110  # tokens read on either side of a cue
N_LABELS = 5  # outside, begin and inside of content, of source
_SLOT = 64
N_PLACES = 7 * _SLOT


class Windows(NamedTuple):
    """Hold the tokens round each cue at tokens [first, last), packed, and their `places`."""

    pack: Pack
    places: np.ndarray  # (rows of the pack, kinds) rows of the place table
    first: np.ndarray
    last: np.ndarray
    low: np.ndarray  # the first token of each window
    size: np.ndarray


def init_weights(rng: np.random.Generator, states: int, width: int, hidden: int) -> Weights:
    """Draw the weights of the second stage; `states` is the size of a hidden state."""
    def draw(*size: int) -> np.ndarray:
        return (rng.standard_normal(size) / np.sqrt(size[0])).astype(np.float32)

    return {
        "token": draw(states, width), "cue": draw(states, width),
        "place": (rng.standard_normal((N_PLACES, width)) * 0.1).astype(np.float32),
        "layer3": draw(width, 4 * hidden), "bias3": first_bias(hidden),
        "out3": draw(2 * hidden + width, N_LABELS) * 0.1,
    }


def running_counts(tokens: Tokens) -> np.ndarray:
    """Count up commas, quotation marks, cues (to be filled in) and sentences."""
    comma = np.array([w in ",;:—–-" for w in tokens.words], bool)
    mark = (tokens.quote == OPEN) | (tokens.quote == CLOSE)
    return np.stack([np.cumsum(comma), np.cumsum(mark), np.zeros(len(comma)),
                     tokens.sentence]).astype(np.float32)


def make_windows(first: np.ndarray, last: np.ndarray, edges: tuple[np.ndarray, np.ndarray],
                 counts: np.ndarray) -> Windows:
    """Lay out the windows of cues at tokens [first, last); `edges` are the bounds of each."""
    low = np.maximum(edges[0], first - REACH)
    size = np.minimum(edges[1], last - 1 + REACH) - low + 1
    rows = pack(low, size)
    token, start, stop = rows.index, first[rows.lane], last[rows.lane]
    before, after = token < start, token >= stop
    side = before + 2 * after
    gap = np.where(before, start - token, np.where(after, token - stop + 1, 0))
    near = np.where(before, start, np.maximum(stop - 1, start))
    change = np.abs(counts[:, token] - counts[:, near])
    change[2] += 0.5  # expected cues between, rounded
    comma, mark, cue, sentence = np.minimum(change, 4).astype(np.int32)
    kinds = (np.minimum(gap, 20) + 21 * (side == 2), distance(gap) * 4 + side, comma * 4 + side,
             mark * 4 + side, cue * 4 + side, sentence * 4 + side,
             np.minimum(sentence, 1) * 32 + np.minimum(cue, 1) * 16
             + np.minimum(comma, 1) * 8 + np.minimum(mark, 1) * 4 + side)
    places = np.empty((len(token), len(kinds)), np.int32)
    for k, kind in enumerate(kinds):
        np.add(kind, _SLOT * k, out=places[:, k], casting="unsafe")
    return Windows(rows, places, first, last, low, size)


def selector(rows: np.ndarray, columns: int, weight: np.ndarray | None = None) -> sparse.csr_matrix:
    """Build the sparse matrix that sums the given rows (n, k) of a table with `columns` rows."""
    rows = rows.reshape(len(rows), -1)
    n, k = rows.shape
    data = np.ones(n * k, np.float32) if weight is None else weight.ravel()
    return sparse.csr_matrix((data, rows.ravel(), np.arange(0, n * k + 1, k)), shape=(n, columns))


def cue_means(windows: Windows, place: np.ndarray, columns: int) -> sparse.csr_matrix:
    """Build the matrix that averages the rows of each cue's tokens."""
    size = windows.last - windows.first
    bounds = np.append(0, np.cumsum(size))
    token = np.repeat(windows.first - bounds[:-1], size) + np.arange(bounds[-1])
    data = np.repeat(1 / size, size).astype(np.float32)
    return sparse.csr_matrix((data, place[token], bounds), shape=(len(size), columns))


def forward(as_token: np.ndarray, as_cue: np.ndarray, windows: Windows, place: np.ndarray,
            weights: Weights, *, learning: bool = False):
    """
    Score the labels of every row of the windows, (rows, labels), and save the way back.

    `as_token` and `as_cue` have a row per token read: its state times the weights called
    "token" and "cue". `place` says which row is whose.
    """
    rows = place[windows.pack.index]
    mean = cue_means(windows, place, len(as_cue))
    where = selector(windows.places, N_PLACES)
    mixed = where @ weights["place"]
    mixed += as_token[rows]
    mixed += (mean @ as_cue)[windows.pack.lane]
    np.maximum(mixed, 0, out=mixed)
    joined = np.empty((len(mixed), len(weights["out3"])), mixed.dtype)
    joined[:, :mixed.shape[1]] = mixed
    _, saved = layer_forward(mixed, weights["layer3"], weights["bias3"], windows.pack,
                             joined[:, mixed.shape[1]:], learning=learning)
    return joined @ weights["out3"], (rows, mean, where, joined, saved)


def backward(grad: np.ndarray, states: np.ndarray, windows: Windows, weights: Weights, saved):
    """Return the gradient of the states and of the weights."""
    rows, mean, where, joined, inner = saved
    width = weights["token"].shape[1]
    d_joined = grad @ weights["out3"].T
    d_x, d_layer, d_bias = layer_backward(
        d_joined[:, width:], weights["layer3"], windows.pack, inner)
    d_mixed = (d_x + d_joined[:, :width]) * (joined[:, :width] > 0)
    by_cue = mean.T @ (selector(windows.pack.lane, mean.shape[0]).T @ d_mixed)
    by_token = selector(rows, len(states)).T @ d_mixed
    d_states = by_token @ weights["token"].T + by_cue @ weights["cue"].T
    return d_states, {
        "token": states.T @ by_token, "cue": states.T @ by_cue, "place": where.T @ d_mixed,
        "layer3": d_layer, "bias3": d_bias, "out3": joined.T @ grad}
