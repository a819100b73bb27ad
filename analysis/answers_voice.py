"""What notebooks 00 and 03 to 05 found, in sentences made from the tables of a study."""

import pandas as pd

from analysis.evaluation import measure_attribution
from analysis.prose import join, many, percent
from analysis.quoted import count_quoted_words, count_speakers
from analysis.rates import compare_voices, count_voice_words, pool_rates
from analysis.study import Study
from analysis.voices import find_marked_voices, locate

NO_FRAMES = ("This event has **no frames** yet, so there is nothing to count here. To add one, "
             "copy `analysis/templates/frame.toml` into the event's folder `frames/` and change "
             "it; `samestory check` tests it.")


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
            f"the author's. For {unresolved} the speaker stays unresolved. {_trust(study)}")


def _trust(study: Study) -> str:
    """
    Say how the attributions compare with the event's codes, if there are any.

    Where all agree, resampling knows no error; the rule of three (Hanley and Lippman-Hand
    1983, JAMA 249, 1743) says how common errors may be all the same.
    """
    scores = measure_attribution(study)
    row = scores[(scores["type"] == "all") & (scores["metric"] == "attribution")]
    if row.empty:
        return "No hand codes of this event say how many of these are right."
    value, low, high, n = row[["value", "low", "high", "n"]].iloc[0]
    if value == 1:
        return (f"All {n:.0f} that this event's codes have agree with them; so few do not show "
                f"errors rarer than {percent(min(1, 3 / n))}, and on texts that the program was "
                "not made with it does less well.")
    return (f"Against this event's codes they score F1 {value:.2f} (95 % interval {low:.2f} "
            f"to {high:.2f}).")


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
    counted = count_quoted_words(study.quotes, study.articles, study.tokens)
    names = counted[counted["role"] == "expert"].groupby("speaker")["words"].sum()
    names = names.sort_values(ascending=False)
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
        return (f"Nobody has coded the {what} of this event yet, so we **cannot say how often "
                "the program is wrong here**. The coding lab (see TEACHING.md) helps to make "
                "codes; an hour of coding is worth more than a page of figures.")
    coder, kind = gold["coder"].iloc[0], gold["coder_kind"].iloc[0]
    made = {"model": "a **language model**, not by a person", "human": "a person"}.get(kind, kind)
    rows = f"{many(len(gold), 'row')} of {what}"
    return (f"The codes used here were made by {made} ({coder}): {rows}. " + (
        "Two models agree with one another more readily than two people would."
        if kind == "model" else ""))


def compare_with_marks(study: Study) -> pd.DataFrame:
    """
    Set attribution beside quotation marks alone: words not the author's, by article.

    One row per article: `words`, those `attributed` to somebody, those `in_marks`, the
    attributed ones `without_marks` (a look at marks alone gives them to the author) and
    those `marked_only`: scare quotes, titles, names of documents.
    """
    tokens = study.tokens
    quoted, marked = (
        voices["voice"].take(locate(voices, tokens["article_id"],
                                    tokens["start"])).array != "author"
        for voices in (study.voices, find_marked_voices(study.articles)))
    told = pd.DataFrame({
        "article_id": tokens["article_id"].array, "words": 1, "attributed": quoted,
        "in_marks": marked, "without_marks": quoted & ~marked, "marked_only": marked & ~quoted})
    return told.groupby("article_id").sum().astype(int).reindex(
        study.articles["article_id"], fill_value=0).reset_index()


def answer_voices(study: Study) -> str:
    """Say which voice uses which frame, how far author and parties differ, and how surely."""
    if len(study.contrast) < 2:
        return NO_FRAMES if not study.frames else answer_one_frame(study)
    first, second = study.contrast[:2]
    pooled = pool_rates(study.rates, by=("voice",))
    rows = pooled[(pooled["frame"] == first) & pooled["share"].notna()]
    if rows.empty:
        return "No sentence of these articles carries either frame."
    total = pooled.groupby("voice")["sentences"].sum()
    said = [f"{row.voice} {percent(row.share)} of {total[row.voice]} (95 % interval "
            f"{percent(row.low)} to {percent(row.high)})" for row in rows.itertuples()]
    return (f"Of the sentences that carry *{first}* or *{second}*, these are the shares of "
            f"*{first}* in each voice: **{'; '.join(said)}**. {_gap(study)}")


def _gap(study: Study) -> str:
    gaps = compare_voices(study.mentions, contrast=study.contrast)
    row = gaps[(gaps["article_id"] == "all") & (gaps["voice_b"] == "party")].iloc[0]
    if pd.isna(row["p"]):
        return "Author and parties cannot be compared: one of them has no framed sentence."
    side = "more" if row["difference"] > 0 else "less"
    return (f"Authors use {study.contrast[0]} {side} than the parties do, by "
            f"{abs(row['difference']) * 100:.0f} points; shuffling the voices within articles "
            f"gives a gap this large with p = {row['p']:.3f}.")


def answer_validation(scores: pd.DataFrame, unseen: pd.DataFrame, agreement: pd.DataFrame) -> str:
    """Say how machine and coders agree, and whether the machine is suspiciously good."""
    if scores.empty:
        return "Without codes nothing can be validated: treat every number above as a question."
    said = []
    for row in scores[scores["coder"] == scores["coder"].iloc[0]].itertuples():
        if row.question.startswith("presence of"):
            rest = unseen[(unseen["coder"] == row.coder) & (unseen["question"] == row.question)]
            said.append(f"{row.question.removeprefix('presence of ')} F1 {row.f1:.2f}, and "
                        f"{rest['f1'].iloc[0]:.2f} without each article's own terms")
    alpha = agreement.loc[agreement["question"] == "frame", "alpha"]
    coders = f"The coders agree at alpha {alpha.iloc[0]:.2f}." if alpha.notna().any() else \
        "The agreement of the coders is not defined: one coder, or no variation."
    return (f"Against the first coder: **{'; '.join(said)}**. The lower figures are the better "
            f"guide to texts that nobody has seen. {coders}")


def answer_what_we_may_say(study: Study) -> str:
    """Put the finding in the words that the data allow."""
    if len(study.contrast) < 2:
        return NO_FRAMES if not study.frames else answer_one_frame(study)
    own = lean(study, own=True).dropna()
    first, second = study.contrast[:2]
    sides = {first: own[own > 0].index.to_list(), second: own[own < 0].index.to_list()}
    rows = study.rates[study.rates["voice"] == "author"]
    parts = [f"towards *{name}*: {join(articles)}" for name, articles in sides.items() if articles]
    return (f"In their authors' own words these articles lean {'; '.join(parts) or 'to neither'}. "
            f"This rests on {many(int(rows['sentences'].sum()), 'framed sentence')} "
            f"in {many(len(study.articles), 'article')}, which were chosen and not drawn; it tells "
            "of these texts and of no others.")


def answer_paragraphs(counts: pd.DataFrame, contrast: list[str]) -> str:
    """Say in which articles the lean by paragraphs turns round in the author's own voice."""
    if counts.empty:
        return "There is no contrast of two frames to judge paragraphs by."
    turned = counts[((counts["first"] - counts["second"])
                     * (counts["first_own"] - counts["second_own"])) < 0]
    mine = turned[turned["coder"] == "machine"]
    shared = [name for name in mine["article_id"]
              if (turned["article_id"] == name).sum() == counts["coder"].nunique()]
    if mine.empty:
        return ("Judged by paragraphs, no article leans one way in all voices and the other way in "
                "its author's own.")
    said = [f"{row.article_id} ({row.first} to {row.second} in all voices, {row.first_own} to "
            f"{row.second_own} in the author's)" for row in mine.itertuples()]
    return (f"Judged by paragraphs, *{contrast[0]}* to *{contrast[1]}*, the lean turns round in "
            f"**{join(said)}**. " + (f"Every coder sees the same in {join(shared)}."
                                     if shared and counts["coder"].nunique() > 1 else
                                     "The coders, where there are any, do not all see it so."))
