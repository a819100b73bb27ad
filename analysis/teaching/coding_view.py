"""The coding lab as a widget: every button also has a key, typed into one field."""

import ipywidgets as widgets
import pandas as pd

from analysis.teaching.boxes import LABELLED, WIDE, Interactive, ReadingBox, choice, on_enter
from analysis.teaching.coding import Session
from analysis.teaching.units import Field


class CodingView:
    """Show a session's current unit with the codebook beside it; buttons and keys to code it."""

    def __init__(self, session: Session, codebook: str) -> None:
        """Build the widget; `shown` is what a notebook displays."""
        self.session = session
        self.unit = ReadingBox("Read this", rows=9)
        self.before = ReadingBox("The paragraph before it", rows=3)
        self.codebook = ReadingBox("Codebook", rows=30)
        self.codebook.show(codebook.replace("**", ""))
        self.status = ReadingBox("Where you are", rows=3)
        self.inputs = {field.name: self._input(field) for field in session.scheme.fields}
        self.keys = widgets.Text(description="Keys, then Enter", placeholder=self._hint(),
                                 style=LABELLED, layout=WIDE)
        self.seen = widgets.Checkbox(
            description="I know the word lists of the frames, or the program's codes",
            value=session.lexicon_seen, indent=False, layout=WIDE)
        self.buttons = {name: widgets.Button(description=name, tooltip=tip) for name, tip in (
            ("Save", "keep this code and go on (Enter)"),
            ("Undo", "take back the last code (u, Enter)"),
            ("Skip", "see this one again at the end (s, Enter)"))}
        self._done = ""
        self._connect()
        self.widget = self._lay_out()
        self._refresh("")
        self.shown = Interactive(self.widget, "The coding lab: in JupyterLab, run this cell to "
                                 f"code {session.scheme.kind}.")

    def _input(self, field: Field) -> widgets.Widget:
        if field.keys:
            return choice(field.label, [(f"{name} ({key})", name)
                                        for key, name in field.keys.items()])
        if field.needed:
            return widgets.Combobox(description=field.label, ensure_option=False,
                                    style=LABELLED, layout=WIDE)
        return widgets.Text(description=field.label, style=LABELLED, layout=WIDE)

    def _hint(self) -> str:
        return "; ".join(" ".join(f"{key} {name}" for key, name in field.keys.items())
                         for field in self.session.scheme.fields if field.keys) + \
            "; u undo; s skip"

    def _connect(self) -> None:
        self.buttons["Save"].on_click(lambda _: self.save())
        self.buttons["Undo"].on_click(lambda _: self.undo())
        self.buttons["Skip"].on_click(lambda _: self.skip())
        self.keys.observe(lambda change: self._preview(change["new"]), "value")
        self.seen.observe(self._note_seen, "value")
        for box in [self.keys, *(b for b in self.inputs.values()
                                 if type(b) is widgets.Text or type(b) is widgets.Combobox)]:
            on_enter(box, self.enter)

    def _lay_out(self) -> widgets.Widget:
        left = widgets.VBox(
            [self.status, self.before, self.unit, *self.inputs.values(), self.keys,
             widgets.HBox(list(self.buttons.values())), self.seen],
            layout=widgets.Layout(flex="3 1 24em", min_width="20em"))
        right = widgets.VBox([self.codebook], layout=widgets.Layout(flex="2 1 18em"))
        return widgets.HBox([left, right], layout=widgets.Layout(flex_flow="row wrap"))

    def enter(self) -> None:
        """Do what the keys say: undo, skip, or save."""
        typed = self._typed(self.keys.value).lower()
        self._done = self.keys.value
        if typed in ("u", "s"):
            (self.undo if typed == "u" else self.skip)()
        else:
            self.save()

    def save(self) -> None:
        """Keep the answers and show the next unit, or say what is missing."""
        answers = {name: box.value or "" for name, box in self.inputs.items()}
        try:
            self.session.code(**answers)
        except ValueError as error:
            self._say(str(error))
            return
        self._refresh("Kept.")

    def undo(self) -> None:
        """Take back the last code and show its unit with the answers that were given."""
        try:
            row = self.session.undo()
        except ValueError as error:
            self._say(str(error))
            return
        self._refresh("Taken back; it is before you again, with your answers.")
        for name, box in self.inputs.items():
            box.value = row[name] or (None if isinstance(box, widgets.ToggleButtons) else "")

    def skip(self) -> None:
        """Put the current unit at the end."""
        self.session.skip()
        self._refresh("Put at the end.")

    def _preview(self, value: str) -> None:
        for key in self._typed(value):
            for field in self.session.scheme.fields:
                if key in field.keys or key.lower() in field.keys:
                    self.inputs[field.name].value = field.keys.get(key) or field.keys[key.lower()]

    def _typed(self, value: str) -> str:
        # What the browser sent before it heard that the field was emptied is not read twice.
        if self._done and value.startswith(self._done) and value != self._done:
            return value[len(self._done):]
        self._done = "" if len(value) < len(self._done) else self._done
        return value

    def _note_seen(self, change: dict) -> None:
        self.session.lexicon_seen = bool(change["new"])

    def _refresh(self, said: str) -> None:
        unit = self.session.current
        self.unit.show("" if unit is None else self._unit_text(unit))
        self.before.show("" if unit is None else unit["before"])
        for name, box in self.inputs.items():
            box.value = None if isinstance(box, widgets.ToggleButtons) else ""
            if isinstance(box, widgets.Combobox):
                box.options = tuple(sorted({row[name] for row in self.session.codes().values()
                                            if row[name]}))
        done, self.keys.value = self._done, ""
        self._done = done
        self._say(said)

    def _unit_text(self, unit: pd.Series) -> str:
        if self.session.scheme.kind == "paragraphs":
            return unit["text"]
        return f"WHO SAYS: {unit['words']}\n\n{unit['text']}"

    def _say(self, said: str) -> None:
        done, total = self.session.progress
        end = ("All are coded. Thank you! Next: compare_coders(event)."
               if done == total else f"{done} of {total} coded.")
        broken = self.session.journal.broken()
        lost = f" {broken} broken line in the file was passed over." if broken else ""
        self.status.show(f"{said} {end}{lost}\nYour file: {self.session.journal.path.name}".strip())
