"""Where there is no terminal, a line every half minute says how far, how fast, how long still."""

from sandbox.execution.lines import Lines


def said_of(total, steps, seconds):
    """Give the lines of so many steps of 100 rows, each after so many seconds."""
    now, told = [0.0], []
    with Lines("simulating", total, told.append, lambda: now[0]) as lines:
        for _ in range(steps):
            now[0] += seconds
            lines.step(100)
    return told


def test_a_line_comes_every_half_minute_with_the_rate_and_the_time_left():
    assert said_of(2_000, 6, 10.0) == [
        "simulating: 300 of 2,000, 10/s, 0:02:50 left",
        "simulating: 600 of 2,000, 10/s, 0:02:20 left",
    ]


def test_what_is_done_sooner_says_nothing():
    assert said_of(2_000, 20, 1.0) == []


def test_where_no_end_is_known_the_rate_is_told():
    assert said_of(None, 1, 40.0) == ["simulating: 100 done, 2.5/s"]
