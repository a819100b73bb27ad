"""
Make text from an article safe to show: the one place where it is escaped.

An article may hold anything: tags, event handlers, spreadsheet formulas, marks that
turn the reading direction round. Everything that prints article text, in notebooks
and in reports, goes through `escape`; everything written for a spreadsheet goes
through `neutralise`.
"""

import html
import re
import unicodedata
from urllib.parse import urlsplit

import pandas as pd

# The parts of an address are bounded (RFC 5321), so that a long run of letters costs linear time.
_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
EMAIL_MASK = "[e-mail address removed]"
# Embeddings, overrides and isolates change the order in which later text is read.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BOLD = re.compile(r"\*\*([^\s*](?:[^*]*[^\s*])?)\*\*")
_ITALIC = re.compile(r"(?<![\w*])\*([^\s*](?:[^*]*[^\s*])?)\*(?![\w*])")
_CODE = re.compile(r"`([^`]+)`")


def escape(text: object) -> str:
    """
    Return `text` as HTML that shows it and does nothing else.

    E-mail addresses are masked, marks that reverse the reading direction are shown
    by their code, and characters that cannot be printed become U+FFFD.

    >>> escape("<b>Kim</b> & co")
    '&lt;b&gt;Kim&lt;/b&gt; &amp; co'
    >>> escape("write to a.b@c.org")
    'write to [e-mail address removed]'
    """
    return html.escape(make_visible(mask_emails(str(text))), quote=True)


def mask_emails(text: str) -> str:
    """Replace every e-mail address in `text`: a report never carries one."""
    return _EMAIL.sub(EMAIL_MASK, text) if "@" in text else text


def find_emails(text: str) -> list[tuple[int, int]]:
    """Return the spans of the e-mail addresses in `text`, so that none is shown in halves."""
    return [found.span() for found in _EMAIL.finditer(text)] if "@" in text else []


def make_visible(text: str) -> str:
    """
    Show what would otherwise act unseen: direction marks, control characters.

    >>> make_visible("a" + chr(0x202e) + "b")
    'a[U+202E]b'
    """
    if text.isascii() and text.isprintable():
        return text
    text = _DIRECTION.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
    return _UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def mark_up(text: str) -> str:
    """
    Return one escaped paragraph in which **strong**, *stressed* and `code` are marked up.

    Nothing else is read as markup, so a sentence may hold words of an article.

    >>> mark_up("**3** of 5 name <Kim>")
    '<strong>3</strong> of 5 name &lt;Kim&gt;'
    """
    safe = _BOLD.sub(r"<strong>\1</strong>", escape(text))
    return _CODE.sub(r"<code>\1</code>", _ITALIC.sub(r"<em>\1</em>", safe))


def mark_up_blocks(text: str) -> str:
    """Return escaped paragraphs, parted by empty lines; lines led by `- ` make a list."""
    return "".join(_block(block) for block in re.split(r"\n[ \t]*\n", text.strip()) if block)


def _block(block: str) -> str:
    lines = [line.strip() for line in block.strip().splitlines()]
    if lines and all(line.startswith("- ") for line in lines):
        return f"<ul>{''.join(f'<li>{mark_up(line[2:])}</li>' for line in lines)}</ul>"
    return f"<p>{mark_up(' '.join(lines))}</p>"


def safe_url(url: object) -> str | None:
    """
    Return `url` if it is a web address a reader can judge by eye, else None.

    That is http or https, a host in ASCII letters (a host in look-alike letters of
    another script is refused), and no user name before the host.
    """
    if not isinstance(url, str) or not url.isascii() or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        host, user = parts.hostname, parts.username
    except ValueError:
        return None
    plain = host and "." in host and re.fullmatch(r"[a-z0-9.-]+", host)
    if parts.scheme not in ("http", "https") or user is not None or not plain or "xn--" in host:
        return None
    return url


def slug(text: str, *, length: int = 60) -> str:
    """
    Return `text` as a name that is safe in a path, a link and an id.

    Empty where nothing of it is left.

    >>> slug("../../Élan & Co.html")
    'elan-co-html'
    """
    plain = unicodedata.normalize("NFKD", text[:1000]).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_]+", "-", plain.lower()).strip("-")[:length].strip("-")


def slugs(names: list[str]) -> dict[str, str]:
    """Return a safe name for each of `names`; no two alike, whatever the case."""
    made: dict[str, str] = {}
    for name in names:
        stem = slug(name) or "article"
        taken, number, candidate = set(made.values()), 2, stem
        while candidate in taken:
            candidate, number = f"{stem}-{number}", number + 1
        made[name] = candidate
    return made


def neutralise(frame: pd.DataFrame) -> pd.DataFrame:
    """
    Return `frame` with text that a spreadsheet would run as a formula led by an apostrophe.

    Column names likewise; numbers stay numbers. E-mail addresses are masked.
    """
    safe = pd.DataFrame({name: _plain_cells(frame.iloc[:, i])
                         for i, name in enumerate(map(str, frame.columns))}, index=frame.index)
    return safe.rename(columns=_plain_cell)


def csv_text(frame: pd.DataFrame, *, float_format: str = "%.6g") -> str:
    """Return `frame` as CSV that is safe to open in a spreadsheet, without its index."""
    return neutralise(frame).to_csv(index=False, float_format=float_format, lineterminator="\n")


def _plain_cells(column: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return column
    return column.map(_plain_cell).astype(object)


def _plain_cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    value = make_surrogate_free(mask_emails(value))
    return "'" + value if value.startswith(_FORMULA) else value


def make_surrogate_free(text: str) -> str:
    """Replace halves of a surrogate pair, which no file can hold."""
    return text if text.isascii() else re.sub("[\ud800-\udfff]", "\ufffd", text)
