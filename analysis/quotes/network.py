"""A small recurrent network over hashed features: embeddings, two quasi-recurrent layers.

All gates are computed for all tokens at once by one matrix product; only an
element-wise recurrence runs over time. Bradbury et al. (2017), ICLR,
"Quasi-recurrent neural networks"; straight lines, cut off at both ends, stand in
for the sigmoid and tanh (Courbariaux et al. 2015, NeurIPS, "BinaryConnect").
"""
import numpy as np

from .reading import Pack

BLOCK = 256
Weights = dict[str, np.ndarray]
NAMES = ("embedding", "meaning", "layer1", "bias1", "layer2", "bias2", "out", "moves1",
         "token", "cue", "place", "layer3", "bias3", "out3", "moves2")


def first_bias(hidden: int) -> np.ndarray:
    """Return a bias that leaves values at 0 and gates half open."""
    return np.repeat(np.array([0, 0.5], np.float32), 2 * hidden)


def init_weights(rng: np.random.Generator, rows: int, width: int, hidden: int, out: int) -> Weights:
    """Draw the weights of a network with `rows` embedding rows and two layers."""
    def draw(*size: int) -> np.ndarray:
        return (rng.standard_normal(size) / np.sqrt(size[0])).astype(np.float32)

    return {
        "embedding": (rng.standard_normal((rows, width)) * 0.1).astype(np.float32),
        "layer1": draw(3 * width, 4 * hidden), "bias1": first_bias(hidden),
        "layer2": draw(2 * hidden, 4 * hidden), "bias2": first_bias(hidden),
        "out": draw(4 * hidden, out) * 0.1,
    }


def widen(x: np.ndarray, pack: Pack) -> np.ndarray:
    """Join each row with the one before and after it; zeros beyond the ends of a sequence."""
    wide = np.zeros((len(x), 3 * x.shape[1]), x.dtype)
    d, later = x.shape[1], pack.bounds[1]
    wide[:, d:2 * d] = x
    wide[later:, :d] = x[pack.before]
    wide[pack.before, 2 * d:] = x[later:]
    return wide


def _recur(state: np.ndarray, keep: np.ndarray, bounds: list[int], ahead: bool) -> None:
    """
    Add to each row of `state` what is kept of its neighbour, in place.

    The first half of the units runs from left to right, the second half from right to
    left. With `ahead` False the row's own gate keeps the neighbour's state (the way
    there), with True the gate of the row that came from (the way back).
    """
    half = state.shape[1] // 2
    right, left = state[:, :half], state[:, half:]
    keep_right, keep_left = keep[:, :half], keep[:, half:]
    if ahead:
        right, left, keep_right, keep_left = left, right, keep_left, keep_right
    steps = list(zip(bounds[:-2], bounds[1:-1], bounds[2:], strict=True))
    for before, at, end in steps:
        stop = before + end - at
        gate = keep_right[before:stop] if ahead else keep_right[at:end]
        right[at:end] += gate * right[before:stop]
    for at, after, end in reversed(steps):
        stop = at + end - after
        gate = keep_left[after:end] if ahead else keep_left[at:stop]
        left[at:stop] += gate * left[after:end]


def layer_forward(x: np.ndarray, weight: np.ndarray, bias: np.ndarray, pack: Pack,
                  out: np.ndarray | None = None, *, learning: bool = False):
    """
    Run one layer over packed rows; return its output and, if `learning`, what the way back needs.

    A unit keeps of its state what its gate says, and takes the rest from its new value.
    Values are cut off at -1 and 1, gates at 0 and 1. The output is written to `out` if that
    is given.
    """
    units = weight.shape[1] // 2
    state = np.empty((len(x), units), x.dtype) if out is None else out
    keep = np.empty((len(x), units), x.dtype)
    value = np.empty_like(keep) if learning else None
    both = np.empty((BLOCK, 2 * units), x.dtype)
    least = np.repeat(np.array([-1, 0], x.dtype), units)
    most = np.ones_like(least)
    for at in range(0, len(x), BLOCK):  # block by block, so that it stays in the cache
        part = slice(at, at + BLOCK)
        fresh, gate = state[part], keep[part]
        block = np.matmul(x[part], weight, out=both[:len(fresh)])
        block += bias
        np.maximum(block, least, out=block)  # np.clip takes three times as long
        np.minimum(block, most, out=block)
        gate[:] = block[:, units:]
        np.multiply(block[:, :units], gate, out=fresh)
        np.subtract(block[:, :units], fresh, out=fresh)
        if value is not None:
            value[part] = block[:, :units]
    _recur(state, keep, pack.bounds, ahead=False)
    return state, (x, value, keep, state)


def layer_backward(grad: np.ndarray, weight: np.ndarray, pack: Pack, saved):
    """Return the gradients of the layer's input, weight and bias."""
    x, value, forget, state = saved
    units = weight.shape[1] // 2
    half, later = units // 2, pack.bounds[1]
    flow = grad.copy()
    _recur(flow, forget, pack.bounds, ahead=True)
    d_gates = np.empty((len(x), 2 * units), x.dtype)
    np.subtract(flow, flow * forget, out=d_gates[:, :units])
    change = d_gates[:, units:]
    np.negative(value, out=change)
    change[later:, :half] += state[pack.before, :half]
    change[pack.before, half:] += state[later:, half:]
    change *= flow
    d_gates[:, :units] *= (value < 1) & (value > -1)
    change *= (forget < 1) & (forget > 0)
    return d_gates @ weight.T, x.T @ d_gates, d_gates.sum(0)


def narrow(d_wide: np.ndarray, pack: Pack) -> np.ndarray:
    """Carry the gradient back through `widen`."""
    d, later = d_wide.shape[1] // 3, pack.bounds[1]
    grad = d_wide[:, d:2 * d].copy()
    grad[pack.before] += d_wide[later:, :d]
    grad[later:] += d_wide[pack.before, 2 * d:]
    return grad


def encode(embedded: np.ndarray, weights: Weights, pack: Pack, *, learning: bool = False):
    """
    Run both layers over embedded tokens; return (hidden states, what the way back needs).

    The way back reads the states too, so they must not be changed in place.
    """
    units = weights["layer2"].shape[0]
    states = np.empty((len(embedded), 2 * units), embedded.dtype)
    _, saved1 = layer_forward(widen(embedded, pack), weights["layer1"], weights["bias1"], pack,
                              states[:, :units], learning=learning)
    _, saved2 = layer_forward(states[:, :units], weights["layer2"], weights["bias2"], pack,
                              states[:, units:], learning=learning)
    return states, (saved1, saved2)


def encode_backward(grad: np.ndarray, weights: Weights, pack: Pack, saved):
    """Return the gradient of the embedded tokens and those of the layers' weights."""
    units = grad.shape[1] // 2
    d_first, d_layer2, d_bias2 = layer_backward(
        grad[:, units:], weights["layer2"], pack, saved[1])
    d_wide, d_layer1, d_bias1 = layer_backward(
        grad[:, :units] + d_first, weights["layer1"], pack, saved[0])
    return narrow(d_wide, pack), {"layer1": d_layer1, "bias1": d_bias1,
                                  "layer2": d_layer2, "bias2": d_bias2}
