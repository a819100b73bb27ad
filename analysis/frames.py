"""
Frames: their files, and where their terms stand in the articles.

A frame is one TOML file in an event's `frames/`; reading it runs its own examples. Voices
are joined on later (`voices.add_voices`): a frame does not know who speaks.
"""

import tomllib
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import pandas as pd

from analysis.contexts import SIDES, Context, expand, make_context
from analysis.corpus import Event, find_event
from analysis.frame_terms import Frame, Lexicon, Term, make_lexicon
from analysis.matching import as_form
from analysis.tables import CorpusError, empty, table
from analysis.tokens import find_paragraphs, find_sentences

_LONGEST_FORM = 120  # characters
_FIELDS = {"name", "label", "question", "definition", "source", "negators", "yields_to",
           "lists", "exclude", "terms", "matches", "non_matches"}
_TERM_FIELDS = {"term", "forms", "rule", "exclude", "names_event"}
_CONTEXT_FIELDS = {"terms", "reason", "within", "example", *SIDES}


def find_mentions(articles: pd.DataFrame, frames: Sequence[Frame], *,
                  sentences: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Find the terms of the frames in the articles: one row per term found, in text order.

    Columns as in `TABLES["mentions"]`; voice, speaker and quote_id are missing until
    `add_voices`. Furniture is not looked at. A negated mention is marked and kept;
    `presupposed` says that the negation is a denial, which keeps the frame in view, and
    `names_event` that the words may only name the event ("the pact"). An excluded one is kept
    with its reason in `rule`. `sentences` saves finding them again.
    """
    sentences = find_sentences(articles) if sentences is None else sentences
    homes = _group_sentences(sentences)
    lexicon, rows = make_lexicon(tuple(frames)), []
    for article, text in zip(articles["article_id"], articles["text"], strict=True):
        numbers, paragraphs, spans = homes.get(article, ([], [], []))
        rows += [(article, paragraphs[hit.sentence], numbers[hit.sentence], hit.start, hit.end,
                  hit.frame, hit.term, text[hit.start:hit.end], hit.negated, hit.excluded,
                  hit.rule, hit.presupposed, hit.names_event) for hit in lexicon.find(text, spans)]
    names = ["article_id", "paragraph", "sentence", "start", "end", "frame", "term", "match",
             "negated", "excluded", "rule", "presupposed", "names_event"]
    return table("mentions", pd.DataFrame(rows, columns=names)
                 .astype({"presupposed": bool, "names_event": bool}))


def find_headline_mentions(articles: pd.DataFrame, frames: Sequence[Frame]) -> pd.DataFrame:
    """
    Find the terms in the headlines, apart from the bodies: one row per term found.

    The headline is the title that stands in the text, else that of the front matter; it is
    the column `headline`, and `start` and `end` are offsets into it. Voice is the author's,
    unless the words are quoted: a headline has no attribution to tell by.
    """
    headlines = find_headlines(articles).dropna(subset="headline").astype({"headline": "str"})
    told = headlines.rename(columns={"headline": "text"})
    whole = pd.DataFrame({"article_id": told["article_id"], "sentence": 0, "paragraph": 0,
                          "start": 0, "end": told["text"].str.len()})
    found = find_mentions(told, frames, sentences=whole)
    return found.assign(voice="author").merge(headlines, on="article_id", validate="many_to_one")


def find_headlines(articles: pd.DataFrame) -> pd.DataFrame:
    """Return the headline of each article (missing where it has none): article_id, headline."""
    paragraphs = find_paragraphs(articles)
    title = paragraphs[paragraphs["kind"] == "title"].groupby("article_id").first()
    texts = articles.set_index("article_id")["text"]
    inside = {a: texts[a][t.start:t.end] for a, t in title.iterrows()}
    outside = articles["title"] if "title" in articles else [None] * len(articles)
    return pd.DataFrame({
        "article_id": articles["article_id"].array,
        "headline": [inside.get(article, title) for article, title in zip(
            articles["article_id"], outside, strict=True)]})


def drop_headlines(mentions: pd.DataFrame, paragraphs: pd.DataFrame) -> pd.DataFrame:
    """Drop the mentions that stand in a title, so that the body is counted alone."""
    titles = paragraphs.loc[paragraphs["kind"] == "title", ["article_id", "paragraph"]]
    keys = pd.MultiIndex.from_frame(mentions[["article_id", "paragraph"]])
    return mentions[~keys.isin(pd.MultiIndex.from_frame(titles))]


def _group_sentences(sentences: pd.DataFrame) -> dict[str, tuple[list, list, list]]:
    """Return the numbers, paragraphs and spans of the sentences of each article."""
    if not sentences["article_id"].is_monotonic_increasing:
        sentences = sentences.sort_values(["article_id", "start"], kind="stable")
    articles, numbers, paragraphs, starts, ends = (
        sentences[c].to_list() for c in ("article_id", "sentence", "paragraph", "start", "end"))
    spans, homes, begin = list(zip(starts, ends, strict=True)), {}, 0
    for article, rows in groupby(articles):
        end = begin + sum(1 for _ in rows)
        homes[article] = numbers[begin:end], paragraphs[begin:end], spans[begin:end]
        begin = end
    return homes


def load_frames(event: Event | str | Path = "summit",
                problems: list[tuple[str, str]] | None = None) -> list[Frame]:
    """
    Load the frames of an event, `frames/*.toml`, sorted by name; an event may have none.

    With a list `problems`, files that cannot be used are left out and told there, as
    (file, problem). Without, the first one raises CorpusError.
    """
    frames, wrong = read_frames(event)
    if problems is not None:
        problems += wrong.itertuples(index=False, name=None)
    elif len(wrong):
        raise CorpusError(f"{wrong['file'].iloc[0]}: {wrong['problem'].iloc[0]}")
    return frames


def read_frames(event: Event | str | Path) -> tuple[list[Frame], pd.DataFrame]:
    """Return the frames of an event that can be used, and the problems of the others."""
    folder = event.folder if isinstance(event, Event) else find_event(event)
    frames, problems, owner = [], [], {}
    for path in sorted((folder / "frames").glob("*.toml")):
        try:
            frame = read_frame(path)
            if frame.name in owner:
                raise CorpusError(f"the name '{frame.name}' is already used by "
                                  f"{owner[frame.name]}; give each frame a name of its own")
            owner[frame.name] = path.name
            frames.append(frame)
        except CorpusError as error:
            problems.append((f"frames/{path.name}", str(error)))
    found = table("problems", problems) if problems else empty("problems")
    return sorted(frames, key=lambda frame: frame.name), found


def read_frame(path: Path) -> Frame:
    """Read one frame file and run its examples; raise CorpusError where it cannot be used."""
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError(f"cannot be read as TOML ({error}); compare it with the frames of "
                          "corpus/summit") from error
    frame = make_frame(told, path.name)
    check_examples(frame)
    return frame


def make_frame(told: dict, file: str = "") -> Frame:
    """Make a frame of what its file tells; raise CorpusError where something is wrong."""
    _check_fields(told, _FIELDS, "the file")
    for field in ("name", "source"):
        if not isinstance(told.get(field), str) or not told[field].strip():
            raise CorpusError(f"has no {field}; add a line {field} = \"…\""
                              + " saying who drew up the list, and from what" * (field == "source"))
    lists, entries = told.get("lists", {}), told.get("terms", [])
    if not isinstance(entries, list) or not entries or not _all_tables(entries):
        raise CorpusError('has no terms; add [[terms]] with term = "…" and forms = ["…"]')
    common = told.get("exclude", [])
    shared = [(_make_contexts([entry], lists, "[[exclude]]")[0], entry.get("terms"))
              for entry in common]
    terms = tuple(_make_term(entry, shared, lists) for entry in entries)
    _check_once(terms)
    names = {term.term for term in terms}
    for entry in common:
        lost = sorted(set(entry.get("terms", ())) - names)
        if lost:
            raise CorpusError(f"an [[exclude]] names {lost[0]!r}, which is no term of [[terms]]")
    return Frame(told["name"], told.get("label", told["name"].capitalize()),
                 told.get("question", ""), told.get("definition", ""), told["source"], terms,
                 frozenset(map(as_form, _texts(told, "negators"))), _texts(told, "yields_to"),
                 _texts(told, "matches"), _texts(told, "non_matches"), file)


def _make_term(entry: dict, shared: list[tuple[Context, list[str] | None]], lists: dict) -> Term:
    _check_fields(entry, _TERM_FIELDS, f"the term {entry.get('term')!r}")
    name = entry.get("term")
    if not isinstance(name, str) or not name.strip():
        raise CorpusError('a [[terms]] entry has no term; add a line term = "…"')
    try:
        forms = tuple(expand(_texts(entry, "forms") or (name,), lists))
    except ValueError as error:
        raise CorpusError(f"the term '{name}': {error}") from error
    for form in forms:
        stem = as_form(form).removesuffix("*")
        if len(stem) < 2 or not stem[0].isalnum() or len(form) > _LONGEST_FORM:
            raise CorpusError(f"the form {form!r} of '{name}' cannot be searched; write two to "
                              f"{_LONGEST_FORM} characters that begin with a letter or digit, "
                              "with * only at the end")
    contexts = (*_make_contexts(entry.get("exclude", ()), lists, f"the term '{name}'"),
                *(context for context, names in shared if names is None or name in names))
    return Term(name, forms, str(entry.get("rule", "")), contexts,
                entry.get("names_event") is True)


def _make_contexts(entries: Sequence[dict], lists: dict, where: str) -> tuple[Context, ...]:
    try:
        for entry in entries:
            _check_fields(entry, _CONTEXT_FIELDS, f"an exclude of {where}")
            if not entry.get("reason"):
                raise ValueError("an 'exclude' entry has no reason")
        return tuple(make_context(entry, lists) for entry in entries)
    except (ValueError, TypeError) as error:
        raise CorpusError(f"{where}: {error}") from error


def _check_fields(told: dict, known: set[str], where: str) -> None:
    unknown = sorted(set(told) - known)
    if unknown:
        raise CorpusError(f"{where} has a field '{unknown[0]}' that nothing reads; the fields are "
                          f"{', '.join(sorted(known))}")


def _check_once(terms: Sequence[Term]) -> None:
    """Raise CorpusError where a term or a form stands twice: it would count for neither."""
    owner: dict[str, str] = {}
    names = [term.term for term in terms]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise CorpusError(f"the term '{twice}' is there twice; join its forms in one entry")
    for term in terms:
        for form in map(as_form, term.forms):
            if form in owner:
                raise CorpusError(f"the form '{form}' is in '{owner[form]}' and in '{term.term}'; "
                                  "keep one" if owner[form] != term.term else
                                  f"the form '{form}' of '{term.term}' is there twice; keep one")
            owner[form] = term.term


def check_examples(frame: Frame) -> None:
    """
    Run the examples of a frame: `matches`, `non_matches`, and those of its exclusions.

    Raises CorpusError for the first that fails, and where either kind is lacking.
    """
    if not frame.matches or not frame.non_matches:
        raise CorpusError('needs examples on either side: matches = ["…"] and '
                          'non_matches = ["…"], sentences made up for the purpose')
    lexicon = Lexicon([frame])
    for wanted, examples in ((True, frame.matches), (False, frame.non_matches)):
        for text in examples:
            found = [text[hit.start:hit.end] for hit in lexicon.find(text) if not hit.excluded]
            if bool(found) != wanted:
                should = "should match" if wanted else "should not match"
                does = f"'{found[0]}' does" if found else "no term that counts stands in it"
                raise CorpusError(f"the example {text!r} {should}, but {does}; mend the example "
                                  "or the terms")
    reasons = {(c.reason, c.example) for term in frame.terms for c in term.exclude if c.example}
    for reason, text in sorted(reasons):
        if not any(hit.excluded and reason in hit.rule for hit in lexicon.find(text)):
            raise CorpusError(f"the exclusion '{reason}' does not apply to its example {text!r}; "
                              "mend its phrases or the example")


def _all_tables(entries: list) -> bool:
    return all(isinstance(entry, dict) for entry in entries)


def _texts(told: dict, field: str) -> tuple[str, ...]:
    value = told.get(field, [])
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise CorpusError(f"'{field}' is {value!r}; write a list of texts, as "
                          f'{field} = ["…", "…"]')
    return tuple(value)
