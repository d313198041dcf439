"""Names, branches, files and comments that try to be more than text."""

import json

import pytest

from ci.hub import BOT
from ci.world import DEARER, YAML, World

pytestmark = pytest.mark.process

MARKER = "<!-- commetctl:./commet.yaml: -->"
NAMES = (
    MARKER,
    "::error::owned",
    "::set-output name=exit-code::0",
    "##[error]owned",
    "$(touch pwned)`touch pwned`; touch pwned",
    "EOF exit-code=0",
    "``` </details> <script>x</script> @everybody",
)


def hostile() -> str:
    """A catalog in which everything has such a name."""
    lines = [f"  f{n}: {{name: {json.dumps(name)}, type: boolean}}\n" for n, name in enumerate(NAMES)]
    return DEARER.replace("plans:\n", f"{''.join(lines)}plans:\n").replace("name: Pro", f"name: {json.dumps(MARKER)}")


def nothing_ran(shop: World) -> None:
    assert not list(shop.folder.rglob("pwned"))
    for ran in shop.ran:
        for command in ran.commands:
            assert command.startswith(("error title=", "warning title=commetctl::", "error file="))
        assert set(ran.outputs) == {"exit-code", "changes", "plan-id", "plan-file", "comment-url", "issue-url"}


def test_names_stay_text_from_the_plan_to_the_account(shop: World) -> None:
    branch = "a$(touch${IFS}pwned)`pwned`;b"
    pull = shop.open_pull(hostile(), branch=branch)
    ran = shop.plan(pull)
    assert ran.outputs["exit-code"] == "2"
    assert len(shop.hub.comments_on(7)) == 1
    # Once more: the comment is found again, and by its first line only.
    shop.plan(shop.push(pull, hostile() + "# again\n"))
    (comment,) = shop.hub.comments_on(7)
    assert [line for line in comment.splitlines() if "commetctl:" in line and line.startswith("<!--")] == [MARKER]
    assert shop.apply(shop.merge(pull)).code == 0
    nothing_ran(shop)


def test_an_invalid_catalog_gives_no_commands_either(shop: World) -> None:
    yaml = DEARER.replace("type: usage", 'type: "::error::owned\\n::set-output name=exit-code::0\\nEOF"')
    ran = shop.plan(shop.open_pull(yaml))
    assert (ran.code, ran.outputs["exit-code"]) == (3, "3")
    assert all(command.startswith(("error file=commet.yaml,line=", "error title=")) for command in ran.commands), (
        ran.commands
    )
    nothing_ran(shop)


def test_only_a_comment_of_our_own_that_begins_with_the_marker_is_ours(shop: World) -> None:
    forged = shop.hub.write_comment(7, "stranger", f"{MARKER}\nmine")
    for number in range(130):
        shop.hub.write_comment(7, "somebody", f"comment {number}")
    inside = shop.hub.write_comment(7, BOT, f"<!-- other -->\n{MARKER}\nsomething else")
    elsewhere = shop.hub.write_comment(8, BOT, f"{MARKER}\nanother pull request")
    pull = shop.open_pull(DEARER)
    shop.plan(pull)
    shop.plan(shop.push(pull, DEARER + "# again\n"))
    ours = [body for body in shop.hub.comments_on(7) if body.startswith(MARKER)]
    assert len(ours) == 1
    assert pull.head in ours[0]
    assert forged["body"].endswith("mine")
    assert inside["body"].endswith("something else")
    assert elsewhere["body"].endswith("another pull request")


@pytest.mark.parametrize("file", ["pri cing/commet'$(touch pwned);.yaml", "-x.yaml", "commet --> <!-- x.yaml"])
def test_file_names_stay_names(shop: World, file: str) -> None:
    shop.file = f"in here/{file}"
    pull = shop.open_pull(YAML.replace("Calls", "Requests"))
    inputs = {"file": file, "working_directory": "in here"}
    ran = shop.plan(pull, **inputs)
    assert ran.code == 0, ran.log
    (comment,) = shop.hub.comments_on(7)
    assert comment.split("\n")[0].count("-->") == 1
    shop.plan(shop.push(pull, YAML.replace("Calls", "Hits")), **inputs)
    assert len(shop.hub.comments_on(7)) == 1
    assert shop.plan(pull, source=None, **inputs).code == 0
    assert shop.apply(shop.merge(pull), **inputs).code == 0
    nothing_ran(shop)


def test_extra_args_are_words_and_never_a_script(shop: World) -> None:
    pull = shop.open_pull(DEARER)
    ran = shop.plan(pull, extra_args="--target 'plan.pro; touch pwned' $(touch pwned) `touch pwned` && touch pwned")
    assert ran.code == 64
    assert shop.plan(pull, extra_args="--target plan_price.pro/monthly\n--prune").code == 0
    nothing_ran(shop)


REFUSED: tuple[tuple[dict[str, str], str], ...] = (
    ({"extra_args": "--out=elsewhere.json"}, "extra-args may not hold --out"),
    ({"extra_args": "-vf other.yaml"}, "extra-args may not hold -vf"),
    ({"extra_args": "--help"}, "extra-args may not hold --help"),
    ({"extra_args": "-vh"}, "extra-args may not hold -vh"),
    ({"extra_args": "'half"}, "extra-args cannot be split"),
    ({"file": "commet.yaml\nexit-code=0"}, "file has to be one line"),
    ({"environment": "a\nexit-code=0"}, "environment has to be one line"),
    ({"working_directory": "../elsewhere"}, "working-directory has to be a folder of the repository"),
    ({"working_directory": "missing"}, "there is no folder missing"),
    ({"comment": "sometimes"}, "comment has to be one of: changes, always, never"),
    ({"plan_workflow": "../evil.yml"}, "plan-workflow has to be a file in .github/workflows"),
    ({"plan_workflow": ".github/workflows/a/b.yml"}, "plan-workflow has to be a file in .github/workflows"),
    ({"without_plan": ""}, "without-plan has to be one of: refuse, apply"),
)


def test_inputs_that_cannot_be_meant_are_refused_before_anything_runs(shop: World) -> None:
    pull = shop.open_pull(DEARER)
    for inputs, said in REFUSED:
        ran = shop.plan(pull, **inputs)
        assert (ran.code, len(ran.commands)) == (1, 1)
        assert said in ran.commands[0]
    assert not shop.hub.requests
    assert "commetctl " not in shop.started("words")


def test_pull_request_target_is_refused(shop: World) -> None:
    pull = shop.open_pull(DEARER)
    ran = shop.run("pull_request_target", pull.merged, "refs/heads/main", {}, command="plan")
    assert ran.code == 1
    assert "pull_request_target would give the key to what strangers wrote" in ran.commands[0]


def test_apply_is_refused_on_a_pull_request(shop: World) -> None:
    pull = shop.open_pull(DEARER)
    ran = shop.run("pull_request", pull.merged, "refs/pull/7/merge", {}, command="apply")
    assert ran.code == 1
    assert "`apply` is not for pull requests" in ran.commands[0]


def test_whatever_a_program_prints_commands_nobody(shop: World) -> None:
    loud = shop.folder / "loud"
    lines = (
        "::error::owned",
        "::set-output name=exit-code::0",
        "##[error]owned",
        "::stop-commands::x",
        "::add-path::/x",
    )
    loud.write_text("#!/bin/sh\n" + "".join(f"echo '{line}'; echo '{line}' >&2\n" for line in lines) + "exit 1\n")
    loud.chmod(0o755)
    ran = shop.plan(shop.open_pull(DEARER), commetctl=str(loud))
    assert ran.commands == ["error title=commetctl::commetctl plan failed with exit code 1"]
    assert (ran.code, ran.outputs["exit-code"]) == (1, "1")
