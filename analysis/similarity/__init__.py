"""
How alike are the articles, and how far does the answer hang on one sentence or choice?

Cosines of TF-IDF rows, with a delete-one-sentence jackknife, a null of shuffled
sentences, and clusters with their support. A percentile bootstrap of a cosine is not
offered: resampling sentences repeats words and biases every cosine upward.
"""

from analysis.similarity.chance import SHUFFLES, compare_blocks, compare_with_chance
from analysis.similarity.clusters import cluster_documents, compare_specifications
from analysis.similarity.cosines import SentenceTerms, sentence_terms
from analysis.similarity.documents import as_square, compare_documents

__all__ = ["SHUFFLES", "SentenceTerms", "as_square", "cluster_documents", "compare_blocks",
           "compare_documents", "compare_specifications", "compare_with_chance", "sentence_terms"]
