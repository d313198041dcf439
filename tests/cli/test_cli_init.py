"""`commetctl init`: what it makes works at once, and what was there before stays as it was."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from cli.founded import files, init
from cli.running import environment, run, started
from commetctl.cli.init import TEMPLATES
from commetctl.core.errors import CommetctlError
from commetctl.usecases.scaffold import WORKFLOWS, names, templates
from commetctl.usecases.scaffold import files as made

ROOT = Path(__file__).parents[2]
MODELINE = "# yaml-language-server: $schema=commet.schema.json\n"
PLAIN = [".gitignore", "README.md", "commet.schema.json", "commet.yaml"]
GITHUB = ".github/workflows/pricing.yml"
FILES = sorted([*PLAIN, GITHUB])


def checked(*arguments: str, home: Path) -> None:
    """Check files by a schema, without network."""
    words = [sys.executable, "-m", "check_jsonschema", *arguments]
    env = {"PATH": "/usr/bin:/bin", "HOME": str(home), "HTTPS_PROXY": "http://127.0.0.1:9"}
    ended = subprocess.run(words, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stdout


@pytest.mark.process
@pytest.mark.parametrize("template", TEMPLATES)
def test_each_template_works_at_once(template: str, tmp_path: Path) -> None:
    assert init(tmp_path, "shop", "--template", template).code == 0
    shop = tmp_path / "shop"
    assert files(shop) == FILES
    source = (ROOT / "examples" / TEMPLATES[template] / "commet.yaml").read_text("utf-8")
    assert (shop / "commet.yaml").read_text("utf-8") == MODELINE + source
    for words in (["validate", "--strict"], ["plan", "--local"], ["apply", "--local", "--yes"]):
        ended = run(shop, *words, key=None)
        assert (ended.code, "warning" in ended.err) == (0, False)
    again = run(shop, "plan", "--local", "--detailed-exitcode", key=None)
    assert (again.code, "No changes" in again.out) == (0, True)
    checked("--schemafile", str(shop / "commet.schema.json"), str(shop / "commet.yaml"), home=tmp_path)


def test_what_it_makes_and_says(tmp_path: Path) -> None:
    ended = init(tmp_path, "my shop")
    about = "the schema for completion and checks in editors; `commetctl schema --out commet.schema.json` renews it"
    workflow = "plans proposed changes and applies merged ones; its first lines say what to set up"
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "a pricing repository in my shop, from the template `fixed`\n"
        "\n"
        "  made  commet.yaml                    the catalog: features, plans, prices, credit packs\n"
        "  made  README.md                      what these files are\n"
        f"  made  commet.schema.json             {about}\n"
        "  made  .gitignore                     keeps the files that commetctl writes out of the repository\n"
        f"  made  .github/workflows/pricing.yml  {workflow}\n"
        "\n"
        "next:\n"
        "  cd 'my shop'\n"
        "  commetctl validate\n"
        "  commetctl plan --local\n"
    )
    shop = tmp_path / "my shop"
    assert files(tmp_path) == [f"my shop/{name}" for name in FILES]
    assert (shop / ".gitignore").read_text("utf-8") == ".commet/\nplan.json\ncommet-pricing.html\n"
    assert (shop / GITHUB).read_bytes() == (ROOT / "examples/ci/github/pricing.yml").read_bytes()
    schema = run(tmp_path, "schema", key=None).out
    assert (shop / "commet.schema.json").read_text("utf-8") == schema
    readme = (shop / "README.md").read_text("utf-8")
    for name in FILES:
        assert (f"| `{name}` |" in readme) is (name != "README.md")
    assert [line.split()[1] for line in readme.splitlines() if line.startswith("commetctl ")] == [
        "validate",
        "plan",
        "apply",
        "preview",
    ]


def test_here_means_here_and_quiet_is_quiet(tmp_path: Path) -> None:
    ended = init(tmp_path, "--ci", "none")
    assert ended.out.endswith("\nnext:\n  commetctl validate\n  commetctl plan --local\n")
    assert files(tmp_path) == PLAIN
    quiet = init(tmp_path, "one/two", "-q")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    assert files(tmp_path / "one/two") == FILES


@pytest.mark.process
@pytest.mark.parametrize(
    ("ci", "schemas"),
    [
        ("github", ["vendor.github-workflows", "custom.github-workflows-require-timeout"]),
        ("gitlab", ["vendor.gitlab-ci"]),
    ],
)
def test_the_workflow_is_valid(ci: str, schemas: list[str], tmp_path: Path) -> None:
    assert init(tmp_path, "shop", "--ci", ci).code == 0
    name = WORKFLOWS[ci][0]
    assert files(tmp_path / "shop") == sorted([*PLAIN, name])
    assert f"| `{name}` |" in (tmp_path / "shop/README.md").read_text("utf-8")
    for schema in schemas:
        checked("--builtin-schema", schema, str(tmp_path / "shop" / name), home=tmp_path)


def test_what_is_there_stays_and_is_said(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine\n")
    (tmp_path / ".gitignore").symlink_to("nowhere")
    ended = init(tmp_path)
    assert ended.code == 0
    assert "  kept  README.md                      is there already, and is left alone\n" in ended.out
    assert "  kept  .gitignore                     is there already, and is left alone\n" in ended.out
    assert ended.out.endswith("\nand add to .gitignore: .commet/ plan.json commet-pricing.html\n")
    assert files(tmp_path) == FILES
    assert (tmp_path / "README.md").read_text() == "mine\n"
    assert (tmp_path / ".gitignore").readlink() == Path("nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_json(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").touch()
    document = init(tmp_path, ".", "--format", "json").document
    found = {item["file"]: (item["severity"], item["code"]) for item in document["diagnostics"]}
    assert found == {name: ("info", "kept" if name == ".gitignore" else "made") for name in FILES}


def test_the_catalog_comes_last_so_that_a_run_that_was_killed_can_be_repeated(tmp_path: Path) -> None:
    assert all(
        list(made("", ci, live=False))[-1] == names(ci)[-1] == "commet.yaml" for ci in ("github", "gitlab", "none")
    )
    assert init(tmp_path).code == 0
    (tmp_path / "commet.yaml").unlink()
    (tmp_path / "README.md").unlink()
    ended = init(tmp_path, "--template", "seats")
    assert (ended.code, ended.out.count("  made  "), ended.out.count("  kept  ")) == (0, 2, 3)
    assert files(tmp_path) == FILES


def test_a_name_is_text_and_nothing_to_obey(tmp_path: Path) -> None:
    ended = init(tmp_path, "a\x1b[2Jb\nnext:")
    assert ended.code == 0
    assert ended.out.startswith("a pricing repository in a\\x1b[2Jb\\nnext:, from the template `fixed`\n")


def test_from_live_is_what_a_pull_writes(tmp_path: Path) -> None:
    assert init(tmp_path, "there", "--template", "credits").code == 0
    database = str(tmp_path / "there/.commet/local.db")
    assert run(tmp_path / "there", "apply", "--local", "--yes", "-q", key=None).code == 0
    assert run(tmp_path, "pull", "--local", database, key=None).code == 0
    ended = init(tmp_path, "here", "--from-live", "--local", database)
    assert ended.code == 0
    assert ended.out.startswith("a pricing repository in here, from what Commet has\n")
    assert ended.out.endswith(f"  commetctl plan --local {database}\n")
    assert files(tmp_path / "here") == FILES
    pulled = (tmp_path / "commet.yaml").read_text("utf-8")
    assert pulled.startswith(MODELINE)
    assert (tmp_path / "here/commet.yaml").read_text("utf-8") == pulled
    plan = run(tmp_path / "here", "plan", "--local", database, "--detailed-exitcode", key=None)
    assert (plan.code, "No changes" in plan.out) == (0, True)
    target = init(tmp_path, "json", "--from-live", "--local", database, "--format", "json").document["target"]
    assert target == {"api_url": f"local:{database}", "api_version": "2026-08-27", "livemode": False}


def test_below_the_root_of_a_repository_the_workflow_is_not_found(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    ended = init(tmp_path, "prices")
    assert ended.code == 0
    assert f"where CI looks for {GITHUB}" in " ".join(ended.err.split())
    assert init(tmp_path, "plain", "--ci", "none").err == ""
    assert init(tmp_path, ".").err == ""


@pytest.mark.process
def test_a_wheel_has_the_templates_and_the_paragraphs_of_the_codes_in_it(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(words, cwd=ROOT, env=environment(None), capture_output=True, timeout=60, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "unpacked")
    package = tmp_path / "unpacked/commetctl"
    assert templates(package) == package / "templates"
    sources = [f"{name}/commet.yaml" for name in TEMPLATES.values()] + [source for _, source in WORKFLOWS.values()]
    sources.append("skills/commetctl/SKILL.md")
    assert files(package / "templates") == sorted(sources)
    for template, name in TEMPLATES.items():
        made_by = ("init", template, "--template", template, "--ci", "gitlab")
        ended = started(tmp_path, *made_by, env={"PYTHONPATH": "unpacked"})
        assert ended.code == 0, ended.err
        made = (tmp_path / template / "commet.yaml").read_text("utf-8")
        assert made == MODELINE + (ROOT / "examples" / name / "commet.yaml").read_text("utf-8")
    explained = started(tmp_path, "explain", "code.usage", env={"PYTHONPATH": "unpacked"})
    assert (explained.code, explained.out.splitlines()[0]) == (0, "usage")
    # It is the wheel's own that were taken.
    (package / "templates/seats/commet.yaml").write_text("version: 1\n")
    started(tmp_path, "init", "odd", "--template", "seats", env={"PYTHONPATH": "unpacked"})
    assert (tmp_path / "odd/commet.yaml").read_text("utf-8") == MODELINE + "version: 1\n"


def test_a_checkout_has_them_beside_the_source(tmp_path: Path) -> None:
    assert templates(ROOT / "src/commetctl") == ROOT / "examples"
    with pytest.raises(CommetctlError, match="the templates are missing from this installation"):
        templates(tmp_path / "src/commetctl")
