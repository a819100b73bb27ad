"""The benchmark compares like with like; its seconds are nobody's business here."""

import json
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks"
sys.path.insert(0, str(FOLDER))

import bench  # noqa: E402
import candidates  # noqa: E402
from made_up import make_corpus  # noqa: E402

COMPARED = [(task, name) for task, names in candidates.TASKS.items() if task != "engines"
            for name in list(names)[1:] if bench.OWN_RULE not in name]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("bench") / "corpus.parquet"
    make_corpus(path, 120)
    return path


def test_the_corpus_is_the_same_every_time(corpus, tmp_path):
    make_corpus(tmp_path / "again.parquet", 120)
    rows = pq.read_table(corpus)
    assert rows.equals(pq.read_table(tmp_path / "again.parquet"))
    assert rows.num_rows == 120 and len(set(rows["outlet"].to_pylist())) == 8
    text = " ".join(rows["text"].to_pylist())
    assert "“" in text and "’s" in text and "U.S." in text


@pytest.mark.parametrize(("task", "name"), COMPARED)
def test_every_candidate_does_the_same_as_its_reference(task, name, corpus):
    makes = candidates.TASKS[task]
    try:
        one, two = (makes[which](corpus, 120)() for which in (next(iter(makes)), name))
    except candidates.NotInstalled as missing:
        pytest.skip(f"not installed: {missing}")
    assert candidates.difference(task, one, two) is None


@pytest.mark.parametrize("task", ["quotes", "frames and voices", "stream"])
def test_our_own_tasks_find_something(task, corpus):
    assert candidates.TASKS[task]["samestory"](corpus, 20)() > 0


def test_a_difference_is_found():
    assert candidates.difference("counts", (1, 2, 3), (1, 2, 4))
    assert candidates.difference("counts", (1, 2, 3), (1, 2, 3)) is None


def test_a_run_writes_its_figures(corpus, tmp_path, capsys):
    out = tmp_path / "bench.json"
    assert bench.main(["--articles", "40", "--reps", "1", "--tasks", "counts", "words",
                       "--corpus", str(corpus), "--out", str(out)]) == 0
    told = json.loads(out.read_text("utf-8"))
    assert set(told["tasks"]) == {"counts, 40", "words, 40"}
    ours = told["tasks"]["words, 40"]["samestory"]
    assert ours["seconds"] > 0 and ours["speed"] > 0 and len(ours["times"]) == 1
    assert told["before"]["versions"]["numpy"] and "samestory" in capsys.readouterr().out


def test_a_candidate_that_differs_gets_no_figure(corpus, monkeypatch, capsys):
    row = bench.summarise("counts", [{"cpu": 1.0, "wall": 1.0, "difference": "1 is not 2"}])
    bench.show("counts", 10, {"samestory": row})
    assert row == {"difference": "1 is not 2"} and "DIFFERS: 1 is not 2" in capsys.readouterr().out


def test_an_unknown_task_is_refused(corpus, tmp_path):
    with pytest.raises(SystemExit, match="no task is called 'speed'; there are words"):
        bench.main(["--tasks", "speed", "--corpus", str(corpus), "--out", str(tmp_path / "x")])
