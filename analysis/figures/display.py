"""
Show a figure, a table or a computed sentence, alike in JupyterLab and in a report.

Each function returns an object that a notebook displays as the last line of a cell.
It carries HTML for the eye, plain text for the ear, and for figures and tables the
numbers behind them as CSV, which the report saves and links.
"""

import base64
import io
import re
import warnings
from collections.abc import Mapping

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analysis.figures.style import STYLE
from analysis.markup import (
    csv_text,
    escape,
    make_visible,
    mark_up,
    mark_up_blocks,
    mask_emails,
)

PLACEHOLDERS = ("no description", "image", "figure", "alt text", "todo", "tbd", "placeholder")
NUMBER, LONG = ' class="n"', ' class="t"'
_SENTENCE = re.compile(r"(.+):(\d+)-\d+")
LONG_TEXT = 36  # characters; a column with longer text is not squeezed


class Shown:
    """What a notebook cell displays: HTML, a plain-text stand-in and, if any, CSV."""

    def __init__(self, html: str, plain: str, csv: str | None = None) -> None:
        """Keep the three forms."""
        self.html, self.plain, self.csv = html, make_visible(mask_emails(plain)), csv

    def __repr__(self) -> str:
        """Return the plain-text form."""
        return self.plain

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        bundle = {"text/html": self.html, "text/plain": self.plain}
        return bundle if self.csv is None else {**bundle, "text/csv": self.csv}


def show_figure(figure: Figure | Axes | list[Axes], *, alt: str, caption: str,
                data: pd.DataFrame | None = None, form: str = "png") -> Shown:
    """
    Return `figure` ready to display, with a description in words and a caption.

    `alt` says what the picture shows to someone who cannot see it; `caption` says
    what to look for. `data` is the table behind the figure, which a report offers as
    CSV. `form` is png (sharp on a fine screen, and small) or svg (letters as outlines).
    Raises ValueError where the description is empty or says nothing.
    """
    figure = figure[0] if isinstance(figure, list) else figure
    figure = figure.figure if isinstance(figure, Axes) else figure
    _check_words(alt, caption)
    kind, content = _draw(figure, form)
    width, height = (round(96 * inches) for inches in figure.get_size_inches())
    uri = f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"
    html = (f'<figure class="figure"><div class="scroll" tabindex="0" role="group" '
            f'aria-label="Figure, scrolls sideways">'
            f'<img alt="{escape(" ".join(alt.split()))}" width="{width}" height="{height}" '
            f'style="max-width:100%;height:auto;background:#fff" src="{uri}"></div>'
            f"<figcaption>{mark_up(caption)}</figcaption></figure>")
    return Shown(html, f"Figure: {caption}", None if data is None else csv_text(data))


def show_table(table: pd.DataFrame, *, caption: str, digits: int | Mapping[str, int] = 2,
               rows: int = 40, headers: Mapping[str, str] | None = None) -> Shown:
    """
    Return `table` ready to display: escaped, captioned, with scoped headers, no index.

    Numbers have `digits` decimals (of the columns named, if it is a mapping; two in the
    others); missing values show as a dash. Only the first `rows` rows are shown, the CSV
    has all. `headers` renames columns for the reader. A row that says where it comes from
    (`article_id` with `start`, `quote_id`, or `frame` and `voice`; or `influential`)
    becomes a link to that place in a report. Raises ValueError without a caption.
    """
    if not caption.strip():
        raise ValueError("a table needs a caption: say what one row is and what to look for")
    names = {str(c): (headers or {}).get(str(c), _readable(str(c))) for c in table.columns}
    kinds = [_kind(table.iloc[:, i].head(rows)) for i in range(table.shape[1])]
    head = "".join(f'<th scope="col"{kind}>{escape(name)}</th>'
                   for name, kind in zip(names.values(), kinds, strict=True))
    decimals = [digits.get(name, 2) if isinstance(digits, Mapping) else digits for name in names]
    body = "".join(_row(row, list(names), kinds, decimals)
                   for row in table.head(rows).itertuples(index=False, name=None))
    if table.empty:
        body = f'<tr><td colspan="{max(len(names), 1)}">none</td></tr>'
    more = (f'<p class="more">The first {rows} of {len(table):,} rows.</p>'
            if len(table) > rows else "")
    html = (f'<div class="scroll" tabindex="0" role="group" aria-label="Table, scrolls sideways">'
            f"<table><caption><span>{mark_up(caption)}</span></caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table></div>{more}")
    plain = f"Table: {caption} ({len(table):,} {'row' if len(table) == 1 else 'rows'})"
    return Shown(html, plain, csv_text(table))


def show_text(text: str) -> Shown:
    """
    Return a computed statement ready to display; everything in it is escaped.

    **Strong**, *stressed* and `code` are marked up, lines led by `- ` make a list and
    an empty line parts paragraphs. So words of an article may stand in an f-string.
    """
    return Shown(f'<div class="said">{mark_up_blocks(text)}</div>', text.strip())


def show_ledger(facts: Mapping[str, object] | object, *,
                title: str = "What this rests on") -> Shown:
    """
    Return a quiet box: how little the result rests on.

    `facts` are names with values, or a ledger (or a list of them), shown as its sentence.
    """
    if isinstance(facts, Mapping):
        pairs = [(str(name), _cell(value, 2)) for name, value in facts.items()]
        body = "".join(f"<div><dt>{escape(name)}</dt><dd>{mark_up(value)}</dd></div>"
                       for name, value in pairs)
        body, lines = f"<dl>{body}</dl>", [f"{name}: {value}" for name, value in pairs]
    else:
        lines = list(map(str, facts)) if isinstance(facts, list) else [str(facts)]
        body = "".join(f"<p>{mark_up(line)}</p>" for line in lines)
    html = (f'<div class="ledger" role="note" style="border-left:3px solid #8a929a;'
            f'padding:0 0 0 1em"><p><strong>{escape(title)}</strong></p>{body}</div>')
    return Shown(html, "\n".join([title, *lines]))


def _check_words(alt: str, caption: str) -> None:
    words = alt.strip().lower().rstrip(".")
    if len(words.split()) < 4 or words in PLACEHOLDERS or words.startswith("no description"):
        raise ValueError(f"the description {alt!r} does not say what the figure shows; write one "
                         "or two sentences for someone who cannot see it")
    if not caption.strip():
        raise ValueError("a figure needs a caption: say what to look for")


def _draw(figure: Figure, form: str) -> tuple[str, bytes]:
    """Return the kind and the bytes of the picture, the same on every run."""
    if form not in ("png", "svg"):
        raise ValueError(f"form {form!r} is unknown; choose png or svg")
    return ("png", draw_png(figure)) if form == "png" else ("svg+xml", draw_svg(figure).encode())


def draw_svg(figure: Figure) -> str:
    """Return `figure` as SVG: letters as outlines, no date, no random names."""
    with mpl.rc_context({**STYLE, "svg.fonttype": "path", "svg.hashsalt": "samestory"}), \
            warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        out = io.StringIO()
        _plain_labels(figure).savefig(out, format="svg", metadata={"Date": None, "Creator": None,
                                                                   "Format": None, "Type": None})
    svg = re.sub(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>", "",
                 out.getvalue(), flags=re.DOTALL)
    svg = re.sub(r'(?<=[\s"(,])-?\d+\.\d{3,}(?=[\s",)])', _shorter, svg)
    return re.sub(r">\s+<", "><", re.sub(r"\s*\n\s*", " ", svg)).strip()


def draw_png(figure: Figure, *, dpi: int | None = None) -> bytes:
    """Return `figure` as PNG in at most 32 colours; a tall one is less fine by default."""
    from PIL import Image

    with mpl.rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        out = io.BytesIO()
        dpi = dpi or (144 if figure.get_size_inches()[1] <= 6 else 120)
        _plain_labels(figure).savefig(out, format="png", dpi=dpi, metadata={"Software": None})
    small = io.BytesIO()
    picture = Image.open(out).convert("RGB").quantize(32, dither=Image.Dither.NONE)
    picture.save(small, format="PNG", optimize=True)
    return small.getvalue()


def _shorter(number: re.Match[str]) -> str:
    # A scale factor of a glyph (0.015625) needs all its digits; a place on paper does not.
    value = float(number[0])
    return number[0] if abs(value) < 0.5 else f"{value:.2f}".rstrip("0").rstrip(".")


def _plain_labels(figure: Figure) -> Figure:
    # A dollar sign in a headline is no mathematics.
    for text in figure.findobj(Text):
        text.set_parse_math(False)
    return figure


def _readable(name: str) -> str:
    return {"article_id": "article", "n": "number"}.get(name, name.replace("_", " "))


def _kind(column: pd.Series) -> str:
    """Return the class of a column's cells: numbers, text long enough to need room, or none."""
    if is_numeric_dtype(column) and not is_bool_dtype(column):
        return NUMBER
    longest = max((len(value) for value in column if isinstance(value, str)), default=0)
    return LONG if longest > LONG_TEXT else ""


def _row(values: tuple, names: list[str], kinds: list[str], decimals: list[int]) -> str:
    place = _place(dict(zip(names, values, strict=True)))
    cells = []
    for i, value in enumerate(values):
        text = escape(_cell(value, decimals[i]))
        if names[i] == "article_id" and isinstance(value, str):
            text = f'<span data-at="{escape(value)}">{text}</span>'
        elif place and names[i] == place[0]:
            text = f'<span data-at="{escape(place[1])}">{text}</span>'
        tag = 'th scope="row"' if i == 0 else "td" + kinds[i]
        cells.append(f"<{tag}>{text}</{tag.split()[0]}>")
    return f"<tr>{''.join(cells)}</tr>"


def _place(row: dict) -> tuple[str, str] | None:
    """Return the column to link, and the place it is about: article#what."""
    if sentence := _SENTENCE.fullmatch(str(row.get("influential"))):
        return "influential", f"{sentence[1]}#c:{sentence[2]}"
    article = row.get("article_id")
    if not isinstance(article, str):
        return None
    if isinstance(row.get("quote_id"), str):
        return "quote_id", f"{article}#q:{row['quote_id']}"
    if "frame" in row and "voice" in row and "n" in row:
        return "n", f"{article}#f:{row['frame']}:{row['voice']}"
    if isinstance(row.get("start"), int):
        return "start", f"{article}#c:{row['start']}"
    return None


def _cell(value: object, digits: int) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple | set | dict):
        return str(value)
    if pd.isna(value):
        return "–"
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "yes" if value else "no"
    if isinstance(value, float) or type(value).__name__.startswith("float"):
        return f"{value:,.{digits}f}".replace("-", "−")
    if isinstance(value, int) or type(value).__name__.startswith("int"):
        return f"{value:,}".replace("-", "−")
    return str(value)
