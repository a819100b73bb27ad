"""
The default engine: what the trained model finds, read once more with the rules.

The model knows more cues; the rules know British single marks, shared subjects, nested
reports and what the codebook counts as telling. Where both see the same attribution the
rules draw it; what only one of them sees is kept with a lower score.
"""

from collections.abc import Iterator, Sequence

from analysis.quotes.attribution import Attribution, Span
from analysis.quotes.codebook import is_told

SURE = 0.5  # a row that only the model sees counts as speech from this score on
_RELATIVE = frozenset(["who", "which", "that", "whom"])
_BLOCK = 256  # characters in a block of the index
# Share of right rows on the development split of PolNeAR (84 articles), by who saw a row.
ALONE = {
    "final": 0.5,
    "according": 0.6,
    "as": 0.6,
    "noun": 0.4,
    "transcript": 0.5,
    "signature": 0.5,
    "continued": 0.5,
    "what": 0.2,
}
ALONE_ELSE = 0.3
ENOUGH = 0.5  # the least such share with which a row is kept that only the rules see, for "all"
MODEL_ALONE = 0.87  # by how much a row is less sure that the rules do not see


def combine(
    text: str,
    model: Sequence[Attribution],
    rules: Sequence[Attribution],
    *,
    include: str = "speech",
) -> list[Attribution]:
    """
    Join the rows of both engines on one text, in text order.

    A cue that the rules have drawn is not drawn again.
    With `include="speech"` sources follow the codebook, and rows that only the model sees
    need the score `SURE`. With "all" every row of the model is kept, rows that only the
    rules see where they are right often enough (`ENOUGH`), and where the engines differ the
    source follows the model, and so the scheme that it was trained on.
    """
    pairs = _pair(model, rules)
    joined = set(pairs.values())
    rows = [_draw(text, model[i], rules[j], include) for i, j in pairs.items()]
    taken = {k for row in rules if row.cue for k in range(*row.cue)}
    rows += [
        m._replace(score=m.score * MODEL_ALONE)
        for i, m in enumerate(model)
        if i not in pairs
        and (
            include == "all"
            or m.act == "speech"
            and m.score >= SURE
            and is_told(text, m)
            and (m.cue is None or taken.isdisjoint(range(*m.cue)))
        )
    ]
    rows += [
        r._replace(score=ALONE.get(r.rule, ALONE_ELSE), rule="rules: " + r.rule)
        for j, r in enumerate(rules)
        if j not in joined
        and r.act == "speech"
        and (include == "speech" or ALONE.get(r.rule, ALONE_ELSE) >= ENOUGH)
    ]
    return sorted(rows, key=lambda row: (row.content, row.cue or (0, 0)))


def _pair(model: Sequence[Attribution], rules: Sequence[Attribution]) -> dict[int, int]:
    """Pair rows one to one that report the same words, from the greatest overlap down."""
    found: dict[int, int] = {}
    used: set[int] = set()
    for overlap, i, j in sorted(_overlaps(model, rules), reverse=True):
        if i in found or j in used or overlap < 0.5:
            continue
        one, two = model[i], rules[j]
        if overlap >= 0.85 or _meet(one.cue, two.cue) or _meet(one.source, two.source):
            found[i] = j
            used.add(j)
    return found


def _overlaps(
    model: Sequence[Attribution], rules: Sequence[Attribution]
) -> Iterator[tuple[float, int, int]]:
    """Yield (overlap, model row, rules row) for rows whose first block of text is near."""
    index: dict[int, list[int]] = {}
    for j, row in enumerate(rules):
        for block in _blocks(row):
            index.setdefault(block, []).append(j)
    for i, row in enumerate(model):
        near = {j for block in _blocks(row) for j in index.get(block, ())}
        for j in near:
            shared = _shared(row.content, rules[j].content)
            if shared:
                total = (
                    sum(b - a for a, b in row.content)
                    + sum(b - a for a, b in rules[j].content)
                    - shared
                )
                yield shared / total, i, j


def _blocks(row: Attribution) -> Iterator[int]:
    for start, end in row.content:
        yield from range(start // _BLOCK, end // _BLOCK + 1)


def _shared(one: Sequence[Span], two: Sequence[Span]) -> int:
    """Count the characters that two lists of spans share."""
    i = j = shared = 0
    while i < len(one) and j < len(two):
        shared += max(0, min(one[i][1], two[j][1]) - max(one[i][0], two[j][0]))
        if one[i][1] < two[j][1]:
            i += 1
        else:
            j += 1
    return shared


def _meet(one: Span | None, two: Span | None) -> bool:
    return one is not None and two is not None and one[0] < two[1] and two[0] < one[1]


def _draw(text: str, model: Attribution, rules: Attribution, include: str) -> Attribution:
    """Draw one attribution that both engines see."""
    act = "speech" if "speech" in (model.act, rules.act) else "other"
    return rules._replace(
        source=_source(text, model, rules, include),
        act=act,
        score=max(model.score, rules.score),
        rule="model+" + rules.rule,
    )


def _source(text: str, model: Attribution, rules: Attribution, include: str) -> Span | None:
    """Choose the source where the engines differ."""
    if model.source is None or rules.rule == "passive" or _meet(model.source, rules.source):
        return rules.source
    if rules.source is None or include == "all":
        return model.source
    words = text[slice(*model.source)].lower().split()
    if words and (
        words[0] in _RELATIVE or words[-1] in _RELATIVE or words[-1].endswith(("'s", "’s"))
    ):
        return rules.source
    if not rules.cue or text[max(0, rules.cue[0] - 4) : rules.cue[0]].strip().lower() == "by":
        return rules.source
    return model.source if text[slice(*rules.cue)].split()[0].endswith("ing") else rules.source
