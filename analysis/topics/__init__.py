"""What is each article about? Terms counted, weighed and ranked."""

from analysis.topics.choices import drop_function_words, drop_names, keep_author_words
from analysis.topics.counts import (
    TermMatrix,
    as_matrix,
    blank_furniture,
    count_articles,
    count_terms,
    documents_of,
)
from analysis.topics.models import find_topics
from analysis.topics.weights import (
    IDF,
    TF,
    add_tf_idf,
    top_columns,
    top_terms,
    weigh,
    weigh_many,
)

__all__ = [
    "IDF", "TF", "TermMatrix", "add_tf_idf", "as_matrix", "blank_furniture", "count_articles",
    "count_terms", "documents_of", "drop_function_words", "drop_names", "find_topics",
    "keep_author_words", "top_columns", "top_terms", "weigh", "weigh_many",
]
