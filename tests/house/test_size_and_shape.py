"""The size and the shape of files, functions and nouns (HOUSE rules 1, 2, 6, 8)."""

import ast

import pytest

from tests.house.source import PACKAGE, functions, name_of, python_files, tree

EVERYTHING = python_files()
SHIPPED = python_files("cordiale")
TESTS = [p for p in python_files("tests") if p.name.startswith("test_")]


@pytest.mark.parametrize("path", EVERYTHING, ids=name_of)
def test_a_file_fits_400_lines(path):
    """Nobody has to scroll for long."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", EVERYTHING, ids=name_of)
def test_a_function_fits_a_screen(path):
    """A function has at most 60 lines, its docstring not counted."""
    for function in functions(path):
        doc = ast.get_docstring(function, clean=False)
        length = function.end_lineno - function.lineno + 1 - (len(doc.splitlines()) if doc else 0)
        assert length <= 60, f"{function.name} has {length} lines"


@pytest.mark.parametrize("path", SHIPPED, ids=name_of)
def test_a_noun_has_few_methods_and_is_frozen(path):
    """Verbs are functions: a class has at most 8 public methods, and a dataclass is frozen."""
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.ClassDef):
            continue
        public = [m for m in node.body if isinstance(m, ast.FunctionDef) and not m.name.startswith("_")]
        assert len(public) <= 8, f"{node.name} has {len(public)} public methods"
        for decorator in node.decorator_list:
            if "dataclass" in ast.unparse(decorator):
                assert "frozen=True" in ast.unparse(decorator), f"{node.name} is a dataclass that can change"


@pytest.mark.parametrize("path", SHIPPED, ids=name_of)
def test_no_bare_float_in_a_public_signature(path):
    """Every public number carries its unit in the type: Metres, Seconds, Probability, never float."""
    for function in functions(path):
        if function.name.startswith("_") and function.name != "__init__":
            continue
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        annotations = [a.annotation for a in arguments if a.annotation] + [function.returns]
        for annotation in filter(None, annotations):
            names = {n.id for n in ast.walk(annotation) if isinstance(n, ast.Name)}
            assert "float" not in names, f"{function.name}: {ast.unparse(annotation)} says no unit"


@pytest.mark.parametrize("path", SHIPPED, ids=name_of)
def test_imports_stand_at_the_top(path):
    """Nothing is imported inside a function, but for the lazy __getattr__ and the command table of the desk."""
    allowed = {PACKAGE / "__init__.py", PACKAGE / "desk" / "cli.py"}
    for function in functions(path):
        inside = [n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)]
        assert not inside or path in allowed, f"{function.name} imports inside"


@pytest.mark.parametrize("path", SHIPPED, ids=name_of)
def test_every_public_thing_says_what_it_is(path):
    """Modules, public classes and public functions have docstrings."""
    assert ast.get_docstring(tree(path)), "the module says nothing of itself"
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_a_test_opens_with_a_sentence(path):
    """Whoever reads a failing test first reads what it claims."""
    for function in functions(path):
        if function.name.startswith("test_"):
            doc = ast.get_docstring(function) or ""
            assert len(doc.split()) >= 4, f"{function.name} opens without a sentence"


@pytest.mark.parametrize("path", SHIPPED, ids=name_of)
def test_names_are_words_of_the_field(path):
    """No Manager, Handler, Util, Helper, Base or Info."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef):
            for word in ("Manager", "Handler", "Util", "Helper", "Base", "Info"):
                assert not node.name.endswith(word), node.name
    for word in ("manager", "handler", "util", "helper", "base", "info"):
        assert path.stem.rstrip("s") != word
