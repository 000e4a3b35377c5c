"""Rows gathered into policies: their names, what is held at a time, and the numbers of members."""

import pyarrow as pa
import pytest

from product_factory.errors import BadInput
from rating.book import By, open_source
from rating.book import policies as gathering
from rating.book import source as sources
from rating.plan import bind
from rating.quote import quote
from tests.rating.crew import write_crew
from tests.rating.test_book_policies import rated, read, rejects_of, write
from tests.rating.test_book_resume import Stopped, bytes_of, stop_behind
from tests.rating.tiny_shelf import product_of, write_shelf


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    shelf = write_shelf(tmp_path_factory.mktemp("shelf"))
    write_crew(shelf)
    return bind(product_of(shelf, "crew"))


def test_a_policy_beyond_what_is_held_is_told_wherever_it_stands(plan, tmp_path, monkeypatch):
    monkeypatch.setattr(gathering, "MOST_ROWS", 5)
    rows = [[name, "ferry", "member", 100, 30, "", ""] for name in "aaaaaabc"]
    with pytest.raises(BadInput, match="the policy 'a' has more than 5 rows; expected fewer"):
        rated(plan, write(tmp_path / "book.csv", rows), tmp_path / "out.csv")


def test_rows_too_long_to_be_one_block_are_told(plan, tmp_path, monkeypatch):
    """Arrow holds 2 GiB of text in a column of a block at most."""

    def beyond(_chunks):
        raise pa.ArrowInvalid

    monkeypatch.setattr(sources, "CHUNK", 1)
    monkeypatch.setattr(pa, "concat_arrays", beyond)
    book = write(tmp_path / "book.parquet", [["a", "ferry", "member", 100, 30, "", ""]] * 2)
    with pytest.raises(BadInput, match="the policy 'a', and the rows read with it, are too long"):
        rated(plan, book, tmp_path / "out.csv")


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("chunk", [2, 100])
def test_blanks_around_a_name_are_no_part_of_it(plan, tmp_path, monkeypatch, kind, chunk):
    """Rows of one policy whose names differ in blanks are one policy; blanks alone are no name."""
    monkeypatch.setattr(sources, "CHUNK", chunk)
    monkeypatch.setattr(sources, "CSV_BYTES", 40 * chunk)
    names = ["a", "a ", "\u3000a", "\ta", "b", "c", "\u3000", "d", "e", "b\u00a0"]
    rows = [[name, "ferry", "member", 100, 30, "", ""] for name in names]
    result = rated(plan, write(tmp_path / f"book.{kind}", rows), tmp_path / "out.parquet")
    assert [(e["policy"], e["items"]) for e in read(result.target)] == [("a", 4), ("e", 1)]
    told = {int(entry["row"]): entry["reason"] for entry in rejects_of(result)}
    assert told[5] == told[10]
    assert told[5].startswith("expected the rows of a policy one after another")
    assert told[7] == "expected the name of a policy, got nothing"


def test_names_that_are_no_text_lose_their_blanks_too():
    held = pa.array([b"\xff ", b"\xe3\x80\x80a", None, b" "])
    column = pa.Array.from_buffers(pa.string(), 4, held.buffers())
    assert gathering.names_of(column).to_pylist() == [b"\xff", b"a", None, b""]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_long_stretch_of_rows_without_a_policy_is_not_held(plan, tmp_path, monkeypatch, kind):
    """However blocks fall, such a stretch ends a policy, and both its parts are rejected."""
    monkeypatch.setattr(gathering, "MOST_LOOSE", 9)
    names = [*([""] * 30), "a", *([""] * 5), "a", *([""] * 9), "b", *([""] * 40), "b", "c"]
    rows = [[name, "ferry", "member", 100, 30, "", ""] for name in names]
    book = write(tmp_path / f"book.{kind}", rows)
    found = []
    for chunk in (3, 10, 1_000):
        monkeypatch.setattr(sources, "CHUNK", chunk)
        monkeypatch.setattr(sources, "CSV_BYTES", 25 * chunk)
        opened = open_source(book, by=By("policy"))
        most = max(len(one.loose) for one in gathering.policies(opened, "policy"))
        assert chunk == 1_000 or most <= 9 + 3 * chunk
        out = tmp_path / f"out{chunk}.csv"
        result = rated(plan, book, out)
        assert (result.rows, result.policies, result.rated) == (len(names), 4, 1)
        found.append(bytes_of(out))
        with pytest.raises(Stopped):
            rated(plan, book, tmp_path / f"again{chunk}.csv", progress=stop_behind(1))
        assert bytes_of(rated(plan, book, tmp_path / f"again{chunk}.csv").target) == found[-1]
    assert found[0] == found[1] == found[2]


BOAT = {"value": 100, "metal": "yes"}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"boat.1.value": 100}, "boat.1.value: expected one 'boat' in a policy, without a number"),
        ({"items": {"boat": [BOAT]}}, "boat: expected no list, since a policy has one 'boat'"),
        ({"items": {"boat": [BOAT] * 2}}, "boat: expected no list, since a policy has one 'boat'"),
        ({"member.age": 40}, "member.1.age: stands twice"),
        ({"items": {"member": [{"age": 40}]}}, "member.1.age: stands twice"),
        ({"member.01.age": 40}, "unknown variable 'member.01.age'"),
        ({"member.0.age": 40}, "unknown variable 'member.0.age'"),
        (
            {"member.5.age": 40, "member.5.value": 70},
            "member: expected 'member.2' before 'member.5', got nothing",
        ),
    ],
)
def test_what_is_said_of_members_is_said_once_and_without_gaps(plan, more, message):
    """One problem is told, and it says what: no value goes over another."""
    with pytest.raises(BadInput) as error:
        quote(plan, {"trade": "ferry", "member.1.age": 30, "member.1.value": 70, **more})
    [problem] = error.value.problems
    assert str(problem).startswith(message)
