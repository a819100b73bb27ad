"""
Parts of the teaching widgets, chosen so that no text of an article is ever read as HTML.

Text is shown in text areas, which browsers never parse. Every part carries its label.
"""

from collections.abc import Callable

import ipywidgets as widgets

from analysis.markup import make_visible

WIDE = widgets.Layout(width="auto")
LABELLED = {"description_width": "initial"}


class ReadingBox(widgets.Textarea):
    """A labelled box of text to read and copy from; what is typed into it is undone."""

    def __init__(self, label: str, *, rows: int = 4, height: str | None = None) -> None:
        """Make an empty box of so many rows."""
        layout = widgets.Layout(width="auto", height=height)
        super().__init__(description=label, rows=rows, layout=layout, style=LABELLED)
        self._shown = ""
        self.observe(self._keep, "value")

    def show(self, text: str) -> None:
        """Show `text`; marks that would reverse the reading direction are shown by their code."""
        self._shown = make_visible(str(text))
        self.value = self._shown

    def _keep(self, change: dict) -> None:
        if change["new"] != self._shown:
            self.value = self._shown


def choice(label: str, options: list[tuple[str, str]] | list[str]) -> widgets.ToggleButtons:
    """Return labelled buttons of which one may be pressed, none at first."""
    return widgets.ToggleButtons(description=label, options=options, value=None, style={
        **LABELLED, "button_width": "auto"}, layout=WIDE)


def on_enter(box: widgets.Text, act: Callable[[], None]) -> None:
    """Call `act()` when Enter is pressed in `box`."""
    def hear(_: object, content: dict, __: object) -> None:
        if content.get("event") == "submit":
            act()
    box.on_msg(hear)


class Interactive:
    """
    A widget for JupyterLab, with what stands in its place where widgets cannot run.

    Displayed as two outputs: `static`, if any, which a report keeps; then the widget, whose
    plain-text form is `words`.
    """

    def __init__(self, widget: widgets.Widget, words: str, static: object = None) -> None:
        """Keep the widget and what stands in for it."""
        self.widget, self.words, self.static = widget, words, static

    def __repr__(self) -> str:
        """Return what is shown where the widget cannot be."""
        return self.words if self.static is None else f"{self.static!r}\n{self.words}"

    def _ipython_display_(self) -> None:
        from IPython.display import display

        if self.static is not None:
            display(self.static)
        view = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
        display({"application/vnd.jupyter.widget-view+json": view, "text/plain": self.words},
                raw=True)


def put(output: widgets.Output, *shown: object) -> None:
    """Show objects of `analysis.figures` (escaped HTML with a plain form) in `output`."""
    output.outputs = tuple(
        {"output_type": "display_data", "metadata": {},
         "data": {"text/html": each.html, "text/plain": each.plain}} for each in shown)
