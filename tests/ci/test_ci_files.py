"""The files that people copy, and what is in action.yml: by their schemas, by the shell, and against each other."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from ci.actions import ACTION, ROOT, document

WORKFLOW = ROOT / "examples/ci/github/pricing.yml"
GITLAB = ROOT / "examples/ci/gitlab/.gitlab-ci.yml"
DOC = ROOT / "docs/ci.md"
STEPS = ACTION["runs"]["steps"]


@pytest.mark.process
@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-actions", ROOT / "action.yml"),
        ("vendor.github-workflows", WORKFLOW),
        ("custom.github-workflows-require-timeout", WORKFLOW),
        ("vendor.gitlab-ci", GITLAB),
    ],
    ids=str,
)
def test_files_are_as_their_schema_says(schema: str, file: Path, tmp_path: Path) -> None:
    # No network: a proxy that nobody answers at.
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "HTTPS_PROXY": "http://127.0.0.1:9"}
    ended = subprocess.run(words, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stdout


def scripts() -> list[tuple[str, str]]:
    found = [(step["id"], step["run"]) for step in STEPS if "run" in step]
    for name, job in document(GITLAB).items():
        if isinstance(job, dict):
            found += [(name, "\n".join(job[part])) for part in ("before_script", "script") if part in job]
    return found


@pytest.mark.process
@pytest.mark.parametrize(("name", "script"), scripts(), ids=lambda text: text if ":" in text else "script")
def test_scripts_are_read_by_the_shell(name: str, script: str) -> None:
    for shell in ("bash", "sh"):
        ended = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True, timeout=10, check=False)
        assert ended.returncode == 0, (name, ended.stderr)


def test_nothing_is_written_into_a_script() -> None:
    jobs = document(WORKFLOW)["jobs"].values()
    for step in [*STEPS, *(step for job in jobs for step in job["steps"])]:
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("step", [step for step in STEPS if "run" in step], ids=lambda step: str(step["id"]))
def test_the_key_and_the_token_never_meet(step: dict[str, Any]) -> None:
    given = {name for name in ("COMMET_API_KEY", "GITHUB_TOKEN") if step["env"][name]}
    assert (
        given
        == {
            "install": set(),
            "approved": {"GITHUB_TOKEN"},
            "commetctl": {"COMMET_API_KEY"},
            "report": {"GITHUB_TOKEN"},
        }[step["id"]]
    )


@pytest.mark.process
def test_the_step_with_the_key_has_nothing_to_talk_with(tmp_path: Path) -> None:
    talkers = {"socket", "ssl", "urllib.request", "http.client"}
    code = f"import sys, run_commetctl; sys.exit(bool({talkers} & set(sys.modules)))"
    ended = subprocess.run(
        [sys.executable, "-B", "-S", "-c", code], cwd=ROOT / "ci", env={"HOME": str(tmp_path)}, timeout=30, check=False
    )
    assert ended.returncode == 0


def test_the_workflow_gives_inputs_that_there_are() -> None:
    jobs = document(WORKFLOW)["jobs"]
    used = {name: step for name, job in jobs.items() for step in job["steps"] if "commetctl" in step["uses"]}
    assert {name: step["with"]["command"] for name, step in used.items()} == {name: name for name in jobs}
    for step in used.values():
        assert set(step["with"]) <= set(ACTION["inputs"])


def test_the_workflow_asks_for_no_more_than_it_needs() -> None:
    workflow = document(WORKFLOW)
    assert workflow["permissions"] == {}
    assert {name: job["permissions"] for name, job in workflow["jobs"].items()} == {
        "plan": {"contents": "read", "pull-requests": "write"},
        "apply": {"contents": "read", "actions": "read", "pull-requests": "read"},
        "due": {"contents": "read", "issues": "write"},
        "drift": {"contents": "read", "issues": "write"},
    }
    keys = {name: job["steps"][-1]["with"]["api-key"] for name, job in workflow["jobs"].items()}
    assert keys["plan"] == keys["drift"] != keys["apply"] == keys["due"]
    environments = {name: job.get("environment") for name, job in workflow["jobs"].items()}
    assert environments == {"plan": None, "apply": "pricing", "due": "pricing", "drift": None}


def test_the_jobs_that_apply_wait_for_each_other_and_cancel_none() -> None:
    """By default, a job that waits is canceled when another one comes: each hour, that would be one that applies."""
    jobs = document(WORKFLOW)["jobs"]
    waiting = {"group": "pricing-apply", "cancel-in-progress": False, "queue": "max"}
    assert {name for name, job in jobs.items() if job.get("concurrency") == waiting} == {"apply", "due"}
    assert str(waiting).replace("'", "").replace("False", "false") in DOC.read_text("utf-8")
    gitlab = document(GITLAB)
    assert {name for name, job in gitlab.items() if "resource_group" in job} == {"pricing:apply", "pricing:due"}
    assert gitlab["pricing:due"]["resource_group"] == gitlab["pricing:apply"]["resource_group"]


@pytest.mark.parametrize(
    ("event", "schedule", "command", "expected"),
    [
        ("push", "", "", {"apply"}),
        ("workflow_dispatch", "", "apply", {"apply"}),
        ("workflow_dispatch", "", "due", {"due"}),
        ("schedule", "0 6 * * 1-5", "", {"drift"}),
        ("schedule", "23 * * * *", "", {"due"}),
        ("schedule", "41 */3 * * *", "", {"due"}),
        ("pull_request", "", "", {"plan"}),
        ("pull_request_review", "", "", {"plan"}),
    ],
)
def test_each_event_has_its_job(event: str, schedule: str, command: str, expected: set[str]) -> None:
    given = {"github.event_name": event, "github.event.schedule": schedule, "inputs.command": command}

    def holds(condition: str) -> bool:
        words = condition.replace("||", " or ").replace("&&", " and ")
        for name in sorted(given, key=len, reverse=True):
            words = words.replace(name, repr(given[name]))
        return bool(eval(words, {"__builtins__": {}}))  # noqa: S307 - a condition of our own file

    assert {name for name, job in document(WORKFLOW)["jobs"].items() if holds(job["if"])} == expected


def test_the_schedules_are_those_of_the_conditions() -> None:
    events = document(WORKFLOW)["on"]
    drift, due = (row["cron"] for row in events["schedule"])
    assert document(WORKFLOW)["jobs"]["drift"]["if"] == f"github.event.schedule == '{drift}'"
    minute, *rest = due.split(" ")
    assert (int(minute) % 5 != 0, rest) == (True, ["*"] * 4), "the start of an hour is when GitHub is busiest"
    assert events["workflow_dispatch"]["inputs"]["command"]["options"] == ["apply", "due"]


def test_what_is_due_is_applied_as_it_is_now() -> None:
    (checkout, _) = document(WORKFLOW)["jobs"]["due"]["steps"]
    assert checkout["with"]["ref"] == "${{ github.ref }}"


def test_a_required_check_reports_on_every_pull_request() -> None:
    """A workflow that its `paths` leave out reports nothing, and a pull request waits for its check for ever."""
    events = document(WORKFLOW)["on"]
    assert set(events) == {"pull_request", "pull_request_review", "push", "schedule", "workflow_dispatch"}
    assert events["pull_request"] is None
    assert events["pull_request_review"] == {"types": ["submitted", "edited", "dismissed"]}
    # Neither does one that is skipped for some of these events: that would pass for a plan that failed before.
    wanted = " || ".join(f"github.event_name == '{name}'" for name in ("pull_request", "pull_request_review"))
    assert document(WORKFLOW)["jobs"]["plan"]["if"] == wanted


def test_every_yaml_file_counts_whatever_its_ending() -> None:
    assert document(WORKFLOW)["on"]["push"]["paths"] == ["**.yaml", "**.yml"]
    jobs = document(GITLAB)
    both = ["**/*.yaml", "**/*.yml"]
    found = {name: [rule.get("changes") for rule in job["rules"]] for name, job in jobs.items() if "rules" in job}
    plan, apply = "pricing:plan", "pricing:apply"
    scheduled: dict[str, list[Any]] = {"pricing:due": [None], "pricing:drift": [None]}
    assert found == {plan: [both], "pricing:unchanged": [both, None], apply: [both], **scheduled}


def test_a_merge_request_has_exactly_one_job_whether_it_changes_yaml_or_not() -> None:
    """Without a pipeline it could not be merged where merging needs one that succeeded."""
    jobs = {name: job["rules"] for name, job in document(GITLAB).items() if "rules" in job}

    def runs(rules: list[dict[str, Any]], *, yaml: bool) -> bool:
        for rule in rules:
            if rule["if"] == '$CI_PIPELINE_SOURCE == "merge_request_event"' and (yaml or "changes" not in rule):
                return rule.get("when") != "never"
        return False

    for yaml, expected in ((True, "pricing:plan"), (False, "pricing:unchanged")):
        assert [name for name, rules in jobs.items() if runs(rules, yaml=yaml)] == [expected]


def test_the_jobs_of_the_workflow_share_the_options_that_decide_what_a_plan_does() -> None:
    workflow = document(WORKFLOW)
    assert workflow["env"] == {"PRICING_OPTIONS": ""}
    given = {name: job["steps"][-1]["with"]["extra-args"] for name, job in workflow["jobs"].items()}
    shared = "${{ env.PRICING_OPTIONS }}"
    by_hand = f"{shared} ${{{{ inputs.extra-args }}}}"
    assert given == {"plan": shared, "apply": by_hand, "due": by_hand, "drift": shared}


def test_the_document_names_inputs_and_outputs_that_there_are() -> None:
    inputs, outputs = DOC.read_text("utf-8").split("## Inputs and outputs\n")[1].split("\n## ")[0].split("The outputs")
    values = {"plan", "apply", "due", "drift", "refuse", "changes", "always", "never"}
    assert (
        {"command", "api-key", "extra-args"}
        <= set(re.findall(r"`([a-z.-]+)`", inputs))
        <= {*ACTION["inputs"], *values, "commetctl", "action.yml"}
    )
    assert re.findall(r"`([a-z-]+)`", outputs) == list(ACTION["outputs"])
    assert all(item["description"] for part in ("inputs", "outputs") for item in ACTION[part].values())


def pinned(text: str) -> dict[str, str]:
    """Each requirement of a locked file with its version and hashes."""
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", re.sub(r"(?m)^\s*#.*\n?", "", text))
    return {block.split("==")[0]: block.strip() for block in blocks if "==" in block}


def normal(name: str) -> str:
    found = re.match(r"[\w.-]+", name)
    assert found
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_what_the_action_installs_is_what_is_locked_and_complete() -> None:
    action, dev = (pinned((ROOT / name).read_text("utf-8")) for name in ("ci/requirements.txt", "requirements/dev.txt"))
    assert action == {name: dev[name] for name in action}, "take the part over from requirements/dev.txt again"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {normal(name) for name in [*project["dependencies"], "hatchling"]}
    for name in list(needed):
        needed |= {normal(other) for other in metadata.requires(name) or [] if "extra ==" not in other}
    assert {name for name in needed if name in dev} <= set(action)
