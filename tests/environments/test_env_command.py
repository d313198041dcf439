"""`--env` on the command line: which account, which key, which files; and two organizations side by side."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.running import KEY, Ended, run
from emulator.serving import Served, emulator_server
from environments.files import written

BASE = """\
version: 1
features:
  images: {name: Images, type: usage}
plans:
  pro:
    name: Pro
    consumption_model: credits
    prices: {monthly: {price: 49.00, included_credits: 100}}
    features: {images: {credits_per_unit: 10}}
"""
SANDBOX = "version: 1\nmode: sandbox\nplans: {pro: {prices: {monthly: {trial_days: 3}}}}\n"
LIVE = "version: 1\nmode: live\nplans: {pro: {prices: {monthly: {price: 59.00}}}}\n"
FILES = {"commet.yaml": BASE, "commet.sandbox.yaml": SANDBOX, "commet.production.yaml": LIVE}
LIVE_KEY = "ck_live_N0body0ughtT0SeeThis"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written(tmp_path, FILES)
    return tmp_path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A Commet whose keys decide on the organization."""
    with emulator_server(tmp_path_factory.mktemp("server") / "commet.db") as process:
        yield process


def local(folder: Path, *arguments: str) -> Ended:
    return run(folder, *arguments, "--local", key=None)


def test_each_environment_has_an_embedded_commet_of_its_own(folder: Path) -> None:
    assert local(folder, "apply", "--env", "sandbox", "--yes", "-q").code == 0
    assert local(folder, "apply", "--env", "production", "--yes", "-q").code == 0
    names = sorted(path.name for path in (folder / ".commet").iterdir() if path.suffix == ".db")
    assert names == ["production.db", "sandbox.db"]
    for name in ("sandbox", "production"):
        ended = local(folder, "plan", "--env", name)
        title = f" LOCAL  {name} · .commet/{name}.db · commet.yaml + commet.{name}.yaml"
        assert (ended.code, ended.out.startswith(title), "No changes" in ended.out) == (0, True, True)
    assert "49.00 → 59.00 USD" in run(folder, "plan", "--env", "production", "--local=.commet/sandbox.db", key=None).out


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"COMMET_API_KEY_SANDBOX": KEY, "COMMET_API_KEY": "ck_live_another"}, 0),
        ({"COMMET_API_KEY": KEY}, 0),
        ({"COMMET_API_KEY_PRODUCTION": KEY}, 6),
        ({}, 6),
    ],
)
def test_the_key_is_that_of_the_environment_or_the_one_for_all(
    folder: Path, server: Served, keys: dict[str, str], code: int
) -> None:
    ended = run(folder, "plan", "--env", "sandbox", "--api-url", server.url, key=None, env=keys)
    assert ended.code == code, ended.err
    if code:
        assert "hint: set COMMET_API_KEY_SANDBOX or COMMET_API_KEY, name a file" in ended.err


def test_a_key_that_ci_does_not_have_is_not_replaced_by_another(folder: Path, server: Served) -> None:
    """An empty variable is what CI makes of a secret that is not there."""
    env = {"COMMET_API_KEY_SANDBOX": " ", "COMMET_API_KEY": KEY}
    ended = run(folder, "plan", "--env", "sandbox", "--api-url", server.url, key=None, env=env)
    assert (ended.code, ended.err) == (
        6,
        "error: COMMET_API_KEY_SANDBOX is empty\nhint: set it, or unset it to use COMMET_API_KEY\n",
    )


def test_the_key_of_another_organization_is_refused_before_anything_is_written(folder: Path, server: Served) -> None:
    """The overlay says which mode its organization has, so a key in the wrong place does no harm."""
    keys = {"COMMET_API_KEY": LIVE_KEY}
    ended = run(folder, "apply", "--env", "sandbox", "--yes", "--api-url", server.url, key=None, env=keys)
    assert (ended.code, "nothing was applied" in ended.err or "mode" in ended.err) == (4, True)


def test_the_address_may_be_one_of_the_environment(folder: Path, server: Served) -> None:
    urls = {"COMMET_API_URL_SANDBOX": server.url, "COMMET_API_URL": "http://127.0.0.1:9", "COMMET_API_KEY": KEY}
    document = run(folder, "plan", "--env", "sandbox", "--format", "json", key=None, env=urls).document
    assert document["target"]["api_url"] == server.url
    assert document["target"]["environment"] == "sandbox"
    assert run(folder, "plan", "--env", "production", "--retries", "0", key=None, env=urls).code == 1
    given = run(folder, "plan", "--env", "production", "--api-url", server.url, key=None, env=urls)
    assert given.code == 0, given.err


@pytest.mark.parametrize("name", ["", "Sandbox", "../x", "a.b", "a b", "-x", "a_b", "local", "x" * 51])
def test_a_name_that_is_none_is_wrong_usage(folder: Path, name: str) -> None:
    """An empty one is a variable that is not set, and must not mean the account without an environment."""
    ended = run(folder, "validate", f"--env={name}")
    assert (ended.code, "a name has small letters" in ended.err or "`local` is" in ended.err) == (64, True)


def test_one_that_nobody_declared_is_an_error_everywhere(folder: Path) -> None:
    for command in ("validate", "plan", "apply", "pull", "preview"):
        arguments = [] if command in ("validate", "preview") else ["--local"]
        ended = run(folder, command, "--env", "prod", "--format", "json", *arguments, key=None)
        assert (ended.code, ended.errors) == (1, ["unknown_environment"]), command
    assert not (folder / ".commet").exists()


def test_a_saved_plan_is_for_its_environment(folder: Path) -> None:
    saved = local(folder, "plan", "--env", "sandbox", "--out", "plan.json")
    assert saved.out.rstrip().endswith("commetctl apply plan.json --env sandbox --local=.commet/sandbox.db")
    other = local(folder, "apply", "plan.json", "--env", "production", "--yes")
    assert (other.code, "environment sandbox" in other.err, "environment production" in other.err) == (4, True, True)
    without = run(folder, "apply", "plan.json", "--yes", "--local=.commet/sandbox.db", key=None)
    assert without.code == 4
    right = run(folder, "apply", "plan.json", "--env", "sandbox", "--yes", "--local=.commet/sandbox.db", key=None)
    assert right.code == 0, right.err


def test_a_pull_writes_into_the_overlay(folder: Path) -> None:
    assert local(folder, "apply", "--env", "sandbox", "--yes", "-q").code == 0
    (folder / "commet.sandbox.yaml").write_text(SANDBOX.replace("3", "30"), encoding="utf-8")
    ended = local(folder, "pull", "--env", "sandbox", "--yes")
    assert (ended.code, ended.out.rstrip().endswith("Written to commet.sandbox.yaml")) == (0, True)
    assert {name: (folder / name).read_text("utf-8") for name in FILES} == FILES


def test_a_pull_without_a_file_says_what_comes_first(tmp_path: Path) -> None:
    ended = local(tmp_path, "pull", "--env", "sandbox")
    assert (ended.code, "pull` without `--env`" in ended.err) == (1, True)


def test_a_pull_goes_into_the_file_that_says_it(tmp_path: Path) -> None:
    plan = "version: 1\nplans:\n  pro: {name: Pro, prices: {monthly: {price: 49.00}}}   # ours\n"
    files = {"commet.yaml": "version: 1\ninclude: [plans.yaml]\n", "plans.yaml": plan}
    written(tmp_path, files)
    assert local(tmp_path, "apply", "--yes", "-q").code == 0
    (tmp_path / "plans.yaml").write_text(plan.replace("49", "59"), encoding="utf-8")
    dry = local(tmp_path, "pull", "--dry-run")
    assert "--- a/plans.yaml\n+++ b/plans.yaml\n" in dry.out
    assert local(tmp_path, "pull", "--yes").out.rstrip().endswith("Written to plans.yaml")
    assert {name: (tmp_path / name).read_text("utf-8") for name in files} == files


def test_two_organizations_are_compared_as_they_are(folder: Path, server: Served) -> None:
    for name in ("sandbox", "production"):
        assert local(folder, "apply", "--env", name, "--yes", "-q").code == 0
    ended = local(folder, "diff", "env:sandbox", "env:production", "--detailed-exitcode")
    assert ended.code == 2
    words = " ".join(ended.out.split())
    assert words.startswith("env:sandbox (local Commet in .commet/sandbox.db) → env:production (local Commet in ")
    assert "~ Monthly price 49.00 → 59.00 USD +20.4% at renewal" in words
    assert "Trial days 3 → 0 new customers" in words
    assert "0 to create, 1 to update, 0 to delete." in words
    document = local(folder, "diff", "env:production", "env:sandbox", "--format", "json").document
    assert document["compared"]["before"] == "env:production"
    assert [change["address"] for change in document["plan"]["changes"]] == ["plan_price.pro/monthly"]


def test_what_commet_does_not_reveal_is_never_called_the_same(folder: Path, server: Served) -> None:
    """One organization has a ledger, the other was made in the dashboard."""
    (folder / "commet.production.yaml").write_text(SANDBOX, encoding="utf-8")
    keys = {"COMMET_API_KEY_SANDBOX": KEY, "COMMET_API_KEY_PRODUCTION": "ck_sandbox_another"}
    with emulator_server(folder / "other.db") as other:
        urls = {"COMMET_API_URL_SANDBOX": server.url, "COMMET_API_URL_PRODUCTION": other.url} | keys
        for name in ("sandbox", "production"):
            assert run(folder, "apply", "--env", name, "--yes", "-q", key=None, env=urls).code == 0
        same = run(folder, "diff", "env:sandbox", "env:production", key=None, env=urls)
        assert (same.code, same.err, "No changes: both accounts have the same" in same.out) == (0, "", True)
        forget(other.url)
        ended = run(folder, "diff", "env:sandbox", "env:production", "--format", "json", key=None, env=urls)
    (notice,) = [item for item in ended.document["diagnostics"] if item["code"] == "not_compared"]
    assert (notice["address"], notice["message"]) == (
        "plan_feature.pro/images",
        "`credits_per_unit` is not known for env:production, so it is not compared",
    )


def forget(url: str) -> None:
    """What somebody does in the dashboard: the plan loses its ledger."""
    import httpx

    with httpx.Client(base_url=f"{url}/api/v1", headers={"x-api-key": "ck_sandbox_another"}) as client:
        (plan,) = client.get("/plans", params={"includePrivate": "true"}).json()["data"]
        answer = client.patch(f"/plans/{plan['id']}", json={"metadata": {}})
        assert answer.status_code == 200, answer.text


def test_the_same_account_twice_proves_nothing(folder: Path, server: Served) -> None:
    env = {"COMMET_API_URL": server.url, "COMMET_API_KEY": KEY}
    ended = run(folder, "diff", "env:sandbox", "env:production", "--format", "json", key=None, env=env)
    assert (ended.code, ended.errors) == (1, ["same_account"])
    twice = local(folder, "diff", "env:sandbox", "env:sandbox")
    assert (twice.code, "hint: name two environments" in twice.err) == (1, True)


def test_an_organization_of_the_wrong_mode_is_refused(folder: Path, server: Served) -> None:
    env = {"COMMET_API_URL": server.url, "COMMET_API_KEY_SANDBOX": LIVE_KEY, "COMMET_API_KEY_PRODUCTION": KEY}
    ended = run(folder, "diff", "env:sandbox", "env:production", "--format", "json", key=None, env=env)
    assert (ended.code, ended.errors) == (4, ["wrong_mode"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("env:sandbox", "commet.yaml"), "with a catalog, by `plan --env NAME`"),
        (("env:sandbox", "env:production", "--prune"), "are for catalogs"),
        (("env:sandbox", "env:production", "--env", "sandbox"), "are for catalogs"),
        (("commet.yaml", "commet.yaml", "--local"), "`--local` is for accounts"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    ended = run(folder, "diff", *arguments)
    assert (ended.code, message in ended.err) == (64, True), ended.err


def test_the_doctor_says_which_variable_the_key_is_in(folder: Path, server: Served) -> None:
    env = {"COMMET_API_KEY_SANDBOX": KEY, "COMMET_API_URL_SANDBOX": server.url}
    ended = run(folder, "doctor", "--env", "sandbox", key=None, env=env)
    assert (ended.code, "found in COMMET_API_KEY_SANDBOX" in ended.out) == (0, True), ended.out
    assert "commet.yaml + commet.sandbox.yaml is valid" in ended.out


def test_environments_are_completed(folder: Path) -> None:
    words = {"COMP_WORDS": "commetctl plan --env ", "COMP_CWORD": "3", "_COMMETCTL_COMPLETE": "bash_complete"}
    ended = run(folder, env=words)
    assert ended.out.split() == ["plain,production", "plain,sandbox"]


def test_a_variable_of_the_environment_is_in_the_plan(folder: Path) -> None:
    priced = BASE.replace("49.00", "'${COMMETCTL_VAR_PRO}'")
    (folder / "commet.yaml").write_text(priced, encoding="utf-8")
    unset = local(folder, "plan", "--env", "sandbox", "--format", "json")
    assert (unset.code, unset.errors) == (3, ["undefined_variable"])
    ended = run(folder, "plan", "--env", "sandbox", "--local", key=None, env={"COMMETCTL_VAR_PRO": "19.00"})
    assert "19.00 USD" in ended.out
    # An account that differs is written in the place of the variable; one that does not leaves it.
    env = {"COMMETCTL_VAR_PRO": "19.00"}
    assert run(folder, "apply", "--env", "sandbox", "--local", "--yes", "-q", key=None, env=env).code == 0
    assert run(folder, "pull", "--env", "sandbox", "--local", "--check", key=None, env=env).code == 0
    assert json.loads(run(folder, "validate", "--format", "json", key=None, env=env).out)["ok"] is True


def test_an_overlay_does_not_take_the_prices_of_an_organization_of_another_mode(folder: Path, server: Served) -> None:
    env = {"COMMET_API_URL": server.url, "COMMET_API_KEY": KEY}
    ended = run(folder, "pull", "--env", "production", "--yes", "--format", "json", key=None, env=env)
    assert (ended.code, ended.errors) == (4, ["wrong_mode"])
    assert {name: (folder / name).read_text("utf-8") for name in FILES} == FILES


@pytest.mark.parametrize("spelling", ["{}/", "{}/api/v1", "http://localhost:{port}", "http://127.0.0.1:0{port}"])
def test_the_same_account_by_two_spellings_is_the_same(folder: Path, server: Served, spelling: str) -> None:
    port = server.url.rpartition(":")[2]
    other = spelling.format(server.url, port=port)
    env = {"COMMET_API_URL_SANDBOX": server.url, "COMMET_API_URL_PRODUCTION": other, "COMMET_API_KEY": KEY}
    ended = run(folder, "diff", "env:sandbox", "env:production", "--format", "json", key=None, env=env)
    assert (ended.code, ended.errors) == (1, ["same_account"])


def test_what_a_catalog_cannot_say_of_an_organization_is_never_called_the_same(folder: Path) -> None:
    """One has a default price and the other none, which no file says."""
    with (
        emulator_server(folder / "one.db") as one,
        emulator_server(folder / "other.db", "--quirk", "default_price=none") as other,
    ):
        env = {"COMMET_API_URL_SANDBOX": one.url, "COMMET_API_URL_PRODUCTION": other.url}
        env |= {"COMMET_API_KEY_SANDBOX": KEY, "COMMET_API_KEY_PRODUCTION": "ck_sandbox_another"}
        (folder / "commet.production.yaml").write_text(SANDBOX, encoding="utf-8")
        for url in (one.url, other.url):
            dashboard(url)
        ended = run(folder, "diff", "env:sandbox", "env:production", "--detailed-exitcode", key=None, env=env)
    assert ended.code == 2, ended.out
    assert "both accounts have the same, as far as they can be compared" in ended.out
    assert "env:production: " in ended.out
    assert "the file" not in ended.out


def dashboard(url: str) -> None:
    """A plan with two prices, made by somebody who does not say which is the default."""
    import httpx

    with httpx.Client(base_url=f"{url}/api/v1", headers={"x-api-key": KEY}) as client:
        plan = client.post("/plans", json={"code": "pro", "name": "Pro"}).json()["id"]
        for interval in ("monthly", "yearly"):
            answer = client.post(f"/plans/{plan}/prices", json={"billingInterval": interval, "price": 4900})
            assert answer.status_code in (200, 201), answer.text


def test_a_pull_that_is_killed_between_two_files_is_finished_by_the_next(tmp_path: Path) -> None:
    """A feature comes before the plan that names it."""
    from commetctl.catalog import load
    from commetctl.usecases.pull import pull
    from commetctl.usecases.reading import read
    from pull.pulling import NEWER, opened

    feature = "features:\n  {}: {{name: {}, type: boolean}}\n"
    plan = "plans:\n  pro: {{name: Pro, prices: {{monthly: {{price: 1.00}}}}, features: {{{}: true}}}}\n"
    files = {
        "commet.yaml": "version: 1\ninclude: [plans.yaml, features.yaml]\n",
        "plans.yaml": "version: 1\n" + plan.format("old"),
        "features.yaml": "version: 1\n" + feature.format("old", "Old"),
    }
    main = written(tmp_path, files)
    with opened(NEWER) as shop:
        shop.make(
            "version: 1\n" + feature.format("new", "New") + "  old: {name: Old, type: boolean}\n" + plan.format("new")
        )
        catalog = load(main)
        found = pull(catalog, read(catalog, shop.client(catalog))[0], proven=None)
        assert [Path(file.name).name for file in found.changed] == ["features.yaml", "plans.yaml"]
        first = found.changed[0]
        Path(first.name).write_bytes(first.after)
        # Here it is killed.
        catalog = load(main)
        again = pull(catalog, read(catalog, shop.client(catalog))[0], proven=None)
        assert [Path(file.name).name for file in again.changed] == ["plans.yaml"]


def test_a_plan_with_a_base_says_what_the_overlay_keeps_from_it(folder: Path) -> None:
    def git(*words: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words],
            cwd=folder,
            check=True,
            capture_output=True,
        )

    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "before")
    assert local(folder, "apply", "--env", "production", "--yes", "-q").code == 0
    (folder / "commet.yaml").write_text(BASE.replace("49.00", "54.00"), encoding="utf-8")
    ended = local(folder, "plan", "--env", "production", "--base", "git:HEAD")
    said = " ".join((ended.out + ended.err).split())
    assert "No changes" in said
    assert "was 49.00 in commet.yaml and is now 54.00, but commet.production.yaml keeps 59.00" in said
    assert "was 49.00 in commet.yaml" in " ".join(local_diff(folder).split())


def local_diff(folder: Path) -> str:
    ended = run(folder, "diff", "--env", "production", "git:HEAD", "commet.yaml", key=None)
    assert ended.code == 0, ended.err
    return ended.out + ended.err


def test_a_variable_that_is_replaced_is_said(folder: Path) -> None:
    (folder / "commet.yaml").write_text(BASE.replace("49.00", "'${COMMETCTL_VAR_PRO}'"), encoding="utf-8")
    env = {"COMMETCTL_VAR_PRO": "19.00"}
    assert run(folder, "apply", "--local", "--yes", "-q", key=None, env=env).code == 0
    ended = run(folder, "pull", "--local", "--yes", key=None, env={"COMMETCTL_VAR_PRO": "21.00"})
    assert "warning: `COMMETCTL_VAR_PRO` is no longer used in commet.yaml: Commet has another value" in ended.err


def test_who_forgets_the_environment_is_reminded(folder: Path) -> None:
    ended = run(folder, "plan", key=None, env={"COMMET_API_KEY_SANDBOX": KEY})
    assert (ended.code, "hint: name the environment with --env, or set COMMET_API_KEY," in ended.err) == (6, True)
