"""The few Python nodes that are ever generated, and where in the policy they stand."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import TypeVar

from somepolicy.normal_form import python_name
from somepolicy.syntax.source import Span

N = TypeVar("N", bound=ast.expr | ast.stmt)


def name(identifier: str) -> ast.expr:
    """`identifier`."""
    return ast.Name(python_name(identifier), ast.Load())


def _target(identifier: str) -> ast.Name:
    return ast.Name(python_name(identifier), ast.Store())


def const(value: str | float | tuple[object, ...] | None) -> ast.expr:
    """A value written out."""
    return ast.Constant(value)  # type: ignore[arg-type]


def call(function: str | ast.expr, *arguments: ast.expr) -> ast.expr:
    """`function(arguments)`."""
    target = name(function) if isinstance(function, str) else function
    return ast.Call(target, list(arguments), [])


def method(owner: ast.expr, attribute: str, *arguments: ast.expr) -> ast.expr:
    """`owner.attribute(arguments)`."""
    return ast.Call(ast.Attribute(owner, attribute, ast.Load()), list(arguments), [])


def call_function(title: str, *arguments: ast.expr) -> ast.expr:
    """`title(document, context, arguments)`: a function that `function` writes."""
    return call(title, name("document"), name("context"), *arguments)


def attribute(owner: str, field: str) -> ast.expr:
    """`owner.field`."""
    return ast.Attribute(name(owner), field, ast.Load())


def item(owner: ast.expr, key: str) -> ast.expr:
    """`owner["key"]`."""
    return ast.Subscript(owner, const(key), ast.Load())


def literal(value: object) -> ast.expr:
    """A value of JSON, or of the descriptors, as `repr` writes it out."""
    return ast.parse(repr(value), mode="eval").body


def bind(target: str, value: ast.expr) -> ast.expr:
    """`(target := value)`."""
    return ast.NamedExpr(_target(target), value)


def same(left: ast.expr, right: bool | None) -> ast.expr:
    """`left is right`."""
    return ast.Compare(left, [ast.Is()], [const(right)])


def differs(left: ast.expr, right: bool | None) -> ast.expr:
    """`left is not right`."""
    return ast.Compare(left, [ast.IsNot()], [const(right)])


def compare(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
    """`left operator right`."""
    return ast.Compare(left, [operator], [right])


def negate(operand: ast.expr) -> ast.expr:
    """`not operand`."""
    return ast.UnaryOp(ast.Not(), operand)


def either(test: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
    """`then if test else otherwise`."""
    return ast.IfExp(test, then, otherwise)


def any_of(parts: Sequence[ast.expr]) -> ast.expr:
    """`a or b`."""
    return parts[0] if len(parts) == 1 else ast.BoolOp(ast.Or(), list(parts))


def all_of(parts: Sequence[ast.expr]) -> ast.expr:
    """`a and b`; of nothing, True."""
    if not parts:
        return const(True)
    return parts[0] if len(parts) == 1 else ast.BoolOp(ast.And(), list(parts))


def sequence(items: Iterable[ast.expr]) -> ast.expr:
    """`[a, b]`."""
    return ast.List(list(items), ast.Load())


def pair(*items: ast.expr) -> ast.expr:
    """`(a, b)`."""
    return ast.Tuple(list(items), ast.Load())


def joined(lists: Sequence[ast.expr]) -> ast.expr:
    """`[*a, b]` of the lists `a` and `[b]`; a single list stands for itself, none is `[]`."""
    if len(lists) == 1:
        return lists[0]
    items: list[ast.expr] = []
    for each in lists:
        items += each.elts if isinstance(each, ast.List) else [ast.Starred(each, ast.Load())]
    return sequence(items)


def generated(element: ast.expr, variable: str, container: ast.expr) -> ast.expr:
    """`(element for variable in container)`."""
    loop = ast.comprehension(_target(variable), container, [], 0)
    return ast.GeneratorExp(element, [loop])


def one_of(values: Iterable[str]) -> ast.expr:
    """`{a, b}`, of which Python makes a constant where it stands behind `in`."""
    return ast.Set([const(value) for value in values])


def gathered(element: ast.expr, variable: str, container: str) -> ast.expr:
    """`[element for variable in container]`."""
    loop = ast.comprehension(_target(variable), name(container), [], 0)
    return ast.ListComp(element, [loop])


def plus(left: ast.expr, right: ast.expr, *, minus: bool = False) -> ast.expr:
    """`left + right` or `left - right`."""
    return ast.BinOp(left, ast.Sub() if minus else ast.Add(), right)


def lambda_of(parameters: Iterable[str], body: ast.expr) -> ast.expr:
    """`lambda parameters: body`."""
    return ast.Lambda(_arguments(parameters), body)


def function(title: str, parameters: Iterable[str], body: list[ast.stmt]) -> ast.stmt:
    """`def title(document, context, *parameters): body`."""
    return function_of(title, ["document", "context", *parameters], body)


def function_of(title: str, parameters: Iterable[str], body: list[ast.stmt]) -> ast.stmt:
    """`def title(parameters): body`."""
    return ast.FunctionDef(
        name=python_name(title),
        args=_arguments(parameters),
        body=body,
        decorator_list=[],
        returns=None,
        type_comment=None,
    )


def _arguments(parameters: Iterable[str]) -> ast.arguments:
    return ast.arguments(
        posonlyargs=[],
        args=[ast.arg(python_name(parameter)) for parameter in parameters],
        kwonlyargs=[],
        kw_defaults=[],
        defaults=[],
    )


def assign(target: str, value: ast.expr) -> ast.stmt:
    """`target = value`."""
    return ast.Assign([_target(target)], value)


def when(test: ast.expr, *body: ast.stmt) -> ast.stmt:
    """`if test: body`."""
    return ast.If(test, list(body), [])


def note(value: ast.expr) -> ast.stmt:
    """`found.append(value)`."""
    return ast.Expr(method(name("found"), "append", value))


def note_all(values: tuple[int, ...]) -> ast.stmt:
    """`found += values`."""
    return ast.AugAssign(ast.Name("found", ast.Store()), ast.Add(), const(values))


def choose(test: ast.expr, then: list[ast.stmt], otherwise: list[ast.stmt]) -> ast.stmt:
    """`if test: then` and `else: otherwise`."""
    return ast.If(test, then, otherwise)


def plain_loop(variable: str, container: str, body: list[ast.stmt]) -> ast.stmt:
    """`for variable in container: body`."""
    return ast.For(_target(variable), name(container), body, [])


def unless(errors: ast.expr, body: list[ast.stmt], otherwise: ast.stmt) -> ast.stmt:
    """`try: body` and `except errors: otherwise`."""
    handler = ast.ExceptHandler(errors, None, [otherwise])
    return ast.Try(body, [handler], [], [])


def give(value: ast.expr) -> ast.stmt:
    """`return value`."""
    return ast.Return(value)


def loop(variables: tuple[str, str], container: str, body: list[ast.stmt]) -> ast.stmt:
    """`for index, element in enumerate(container): body`."""
    target = ast.Tuple([_target(each) for each in variables], ast.Store())
    return ast.For(target, call("enumerate", name(container)), body, [])


def at(node: N, span: Span) -> N:
    """Give a node the place of a span: lines from 1, columns in UTF-8 bytes from 0.

    Nodes within it that have no place of their own inherit it when the tree is finished.
    """
    starts = span.source.line_starts
    node.lineno = bisect_right(starts, span.start)
    node.end_lineno = bisect_right(starts, span.end)
    node.col_offset = _width(span.source.text, starts[node.lineno - 1], span.start)
    node.end_col_offset = _width(span.source.text, starts[node.end_lineno - 1], span.end)
    return node


def _width(text: str, start: int, end: int) -> int:
    """Return how many bytes a stretch of a text has in UTF-8."""
    return end - start if text.isascii() else len(text[start:end].encode())


def placed(module: ast.Module) -> ast.Module:
    """Give every node that has no place the place of the node it stands in; return the module.

    As `ast.fix_missing_locations`, in half the time: a rule has hundreds of nodes.
    """
    start = {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": 0}
    pending: list[tuple[list[ast.AST], dict[str, int]]] = [([module], start)]
    while pending:
        nodes, place = pending.pop()
        for node in nodes:
            own = node.__dict__
            inner: list[ast.AST] = []
            for value in own.values():
                if isinstance(value, list):
                    inner += value
                elif value.__class__ not in _LEAVES:
                    inner.append(value)
            here = place
            if "lineno" in own:
                here = {name: own[name] for name in start}
            elif isinstance(node, _PLACED):
                own.update(place)
            if inner:
                pending.append((inner, here))
    return module


_PLACED = (ast.expr, ast.stmt, ast.arg, ast.excepthandler)
_BARE = (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop)
_LEAVES = frozenset(
    {
        *(str, bytes, int, float, bool, tuple, type(None)),
        *(kind for bare in _BARE for kind in bare.__subclasses__()),
    }
)
