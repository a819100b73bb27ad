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
from .network import Weights, layer_backward, layer_forward
from .reading import CLOSE, OPEN, Tokens

REACH = 110  # tokens read on either side of a cue
N_LABELS = 5  # outside, begin and inside of content, of source
_SLOT = 64
N_PLACES = 7 * _SLOT


class Windows(NamedTuple):
    """Hold the tokens round each cue: `index` (steps, cues) of tokens, -1 for none."""

    index: np.ndarray
    places: np.ndarray  # (tokens in windows, kinds) rows of the place table
    first: np.ndarray
    last: np.ndarray


def init_weights(rng: np.random.Generator, states: int, width: int, hidden: int) -> Weights:
    """Draw the weights of the second stage; `states` is the size of a hidden state."""
    def draw(*size: int) -> np.ndarray:
        return (rng.standard_normal(size) / np.sqrt(size[0])).astype(np.float32)

    return {
        "token": draw(states, width), "cue": draw(states, width),
        "place": (rng.standard_normal((N_PLACES, width)) * 0.1).astype(np.float32),
        "layer3": draw(width, 6 * hidden), "bias3": np.zeros(6 * hidden, np.float32),
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
    high = np.minimum(edges[1], last - 1 + REACH)
    index = low + np.arange(int((high - low).max()) + 1)[:, None]
    inside = index <= high
    index[~inside] = -1
    token = index[inside]
    start, stop = (np.broadcast_to(x, index.shape)[inside] for x in (first, last))
    before, after = token < start, token >= stop
    side = before + 2 * after
    gap = np.where(before, start - token, np.where(after, token - stop + 1, 0))
    near = np.where(before, start, np.maximum(stop - 1, start))
    change = np.abs(counts[:, token] - counts[:, near])
    change[2] += 0.5  # expected cues between, rounded
    fine = np.minimum(gap, 20) + 21 * (side == 2)
    comma, mark, cue, sentence = np.minimum(change, 4).astype(np.int64)
    rows = [fine, distance(gap) * 4 + side, comma * 4 + side, mark * 4 + side, cue * 4 + side,
            sentence * 4 + side, np.minimum(sentence, 1) * 32 + np.minimum(cue, 1) * 16
            + np.minimum(comma, 1) * 8 + np.minimum(mark, 1) * 4 + side]
    places = np.stack([r + _SLOT * k for k, r in enumerate(rows)], 1)
    return Windows(index, places.astype(np.int32), first, last)


def selector(rows: np.ndarray, columns: int, weight: np.ndarray | None = None) -> sparse.csr_matrix:
    """Build the sparse matrix that sums the given rows (n, k) of a table with `columns` rows."""
    rows = rows.reshape(len(rows), -1)
    n, k = rows.shape
    data = np.ones(n * k, np.float32) if weight is None else weight.ravel()
    return sparse.csr_matrix((data, rows.ravel(), np.arange(0, n * k + 1, k)), shape=(n, columns))


def cue_means(windows: Windows, place: np.ndarray, columns: int) -> sparse.csr_matrix:
    """Build the matrix that averages the hidden states of each cue's tokens."""
    size = windows.last - windows.first
    token = np.concatenate([np.arange(a, b) for a, b in
                            zip(windows.first, windows.last, strict=True)])
    data = np.repeat(1 / size, size).astype(np.float32)
    bounds = np.append(0, np.cumsum(size))
    return sparse.csr_matrix((data, place[token], bounds), shape=(len(size), columns))


def forward(states: np.ndarray, windows: Windows, place: np.ndarray, weights: Weights,
            token_part: np.ndarray | None = None):
    """
    Score the labels of every token in every window, (steps, cues, labels), and save the way back.

    `states` has a row per token read, and `place` says which row is whose.
    """
    mask = windows.index >= 0
    pick = selector(place[windows.index[mask]], len(states))
    mean = cue_means(windows, place, len(states))
    where = selector(windows.places, N_PLACES)
    cue = mean @ states
    lane = np.broadcast_to(np.arange(mask.shape[1]), mask.shape)[mask]
    token_part = states @ weights["token"] if token_part is None else token_part
    mixed = pick @ token_part + where @ weights["place"]
    mixed += (cue @ weights["cue"])[lane]
    np.maximum(mixed, 0, out=mixed)
    x = np.zeros((*mask.shape, mixed.shape[1]), mixed.dtype)
    x[mask] = mixed
    upper, saved = layer_forward(x, weights["layer3"], weights["bias3"], mask)
    joined = np.concatenate([x, upper], 2)
    return joined @ weights["out3"], (mask, pick, mean, where, cue, lane, mixed, joined, saved)


def backward(grad: np.ndarray, states: np.ndarray, weights: Weights, saved):
    """Return the gradient of the states and of the weights."""
    mask, pick, mean, where, cue, lane, mixed, joined, inner = saved
    width = mixed.shape[1]
    d_out = joined.reshape(-1, joined.shape[2]).T @ grad.reshape(-1, grad.shape[2])
    d_joined = grad @ weights["out3"].T
    d_x, d_layer, d_bias = layer_backward(
        np.ascontiguousarray(d_joined[:, :, width:]), weights["layer3"], mask, inner)
    d_mixed = (d_x + d_joined[:, :, :width])[mask] * (mixed > 0)
    by_cue = sparse.csr_matrix(
        (np.ones(len(lane), np.float32), lane, np.arange(len(lane) + 1)),
        shape=(len(lane), len(cue))).T @ d_mixed
    by_token = pick.T @ d_mixed
    d_states = by_token @ weights["token"].T + mean.T @ (by_cue @ weights["cue"].T)
    return d_states, {
        "token": states.T @ by_token, "cue": cue.T @ by_cue, "place": where.T @ d_mixed,
        "layer3": d_layer, "bias3": d_bias, "out3": d_out}
