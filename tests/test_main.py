"""The command line: what each command prints, and its exit codes 0, 1 and 2."""

import pytest
from click.testing import CliRunner

from analysis.__main__ import main
from analysis.checking import find_problems
from analysis.corpus import load_articles


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(word) for word in words])
    return result.exit_code, result.output


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_explains_itself(command):
    code, output = run(command, "--help")
    assert code == 0 and len(output.split()) > 25, output


def test_wrong_usage_is_2():
    assert run("report", "--no-such-flag")[0] == 2
    assert run("nonsense")[0] == 2
    assert run("import", "x.txt")[0] == 2


def test_an_unknown_event_is_1_and_one_line():
    code, output = run("check", "nowhere")
    assert code == 1
    assert output.startswith("Error: nowhere: there is no such event") and "Traceback" not in output


def test_the_summit_has_no_problem():
    code, output = run("check", "summit")
    assert (code, output) == (0, "5 articles can be read; no problem.\n")


def test_check_lists_each_problem(make_event):
    folder = make_event(a="One.", b=b"\xff\xfa")
    code, output = run("check", folder)
    assert code == 1
    assert "b.txt: is not UTF-8" in output and "1 article can be read; 1 problem." in output


def test_check_lists_articles_that_repeat_another(make_event):
    text = "The boat sank in the river near the old bridge of the town, and nobody was hurt. " * 3
    event = make_event(a=text, b=text.upper(), c="Only now. " + text, d="Trains were late.")
    found = find_problems(event)
    assert found["file"].to_list() == ["articles/"] * 2
    assert found["problem"].iloc[0] == ("'b' has the words of 'a', which count twice; "
                                        "delete one of the two")
    assert found["problem"].iloc[1].startswith("'c' has the words of 'a', nearly (similarity 0.")


def test_import_makes_an_event_like_another(tmp_path):
    (tmp_path / "one.txt").write_text("One.\r\n", newline="")
    code, output = run("import", tmp_path / "one.txt", "--event", tmp_path / "mine",
                       "--like", "summit")
    assert code == 0 and "now has 1 article." in output, output
    assert load_articles(tmp_path / "mine")["text"][0] == "One.\r\n"
    assert {p.name for p in (tmp_path / "mine" / "frames").iterdir()} >= {"alliance.toml"}
    assert run("check", tmp_path / "mine")[0] == 0


def test_tables_says_why_it_compares_no_outlets(make_event, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.scale.COMPARED", 1)
    folder = make_event(a="Boats sank.", b="---\noutlet: Gazette\n---\nA boat sank.")
    code, output = run("tables", folder, "--out", tmp_path / "out", "--quiet")
    assert code == 0, output
    assert output.startswith("Note: keyness and similarity are empty: "), output
    assert "outlets, 2 to 200, and the column 'outlet' names 1\n" in output
    assert (tmp_path / "out" / "keyness.csv").read_text("utf-8").startswith("document,reference,")


def test_a_place_that_cannot_be_written_is_one_line(make_event, tmp_path):
    (tmp_path / "file").write_text("")
    code, output = run("tables", make_event(a="Boats sank."), "--out", tmp_path / "file" / "out",
                       "--quiet")
    assert code == 1 and output.startswith(f"Error: {tmp_path / 'file' / 'out'}: Not a directory")
    assert "choose another place" in output and output.count("\n") == 1


def test_tables_never_replace_the_articles_they_are_made_from(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "articles.csv").write_text("article_id,text,notes\n1,Rain.,Mine\n")
    code, output = run("tables", "articles.csv", "--out", ".", "--quiet")
    assert code == 1 and "articles.csv: is what is read" in output
    assert (tmp_path / "articles.csv").read_text() == "article_id,text,notes\n1,Rain.,Mine\n"
    assert [file.name for file in tmp_path.iterdir()] == ["articles.csv"]


def test_import_without_like_has_no_frames(tmp_path):
    (tmp_path / "one.txt").write_text("One.")
    assert run("import", tmp_path / "one.txt", "--event", tmp_path / "mine")[0] == 0
    assert not (tmp_path / "mine" / "frames").exists()


def test_import_says_what_it_left_out(tmp_path):
    (tmp_path / "one.txt").write_text("One.")
    (tmp_path / "two.pdf").write_bytes(b"%PDF")
    code, output = run("import", tmp_path / "one.txt", tmp_path / "two.pdf",
                       "--event", tmp_path / "mine")
    assert code == 1 and "two.pdf: files of type '.pdf'" in output


def test_new_makes_templates_that_pass_the_check(tmp_path):
    assert run("new", tmp_path / "flood")[0] == 0
    code, output = run("check", tmp_path / "flood")
    assert code == 1 and "holds no article" in output
    (tmp_path / "flood" / "articles" / "a.txt").write_text("The river rose.")
    assert run("check", tmp_path / "flood")[0] == 0
