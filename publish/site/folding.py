"""Templates with their fixed words put in when they are compiled, once, and not on each of thirty thousand pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup


class FoldingEnvironment(jinja2.Environment):
    """An environment that calls its `constant` functions at once where all their arguments are written out."""

    constant: dict[str, Callable[..., str]]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Jinja compiles what this gives; its public `parse` is not asked then."""
        tree: nodes.Template = _Folding(self.constant).visit(super()._parse(source, name, filename))
        return tree


class _Folding(NodeTransformer):
    def __init__(self, constant: dict[str, Callable[..., str]]) -> None:
        self._constant = constant

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        called = node.node
        is_fixed = not (node.kwargs or node.dyn_args or node.dyn_kwargs) and all(
            isinstance(one, nodes.Const) for one in node.args
        )
        if not (is_fixed and isinstance(called, nodes.Name) and called.name in self._constant):
            return node
        arguments: list[Any] = [one.value for one in node.args if isinstance(one, nodes.Const)]
        found = self._constant[called.name](*arguments)
        value = nodes.Const(str(found), lineno=node.lineno)
        return nodes.MarkSafe(value, lineno=node.lineno) if isinstance(found, Markup) else value
