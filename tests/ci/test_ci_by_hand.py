"""A run that somebody starts by hand, after other pull requests were merged; and merges that change no catalog."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ci.actions import nothing_strange
from ci.hub import REPOSITORY, TOKEN, Hub, Storage
from ci.serving import serving
from ci.test_ci_stories import price
from ci.world import DEARER, YAML, Pull, World
from commetctl_ci import origin
from commetctl_ci.approved import named
from commetctl_ci.github import GitHub

pytestmark = pytest.mark.process

DOUBLED = YAML.replace("price: 49", "price: 98")
ALLOW = "--allow price_change"


def refused(shop: World, number: int = 7) -> Pull:
    """A merged pull request whose plan a guard refused."""
    pull = shop.open_pull(DOUBLED, branch=f"doubled{number}", number=number)
    shop.plan(pull)
    assert shop.apply(shop.merge(pull)).code == 4
    return pull


def merged_readme(shop: World, number: int, **more: Any) -> str:
    """A pull request that changes no catalog, merged."""
    shop.git("checkout", "-q", "-b", f"readme{number}", "main")
    (shop.repository / "README.md").write_text(f"{number}\n", encoding="utf-8")
    shop.git("add", "README.md")
    shop.git("commit", "-qm", "words")
    pull = Pull(number, f"readme{number}", "", shop.git("rev-parse", "HEAD"))
    shop.hub.files[number] = ["README.md"]
    return shop.merge(pull, **more)


def test_the_pull_request_that_is_named_is_applied_after_others_were_merged(shop: World) -> None:
    refused(shop)
    merged_readme(shop, 9)
    tip = merged_readme(shop, 10)
    done = shop.by_hand(tip, pull_request="7", extra_args=ALLOW)
    assert (done.code, price(shop)) == (0, 9800), done.log
    assert "This is the plan of pull request #7." in done.summary


def test_without_a_number_the_newest_with_a_plan_is_applied(shop: World) -> None:
    refused(shop)
    tip = merged_readme(shop, 9)
    done = shop.by_hand(tip, extra_args=ALLOW)
    assert (done.code, price(shop)) == (0, 9800), done.log
    assert "This is the plan of pull request #7." in done.summary
    again = shop.by_hand(tip, extra_args=ALLOW)
    assert again.code == 4
    assert "a saved plan can be applied once" in again.summary


def test_the_plan_of_the_tip_comes_first(shop: World) -> None:
    refused(shop)
    newer = shop.open_pull(DEARER, branch="newer", number=8)
    shop.plan(newer)
    done = shop.by_hand(shop.merge(newer))
    assert (done.code, price(shop)) == (0, 5900), done.log
    assert "This is the plan of pull request #8." in done.summary


def test_an_older_plan_is_refused_where_a_newer_one_changed_the_catalog(shop: World) -> None:
    refused(shop)
    newer = shop.open_pull(DEARER, branch="newer", number=8)
    shop.plan(newer)
    done = shop.by_hand(shop.merge(newer), pull_request="7", extra_args=ALLOW)
    assert (done.code, price(shop)) == (4, 4900)


HOME = {"full_name": REPOSITORY}
MERGED, TIP = "a" * 40, "b" * 40


@pytest.fixture
def merged(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """A merged pull request of a GitHub, for scripts in this process, that may be changed."""
    hub = Hub(Storage())
    row: dict[str, Any] = {"number": 7, "merged_at": "2026-01-02T00:00:00Z", "merge_commit_sha": MERGED}
    row |= {"base": {"ref": "main", "repo": HOME}, "head": {"sha": "1" * 40, "ref": "dearer", "repo": HOME}}
    hub.opened.append(row)
    hub.contains = lambda old, new: (old, new) == (MERGED, TIP)
    with serving(hub):
        monkeypatch.setenv("GITHUB_API_URL", hub.url)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        yield row
    nothing_strange(hub)


@pytest.mark.parametrize("tip", [TIP, MERGED])
def test_a_pull_request_that_is_in_the_branch_is_found(merged: dict[str, Any], tip: str) -> None:
    assert named(GitHub(REPOSITORY), merged["number"], tip, "main") == origin.Pull(7, "1" * 40, "dearer", "main")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"merged_at": None}, "pull request #7 is not merged"),
        ({"base": {"ref": "other", "repo": HOME}}, "#7 was not merged into main"),
        ({"base": {"ref": "main", "repo": {"full_name": "stranger/pricing"}}}, "#7 was not merged into main"),
        ({"base": None}, "#7 was not merged into main"),
        ({"merge_commit_sha": "0" * 40}, "does not contain pull request #7"),
        ({"head": {"sha": "1" * 40, "ref": "dearer", "repo": None}}, "came from a fork"),
        ({"number": 8}, "there is no pull request #7"),
    ],
)
def test_a_pull_request_that_is_not_in_the_branch_is_not_taken(
    merged: dict[str, Any], change: dict[str, Any], said: str
) -> None:
    merged.update(change)
    with pytest.raises(origin.Missing) as raised:
        named(GitHub(REPOSITORY), 7, TIP, "main")
    assert said in raised.value.why


def test_a_merge_that_was_pushed_away_is_not_in_the_branch_and_in_nobodys_way(shop: World) -> None:
    gone = shop.open_pull(DEARER)
    shop.plan(gone)
    shop.merge(gone)
    shop.git("reset", "-q", "--hard", "HEAD^")
    refused(shop, number=8)
    shop.hub.opened.reverse()
    tip = merged_readme(shop, 9)
    lost = shop.hub.opened[1]["merge_commit_sha"]
    shop.hub.fail(f"GET .*/compare/{lost}.*", 404, times=9)
    assert shop.by_hand(tip, extra_args=ALLOW).code == 0
    done = shop.by_hand(tip, pull_request="7")
    assert done.code == 4
    assert "does not contain pull request #7" in done.log


def test_a_run_for_no_branch_applies_nothing(merged: dict[str, Any]) -> None:
    with pytest.raises(origin.Missing):
        named(GitHub(REPOSITORY), merged["number"], TIP, "")


def test_where_no_pull_request_has_a_plan_a_number_is_asked_for(shop: World) -> None:
    tip = merged_readme(shop, 9)
    done = shop.by_hand(tip)
    assert done.code == 4
    assert "name the pull request with `pull-request`" in done.summary


@pytest.mark.parametrize(("given", "command"), [("seven", "apply"), ("-7", "apply"), ("7/..", "apply"), ("7", "plan")])
def test_a_number_that_is_none_is_an_error(shop: World, given: str, command: str) -> None:
    tip = shop.git("rev-parse", "main")
    ran = shop.run("workflow_dispatch", tip, "refs/heads/main", {}, command=command, pull_request=given)
    assert ran.code == 1
    assert any("pull-request" in found for found in ran.commands)


def test_a_merge_that_changed_no_catalog_applies_nothing_and_is_no_failure(shop: World) -> None:
    done = shop.apply(merged_readme(shop, 9))
    assert done.code == 0
    assert "pull request #9 changed no YAML file" in done.summary
    assert not [line for line in shop.started("words").splitlines() if line.startswith("commetctl apply")]


def test_a_merge_that_changed_a_catalog_and_has_no_plan_is_refused(shop: World) -> None:
    pull = shop.open_pull(DEARER)
    shop.hub.files[7] = [*(f"docs/{number}.md" for number in range(150)), "pricing/plans/pro.yml"]
    done = shop.apply(shop.merge(pull))
    assert (done.code, price(shop)) == (4, 4900)


def test_a_merge_of_more_files_than_github_lists_may_have_changed_a_catalog(shop: World) -> None:
    pull = shop.open_pull(DEARER)
    shop.hub.files[7] = [*(f"docs/{number}.md" for number in range(3000)), "commet.yaml"]
    done = shop.apply(shop.merge(pull))
    assert (done.code, price(shop)) == (4, 4900)


def test_a_push_of_several_pull_requests_is_no_success_where_only_the_last_changed_no_catalog(shop: World) -> None:
    before = shop.git("rev-parse", "main")
    pull = shop.open_pull(DEARER)
    shop.plan(pull)
    shop.merge(pull)
    tip = merged_readme(shop, 9)
    done = shop.apply(tip, before=before)
    assert (done.code, price(shop)) == (4, 4900)
    assert "pull request #9 changed no YAML file, and others of the same push may have" in done.log
    assert (shop.by_hand(tip, pull_request="7").code, price(shop)) == (0, 5900)


@pytest.mark.parametrize("before", ["0" * 40, "a branch"])
def test_a_push_onto_nothing_known_may_have_changed_a_catalog(shop: World, before: str) -> None:
    assert shop.apply(merged_readme(shop, 9), before=before).code == 4


def test_a_pull_request_without_yaml_has_a_green_check_at_once(shop: World) -> None:
    shop.git("checkout", "-q", "-b", "words", "main")
    base = shop.git("rev-parse", "main")
    (shop.repository / "notes.txt").write_text("words\n", encoding="utf-8")
    shop.git("add", "notes.txt")
    shop.git("commit", "-qm", "words")
    head = shop.git("rev-parse", "HEAD")
    pull = Pull(7, "words", base, head, head)
    for source in (REPOSITORY, "stranger/pricing"):
        ran = shop.plan(pull, source=source, api_key="")
        assert (ran.code, ran.outputs["changes"], ran.uploads) == (0, "false", [])
        assert "This pull request changes no YAML file" in ran.summary
    assert not shop.hub.comments
    assert "commetctl" not in shop.started("words").replace("run_commetctl", "").replace("commetctl-", "")


def test_without_git_a_pull_request_is_planned(shop: World) -> None:
    pull = shop.open_pull(DEARER)
    tools = shop.folder / "tools"
    tools.mkdir()
    for name in ("bash", "sh", "env", "sed"):
        (tools / name).symlink_to(shutil.which(name) or "")
    shop.env = {"PATH": str(tools)}
    ran = shop.plan(pull)
    assert (ran.code, ran.outputs["changes"]) == (0, "true"), ran.log
    ran = shop.plan(pull, source="stranger/pricing")
    assert ran.code == 1
    assert "git is not installed" in ran.summary


def test_a_catalog_whose_name_has_another_ending_is_planned_and_applied(shop: World) -> None:
    shop.file = "pricing.conf"
    shop.commit(YAML)
    pull = shop.open_pull(DEARER)
    assert shop.plan(pull, file="pricing.conf").uploads
    shop.hub.files[7] = ["pricing.conf"]
    commit = shop.merge(pull)
    shop.hub.artifacts.clear()
    assert shop.apply(commit, file="pricing.conf").code == 4


def behind_a_link(shop: World, text: str) -> None:
    (shop.repository / "shared").mkdir(exist_ok=True)
    (shop.repository / "shared/prices").write_text(text, encoding="utf-8")
    (shop.repository / "commet.yaml").unlink()
    (shop.repository / "commet.yaml").symlink_to("shared/prices")
    shop.git("add", "-A")
    shop.git("commit", "-qm", "a link")


def in_a_submodule(shop: World, text: str) -> None:
    """What git records of it: the commit that is checked out there."""
    other = shop.repository / "prices"
    shop.git("init", "-q", str(other))
    (other / "commet.yaml").write_text(text, encoding="utf-8")
    shop.git("-C", str(other), "add", "-A")
    shop.git("-C", str(other), "commit", "-qm", "prices")
    shop.git("add", "prices")
    shop.git("commit", "-qm", "a submodule")


@pytest.mark.parametrize(
    ("settled", "file", "changed"),
    [(behind_a_link, "commet.yaml", "shared/prices"), (in_a_submodule, "prices/commet.yaml", "prices")],
)
def test_a_catalog_is_planned_also_where_git_names_another_file(
    shop: World, settled: Callable[[World, str], None], file: str, changed: str
) -> None:
    settled(shop, YAML)
    base = shop.git("rev-parse", "HEAD")
    shop.git("checkout", "-q", "-b", "dearer")
    settled(shop, DEARER)
    head = shop.git("rev-parse", "HEAD")
    assert shop.git("diff", "--name-only", base, head) == changed
    pull = Pull(7, "dearer", base, head, head)
    assert shop.plan(pull, file=file).uploads
    shop.hub.files[7] = [changed]
    shop.hub.artifacts.clear()
    assert shop.apply(shop.merge(pull), file=file).code == 4


@pytest.mark.parametrize("name", ["prices.yml", "plans/pro.yaml", "deep/er/x.yml"])
def test_any_yaml_file_may_be_of_a_catalog(shop: World, name: str) -> None:
    shop.git("checkout", "-q", "-b", "more", "main")
    base = shop.git("rev-parse", "main")
    (shop.repository / name).parent.mkdir(parents=True, exist_ok=True)
    (shop.repository / name).write_text("version: 1\n", encoding="utf-8")
    shop.git("add", "-A")
    shop.git("commit", "-qm", "more")
    head = shop.git("rev-parse", "HEAD")
    assert shop.plan(Pull(7, "more", base, head, head)).uploads


def test_the_comment_goes_on_where_the_change_is_taken_back(shop: World) -> None:
    pull = shop.open_pull(DEARER)
    shop.plan(pull)
    ran = shop.plan(shop.push(pull, YAML))
    assert ran.code == 0
    (comment,) = shop.hub.comments_on(7)
    assert "This pull request changes no YAML file" in comment
    assert "59.00" not in comment
