"""Figures hold from 2 to 30 articles, say what they show, and can be told apart in grey."""

import itertools
import re

import pandas as pd
import pytest
import toy_tables as made

from analysis import figures
from analysis.figures.display import draw_png, draw_svg
from analysis.figures.layout import find_cut, find_overlaps, short_labels, shorten
from analysis.figures.palette import (
    BASE,
    FRAME_COLOURS,
    PAPER,
    QUIET,
    VOICES,
    contrast,
    frame_colours,
    ink_on,
    lightness,
    tint,
)
from analysis.figures.style import new_axes

PLOTS = {
    "top_terms": lambda n: figures.plot_top_terms(made.make_scores(n), top=5),
    "term_scatter": lambda n: figures.plot_term_scatter(made.make_keyness(n),
                                                        document=made.names(n)[0]),
    "keyness": lambda n: figures.plot_keyness(made.make_keyness(n), document=made.names(n)[0]),
    "similarity": lambda n: figures.plot_similarity(made.make_similarity(n)),
    "dendrogram": lambda n: figures.plot_dendrogram(made.make_clusters(n)),
    "dispersion": lambda n: figures.plot_dispersion(made.make_tokens(n), terms=["treaty", "arms"]),
    "speakers": lambda n: figures.plot_speakers(made.make_quotes(n)),
    "quote_types": lambda n: figures.plot_quote_types(made.make_quotes(n)),
    "words_by_role": lambda n: figures.plot_words_by_role(made.make_role_words(n)),
    "network": lambda n: figures.plot_network(made.make_mentions(n)),
    "frame_counts": lambda n: figures.plot_frame_counts(made.make_rates(n)),
    "frame_voice": lambda n: figures.plot_frame_voice(made.make_rates(n), frame="desperation"),
    "timeline": lambda n: figures.plot_timeline(made.make_mentions(n), made.make_articles(n)),
    "specification_curve": lambda n: figures.plot_specification_curve(
        made.make_specifications(n), score="balance", choices=["unit", "negated", "voice"]),
}
ALT = "Two bars, the second twice as long as the first."


def _figure(plotted):
    return (plotted[0] if isinstance(plotted, list) else plotted).figure


def test_every_plot_is_tested():
    missing = {name for name in figures.__all__ if name.startswith("plot_")} - {
        f"plot_{name}" for name in PLOTS} - {"plot_bars"}
    assert not missing


@pytest.mark.parametrize("n", [2, 5, 13, 30])
@pytest.mark.parametrize("name", PLOTS)
def test_no_text_overlaps_or_is_cut(name, n):
    figure = _figure(PLOTS[name](n))
    assert find_overlaps(figure) == []
    assert find_cut(figure) == []


def test_overlaps_are_found_where_they_are():
    ax = new_axes(2)
    ax.text(0.5, 0.5, "here")
    ax.text(0.51, 0.5, "there")
    ax.text(0.97, 0.2, "over the edge of the picture").set_in_layout(False)
    assert ("here", "there") in find_overlaps(ax.figure)
    assert find_cut(ax.figure) == ["over the edge of the picture"]


@pytest.mark.parametrize("name", ["frame_counts", "timeline"])
def test_pictures_are_the_same_on_every_run(name):
    one, other = _figure(PLOTS[name](3)), _figure(PLOTS[name](3))
    assert draw_svg(one) == draw_svg(other)
    assert draw_png(one) == draw_png(other)


def test_svg_has_its_letters_inside_and_no_date():
    svg = draw_svg(_figure(PLOTS["keyness"](3)))
    assert "<text" not in svg and "font-family" not in svg
    assert "date" not in svg.lower() and "<!--" not in svg


def test_no_plot_changes_its_table():
    rates = made.make_rates(3)
    before = rates.copy()
    figures.plot_frame_counts(rates)
    figures.plot_frame_voice(rates, frame="alliance")
    pd.testing.assert_frame_equal(rates, before)


def test_a_dollar_sign_in_a_name_is_no_mathematics():
    quotes = made.make_quotes(2)
    quotes["article_id"] = ["costs $5 to $10 \\frac", *quotes["article_id"][1:]]
    draw_png(_figure(figures.plot_quote_types(quotes)))


def test_letters_no_font_has_give_no_warning(recwarn):
    quotes = made.make_quotes(2).assign(speaker="金正恩 \U0001f600")
    figures.show_figure(figures.plot_speakers(quotes), alt=ALT, caption="c")
    assert not [w for w in recwarn if "Glyph" in str(w.message)]


@pytest.mark.parametrize(("call", "message"), [
    (lambda: figures.plot_frame_voice(made.make_rates(2), frame="hope"), "there are alliance, des"),
    (lambda: figures.plot_keyness(made.make_keyness(2), document="none"), "paper-00 against rest"),
    (lambda: figures.plot_network(made.make_mentions(2).head(1)), "show the table"),
])
def test_bad_input_says_what_there_is(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_empty_tables_give_a_figure_that_says_so():
    assert "no speaker" in _texts(figures.plot_speakers(made.make_quotes(2).assign(speaker=None)))
    mentions = made.make_mentions(2).head(0)
    assert "no frame term" in _texts(figures.plot_timeline(mentions, made.make_articles(2)))


def _texts(ax):
    return " ".join(text.get_text() for text in ax.texts)


def test_frame_colours_stand_out_and_differ_in_grey():
    assert all(contrast(colour, PAPER) >= 3 for colour in (*FRAME_COLOURS, BASE, QUIET))
    grey = [lightness(colour) for colour in FRAME_COLOURS]
    assert min(abs(a - b) for a, b in itertools.combinations(grey, 2)) >= 4
    assert min(abs(a - b) for a, b in itertools.combinations(grey[:3], 2)) >= 9


@pytest.mark.parametrize("share", [0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9])
def test_numbers_can_be_read_on_every_tint(share):
    for colour in (BASE, "#0b3f80"):
        assert contrast(ink_on(tint(colour, share)), tint(colour, share)) >= 4.5


def test_a_frame_keeps_its_colour_whatever_the_order():
    assert frame_colours(["b", "a"]) == frame_colours(["a", "b"])


def test_voices_differ_by_pattern_and_mark_alone():
    assert len({style.hatch for style in VOICES.values()}) == len(VOICES)
    assert len({style.marker for style in VOICES.values()}) == len(VOICES)


def test_the_hatch_shows_on_the_tint_of_every_frame():
    assert all(contrast(colour, tint(colour, 0.72)) >= 2.3 for colour in FRAME_COLOURS)


@pytest.mark.parametrize("text", ["short", "a" * 200, "with\n\nlines\t and  spaces"])
def test_labels_are_short_and_on_one_line(text):
    assert len(shorten(text, 24)) <= 24
    assert "\n" not in shorten(text, 24)


def test_labels_that_would_look_alike_are_numbered():
    labels = short_labels([f"{'x' * 30}{i}{'y' * 30}" for i in range(4)], 20)
    assert len(set(labels)) == 4 and all(len(label) <= 21 for label in labels)


def test_a_shown_figure_has_words_picture_caption_and_numbers():
    ax = new_axes(2)
    shown = figures.show_figure(ax, alt=ALT, caption="Look **here** <b>",
                                data=pd.DataFrame({"a": [1]}))
    assert f'alt="{ALT}"' in shown.html
    assert "<figcaption>Look <strong>here</strong> &lt;b&gt;</figcaption>" in shown.html
    assert re.search(r'src="data:image/png;base64,[A-Za-z0-9+/=]+"', shown.html)
    assert shown._repr_mimebundle_()["text/csv"] == "a\n1\n"
    assert "svg+xml" in figures.show_figure(ax, alt=ALT, caption="c", form="svg").html


@pytest.mark.parametrize("alt", ["", "figure", "No description has been provided for this image",
                                 "todo", "Image.", "bar chart"])
def test_a_figure_without_words_is_refused(alt):
    with pytest.raises(ValueError, match="does not say what the figure shows"):
        figures.show_figure(new_axes(2), alt=alt, caption="c")


def test_a_caption_is_wanted_and_the_form_is_checked():
    with pytest.raises(ValueError, match="needs a caption"):
        figures.show_figure(new_axes(2), alt=ALT, caption=" ")
    with pytest.raises(ValueError, match="needs a caption"):
        figures.show_table(pd.DataFrame({"a": [1]}), caption="")
    with pytest.raises(ValueError, match="choose png or svg"):
        figures.show_figure(new_axes(2), alt=ALT, caption="c", form="gif")


def test_a_table_is_escaped_scoped_and_without_index():
    frame = pd.DataFrame({"<b>": ["<i>", "x@y.org"], "n": [1234, -5], "share": [0.5, None],
                          "sure": [True, False]})
    html = figures.show_table(frame, caption="Rows & so").html
    assert "<caption><span>Rows &amp; so</span></caption>" in html
    assert '<th scope="col">&lt;b&gt;</th>' in html
    assert '<th scope="row">&lt;i&gt;</th>' in html
    assert "x@y.org" not in html
    for cell in ('<td class="n">1,234</td>', '<td class="n">−5</td>', '<td class="n">0.50</td>',
                 '<td class="n">–</td>', "<td>yes</td>"):
        assert cell in html


def test_a_long_table_says_what_it_leaves_out_and_its_csv_has_all():
    shown = figures.show_table(pd.DataFrame({"a": range(50)}), caption="c", rows=10)
    assert "The first 10 of 50 rows" in shown.html
    assert shown.csv.count("\n") == 51


@pytest.mark.parametrize(("row", "place"), [
    ({"article_id": "a", "start": 7}, "a#c:7"),
    ({"article_id": "a", "influential": "b:c:12-30"}, "b:c#c:12"),
    ({"article_id": "a", "quote_id": "a-q1"}, "a#q:a-q1"),
    ({"article_id": "a", "frame": "f", "voice": "v", "n": 3}, "a#f:f:v"),
])
def test_rows_note_where_they_come_from(row, place):
    html = figures.show_table(pd.DataFrame([row]), caption="c").html
    assert 'data-at="a"' in html and f'data-at="{place}"' in html


def test_text_and_ledger_are_escaped():
    assert figures.show_text("**3** <b>").html == \
        '<div class="said"><p><strong>3</strong> &lt;b&gt;</p></div>'
    assert "<dt>&lt;x&gt;</dt><dd>5</dd>" in figures.show_ledger({"<x>": 5}).html
    assert "<p>one &lt;line&gt;</p>" in figures.show_ledger(["one <line>"]).html
