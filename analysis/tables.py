"""
The tables that every part of Samestory reads and returns, declared once.

A table is a pandas DataFrame. `TABLES` says what one row is, which columns identify
it and what each column means; `check` holds a frame to its declaration at the edges
(loading, saving, joining), and `empty` makes one with the right columns and no row.
"""

from typing import NamedTuple

import pandas as pd


class CorpusError(ValueError):
    """Bad data from outside: the message names the file, what is wrong and what to do."""


class Column(NamedTuple):
    """One column: its name, its type (text, int, float or bool) and what it means."""

    name: str
    type: str
    meaning: str
    missing: bool = False


class Table(NamedTuple):
    """One table: what a row is, the columns that identify it, and all its columns."""

    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self.columns]


_DTYPES = {"text": "str", "int": "int64", "float": "float64", "bool": "bool"}


def _columns(declared: str) -> tuple[Column, ...]:
    """Read `name type meaning` lines; a type that ends in ? may be missing."""
    rows = [line.split(maxsplit=2) for line in declared.splitlines() if line]
    return tuple(Column(n, t.rstrip("?"), m, t.endswith("?")) for n, t, m in rows)


_ARTICLE = "article_id text the article\n"
_SPAN = """start int first character, an index into the article's text
end int index after the last character
"""
_TERM_COUNT = """document text the document (an article, or its author's words only)
term text the term
n int times it occurs in the document
"""

TABLES = {
    "articles": Table("article", ("article_id",), _columns(_ARTICLE + """
title text? headline
outlet text? who published it
author text? byline
date text? date of the event or of publication, as the article states it
genre text? report, analysis, commentary, digest
url text? where it was published
licence text? under which terms the text may be used
retells text? title of the original, where the text is a retelling
language text language of the text, a two-letter code
text text the body, as filed, to which all offsets refer
""")),
    "paragraphs": Table("paragraph", ("article_id", "paragraph"), _columns(_ARTICLE + """
paragraph int number in the article, from 0
""" + _SPAN + """kind text title, heading, body or furniture
reason text? why it counts as furniture, a heading or the title
""")),
    "cleaning": Table("paragraph of furniture", ("article_id", "paragraph"), _columns(_ARTICLE + """
paragraph int number in the article, from 0
""" + _SPAN + """reason text why it counts as furniture
characters int its length
""")),
    "sentences": Table("sentence", ("article_id", "sentence"), _columns(_ARTICLE + """
sentence int number in the article, from 0
paragraph int the paragraph it stands in
""" + _SPAN)),
    "tokens": Table("word", ("article_id", "start"), _columns(_ARTICLE + """
sentence int the sentence it stands in
paragraph int the paragraph it stands in
""" + _SPAN + """token text the word as printed
term text the word as counted: lower case, possessive 's dropped
""")),
    "counts": Table("document and term", ("document", "term"), _columns(_TERM_COUNT)),
    "scores": Table("document and term", ("document", "term"), _columns(_TERM_COUNT + """
tf float weight of the count (the count itself by default)
idf float weight of the term's rarity over documents
tf_idf float tf times idf, scaled to length one in each document
""")),
    "keyness": Table("document, reference and term", ("document", "reference", "term"), _columns("""
document text the target: an article, or among more than 200 an outlet
reference text the document it is set against, or "rest": all the others together
term text the term
n_target int times in the target
n_ref int times in the reference
words_target int words counted in the target
words_ref int words counted in the reference
n_articles int articles that contain it
n_sentences int sentences that contain it
dp float dispersion over documents, 0 even to 1 in one of them (Gries 2008)
rate_target float times per 1,000 words of the target
rate_ref float times per 1,000 words of the reference
g2 float log-likelihood, signed by direction
log_ratio float binary log of the ratio of rates; a zero counts as 0.5
lr_low float lower end of its exact interval
lr_high float upper end
lr_conservative float the limit nearer 0 after Bonferroni; 0 means not distinguishable
logodds float log-odds ratio with an informative Dirichlet prior
z float logodds by its standard error
p float? p value of g2; missing for terms too rare to test
p_holm float? p after Holm's correction over the terms tested
p_bh float? p after Benjamini and Hochberg's correction
p_perm float? p from shuffling whole sentences; missing for outlets
note text? too rare, zero replaced, in one article only
""")),
    "similarity": Table("pair of documents", ("document_a", "document_b"), _columns("""
document_a text one document: an article, or among more than 200 an outlet
document_b text the other
cosine float? cosine of their tf-idf rows; missing for a document without words
se float? standard error by leaving out one sentence at a time; like the rest missing for outlets
null_mean float? mean cosine after shuffling sentences among articles
p float? share of shuffles at least as similar, (1+k)/(1+B)
influential text? the sentence whose loss moves the cosine most, as article:start-end
""")),
    "quotes": Table("attribution", ("article_id", "quote_id"), _columns(_ARTICLE + """
quote_id text the attribution
type text direct, mixed or indirect
content_spans text the words attributed, as start-end;start-end
source_span text? the phrase that names the source, as start-end
source_text text? that phrase
cue_span text? the reporting word or phrase, as start-end
cue_text text? that phrase
speaker text? one canonical name for the source; missing where unresolved
role text? expert, official, business, advocate, citizen, state_media, media, institution, ...
affiliation text? the body or state the speaker belongs to or speaks for
score float confidence that content and source are right, 0 to 1
rule text what found it
note text? remarks of a coder
act text speech (speech and writing) or other (attitudes, plans, votes)
role_from text? where the role comes from: title, apposition, affiliation, ..., speakers.csv
affiliation_from text? where the affiliation comes from
""")),
    "voices": Table("stretch of one voice", ("article_id", "start"), _columns(
        _ARTICLE + _SPAN + """voice text author, expert, official, party or other
speaker text? whose words they are; missing for the author
quote_id text? the attribution, a key into quotes
nested bool the words are quoted inside another attribution
denied bool the attribution's cue denies (deny, reject, dismiss)
quoted bool inside quotation marks
""")),
    "mentions": Table("frame term found", ("article_id", "start", "frame"), _columns(_ARTICLE + """
paragraph int the paragraph it stands in
sentence int the sentence it stands in
""" + _SPAN + """frame text the frame
term text the entry of the lexicon
match text the words as printed
negated bool a negator stands before it in the same clause
excluded bool the context gives the term another target
voice text? whose words: author, expert, official, party or other
speaker text? who says them; missing for the author
quote_id text? the attribution, a key into quotes
rule text trace: form, rule of the codebook, negator, exclusion
""")),
    "rates": Table("article, frame and voice", ("article_id", "frame", "voice"), _columns(
        _ARTICLE + """
frame text the frame
voice text whose words
n int mentions counted
sentences int sentences with a mention counted, each once
words int words this voice has in the article
share float? sentences of this frame among sentences of any frame of the contrast
low float? lower end of the share's interval
high float? upper end
interval text wilson, or jeffreys where the cell is tiny
""")),
    "codes": Table("unit and coder", ("article_id", "paragraph", "coder"), _columns(_ARTICLE + """
paragraph int the paragraph coded
coder text who coded
coder_kind text human or model
frame text? the frame coded: one of the event's, both or neither
voice text? whose voice carries it
confidence text? high or low
evidence text? words of the paragraph that decided
""")),
    "duplicates": Table("article that repeats an earlier one", ("article_id",), _columns(
        _ARTICLE + """
duplicate_of text the earlier article
similarity float runs of five words shared, of all that either has; 1 for the same words
exact bool the same words in the same order
""")),
    "problems": Table("problem", ("file",), _columns("""
file text the file or article
problem text what is wrong, and what to do
""")),
}


def empty(name: str) -> pd.DataFrame:
    """Return the table `name` with its columns and no row."""
    columns = _declared(name).columns
    return pd.DataFrame({c.name: pd.Series(dtype=_DTYPES[c.type]) for c in columns})


def table(name: str, rows: list[tuple] | pd.DataFrame) -> pd.DataFrame:
    """
    Return `rows` as the table `name`: its columns in order, each of its type.

    Columns that are not declared are kept at the end. Raises ValueError where a
    column is missing or a value does not fit.
    """
    declared = _declared(name)
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows, columns=declared.names)
    lacking = [c.name for c in declared.columns if c.name not in frame and not c.missing]
    if lacking:
        raise ValueError(f"{name}: the table has no column {lacking[0]!r}; "
                         f"it needs {', '.join(declared.names)}")
    kept = {c.name: _cast(frame, c, name) for c in declared.columns}
    extra = [column for column in frame if column not in kept]
    result = pd.DataFrame({**kept, **{column: frame[column] for column in extra}})
    result.attrs = dict(frame.attrs)  # the ledger, and documents that have no row
    return result


def check(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` as the table `name`; raise ValueError where its key is not unique."""
    checked = table(name, frame)
    keys = list(_declared(name).key)
    twice = checked.duplicated(keys)
    if twice.any():
        row = checked.loc[twice, keys].iloc[0]
        raise ValueError(f"{name}: two rows for {', '.join(map(str, row))}; one row per "
                         f"{_declared(name).row} is wanted")
    return checked


def spans(text: str | float) -> list[tuple[int, int]]:
    """
    Read `start-end;start-end` as pairs of numbers; a missing value gives none.

    >>> spans("3-9;12-20")
    [(3, 9), (12, 20)]
    """
    if not isinstance(text, str) or not text:
        return []
    pairs = (piece.split("-") for piece in text.split(";"))
    return [(int(start), int(end)) for start, end in pairs]


def spans_text(pairs: list[tuple[int, int]] | tuple[tuple[int, int], ...]) -> str:
    """
    Write pairs of numbers as `start-end;start-end`.

    >>> spans_text([(3, 9), (12, 20)])
    '3-9;12-20'
    """
    return ";".join(f"{start}-{end}" for start, end in pairs)


def _declared(name: str) -> Table:
    if name not in TABLES:
        raise ValueError(f"no table is called {name!r}; there are {', '.join(TABLES)}")
    return TABLES[name]


def _cast(frame: pd.DataFrame, column: Column, name: str) -> pd.Series:
    if column.name not in frame:
        return pd.Series(index=frame.index, dtype=_DTYPES[column.type])
    try:
        return frame[column.name].astype(_DTYPES[column.type])
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: column {column.name!r} should hold {column.type}: "
                         f"{error}") from error
