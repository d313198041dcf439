"""A limit that a run kept is not held against the run that brings it to its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.running import Ended, run, write
from emulator.serving import Served, emulator_server


def yaml(names: range, *, renamed: int = 0) -> str:
    features = (f"  f{n}: {{name: {'New' if n < renamed else 'Old'} {n}, type: boolean}}\n" for n in names)
    return "version: 1\nfeatures:\n" + "".join(features)


def applied(folder: Path, url: str, *words: str) -> Ended:
    return run(folder, "apply", "--yes", "--prune", "--api-url", url, "--format", "json", *words)


@contextmanager
def half_done(folder: Path) -> Iterator[Served]:
    """An account in which six of twenty features have gone, and the six that were to be renamed have not been."""
    write(folder, yaml(range(20)))
    database = folder / "account.db"
    with emulator_server(database) as running:
        assert applied(folder, running.url).code == 0
        port = running.url.rpartition(":")[2]
    write(folder, yaml(range(14), renamed=6))
    with emulator_server(database, "--port", port, faults=["503@w1-6"]) as failing:
        assert applied(folder, failing.url, "--retries", "0", "--parallelism", "1").code == 5
    with emulator_server(database, "--port", port) as running:
        yield running


def test_the_second_half_of_a_run_is_not_refused_for_what_the_first_half_did(tmp_path: Path) -> None:
    """Six of twenty may change and six may go, but six of the fourteen that are left would be too many."""
    with half_done(tmp_path) as running:
        elsewhere = applied(tmp_path, running.url, "--journal", "elsewhere")
        assert (elsewhere.code, elsewhere.errors) == (4, ["updates"])
        assert applied(tmp_path, running.url).code == 0
        # From here on they count again.
        write(tmp_path, yaml(range(14)))
        again = applied(tmp_path, running.url)
        assert (again.code, again.errors) == (4, ["updates"])


def test_another_file_is_another_run(tmp_path: Path) -> None:
    with half_done(tmp_path) as running:
        write(tmp_path, yaml(range(14), renamed=5))
        ended = applied(tmp_path, running.url)
        assert (ended.code, ended.errors) == (4, ["updates"])
