"""What notebooks 00 and 03 to 05 found, in sentences made from the tables of a study."""

import pandas as pd

from analysis.prose import join, many, percent
from analysis.quoted import count_quoted_words, count_speakers
from analysis.rates import count_voice_words, pool_rates
from analysis.study import Study

NO_FRAMES = ("This event has **no frames** yet, so there is nothing to count here. To add one, copy "
             "`analysis/templates/frame.toml` into the event's folder `frames/` and change it; "
             "`samestory check` tests it.")


def count_voice_shares(study: Study) -> pd.DataFrame:
    """Count words by article and voice, with their share: article_id, voice, words, share."""
    words = count_voice_words(study.voices, study.tokens)
    total = words.groupby("article_id")["words"].transform("sum")
    return words.assign(share=words["words"] / total)


def answer_quotes(study: Study) -> str:
    """Say how much is quoted, who is quoted most, and how much of it without marks."""
    quotes, words = study.quotes, count_voice_shares(study)
    if quotes.empty:
        return (f"No attribution was found in **{many(len(study.articles), 'article')}**: every "
                "word counts as the author's own.")
    own = words[words["voice"] == "author"].set_index("article_id")["share"].reindex(
        study.articles["article_id"], fill_value=0.0)
    first = count_speakers(quotes, study.articles, study.tokens).dropna(subset=["speaker"]).head(1)
    unmarked = (quotes["type"] == "indirect").mean()
    unresolved = int(quotes["speaker"].isna().sum())
    return (f"**{many(len(quotes), 'attribution')}** of speech or writing in "
            f"{many(len(study.articles), 'article')}. Between {percent(1 - own.max())} and "
            f"{percent(1 - own.min())} of an article's words are not the author's own. "
            f"{_first(first)} **{percent(unmarked)}** of the attributions have no quotation marks, "
            "so that a reader in a hurry, and a program that looks for marks, would take them for "
            f"the author's. For {unresolved} the speaker stays unresolved.")


def _first(first: pd.DataFrame) -> str:
    if first.empty:
        return "No speaker could be named."
    row = first.iloc[0]
    return (f"Most widely quoted is **{row['speaker']}**: {many(row['quotes'], 'attribution')} in "
            f"{many(row['articles'], 'article')}.")


def answer_expert_voice(study: Study) -> str:
    """Say how the words of experts, officials and parties compare."""
    words = count_voice_words(study.voices, study.tokens).groupby("voice")["words"].sum()
    quoted = words.drop("author", errors="ignore").sort_values(ascending=False)
    if quoted.sum() == 0:
        return "Nobody is quoted, so there are no voices to compare."
    shares = [f"{name} {percent(n / quoted.sum())}" for name, n in quoted.items()]
    experts = count_quoted_words(study.quotes, study.articles, study.tokens).query("role == 'expert'")
    names = experts.groupby("speaker")["words"].sum().sort_values(ascending=False)
    said = f"Of all quoted words, these are the shares: **{join(shares)}**. "
    if names.empty:
        return said + "No expert is quoted by name."
    return said + (f"{many(len(names), 'expert')} {'is' if len(names) == 1 else 'are'} named; "
                   f"{names.index[0]} has most words ({names.iloc[0]}).")


def answer_framing(study: Study) -> str:
    """Say which way each article leans by all words, by the author's own, and what changes."""
    if len(study.contrast) < 2:
        return NO_FRAMES if not study.frames else answer_one_frame(study)
    first, second = study.contrast[:2]
    naive, own = lean(study, own=False), lean(study, own=True)
    both = naive.to_frame("all").join(own.rename("own"))
    turned = [name for name, row in both.iterrows() if row["all"] * row["own"] < 0]
    moved = (both["own"] - both["all"]).abs().dropna()
    said = (f"Counting every word alike, **{(naive > 0).sum()}** of "
            f"{many(len(naive), 'article')} {'has' if (naive > 0).sum() == 1 else 'have'} more "
            f"sentences of *{first}* than of *{second}*; counting the author's own words only, "
            f"**{(own > 0).sum()}**. ")
    if turned:
        said += f"The lean turns round in **{join(turned)}**. "
    elif len(moved):
        most = moved.idxmax()
        said += (f"No article changes sides; the largest move is in **{most}**, where the share of "
                 f"{first} goes from {percent((both['all'][most] + 1) / 2)} to "
                 f"{percent((both['own'][most] + 1) / 2)}. ")
    return said + _quoted_part(study)


def _quoted_part(study: Study) -> str:
    counted = study.mentions[~study.mentions["excluded"]]
    if counted.empty:
        return "No term of the frames occurs in these articles."
    quoted = counted["voice"] != "author"
    return (f"{percent(quoted.mean())} of the {many(len(counted), 'frame word')} stand in somebody "
            "else's words.")


def answer_one_frame(study: Study) -> str:
    """Say how often the only frame occurs, and in whose words."""
    return (f"This event has one frame, *{study.contrast[0]}*, so there is no contrast. "
            + _quoted_part(study))


def lean(study: Study, *, own: bool) -> pd.Series:
    """
    Return each article's balance (first - second) / (first + second) of the contrast.

    In sentences, each once a frame; `own` counts the author's words only. Missing where
    neither frame occurs.
    """
    rates = study.rates[study.rates["voice"] == "author"] if own else study.rates
    pooled = pool_rates(rates).pivot(index="article_id", columns="frame", values="sentences")
    first, second = (pooled[name] for name in study.contrast[:2])
    return ((first - second) / (first + second).where(first + second > 0)).reindex(
        study.articles["article_id"])


def answer_gold(gold: pd.DataFrame, what: str = "attributions") -> str:
    """Say who made the hand codes, and of what kind, or how to make some."""
    if gold.empty:
        return (f"Nobody has coded the {what} of this event yet, so we **cannot say how often the "
                "program is wrong here**. The coding lab (see TEACHING.md) helps to make codes; an "
                "hour of coding is worth more than a page of figures.")
    coder, kind = gold["coder"].iloc[0], gold["coder_kind"].iloc[0]
    made = {"model": "a **language model**, not by a person", "human": "a person"}.get(kind, kind)
    return (f"The codes used here were made by {made} ({coder}): {many(len(gold), 'row')} of {what}. "
            + ("Two models agree with one another more readily than two people would."
               if kind == "model" else ""))
