"""
One event, several articles: who says what, and how is it framed?

The map of the package: the public names, each from the module that explains it. Text
becomes tables, tables become figures, figures become reports; nothing flows back.

>>> from analysis import load_articles, tokenize
>>> tokenize(load_articles("summit"))["term"].head(3).to_list()
['vladimir', 'putin', 'long']
"""

from importlib import import_module

__version__ = "0.1.0"

_WHERE = {
    "load_event": "corpus", "load_articles": "corpus",
    "find_paragraphs": "tokens", "find_sentences": "tokens", "tokenize": "tokens",
    "count_terms": "topics", "add_tf_idf": "topics", "top_terms": "topics",
    "measure_keyness": "keyness", "compare_documents": "similarity",
    "find_in_context": "concordance",
    "find_quotes": "quotes",
    "find_voices": "voices", "add_voices": "voices",
    "load_frames": "frames", "find_mentions": "frames", "count_rates": "rates",
    "make_study": "study", "show_evidence": "evidence",
    "show_table": "figures", "show_figure": "figures",
    "build_report": "report",
    "explore": "teaching", "code_paragraphs": "teaching", "check": "teaching",
}
__all__ = sorted(_WHERE)  # noqa: PLE0605 - a list, but not a literal one


def __getattr__(name: str) -> object:
    # Names are fetched when first used, so that `import analysis` costs nothing.
    if name in _WHERE:
        return getattr(import_module(f"analysis.{_WHERE[name]}"), name)
    raise AttributeError(f"analysis has no name {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return __all__
