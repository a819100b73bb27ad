"""
What a notebook found, in sentences made from its tables.

Every number in a sentence is computed from the event at hand, so that a finding stays
true when the articles change.
"""

import pandas as pd

from analysis.corpus import Event, load_articles
from analysis.prose import join, many
from analysis.similarity import compare_documents, compare_specifications
from analysis.tokens import find_furniture, find_sentences, tokenize
from analysis.topics import add_tf_idf, count_terms, drop_function_words, top_terms


def answer_corpus(event: Event) -> str:
    """Say what was counted, what was left out, and what is unknown."""
    articles = load_articles(event)
    tokens, furniture = tokenize(articles), find_furniture(articles)
    sizes = tokens.groupby("article_id").size()
    sentences = len(find_sentences(articles))
    unknown = [name for name in ("outlet", "author", "date") if articles[name].isna().any()]
    lacking = [f"{articles[name].isna().sum()} lack the {name}" for name in unknown]
    return (f"We count **{many(len(tokens), 'word')}** in **{many(sentences, 'sentence')}** of "
            f"**{many(len(articles), 'article')}**. The shortest has {sizes.min():,} words, the "
            f"longest {sizes.max():,}. {_furniture(furniture)} Of the articles, "
            f"{join(lacking) if lacking else 'none lacks an outlet, an author or a date'}.")


def _furniture(furniture: pd.DataFrame) -> str:
    if furniture.empty:
        return "No furniture (captions, labels, links) was found."
    return (f"{many(len(furniture), 'paragraph')} of furniture (captions, labels, links) in "
            f"{many(furniture['article_id'].nunique(), 'article')} "
            f"{'was' if len(furniture) == 1 else 'were'} left out.")


def count_sizes(articles: pd.DataFrame, tokens: pd.DataFrame) -> pd.DataFrame:
    """
    Count the words, sentences and paragraphs of each article, furniture left out.

    One row per article, those without a word included; `words_per_sentence` is a mean.
    """
    by_article = tokens.groupby("article_id")
    sizes = pd.DataFrame({
        "words": by_article.size(), "sentences": by_article["sentence"].nunique(),
        "paragraphs": by_article["paragraph"].nunique(),
    }).reindex(articles["article_id"], fill_value=0).rename_axis("article_id").reset_index()
    return sizes.assign(words_per_sentence=sizes["words"] / sizes["sentences"].where(
        sizes["sentences"] > 0))


def answer_topics(event: Event) -> str:
    """Say what marks out each article, which two are closest, and how firm that is."""
    articles = load_articles(event)
    tokens = tokenize(articles)
    best = top_terms(add_tf_idf(count_terms(drop_function_words(tokens))), 3)
    marks = [f"{name}: {', '.join(terms)}" for name, terms in
             best.groupby("document")["term"]][:5]
    said = f"The words that mark out each article most, grammar words aside: **{'; '.join(marks)}**"
    said += ", and so on. " if best["document"].nunique() > 5 else ". "
    return said + (_closest(tokens) if len(articles) > 1 else
                   "With one article there is nothing to compare it with.")


def _closest(tokens: pd.DataFrame) -> str:
    pairs = compare_documents(tokens).dropna(subset=["cosine"])
    if pairs.empty:
        return "No two articles have words to compare."
    first = pairs.sort_values("cosine", ascending=False).iloc[0]
    choices = compare_specifications(tokens)["closest"].value_counts()
    pair = f"{first['document_a']} + {first['document_b']}"
    below = int((pairs["cosine"] < pairs["null_mean"]).sum())
    rival = next((f" ({choices[name]} ways prefer {name})" for name in choices.index
                  if name != pair), "")
    return (f"The two most alike are **{first['document_a']}** and **{first['document_b']}** "
            f"(cosine {first['cosine']:.2f}, standard error {first['se']:.2f}); they are the "
            f"closest pair under {choices.get(pair, 0)} of {choices.sum()} defensible ways of "
            f"counting{rival}. {below} of {many(len(pairs), 'pair')} share less vocabulary than "
            "sentences dealt out at random would.")


def answer_keyness(keyness: pd.DataFrame) -> str:
    """Say how many words stand apart after correction, and how many chance would give."""
    tested = keyness[keyness["p"].notna()]
    apart = tested[tested["lr_conservative"] > 0]
    by_chance = 0.05 * len(tested)
    single = int((apart["n_articles"] == 1).sum())
    if apart.empty:
        return (f"Of {many(len(tested), 'comparison')} none stands apart once the number of tests "
                "is allowed for: the articles are too short or too alike to tell by single words.")
    words = [f"{row.term} ({row.document})" for row in apart.sort_values(
        ["lr_conservative", "term"], ascending=[False, True]).head(4).itertuples()]
    return (f"Of {many(len(tested), 'comparison')} of a word in one article with the others, "
            f"**{len(apart)}** stand apart once the number of tests is allowed for; without that "
            f"care chance alone would be expected to give about {by_chance:,.0f}. First come "
            f"{join(words)}. {single} of the {len(apart)} occur in one article only: names, "
            "mostly.")
