"""Speakers, roles and affiliations: names, pronouns, titles, bodies, and what stays unresolved."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.corpus import Party
from analysis.quotes import find_quotes, load_speakers
from analysis.quotes.article import Article
from analysis.quotes.attribution import Attribution
from analysis.quotes.names import find_mentions, is_full_name
from analysis.quotes.nouns import institution_role
from analysis.quotes.people import person_key
from analysis.quotes.roles import read_phrase
from analysis.quotes.speakers import resolve_speakers
from analysis.tables import TABLES, CorpusError, table


def _quotes(*texts, **options):
    articles = table(
        "articles",
        pd.DataFrame(
            {"article_id": [f"a{n}" for n in range(len(texts))], "language": "en", "text": texts}
        ),
    )
    return find_quotes(articles, engine="rules", **options)


def _who(text, **options):
    quotes = _quotes(text, **options)
    columns = quotes[["speaker", "role", "affiliation"]].itertuples(index=False, name=None)
    return [tuple(None if pd.isna(v) else v for v in row) for row in columns]


EXAMPLES = [
    (
        "The finance minister, Olu Brown-Adey, resigned, saying he was tired.",
        [("Olu Brown-Adey", "official", None)],
    ),
    (
        "A Treasury spokesperson said that it rained.",
        [("Treasury spokesperson", "official", "Treasury")],
    ),
    (
        "“No,” said Ann Lee, a professor at Harbour University. Lee added that it rained.",
        [("Ann Lee", "expert", "Harbour University")] * 2,
    ),
    (
        "Chang Ho-jin, the national security adviser of South Korea, said that it rained.",
        [("Chang Ho-jin", "official", "South Korea")],
    ),
    (
        "Chad O’Hara of the Harbour Institute said that it rained. “It did,” he said.",
        [("Chad O’Hara", "expert", "Harbour Institute")] * 2,
    ),
    (
        "French President Jean Morel met Mary Holt. “It rained,” she said.",
        [("Mary Holt", None, None)],
    ),
    (
        "Mary Holt, mayor of Milford, spoke. “It rained,” the mayor said.",
        [("Mary Holt", "official", "Milford")],
    ),
    (
        "Belgium once backed the plan. In May, however, it vetoed a note on the work of the "
        "Harbour Panel that watches over it, and it said that it rained.",
        [("Belgium", "institution", None)],
    ),
    ("Moscow and Seoul deny any deal.", [("Russia and South Korea", "institution", None)]),
    ("Ann Lee and Bo Park said that it rained.", [("Ann Lee and Bo Park", None, None)]),
    (
        "Reuters said that it rained. “It poured,” the agency reported.",
        [("Reuters", "media", None)] * 2,
    ),
    (
        "North Korean state media said that it rained.",
        [("North Korean state media", "state_media", None)],
    ),
    ("Analysts said that it rained.", [("analysts", "collective", None)]),
    (
        "US intelligence officials said that it rained.",
        [("US intelligence officials", "collective", "US intelligence")],
    ),
    ("A study of river mud suggests that it rained.", [("study of river", "document", None)]),
    ("The firm was accused of fraud.", [("unattributed", "collective", None)]),
    ("“It rained,” he said.", [(None, None, None)]),
    ("“It rained,” the minister said.", [("minister", "official", None)]),
    ("Shop owner Dev Patel said that it rained.", [("Dev Patel", "business", None)]),
    ("Cllr Ann Lee told the meeting that it rained.", [("Ann Lee", "official", None)]),
    ("Her barrister, Simon Keane KC, said that it rained.", [("Simon Keane", "advocate", None)]),
    ("The Kremlin said that it rained.", [("the Kremlin", "institution", None)]),
    (
        "Bo Park, who directs the Berlin-based River Institute, said that it rained.",
        [("Bo Park", "expert", "River Institute")],
    ),
    ("NATO Secretary-General Ann Lee said that it rained.", [("Ann Lee", "official", "NATO")]),
    (
        "US Secretary of State Ann Lee on Tuesday said that it rained.",
        [("Ann Lee", "official", "US")],
    ),
]


@pytest.mark.parametrize(("text", "wanted"), EXAMPLES)
def test_names_the_speaker(text, wanted):
    assert _who(text) == wanted


BODIES = [
    (
        "Norvane Robotics, which makes arms, lost money. The company said that it rained. "
        "Its chief executive, Ann Lee, said that it poured.",
        [
            ("Norvane Robotics", "business", None),
            ("Ann Lee", "business", "Norvane Robotics"),
        ],
    ),
    (
        "The charity Warm Hands said that it rained. A spokeswoman said that it poured.",
        [
            ("Warm Hands", "advocate", None),
            ("Warm Hands spokeswoman", "advocate", "Warm Hands"),
        ],
    ),
    (
        "Milford Town won with a late goal. The club said that it rained. "
        "Manager Bo Park said that it poured.",
        [("Milford Town", "business", None), ("Bo Park", "business", "Milford Town")],
    ),
    (
        "Members of the Dockers’ Union met. The union said that it rained.",
        [("Dockers’ Union", "advocate", None)],
    ),
    (
        "The county council met. Its chief executive, Ann Lee, said that it rained.",
        [("Ann Lee", "official", "county council")],
    ),
    (
        "Carl Stone met the Stone Foundation. Stone said that it rained.",
        [("Carl Stone", None, None)],
    ),
    (
        "Dev Rao, 58, a roofer from Tolland, said that it rained.",
        [("Dev Rao", "citizen", None)],
    ),
    (
        "Bo Park, an analyst at Marsh & Hill, said that it rained.",
        [("Bo Park", "expert", "Marsh & Hill")],
    ),
    ("A juror said that it rained.", [("juror", "citizen", None)]),
    ("Mr. Dev Rao said that it rained.", [("Dev Rao", None, None)]),
    (
        "Assistant U.S. Attorney Dev Rao said that it rained.",
        [("Dev Rao", "official", None)],
    ),
    ("His attorney, Dev Rao, said that it rained.", [("Dev Rao", "advocate", None)]),
    (
        "A Department of Health spokeswoman said that it rained.",
        [("Department of Health spokeswoman", "official", "Department of Health")],
    ),
    ("Researchers said that it rained.", [("researchers", "expert", None)]),
    (
        "Ann Lee and Bo Park met. Lee and Park said that it rained. "
        "The two leaders said that it poured.",
        [("Ann Lee and Bo Park", None, None)] * 2,
    ),
    (
        "“It rained,” said its medical director, Dr Ann Lee.",
        [("Ann Lee", "expert", None)],
    ),
]


@pytest.mark.parametrize(("text", "wanted"), BODIES)
def test_a_body_named_before_is_told_from_its_noun(text, wanted):
    assert _who(text) == wanted


NAMED = [
    (
        "Senator Ann Lee of Ohio spoke. The Ohio senator said that it rained.",
        [("Ann Lee", "official", "Ohio")],
    ),
    (
        "Ann Lee, a nurse and a Green supporter, said that it rained.",
        [("Ann Lee", "citizen", None)],
    ),
    (
        "Marketing manager Bo Park of Brightwater Foods said that it rained.",
        [("Bo Park", "business", "Brightwater Foods")],
    ),
    ("Marine Le Roux left. Le Roux said that it rained.", [("Marine Le Roux", None, None)]),
    (
        "The Bureau of River Works (BRW) met. The BRW said that it rained.",
        [("Bureau of River Works", "institution", None)],
    ),
    (
        "The Holt campaign said that it rained. “It did,” the campaign said.",
        [("Holt campaign", "institution", None)] * 2,
    ),
    (
        "Lord Farley, the peer, said that it rained. Farley said that it poured.",
        [("Farley", "official", None)] * 2,
    ),
    (
        "NASA said that it rained. The agency said that it poured.",
        [("NASA", "institution", None)] * 2,
    ),
    (
        "One nurse, Ann Lee, said that it rained.",
        [("Ann Lee", "citizen", None)],
    ),
    (
        "It rained, according to a diplomat who took part.",
        [("diplomat who took part", "official", None)],
    ),
    (
        "Voters met Ann Lee. Her critics said that it rained.",
        [("critics of Ann Lee", "collective", None)],
    ),
    (
        "Milford Rovers won with a late goal. Striker Bo Park said that it rained.",
        [("Bo Park", "citizen", "Milford Rovers")],
    ),
    (
        "A report by Harlow Research said that it rained.",
        [("report by Harlow Research", "document", "Harlow Research")],
    ),
    ("South Korea’s army said that it rained.", [("South Korea’s army", "institution", None)]),
    ("Two drivers and a nurse said that it rained.", None),
]


COUNTRIES = [
    ("Alhaji Musa Garba said that it rained.", [("Musa Garba", None, None)]),
    ("Commissioner of Police Ayo Bell said that it rained.", [("Ayo Bell", "official", None)]),
    (
        "The Emir of Jema, Alhaji Sani Garba, said that it rained. The monarch said it poured.",
        [("Sani Garba", "official", "Jema")] * 2,
    ),
    ("Chef Paolo Ricci said that it rained.", [("Paolo Ricci", None, None)]),
    ("Goalscorer Bo Park is 19. Goalscorer Jamie Oke said that it rained.",
     [("Jamie Oke", "citizen", None)]),
    ("Bo Park, a member of the Bundestag, said that it rained.",
     [("Bo Park", "official", "Bundestag")]),
    ("A women’s leader, Mama Ladi, said that it rained.", [("Mama Ladi", "advocate", None)]),
    ("The Met Office said that it rained.", [("Met Office", "institution", None)]),
    ("President Bola Okon spoke in Nigeria. Okon said that it rained.",
     [("Bola Okon", "official", "Nigeria")]),
    ("Bo Park won. “It rained,” the Spaniard said.", [("Bo Park", None, None)]),
    ("Joe Marsh, who runs a bakery on Dock Street, said that it rained.",
     [("Joe Marsh", "business", None)]),
    ("Joe Marsh, who lost his home, said that it rained.", [("Joe Marsh", "citizen", None)]),
    ("Mary Holt is the minister. Her office said that it rained.",
     [("office of Mary Holt", "institution", None)]),
    ("Bo Park, a cardiologist at St Mary’s, said that it rained.",
     [("Bo Park", "expert", "St Mary’s")]),
    ("A spokesman for the Leeds-based firm said that it rained.",
     [("spokesman for the Leeds-based firm", "business", None)]),
    ("Norvane named Ann Lee as chief executive. Lee said that it rained.",
     [("Ann Lee", "business", None)]),
    ("Nobody said that it rained.", [(None, None, None)]),
    ("“It rained!” Vanterpool said.", [("Vanterpool", None, None)]),
    ("The assailant, Bo Park, said that it rained.", [("Bo Park", None, None)]),
    ("Tessel shares fell. The company said that it rained.", [("Tessel", "business", None)]),
    ("Developer Hartwell Homes builds. Its land director, Bo Park, said that it rained.",
     [("Bo Park", "business", "Hartwell Homes")]),
    ("Barlow’s mayor, Tim Orde, sat. The Barlow Swimming Club dived. Orde said that it rained.",
     [("Tim Orde", "official", "Barlow")]),
    ("Mayor Tim Orde met them. He said that the city was broke.",
     [("Tim Orde", "official", "city")]),
    ("Pope Francis prayed. “It rained,” Pope Francis said. Francis said it poured.",
     [("Pope Francis", "advocate", None)] * 2),
    ("An official at the energy ministry said that it rained.",
     [("official at the energy ministry", "official", "energy ministry")]),
    ("Lucy Dent, from the Rivers Trust, said that it rained.",
     [("Lucy Dent", "advocate", "Rivers Trust")]),
    ("Residents of Little Milford said that it rained.",
     [("residents of Little Milford", "collective", None)]),
    ("Bo Park, a lobbyist for the Federation of Brewers, said that it rained.",
     [("Bo Park", "business", "Federation of Brewers")]),
    ("Ann Lee and her co-author, Bo Park, said that it rained.",
     [("Ann Lee and Bo Park", None, None)]),
]


@pytest.mark.parametrize(("text", "wanted"), COUNTRIES)
def test_titles_of_many_countries_and_trades_are_read(text, wanted):
    assert _who(text) == wanted


@pytest.mark.parametrize(
    ("label", "name", "role"),
    [
        ("CHAIR", "chair", "official"),
        ("CLLR HOLT", "Mary Holt", "official"),
        ("MEMBER OF THE PUBLIC", "member of the public", "citizen"),
        ("KEANE", "Keane", None),
        ("AOB", None, None),
    ],
)
def test_a_label_in_a_transcript_is_who_speaks(label, name, role):
    text = f"Cllr Mary Holt took the chair.\n\nCLERK: It rained.\n\n{label}: It poured.\n"
    at = text.index(label)
    found = Attribution(((at + len(label) + 2, len(text) - 1),), (at, at + len(label)), None,
                        "indirect", "speech", 1.0, "label")
    [speaker] = resolve_speakers(Article(text), [found])
    assert (speaker.name, speaker.role) == (name, role)


def test_a_label_that_stands_alone_or_a_day_is_no_source():
    for text in ("PUNE: It rained.", "Tuesday said that it rained."):
        found = Attribution(((len(text) - 10, len(text)),), (0, len(text.split()[0].rstrip(":"))),
                            None, "indirect", "speech", 1.0, "label")
        assert resolve_speakers(Article(text), [found])[0].name is None


def test_a_name_that_only_the_headline_has_in_full_is_known():
    text = "Ten minutes with Adam Nwosu\n\nIt rains. Nwosu said that it rained.\n"
    assert _who(text) == [("Adam Nwosu", None, None)]


@pytest.mark.parametrize(("text", "wanted"), NAMED)
def test_a_source_is_read_as_a_phrase(text, wanted):
    if wanted:
        assert _who(text) == wanted
    else:
        assert all(role in ("citizen", "collective") for _, role, _ in _who(text))


@pytest.mark.parametrize(
    "source",
    ["The hope", "A worthy opposition", "The move", "Districts that changed", "Saturday’s"],
)
def test_what_is_neither_person_nor_body_stays_unresolved(source):
    found = Attribution(((len(source) + 6, len(source) + 10),), (0, len(source)), None,
                        "indirect", "speech", 1.0, "test")  # fmt: skip
    [speaker] = resolve_speakers(Article(f"{source} said that it rained."), [found])
    assert speaker.name is None


def test_i_is_who_is_quoted():
    text = "“I said that it rained,” said Ann Lee."
    rows = [
        Attribution(((8, 22),), (1, 2), (3, 7), "indirect", "speech", 1.0, "test"),
        Attribution(((0, 24),), (30, 37), (25, 29), "direct", "speech", 1.0, "test"),
    ]
    assert [s.name for s in resolve_speakers(Article(text), rows)] == ["Ann Lee"] * 2


def test_both_leaders_are_the_two_people_named_most():
    text = (
        "President Ann Lee met Prime Minister Bo Park. Lee smiled and Park bowed. "
        "Both leaders said that it rained."
    )
    assert _who(text)[0][0] == "Ann Lee and Bo Park"


def test_a_person_has_one_name_in_all_articles_of_an_event():
    quotes = _quotes(
        "Lee said that it rained.",
        "Ann Lee, a professor at Harbour University, said that it poured.",
    )
    assert quotes["speaker"].tolist() == ["Ann Lee", "Ann Lee"]
    assert quotes["affiliation_from"].tolist() == ["other article", "apposition"]


def test_an_aide_has_the_state_that_another_article_gives_the_leader():
    quotes = _quotes(
        "French President Jean Morel spoke on Monday. He left.",
        "Jean Morel sang to Mary Holt on Monday. Yuri Park, Morel’s foreign policy aide, said that "
        "it rained.",
    )
    assert quotes["affiliation"].tolist() == ["France"]


def test_an_aide_has_the_state_that_the_parties_give_the_leader():
    quotes = _quotes(
        "Jean Morel sang to Mary Holt on Monday. Yuri Park, Morel’s foreign policy aide, said that "
        "it rained.",
        parties=[Party("France", ("Jean Morel",))],
    )
    assert quotes["affiliation"].tolist() == ["France"]


def test_the_commonest_printing_of_a_name_wins():
    quotes = _quotes(
        "Kim Jong-un said that it rained.",
        "Kim Jong Un said that it poured. Kim Jong Un left. “It rained,” Kim said.",
    )
    assert set(quotes["speaker"]) == {"Kim Jong Un"}


def test_the_aliases_of_a_party_tell_names_and_sides():
    parties = (Party("Russia", ("Moscow", "Vladimir Putin")),)
    assert _who("Putin said that it rained.", parties=parties) == [
        ("Vladimir Putin", "official", "Russia")
    ]


def test_speakers_csv_corrects_and_says_so(tmp_path):
    path = tmp_path / "speakers.csv"
    path.write_text("speaker,role,affiliation\nAnn Lee,expert,Harbour Institute\n", "utf-8")
    quotes = _quotes("Minister Ann Lee said that it rained.", speakers=load_speakers(path))
    row = quotes.iloc[0]
    assert (row["role"], row["affiliation"]) == ("expert", "Harbour Institute")
    assert (row["role_from"], row["affiliation_from"]) == ("speakers.csv", "speakers.csv")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name,role\nAnn,expert\n", "speakers.csv: there is no column 'speaker'"),
        ("speaker,role,affiliation\nAnn,x,y\nAnn,x,y\n", "speakers.csv: 'Ann' is listed twice"),
        ("", "speakers.csv: cannot be read as a CSV table"),
    ],
)
def test_a_bad_speakers_csv_is_refused(tmp_path, content, message):
    path = tmp_path / "speakers.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(CorpusError, match=message):
        load_speakers(path)


def test_the_table_has_its_columns_and_spans_slice(summit, event):
    quotes = find_quotes(summit, engine="rules", parties=event.parties)
    assert list(quotes) == TABLES["quotes"].names
    texts = summit.set_index("article_id")["text"]
    for row in quotes.dropna(subset=["source_span"]).itertuples():
        start, end = map(int, row.source_span.split("-"))
        assert texts[row.article_id][start:end] == row.source_text
    assert quotes["quote_id"].is_unique
    assert quotes["quote_id"].iloc[0] == f"{quotes['article_id'].iloc[0]}-q01"


def test_furniture_is_not_read(summit):
    quotes = find_quotes(summit, engine="rules")
    assert not quotes["source_text"].str.contains("Photo", na=False).any()


def test_an_article_without_quotations_gives_no_row():
    assert list(_quotes("It rained.\n")) == TABLES["quotes"].names
    assert len(_quotes("It rained.\n")) == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"include": "some"}, "include is 'some'; it can be 'speech' or 'all'"),
    ],
)
def test_unknown_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        _quotes("It rained.", **options)


def test_an_unknown_engine_is_refused_with_the_known_ones(articles):
    with pytest.raises(ValueError, match="no engine is called 'spacy'; there are model, rules"):
        find_quotes(articles, engine="spacy")


def test_names_titles_and_possessives_are_told_apart():
    text = "On Tuesday Mr. Park’s aide, Dr Ann O’Hara, met NATO Secretary-General Bo Lee."
    mentions = find_mentions(text)
    assert [" ".join(m.name) for m in mentions] == ["Park", "Ann O’Hara", "Bo Lee"]
    assert all(text[m.start : m.end] == " ".join(m.name) for m in mentions)
    assert mentions[0].possessive


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Kim Jong Un", True),
        ("Ann Lee", True),
        ("Security Council", False),
        ("White House", False),
        ("Duke University", False),
        ("Park", False),
        ("NBC News", False),
    ],
)
def test_full_names_of_people(name, person):
    assert is_full_name(tuple(name.split())) is person


def test_two_printings_of_a_name_share_a_key():
    assert person_key(("Kim", "Jong-un")) == person_key(("Kim", "Jong", "Un"))
    assert person_key(("Ann", "B.", "Lee")) == person_key(("Ann", "Lee"))
    assert person_key(("Kim", "Jong", "Il")) != person_key(("Kim", "Jong", "Un"))


@pytest.mark.parametrize(
    ("words", "role", "affiliation"),
    [
        ("an assistant professor at Duke University", "expert", "Duke University"),
        ("Russia’s president", "official", "Russia"),
        ("the US secretary of state", "official", "US"),
        ("chief executive of Norvane Homes", "business", "Norvane Homes"),
        ("an East Asia expert at Troy University in Seoul", "expert", "Troy University"),
        (
            "a University of California San Diego professor",
            "expert",
            "University of California San Diego",
        ),
        ("general secretary of the Dockers’ Union", "advocate", "Dockers’ Union"),
    ],
)
def test_a_title_tells_role_and_affiliation(words, role, affiliation):
    assert read_phrase(words)[:2] == (role, affiliation)


def test_institutions_tell_the_role_of_those_who_speak_for_them():
    assert institution_role("Harbour University") == "expert"
    assert institution_role("South Korea") == "official"
    assert institution_role("Rumpus") is None


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "Ann",
                "Lee",
                "Kim",
                "said",
                "that",
                "it",
                "rained",
                "he",
                "she",
                "they",
                ".",
                ",",
                "the president",
                "both leaders",
                "Mr.",
                "’s",
                "of",
                "the Harbour Institute",
                "“Yes”",
                "\n",
                "President",
                "who",
                "state media",
                "The North",
                "and",
                "Seoul",
            ]
        ),
        max_size=40,
    ).map(" ".join)
)
def test_any_text_gives_a_table(text):
    for row in _quotes(text).itertuples():
        assert pd.isna(row.speaker) or row.speaker
        assert pd.isna(row.role) or pd.notna(row.role_from)


@pytest.mark.parametrize(
    "text",
    [
        "the North said it. " * 3_000,
        "Ann Lee, " * 10_000,
        "Mr. " * 10_000,
        "both leaders said it rained. " * 2_000,
        "\u202e" * 1000,
        "",
    ],
)
def test_absurd_text_is_read_in_one_pass(text):
    article = Article(text)
    assert article.text == text


@pytest.mark.parametrize("text", [
    f"The {'CAPITALS' * 9} Ann Lee said it is safe. He said so.",
    "The hedge fund fell. Its owner said the fund is safe, its manager said.",
])
def test_odd_phrases_before_a_name_neither_raise_nor_take_for_ever(text):
    articles = pd.DataFrame({"article_id": ["a"], "text": [text]})
    assert len(find_quotes(articles, engine="rules"))


def test_he_is_not_a_speaker_who_was_called_ms():
    quotes = _quotes("Idris Rhys said it is safe. Ms. Darcy asked why. It was not, he conceded.")
    assert quotes["speaker"].tolist()[:2] == ["Idris Rhys", "Ms. Darcy"]
    assert quotes["speaker"].tolist()[2:] == ["Idris Rhys"]
