"""Learn from texts the model has not seen how far it can be trusted."""
from collections.abc import Sequence

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from . import crf, linking, reading
from .annotations import Article, number_events
from .learning import Events
from .model import Model, find_candidates, probability, read_batches

LEAST = np.arange(0.16, 0.6, 0.02)
_LIGHT = frozenset(("a", "an", "the", "this", "that", "these", "those", "of", "in", "on", "at",
                    "by", "for", "from", "to", "with", "and", "or", "as"))
EMPTY_CALIBRATION = {
    "coefficients": np.zeros(linking.N_EVIDENCE), "intercept": np.zeros(()),
    "knots": np.array([0.0, 1.0]), "values": np.array([0.0, 1.0]), "least": np.zeros(()),
}


def _overlaps(candidates: linking.Candidates, events: Events, tokens: reading.Tokens):
    """Say of each candidate whether its content, and content and source, are right."""
    word = np.array([w[0].isalnum() for w in tokens.words], bool)
    light = np.array([w.lower() in _LIGHT for w in tokens.words], bool)
    content = events.pieces[events.pieces[:, 1] == crf.CONTENT]
    holder = np.full(len(word), -1)
    for event, _, first, last in content:
        holder[first:last] = event
    size = np.bincount(holder[word & (holder >= 0)], minlength=len(events.cue_first))
    sources = {e: (a, b) for e, k, a, b in events.pieces.tolist() if k == crf.SOURCE}
    right, both = np.zeros((2, len(candidates.cue_first)), bool)
    held: dict[int, list[int]] = {}
    for row, first, last in candidates.pieces.tolist():
        held.setdefault(row, []).extend(i for i in range(first, last) if word[i])
    for row, members in held.items():
        owners = holder[members]
        owners = owners[owners >= 0]
        if not len(owners):
            continue
        event = int(np.bincount(owners).argmax())
        shared = int((owners == event).sum())
        right[row] = shared >= 0.5 * (len(members) + size[event] - shared)
        start, stop = candidates.source_first[row], candidates.source_last[row]
        a, b = sources.get(event, (0, 0))
        common = np.arange(max(a, start), min(b, stop)) if start >= 0 else np.zeros(0, int)
        telling = common[word[common] & ~light[common]]
        both[row] = right[row] and (len(telling) > 0 if b else start < 0)
    return right, both


def judge(articles: Sequence[Article], model: Model):
    """Return batches of (candidates, content right, source right too, tokens) and the gold."""
    judged, gold = [], 0
    for owner, tokens in read_batches([a.text for a in articles]):
        events, _ = number_events(articles, tokens, owner)
        gold += len(events.cue_first)
        candidates = find_candidates(tokens, model)
        if candidates is not None:
            judged.append((candidates, *_overlaps(candidates, events, tokens), len(tokens.words)))
    return judged, gold


def calibrate(articles: Sequence[Article], model: Model) -> dict[str, np.ndarray]:
    """Learn from texts the model has not seen how likely its candidates are to be right."""
    judged, gold = judge(articles, model)
    if not judged:
        return dict(EMPTY_CALIBRATION)
    evidence = np.concatenate([c.evidence for c, _, _, _ in judged])
    both = np.concatenate([b for _, _, b, _ in judged])
    if both.all() or not both.any():
        return dict(EMPTY_CALIBRATION)
    scale = evidence.std(0) + 1e-9
    regression = LogisticRegression(C=1.0, max_iter=1000).fit(evidence / scale, both)
    coefficients = regression.coef_[0] / scale
    raw = evidence @ coefficients + regression.intercept_[0]
    isotonic = IsotonicRegression(y_min=0.01, y_max=0.99, out_of_bounds="clip").fit(raw, both)
    knots, values = _smooth(raw, isotonic.predict(raw))
    found = {"coefficients": coefficients, "intercept": regression.intercept_[0].reshape(()),
             "knots": knots, "values": values, "least": np.zeros(())}
    found["least"] = np.array(_best_threshold(judged, gold, found))
    return found


def _smooth(raw: np.ndarray, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Turn the steps of an isotonic fit into a line through the middle of each."""
    values, step = np.unique(steps, return_inverse=True)
    return np.bincount(step, raw) / np.bincount(step), values


def _best_threshold(judged, gold: int, calibration: dict[str, np.ndarray]) -> float:
    """Return the threshold with the best F1 of rows whose content and source are right."""
    best, chosen_least = -1.0, 0.0
    for least in LEAST:
        hits, rows = 0, 0
        for candidates, _, both, n_tokens in judged:
            score = probability(candidates, calibration)
            taken = [r for r, _ in linking.choose(candidates, score, float(least), n_tokens)]
            hits += int(both[taken].sum())
            rows += len(taken)
        value = 2 * hits / (rows + gold)
        if value > best:
            best, chosen_least = value, float(least)
    return chosen_least
