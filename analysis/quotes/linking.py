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


def find_cues(marginals: np.ndarray, sequence_last: np.ndarray, least: float
              ) -> tuple[np.ndarray, np.ndarray]:
    """Return first and last + 1 token of every stretch that may be a cue."""
    begins = marginals[:, crf.CUE] > least
    inside = (marginals[:, crf.CUE + 1] > 0.5) & ~begins
    first = np.flatnonzero(begins)
    stops = np.append(np.flatnonzero(~inside), len(marginals))
    last = np.minimum(stops[np.searchsorted(stops, first, "right")], sequence_last[first] + 1)
    return first, last


def _columnwise(labels: np.ndarray) -> np.ndarray:
    """Return the pieces in each column: rows (column, kind, first step, last step + 1)."""
    steps, count = labels.shape
    padded = np.zeros((count, steps + 1), labels.dtype)
    padded[:, :steps] = labels.T
    kind, first, last = crf.decode_labels(padded.ravel()).T
    column, start = np.divmod(first, steps + 1)
    return np.stack([column, kind, start, start + last - first], 1)


def _mean(values: np.ndarray, where: np.ndarray) -> np.ndarray:
    return (values * where).sum(0) / np.maximum(where.sum(0), 1)


def _best_sources(pieces: np.ndarray, chance: np.ndarray, begins: np.ndarray
                  ) -> tuple[np.ndarray, np.ndarray]:
    """Return first and last + 1 step of the source of each column, -1 where there is none."""
    count = chance.shape[1]
    first, last = np.full(count, -1), np.full(count, -1)
    total = np.vstack([np.zeros(count), np.cumsum(chance, 0)])
    column, _, start, stop = pieces[pieces[:, 1] == crf.SOURCE].T
    mean = (total[stop, column] - total[start, column]) / np.maximum(stop - start, 1)
    for k in np.argsort(mean, kind="stable"):
        first[column[k]], last[column[k]] = start[k], stop[k]
    peak = begins.argmax(0)
    for j in np.flatnonzero((first < 0) & (begins.max(0) > FALLBACK_SOURCE)):
        start = stop = int(peak[j])
        level = chance[start, j] * 0.5
        while stop < len(chance) and chance[stop, j] > level and (
                stop == start or begins[stop, j] < level):
            stop += 1
        first[j], last[j] = start, max(stop, start + 1)
    return first, last


def make_candidates(windows: Windows, labels: np.ndarray, marginals: np.ndarray,
                    stage_one: np.ndarray) -> Candidates:
    """Make one candidate per cue from the labels and marginals of its window, kinds left open."""
    mask = windows.index >= 0
    marginals = marginals * mask[..., None]
    source = marginals[:, :, 3:5].sum(2)
    found = _columnwise(np.where(mask, labels, 0))
    first, last = _best_sources(found, source, marginals[:, :, 3])
    low = windows.index[0]
    pieces = found[found[:, 1] == crf.CONTENT][:, [0, 2, 3]]
    evidence = _evidence(windows, labels, marginals, (first, last), pieces, stage_one)
    pieces[:, 1:] += low[pieces[:, 0]][:, None]
    return Candidates(windows.first, windows.last, np.where(first < 0, -1, first + low),
                      np.where(first < 0, -1, last + low), pieces, np.full(len(low), 2), evidence)


def _logit(p: np.ndarray) -> np.ndarray:
    p = np.clip(p, 1e-4, 1 - 1e-4)
    return np.log(p / (1 - p))


def _evidence(windows, labels, marginals, sources, pieces, stage_one) -> np.ndarray:
    """Describe how sure the stages are of a candidate; the last two columns await the kind."""
    mask = windows.index >= 0
    steps = np.arange(len(mask))[:, None]
    content, source = marginals[:, :, 1:3].sum(2), marginals[:, :, 3:5].sum(2)
    held = np.isin(labels, (1, 2)) & mask
    named = (steps >= sources[0]) & (steps < sources[1]) & (sources[0] >= 0)
    lane = np.arange(mask.shape[1])
    opening = np.where(held.any(0), held.argmax(0), 0)
    closing = len(held) - 1 - held[::-1].argmax(0)
    beyond = np.minimum(closing + 1, len(held) - 1)
    runs_on = np.where(closing + 1 < mask.sum(0), marginals[beyond, lane, 2], 0)
    # expected overlap: the share of the mass and of the span that agree
    shared = (content * held).sum(0)
    union = held.sum(0) + content.sum(0) - shared
    last_cue = stage_one[windows.last - 1, crf.CUE:].sum(1)
    outside = np.where(held, 1 - content, 0).max(0)
    return np.stack([
        _logit(stage_one[windows.first, crf.CUE]), _logit(last_cue), _logit(_mean(content, held)),
        _logit(1 - outside), _logit(marginals[opening, lane, 1]), _logit(runs_on),
        _logit(shared / np.maximum(union, 1e-6)), _logit(content.max(0)),
        np.where(sources[0] >= 0, _logit(_mean(source, named)), 0), (sources[0] < 0) * 1.0,
        _logit(np.where(sources[0] >= 0, marginals[np.maximum(sources[0], 0), lane, 3], 0.5)),
        np.log1p(held.sum(0)), (np.bincount(pieces[:, 0], minlength=len(lane)) > 1) * 1.0,
        _logit(source.max(0)), np.zeros(len(lane)), np.zeros(len(lane)),
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
    used = np.zeros(n_tokens, bool)
    chosen = []
    for row in np.argsort(-rank, kind="stable"):
        if rank[row] < least:
            break
        pieces = candidates.pieces[order[bounds[row]:bounds[row + 1]], 1:].tolist()
        size = sum(last - first for first, last in pieces)
        taken = sum(int(used[first:last].sum()) for first, last in pieces)
        if not pieces or taken > 0.3 * size:
            continue
        kept = [(a, b) for a, b in pieces if used[a:b].sum() <= 0.5 * (b - a)]
        for first, last in kept:
            used[first:last] = True
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
