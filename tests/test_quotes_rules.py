"""The rules engine: a table of what goes in and what comes out, and of what must not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.quotes.rules import rule_attributions

# text, then (source, cue, content, type) of each attribution; all made up
EXAMPLES = [
    (
        "“We checked it twice,” said Ann Lee.",
        [("Ann Lee", "said", "“We checked it twice,”", "direct")],
    ),
    (
        "“We checked,” she added. “Nobody was hurt.”",
        [("she", "added", "“We checked,” | “Nobody was hurt.”", "direct")],
    ),
    (
        "“It may,” Mr Park said, “be cheaper to wait.”",
        [("Mr Park", "said", "“It may,” | “be cheaper to wait.”", "direct")],
    ),
    (
        "‘Nobody asked us,’ Cllr Bell told the meeting.",
        [("Cllr Bell", "told", "‘Nobody asked us,’", "direct")],
    ),
    (
        "The mayor said that the bridge was safe.",
        [("The mayor", "said", "that the bridge was safe", "indirect")],
    ),
    (
        "The mayor said the bridge was “a costly toy”.",
        [("The mayor", "said", "the bridge was “a costly toy”", "mixed")],
    ),
    (
        "According to the council, the bridge is old.",
        [("the council", "According to", "the bridge is old", "indirect")],
    ),
    (
        "The bridge is old, according to Ann Lee, and may fall.",
        [("Ann Lee", "according to", "The bridge is old | and may fall", "indirect")],
    ),
    (
        "As Ann Lee puts it, the river “always wins.”",
        [("Ann Lee", "puts it", "the river “always wins.”", "mixed")],
    ),
    (
        "She fears what Ann Lee calls a “slow flood.”",
        [("Ann Lee", "calls", "a “slow flood.”", "mixed")],
    ),
    (
        "Lee’s claim that the dam is safe angered farmers.",
        [("Lee", "claim", "that the dam is safe angered farmers", "indirect")],
    ),
    (
        "The minister affirmed that the dam is safe and promised to visit the valley.",
        [
            ("The minister", "affirmed", "that the dam is safe", "indirect"),
            ("The minister", "promised", "to visit the valley", "indirect"),
        ],
    ),
    (
        "The dam, engineers warned, could fail by spring.",
        [("engineers", "warned", "The dam | could fail by spring", "indirect")],
    ),
    (
        "Meanwhile, the dam could fail by spring, engineers said.",
        [("engineers", "said", "the dam could fail by spring", "indirect")],
    ),
    (
        "Ann Lee, who leads the union, accused the firm of hiding the report.",
        [("Ann Lee", "accused", "the firm of hiding the report", "indirect")],
    ),
    (
        "The firm was accused of hiding the report.",
        [(None, "accused", "The firm | of hiding the report", "indirect")],
    ),
    (
        "The council, which had warned that the dam leaked, closed the road.",
        [("The council", "warned", "that the dam leaked", "indirect")],
    ),
    (
        "The union urged the firm to publish the report.",
        [("The union", "urged", "to publish the report", "indirect")],
    ),
    (
        "Critics called the plan “a costly toy” for tourists.",
        [("Critics", "called", "the plan “a costly toy” for tourists", "mixed")],
    ),
    (
        "The plan was condemned as ‘madness’ by traders.",
        [("traders", "condemned", "The plan | as ‘madness’", "mixed")],
    ),
    (
        "LEE: We had no choice but to publish.",
        [("LEE", None, "We had no choice but to publish.", "direct")],
    ),
    (
        "“The river always wins.” — Ann Lee",
        [("Ann Lee", None, "“The river always wins.”", "direct")],
    ),
    (
        "“It began at dawn.\n“It ended at dusk,” said Ann Lee.",
        [("Ann Lee", "said", "“It ended at dusk,”", "direct")],
    ),
    (
        "Ann Lee said: “It began at dawn.\n\n“It ended at dusk.”",
        [
            ("Ann Lee", "said", "“It began at dawn.", "direct"),
            ("Ann Lee", "said", "“It ended at dusk.”", "direct"),
        ],
    ),
    (
        "The firm denied any delay. Local people chanted “shame on you” and “go home.”",
        [
            ("The firm", "denied", "any delay", "indirect"),
            ("Local people", "chanted", "“shame on you” and “go home.”", "mixed"),
        ],
    ),
    (
        "The dam leaks, the agency reported, citing a mayor who said that he had seen it.",
        [
            ("the agency", "reported", "The dam leaks", "indirect"),
            ("a mayor", "said", "that he had seen it", "indirect"),
        ],
    ),
    (
        "Ann Lee told the Gazette she was “sorry to go”.",
        [("Ann Lee", "told", "she was “sorry to go”", "mixed")],
    ),
    (
        "The mayor was quoted by the Gazette as saying that the dam was safe.",
        [("The mayor", "quoted", "that the dam was safe", "indirect")],
    ),
]

NOTHING = [
    "The mayor did not say what the bridge would cost.",
    "The minister will likely tell the valley that the dam is safe.",
    "The two sides discussed the dam for hours.",
    "Critical reports on the dam were filed away.",
    "The flood shows how weak the dam was.",
    "The so-called “iron dam” burst.",
    "The dam reportedly leaks.",
    "They signed a “framework agreement” on water.",
    "The firm praised its engineers.",
    "A witness asked not to be named.",
]


def _read(text):
    def words(span):
        return text[slice(*span)] if span else None

    return [
        (words(a.source), words(a.cue), " | ".join(words(s) for s in a.content), a.type)
        for a in rule_attributions(text)
        if a.act == "speech"
    ]


@pytest.mark.parametrize(("text", "wanted"), EXAMPLES)
def test_reads_the_example(text, wanted):
    assert _read(text) == wanted


@pytest.mark.parametrize("text", NOTHING)
def test_finds_no_speech_where_nobody_tells(text):
    assert _read(text) == []


def test_states_of_mind_are_marked_other():
    found = rule_attributions("The mayor believes that the dam is safe.")
    assert [a.act for a in found] == ["other"]


def test_skipped_spans_are_not_read():
    text = "Photo: “No,” said Ann Lee.\n\n“Yes,” said Bo Park.\n"
    found = rule_attributions(text, skip=[(0, text.index("\n"))])
    assert [text[slice(*a.source)] for a in found] == ["Bo Park"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "said",
                " ",
                "“",
                "”",
                "Ann Lee",
                ",",
                ".",
                "that",
                "\n",
                "according to",
                "he",
                "’s",
                "claim",
                "of",
                "and",
                "accused",
                "by",
                ":",
                "‘",
                "’",
                "was",
                "\u200b",
                "👍",
                "\u202b",
                "told",
                "Tuesday",
                "May",
                "2",
                "who",
                ";",
            ]
        ),
        max_size=40,
    ).map(" ".join)
)
def test_any_mixture_of_words_and_marks_gives_spans_that_slice(text):
    for found in rule_attributions(text):
        spans = [*found.content, *filter(None, (found.source, found.cue))]
        assert found.content
        assert all(0 <= a < b <= len(text) for a, b in spans)
        assert list(found.content) == sorted(found.content)


@pytest.mark.parametrize(
    "text",
    [
        '"' * 20_000,
        "“ a " * 8_000,
        "’" * 20_000,
        "said " * 20_000,
        "he said, " * 4_000,
        "Ann and " * 8_000,
        "x" * 500_000,
        "\n" * 50_000,
        "“One.\n\n" * 3_000,
        "قال “نعم” " * 2_000,
        "HE SAID “YES” TO IT. " * 500,
        "Tuesday said so. May 2, said he. 2 told us.",  # a cue after a date that opens a sentence
        "",
        "\x00",
        "\u202eabc said “no”",
        "他说：“是的。”" * 500,
    ],
)
def test_absurd_text_does_not_raise(text):
    for found in rule_attributions(text):
        assert all(a < b <= len(text) for a, b in found.content)
