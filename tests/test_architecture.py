"""The house: what may import what, and what must stay out of the way until it is needed."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

from commetctl.kinds import SECTIONS
from every import every

SOURCE = Path(__file__).parents[1] / "src" / "commetctl"

#: Layer of each part; a part may import parts of its own layer or below, and only the third parties named.
LAYERS = {
    "__init__": 0, "core": 0,
    "yamltext": 1,
    "kinds": 2,
    "api": 3, "catalog": 3, "planning": 3,
    "apply": 4, "review": 4,
    "reading": 5,
    "reference": 6, "render": 6,
    "usecases": 7,
    "cli": 8, "__main__": 9,
}  # fmt: skip
THIRD_PARTIES = {
    "yamltext": {"_ruamel_yaml", "ruamel"},
    "kinds": {"pydantic", "pydantic_core"},
    "catalog": {"pydantic", "pydantic_core", "ruamel"},
    "api": {"httpx"},
    "planning": {"deepdiff"},
    "render": {"jinja2", "markupsafe"},
    "reference": {"pydantic", "pydantic_core"},
    "usecases": {"pydantic"},
    "cli": {"click", "httpx"},
    "emulator": {"werkzeug"},
}
#: Modules outside `kinds/` and `emulator/` that name particular kinds or sections: which, or `import`, and why.
_PAGE = "the price page shows plans and packs as a customer reads them"
_COMMAND = "`plan` is also a command"
_MIGRATION = "a configuration in code has features and plans alone, and plans have an order"
NAMING = {
    "apply/earlier_runs.py": ("plan", _COMMAND),
    "cli/__init__.py": ("plan", _COMMAND),
    "cli/apply.py": ("plan", _COMMAND),
    "cli/diff.py": ("plan", _COMMAND),
    "cli/init.py": ("plan", _COMMAND),
    "cli/plan.py": ("plan", _COMMAND),
    "cli/present.py": ("plan", _COMMAND),
    "cli/pull.py": ("plan", _COMMAND),
    "cli/show.py": ("plan", _COMMAND),
    "core/impact.py": ("market", "why a subscription may pay another amount"),
    "core/resource.py": ("plan_price", "the example of an address"),
    "reference/codes.py": ("plans", "a theme of the codes: saved plans"),
    "render/account.py": ("feature market", "the tables of a plan name what is in their columns"),
    "render/ci.py": ("plan", _COMMAND),
    "render/page/cards.py": ("import feature credit_pack", _PAGE),
    "render/page/view.py": ("import", _PAGE),
    "render/pricing.py": ("import credit_pack", _PAGE),
    "review/counting.py": ("plan", "Commet's name for what a subscription is to"),
    "review/plan_versions.py": ("import plans", "plan versions are about plans"),
    "review/scales.py": ("import plan plans", "the scales of prices and balances are about plans"),
    "usecases/dated/another.py": ("plans", "a plan is what has prices of its own for its customers"),
    "usecases/migration/configuration.py": ("import features plan_groups plans", _MIGRATION),
    "usecases/migration/conversion.py": ("features plans", _MIGRATION),
    "usecases/purchase/quote.py": ("import", "a purchase is of a credit pack"),
    "usecases/purchase/packs.py": ("import credit_pack credit_packs", "a purchase is of a credit pack"),
    "usecases/saved_plans.py": ("plan", _COMMAND),
}
#: What only type checkers ever import.
TYPING_ONLY = {"_typeshed"}


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def part_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def named(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """A module, parsed once for all scans."""
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> set[str]:
    """Every module that a file imports, at any depth of the code."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found.add(node.module or "")
    return found


def test_imports_point_one_way() -> None:
    every(modules(), check_imports, named)


def check_imports(path: Path) -> None:
    part = part_of(path)
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "commetctl":
            used = rest.partition(".")[0] or "__init__"
            if part == "emulator":
                assert used == "emulator", "a client and a server that share code share mistakes"
            elif used == "emulator":
                assert part == "cli", f"only the command line may start the emulator, not {part}"
            else:
                assert LAYERS[used] <= LAYERS[part], f"{part} may not import {used}"
        elif top not in sys.stdlib_module_names | TYPING_ONLY:
            assert top in THIRD_PARTIES.get(part, set()), f"{part} may not import {top}"


def test_a_kind_is_named_by_its_own_module_alone() -> None:
    found = {named(path): names_of_kinds(path) for path in modules() if part_of(path) not in ("kinds", "emulator")}
    assert {place: names for place, names in found.items() if names} == {
        place: set(names.split()) for place, (names, _) in NAMING.items()
    }


def names_of_kinds(path: Path) -> set[str]:
    """The names of kinds and sections in the texts of a module; `import` where it imports the module of one.

    A name of one word is also a word of English, so only a text that is the name alone counts.
    """
    names = {name for section in SECTIONS for name in (section.name, *section.kinds)}
    compound = re.compile("|".join(rf"\b{name}\b" for name in sorted(names) if "_" in name))
    own = {f"commetctl.kinds.{section.name}" for section in SECTIONS}
    found: set[str] = set()
    told = docstrings(path)
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= names & {node.value}
            found |= set() if id(node) in told else {*compound.findall(node.value)}
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported = [f"{node.module}.{alias.name}".lower() for alias in node.names]
            found |= {"import" for name in imported if ".".join(name.split(".")[:3]) in own}
    return found


def docstrings(path: Path) -> set[int]:
    """The identities of the nodes that are docstrings."""
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef)
    first = (node.body[0] for node in ast.walk(tree(path)) if isinstance(node, owners) and node.body)
    return {id(statement.value) for statement in first if isinstance(statement, ast.Expr)}


def test_yaml_text_knows_no_catalog() -> None:
    """It is a package of its own: values are all that it takes from the rest, and it has no word of a catalog."""
    words = {word for section in SECTIONS for word in (section.name, *section.objects, section.spec.__name__)}

    def check(path: Path) -> None:
        ours = {name for name in imports(path) if name.startswith("commetctl.")}
        assert all(name == "commetctl.core.values" or name.startswith("commetctl.yamltext") for name in ours), ours
        assert not words & set(re.findall(r"\w+", path.read_text("utf-8")))

    every((path for path in modules() if part_of(path) == "yamltext"), check, named)


def test_a_module_opens_with_what_it_owns() -> None:
    def check(path: Path) -> None:
        assert ast.get_docstring(tree(path))

    every(modules(), check, named)


def test_nothing_talks_but_the_command_line() -> None:
    def check(path: Path) -> None:
        nodes = ast.walk(tree(path))
        called = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        assert not called & {"print", "input", "eval", "exec"}

    every((path for path in modules() if part_of(path) not in ("cli", "emulator")), check, named)


#: What a module and a function may be long at most, in lines.
LONGEST_MODULE, LONGEST_FUNCTION = 250, 40


def test_no_module_and_no_function_is_too_long() -> None:
    def check(path: Path) -> None:
        assert path.read_text("utf-8").count("\n") <= LONGEST_MODULE, "split it by what it is about"
        functions = (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef))
        long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION]
        assert not long, f"{long} are longer than {LONGEST_FUNCTION} lines"

    every(modules(), check, named)


def test_no_command_imports_a_command() -> None:
    found = {path: registered for path in (SOURCE / "cli").glob("*.py") if (registered := commands(path))}

    def check(path: Path) -> None:
        others = {f"commetctl.cli.{other.stem}" for other in found} - {f"commetctl.cli.{path.stem}"}
        assert not imports(path) & others

    every(found, check, named)


#: What a command may be long at most, with its options.
LONGEST_COMMAND = 60


def test_a_command_is_thin() -> None:
    """Options, one use case, printing: more belongs to a use case, or to what commands share."""

    def check(path: Path) -> None:
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef) and node.name in commands(path):
                length = (node.end_lineno or 0) - node.decorator_list[0].lineno + 1
                assert length <= LONGEST_COMMAND, f"{node.name} has {length} lines"

    every((SOURCE / "cli").glob("*.py"), check, named)


def commands(path: Path) -> list[str]:
    """The functions of a module that click makes commands of."""
    functions = (node for node in tree(path).body if isinstance(node, ast.FunctionDef))
    marked = ((node.name, ast.unparse(mark)) for node in functions for mark in node.decorator_list)
    return [name for name, mark in marked if re.match(r"(\w+\.)?command\(", mark)]
