"""Turn what the second stage says of each cue into candidate attributions, and choose among them.

A candidate is a cue with its likeliest content and source. A logistic
regression on how sure the stages are, followed by isotonic regression, gives
its probability; candidates are taken from the surest down, and none may take
content that a surer one holds.
"""
from typing import NamedTuple

import numpy as np

from . import crf
from .cuewise import Windows
from .reading import OUTSIDE, Tokens

KINDS = ("direct", "mixed", "indirect")
FALLBACK_SOURCE = 0.1  # least probability of the first word of a source taken without a path
N_EVIDENCE = 16


class Candidates(NamedTuple):
    """
    Hold candidate attributions, one row per cue, as numbers of tokens.

    `pieces` has rows (candidate, first, last + 1) of content in text order;
    `source_first` is -1 where there is no source; `evidence` is what the
    probability is computed from.
    """

    cue_first: np.ndarray
    cue_last: np.ndarray
    source_first: np.ndarray
    source_last: np.ndarray
    pieces: np.ndarray
    kind: np.ndarray
    evidence: np.ndarray


def may_be_cue(marginals: np.ndarray, least: float) -> np.ndarray:
    """Say of each token whether it may begin a cue, and whether it may go on one."""
    begins = marginals[:, crf.CUE] > least
    return np.stack([begins, (marginals[:, crf.CUE + 1] > 0.5) & ~begins])


def find_cues(marginals: np.ndarray, sequence_last: np.ndarray, least: float
              ) -> tuple[np.ndarray, np.ndarray]:
    """Return first and last + 1 token of every stretch that may be a cue."""
    begins, inside = may_be_cue(marginals, least)
    first = np.flatnonzero(begins)
    stops = np.append(np.flatnonzero(~inside), len(marginals))
    last = np.minimum(stops[np.searchsorted(stops, first, "right")], sequence_last[first] + 1)
    return first, last


class _Lanes:
    """Sums, means and maxima of the values in each window, which stand one after another."""

    def __init__(self, size: np.ndarray):
        self.begins = np.cumsum(size) - size
        self.size = size

    def sum(self, values: np.ndarray) -> np.ndarray:
        return np.add.reduceat(values, self.begins)

    def max(self, values: np.ndarray) -> np.ndarray:
        return np.maximum.reduceat(values, self.begins)

    def spread(self, values: np.ndarray) -> np.ndarray:
        return np.repeat(values, self.size)


def _best_sources(pieces: np.ndarray, chance: np.ndarray, begins: np.ndarray, lanes: _Lanes
                  ) -> tuple[np.ndarray, np.ndarray]:
    """Return first and last + 1 place of the source of each window, -1 where there is none."""
    count = len(lanes.size)
    first, last = np.full(count, -1), np.full(count, -1)
    total = np.append(0, np.cumsum(chance, dtype=np.float64))
    lane, _, start, stop = pieces[pieces[:, 1] == crf.SOURCE].T
    order = np.argsort((total[stop] - total[start]) / (stop - start), kind="stable")
    first[lane[order]], last[lane[order]] = start[order], stop[order]
    for j in np.flatnonzero((first < 0) & (lanes.max(begins) > FALLBACK_SOURCE)):
        low, end = lanes.begins[j], lanes.begins[j] + lanes.size[j]
        start = stop = low + int(begins[low:end].argmax())
        level = chance[start] * 0.5
        while stop < end and chance[stop] > level and (stop == start or begins[stop] < level):
            stop += 1
        first[j], last[j] = start, max(stop, start + 1)
    return first, last


def make_candidates(windows: Windows, labels: np.ndarray, marginals: np.ndarray,
                    stage_one: np.ndarray) -> Candidates:
    """Make one candidate per cue from the labels and marginals of its window, kinds left open."""
    lanes = _Lanes(windows.size)
    place = lanes.begins[windows.pack.lane] + windows.pack.index - windows.low[windows.pack.lane]
    path, sure = np.empty_like(labels), np.empty_like(marginals, order="F")
    path[place], sure[place] = labels, marginals
    found = crf.decode_labels(path)
    found = np.column_stack([np.searchsorted(lanes.begins, found[:, 1], "right") - 1, found])
    first, last = _best_sources(found, sure[:, 3] + sure[:, 4], sure[:, 3], lanes)
    pieces = found[found[:, 1] == crf.CONTENT][:, [0, 2, 3]]
    evidence = _evidence(windows, path, sure, (first, last), pieces, stage_one, lanes)
    shift = windows.low - lanes.begins
    pieces[:, 1:] += shift[pieces[:, 0]][:, None]
    return Candidates(windows.first, windows.last, np.where(first < 0, -1, first + shift),
                      np.where(first < 0, -1, last + shift), pieces,
                      np.full(len(shift), 2), evidence)


def _logit(p: np.ndarray) -> np.ndarray:
    p = np.clip(p, 1e-4, 1 - 1e-4)
    return np.log(p / (1 - p))


def _evidence(windows, labels, marginals, sources, pieces, stage_one, lanes) -> np.ndarray:
    """Describe how sure the stages are of a candidate; the last two columns await the kind."""
    content, source = marginals[:, 1] + marginals[:, 2], marginals[:, 3] + marginals[:, 4]
    held = (labels == 1) | (labels == 2)
    place, named = np.arange(len(labels)), sources[0] >= 0
    n_held, n_pieces = lanes.sum(held.astype(np.int64)), np.bincount(
        pieces[:, 0], minlength=len(named))
    mine = (place >= lanes.spread(sources[0])) & (place < lanes.spread(sources[1]))
    opening = np.minimum.reduceat(np.where(held, place, len(place)), lanes.begins)
    opening = np.where(n_held > 0, opening, lanes.begins)
    closing = np.where(n_held > 0, lanes.max(np.where(held, place, -1)),
                       lanes.begins + lanes.size - 1)
    beyond = np.minimum(closing + 1, lanes.begins + lanes.size - 1)
    runs_on = np.where(closing + 1 == beyond, marginals[beyond, 2], 0)
    # expected overlap: the share of the mass and of the span that agree
    shared = lanes.sum(content * held)
    union = n_held + lanes.sum(content) - shared
    last_cue = stage_one[windows.last - 1, crf.CUE:].sum(1)
    outside = lanes.max(np.where(held, 1 - content, 0))
    return np.stack([
        _logit(stage_one[windows.first, crf.CUE]), _logit(last_cue),
        _logit(shared / np.maximum(n_held, 1)),
        _logit(1 - outside), _logit(marginals[opening, 1]), _logit(runs_on),
        _logit(shared / np.maximum(union, 1e-6)), _logit(lanes.max(content)),
        np.where(named, _logit(lanes.sum(source * mine) / np.maximum(
            lanes.sum(mine.astype(np.int64)), 1)), 0), ~named * 1.0,
        _logit(np.where(named, marginals[sources[0], 3], 0.5)),
        np.log1p(n_held), (n_pieces > 1) * 1.0,
        _logit(lanes.max(source)), np.zeros(len(named)), np.zeros(len(named)),
    ], 1)


def kinds_of(pieces: np.ndarray, count: int, tokens: Tokens) -> np.ndarray:
    """Number the kind (place in KINDS) of each of `count` candidates from its quotation marks."""
    word = np.array([w[0].isalnum() for w in tokens.words], bool)
    quoted = tokens.quote != OUTSIDE

    def total(flags: np.ndarray) -> np.ndarray:
        sums = np.append(0, np.cumsum(flags))
        return np.bincount(pieces[:, 0], sums[pieces[:, 2]] - sums[pieces[:, 1]], minlength=count)

    any_quoted = total(quoted) > 0
    all_quoted = (total(word & ~quoted) == 0) & (total(word) > 0) & any_quoted
    return np.where(all_quoted, 0, np.where(any_quoted, 1, 2))


def join_candidates(parts: list[Candidates], tokens: Tokens) -> Candidates:
    """Join candidates of several groups of cues and say of which kind each is."""
    shifted, base = [], 0
    for part in parts:
        pieces = part.pieces.copy()
        pieces[:, 0] += base
        base += len(part.cue_first)
        shifted.append(part._replace(pieces=pieces))
    joined = Candidates(*(np.concatenate(c) for c in zip(*shifted, strict=True)))
    kind = kinds_of(joined.pieces, base, tokens)
    joined.evidence[:, -2:] = kind[:, None] == np.arange(2)
    return joined._replace(kind=kind)


def choose(candidates: Candidates, rank: np.ndarray, least: float, n_tokens: int
           ) -> list[tuple[int, list[tuple[int, int]]]]:
    """Return (candidate, its content pieces) from the surest down; no token is content twice."""
    order = np.argsort(candidates.pieces[:, 0], kind="stable")
    bounds = np.searchsorted(candidates.pieces[order, 0], np.arange(len(rank) + 1))
    used = bytearray(n_tokens)
    chosen = []
    for row in np.argsort(-rank, kind="stable"):
        if rank[row] < least:
            break
        pieces = candidates.pieces[order[bounds[row]:bounds[row + 1]], 1:].tolist()
        size = sum(last - first for first, last in pieces)
        taken = sum(used.count(1, first, last) for first, last in pieces)
        if not pieces or taken > 0.3 * size:
            continue
        kept = [(a, b) for a, b in pieces if used.count(1, a, b) <= 0.5 * (b - a)]
        for first, last in kept:
            used[first:last] = b"\1" * (last - first)
        if kept:
            chosen.append((int(row), _merge(kept)))
    return chosen


def _merge(pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join pieces that touch."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(pieces):
        if merged and merged[-1][1] >= first:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged
