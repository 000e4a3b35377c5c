"""The page of benchmarks says which aims are missed."""

from tests.benchmarks.table import AIMS, judged, tables

ROW = next(row for row, aim in AIMS.items() if aim == 1.3 and row.startswith("Poisson"))
TIMES = {
    "numpy": (9.0, "peer"),
    "kernel, 1 thread": (2.0, "limit"),
    "kernel, 2 threads": (1.0, "limit"),
    "Covercast, 1 thread": (2.5, "ours"),
    "Covercast, 2 threads": (1.4, "ours"),
    "Covercast, Dask with 2 local workers": (1.3, "ours"),
}


def test_each_time_is_judged_by_the_limit_of_as_many_threads():
    ratio, gain = judged(ROW + " 9 years", TIMES)
    assert ratio == (
        "Aim: 1.3 times the limit at most. Covercast, 1 thread: 1.25, reached; "
        "Covercast, 2 threads: 1.40, missed."
    )
    assert gain == (
        "Aim: 0.9 of the limit's own gain by a second thread (2.00) at least. "
        "Covercast, 2 threads: 0.89, missed; Covercast, Dask with 2 local workers: 0.96, reached."
    )


def test_one_limit_judges_all_and_a_row_without_an_aim_is_not_judged():
    times = {"numpy FFT": (1.0, "limit"), "Covercast": (2.5, "ours")}
    row = next(row for row in AIMS if row.endswith(":"))
    assert list(judged(row, times)) == ["Aim: 2 times the limit at most. Covercast: 2.50, missed."]
    assert not list(judged("check a shelf", times))


def test_the_judgement_stands_under_the_table():
    info = {"row": ROW, "contender": "kernel, 1 thread", "role": "limit"}
    runs = [
        {"extra_info": info | {"contender": name, "role": role}, "stats": {"min": seconds}}
        for name, (seconds, role) in TIMES.items()
    ]
    lines = list(tables({"benchmarks": runs}))
    assert any(line.startswith("Aim: 1.3 times") for line in lines)
