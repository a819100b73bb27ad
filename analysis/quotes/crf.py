"""Decode and train a linear-chain conditional random field over padded batches of sequences.

Arrays are time-major: emissions have shape (steps, sequences, labels).
Lafferty, McCallum and Pereira (2001), ICML, 282-289.
"""
import numpy as np

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


def forward_backward(emissions: np.ndarray, transitions: np.ndarray, mask: np.ndarray):
    """
    Return the marginals, the expected transitions (start in the last row) and the log normaliser.

    `transitions` has a row for each label and a last one for the start; `mask`
    is true where a sequence has a token.
    """
    marginals, (moves, heat, alpha, beta, scale) = _run(emissions, transitions, mask)
    weight = heat[1:] * beta[1:] * (mask[1:] / scale[1:])[..., None]
    expected = np.empty_like(moves)
    expected[:-1] = np.einsum("tbi,tbj->ij", alpha[:-1], weight, optimize=True) * moves[:-1]
    expected[-1] = marginals[0].sum(0)
    log_z = (np.log(scale) + np.where(mask, emissions.max(2), 0)).sum()
    return marginals, expected, log_z


def find_marginals(emissions: np.ndarray, transitions: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return the probability of each label of each token."""
    return _run(emissions, transitions, mask)[0]


def _run(emissions, transitions, mask):
    """Run forward and backward, scaled so that nothing over- or underflows."""
    steps = len(emissions)
    moves = np.exp(transitions) * allowed(transitions)
    heat = np.exp(emissions - emissions.max(2, keepdims=True))
    alpha, beta = np.empty_like(heat), np.ones_like(heat)
    scale = np.ones(heat.shape[:2], heat.dtype)
    full = mask.all(1)
    into = np.ascontiguousarray(moves[:-1].T)
    for t in range(steps):
        now = heat[t] * (alpha[t - 1] @ moves[:-1] if t else moves[-1])
        np.einsum("ij->i", now, out=scale[t])
        np.divide(now, scale[t][:, None], out=alpha[t])
        if not full[t]:
            gone = ~mask[t]
            alpha[t][gone], scale[t][gone] = alpha[t - 1][gone], 1
    for t in range(steps - 2, -1, -1):
        np.matmul(heat[t + 1] * beta[t + 1] / scale[t + 1][:, None], into, out=beta[t])
        if not full[t + 1]:
            beta[t][~mask[t + 1]] = 1
    marginals = alpha * beta
    marginals /= marginals.sum(2, keepdims=True)
    return marginals, (moves, heat, alpha, beta, scale)


def viterbi(emissions: np.ndarray, transitions: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return the best label of each token, shape (steps, sequences)."""
    return _best_path(emissions, _lawful(transitions, emissions), mask)


def viterbi_with_content(emissions: np.ndarray, transitions: np.ndarray, mask: np.ndarray
                         ) -> np.ndarray:
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
    return labels[_best_path(emissions[:, :, labels], wide, mask, seen)]


def _lawful(transitions: np.ndarray, emissions: np.ndarray) -> np.ndarray:
    return np.where(allowed(transitions) > 0, transitions, -1e4).astype(emissions.dtype)


def _best_path(emissions, moves, mask, final=None) -> np.ndarray:
    steps, count, n_labels = emissions.shape
    back = np.zeros((steps, count, n_labels), np.int8)
    best = emissions[0] + moves[-1]
    into = np.ascontiguousarray(moves[:-1].T)
    for t in range(1, steps):
        paths = best[:, None, :] + into
        back[t] = paths.argmax(2)
        best = np.where(mask[t][:, None], paths.max(2) + emissions[t], best)
    labels = np.zeros((steps, count), np.int8)
    if final is not None:
        best = np.where(final, best, -np.inf)
    lane, last = np.arange(count), best.argmax(1)
    for t in range(steps - 1, -1, -1):
        labels[t] = last
        if t:
            last = np.where(mask[t], back[t, lane, last], last)
    return labels
