"""Importing: every format gives an article, and every bad file one message."""

import io
import zipfile

import pandas as pd
import pytest

from analysis.corpus import load_articles
from analysis.importing import import_articles, new_event, read_documents, take_over
from analysis.tables import CorpusError

HTML = """<html><head><title>The bridge</title></head><body><nav>Menu</nav><article>
<h1>The bridge</h1>
<p>The old bridge over the river was closed on Monday after a storm, the council said.</p>
<p>It will be mended before the summer, and until then a ferry will run twice an hour.</p>
</article></body></html>"""


def packed(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_", "."), text)
    return buffer.getvalue()


def docx() -> bytes:
    document, buffer = pytest.importorskip("docx").Document(), io.BytesIO()
    document.add_paragraph("The bridge is open.")
    document.save(buffer)
    return buffer.getvalue()


def parquet() -> bytes:
    return pd.DataFrame({"article_id": ["p"], "text": ["The bridge is open."]}).to_parquet()


@pytest.mark.parametrize(("name", "raw"), [
    ("a.txt", b"The bridge is open."),
    ("a.csv", b"id,text,outlet\nx,The bridge is open.,Gazette\n"),
    ("a.jsonl", b'{"id": "x", "text": "The bridge is open."}\n'),
    ("a.parquet", parquet()),
    ("a.zip", packed(b_txt="The bridge is open.")),
    ("a.html", HTML.encode()),
    ("a.docx", None),
])
def test_every_format_gives_an_article(tmp_path, name, raw):
    (tmp_path / name).write_bytes(docx() if raw is None else raw)
    problems = import_articles([tmp_path / name], tmp_path / "event")
    articles = load_articles(tmp_path / "event")
    assert problems.empty and len(articles) == 1
    assert "bridge" in articles["text"][0]


def test_a_text_is_kept_character_for_character(tmp_path):
    body = "\n  “One,”\r\n\r\ntwo\u00a0… \t\n\n"
    (tmp_path / "a.txt").write_bytes(body.encode())
    import_articles([tmp_path / "a.txt"], tmp_path / "event")
    assert load_articles(tmp_path / "event")["text"][0] == body


def test_fields_with_colons_quotes_and_control_characters_survive(tmp_path):
    title = 'A "b": {c}\x7f #d é\u2028'
    frame = pd.DataFrame({"id": ["x"], "title": [title], "text": ["One."]})
    frame.to_parquet(tmp_path / "a.parquet")
    import_articles([tmp_path / "a.parquet"], tmp_path / "event")
    assert load_articles(tmp_path / "event")["title"][0] == title


def test_a_parquet_file_without_text_is_refused_by_its_schema(monkeypatch):
    raw = pd.DataFrame({"id": ["p"], "words": ["The bridge."]}).to_parquet()
    monkeypatch.setattr(pd, "read_parquet", lambda *_, **__: pytest.fail("was read"))
    with pytest.raises(CorpusError, match="^has no column 'text'; it has id, words"):
        list(read_documents("a.parquet", raw))


@pytest.mark.parametrize(("name", "raw", "message"), [
    ("a.csv", b"id,words\n1,2\n", "no column 'text'; it has id, words"),
    ("a.parquet", parquet()[:-9], "cannot be read as parquet"),
    ("a.jsonl", b'{"id": 1', "cannot be read as jsonl"),
    ("a.docx", b"no", "not a Word document"),
    ("a.zip", b"no", "not a zip file"),
    ("a.zip", packed(b_txt="a" * 3_000_000), "too large unpacked"),
    ("a.pdf", b"%PDF", "files of type '.pdf' cannot be imported"),
    ("a.html", b"<html></html>", "no article text was found"),
    ("a.txt", b"\xff\xfe\xfa", "not UTF-8"),
])
def test_a_bad_file_says_what_to_do(name, raw, message):
    with pytest.raises(CorpusError, match=message):
        list(read_documents(name, raw))


def test_one_bad_file_does_not_cost_the_others(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("One.")
    (tmp_path / "in" / "b.txt").write_bytes(b"\xff\xfa")
    (tmp_path / "in" / "c.pdf").write_bytes(b"%PDF")
    problems = import_articles([tmp_path / "in", tmp_path / "none"], tmp_path / "event")
    assert set(problems["file"]) == {"b.txt", "c.pdf", str(tmp_path / "none")}
    assert len(load_articles(tmp_path / "event")) == 1


def test_nothing_imported_is_an_error(tmp_path):
    with pytest.raises(CorpusError, match="nothing was imported"):
        import_articles([tmp_path / "none.txt"], tmp_path / "event")


def test_the_same_id_twice_is_refused(tmp_path):
    (tmp_path / "a.txt").write_text("One.")
    import_articles([tmp_path / "a.txt"], tmp_path / "event")
    with pytest.raises(CorpusError, match="id 'a' is already in the event"):
        import_articles([tmp_path / "a.txt"], tmp_path / "event")


def test_an_id_cannot_leave_the_folder(tmp_path):
    (tmp_path / "a.csv").write_text("id,text\n../../evil,One.\n")
    import_articles([tmp_path / "a.csv"], tmp_path / "event")
    assert [p.name for p in (tmp_path / "event" / "articles").iterdir()] == ["evil.txt"]


def test_like_takes_the_event_and_its_frames_and_keeps_what_is_there(tmp_path, event):
    (tmp_path / "frames").mkdir()
    (tmp_path / "frames" / "alliance.toml").write_text("# mine")
    take_over(tmp_path, event.folder)
    assert (tmp_path / "event.toml").exists()
    assert (tmp_path / "frames" / "alliance.toml").read_text() == "# mine"


def test_a_new_event_explains_itself_and_is_not_made_twice(tmp_path):
    folder = new_event(str(tmp_path / "flood"))
    assert "#" in (folder / "event.toml").read_text()
    with pytest.raises(CorpusError, match="exists already"):
        new_event(str(tmp_path / "flood"))


def test_a_row_that_cannot_be_imported_costs_the_later_ones_nothing(tmp_path):
    (tmp_path / "rows.csv").write_text("id,text\na,One.\nb,\na,Two.\nc,Three.\n")
    problems = import_articles([tmp_path / "rows.csv"], tmp_path / "event")
    assert {p.stem for p in (tmp_path / "event" / "articles").iterdir()} == {"a", "c"}
    assert problems["file"].to_list() == ["rows.csv, 'b'", "rows.csv, 'a'"]
    assert "has no text" in problems["problem"][0] and "already" in problems["problem"][1]
