"""Text of an article is shown, and does nothing else."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.markup import (
    EMAIL_MASK,
    csv_text,
    escape,
    find_emails,
    mark_up,
    mark_up_blocks,
    neutralise,
    safe_url,
    slug,
    slugs,
)


@given(st.text())
def test_escaped_text_has_no_tag_and_no_open_attribute(text):
    assert not set("<>\"'") & set(escape(text))


@given(st.text())
def test_marked_up_text_has_only_three_tags(text):
    bare = mark_up(text)
    for tag in ("strong", "em", "code"):
        bare = bare.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    assert "<" not in bare


@pytest.mark.parametrize(("text", "wanted"), [
    ("**a** b", "<strong>a</strong> b"),
    ("*a* b", "<em>a</em> b"),
    ("2 * 3 * 4", "2 * 3 * 4"),
    ("`x<y`", "<code>x&lt;y</code>"),
    ("** a **", "** a **"),
])
def test_sentences_are_marked_up(text, wanted):
    assert mark_up(text) == wanted


def test_blocks_are_paragraphs_and_lists():
    assert mark_up_blocks("one\ntwo\n\n- a\n- b") == "<p>one two</p><ul><li>a</li><li>b</li></ul>"


@pytest.mark.parametrize("text", [
    "a.b@c.org", "Write to first.last+news@mail.paper.co.uk.", "<x_y@z.io>",
])
def test_email_addresses_are_masked(text):
    assert "@" not in escape(text)
    assert EMAIL_MASK in escape(text)


@pytest.mark.parametrize("text", ["@handle", "a @ b", "3@4", "x@localhost"])
def test_what_is_no_address_stays(text):
    assert escape(text) == text


def test_a_long_run_of_letters_and_signs_costs_linear_time():
    assert find_emails("a." * 50_000 + "@" + "b-" * 50_000) == []
    assert find_emails("a@" * 50_000) == []


def test_what_acts_unseen_is_shown():
    assert escape("a\u202eb") == "a[U+202E]b"
    assert escape("a\x00b\x1bc") == "a\ufffdb\ufffdc"
    assert escape("\ud800") == "\ufffd"


@pytest.mark.parametrize(("url", "wanted"), [
    ("https://example.org/a?b=c", True), ("http://example.org", True),
    ("javascript:alert(1)", False), ("data:text/html,x", False), ("//example.org", False),
    ("https://аpple.com", False), ("https://xn--pple-43d.com", False),
    ("https://paper.org@evil.org", False), ("https://evil.org\\@paper.org", False),
    ("https://a b.org", False), ("ftp://example.org", False), ("http://[", False),
    ("mailto:a@b.org", False), (None, False), ("http://localhost", False),
])
def test_only_plain_web_addresses_are_links(url, wanted):
    assert (safe_url(url) == url) is wanted or (url is None and safe_url(url) is None)


@given(st.lists(st.text(), unique=True, max_size=30))
def test_names_of_pages_are_safe_and_different(names):
    made = slugs(names)
    assert list(made) == names
    assert len({name.lower() for name in made.values()}) == len(names)
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-") and name
               for name in made.values())


def test_a_slug_leads_out_of_no_folder():
    assert slug("../../etc/passwd") == "etc-passwd"
    assert slug("статья") == ""


def test_formulas_are_neutralised_and_numbers_are_not():
    frame = pd.DataFrame({"=x": ["=1+1", "-2", "ok", None], "n": [-1, 2, 3, 4]})
    safe = neutralise(frame)
    assert list(safe.columns) == ["'=x", "n"]
    assert safe["'=x"].to_list()[:3] == ["'=1+1", "'-2", "ok"]
    assert safe["n"].to_list() == [-1, 2, 3, 4]
    assert frame.columns[0] == "=x"


def test_csv_masks_addresses_and_keeps_six_digits():
    csv = csv_text(pd.DataFrame({"a": ["x@y.org"], "b": [1 / 3]}))
    assert csv == f"a,b\n{EMAIL_MASK},0.333333\n"
