"""The console: each outcome is said once, and what has one reason is counted."""

import pytest

from commetctl.cli.console import Console
from commetctl.core.change import Applied, Create, Failed, Outcome, Skipped
from commetctl.core.errors import ApiError
from commetctl.core.resource import Address, Resource
from commetctl.render.terminal import Style


def created(key: str) -> Create:
    return Create(Resource(Address("feature", key), {"name": key}))


def said(capsys: pytest.CaptureFixture[str], console: Console, *outcomes: Outcome) -> list[str]:
    with console.progress(len(outcomes), lambda: None) as show:
        for outcome in outcomes:
            show(outcome)
    ended = capsys.readouterr()
    assert ended.out == ""
    return ended.err.splitlines()


def test_an_error_is_said_in_full_once_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(Style(), silent=False)
    error = ApiError("POST /features answered 409", "choose another code", code="duplicate", request_id="req_1")
    failures = [Failed(created("a"), error), Failed(created("b"), error)]
    assert said(capsys, console, Applied(created("c")), *failures) == [
        "  ok       feature.c created",
        "  failed   feature.a: POST /features answered 409",
        "           hint: choose another code",
        "           request id: req_1",
        "  failed   feature.b: POST /features answered 409",
    ]
    assert console.has_said(error)
    assert not console.has_said(ApiError("POST /features answered 409", "choose another code"))


@pytest.mark.parametrize(
    ("count", "line"),
    [
        (1, "  skipped  feature.0: the run was interrupted"),
        (24, "  skipped  24 changes: the run was interrupted"),
    ],
)
def test_what_is_skipped_because_the_run_stopped_is_counted(
    capsys: pytest.CaptureFixture[str], count: int, line: str
) -> None:
    stopped = [Skipped(created(str(number)), "the run was interrupted", of_run=True) for number in range(count)]
    waiting = Skipped(created("w"), "it needs feature.v, which was not done")
    assert said(capsys, Console(Style(), silent=False), *stopped, waiting) == [
        "  skipped  feature.w: it needs feature.v, which was not done",
        line,
    ]


def test_nothing_is_said_where_nothing_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    console, error = Console(Style(), silent=True), ApiError("no")
    assert said(capsys, console, Failed(created("a"), error), Skipped(created("b"), "no", of_run=True)) == []
    assert not console.has_said(error)
