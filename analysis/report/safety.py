"""
The second wall: clean what notebooks put out, and let no link lead nowhere.

What the project itself shows is escaped by `analysis.markup`. This wall stands behind
it for HTML that a notebook, or a library it calls, writes in some other way.
"""

import html
import re
from collections.abc import Callable

import nh3

from analysis.markup import mask_emails, safe_url

# Nothing may be fetched, run or sent from a page; styles and pictures are inside it.
POLICY = ("default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
          "form-action 'none'")
_TAGS = """h1 h2 h3 h4 h5 h6 p a em strong b i code pre ul ol li dl dt dd table caption thead
tbody tfoot tr th td figure figcaption img blockquote hr br div span sup sub small details summary
mark abbr kbd del"""
_DROPPED = """script style iframe object embed template noscript title textarea svg math select
form"""
TAGS, DROPPED = set(_TAGS.split()), set(_DROPPED.split())
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt", "width", "height"}, "th": {"scope", "class"},
              "td": {"class", "colspan", "rowspan"}, "span": {"data-at"},
              "div": {"class", "tabindex", "role", "aria-label"}, "figure": {"class"},
              "p": {"class"}, "ol": {"start"}}
CLASSES = {"figure", "scroll", "n", "t", "said", "ledger", "more"}
ROLES = {"group", "note"}
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|svg\+xml);base64,[A-Za-z0-9+/=\s]+")
_PLACE = re.compile(r'<span data-at="([^"]*)">(.*?)</span>', re.DOTALL)
_LINK = re.compile(r"<a([^>]*)>(.*?)</a>", re.DOTALL)
_HREF = re.compile(r'href="([^"]*)"')
_IMAGE = re.compile(r"<img\b[^>]*>")
_NO_WORDS = re.compile(r"(no description|image|figure|picture|plot|png)?[\W_]*\Z", re.IGNORECASE)

Resolve = Callable[[str], str | None]


def clean(markup: str, *, link: Resolve, place: Resolve) -> str:
    """
    Return `markup` with only tags and attributes that can do no harm.

    `link` turns a relative address into one that exists in the report, or None; `place`
    does so for a place in an article, as `show_table` notes it. A link that leads nowhere
    becomes plain text; a picture without a description becomes a note that says so.
    """
    def keep(tag: str, attribute: str, value: str) -> str | None:
        return _keep(tag, attribute, value, link)

    safe = nh3.clean(mask_emails(markup), tags=TAGS, attributes=ATTRIBUTES, attribute_filter=keep,
                     clean_content_tags=DROPPED, url_schemes={"http", "https", "data"},
                     link_rel=None, generic_attribute_prefixes=None, strip_comments=True)
    safe = _PLACE.sub(lambda found: _anchor(place(html.unescape(found[1])), found[2]), safe)
    return _IMAGE.sub(_described, _LINK.sub(_linked, safe))


def _keep(tag: str, attribute: str, value: str, link: Resolve) -> str | None:
    if attribute == "href":
        return safe_url(value) or link(value)
    if attribute == "src":
        return value if _PICTURE.fullmatch(value) else None
    if attribute == "class":
        return " ".join(c for c in value.split() if c in CLASSES) or None
    if attribute == "role":
        return value if value in ROLES else None
    if attribute == "tabindex":
        return "0"
    return value


def _anchor(address: str | None, text: str) -> str:
    return f'<a href="{html.escape(address)}">{text}</a>' if address else text


def _linked(found: re.Match[str]) -> str:
    href = _HREF.search(found[1])
    if not href:
        return found[2]
    outside = ' rel="noopener noreferrer"' if href[1].startswith("http") else ""
    return f'<a href="{href[1]}"{outside}>{found[2]}</a>'


def _described(found: re.Match[str]) -> str:
    alt = re.search(r'alt="([^"]*)"', found[0])
    if not alt or _NO_WORDS.match(alt[1]) or "src=" not in found[0]:
        return "<em>[a picture without a description was left out; show it with show_figure]</em>"
    return found[0]
