"""Made-up tables of any size, and articles that attack the page they are shown on."""

import numpy as np
import pandas as pd

from analysis.tables import table

FRAMES = ("alliance", "desperation")
VOICES = ("author", "expert", "official", "party", "other")
WORDS = ("treaty", "arms", "summit", "partner", "sanction", "missile", "visit", "shell", "war",
         "pledge", "crowd", "satellite", "clause", "envoy", "troops", "friend", "pariah", "space")


def names(n: int) -> list[str]:
    """Return n article ids, a few of them very long and alike."""
    long = "a-very-long-identifier-of-an-article-about-the-event-number-"
    return [f"{long}{i}" if i % 4 == 3 else f"paper-{i:02}" for i in range(n)]


def make_scores(n: int) -> pd.DataFrame:
    """Return `scores` for n documents."""
    rng = np.random.default_rng(0)
    return table("scores", [(d, t, 1, 1.0, 1.0, float(rng.random()))
                            for d in names(n) for t in WORDS])


def make_keyness(n: int) -> pd.DataFrame:
    """Return `keyness` for n documents, many terms at the same place."""
    rng = np.random.default_rng(1)
    rows = []
    for d in names(n):
        for i, t in enumerate((*WORDS, *(f"word{j}" for j in range(60)))):
            a, b = int(rng.integers(0, 4)), int(rng.integers(0, 4))
            low = -np.inf if a == 0 else -2.0
            rows.append((d, "rest", t, a, b, 600, 900, 2, 3, 0.2, a * 1.7, b * 0.6, 1.0,
                         float(a - b), low,
                         np.inf if b == 0 else 3.0, 0.5 if i % 7 == 0 else 0.0, 0.3,
                         float(a - b) / 2, 0.04, 0.9, 0.5, None, None))
    return table("keyness", rows)


def make_similarity(n: int) -> pd.DataFrame:
    """Return `similarity` for n documents, one pair without a value."""
    rng, d = np.random.default_rng(2), names(n)
    rows = [(d[i], d[j], float(rng.uniform(0.1, 0.9)), 0.05, 0.3, 0.01, None)
            for i in range(n) for j in range(i + 1, n)]
    if n > 2:
        rows[-1] = (d[-2], d[-1], np.nan, np.nan, np.nan, np.nan, None)
    return table("similarity", rows)


def make_clusters(n: int) -> pd.DataFrame:
    """Return n - 1 merges that join everything, every other one unstable."""
    d, rows, last = names(n), [], 0
    for i in range(n - 1):
        rows.append((last, i + 1, 0.3 + 0.6 * i / n, i + 2, "|".join(sorted(d[:i + 2])),
                     0.9 if i % 2 else 0.4, 0.95, "stable" if i % 2 else "unstable"))
        last = n + i
    clusters = pd.DataFrame(rows, columns=["left", "right", "height", "size", "members",
                                           "support_specifications", "support_sentences",
                                           "verdict"])
    clusters.attrs = {"documents": d}
    return clusters


def make_quotes(n: int) -> pd.DataFrame:
    """Return `quotes` of up to thirty speakers, some unnamed."""
    rng, rows = np.random.default_rng(3), []
    for article in names(n):
        for i in range(12):
            who = None if i == 11 else f"Speaker With A Long Name {int(rng.integers(0, 30))}"
            rows.append((article, f"{article}-q{i}", ("direct", "mixed", "indirect")[i % 3],
                         "0-5", "6-9", "he", "9-12", "said", who, "official", None, 0.9, "r",
                         None, "speech", None, None))
    return table("quotes", rows)


def make_role_words(n: int) -> pd.DataFrame:
    """Return words by article and role."""
    roles = ["author", "official", "expert", "state_media", "citizen", "institution", "advocate",
             "collective", "document", "media", "business"]
    rng = np.random.default_rng(4)
    return pd.DataFrame([(a, r, int(rng.integers(0, 9)) * (90 if r == "author" else 9))
                         for a in names(n) for r in roles],
                        columns=["article_id", "role", "words"])


def make_rates(n: int, frames: tuple[str, ...] = FRAMES) -> pd.DataFrame:
    """Return `rates` with zeros kept and some cells without any sentence."""
    rng, rows = np.random.default_rng(5), []
    for article in names(n):
        for voice in VOICES:
            found = {f: int(rng.integers(0, 5)) for f in frames}
            total = sum(found.values())
            for frame, k in found.items():
                share = k / total if total else np.nan
                rows.append((article, frame, voice, k, k, 100, share,
                             max(share - 0.2, 0), min(share + 0.3, 1), "wilson"))
    return table("rates", rows)


def make_articles(n: int) -> pd.DataFrame:
    """Return n articles of different lengths."""
    return table("articles", pd.DataFrame({
        "article_id": names(n), "language": "en",
        "text": ["Kim spoke. " * (20 + 7 * i) for i in range(n)]}))


def make_mentions(n: int) -> pd.DataFrame:
    """Return `mentions` spread over the articles."""
    rng, rows = np.random.default_rng(6), []
    for i, article in enumerate(names(n)):
        starts = sorted(rng.choice(11 * (20 + 7 * i) - 10, 14, replace=False).tolist())
        for j, s in enumerate(starts):
            voice = VOICES[int(rng.integers(0, 5))]
            rows.append((article, 0, 0, s, s + 3, FRAMES[j % 2], "kim", "Kim", False, j == 3,
                         voice, None if voice == "author" else f"Speaker {j}", None, "form"))
    return table("mentions", rows)


def make_tokens(n: int) -> pd.DataFrame:
    """Return `tokens` drawn from a few words."""
    rng = np.random.default_rng(7)
    return table("tokens", [(a, 0, 0, 8 * i, 8 * i + 5, w, w) for a in names(n)
                            for i, w in enumerate(rng.choice(WORDS, 120))])


def make_specifications(n: int) -> pd.DataFrame:
    """Return a specification curve over three choices."""
    rows = [(u, v, w, 0.1 * i - 0.4, i == 4) for i, (u, v, w) in enumerate(
        (u, v, w) for u in ("sentence", "hit", "paragraph") for v in (True, False)
        for w in ("author only", "all voices"))]
    return pd.DataFrame(rows, columns=["unit", "negated", "voice", "balance", "default"])
