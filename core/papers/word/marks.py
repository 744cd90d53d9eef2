"""Reads what a template says, and refuses what it may not say."""

import html
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.papers.word.refusals import TemplateRefused

MOST_MARKS = 2000
# Two lists inside each other are a table of pairs; more would be a way to keep a server busy.
DEEPEST_LOOP = 2
NEAR = 80
TAGS = re.compile(r"<[^>]*>")
MARKS = re.compile(r"\{[{%#]|[}%#]\}")
CLOSED_BY = {"{{": "}}", "{%": "%}", "{#": "#}"}

FILTERS = frozenset({"default", "lower", "upper", "trim", "length"})
LOOP = frozenset({"index", "index0", "first", "last", "length", "revindex"})
# A template names facts, tests them and repeats rows. It computes nothing and calls nothing, so
# that its cost is bounded by its size and nothing of the program can be reached from it.
ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const),
    *(nodes.For, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.Test),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Concat, nodes.List, nodes.Tuple, nodes.Filter),
)


@dataclass(frozen=True)
class Vocabulary:
    """The names that a template of a family may use: texts, and lists with their lines' fields."""

    texts: tuple[str, ...]
    lists: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class _Scope:
    """The names that are known at one place of a template."""

    items: Mapping[str, Collection[str]]
    depth: int = 0


class PaperEnvironment(ImmutableSandboxedEnvironment):
    """Reads a template only after every part of it was looked at; a sandbox all the same."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.vocabulary = vocabulary
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.names_used: set[str] = set()

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Any:
        """The compiled template; TemplateRefused for what it may not say."""
        try:
            tree = self.parse(source)
            _Reading(source, self.vocabulary, self.names_used).node(tree, _Scope({}))
            return super().from_string(source, globals, template_class)
        except TemplateSyntaxError as error:
            near = _near(source, error.lineno)
            raise TemplateRefused(reason="syntax", placeholder="", near=near) from error


@dataclass(frozen=True)
class _Reading:
    """A walk through a template that refuses what is unknown or not permitted."""

    source: str
    vocabulary: Vocabulary
    names_used: set[str]

    def node(self, node: nodes.Node, scope: _Scope) -> None:
        if not isinstance(node, ALLOWED):
            self._refuse("not_permitted", type(node).__name__.lower(), node)
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            self._refuse("not_permitted", node.name, node)
        if isinstance(node, nodes.For):
            self._loop(node, scope)
        elif isinstance(node, nodes.Getattr):
            self._field(node, scope)
        elif isinstance(node, nodes.Name):
            self._name(node, scope)
        else:
            for child in node.iter_child_nodes():
                self.node(child, scope)

    def _loop(self, node: nodes.For, scope: _Scope) -> None:
        what, target = node.iter, node.target
        if not isinstance(what, nodes.Name) or not isinstance(target, nodes.Name):
            self._refuse("not_permitted", "for", node)
        if what.name not in self.vocabulary.lists:
            self._refuse("unknown_placeholder", what.name, node)
        if node.recursive or scope.depth >= DEEPEST_LOOP:
            self._refuse("not_permitted", "for", node)
        self.names_used.add(what.name)
        known = {**scope.items, target.name: self.vocabulary.lists[what.name], "loop": LOOP}
        inside = _Scope(known, scope.depth + 1)
        for child in (*node.body, *([node.test] if node.test else [])):
            self.node(child, inside)
        for child in node.else_:
            self.node(child, scope)

    def _field(self, node: nodes.Getattr, scope: _Scope) -> None:
        owner = node.node
        if not isinstance(owner, nodes.Name):
            self._refuse("not_permitted", node.attr, node)
        if node.attr not in scope.items.get(owner.name, ()):
            self._refuse("unknown_placeholder", f"{owner.name}.{node.attr}", node)

    def _name(self, node: nodes.Name, scope: _Scope) -> None:
        if node.name not in (*self.vocabulary.texts, *self.vocabulary.lists):
            self._refuse("unknown_placeholder", node.name, node)
        self.names_used.add(node.name)

    def _refuse(self, reason: str, placeholder: str, node: nodes.Node) -> NoReturn:
        near = _near(self.source, node.lineno)
        raise TemplateRefused(reason=reason, placeholder=placeholder, near=near)


def check_marks(source: str) -> None:
    """TemplateRefused for marks that are not closed, inside a tag, or too many."""
    if any(mark in tag for tag in TAGS.findall(source) for mark in CLOSED_BY):
        raise TemplateRefused(reason="syntax", placeholder="", near="")
    text = TAGS.sub("", source)
    open_at: re.Match[str] | None = None
    marks = list(MARKS.finditer(text))
    if len(marks) > MOST_MARKS:
        raise TemplateRefused(reason="too_many_placeholders", most=MOST_MARKS // 2)
    for mark in marks:
        if open_at is None and mark[0] in CLOSED_BY:
            open_at = mark
        elif open_at and mark[0] == CLOSED_BY[open_at[0]]:
            open_at = None
        elif open_at and mark[0] in CLOSED_BY:
            break
    if open_at:
        near = html.unescape(text[open_at.start() :][:NEAR])
        raise TemplateRefused(reason="syntax", placeholder="", near=near)


def _near(source: str, line: int) -> str:
    # The library puts each paragraph on a line of its own.
    lines = source.splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return html.unescape(TAGS.sub("", text)).strip()[:NEAR]
