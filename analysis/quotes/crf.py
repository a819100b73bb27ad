"""Decode and train a linear-chain conditional random field over packed sequences.

Emissions have the shape (rows, labels), with the rows of a `Pack`; inside, labels come
first, since long rows are fast.
Lafferty, McCallum and Pereira (2001), ICML, 282-289.
"""
import numpy as np

from .reading import Pack

LABELS = ("O", "B-content", "I-content", "B-source", "I-source", "B-cue", "I-cue")
OUT, CONTENT, SOURCE, CUE = 0, 1, 3, 5  # the first label of each kind; the next is its inside
N_LABELS = len(LABELS)


def allowed(transitions: np.ndarray) -> np.ndarray:
    """Return 1 where a move between labels is lawful: inside labels follow their own kind."""
    lawful = np.ones_like(transitions)
    for inside in range(2, transitions.shape[1], 2):
        lawful[:, inside] = 0
        lawful[[inside - 1, inside], inside] = 1
    return lawful


def encode_labels(n_tokens: int, pieces: list[tuple[int, int, int]]) -> np.ndarray:
    """Write (kind, first token, last token + 1) pieces as labels; earlier pieces win."""
    labels = np.zeros(n_tokens, np.int8)
    for kind, first, last in pieces:
        if first < last and not labels[first:last].any():
            labels[first:last] = kind + 1
            labels[first] = kind
    return labels


def decode_labels(labels: np.ndarray) -> np.ndarray:
    """Return the pieces that labels spell: rows of (kind, first token, last token + 1)."""
    begins = np.flatnonzero(np.isin(labels, (CONTENT, SOURCE, CUE)))
    inside = np.isin(labels, (2, 4, 6))
    stops = np.flatnonzero(~inside)
    ends = np.append(stops, len(labels))[np.searchsorted(stops, begins, "right")]
    return np.stack([labels[begins].astype(np.int64), begins, ends], 1)


def forward_backward(emissions: np.ndarray, transitions: np.ndarray, pack: Pack):
    """
    Return the marginals, the expected transitions (start in the last row) and the log normaliser.

    `transitions` has a row for each label and a last one for the start.
    """
    marginals, (moves, heat, alpha, beta, scale) = _run(emissions, transitions, pack.bounds)
    later = pack.bounds[1]
    weight = heat[:, later:] * beta[:, later:] / scale[later:]
    expected = np.empty_like(moves)
    expected[:-1] = alpha[:, pack.before] @ weight.T * moves[:-1]
    expected[-1] = marginals[:later].sum(0)
    return marginals, expected, (np.log(scale) + emissions.max(1)).sum()


def find_marginals(emissions: np.ndarray, transitions: np.ndarray, pack: Pack) -> np.ndarray:
    """Return the probability of each label of each row."""
    return _run(emissions, transitions, pack.bounds)[0]


def _run(emissions, transitions, bounds):
    """Run forward and backward, scaled so that nothing over- or underflows."""
    moves = np.exp(transitions) * allowed(transitions)
    heat = np.ascontiguousarray(emissions.T)
    heat = np.exp(heat - heat.max(0))
    alpha, beta = np.empty_like(heat), np.ones_like(heat)
    scale = np.empty(len(emissions), heat.dtype)
    steps = list(zip(bounds[:-2], bounds[1:-1], bounds[2:], strict=True))
    out, into = np.ascontiguousarray(moves[:-1].T), np.ascontiguousarray(moves[:-1])
    now = heat[:, :bounds[1]] * moves[-1][:, None]
    for before, at, end in [(0, 0, bounds[1]), *steps]:
        if at:
            now = out @ alpha[:, before:before + end - at]
            now *= heat[:, at:end]
        np.divide(now, now.sum(0, out=scale[at:end]), out=alpha[:, at:end])
    warm = heat / scale
    for at, after, end in reversed(steps):
        beta[:, at:at + end - after] = into @ (warm[:, after:end] * beta[:, after:end])
    marginals = alpha * beta
    marginals /= marginals.sum(0)
    return marginals.T, (moves, heat, alpha, beta, scale)


def viterbi(emissions: np.ndarray, transitions: np.ndarray, pack: Pack) -> np.ndarray:
    """Return the best label of each row."""
    return _best_path(emissions, _lawful(transitions, emissions), pack.bounds)


def viterbi_with_content(emissions: np.ndarray, transitions: np.ndarray, pack: Pack) -> np.ndarray:
    """
    Return the best labels that hold some content.

    The labels without content (outside, source) are doubled: before any content
    was seen, and after; only paths that end after it count.
    """
    labels = np.array([0, 3, 4, 0, 1, 2, 3, 4])
    seen = np.arange(8) >= 3
    moves = _lawful(transitions, emissions)
    wide = moves[np.append(labels, len(moves) - 1)][:, labels]
    fresh = np.isin(labels, (1, 2))
    wide[:3, seen & (labels != CONTENT)] = -1e4
    wide[3:8, ~seen] = -1e4
    wide[-1, seen & ~fresh] = -1e4
    return labels[_best_path(emissions[:, labels], wide, pack.bounds, seen)]


def _lawful(transitions: np.ndarray, emissions: np.ndarray) -> np.ndarray:
    return np.where(allowed(transitions) > 0, transitions, -1e4).astype(emissions.dtype)


def _best_path(emissions, moves, bounds, final=True) -> np.ndarray:
    """Go forward with the best score of each label, and back along the moves that gave it."""
    best = np.ascontiguousarray(emissions.T)
    best[:, :bounds[1]] += moves[-1][:, None]
    inner, into = moves[:-1, :, None], np.ascontiguousarray(moves[:-1].T)
    for before, at, end in zip(bounds[:-2], bounds[1:-1], bounds[2:], strict=True):
        best[:, at:end] += (best[:, None, before:before + end - at] + inner).max(0)
    labels = np.empty(len(emissions), np.int8)
    ends = np.where(np.reshape(final, (-1, 1)), best, -np.inf)
    last = np.empty(0, np.int64)
    for at, end in zip(bounds[-2::-1], bounds[:0:-1], strict=True):
        if len(last):
            last = (best[:, at:at + len(last)].T + into[last]).argmax(1)
        last = np.append(last, ends[:, at + len(last):end].argmax(0))
        labels[at:end] = last
    return labels
