"""Put all pages of a report into one file that can be mailed."""

import base64
import re
from pathlib import Path

from markupsafe import Markup

_ID = re.compile(r'(?<=\s)id="([^"]+)"')
_LABEL = re.compile(r'(?<=\s)(aria-labelledby|for)="([^"]+)"')
_HREF = re.compile(r'<a ([^>]*?)href="([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
_AROUND = re.compile(r'<nav class="around".*?</nav>', re.DOTALL)
_HEADING = re.compile(r"<(/?)h([1-5])\b")


def join_pages(pages: dict[str, str], tables: Path) -> Markup:
    """
    Return the bodies of `pages` (by address) as sections of one page.

    Anchors get the page's name in front, links between pages become links within the
    page, CSV files become downloads that the page carries, headings move down a level, and
    the ways to the page before and after are left out.
    """
    names = {address: f"p{number}" for number, address in enumerate(pages)}
    sections = []
    for address, body in pages.items():
        here = names[address]
        body = _AROUND.sub("", body)
        body = _ID.sub(lambda found, here=here: f'id="{here}-{found[1]}"', body)
        body = _LABEL.sub(lambda found, here=here: f'{found[1]}="{here}-{found[2]}"', body)
        body = _HREF.sub(lambda found, address=address: _move(found, address, names, tables), body)
        body = _HEADING.sub(lambda found: f"<{found[1]}h{int(found[2]) + 1}", body)
        sections.append(f'<section id="{here}">{body}</section>')
    return Markup("\n".join(sections))


def _move(found: re.Match[str], address: str, names: dict[str, str], tables: Path) -> str:
    before, href, after, text = found.groups()
    if href.startswith(("http://", "https://")):
        return found[0]
    target, _, part = href.partition("#")
    folder = address.rpartition("/")[0]
    whole = _normal(f"{folder}/{target}" if folder else target) if target else address
    if whole.startswith("tables/"):
        return _carry(tables / whole.removeprefix("tables/"), text)
    if whole not in names:
        return text
    place = f"{names[whole]}-{part}" if part else names[whole]
    return f'<a {before}href="#{place}"{after}>{text}</a>'


def _normal(path: str) -> str:
    return re.sub(r"[^/]+/\.\./", "", path)


def _carry(path: Path, text: str) -> str:
    if path.suffix != ".csv" or not path.exists():
        return text
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    return f'<a download="{path.name}" href="data:text/csv;base64,{content}">{text}</a>'
