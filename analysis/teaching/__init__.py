"""For classrooms: the explorer, the coding lab, exercises and class copies of the notebooks."""

from analysis.teaching.cells import exercise_cells
from analysis.teaching.checks_voices import list_terms, make_suspects
from analysis.teaching.coding import code_paragraphs, code_quotations
from analysis.teaching.comparing import compare_coders, load_adjudication, write_adjudication
from analysis.teaching.exercises import check, open_exercises
from analysis.teaching.explorer import explore

__all__ = ["check", "code_paragraphs", "code_quotations", "compare_coders", "exercise_cells",
           "explore", "list_terms", "load_adjudication", "make_suspects", "open_exercises",
           "write_adjudication"]
