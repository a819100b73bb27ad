"""Figures, tables and sentences to show: tables in, axes or something to display out."""

from analysis.figures.display import show_figure, show_ledger, show_table, show_text

__all__ = ["show_figure", "show_ledger", "show_table", "show_text"]
