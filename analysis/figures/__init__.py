"""Figures, tables and sentences to show: tables in, axes or something to display out."""

from analysis.figures.bars import plot_bars
from analysis.figures.display import show_figure, show_ledger, show_table, show_text
from analysis.figures.framing import (
    plot_frame_counts,
    plot_frame_voice,
    plot_specification_curve,
    plot_timeline,
)
from analysis.figures.quotes import (
    plot_network,
    plot_quote_types,
    plot_speakers,
    plot_words_by_role,
)
from analysis.figures.topics import (
    plot_dendrogram,
    plot_dispersion,
    plot_keyness,
    plot_similarity,
    plot_term_scatter,
    plot_top_terms,
)

__all__ = [
    "plot_bars", "plot_dendrogram", "plot_dispersion", "plot_frame_counts", "plot_frame_voice",
    "plot_keyness", "plot_network", "plot_quote_types", "plot_similarity", "plot_speakers",
    "plot_specification_curve", "plot_term_scatter", "plot_timeline", "plot_top_terms",
    "plot_words_by_role", "show_figure", "show_ledger", "show_table", "show_text",
]
