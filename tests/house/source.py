"""The source of the house, read once, for the tests of its rules."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "cordiale"
PURE_ROOMS = (
    "response", "search", "association", "belief", "assets", "sensors", "boats", "sea", "earth", "words",
)  # fmt: skip
BELOW_DESK = (*PURE_ROOMS, "record", "feeds", "views")


def python_files(*parts: str) -> list[Path]:
    """All Python files below the root of the repository, or below one of its folders."""
    return sorted(p for p in ROOT.joinpath(*parts).rglob("*.py") if ".venv" not in p.parts and "build" not in p.parts)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name_of(path: Path) -> str:
    """The path as a reader of the repository knows it."""
    return str(path.relative_to(ROOT))


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file."""
    return [n for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def calls(path: Path) -> list[tuple[int, str]]:
    """Line and dotted name of every call in a file."""
    return [(n.lineno, ast.unparse(n.func)) for n in ast.walk(tree(path)) if isinstance(n, ast.Call)]
