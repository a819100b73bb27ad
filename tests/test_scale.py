"""Any engine and any partitioning give the same tables; trouble costs only itself."""

import json
import os
import signal
import subprocess
import sys
import time
from inspect import signature
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from sklearn.metrics.pairwise import cosine_similarity

from analysis import merging, scale, steps
from analysis.engines import open_engine
from analysis.keyness import measure_keyness
from analysis.partitions import find_source, read_partitions
from analysis.parts import reserve
from analysis.quotes import find_quotes
from analysis.scale import WRITTEN, write_tables
from analysis.similarity import compare_documents
from analysis.study import make_study
from analysis.tables import TABLES, CorpusError, check
from analysis.topics import add_tf_idf, count_terms

pytestmark = pytest.mark.filterwarnings("ignore:keyness and similarity leave out")
COLUMNS = ["article_id", "outlet", "text"]


def made_up(count: int) -> pd.DataFrame:
    """Return articles with quotations, no two the same."""
    return pd.DataFrame([
        (f"a{(i * 7) % count:03}", ("gazette", None, "herald")[i % 3],
         f"The {'old ' * (i % 3)}bridge number {i} opened.\n\n“We need {i} boats,” said Mayor "
         f"Ann Lee. Critics such as Ben Ray said that ferry {i % 4} is slow.\n\n=1+1 is no sum.\n")
        for i in range(count)], columns=COLUMNS)


def written(out: Path) -> dict[str, pd.DataFrame]:
    return {name: pd.read_parquet(out / name) for name in (*WRITTEN, "problems")}


def assert_same(one: dict[str, pd.DataFrame], two: dict[str, pd.DataFrame]) -> None:
    for name in one:  # quotes: the model reads several articles in one batch of rounded numbers
        pd.testing.assert_frame_equal(one[name], two[name], check_exact=name != "quotes", obj=name)


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.fixture(autouse=True)
def many(monkeypatch):
    """Take eleven articles for many, which are read one by one and not compared."""
    monkeypatch.setattr(scale, "COMPARED", 5)


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("source") / "made_up.parquet"
    made_up(11).to_parquet(path)
    return path


@pytest.fixture(scope="module")
def serial(source, tmp_path_factory) -> dict[str, pd.DataFrame]:
    out = tmp_path_factory.mktemp("serial")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scale, "COMPARED", 5)
        with pytest.warns(UserWarning, match="leave out 4 of the articles, which name no outlet"):
            assert write_tables(source, out, like="summit", quiet=True).empty
    return written(out)


@pytest.fixture(scope="module")
def cluster() -> str:
    """Return the address of a Dask scheduler with two workers."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None,
                                  silence_logs="CRITICAL") as running:
        yield running.scheduler_address


def test_every_declared_table_is_written_and_holds_its_declaration(serial):
    assert set(serial) | {"codes"} == set(TABLES)
    for name, frame in serial.items():
        check(name, frame)
    assert len(serial["quotes"]) >= 11 and len(serial["tokens"]) > 100


def test_many_articles_are_compared_by_outlet(source, serial):
    articles = serial["articles"]
    tokens = serial["tokens"].merge(articles[["article_id", "outlet"]], on="article_id")
    sentence = tokens.groupby(["article_id", "sentence"]).ngroup()
    merged = tokens.dropna(subset="outlet").assign(article_id=lambda t: t["outlet"],
                                                   sentence=sentence)
    wanted = measure_keyness(merged, shuffles=0)
    pd.testing.assert_frame_equal(serial["keyness"].drop(columns=["n_articles", "note"]),
                                  wanted.drop(columns=["n_articles", "note"]), rtol=1e-12)
    assert serial["keyness"]["n_articles"].max() == 7  # of eleven, four name no outlet
    scores = serial["scores"].merge(articles, left_on="document", right_on="article_id")
    rows = (scores["tf"] * scores["idf"]).groupby([scores["outlet"], scores["term"]]).sum()
    wanted = cosine_similarity(rows.unstack(fill_value=0))[0, 1]
    [pair] = serial["similarity"].itertuples(index=False)
    assert pair[:3] == ("gazette", "herald", pytest.approx(wanted)) and wanted < 0.9


@pytest.mark.parametrize(("names", "limit", "found"), [
    ([None], 200, "names none"), (["gazette"], 200, "names 1"), (["gazette", None], 200, "names 1"),
    (["gazette", "herald", "star"], 2, "2 to 2, and the column 'outlet' names more")])
@pytest.mark.parametrize("size", [2, 100])
def test_outlets_that_cannot_be_compared_leave_two_tables_empty(names, limit, found, size, tmp_path,
                                                                monkeypatch):
    monkeypatch.setattr(merging, "MOST_OUTLETS", limit)
    rows = pd.DataFrame([(f"a{i}", names[i % len(names)], f"Boat {i} sank.") for i in range(6)],
                        columns=COLUMNS)
    rows.to_parquet(tmp_path / "rows.parquet")
    with pytest.warns(UserWarning, match=f"keyness and similarity are empty: .*{found}"):
        problems = write_tables(tmp_path / "rows.parquet", tmp_path / "out", partition_size=size,
                                quiet=True)
    made = written(tmp_path / "out")
    assert problems.empty and made["problems"].empty
    for name in ("keyness", "similarity"):
        assert check(name, made[name]).empty


def test_an_outlet_without_words_is_not_compared(tmp_path):
    rows = pd.DataFrame([(f"a{i}", ("gazette", "herald", "mute")[i % 3],
                          "..." if i % 3 == 2 else f"Boat {i} sank.") for i in range(9)],
                        columns=COLUMNS)
    rows.to_csv(tmp_path / "rows.csv", index=False)
    write_tables(tmp_path / "rows.csv", tmp_path / "out", format="csv", quiet=True)
    found = pd.read_csv(tmp_path / "out" / "similarity.csv")
    assert found[["document_a", "document_b"]].to_numpy().tolist() == [["gazette", "herald"]]
    assert set(pd.read_csv(tmp_path / "out" / "keyness.csv")["document"]) == {"gazette", "herald"}


@pytest.mark.parametrize("size", [1, 4])
def test_partitions_do_not_matter(source, serial, size, tmp_path):
    write_tables(source, tmp_path, partition_size=size, like="summit", quiet=True)
    assert len(list((tmp_path / "quotes").glob("part-*.parquet"))) == -(-11 // size)
    assert_same(written(tmp_path), serial)


def test_processes_do_not_matter(source, serial, tmp_path):
    write_tables(source, tmp_path, engine="processes", workers=2, partition_size=3, like="summit",
                 quiet=True)
    assert_same(written(tmp_path), serial)


def test_dask_does_not_matter(source, serial, cluster, tmp_path):
    write_tables(source, tmp_path, engine="dask", scheduler=cluster, partition_size=3,
                 like="summit", quiet=True)
    assert_same(written(tmp_path), serial)


def test_the_summit_gives_the_tables_of_a_study(event, tmp_path):
    write_tables(event.folder, tmp_path, partition_size=2, quiet=True)
    engine = signature(find_quotes).parameters["engine"].default
    study, made = make_study(event, engine=engine), written(tmp_path)
    for name in ("articles", "paragraphs", "sentences", "tokens", "quotes", "voices", "mentions",
                 "rates"):
        pd.testing.assert_frame_equal(made[name], getattr(study, name), check_dtype=False, obj=name)
    scores = add_tf_idf(count_terms(study.tokens))
    pd.testing.assert_frame_equal(made["scores"], scores, obj="scores")
    pd.testing.assert_frame_equal(made["similarity"], compare_documents(study.tokens))
    assert set(made["keyness"]["document"]) == set(study.articles["article_id"])


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_every_format_gives_the_same_tables(suffix, serial, tmp_path):
    path, rows = tmp_path / f"made_up{suffix}", made_up(11)
    if suffix == ".csv":
        rows.to_csv(path, index=False)
    elif suffix == ".jsonl":
        rows.to_json(path, orient="records", lines=True)
    else:
        (path := tmp_path / "parts").mkdir()
        rows.iloc[:6].to_parquet(path / "a.parquet")
        rows.iloc[6:].to_parquet(path / "b.parquet")
    write_tables(path, tmp_path / "out", like="summit", quiet=True)
    assert_same(written(tmp_path / "out"), serial)


def test_csv_holds_no_formula(source, tmp_path):
    write_tables(source, tmp_path, format="csv", partition_size=4, quiet=True)
    tokens = pd.read_csv(tmp_path / "tokens.csv", dtype=str, keep_default_na=False)
    assert len(tokens) == len(pd.read_csv(tmp_path / "tokens.csv")) > 100
    rows = pd.DataFrame([("=cmd()", "x", "-1 is cold. @home."), ("b", "+y", "=2\nThree.")],
                        columns=COLUMNS)
    rows.to_parquet(tmp_path / "formulas.parquet")
    write_tables(tmp_path / "formulas.parquet", tmp_path / "out", format="csv", quiet=True)
    for file in (tmp_path / "out").glob("*.csv"):
        cells = pd.read_csv(file, dtype=str, keep_default_na=False).to_numpy().ravel()
        numbers = pd.to_numeric(pd.Series(cells, dtype=object), errors="coerce").notna()
        words = [cell for cell, number in zip(cells, numbers, strict=True) if not number]
        assert not [cell for cell in words if cell.startswith(("=", "+", "-", "@", "\t"))], file
    assert "'=cmd()" in (tmp_path / "out" / "articles.csv").read_text("utf-8")


def test_an_article_that_fails_becomes_a_problem(source, serial, tmp_path, monkeypatch):
    real = steps.STEPS["quotes"]

    def fail(tables, settings):
        if (tables["articles"]["article_id"] == "a003").any():
            raise RuntimeError("no such luck")
        return real(tables, settings)

    monkeypatch.setitem(steps.STEPS, "quotes", fail)
    problems = write_tables(source, tmp_path, partition_size=4, like="summit", quiet=True)
    assert problems["file"].to_list() == ["a003"]
    assert "RuntimeError: no such luck" in problems["problem"][0]
    made = written(tmp_path)
    for name in ("articles", "tokens", "quotes", "voices"):
        wanted = serial[name][serial[name]["article_id"] != "a003"].reset_index(drop=True)
        pd.testing.assert_frame_equal(made[name], wanted, obj=name)
    assert made["scores"]["idf"].max() < serial["scores"]["idf"].max()  # ten articles, not eleven


def test_an_interrupted_run_goes_on_and_never_shows_half_a_table(source, serial, tmp_path,
                                                                 monkeypatch):
    real, calls = steps._analyse, []

    def stop(articles, settings):
        calls.append(len(articles))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(articles, settings)

    monkeypatch.setattr(steps, "_analyse", stop)
    with pytest.raises(KeyboardInterrupt):
        write_tables(source, tmp_path, partition_size=3, like="summit", quiet=True)
    assert [p.name for p in tmp_path.iterdir()] == [".unfinished"]
    write_tables(source, tmp_path, partition_size=3, like="summit", quiet=True)
    assert calls == [3, 3, 3, 3, 2]  # the two finished partitions were not made again
    assert_same(written(tmp_path), serial)
    assert not (tmp_path / ".unfinished").exists()


def test_a_run_interrupted_before_outlets_are_compared_goes_on(source, serial, tmp_path,
                                                               monkeypatch):
    with pytest.raises(KeyboardInterrupt), monkeypatch.context() as patch:
        patch.setattr(merging, "compare_outlets", interrupt)
        write_tables(source, tmp_path, partition_size=2, like="summit", quiet=True)
    monkeypatch.setattr(steps, "_analyse", interrupt)  # nothing is analysed again
    write_tables(source, tmp_path, partition_size=2, like="summit", quiet=True)
    assert_same(written(tmp_path), serial)


def test_changed_input_is_not_taken_from_an_interrupted_run(source, serial, tmp_path, monkeypatch):
    changed = made_up(11)
    changed.loc[0, "text"] = "Another text altogether.\n"
    changed.to_parquet(tmp_path / "made_up.parquet")
    with pytest.raises(KeyboardInterrupt), monkeypatch.context() as patch:
        patch.setattr(scale, "add_up_frequencies", interrupt)
        write_tables(tmp_path / "made_up.parquet", tmp_path / "out", partition_size=3,
                     like="summit", quiet=True)
    write_tables(source, tmp_path / "out", partition_size=5, like="summit", quiet=True)
    assert_same(written(tmp_path / "out"), serial)


@pytest.fixture
def stopped(source, tmp_path, monkeypatch):
    """Return the folder of a run that was stopped when only the last partition was missing."""
    with pytest.raises(KeyboardInterrupt), monkeypatch.context() as patch:
        patch.setattr(scale, "add_up_frequencies", interrupt)
        write_tables(source, tmp_path, partition_size=3, like="summit", quiet=True)
    (tmp_path / ".unfinished" / "00003.json").unlink()
    return tmp_path


@pytest.fixture
def calls(monkeypatch) -> list[int]:
    """Return the list to which every partition that is analysed adds its size."""
    real, sizes = steps._analyse, []
    monkeypatch.setattr(steps, "_analyse", lambda articles, settings: (
        sizes.append(len(articles)) or real(articles, settings)))
    return sizes


def test_what_other_code_made_is_not_taken(source, serial, stopped, calls, monkeypatch):
    other = stopped / "package"
    (other / "lexicons").mkdir(parents=True)
    (other / "lexicons" / "titles.toml").write_text("[mayor]")
    monkeypatch.setattr(scale, "PACKAGE", other)
    write_tables(source, stopped, partition_size=3, like="summit", quiet=True)
    assert calls == [3, 3, 3, 2]
    assert_same(written(stopped), serial)


def test_a_partition_that_lacks_a_table_is_made_again(source, serial, stopped, calls):
    (stopped / ".unfinished" / "sketches" / "part-00001.parquet").unlink()
    write_tables(source, stopped, partition_size=3, like="summit", quiet=True)
    assert calls == [3, 2]
    assert_same(written(stopped), serial)


def test_a_run_stopped_while_tables_are_put_in_place_goes_on(source, serial, tmp_path, monkeypatch):
    real = os.replace

    def stop(old, new):
        if Path(new) == tmp_path / "tokens":
            raise KeyboardInterrupt
        real(old, new)

    with pytest.raises(KeyboardInterrupt), monkeypatch.context() as patch:
        patch.setattr(os, "replace", stop)
        write_tables(source, tmp_path, partition_size=6, like="summit", quiet=True)
    write_tables(source, tmp_path, partition_size=6, like="summit", quiet=True)
    assert_same(written(tmp_path), serial)
    assert not (tmp_path / ".unfinished").exists()


def test_workers_that_write_elsewhere_are_one_clear_error(source, tmp_path, monkeypatch):
    monkeypatch.setattr(scale, "analyse_partition", lambda task: task.partition.number)
    with pytest.raises(CorpusError, match="partition 0 was analysed, .*under the same path"):
        write_tables(source, tmp_path, partition_size=6, quiet=True)


def test_the_contrast_of_an_event_is_among_what_a_partition_depends_on(make_event, tmp_path):
    folder, keys = make_event(one="Rain."), set()
    for contrast in ('["a", "b"]', '["b", "a"]', '["b", "a"]'):
        (folder / "event.toml").write_text(f"contrast = {contrast}")
        keys.add(scale._settings(folder, tmp_path, "speech", None)[1].key)
    assert len(keys) == 2


def test_two_runs_do_not_write_into_one_folder(source, tmp_path):
    pytest.importorskip("fcntl")
    with reserve(tmp_path), pytest.raises(CorpusError, match="another run is writing"):
        write_tables(source, tmp_path, quiet=True)
    assert not list(tmp_path.iterdir())


def test_workers_end_with_the_process_that_was_killed():
    code = ("import os\nfrom analysis.engines import open_engine\n"
            "if __name__ == '__main__':\n"
            "    with open_engine('processes', workers=1) as run:\n"
            "        print(*run(abs, [-7]), flush=True)\n"
            "        os.kill(os.getpid(), 9)\n")
    # The pipe is closed when the last of the processes that write into it has ended.
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True,
                          check=False, timeout=60)
    assert (done.returncode, done.stdout) == (-9, "7\n")


def _kill_once(task: tuple[str, int]) -> int:
    flag, number = Path(task[0]), task[1]
    if number == 2 and not flag.exists():
        flag.write_text("killed")
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def _kill_always(number: int) -> int:
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("engine", ["processes", "dask"])
def test_work_of_a_killed_worker_is_done_again(engine, request, tmp_path):
    address = request.getfixturevalue("cluster") if engine == "dask" else None
    tasks = [(str(tmp_path / "flag"), number) for number in range(5)]
    with open_engine(engine, workers=2, scheduler=address) as run:
        assert sorted(run(_kill_once, tasks)) == [0, 1, 2, 3, 4]
    assert (tmp_path / "flag").exists()


def test_a_task_that_always_kills_its_worker_is_named():
    with pytest.raises(CorpusError, match=r"1: its worker was killed 3 times.*smaller partition"), \
            open_engine("processes", workers=1) as run:
        list(run(_kill_always, range(3)))


def test_tasks_are_read_only_as_they_are_needed():
    read = []

    def tasks():
        for number in range(50):
            read.append(number)
            yield number

    with open_engine("processes", workers=1) as run:
        results = run(abs, tasks())
        assert next(results) in (0, 1)
        time.sleep(0.2)
        assert len(read) <= 5


@pytest.mark.parametrize(("name", "raw", "message"), [
    ("a.csv", b"article_id,words\n1,x\n", r"a\.csv: has no column 'text'; it has .*, words"),
    ("a.csv", b"", r"a\.csv: is empty"),
    ("a.csv", b"article_id,text\n1,\xff\xfe\n", r"a\.csv: cannot be read as CSV.*UTF-8"),
    ("a.csv", b"article_id,text\n1,x\n2,x,y,z\n", r"a\.csv: cannot be read as CSV.*line 3"),
    ("a.jsonl", b'{"id": 1, "words": "x"}\n', r"a\.jsonl: has no column 'text'"),
    ("a.csv", b"article_id,text\n1,\n", r"a\.csv: no article could be read \(a.csv, row 1: has no"),
    ("a.txt", b"x", r"a\.txt: articles are read from \.csv, .*samestory import"),
    ("a.jsonl", b"\n\n", "a.jsonl: no article could be read"),
    ("a.parquet", b"PAR1 and then nothing", r"a\.parquet: cannot be read as Parquet.*cut off"),
])
def test_a_file_that_cannot_be_used_is_one_clear_error(name, raw, message, tmp_path):
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(CorpusError, match=message):
        write_tables(tmp_path / name, tmp_path / "out", quiet=True)


def test_a_parquet_file_that_is_cut_off(source, tmp_path):
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(source.read_bytes()[:-100])
    with pytest.raises(CorpusError, match=r"cut\.parquet: cannot be read as Parquet"):
        write_tables(cut, tmp_path / "out", quiet=True)
    pq.write_table(pq.read_table(source).drop_columns("text"), cut)
    with pytest.raises(CorpusError, match=r"cut\.parquet: has no column 'text'"):
        write_tables(cut, tmp_path / "out", quiet=True)


def test_a_parquet_file_without_text_is_refused_by_its_schema(tmp_path, monkeypatch):
    made_up(3).to_parquet(tmp_path / "a.parquet")
    made_up(3).drop(columns="text").to_parquet(tmp_path / "b.parquet")
    monkeypatch.setattr(pq.ParquetFile, "iter_batches", lambda *_, **__: pytest.fail("was read"))
    for source in (tmp_path / "b.parquet", tmp_path):  # a folder is refused for any of its files
        for refuse in (find_source, scale.count_frequencies,
                       lambda path: write_tables(path, tmp_path / "out", quiet=True)):
            with pytest.raises(CorpusError, match=r"b\.parquet: has no column 'text'; it has arti"):
                refuse(source)


def test_a_file_is_refused_before_the_libraries_are_loaded(tmp_path):
    made_up(3).drop(columns="text").to_parquet(tmp_path / "a.parquet")
    code = ("import sys; from analysis.__main__ import main\n"
            "try: main(['tables', sys.argv[1], '--out', sys.argv[2]])\n"
            "finally: print('sklearn' in sys.modules, 'scipy.stats' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", code, tmp_path / "a.parquet", tmp_path / "out"],
                          capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "False False\n"), done.stderr
    assert done.stderr.startswith("Error: a.parquet: has no column 'text'")


def test_files_of_a_folder_may_name_their_columns_differently(tmp_path):
    made_up(2).to_parquet(tmp_path / "a.parquet")
    made_up(2).rename(columns={"text": "body", "article_id": "id"}).assign(
        id=["b0", "b1"]).to_parquet(tmp_path / "b.parquet")
    [part] = read_partitions(find_source(tmp_path), 10)
    assert part.articles["article_id"].to_list() == ["a000", "a001", "b0", "b1"]
    assert part.problems.empty and part.articles["text"].str.contains("bridge").all()


def test_frames_of_another_event_do_not_change_the_articles(make_event, tmp_path):
    folder = make_event(one="The pariah has a desperate need of shells.")
    write_tables(folder, tmp_path / "out", like="summit", quiet=True)
    made = written(tmp_path / "out")
    assert made["articles"]["article_id"].to_list() == ["one"] and len(made["mentions"])


def test_bad_rows_become_problems(tmp_path):
    rows = [{"id": "a", "text": "One."}, {"id": "a", "text": "Two."}, {"id": "b", "text": " "},
            {"id": "c"}, {"text": "No id."}, {"id": "d", "text": "Nul \0."}, {"id": "e", "text": 7}]
    lines = [json.dumps(row) for row in rows] + ["{broken", "[1]", '{"id": "f", "text": "\\ud800"}']
    (tmp_path / "rows.jsonl").write_text("\n".join([*lines, '{"id": 9, "text": "Nine."}']))
    parts = list(read_partitions(tmp_path / "rows.jsonl", 4))
    assert [x for part in parts for x in part.articles["article_id"]] == ["a", "9"]
    problems = {file.rpartition(" ")[2]: problem for part in parts
                for file, problem in part.problems.itertuples(index=False)}
    wanted = {"2": "already used", "3": "has no text", "4": "has no text", "5": "has no id",
              "6": "NUL", "7": "has no text", "8": "not JSON", "9": "not an article",
              "10": "half a character"}
    assert set(problems) == set(wanted)
    assert all(wanted[row] in problems[row] for row in wanted)


def test_duplicates_are_reported_whatever_the_partition(source, tmp_path, monkeypatch):
    rows = made_up(4)
    rows.loc[3, "text"] = rows.loc[0, "text"]
    rows.to_parquet(tmp_path / "twice.parquet")
    for limit in (20_000, 2):
        monkeypatch.setattr(merging, "NEARLY", limit)
        write_tables(tmp_path / "twice.parquet", tmp_path / "out", partition_size=1, quiet=True)
        found = pd.read_parquet(tmp_path / "out" / "duplicates").query("exact")
        assert found[["article_id", "duplicate_of"]].to_numpy().tolist() == [
            [rows.loc[3, "article_id"], rows.loc[0, "article_id"]]]


@pytest.mark.parametrize("size", [1, 3, 100])
def test_frequencies_are_the_same_for_every_partitioning(source, serial, size, monkeypatch):
    monkeypatch.setattr(merging, "_FOLD", 2)
    found = scale.count_frequencies(source, partition_size=size).set_index("term")
    wanted = serial["counts"].groupby("term")["n"].agg(documents="size", n="sum")
    pd.testing.assert_frame_equal(found, wanted)


def test_wrong_usage_is_refused(source, tmp_path):
    with pytest.raises(ValueError, match="no engine is called 'spark'; there are serial"):
        write_tables(source, tmp_path, engine="spark", quiet=True)
    with pytest.raises(ValueError, match="goes with the engine dask"):
        write_tables(source, tmp_path, scheduler="tcp://localhost:1", quiet=True)
    with pytest.raises(ValueError, match="'parquet' or 'csv'"):
        write_tables(source, tmp_path, format="xlsx", quiet=True)
    with pytest.raises(ValueError, match="give 1 or more"):
        write_tables(source, tmp_path, partition_size=0, quiet=True)
    with pytest.raises(ValueError, match="0 workers cannot do it: give 1 or more"):
        write_tables(source, tmp_path, engine="processes", workers=0, quiet=True)
    with pytest.raises(CorpusError, match=r"gone\.csv: there is no such file"):
        write_tables(tmp_path / "gone.csv", tmp_path, quiet=True)
    with pytest.raises(CorpusError, match="there is no such event"):
        write_tables("no-such-event", tmp_path, quiet=True)


def test_dask_that_is_not_installed_is_one_clear_error(monkeypatch):
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    with pytest.raises(CorpusError, match=r"pip install 'samestory\[scale\]'"), \
            open_engine("dask"):
        pass


def test_codes_of_an_event_are_among_its_tables(event, tmp_path):
    write_tables(event.folder, tmp_path / "out", format="csv", quiet=True)
    codes = pd.read_csv(tmp_path / "out" / "codes.csv")
    assert len(codes) == 140 and set(codes["coder"]) == {"coder1", "coder2"}
