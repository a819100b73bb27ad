"""What is wrong with an event, file by file, and what to do about it."""

from pathlib import Path

import pandas as pd

from analysis.corpus import Event, load_event, read_articles
from analysis.tables import CorpusError, table


def find_problems(event: Event | str | Path) -> pd.DataFrame:
    """
    List the problems of an event's files: one row per problem, `file` and `problem`.

    Looks at event.toml, articles/, frames/, gold/ and speakers.csv; up to 300 articles,
    also for those that repeat another (above, `samestory tables` lists them). Raises
    CorpusError where there is no such event or its event.toml cannot be read at all.
    """
    event = event if isinstance(event, Event) else load_event(event)
    articles, problems = read_articles(event)
    found = list(problems.itertuples(index=False, name=None))
    if articles.empty and not found:
        found.append(("articles/", "holds no article; put one .txt file per article there, or use "
                      "`samestory import`"))
    found += _repetitions(articles)
    found += _frame_problems(event) + _gold_problems(event, articles)
    found += _speaker_problems(event)
    if event.language != "en":
        found.append(("event.toml", f"language is '{event.language}'; attribution and framing know "
                      "English only, so read their results with care"))
    return table("problems", pd.DataFrame(found, columns=["file", "problem"]))


def _repetitions(articles: pd.DataFrame) -> list[tuple[str, str]]:
    from analysis.duplicates import ALL_PAIRS, find_duplicates

    if len(articles) > ALL_PAIRS:
        return []
    return [("articles/", f"'{row.article_id}' has the words of '{row.duplicate_of}'"
             + ("" if row.exact else f", nearly (similarity {row.similarity:.2f})")
             + ", which count twice; delete one of the two")
            for row in find_duplicates(articles).itertuples()]


def _frame_problems(event: Event) -> list[tuple[str, str]]:
    from analysis.frames import read_frames

    frames, problems = read_frames(event.folder)
    found = list(problems.itertuples(index=False, name=None))
    names = [frame.name for frame in frames]
    found += [("event.toml", f"contrast names the frame '{name}', but frames/{name}.toml is not "
               f"there or cannot be used; the frames are {', '.join(names) or 'none'}")
              for name in event.contrast if name not in names]
    return found


def _speaker_problems(event: Event) -> list[tuple[str, str]]:
    from analysis.quotes import load_speakers

    try:
        if (event.folder / "speakers.csv").exists():
            load_speakers(event.folder / "speakers.csv")
    except CorpusError as error:
        return [("speakers.csv", str(error).removeprefix("speakers.csv: "))]
    return []


def _gold_problems(event: Event, articles: pd.DataFrame) -> list[tuple[str, str]]:
    from analysis.quotes.evaluation import load_gold_quotes
    from analysis.tokens import find_paragraphs
    from analysis.validation import check_codes, load_codes

    found = []
    for file, load in (("quotes.csv", load_gold_quotes), ("frames.csv", load_codes)):
        if (event.folder / "gold" / file).exists():
            try:
                codes = load(event.folder)
            except CorpusError as error:
                found.append((f"gold/{file}", str(error).removeprefix(f"gold/{file}: ")))
                continue
            if file == "frames.csv":
                found += check_codes(codes, find_paragraphs(articles)).itertuples(
                    index=False, name=None)
                continue
            unknown = sorted(set(codes["article_id"]) - set(articles["article_id"]))
            found += [(f"gold/{file}", f"codes an article '{name}' that is not in articles/; "
                       "correct the article_id, or add the article") for name in unknown]
    return found
