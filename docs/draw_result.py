"""Draw the picture of the README again: python docs/draw_result.py"""

from pathlib import Path

from analysis.figures import plot_frame_counts
from analysis.figures.display import draw_png
from analysis.study import make_study

panels = plot_frame_counts(make_study("summit").rates)
Path(__file__).with_name("result.png").write_bytes(draw_png(panels[0].figure))
