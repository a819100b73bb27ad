"""Nouns, titles and appositions: what they say of somebody. All names are invented."""

import pytest

from analysis.quotes.article import Article
from analysis.quotes.names import find_mentions
from analysis.quotes.nouns import common_role, find_head, institution_role, noun_role
from analysis.quotes.roles import read_phrase
from analysis.quotes.titled import title_before
from analysis.quotes.told import read_after


@pytest.mark.parametrize(
    ("phrase", "head"),
    [
        ("a history professor and dean at the school", "professor"),
        ("a University of Harbour professor", "professor"),
        ("the mayor's office", "mayor's office"),
        ("a police report", "police report"),
        ("Sen.", "senator"),
        ("secretary of state", "secretary of state"),
        ("the hope of rain", None),
    ],
)
def test_the_head_noun_stands_before_the_first_preposition(phrase, head):
    assert find_head(phrase).noun == head


@pytest.mark.parametrize(
    ("phrase", "role", "affiliation"),
    [
        (
            "the former executive director of the Harbour Legal Center",
            "expert",
            "Harbour Legal Center",
        ),
        (
            "chairman of the Senate Foreign Affairs Committee",
            "official",
            "Senate Foreign Affairs Committee",
        ),
        ("Holt campaign manager", "official", "Holt campaign"),
        ("a Republican presidential candidate", "official", "Republican"),
        ("the Florida senator", "official", "Florida"),
        ("House Speaker", "official", "House"),
        ("president of the Teachers Federation of Ohio", "advocate", "Teachers Federation of Ohio"),
        ("head of global policy at Norvane Foods", "business", "Norvane Foods"),
        ("a retired accountant from Milford", "citizen", None),
        ("a nurse at Milford General Hospital", "citizen", "Milford General Hospital"),
        ("a Nobel Prize-winning economist", "expert", None),
        ("a Gazette columnist", "media", "Gazette"),
        ("author of The Long Tide", "expert", None),
        ("Assistant U.S. Attorney", "official", None),
    ],
)
def test_a_phrase_tells_role_and_affiliation(phrase, role, affiliation):
    assert read_phrase(phrase)[:2] == (role, affiliation)


@pytest.mark.parametrize(
    ("left", "title"),
    [
        ("It rained. South Korea’s foreign minister, ", "South Korea’s foreign minister"),
        ("He met the conservative writer ", "the conservative writer"),
        ("critics of Senator ", "Senator"),
        ("Its head of research, ", "Its head of research"),
        ("In Milford, however, ", None),
        ("he told ", None),
        ("my dear sister ", None),
    ],
)
def test_a_title_stands_right_before_a_name(left, title):
    assert title_before(left, ()) == title


@pytest.mark.parametrize(
    ("right", "role", "affiliation"),
    [
        (" (R-Ky.) said", "official", "R-Ky."),
        (", D-Calif., said", "official", "D-Calif."),
        (" of the Harbour Institute said", "expert", "Harbour Institute"),
        (", who runs the Norvane Foods bakery, said", "business", "Norvane Foods"),
        (
            ", a former mayor who teaches at Harbour University, said",
            "expert",
            "Harbour University",
        ),
        (", 58, a roofer from Tolland, said", "citizen", None),
        (", whose son was hurt, said", "citizen", None),
    ],
)
def test_what_follows_a_name_is_read(right, role, affiliation):
    told = read_after(right)
    assert next((d.role for d in told if d.role), None) == role
    assert next((d.affiliation for d in told if d.affiliation), None) == affiliation


@pytest.mark.parametrize(
    "right", [", the two million members of the Dockers’ Union, said", ", and left", " said that"]
)
def test_what_describes_nobody_tells_nothing(right):
    assert not any(d.role for d in read_after(right))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Michigan Attorney General Bo Park met Sens. Ann Lee and Al Roe.",
            ["Bo Park", "Ann Lee", "Al Roe"],
        ),
        ("Council Member Ann Lee thanked Lieutenant-Colonel Bo Park.", ["Ann Lee", "Bo Park"]),
        ("Hisham el-Masri met Ana de la Cruz.", ["Hisham el-Masri", "Ana de la Cruz"]),
        ("The Post’s Ann Lee wrote.", ["Post", "Ann Lee"]),
        ("Hector Briones Jr. left.", ["Hector Briones Jr."]),
    ],
)
def test_runs_of_capitals_are_cut_into_titles_and_names(text, names):
    assert [" ".join(m.name) for m in find_mentions(text)] == names


def test_a_body_makes_the_role_of_its_people():
    assert institution_role("Senate Budget Committee") == "official"
    assert institution_role("Campaign for Clean Rivers") == "advocate"
    assert institution_role("Norvane Robotics") == "business"
    assert (common_role("council"), common_role("charity"), common_role("firm")) == (
        "official",
        "advocate",
        "business",
    )
    assert noun_role("roofers") == "citizen"
    assert noun_role("rumpus") is None


def test_sentences_do_not_end_after_a_title():
    article = Article("It rained. Its head, Dr. Ann Lee, met Gov. Bo Park. They left.\n")
    text = article.text
    assert text[slice(*article.sentence(20))] == "Its head, Dr. Ann Lee, met Gov. Bo Park. "


def test_a_headline_names_nobody():
    article = Article("Ann Lee Calls For New Bridge\n\nMayor Ann Lee said that it rained.\n")
    assert [p.name for p in article.people.by_key.values()] == ["Ann Lee"]
