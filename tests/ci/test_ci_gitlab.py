"""The jobs of examples/ci/gitlab, as the runner of GitLab runs their scripts."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ci.actions import ROOT, document, nothing_strange
from ci.lab import ME, PROJECT, TOKEN, Lab
from ci.serving import serving
from ci.test_ci_dates import dated, on_main, pulled
from ci.test_ci_stories import MARKER, change_in_dashboard, price
from ci.world import DEARER, YAML, Pull, World
from cli.running import KEY

pytestmark = pytest.mark.process

LATER = "2026-01-01T12:30:00.000Z"
JOBS = document(ROOT / "examples/ci/gitlab/.gitlab-ci.yml")


@dataclass
class Project:
    """A project of GitLab, with the repository and the Commet of a shop."""

    shop: World
    lab: Lab
    env: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def run(self, job: str, sha: str, **more: str) -> int:
        """The script of a job; its exit code."""
        return self.shell("\n".join(JOBS[job]["script"]), sha, **more)

    def shell(self, script: str, sha: str, **more: str) -> int:
        """Any script, in the environment of a job."""
        tools = self.shop.folder / "tools"
        tools.mkdir(exist_ok=True)
        for name, program in (("python3", self.shop.python), ("commetctl", self.shop.commetctl)):
            (tools / name).unlink(missing_ok=True)
            (tools / name).symlink_to(program)
        env = {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(self.shop.folder), "CI_COMMIT_SHA": sha}
        env |= {name: value for name, value in JOBS["variables"].items() if "$" not in value}
        env |= {"COMMETCTL_HOME": str(ROOT), "CI_API_V4_URL": self.lab.url, "CI_PROJECT_ID": str(PROJECT)}
        env |= {"COMMET_API_KEY": KEY, "COMMET_API_URL": self.shop.url, "COMMETCTL_GITLAB_TOKEN": TOKEN}
        ended = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", script],
            cwd=self.shop.repository,
            env={**env, **self.env, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        self.said.append(ended.stdout + ended.stderr)
        return ended.returncode

    def plan(self, pull: Pull, **more: str) -> int:
        self.shop.git("checkout", "-q", "-f", "--detach", pull.merged)
        base = self.shop.git("merge-base", pull.base, pull.head)
        given = {"CI_MERGE_REQUEST_IID": str(pull.number), "CI_MERGE_REQUEST_DIFF_BASE_SHA": base, **more}
        code = self.run("pricing:plan", pull.head, **given)
        if code == 0:
            self.lab.ran(pull.number, pull.head, self.file("plan.json").read_bytes())
        return code

    def merge(self, pull: Pull, **more: object) -> str:
        # What a job leaves is not there in the next one.
        for name in ("plan.json", "plan.md", "whole.md", "junit.xml"):
            self.file(name).unlink(missing_ok=True)
        commit = self.shop.merge(pull)
        row = {"iid": pull.number, "state": "merged", "target_branch": "main", "sha": pull.head}
        row |= {"source_project_id": PROJECT, "squash_commit_sha": commit, "merge_commit_sha": None}
        self.lab.merge_requests[commit] = [{**row, **more}]
        return commit

    def apply(self, commit: str, **more: str) -> int:
        return self.run("pricing:apply", commit, CI_COMMIT_BRANCH="main", **more)

    def due(self, **more: str) -> int:
        """The job in a pipeline that was scheduled when the checkout was what it is."""
        if not self.shop.git("remote"):
            self.shop.git("remote", "add", "origin", str(self.shop.repository))
        head = self.shop.git("rev-parse", "HEAD")
        return self.run("pricing:due", head, CI_COMMIT_BRANCH="main", **more)

    def file(self, name: str) -> Path:
        return self.shop.repository / name

    def notes(self) -> list[str]:
        return [row["body"] for row in self.lab.notes if row["author"]["id"] == ME]


@pytest.fixture
def project(shop: World) -> Iterator[Project]:
    lab = Lab()
    with serving(lab):
        made = Project(shop, lab)
        yield made
    nothing_strange(lab)
    for text in (*made.said, *made.notes(), shop.started("words")):
        assert KEY not in text
        assert TOKEN not in text
    for line in shop.started("env").splitlines():
        assert not (TOKEN in line and not line.startswith("python "))
        assert not (KEY in line and not line.startswith("commetctl "))


def test_a_merge_request_from_its_first_plan_to_its_end(project: Project) -> None:
    project.lab.write_note(7, 1, f"{MARKER}\nforged")
    pull = project.shop.open_pull(DEARER)
    assert project.plan(pull) == 0, project.said
    (note,) = project.notes()
    assert note.startswith(MARKER + "\n")
    assert "59.00" in note
    assert note.rstrip().splitlines()[-1].startswith(f"Commit {pull.head}, plan sha256:")
    assert "<testsuite" in project.file("junit.xml").read_text("utf-8")
    assert "59.00" in project.file("whole.md").read_text("utf-8")
    project.plan(project.shop.push(pull, DEARER.replace("59", "69")))
    (note,) = project.notes()
    assert "69.00" in note
    merged = project.merge(pull)
    assert project.apply(merged) == 0, project.said
    assert price(project.shop) == 6900
    assert "this is the plan of merge request !7" in project.said[-1]
    assert project.apply(merged) == 4
    assert "a saved plan can be applied once" in project.said[-1]


def test_a_plan_that_fails_fails_the_job_and_is_in_the_note(project: Project) -> None:
    pull = project.shop.open_pull(DEARER)
    project.plan(pull)
    assert project.plan(project.shop.push(pull, DEARER.replace("usage", "usages"))) == 3
    (note,) = project.notes()
    assert "failed with exit code 3" in note
    assert "no plan" in note


def test_no_note_where_there_is_no_change_or_no_token(project: Project) -> None:
    pull = project.shop.open_pull(YAML + "# no change\n")
    assert project.plan(pull) == 0
    assert not project.notes()
    assert project.plan(project.shop.push(pull, DEARER), COMMETCTL_GITLAB_TOKEN="") == 0
    assert not project.notes()
    assert "COMMETCTL_GITLAB_TOKEN is not set" in project.said[-1]


def test_without_a_reviewed_plan_it_is_refused_or_applied_by_choice(project: Project) -> None:
    commit = project.merge(project.shop.open_pull(DEARER))
    assert project.apply(commit) == 4
    assert "no job pricing:plan of merge request !7 has made a plan" in project.said[-1]
    assert price(project.shop) == 4900
    assert project.apply(commit, COMMETCTL_WITHOUT_PLAN="apply") == 0
    assert price(project.shop) == 5900


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"source_project_id": 1}, "came from a fork"),
        ({"state": "opened"}, "no merge requests brought commit"),
        ({"target_branch": "other"}, "no merge requests brought commit"),
        ({"sha": "0" * 40}, "has made a plan of commit"),
    ],
    ids=["fork", "open", "branch", "head"],
)
def test_a_merge_request_that_is_not_this_one_has_no_plan(project: Project, row: dict[str, object], said: str) -> None:
    pull = project.shop.open_pull(DEARER)
    project.plan(pull)
    assert project.apply(project.merge(pull, **row)) == 4
    assert said in project.said[-1]
    assert price(project.shop) == 4900


def test_a_pipeline_that_is_not_the_merge_requests_is_not_taken(project: Project) -> None:
    pull = project.shop.open_pull(DEARER)
    project.plan(pull)
    project.lab.ran(7, pull.head, b"{}", source="push")
    project.lab.ran(7, "0" * 40, b"{}")
    project.lab.ran(7, pull.head, b"{}", project_id=1)
    assert project.apply(project.merge(pull)) == 0, project.said
    assert price(project.shop) == 5900


@pytest.mark.parametrize(
    ("body", "when", "code"),
    [
        ("changed target branch from `release` to `main`", "2026-01-01T12:30:00.000Z", 4),
        ("changed automatically target branch to `main` because `next` was deleted", "2026-01-01T12:30:00.000Z", 4),
        ("deleted the `next` branch. This merge request now targets the `main` branch", "2026-01-01T12:00:00.000Z", 4),
        # The same moment as the pipeline, and half an hour before it, in another time zone.
        ("changed target branch from `release` to `main`", "2026-01-01T14:00:00+02:00", 4),
        ("changed target branch from `release` to `main`", "2026-01-01T13:30:00+02:00", 0),
        ("changed target branch from `release` to `main`", None, 4),
        ("changed title from **changed target branch** to **changed target branch **", "2026-01-01T12:30:00.000Z", 0),
    ],
)
def test_a_plan_for_another_target_branch_is_not_taken(
    project: Project, body: str, when: str | None, code: int
) -> None:
    pull = project.shop.open_pull(DEARER)
    project.plan(pull)
    project.lab.write_note(7, 1, body, system=True, created_at=when)
    merged = project.merge(pull)
    assert project.apply(merged) == code, project.said
    assert price(project.shop) == (4900 if code else 5900)
    assert ("was made for another target branch" in project.said[-1]) is (code == 4)


def test_a_new_pipeline_after_the_target_branch_was_changed_has_the_plan(project: Project) -> None:
    pull = project.shop.open_pull(DEARER)
    project.plan(pull)
    project.lab.write_note(7, 1, "changed target branch from `a` to `main`", system=True, created_at=LATER)
    # What people write about it moves no branch.
    project.lab.write_note(7, 1, "changed target branch from `main` to `b`", created_at="2026-01-01T14:00:00.000Z")
    project.lab.ran(7, pull.head, project.file("plan.json").read_bytes(), created_at="2026-01-01T12:40:00.000Z")
    assert project.apply(project.merge(pull)) == 0, project.said
    assert price(project.shop) == 5900


def test_the_options_of_a_plan_are_given_to_both_jobs(project: Project) -> None:
    pull = project.shop.open_pull(DEARER)
    assert project.plan(pull, PRICING_OPTIONS="--prune --target plan_price.pro/monthly") == 0, project.said
    merged = project.merge(pull)
    assert project.apply(merged) == 4
    assert "was made with `--prune --target plan_price.pro/monthly`" in project.said[-1]
    assert price(project.shop) == 4900
    assert project.apply(merged, PRICING_OPTIONS="--prune --target plan_price.pro/monthly") == 0, project.said
    assert price(project.shop) == 5900


def test_who_runs_the_job_by_hand_can_allow_what_a_guard_refuses(project: Project) -> None:
    pull = project.shop.open_pull(YAML.replace("price: 49", "price: 98"))
    assert project.plan(pull) == 0
    merged = project.merge(pull)
    assert (project.apply(merged), price(project.shop)) == (4, 4900)
    assert project.apply(merged, PRICING_ALLOW="--allow price_change") == 0, project.said
    assert price(project.shop) == 9800


def test_commetctl_is_fetched_at_a_commit(project: Project) -> None:
    commit = project.shop.git("rev-parse", "HEAD")
    project.shop.commit(DEARER)
    lines = [line for line in JOBS[".commetctl"]["before_script"] if line.startswith("git ")]
    assert len(lines) == 3
    place = project.shop.folder / "fetched"
    given = {"COMMETCTL_HOME": str(place), "COMMETCTL_REPOSITORY": f"file://{project.shop.repository}"}
    assert project.shell("\n".join(lines), commit, COMMETCTL_REF=commit, **given) == 0, project.said
    assert (place / "commet.yaml").read_text("utf-8") == YAML


def test_an_expired_plan_and_a_changed_account_are_refused(project: Project) -> None:
    pull = project.shop.open_pull(DEARER)
    project.plan(pull)
    merged = project.merge(pull)
    change_in_dashboard(project.shop, 5500)
    assert project.apply(merged) == 4
    assert "does not match the account any more" in project.said[-1]
    project.lab.artifacts.clear()
    assert project.apply(merged) == 4
    assert "has expired" in project.said[-1]


def test_drift_fails_the_scheduled_job(project: Project) -> None:
    head = project.shop.git("rev-parse", "HEAD")
    assert project.run("pricing:drift", head) == 0
    change_in_dashboard(project.shop, 5500)
    assert project.run("pricing:drift", head) == 2
    assert "55.00" in project.said[-1]


def test_a_busy_gitlab_is_asked_again_and_an_error_is_one_line(project: Project) -> None:
    pull = project.shop.open_pull(DEARER)
    project.lab.fail("GET /user", 429, Retry_After="0")
    project.lab.fail("GET .*/notes", 500)
    assert project.plan(pull) == 0
    project.lab.fail("PUT .*", 403, times=9)
    assert project.plan(project.shop.push(pull, DEARER + "# again\n")) == 1
    assert "error: PUT /projects/42/merge_requests/7/notes/" in project.said[-1]


@pytest.mark.parametrize("block", ["```text\n{}\n```", "<details><summary>a</summary>\n\n{}\n\n</details>"])
def test_a_note_that_is_too_long_is_cut_at_a_line_and_closed(project: Project, block: str) -> None:
    project.file("plan.md").write_text("# Plan\n\n" + block.format("a line\n" * 20_000), encoding="utf-8")
    script = f'env -u COMMET_API_KEY python3 "{ROOT}/ci/gitlab_note.py" plan.md plan.json 2'
    assert project.shell(script, "0" * 40, CI_MERGE_REQUEST_IID="7") == 0, project.said
    (note,) = project.notes()
    assert 50_000 < len(note) < 65_536
    assert note.count("<details>") == note.count("</details>")
    assert note.count("```") % 2 == 0
    assert "_Shortened: the whole is with the run._" in note
    assert note.rstrip().splitlines()[-1] == f"Commit {'0' * 40}, no plan"


def test_a_merge_request_that_schedules_a_change_has_a_note(project: Project) -> None:
    pull = pulled(project.shop, {"changes/pro.yaml": dated("2999-01-01")})
    assert project.plan(pull) == 0, project.said
    (note,) = project.notes()
    assert "### Scheduled\n" in note
    assert "2999-01-01" in note
    project.merge(pull)
    # The next one is about something else.
    other = pulled(project.shop, {"commet.yaml": YAML + "# no change\n"}, branch="other", number=8)
    assert project.plan(other) == 0, project.said
    assert "### Scheduled\n" in project.file("plan.md").read_text("utf-8")
    assert len(project.notes()) == 1


def test_a_new_change_whose_date_has_passed_fails_the_plan(project: Project) -> None:
    pull = pulled(project.shop, {"changes/pro.yaml": dated("2020-01-01")})
    assert project.plan(pull, PRICING_OPTIONS="--prune --target plan.pro") == 3
    assert "2020-01-01" in project.said[-1]
    assert not project.file("plan.json").exists()
    assert f"commetctl validate --file=commet.yaml --base git:{pull.base}\n" in project.shop.started("words")


def test_what_is_due_is_applied_or_fails_the_scheduled_job(project: Project) -> None:
    on_main(project.shop, {"changes/pro.yaml": dated("2026-01-01")})
    assert project.due() == 0, project.said
    assert price(project.shop) == 5900
    on_main(project.shop, {"changes/later.yaml": dated("2026-02-01", "150.00")})
    assert project.due() == 4
    assert "write `allow: [price_change]` in changes/later.yaml" in project.said[-1]
    assert project.due(PRICING_ALLOW="--allow price_change") == 0, project.said
    assert price(project.shop) == 15000


def test_what_was_taken_back_since_the_pipeline_began_is_not_applied(project: Project) -> None:
    old = on_main(project.shop, {"changes/pro.yaml": dated("2026-01-01")})
    on_main(project.shop, {"changes/pro.yaml": None})
    project.shop.git("checkout", "-q", "--detach", old)
    assert project.due() == 0, project.said
    assert price(project.shop) == 4900
