"""The codes that the source can give to what it prints, found by reading it.

A code is an argument: of a class that has a code and a message (`Problem`, `Finding`, `Notice` …), or of an error. What
a function passes on to one of these is looked for where that function is called.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

Function = ast.FunctionDef | ast.AsyncFunctionDef

#: The server that stands for Commet: its codes are Commet's, and reach the tool as answers.
_APART = "emulator"
_ERROR = "CommetctlError"


@dataclass(frozen=True)
class _Way:
    """Where a call has its code: the position, if it may stand there, and what is made with it."""

    position: int | None
    made: str


@dataclass
class Reader:
    """Reads all modules below a folder. `found` are codes with what is made with them, `odd` what cannot be read."""

    folder: Path
    found: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    odd: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        paths = sorted(path for path in self.folder.rglob("*.py") if _APART not in path.parts)
        self._trees = {path: ast.parse(path.read_text("utf-8")) for path in paths}
        classes = [node for tree in self._trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        self._own = {path: _functions(tree) for path, tree in self._trees.items()}
        self._sets = {name: items for tree in self._trees.values() for name, items in _sets(tree)}
        self._errors = _errors(classes)
        self._sinks = {node.name: _Way(position, node.name) for node in classes if (position := _coded(node)) >= 0}
        self._passing: dict[tuple[Path, str], _Way] = {}
        count = -1
        while count != len(self._passing):
            count = len(self._passing)
            self.found.clear()
            self.odd.clear()
            for path, tree in self._trees.items():
                self._read(path, tree, None)

    def _read(self, path: Path, node: ast.AST, within: Function | None) -> None:
        within = node if isinstance(node, Function) else within
        if isinstance(node, ast.Call):
            self._call(path, node, within)
        elif isinstance(node, ast.Dict):
            said = {_text(key): value for key, value in zip(node.keys, node.values, strict=True)}
            if {"severity", "code"} <= said.keys():
                self._code(path, said["code"], within, "diagnostic")
        for child in ast.iter_child_nodes(node):
            self._read(path, child, within)

    def _call(self, path: Path, call: ast.Call, within: Function | None) -> None:
        name = _name(call.func)
        way = self._way(path, name)
        if way is None:
            return
        given = next((keyword.value for keyword in call.keywords if keyword.arg == "code"), None)
        if given is None and way.position is not None and way.position < len(call.args):
            given = call.args[way.position]
        if isinstance(given, ast.expr) and not isinstance(given, ast.Starred):
            self._code(path, given, within, way.made)
        elif name in self._errors:
            self.found[self._errors[name]].add(name)

    def _way(self, path: Path, name: str) -> _Way | None:
        if name in self._errors:
            return _Way(None, name)
        if name in self._sinks or name in self._own[path]:
            return self._sinks.get(name) or self._passing.get((path, name))
        # A method of a class that a module beside it extends.
        beside = (way for (other, known), way in self._passing.items() if (other.parent, known) == (path.parent, name))
        return next(beside, None)

    def _code(self, path: Path, given: ast.expr, within: Function | None, made: str) -> None:
        texts = list(_texts(given, within, self._sets))
        for text in texts:
            self.found[text].add(made)
        if texts or (isinstance(given, ast.Attribute) and given.attr == "code"):
            return
        names = [argument.arg for argument in within.args.args if argument.arg != "self"] if within else []
        more = [argument.arg for argument in within.args.kwonlyargs] if within else []
        if within and isinstance(given, ast.Name) and given.id in (*names, *more):
            position = names.index(given.id) if given.id in names else None
            if within.name != "__init__":
                self._passing[path, within.name] = _Way(position, made)
        else:
            self.odd.add(f"{path.relative_to(self.folder)}: {ast.unparse(given)}")
        if within:
            self._default(within, given, made)

    def _default(self, within: Function, given: ast.expr, made: str) -> None:
        arguments = within.args.args
        for argument, value in zip(reversed(arguments), reversed(within.args.defaults), strict=False):
            if isinstance(given, ast.Name) and argument.arg == given.id and (text := _text(value)):
                self.found[text].add(made)


def _errors(classes: list[ast.ClassDef]) -> Mapping[str, str]:
    """Every class of errors, and the code of one that is given none."""
    found: dict[str, str] = {}
    for _ in classes:
        for node in classes:
            above = next((found[base] for base in map(_name, node.bases) if base in found), None)
            if node.name == _ERROR or above is not None:
                texts = [text for item in node.body for text in _own_code(item)]
                found[node.name] = texts[0] if texts else above or ""
    return found


def _own_code(item: ast.stmt) -> Iterator[str]:
    if isinstance(item, ast.Assign):
        yield from _assigned(item.targets[0], item.value, "code")


def _functions(tree: ast.AST) -> set[str]:
    return {node.name for node in ast.walk(tree) if isinstance(node, Function)}


def _coded(node: ast.ClassDef) -> int:
    """The position of the code among the fields of a class that has a code and a message; -1 for others."""
    names = [_name(item.target) for item in node.body if isinstance(item, ast.AnnAssign)]
    return names.index("code") if {"code", "message"} <= set(names) else -1


def _sets(tree: ast.Module) -> Iterator[tuple[str, list[ast.expr]]]:
    """The sets of texts that a module names, with their names."""
    for node in tree.body:
        match node:
            case ast.Assign([ast.Name(name)], ast.Call(ast.Name("frozenset"), [ast.Set(items)])):
                yield name, items
            case _:
                pass


def _texts(
    given: ast.expr, within: Function | None, sets: Mapping[str, list[ast.expr]] = MappingProxyType({})
) -> Iterator[str]:
    """The texts that an expression may be, as far as it says so itself; `sets` are those that it may name."""
    match given:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=ast.Name(name), test=ast.Compare(ast.Name(tested), [ast.In()], [ast.Tuple(items)])) if (
            name == tested
        ):
            yield from filter(None, map(_text, items))
            yield from _texts(given.orelse, within)
        case ast.IfExp(body=ast.Name(name), test=ast.Compare(ast.Name(tested), [ast.In()], [ast.Name(known)])) if (
            name == tested and known in sets
        ):
            yield from filter(None, map(_text, sets[known]))
            yield from _texts(given.orelse, within)
        case ast.IfExp():
            yield from _texts(given.body, within)
            yield from _texts(given.orelse, within)
        case ast.Name(name) if within:
            for node in ast.walk(within):
                if isinstance(node, ast.Assign):
                    yield from _assigned(node.targets[0], node.value, name)


def _assigned(target: ast.expr, value: ast.expr, name: str) -> Iterator[str]:
    """The texts that an assignment gives to a name, alone or as one of several."""
    match target, value:
        case ast.Name(id), _ if id == name:
            yield from _texts(value, None)
        case ast.Tuple(targets), ast.Tuple(values):
            for one, other in zip(targets, values, strict=False):
                yield from _assigned(one, other, name)
        case ast.Tuple(), ast.IfExp(body=body, orelse=orelse):
            yield from _assigned(target, body, name)
            yield from _assigned(target, orelse, name)
        case _:
            pass


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
