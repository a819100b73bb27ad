"""Fit the weights of both stages together: losses, gradients, Adam, averaged weights."""
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from . import crf, cuewise, features, linking, network, reading

AVERAGE_EVERY = 10  # steps


class Settings(NamedTuple):
    """Hold the sizes of the network and how it is fitted."""

    bits: int = 16
    width: int = 40
    hidden: int = 48
    second_width: int = 40
    second_hidden: int = 24
    epochs: int = 16
    rate: float = 2e-3
    drop_feature: float = 0.25
    drop_state: float = 0.35
    second_weight: float = 0.5
    least_count: int = 2
    group: int = 4000
    false_cue: float = 0.2
    averaging: float = 0.02


class Events(NamedTuple):
    """Hold annotated attributions as tokens; `pieces` has rows (event, label, first, last + 1)."""

    cue_first: np.ndarray
    cue_last: np.ndarray
    pieces: np.ndarray


class Material(NamedTuple):
    """Hold everything the fit reads, in rows of tokens, and the events."""

    tokens: reading.Tokens
    rows: np.ndarray
    meanings: np.ndarray
    labels: np.ndarray
    events: Events


def fit(material: Material, settings: Settings, seed: int,
        progress: Callable[[], None]) -> network.Weights:
    """
    Return the averaged weights after all epochs; the same input gives the same weights.

    `progress` is called after each epoch.
    """
    run = _Run(material, settings, seed)
    for epoch in range(settings.epochs):
        for number in run.rng.permutation(len(run.packs)):
            run.step(run.packs[number], second_look=epoch > 0)
        progress()
    return run.average


class _Run:
    """The state of one fit."""

    def __init__(self, material: Material, settings: Settings, seed: int):
        self.material, self.settings = material, settings
        self.rng = np.random.default_rng(seed)
        self.packs = list(reading.packs(material.tokens.sequence, settings.group))
        self.edges = features.run_edges(material.tokens.sequence)
        self.counts = cuewise.running_counts(material.tokens)
        self.place = np.full(len(material.labels), -1, np.int64)
        self.cue_event = np.full(len(material.labels), -1, np.int64)
        for event, (first, last) in enumerate(zip(*material.events[:2], strict=True)):
            self.cue_event[first:last] = event
        order = np.argsort(material.events.pieces[:, 0], kind="stable")
        self.pieces = material.events.pieces[order]
        self.bounds = np.searchsorted(self.pieces[:, 0], np.arange(len(material.events[0]) + 1))
        self.weights = self._first_weights()
        self.average = {k: v.copy() for k, v in self.weights.items()}
        self.moments = {k: (np.zeros_like(v), np.zeros_like(v)) for k, v in self.weights.items()}
        self.steps, self.total = 0, settings.epochs * len(self.packs)

    def _first_weights(self) -> network.Weights:
        s = self.settings
        weights = network.init_weights(self.rng, 1 << s.bits, s.width, s.hidden, crf.N_LABELS)
        weights |= cuewise.init_weights(self.rng, 4 * s.hidden, s.second_width, s.second_hidden)
        weights["moves1"] = np.zeros((crf.N_LABELS + 1, crf.N_LABELS), np.float32)
        weights["moves2"] = np.zeros((cuewise.N_LABELS + 1, cuewise.N_LABELS), np.float32)
        weights["meaning"] = 0.1 * self.rng.standard_normal(
            (self.material.meanings.shape[1], s.width)).astype(np.float32)
        # a feature met once is treated as one never met
        met = np.bincount(self.material.rows.ravel(), minlength=1 << s.bits)
        self.known = met >= s.least_count
        weights["embedding"][~self.known] = 0
        return weights

    def step(self, pack: reading.Pack, second_look: bool) -> None:
        """Take one step on one pack of sequences."""
        s, weights, flat = self.settings, self.weights, pack.index
        used, rows = np.unique(self.material.rows[flat], return_inverse=True)
        rows = rows.reshape(len(flat), -1)
        keep = self.rng.random(rows.shape, dtype=np.float32) >= s.drop_feature
        keep &= self.known[used][rows]
        pick = cuewise.selector(rows, len(used), keep * np.float32(1 / (1 - s.drop_feature)))
        meant = self.material.meanings[flat]
        meant = meant * (self.rng.random((len(flat), 1), dtype=np.float32) >= s.drop_feature)
        embedded = pick @ weights["embedding"][used] + meant @ weights["meaning"]
        hidden, saved = network.encode(embedded, weights, pack, learning=True)
        drop = (self.rng.random(hidden.shape, dtype=np.float32) >= s.drop_state) / np.float32(
            1 - s.drop_state)
        hidden = hidden * drop
        sure, grad, moves = _field_gradient(hidden @ weights["out"], weights["moves1"], pack,
                                            self.material.labels[flat])
        gradients = {"moves1": moves, "out": hidden.T @ grad}
        d_hidden = grad @ weights["out"].T
        d_hidden += self._second(flat, hidden, sure, second_look, gradients)
        d_embedded, more = network.encode_backward(d_hidden * drop, weights, pack, saved)
        gradients |= more
        gradients |= {"embedding": pick.T @ d_embedded, "meaning": meant.T @ d_embedded}
        self._adam(gradients, 20.0 / len(flat), used)

    def _second(self, flat, states, sure, second_look, gradients) -> np.ndarray:
        """Add the gradients of the second stage; return that of the states."""
        first, last, events = self._cues(flat, sure, second_look)
        if not len(first):
            return np.zeros_like(states)
        self.place[flat] = np.arange(len(flat))
        order = np.argsort(flat)
        self.counts[2, flat[order]] = np.cumsum(sure[order, crf.CUE])
        bounds = self.edges[0][first], self.edges[1][first]
        windows = cuewise.make_windows(first, last, bounds, self.counts)
        scores, saved = cuewise.forward(
            states @ self.weights["token"], states @ self.weights["cue"], windows, self.place,
            self.weights, learning=True)
        _, grad, moves = _field_gradient(scores, self.weights["moves2"], windows.pack,
                                         self._targets(windows, events))
        d_states, more = cuewise.backward(grad * np.float32(self.settings.second_weight), states,
                                          windows, self.weights, saved)
        gradients |= more
        gradients["moves2"] = moves * np.float32(self.settings.second_weight)
        return d_states

    def _cues(self, flat, sure, second_look) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return annotated cues and, on a second look, what now passes for one, with its event."""
        events = np.unique(self.cue_event[flat])
        events = events[events >= 0]
        first, last = self.material.events.cue_first[events], self.material.events.cue_last[events]
        if not second_look:
            return first, last, events
        order = np.argsort(flat)
        where = flat[order]
        seen_first, seen_last = linking.find_cues(
            sure[order], np.searchsorted(where, self.edges[1][where]), self.settings.false_cue)
        surest = np.argsort(-sure[order][seen_first, crf.CUE], kind="stable")
        surest = np.sort(surest[:3 * len(first) + 20])
        seen_first, seen_last = seen_first[surest], seen_last[surest]
        annotated = set(zip(first.tolist(), last.tolist(), strict=True))
        found = [(a, b) for a, b in zip(where[seen_first].tolist(),
                                        (where[seen_last - 1] + 1).tolist(), strict=True)
                 if (a, b) not in annotated]
        more = np.array(found, np.int64).reshape(-1, 2)
        owner = np.array([self.cue_event[a:b].max() for a, b in found], np.int64)
        return (np.append(first, more[:, 0]), np.append(last, more[:, 1]),
                np.append(events, owner))

    def _targets(self, windows: cuewise.Windows, events: np.ndarray) -> np.ndarray:
        """Return the label of each row of the windows: the pieces of the event of its cue."""
        begins = np.cumsum(windows.size) - windows.size
        labels = np.zeros(windows.size.sum(), np.int64)
        for lane, event in enumerate(events):
            if event < 0:
                continue
            low, size, base = windows.low[lane], windows.size[lane], begins[lane]
            for _, kind, first, last in self.pieces[self.bounds[event]:self.bounds[event + 1]]:
                start, stop = max(first - low, 0), min(last - low, size)
                if start < stop:
                    labels[base + start:base + stop] = kind + 1
                    labels[base + start] = kind
        lane = windows.pack.lane
        return labels[begins[lane] + windows.pack.index - windows.low[lane]]

    def _adam(self, gradients: network.Weights, scale: float, used: np.ndarray) -> None:
        """Kingma and Ba (2015), with a warm start and a linear decay; only `used` rows move."""
        self.steps += 1
        rate = self.settings.rate * min(1, self.steps / min(150, 1 + self.total // 10))
        rate *= max(0.02, 1 - self.steps / self.total)
        for name, gradient in gradients.items():
            rows = used if name == "embedding" else slice(None)
            gradient = (gradient * scale).astype(np.float32)
            mean, square = self.moments[name]
            now = mean[rows] * np.float32(0.9) + gradient * np.float32(0.1)
            spread = square[rows] * np.float32(0.99) + gradient * gradient * np.float32(0.01)
            mean[rows], square[rows] = now, spread
            step = now / (np.sqrt(spread / np.float32(1 - 0.99 ** self.steps)) + np.float32(1e-6))
            self.weights[name][rows] -= step * np.float32(rate / (1 - 0.9 ** self.steps))
        late = self.steps - self.total // 2
        if late > 0 and late % AVERAGE_EVERY == 0:
            blend = max(self.settings.averaging, 1 / (late // AVERAGE_EVERY + 1))
            for name, weight in self.weights.items():
                self.average[name] += np.float32(blend) * (weight - self.average[name])


def _field_gradient(scores, moves, pack, gold):
    """Return marginals and the gradients of scores and moves of the field's log loss."""
    marginals, expected, _ = crf.forward_backward(scores, moves, pack)
    observed = np.zeros_like(expected)
    later = pack.bounds[1]
    np.add.at(observed[:-1], (gold[pack.before], gold[later:]), 1)
    np.add.at(observed[-1], gold[:later], 1)
    grad = marginals.copy()
    grad[np.arange(len(gold)), gold] -= 1
    return marginals, grad.astype(np.float32), (expected - observed).astype(np.float32)
