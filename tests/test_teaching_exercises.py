"""Every exercise: its solution passes, its blank and common errors do not, on any event."""

import ast
import re

import pytest

from analysis.corpus import load_event
from analysis.frame_terms import Lexicon
from analysis.study import make_study
from analysis.tables import CorpusError
from analysis.teaching.cells import BEGIN, END, NOTEBOOKS, exercise_cells, load_sheet
from analysis.teaching.exercises import CHECKERS, Feedback, check, is_blank, open_exercises

NUMBERS = [f"{n:02}.{i}" for n in range(6) for i in (1, 2, 3)]
FRAME = """
name = "blame"
source = "made up for a test"
matches = ["They blame the council."]
non_matches = ["It rained."]
[[terms]]
term = "blame"
forms = ["blame", "blamed", "denied"]
"""


@pytest.fixture(scope="module")
def study(summit, request):
    return open_exercises(make_study(request.getfixturevalue("event")))


@pytest.fixture(autouse=True)
def _open(study):
    open_exercises(study)


def run_cells(cells, event: str) -> list[tuple[str, object]]:
    """Run code cells as a kernel would; return (tag, value of the last expression) of each."""
    space, seen = {"EVENT": event}, []
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        body = ast.parse(cell["source"]).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), "cell", "exec"), space)
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), space) if last else None
        seen.append((cell["metadata"]["tags"][0], value))
    return seen


@pytest.fixture(scope="module")
def results(study):
    """Feedback of the blank and of the solution of each exercise, from the cells themselves."""
    found = []
    for notebook in NOTEBOOKS:
        cells = exercise_cells(notebook)
        found += [(tag, value) for tag, value in run_cells(cells, str(study.event.folder))
                  if isinstance(value, Feedback)]
    blanks = [value for tag, value in found if tag == "exercise"]
    solutions = [value for tag, value in found if tag == "solution"]
    return dict(zip(NUMBERS, zip(blanks, solutions, strict=True), strict=True))


def test_there_are_eighteen_exercises_and_each_has_a_checker():
    numbers = [each.number for name in NOTEBOOKS for each in load_sheet(name).exercises]
    check("00.1")
    assert numbers == NUMBERS == sorted(CHECKERS)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_solution_passes(results, number):
    assert results[number][1].is_right, results[number][1]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_blank_fails_without_an_error(results, number):
    assert not results[number][0]
    assert str(results[number][0]).startswith("No answer yet.")



def _wrong_answers(study):
    """For each exercise the errors that students make, each with a word of the reply."""
    words = study.tokens["article_id"].value_counts()
    frames = study.rates.groupby("frame")["sentences"].sum()
    # A term that counts in any company: some need certain words beside them.
    lexicon = Lexicon(study.frames)
    hit = next(row for _, row in study.mentions.iterrows() if any(
        not found.excluded for found in lexicon.find(f"He said {row['match']} at the door.")))
    place = (hit["article_id"], int(hit["start"]), int(hit["end"]))
    kinds = study.paragraphs["kind"].value_counts()
    speakers = study.quotes["speaker"].value_counts()
    direct = study.quotes[study.quotes["type"] != "indirect"].iloc[0]
    text = study.articles["text"].iloc[0]
    body = study.paragraphs[study.paragraphs["kind"] == "body"].iloc[0]
    copied = " ".join(text[body["start"]:body["end"]].split()[:12])
    voices = study.rates[study.rates["frame"] == study.contrast[0]].groupby(
        "voice")["sentences"].sum()
    first = study.articles["article_id"].iloc[0]
    frame = {"name": "x", "definition": "what it is about in words", "terms": ["a1", "b1", "c1"],
             "matches": ["a1 is here"], "non_matches": ["nothing"]}
    return {
        "00.1": [(words.idxmin(), "have more"), ("TIME", "no article called"), (7, "no article")],
        "00.2": [(frames.idxmin(), "did not hold"), ("war", "not the name of a frame")],
        "00.3": [((*place[:2], place[2] - 1), "Nearly"), ((first, 0, 3), "no term of a frame"),
                 ((first, 5, 5), "no stretch"), (place[1:], "three things")],
        "01.1": [(int(kinds.sum() - kinds["body"]), "Titles and headings"), (0, "too few"),
                 (99, "too many"), ("six", "could not be read")],
        "01.2": [("It rained today", "Both ways count 3"), ("a - " * 9, "Keep it to 10"),
                 (7, "in quotation marks")],
        "01.3": [((first, int(body["start"]), int(body["end"])), "ends elsewhere"),
                 ((first, int(body["start"]) + 1, int(body["end"])), "No sentence begins")],
        "02.1": [("of", "too short"), ("zeppelin", "is in 0 of"), ("none", "There is such a word")],
        "02.2": [(("time-desperation", "outing-commentary"), "place"), (first, "two different"),
                 ((first, first), "two different")],
        "02.3": [((first, "the"), "not twice as frequent"), ((first, "zeppelin"), "is not in"),
                 ("the", "an article and a word")],
        "03.1": [(speakers.idxmin(), "somebody else more often"), ("Ann Lee", "Nobody is called")],
        "03.2": [(99, "There is no row 99"), ("Putin", "could not be read")],
        "03.3": [((direct["article_id"], direct["quote_id"]), "some of its words"),
                 ("none", "at least one"), ("q1", "an article and a quote_id")],
        "04.1": [(("It rained all day long.", "Nobody came to the door."), "was not fooled"),
                 ((copied, "Nobody came to the door."), "Write one of your own"),
                 ((f"He said {hit['match']} at the door.", f"She said {hit['match']} at noon."),
                  "did not miss it"), (("Yes.", "No."), "4 to 30")],
        "04.2": [("zeppelin", "is not a term")],
        "04.3": [(frame, "None of your terms"), ({**frame, "matches": ["nothing here"]}, "match"),
                 ({**frame, "terms": ["a1", "a1"]}, "three different"),
                 ({**frame, "definition": "x"}, "five words"), ("blame", "curly brackets"),
                 ({**frame, "terms": ["the", "of", "to", "and", "a1", "in", "is"],
                   "matches": ["the"], "non_matches": ["x"]}, "more than half|cannot be searched")],
        "05.1": [(voices.idxmin(), "another voice has more"), ("Putin", "is not a voice")],
        "05.2": [("all", "no article called")],
        "05.3": [(0.05, "a custom"), (0, "above 0"), (2 / len(study.articles), "Shuffle"),
                 ("small", "could not be read")],
    }


@pytest.mark.parametrize("number", NUMBERS)
def test_common_errors_fail_with_a_sentence_that_helps(study, number):
    for answer, said in _wrong_answers(study)[number]:
        feedback = check(number, answer)
        assert not feedback, (answer, feedback)
        assert re.search(said, str(feedback)), (answer, feedback)
        assert str(feedback).startswith("Not yet.") and str(feedback)[-1] in ".?!"


def test_no_reply_to_an_error_gives_the_answer_away(study):
    """Single-valued answers: the right one does not stand in the replies to wrong ones."""
    words = study.tokens["article_id"].value_counts()
    speakers = study.quotes["speaker"].value_counts()
    terms = study.mentions.query("frame == @study.contrast[0] and not excluded")["term"]
    secrets = {"00.1": words.idxmax(), "03.1": speakers.idxmax(),
               "04.2": f"'{terms.value_counts().idxmax()}'", "05.3": f"{1 / len(study.articles):g}"}
    for number, secret in secrets.items():
        for answer, _ in _wrong_answers(study)[number]:
            if isinstance(answer, str) and secret.strip("'") == answer:
                continue
            assert secret not in str(check(number, answer)), number


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("answer", [
    ..., None, "", " ", (), [], ("", ...), {}, object(), -1, float("nan"), float("inf"), "x" * 9999,
    ("a",), ("a", "b"), ("a", 1, 2), [[1], [2]], {"a": 1}, b"bytes", True, 10**400])
def test_no_answer_makes_check_fail(number, answer):
    """Whatever is given, a student sees a sentence, and it is not praise."""
    feedback = check(number, answer)
    assert isinstance(feedback, Feedback) and str(feedback)
    assert not feedback or number == "01.2"


def test_an_unknown_exercise_lists_the_known():
    with pytest.raises(ValueError, match=r"there is no exercise '9.9'; there are 00.1, 00.2"):
        check("9.9", 1)


def test_blanks_are_recognised():
    assert all(map(is_blank, (..., None, "", "...", (), ("", ...), {"a": [""], "b": ""})))
    assert not any(map(is_blank, (0, "a", (0, ""), {"a": ["x"]})))


def test_suspects_hold_exactly_one_false_claim(study):
    from analysis.teaching.checks_voices import make_suspects

    texts = study.articles.set_index("article_id")["text"]
    suspects = make_suspects(study)
    false = [row.row for row in suspects.itertuples()
             if texts[row.article_id][row.source_start:row.source_end] != row.says]
    assert len(false) == 1 and len(suspects) >= 2
    assert make_suspects(study).equals(suspects)
    assert not check("03.2", next(n for n in suspects["row"] if n not in false))


EVENTS = {
    "no frames": {"a": "The bridge is old. Nobody spoke. It rained. Then it snowed. Dogs ran.\n",
                  "b": "A ferry is cheap. It is slow. It sails. Ducks swim by.\n"},
    "with frames": {"a": "They blame the mayor.\n\n“We need a bridge,” said Ann Lee. Critics say "
                         "that the old ferry by the mill is much too slow for commuters.\n",
                    "b": "The council denied it. “No,” Ben Oz said.\n", "c": "It rained.\n"},
    "twins": {"a": "The bridge is old.\n", "b": "The bridge is old.\n"},
}


@pytest.mark.parametrize("name", EVENTS)
def test_the_cells_run_on_any_event(make_event, name):
    """Every cell runs; a solution is right, or the exercise says that it has no place here."""
    folder = make_event(**EVENTS[name])
    if name == "with frames":
        (folder / "frames").mkdir()
        (folder / "frames" / "blame.toml").write_text(FRAME)
    for notebook in NOTEBOOKS:
        for tag, value in run_cells(exercise_cells(notebook), str(folder)):
            if tag == "solution":
                possible = value.is_right or value.status in ("Not here.", "No answer yet.")
                assert possible or name == "twins", (notebook, value)


def test_an_article_with_tags_is_quoted_back_as_text(make_event):
    folder = make_event(a="<img src=x onerror=alert(1)> said hello to us.\n", b="It rained.\n")
    study = make_study(load_event(folder))
    said = check("00.3", ("a", 0, 28), study=study)
    assert "_repr_html_" not in dir(said) and "_repr_markdown_" not in dir(said)


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_cells_are_tagged_short_and_marked_for_nbgrader(notebook):
    cells = exercise_cells(notebook)
    assert {cell["metadata"]["tags"][0] for cell in cells} == {"exercise", "solution"}
    for cell in cells:
        solution = cell["metadata"]["tags"] == ["solution"]
        assert (BEGIN in cell["source"]) == (END in cell["source"]) == solution
        if cell["cell_type"] == "code":
            assert len(cell["source"].splitlines()) <= 10
    assert len({cell["id"] for cell in cells}) == len(cells)


def test_a_notebook_without_exercises_says_where_they_are(tmp_path):
    with pytest.raises(CorpusError, match="kept in notebooks/exercises"):
        exercise_cells("00_start_here", folder=tmp_path)


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_the_questions_read_easily(notebook):
    textstat = pytest.importorskip("textstat")
    sheet = load_sheet(notebook)
    prose = " ".join([sheet.intro, *(e.prompt for e in sheet.exercises),
                      *(e.notes for e in sheet.exercises)])
    ease = textstat.flesch_reading_ease(re.sub(r"`[^`]*`", "this", prose))
    assert ease >= 50, ease
