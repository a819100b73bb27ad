"""The explorer: each change shows at once, agrees with the library, and touches no file."""

import time

import pandas as pd
import pytest

from analysis.frame_terms import Frame, Term
from analysis.frames import find_mentions
from analysis.rates import count_rates, pool_rates
from analysis.study import make_study
from analysis.tables import empty
from analysis.teaching.explorer import Explorer, make_explorer
from analysis.teaching.explorer_view import ExplorerView
from analysis.voices import find_voices


@pytest.fixture(scope="module")
def study(request):
    return make_study(request.getfixturevalue("event"))


@pytest.fixture
def explorer(study):
    return make_explorer(study)


@pytest.fixture
def toy(articles):
    """The three toy articles with two frames of one word each."""
    frames = [Frame(name, name, "", "", "made up", (Term(word, (word,), ""),))
              for name, word in (("bridge", "bridge"), ("ferry", "ferry"))]
    voices = find_voices(articles, empty("quotes"))
    return Explorer(articles, voices, frames, contrast=["bridge", "ferry"])


def test_counts_by_hand(toy):
    rates = toy.rates(toy.everything).set_index(["article_id", "frame"])
    assert rates["n"].to_dict() == {("bridge", "bridge"): 2, ("bridge", "ferry"): 0,
                                    ("ferry", "bridge"): 0, ("ferry", "ferry"): 2,
                                    ("river", "bridge"): 1, ("river", "ferry"): 0}


def test_a_new_term_moves_the_order_and_a_reset_moves_it_back(toy):
    assert list(toy.ranks(toy.everything)["rank"]) == [1, 1, 3]
    toy.set_forms("ferry", ["ferry", "river"])
    ranks = toy.ranks(toy.everything).set_index("article_id")
    assert ranks.loc["river", ["rank", "rank_filed", "moved"]].tolist() == [2, 1, -1]
    toy.reset("ferry")
    assert (toy.ranks(toy.everything)["moved"] == 0).all()


def test_without_changes_it_says_what_the_library_says(explorer, study):
    rates = count_rates(study.mentions, study.voices, study.tokens, frames=list(explorer.frames))
    wanted = pool_rates(rates)[["article_id", "frame", "n", "sentences", "words"]]
    shown = explorer.rates(explorer.everything)[list(wanted)]
    pd.testing.assert_frame_equal(shown, wanted)


def test_a_filed_term_keeps_its_exclusions_when_others_change(explorer):
    name = explorer.contrast[0]
    before = explorer.mentions(explorer.everything).query("frame == @name")
    explorer.set_forms(name, [*explorer.forms(name), "zeppelin*"])
    after = explorer.mentions(explorer.everything).query("frame == @name")
    pd.testing.assert_frame_equal(before, after)


def test_evidence_cuts_out_its_own_sentences(explorer):
    evidence = explorer.evidence(explorer.everything)
    assert all(row.match in row.sentence for row in evidence.itertuples())
    assert all(explorer.texts[r.article_id][r.start:r.start + len(r.match)] == r.match
               for r in evidence.itertuples())


def test_fewer_voices_never_give_more_mentions(explorer):
    total = explorer.rates(explorer.everything)["n"].sum()
    parts = [explorer.rates(explorer.everything._replace(voices=(voice,)))["n"].sum()
             for voice in explorer.everything.voices]
    assert sum(parts) == total


def test_negated_terms_can_be_left_out(explorer):
    kept = explorer.mentions(explorer.everything._replace(negated="drop"))
    assert not kept["negated"].any()
    assert len(kept) < len(explorer.mentions(explorer.everything))


@pytest.mark.parametrize("form", ["*", "a", "(b", "*b", "al*ly"])
def test_what_cannot_be_searched_is_told_and_changes_nothing(explorer, form):
    name = explorer.contrast[0]
    forms = explorer.forms(name)
    with pytest.raises(ValueError, match="cannot be searched"):
        explorer.set_forms(name, [*forms, form])
    assert explorer.forms(name) == forms


def test_an_event_without_frames_says_what_to_do(articles):
    voices = find_voices(articles, empty("quotes"))
    with pytest.raises(ValueError, match="no frames to explore; add one"):
        Explorer(articles, voices, [])


def test_marks_stand_round_the_mentions_and_nothing_else_changes(explorer):
    article = next(iter(explorer.texts))
    marked = explorer.marked(article, explorer.everything)
    assert marked.count("⟦") == marked.count("⟧") > 0
    frames = "|".join(explorer.frames)
    plain = pd.Series([marked]).str.replace(f"⟦(?:{frames}): |⟧", "", regex=True)[0]
    assert plain == explorer.texts[article]


def _copies(study, times):
    names = [f"-{i}" for i in range(times)]

    def repeat(table):
        return pd.concat([table.assign(article_id=table["article_id"] + n) for n in names],
                         ignore_index=True)
    return Explorer(repeat(study.articles), repeat(study.voices), study.frames,
                    contrast=study.contrast)


@pytest.mark.parametrize(("times", "must"), [(1, 0.2), (10, 1.0)])
def test_reaction_is_measured(study, times, must, capsys):
    """Print how long a change takes, redrawing included; the seconds are not asserted."""
    view = ExplorerView(_copies(study, times))
    view.forms.value += "\nwarm up"
    took = []
    for i in range(5):
        begin, work = time.perf_counter(), time.process_time()
        view.forms.value += f"\nword{i}*"
        took.append((time.perf_counter() - begin, time.process_time() - work))
    with capsys.disabled():
        wall, cpu = (1000 * sorted(part)[2] for part in zip(*took, strict=True))
        print(f"\n{5 * times} articles: {wall:.0f} ms a change, {cpu:.0f} of processor (median); "
              f"must: {1000 * must:.0f} ms")
    assert len(view.explorer.frames[view.edited.value].terms) > 0


@pytest.fixture
def view(explorer):
    return ExplorerView(explorer)


TABS = {"counts": 0, "evidence": 1, "contexts": 2, "left": 3, "right": 3, "order": 0}


def _html(view, name):
    view.tabs.selected_index = TABS[name]
    return "".join(out["data"]["text/html"] for out in view.outputs[name].outputs)


def test_each_control_changes_what_is_shown(view):
    before = _html(view, "counts")
    view.voices.value = ("author",)
    by_author = _html(view, "counts")
    view.articles.value = view.articles.options[:2]
    assert len({before, by_author, _html(view, "counts")}) == 3
    view.term.value = "ally"
    assert "in its contexts" in _html(view, "contexts")
    view.pair[0].value = view.pair[0].options[2]
    assert view.pair[0].options[2] in _html(view, "left")


def test_a_typed_term_shows_in_the_evidence(view):
    assert "Pyongyang</td>" not in _html(view, "evidence")
    view.edited.value = view.explorer.contrast[0]
    view.forms.value = "Pyongyang"
    assert "Pyongyang</td>" in _html(view, "evidence")
    assert "changed place" in view.message.value or "changed its place" in view.message.value
    view.reset.click()
    assert "Pyongyang</td>" not in _html(view, "evidence")


def test_a_slip_while_typing_is_told_and_the_tables_stay(view):
    before = _html(view, "counts")
    view.forms.value = "p"
    assert "Not searched yet" in view.message.value and _html(view, "counts") == before
    view.articles.value = ()
    assert "Choose at least one article" in view.message.value


def test_there_is_a_table_where_widgets_cannot_run(view):
    assert "<table>" in view.shown.static.html and "<script" not in view.shown.static.html
    assert "JupyterLab" in repr(view.shown)


def test_every_control_is_labelled_and_none_is_html(view):
    import ipywidgets

    def walk(widget):
        yield widget
        for child in getattr(widget, "children", ()):
            yield from walk(child)

    parts = [w for w in walk(view.shown.widget)
             if not isinstance(w, ipywidgets.Box | ipywidgets.Output | ipywidgets.Tab)]
    assert parts and all(w.description.strip() for w in parts)
    assert not any(isinstance(w, ipywidgets.HTML | ipywidgets.HTMLMath) for w in parts)


def test_hostile_text_stays_text(make_event):
    tag = "<img src=x onerror=alert(1)>"
    folder = make_event(a=f"They blame {tag} the mayor.\n", b=f"{tag} blame.\n")
    (folder / "frames").mkdir()
    (folder / "frames" / "blame.toml").write_text(
        'name = "blame"\nsource = "made up"\nmatches = ["We blame it."]\nnon_matches = ["No."]\n'
        '[[terms]]\nterm = "blame"\n')
    view = ExplorerView(make_explorer(folder))
    view.term.value = "onerror"
    shown = "".join(_html(view, name) for name in view.outputs)
    assert "&lt;img" in shown and "<img" not in shown


def test_leaving_out_forms_that_cannot_occur_changes_no_mention(event):
    study = make_study(event, engine="rules")
    explorer = make_explorer(study)
    for frame in study.frames:
        narrow = explorer._narrow(frame)
        assert sum(len(t.forms) for t in narrow.terms) < sum(len(t.forms) for t in frame.terms)
        pd.testing.assert_frame_equal(find_mentions(study.articles, [frame]),
                                      find_mentions(study.articles, [narrow]))
