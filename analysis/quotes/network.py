"""A small recurrent network over hashed features: embeddings, two quasi-recurrent layers.

All gates are computed for all tokens at once by one matrix product; only an
element-wise recurrence runs over time. Bradbury et al. (2017), ICLR,
"Quasi-recurrent neural networks"; softsign stands in for the sigmoid and tanh.
"""
import numpy as np

BLOCK = 256
Weights = dict[str, np.ndarray]
NAMES = ("embedding", "layer1", "bias1", "layer2", "bias2", "out", "moves1",
         "token", "cue", "place", "layer3", "bias3", "out3", "moves2")


def init_weights(rng: np.random.Generator, rows: int, width: int, hidden: int, out: int) -> Weights:
    """Draw the weights of a network with `rows` embedding rows and two layers."""
    def draw(*size: int) -> np.ndarray:
        return (rng.standard_normal(size) / np.sqrt(size[0])).astype(np.float32)

    return {
        "embedding": (rng.standard_normal((rows, width)) * 0.1).astype(np.float32),
        "layer1": draw(3 * width, 6 * hidden), "bias1": np.zeros(6 * hidden, np.float32),
        "layer2": draw(2 * hidden, 6 * hidden), "bias2": np.zeros(6 * hidden, np.float32),
        "out": draw(4 * hidden, out) * 0.1,
    }


def widen(x: np.ndarray) -> np.ndarray:
    """Join each step with the one before and after; zeros beyond the borders."""
    wide = np.zeros((*x.shape[:2], 3 * x.shape[2]), x.dtype)
    d = x.shape[2]
    wide[1:, :, :d], wide[:, :, d:2 * d], wide[:-1, :, 2 * d:] = x[:-1], x, x[1:]
    return wide


def _recur(state: np.ndarray, keep: np.ndarray, ahead: int) -> None:
    """
    Add to each step of `state` what is kept of its neighbour, in place.

    The first half of the units runs from left to right, the second half from
    right to left. With `ahead` 0 the step's own gate keeps the neighbour's
    state (the way there), with 1 the gate of the step that came from (the way back).
    """
    half, last = state.shape[2] // 2, len(state) - 1
    right, left = state[:, :, :half], state[:, :, half:]
    keep_right, keep_left = keep[:, :, :half], keep[:, :, half:]
    if ahead:
        right, left, keep_right, keep_left = left, right, keep_left, keep_right
    buffer = np.empty_like(right[0])
    for t in range(1, last + 1):
        right[t] += np.multiply(keep_right[t - ahead], right[t - 1], out=buffer)
        back = last - t
        left[back] += np.multiply(keep_left[back + ahead], left[back + 1], out=buffer)


def _squash(gates: np.ndarray, bias: np.ndarray, units: int) -> None:
    """Add the bias and squash in place: values to (-1, 1) by softsign, gates to (0, 1)."""
    gates += bias
    size = np.abs(gates)
    size += 1
    gates /= size
    gates[:, units:] *= 0.5
    gates[:, units:] += 0.5


def layer_forward(x: np.ndarray, weight: np.ndarray, bias: np.ndarray, mask: np.ndarray):
    """Run one layer; return its output and what the way back needs."""
    units = weight.shape[1] // 3
    gates = np.empty((*x.shape[:2], weight.shape[1]), x.dtype)
    flat, rows = gates.reshape(-1, gates.shape[2]), x.reshape(-1, x.shape[2])
    for at in range(0, len(flat), BLOCK):  # block by block, so that it stays in the cache
        _squash(np.matmul(rows[at:at + BLOCK], weight, out=flat[at:at + BLOCK]), bias, units)
    value, forget, output = np.split(gates, 3, axis=2)
    value *= mask[..., None]
    state = value - forget * value
    _recur(state, forget, 0)
    return output * state, (x, gates, state)


def layer_backward(grad: np.ndarray, weight: np.ndarray, mask: np.ndarray, saved):
    """Return the gradients of the layer's input, weight and bias."""
    x, gates, state = saved
    units = weight.shape[1] // 3
    half = units // 2
    value, forget, output = np.split(gates, 3, axis=2)
    flow = grad * output
    _recur(flow, forget, 1)
    d_gates = np.empty_like(gates)
    np.subtract(flow, flow * forget, out=d_gates[:, :, :units])
    d_gates[:, :, :units] *= mask[..., None]
    change = d_gates[:, :, units:2 * units]
    np.negative(value, out=change)
    change[1:, :, :half] += state[:-1, :, :half]
    change[:-1, :, half:] += state[1:, :, half:]
    change *= flow
    np.multiply(grad, state, out=d_gates[:, :, 2 * units:])
    slope = gates.copy()
    slope[:, :, units:] *= 2
    slope[:, :, units:] -= 1
    np.abs(slope, out=slope)
    np.subtract(1, slope, out=slope)
    slope *= slope
    slope[:, :, units:] *= 0.5
    d_gates *= slope
    flat = d_gates.reshape(-1, d_gates.shape[2])
    d_weight = x.reshape(-1, x.shape[2]).T @ flat
    return d_gates @ weight.T, d_weight, flat.sum(0)


def narrow(d_wide: np.ndarray) -> np.ndarray:
    """Carry the gradient back through `widen`."""
    d = d_wide.shape[2] // 3
    grad = d_wide[:, :, d:2 * d].copy()
    grad[:-1] += d_wide[1:, :, :d]
    grad[1:] += d_wide[:-1, :, 2 * d:]
    return grad


def encode(embedded: np.ndarray, weights: Weights, mask: np.ndarray):
    """Run both layers over embedded tokens; return (hidden states, what the way back needs)."""
    first, saved1 = layer_forward(widen(embedded), weights["layer1"], weights["bias1"], mask)
    second, saved2 = layer_forward(first, weights["layer2"], weights["bias2"], mask)
    return np.concatenate([first, second], 2), (saved1, saved2)


def encode_backward(grad: np.ndarray, weights: Weights, mask: np.ndarray, saved):
    """Return the gradient of the embedded tokens and those of the layers' weights."""
    half = grad.shape[2] // 2
    d_first, d_layer2, d_bias2 = layer_backward(
        grad[:, :, half:], weights["layer2"], mask, saved[1])
    d_wide, d_layer1, d_bias1 = layer_backward(
        grad[:, :, :half] + d_first, weights["layer1"], mask, saved[0])
    return narrow(d_wide), {"layer1": d_layer1, "bias1": d_bias1,
                            "layer2": d_layer2, "bias2": d_bias2}
