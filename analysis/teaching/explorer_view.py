"""The explorer as a widget: every control labelled, every result also a table."""

import ipywidgets as widgets
import pandas as pd

from analysis.figures import show_table, show_text
from analysis.figures.display import Shown
from analysis.teaching.boxes import LABELLED, WIDE, Interactive, ReadingBox, on_enter, put
from analysis.teaching.explorer import Choice, Explorer
from analysis.voices import VOICES

ROWS = 40  # of evidence shown; the counts always cover all
NEGATION = [("count it all the same", "keep"), ("leave it out", "drop")]
_WRAP = widgets.Layout(flex_flow="row wrap", grid_gap="1em")


class ExplorerView:
    """Controls on the left and above, tables below; each change redraws all of them."""

    def __init__(self, explorer: Explorer) -> None:
        """Build the widget; `shown` is what a notebook displays."""
        self.explorer = explorer
        names, frames = list(explorer.texts), list(explorer.frames)
        self.articles = _several("Articles", names)
        self.frames = _several("Frames", frames)
        self.voices = _several("Voices", list(VOICES))
        self.negated = widgets.Dropdown(description="A negated term", options=NEGATION,
                                        style=LABELLED, layout=WIDE)
        self.edited = widgets.Dropdown(description="Frame to change", options=frames,
                                       style=LABELLED, layout=WIDE)
        self.forms = widgets.Textarea(description="Its terms, one per line", rows=12,
                                      style=LABELLED, layout=WIDE)
        self.reset = widgets.Button(description="Terms as filed")
        self.term = widgets.Text(description="A word in its contexts", placeholder="e.g. ally*",
                                 style=LABELLED, layout=WIDE)
        self.pair = [widgets.Dropdown(description=f"Article {side}", options=names, index=at,
                                      style=LABELLED, layout=WIDE)
                     for side, at in (("on the left", 0), ("on the right", len(names) > 1))]
        self.reading = [ReadingBox("Its text, terms in ⟦ ⟧", rows=22) for _ in self.pair]
        self.message = ReadingBox("What happened", rows=5)
        self.outputs = {name: widgets.Output() for name in
                        ("order", "counts", "evidence", "contexts", "left", "right")}
        self._filling = False
        self.tabs = self._make_tabs()
        self._connect()
        self._fill_forms()
        self.update()
        self.shown = Interactive(self._lay_out(), "The explorer: in JupyterLab, run this cell to "
                                 "change terms, voices and articles.", self._static())

    @property
    def choice(self) -> Choice:
        """What the controls choose now."""
        return Choice(self.articles.value, self.frames.value, self.voices.value,
                      self.negated.value)

    def update(self) -> None:
        """Redraw the order of the articles and the tab that is open; the others when opened."""
        choice = self.choice
        if not (choice.articles and choice.frames and choice.voices):
            self.message.show("Choose at least one article, one frame and one voice.")
            return
        self.rates = self.explorer.rates(choice)
        ranks = self.explorer.ranks(choice, self.rates)
        self.message.show(self._sum_up(self.rates, ranks))
        put(self.outputs["order"], _order(ranks, self.explorer.first_frame(choice)))
        self._show_tab()

    def _show_tab(self) -> None:
        (self._show_counts, self._show_evidence, self._show_contexts,
         self._show_pair)[self.tabs.selected_index or 0]()

    def _show_counts(self) -> None:
        put(self.outputs["counts"], _counts(self.rates))

    def _show_evidence(self) -> None:
        evidence = self.explorer.evidence(self.choice)
        put(self.outputs["evidence"], show_table(
            evidence, caption=f"The {len(evidence)} mentions behind the counts, with their "
            "sentences. Does each say what its frame says?", rows=ROWS))

    def _sum_up(self, rates: pd.DataFrame, ranks: pd.DataFrame) -> str:
        totals = rates.groupby("frame", sort=False)["n"].sum()
        counted = ", ".join(f"{frame} {n}" for frame, n in totals.items())
        moved = int((ranks["moved"].fillna(0) != 0).sum())
        return (f"Mentions: {counted}. " + (
            f"{moved} articles changed place." if moved else "No article changed its place.")
            + " (Compared with the terms as filed.)")

    def _connect(self) -> None:
        for control in (self.articles, self.frames, self.voices, self.negated):
            control.observe(lambda _: self.update(), "value")
        self.edited.observe(lambda _: self._fill_forms(), "value")
        self.forms.observe(lambda change: self._change_forms(change["new"]), "value")
        self.reset.on_click(lambda _: self._reset())
        self.tabs.observe(lambda _: self._show_tab(), "selected_index")
        self.term.observe(lambda _: self._show_contexts(), "value")
        on_enter(self.term, self._show_contexts)
        for select in self.pair:
            select.observe(lambda _: self._show_pair(), "value")

    def _fill_forms(self) -> None:
        self._filling = True
        self.forms.value = "\n".join(self.explorer.forms(self.edited.value))
        self._filling = False

    def _change_forms(self, text: str) -> None:
        if self._filling:
            return
        try:
            self.explorer.set_forms(self.edited.value, text.splitlines())
        except ValueError as error:
            self.message.show(f"Not searched yet: {error}")
            return
        self.update()

    def _reset(self) -> None:
        self.explorer.reset(self.edited.value)
        self._fill_forms()
        self.update()

    def _show_contexts(self) -> None:
        term = self.term.value.strip()
        if not term:
            return
        try:
            found = self.explorer.in_context(term, self.choice)
        except ValueError as error:
            put(self.outputs["contexts"], show_text(str(error)))
            return
        put(self.outputs["contexts"], show_table(
            found, caption=f"“{term}” in its contexts: {len(found)} places.", rows=ROWS))

    def _show_pair(self) -> None:
        choice = self.choice
        for side, select, box in zip(("left", "right"), self.pair, self.reading, strict=True):
            rates = self.rates if select.value in choice.articles else self.explorer.rates(
                choice._replace(articles=(select.value,)))
            put(self.outputs[side], _short(rates[rates["article_id"] == select.value],
                                           select.value))
            box.show(self.explorer.marked(select.value, choice))

    def _static(self) -> Shown:
        choice = self.explorer.everything
        return _counts(self.explorer.rates(choice))

    def _make_tabs(self) -> widgets.Tab:
        half = widgets.Layout(flex="1 1 16em", min_width="14em")
        sides = [widgets.VBox([select, self.outputs[side], box], layout=half)
                 for side, select, box in zip(("left", "right"), self.pair, self.reading,
                                              strict=True)]
        return widgets.Tab([
            self.outputs["counts"], self.outputs["evidence"],
            widgets.VBox([self.term, self.outputs["contexts"]]), widgets.HBox(sides, layout=_WRAP)],
            titles=["Counts", "Evidence", "Words in context", "Two articles"])

    def _lay_out(self) -> widgets.Widget:
        third = widgets.Layout(flex="1 1 16em", min_width="14em")
        choose = widgets.VBox([self.articles, self.frames, self.voices, self.negated], layout=third)
        change = widgets.VBox([self.edited, self.forms, self.reset], layout=third)
        seen = widgets.VBox([self.message, self.outputs["order"]], layout=third)
        return widgets.VBox([widgets.HBox([choose, change, seen], layout=_WRAP), self.tabs])


def _several(label: str, options: list[str]) -> widgets.SelectMultiple:
    return widgets.SelectMultiple(description=label, options=options, value=tuple(options),
                                  rows=min(8, max(2, len(options))), style=LABELLED, layout=WIDE)


def _order(ranks: pd.DataFrame, frame: str) -> Shown:
    shown = ranks.astype({"rank": "Int64", "rank_filed": "Int64", "moved": "Int64"})
    return show_table(shown, caption=f"The articles by their share of {frame}: 1 has the most. "
                      "Which ones moved?", headers={"rank_filed": "rank as filed"})


def _counts(rates: pd.DataFrame) -> Shown:
    return show_table(rates, caption="Mentions of each frame, the sentences that hold them and "
                      "their share of all framed sentences, with its 95 % interval.", digits=2)


def _short(rates: pd.DataFrame, article: str) -> Shown:
    return show_table(rates[["frame", "n", "per_1000_words", "share"]],
                      caption=f"Frames in {article}, in the chosen voices.")
