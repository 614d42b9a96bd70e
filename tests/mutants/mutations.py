"""Small mistakes in a source, one at a time: another operator, another bound, another number, a condition reversed.

The file is changed where the mistake is and nowhere else, so that what is compiled from the rest stays the same.
"""

import ast
import copy
from collections.abc import Iterator
from typing import Any, NamedTuple

Nodes = dict[type[ast.AST], tuple[type[ast.AST], ...]]

OPERATORS: Nodes = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitXor: (ast.BitAnd,),
    ast.MatMult: (ast.Mult,),
}
COMPARISONS: Nodes = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}


class Mutant(NamedTuple):
    """A file's text with one mistake, and what that is."""

    line: int
    was: str
    became: str
    text: str


def mutants_of(text: str) -> Iterator[Mutant]:
    """Yield all mutants of a source."""
    tree = ast.parse(text)
    words = set(words_in(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and node not in words:
            for mistake in mistakes(node):
                yield spliced(text, node, ast.unparse(mistake))


def words_in(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield what is left as it is: types, and strings with expressions, whose places Python 3.11 does not tell."""
    for node in ast.walk(tree):
        string = node if isinstance(node, ast.JoinedStr) else None
        for part in (string, getattr(node, "annotation", None), getattr(node, "returns", None)):
            yield from ast.walk(part) if isinstance(part, ast.AST) else ()


def mistakes(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what could stand in an expression's place by mistake."""
    match node:
        case ast.BinOp():
            yield from (changed(node, op=operator()) for operator in OPERATORS[type(node.op)])
        case ast.Compare():
            for at, compared in enumerate(node.ops):
                for other in COMPARISONS[type(compared)]:
                    yield changed(node, ops=[*node.ops[:at], other(), *node.ops[at + 1 :]])
        case ast.BoolOp():
            yield changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.IfExp():
            yield changed(node, body=node.orelse, orelse=node.body)
        case ast.Constant(value=value):
            yield from map(ast.Constant, others(value))


def others(value: object) -> tuple[bool | float, ...]:
    """Return other constants: near ones of a number, of text none."""
    match value:
        case bool():
            return (not value,)
        case int():
            return value + 1, value - 1
        case float():
            return tuple(sorted({2 * value, value + 1} - {value}))  # 1e300 + 1 is 1e300
    return ()


def changed(node: ast.expr, **parts: Any) -> ast.expr:
    """Return a node with other parts."""
    other = copy.copy(node)
    for name, part in parts.items():
        setattr(other, name, part)
    return other


def spliced(text: str, node: ast.expr, became: str) -> Mutant:
    """Return a text with another expression in a node's place."""
    was = ast.get_source_segment(text, node) or ""
    lines = text.encode().splitlines(keepends=True)
    start = sum(map(len, lines[: node.lineno - 1])) + node.col_offset
    content = text.encode()
    mutated = content[:start] + f"({became})".encode() + content[start + len(was.encode()) :]
    return Mutant(node.lineno, " ".join(was.split()), became, mutated.decode())
