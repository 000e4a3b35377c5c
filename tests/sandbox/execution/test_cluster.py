"""A cluster computes the same bytes; a lost worker costs time only; the rest is told in a line."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace

import pytest

from product_factory.errors import BadInput
from sandbox.business.write import business_contents
from sandbox.execution import Execution, Store, cluster, run_task, worker
from sandbox.execution import run as execution_run
from sandbox.execution.cluster import MOST_LOSSES, Cluster
from sandbox.execution.task import Block
from sandbox.files import sha256
from sandbox.run import simulate
from tests.sandbox.business.mixed import BY_YEAR, TWO, made
from tests.sandbox.execution.counting import Counting, expected
from tests.sandbox.execution.test_run import same
from tests.sandbox.shipped import product, small
from tests.the_command import ROOT, inside

# not `long`: two workers would compile what others have compiled when these tests' turn comes
pytestmark = [
    # sockets and event loops of the library, closed after the test that used them
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
YEARS, SEED = 60, 5


@pytest.fixture(scope="module")
def two():
    with Cluster("local:2") as found:
        yield found


def run(name, execution):
    return simulate(product(name), small(name), years=YEARS, seed=SEED, execution=execution)


@pytest.mark.parametrize("name", ["home", "term_life"])
def test_a_cluster_computes_the_bytes_that_threads_do(name, two):
    assert two.workers == 2
    plain = run(name, Execution()).data()
    assert run(name, Execution(two, block=7)).data() == plain


def test_large_blocks_are_left_in_a_folder_of_the_run(two, monkeypatch):
    rows = 2 * worker.LARGE // 8
    room, taken = Path(two._room.name), []
    monkeypatch.setattr(cluster, "taken", lambda found: taken.append(found) or worker.taken(found))
    assert same(run_task(Counting(), rows, Execution(two, block=rows // 2)), expected(rows))
    assert all(Path(found).parent == room for found in taken)
    assert len(taken) == 2
    assert not list(room.iterdir())


def test_a_block_that_finds_no_room_is_handed_over_as_it_is(tmp_path):
    many, code = worker.LARGE // 8, worker.code()
    whole = expected(many)
    assert same(worker.compute(Counting(), 0, many, code, str(tmp_path / "nowhere")), whole)
    assert same(worker.compute(Counting(), 0, 10, code, str(tmp_path)), expected(10))
    left = worker.compute(Counting(), 0, many, code, str(tmp_path))
    assert same(worker.taken(left), whole)
    assert not list(tmp_path.iterdir())


def test_a_business_is_the_same_bytes_on_a_cluster(two):
    text = TWO + BY_YEAR
    plain = business_contents(made(text))
    found = business_contents(made(text, execution=Execution(two, block=30)))
    assert {n: sha256(each) for n, each in found.items()} == {
        n: sha256(each) for n, each in plain.items()
    }


@dataclass(frozen=True)
class Deadly(Counting):
    """Kills its worker at some rows: the first time, or every time."""

    rows: tuple[int, ...] = field(default=(), compare=False)
    once: str = field(default="", compare=False)

    def block(self, first, last):
        if any(first <= row < last for row in self.rows) and self._now():
            os.kill(os.getpid(), signal.SIGKILL)
        return super().block(first, last)

    def _now(self):
        if not self.once:
            return True
        try:
            os.close(os.open(self.once, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return False
        return True


def test_a_worker_that_is_killed_costs_time_only(two, tmp_path):
    task = Deadly(rows=(40,), once=str(tmp_path / "killed"))
    found = run_task(task, 100, Execution(two, block=7))
    assert (tmp_path / "killed").exists()
    assert same(found, expected(100))


class Killer:
    """Kills -9 a local worker while a block is in its work: stopped first, it cannot end it."""

    def __init__(self):
        self.stopped, self.died = None, 0

    def __call__(self, where):
        """Go on, after a block of some worker; nothing once it has killed."""
        if self.stopped is None:
            self.stopped = next(iter(where._local.workers.values()))
            os.kill(self.stopped.pid, signal.SIGSTOP)
        elif not self.died and where._client.processing().get(self.stopped.worker_address, True):
            self.died = self.stopped.pid
            os.kill(self.died, signal.SIGKILL)


@pytest.mark.parametrize("name", ["home", "term_life"])
def test_a_product_whose_worker_is_killed_at_work_has_the_bytes_that_threads_give(name, two):
    plain, killer = run(name, Execution()).data(), Killer()
    how = Execution(two, block=2, progress=lambda _rows: killer(two))
    assert run(name, how).data() == plain
    assert killer.died
    assert killer.died not in {nanny.pid for nanny in two._local.workers.values()}


def test_the_verb_goes_on_when_a_worker_of_its_cluster_is_killed(tmp_path, monkeypatch):
    """`simulate --cluster local:2`, killed in the midst: every file is that of threads."""
    verb = ("simulate", "million_medical", "--years", "40", "--seed", "5")
    assert inside(*verb, "--threads", "2", "-o", "plain", cwd=tmp_path).returncode == 0
    killer, real = Killer(), Cluster.map
    monkeypatch.setattr(execution_run, "rows_in_block", lambda _task, _rows: 2)

    def watched(self, task, parts):
        for done in real(self, task, parts):
            killer(self)
            yield done

    monkeypatch.setattr(Cluster, "map", watched)
    done = inside(*verb, "--cluster", "local:2", "-o", "killed", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert killer.died
    files = sorted(path.name for path in (tmp_path / "plain").iterdir())
    assert files == sorted(path.name for path in (tmp_path / "killed").iterdir())
    for name in files:
        plain, other = (tmp_path / place / name for place in ("plain", "killed"))
        assert plain.read_bytes() == other.read_bytes(), name


def test_a_block_that_brings_down_every_worker_ends_the_run_and_others_are_kept(two, tmp_path):
    store, told = Store(tmp_path), []
    how = Execution(two, store, block=7, tell=told.append)
    message = rf"the block of rows 98 to 99 brought down {MOST_LOSSES} workers"
    with pytest.raises(BadInput, match=message):
        run_task(Deadly(rows=(98,)), 100, how)
    kept = len(list(tmp_path.rglob("[0-9]*.npz")))
    assert kept > 0
    assert told[-1].startswith(f"{kept} finished block")
    task = Deadly()
    assert same(run_task(task, 100, Execution(store=store, block=7)), expected(100))
    assert len(task.seen) == 15 - kept
    store.clear()


class Job:
    """A future as a library gives it: what it says of itself, and what fetching brings."""

    def __init__(self, brings, status="finished", after=None):
        self.brings, self.status, self.after = brings, status, after

    def result(self, timeout):
        assert timeout == cluster.FETCH
        self.status = self.after or self.status
        if isinstance(self.brings, BaseException):
            raise self.brings
        return self.brings

    def exception(self):
        return self.brings


def connected(**client):
    one = Cluster("local:1")
    one._client = SimpleNamespace(**{"status": "running", **client})
    return one


@pytest.mark.parametrize("error", [TimeoutError(), CancelledError(), OSError("gone")])
def test_a_result_that_is_lost_is_asked_for_anew_while_the_scheduler_is_there(error):
    assert connected()._arrays(Job(error), Block(0, 2)) is None
    with pytest.raises(ConnectionError):
        connected(status="closed")._arrays(Job(error), Block(0, 2))
    arrays = {"paid": 1}
    assert connected()._arrays(Job(arrays), Block(0, 2)) is arrays


def test_a_job_that_runs_again_and_fails_is_told_like_one_that_fails():
    for job in (Job(ValueError("x"), "error"), Job(ValueError("x"), after="error")):
        with pytest.raises(BadInput, match="a worker failed at rows 0 to 1: ValueError: x"):
            connected()._arrays(job, Block(0, 2))


def test_a_run_does_not_wait_for_ever_for_a_worker(monkeypatch):
    monkeypatch.setattr(cluster, "ALONE", 0.01)
    with pytest.raises(BadInput, match=r"local:1: there has been no worker for 0\.01 seconds"):
        connected(nthreads=dict)._next(SimpleQueue())
    workers = iter([{"one": 1}, {}])
    with pytest.raises(BadInput, match="no worker"):
        connected(nthreads=lambda: next(workers))._next(SimpleQueue())


def test_a_large_task_is_made_once_for_each_worker_and_computes_the_same(two, monkeypatch):
    plain = expected(100)
    assert same(run_task(Counting(), 100, Execution(two, block=7)), plain)
    sent = []
    monkeypatch.setattr(two._client, "submit", spied(two._client.submit, sent))
    monkeypatch.setattr(cluster, "SMALL", 0)
    assert same(run_task(Counting(), 100, Execution(two, block=7)), plain)
    assert sent == [cluster.loaded]


def spied(real, sent):
    """What does as the real one does, and notes its first argument."""

    def submit(function, *arguments, **options):
        sent.append(function)
        return real(function, *arguments, **options)

    return submit


def test_a_worker_with_another_covercast_is_refused(two, monkeypatch):
    monkeypatch.setattr(cluster, "code", lambda: ("0.1.0", "abc"))
    with pytest.raises(BadInput, match=r"Covercast is .* there, and 0\.1\.0 abc here"):
        run_task(Counting(), 10, Execution(two, block=7))


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("local:0", "expected local:N with N processes of this machine, or tcp://HOST:PORT"),
        ("localhost", "expected local:N with N processes of this machine, or tcp://HOST:PORT"),
        ("tcp://localhost:1", "expected a Dask scheduler that answers within 1 seconds"),
    ],
)
def test_an_address_without_a_scheduler_is_told_in_one_line(address, message, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    done = inside("simulate", "home", "--years", "10", "--cluster", address)
    assert done.returncode == 2
    assert done.stderr.startswith(f"--cluster {address}: {message}")
    assert done.stderr.count("\n") == 1


def test_without_dask_the_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BadInput, match=r"pip install 'covercast\[cluster\]'"), Cluster("local:1"):
        pass


@pytest.fixture
def elsewhere(tmp_path):
    """Give the address and the process of a scheduler; it and its worker are processes apart."""
    file = tmp_path / "scheduler.json"
    common = ["--scheduler-file", str(file), "--no-dashboard"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}
    quiet["env"] = {**os.environ, "PYTHONPATH": str(ROOT)}
    dask = [sys.executable, "-m", "dask"]
    with (
        subprocess.Popen([*dask, "scheduler", *common, "--port", "0"], **quiet) as scheduler,
        subprocess.Popen([*dask, "worker", *common, "--nthreads", "1"], **quiet) as worker,
    ):
        while not file.exists():
            time.sleep(0.1)
        yield json.loads(file.read_text(encoding="utf-8"))["address"], scheduler
        for process in (worker, scheduler):
            process.terminate()


def test_a_scheduler_elsewhere_is_used_and_one_that_is_gone_is_told(elsewhere, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 60)
    address, scheduler = elsewhere
    with Cluster(address) as there:
        assert same(run_task(Counting(), 100, Execution(there, block=7)), expected(100))
        after = iter([lambda: None, scheduler.kill])
        step = lambda _rows: next(after, lambda: None)()  # noqa: E731 - the second block is its last
        task = Counting(seconds=0.1)
        with pytest.raises(BadInput, match=rf"{address}: the scheduler is gone"):
            run_task(task, 300, Execution(there, block=1, progress=step))


def test_scenarios_studies_and_a_proof_of_bytes_run_on_a_cluster_too(two, tmp_path, monkeypatch):
    computed, there = [], ("--cluster", two._local.scheduler_address)
    real = Cluster.map

    def counted(self, task, parts):
        computed.append(len(parts))
        return real(self, task, parts)

    monkeypatch.setattr(Cluster, "map", counted)
    known = "{name: more, kind: frequency, times: {error: 5%}, reference: r, trust: illustrative}"
    broken = (
        "{name: more, shock: {kind: frequency, event: illness.treatment, times: [100%, 200%]},"
        " until: {figure: claims_over_premium, at_least: 120%}}"
    )
    few = ["million_medical", "--years", "20"]
    for verb in (
        ["stress", *few, "--scenario", "severity_plus_10"],
        ["stress", *few, "--reverse", broken],
        ["stress", *few, "--tornado", "--uncertainty", known],
        ["adequacy", *few, "--by", "sex"],
    ):
        alone = inside(*verb)
        assert not computed
        together = inside(*verb, *there)
        assert (together.returncode, together.stdout) == (alone.returncode, alone.stdout), (
            together.stderr
        )
        assert sum(computed) > 0, verb
        computed.clear()
    inside("simulate", *few, "-o", "out", cwd=tmp_path)
    again = inside("rerun", "out/manifest.json", *there, cwd=tmp_path)
    assert again.stdout.endswith("every byte is the same\n")
    assert sum(computed) > 0
    wrong = inside("rerun", "out/manifest.json", "--cluster", "local:0", cwd=tmp_path)
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)


def test_a_small_task_is_made_once_for_all_blocks_of_a_worker(monkeypatch):
    made = []
    monkeypatch.setattr(worker, "loaded", lambda packed: made.append(packed) or Counting())
    worker._kept.cache_clear()
    for first in (0, 7, 14):
        worker.compute(b"one", first, first + 7, worker.code())
    assert made == [b"one"]
    worker._kept.cache_clear()


def test_a_cluster_that_is_entered_again_counts_its_workers_anew():
    one = connected(nthreads=lambda: {"a": 5}, close=lambda **_: None)
    assert one.workers == 5
    one._close()
    one._client = SimpleNamespace(nthreads=lambda: {"a": 2})
    assert one.workers == 2
