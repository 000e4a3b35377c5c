"""A run of a book that is stopped at any moment goes on, and comes to the same bytes."""

import json
import os
import signal
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from product_factory.errors import BadInput
from rating.book import rate_book, unfinished
from rating.book import source as sources
from rating.book.parts import ParquetParts
from rating.book.source import open_source
from rating.plan import bind
from tests.rating.test_book import BAD, GOOD, table
from tests.rating.tiny_shelf import changed, product_of

ROWS = 1_200
CHUNK = 100
KILLS = 20
WAIT = 30.0


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(sources, "CHUNK", CHUNK)
    monkeypatch.setattr(sources, "CSV_BYTES", 4_000)


@pytest.fixture
def plan(shelf):
    return bind(product_of(shelf, "lamp"))


@pytest.fixture(params=["parquet", "csv", "utf-16"])
def book(request, tmp_path):
    """1,200 rows, a tenth of them bad; the row groups are not those of the result."""
    rng = np.random.default_rng(7)
    bad = [row for row, *_ in BAD]
    rows = [
        (bad if rng.random() < 0.1 else GOOD)[int(rng.integers(len(GOOD)))] for _ in range(ROWS)
    ]
    made = table(rows)
    if request.param == "parquet":
        pq.write_table(made, tmp_path / "book.parquet", row_group_size=130)
        return tmp_path / "book.parquet"
    path = tmp_path / "book.csv"
    pa.csv.write_csv(made, path)
    if request.param == "utf-16":
        text = path.read_text("utf-8").replace('"a"', '"甲"')
        path.write_bytes(text.encode("utf-16"))
    return path


def left(folder):
    """What a run leaves beside the book."""
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("out"))


def bytes_of(target):
    return target.read_bytes(), target.with_name(target.name + ".rejects.csv").read_bytes()


class Stopped(Exception):
    """What stands for a stop in the tests that do not kill."""


def stop(*_):
    raise Stopped


def stop_behind(parts):
    """A progress bar that stops the run."""
    seen = []

    def progress(rows):
        seen.append(rows)
        if len(seen) >= parts:
            raise Stopped

    return progress


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_run_that_is_stopped_goes_on_to_the_same_bytes(plan, book, tmp_path, kind):
    target = tmp_path / f"out.{kind}"
    whole = rate_book(plan, book, tmp_path / f"whole.{kind}")
    expected = bytes_of(whole.target)
    for parts in (2, 3, 4):
        with pytest.raises(Stopped):
            rate_book(plan, book, target, progress=stop_behind(parts))
        assert f"out.{kind}.journal" in left(tmp_path)
    result = rate_book(plan, book, target)
    assert result.resumed >= 5 * CHUNK
    assert result.counts() == whole.counts()
    assert bytes_of(target) == expected
    assert left(tmp_path) == [f"out.{kind}", f"out.{kind}.rejects.csv"]


def count_lines(path):
    try:
        return path.read_bytes().count(b"\n")
    except FileNotFoundError:
        return 0


def killed(plan, book, target, lines, rest):
    """Rate in a process of its own, and kill it once its journal has so many lines."""
    journal = target.with_name(target.name + ".journal")
    child = os.fork()
    if child == 0:
        try:
            rate_book(plan, book, target)
        finally:
            os._exit(0)
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        done, _ = os.waitpid(child, os.WNOHANG)
        if done:
            return
        if count_lines(journal) >= lines:
            break
    time.sleep(rest)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_run_that_is_killed_at_any_moment_goes_on_to_the_same_bytes(plan, book, tmp_path):
    """Twenty kills, some of them of runs that go on behind another kill."""
    kind = book.suffix[1:]
    whole = rate_book(plan, book, tmp_path / f"whole.{kind}")
    expected = bytes_of(whole.target)
    target = tmp_path / f"out.{kind}"
    rng = np.random.default_rng(11)
    went_on = 0
    for kill in range(KILLS):
        killed(plan, book, target, int(rng.integers(0, 12)), rng.random() * 0.01)
        if kill % 3 < 2:
            result = rate_book(plan, book, target)
            went_on += result.resumed > 0
            assert result.counts() == whole.counts()
            assert bytes_of(target) == expected
            for name in left(tmp_path):
                (tmp_path / name).unlink()
    assert went_on >= KILLS // 4
    rate_book(plan, book, target)
    assert bytes_of(target) == expected


def test_bytes_that_were_lost_are_made_anew(plan, book, tmp_path):
    """A part that is cut off, or damaged, or whose line is: all from there on is done again."""
    whole = rate_book(plan, book, tmp_path / "whole.parquet")
    target = tmp_path / "out.parquet"
    part, journal = tmp_path / "out.parquet.part", tmp_path / "out.parquet.journal"

    def cut(path):
        path.write_bytes(path.read_bytes()[:-30])

    def damage(path):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(bytes(content))

    kept = []
    for harm in (
        lambda: None,
        lambda: cut(part),
        lambda: cut(journal),
        lambda: damage(part),
        part.unlink,
        lambda: damage(tmp_path / "out.parquet.rejects.csv.part"),
        lambda: journal.write_bytes(b"nonsense"),
        lambda: cut(tmp_path / "out.parquet.rejects.csv.part"),
    ):
        with pytest.raises(Stopped):
            rate_book(plan, book, target, progress=stop_behind(8))
        harm()
        result = rate_book(plan, book, target)
        kept.append(result.resumed)
        assert bytes_of(target) == bytes_of(whole.target)
    assert kept[0] > kept[3] > kept[4] == kept[6] == 0


def told_of(line):
    return json.loads(line.rpartition(" ")[0])


CHANGED = [
    {"ends": [1, 2, 3]},
    {"ends": [-5, 7]},
    {"sums": [0]},
    {"counts": [1]},
    {"counts": "many"},
    {"place": [1, 2]},
    {"place": [1e999]},
    {"note": 3},
]


def test_a_line_of_a_journal_that_was_changed_tells_of_nothing(plan, book, tmp_path):
    """What stands before it is kept, and what follows is made anew: no word of it is believed."""
    whole = rate_book(plan, book, tmp_path / "whole.csv")
    target, journal = tmp_path / "out.csv", tmp_path / "out.csv.journal"
    for changed_to in CHANGED:
        with pytest.raises(Stopped):
            rate_book(plan, book, target, progress=stop_behind(6))
        lines = journal.read_text("utf-8").splitlines()
        kept = sum(sum(told_of(line)["counts"]) for line in lines[1:3])
        told, _, checksum = lines[3].rpartition(" ")
        lines[3] = f"{json.dumps(json.loads(told) | changed_to)} {checksum}"
        journal.write_text("\n".join(lines) + "\n", encoding="utf-8")
        result = rate_book(plan, book, target)
        assert result.resumed == kept > 0, changed_to
        assert bytes_of(target) == bytes_of(whole.target)


def test_what_is_another_is_told_and_begun_anew(plan, book, shelf, tmp_path):
    target = tmp_path / "out.csv"

    def stopped(**more):
        with pytest.raises(Stopped):
            rate_book(plan, book, target, progress=stop_behind(4), **more)

    stopped(steps=["before"])
    result = rate_book(plan, book, target)
    assert (result.resumed, result.changed) == (0, ("options",))
    stopped()
    changed(shelf, "lamp/tables/rate.csv", "3.17", "3.18")
    result = rate_book(bind(product_of(shelf, "lamp")), book, target)
    assert (result.resumed, result.changed) == (0, ("product",))
    assert "begun anew: the product or a table of it changed" in "\n".join(result.lines())
    stopped()
    if book.suffix == ".csv":
        book.write_bytes(book.read_bytes()[:-20])
    else:
        pq.write_table(pq.read_table(book), book, row_group_size=140)
    result = rate_book(plan, book, target)
    assert (result.resumed, result.changed) == (0, ("book",))


def test_threads_and_the_place_of_the_book_may_be_others(plan, book, tmp_path):
    whole = rate_book(plan, book, tmp_path / "whole.parquet")
    with pytest.raises(Stopped):
        rate_book(plan, book, tmp_path / "out.parquet", progress=stop_behind(6))
    moved = book.rename(tmp_path / f"moved{book.suffix}")
    result = rate_book(plan, moved, tmp_path / "out.parquet", threads=3)
    assert result.resumed > 0
    assert bytes_of(result.target) == bytes_of(whole.target)


def test_a_full_disk_keeps_what_was_finished(plan, book, tmp_path, monkeypatch):
    whole = rate_book(plan, book, tmp_path / "whole.parquet")
    written = unfinished._write
    room = [7]

    def full(file, text):
        room[0] -= 1
        if room[0] < 0:
            written(file, text[: len(text) // 2])
            raise OSError(28, "No space left on device")
        written(file, text)

    monkeypatch.setattr(unfinished, "_write", full)
    with pytest.raises(BadInput, match=r"No space left on device; [1-9][0-9]* rows are done"):
        rate_book(plan, book, tmp_path / "out.parquet")
    monkeypatch.setattr(unfinished, "_write", written)
    result = rate_book(plan, book, tmp_path / "out.parquet")
    assert result.resumed >= 3 * CHUNK
    assert bytes_of(result.target) == bytes_of(whole.target)


def test_a_stop_between_the_ending_and_the_names_leaves_only_the_names_to_give(
    plan, book, tmp_path, monkeypatch
):
    whole = rate_book(plan, book, tmp_path / "whole.parquet")
    target = tmp_path / "out.parquet"
    plain = Path.replace
    for renames in (0, 1, 2):
        room = [renames]

        def replace(path, name, room=room):
            room[0] -= 1
            if room[0] < 0:
                raise Stopped
            return plain(path, name)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", replace)
            patch.setattr(unfinished.Journal, "remove", stop)
            with pytest.raises(Stopped):
                rate_book(plan, book, target)
        result = rate_book(plan, book, target)
        assert result.resumed == ROWS
        assert bytes_of(target) == bytes_of(whole.target)
        assert left(tmp_path) == ["out.parquet", "out.parquet.rejects.csv"]


def test_a_name_that_cannot_be_given_to_an_empty_result_tells_of_no_rows(
    plan, tmp_path, monkeypatch
):
    pq.write_table(table(GOOD).slice(0, 0), tmp_path / "empty.parquet")

    def refuse(_path, _name):
        raise OSError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(BadInput) as error:
        rate_book(plan, tmp_path / "empty.parquet", tmp_path / "out.parquet")
    assert str(error.value).endswith("cannot be written: Permission denied")


def test_an_earlier_result_stands_until_the_new_one_is_whole(plan, book, tmp_path):
    target = tmp_path / "out.csv"
    rate_book(plan, book, target, steps=["before"])
    before = bytes_of(target)
    with pytest.raises(Stopped):
        rate_book(plan, book, target, progress=stop_behind(4))
    assert bytes_of(target) == before


def test_two_runs_never_write_one_result(plan, book, tmp_path):
    target = tmp_path / "out.csv"

    def second(_rows):
        with pytest.raises(BadInput, match="another run is writing this result"):
            rate_book(plan, book, target)

    result = rate_book(plan, book, target, progress=second)
    assert result.rows == ROWS
    assert left(tmp_path) == ["out.csv", "out.csv.rejects.csv"]


def test_a_book_that_is_changed_while_it_is_read_is_told(plan, book, tmp_path):
    def touch(_rows):
        os.utime(book, ns=(1, 1))

    with pytest.raises(BadInput, match="the book was changed while it was read"):
        rate_book(plan, book, tmp_path / "out.csv", progress=touch)
    assert left(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_told(plan, book, tmp_path):
    with pytest.raises(BadInput, match="cannot be written: No such file or directory"):
        rate_book(plan, book, tmp_path / "none" / "out.csv")


def test_a_journal_tells_in_plain_text_how_far_a_run_has_come(plan, book, tmp_path):
    with pytest.raises(Stopped):
        rate_book(plan, book, tmp_path / "out.csv", progress=stop_behind(4))
    first, *parts = (tmp_path / "out.csv.journal").read_text("utf-8").splitlines()
    assert set(json.loads(first)) == {"covercast", "product", "book", "options"}
    assert sum(sum(told_of(part)["counts"]) for part in parts) >= 3 * CHUNK


def test_parquet_in_parts_is_what_one_writer_writes(tmp_path):
    """Arrow's own writer gives the same bytes; so the footer that is moved is its footer."""
    rng = np.random.default_rng(3)
    rows = pa.table(
        {
            "row": np.arange(5_000),
            "premium": rng.normal(size=5_000),
            "word": pa.array(rng.choice(["a", "b", "丙"], 5_000)).dictionary_encode(),
            "day": pa.array(np.arange(5_000), pa.int32()).cast(pa.date32()),
            "none": pa.array([None] * 5_000, pa.float64()),
        }
    )
    parts = ParquetParts(rows.schema)
    made, notes = parts.beginning(), []
    with pq.ParquetWriter(tmp_path / "one.parquet", rows.schema, use_dictionary=["word"]) as one:
        for number in range(50):
            part = rows.slice(100 * number, 100)
            one.write_table(part)
            body, note = parts.part(part, len(made), number)
            made += body.to_pybytes()
            notes.append(note)
    made += parts.ending(notes, 5_000)
    assert made == (tmp_path / "one.parquet").read_bytes()
    assert pq.read_table(pa.BufferReader(made)).equals(rows)


def test_a_book_of_another_encoding_goes_on_as_well(plan, tmp_path):
    path = tmp_path / "book.csv"
    pa.csv.write_csv(table(GOOD * 100), path)
    path.write_bytes(path.read_text("utf-8").replace('"a"', '"甲"').encode("gbk"))
    whole = rate_book(plan, open_source(path, "gbk"), tmp_path / "whole.parquet")
    with pytest.raises(Stopped):
        rate_book(plan, open_source(path, "gbk"), tmp_path / "out.parquet", progress=stop_behind(3))
    result = rate_book(plan, open_source(path, "gbk"), tmp_path / "out.parquet")
    assert result.resumed > 0
    assert bytes_of(result.target) == bytes_of(whole.target)
    assert pq.read_table(result.target)["policy"][0].as_py() == "甲"
