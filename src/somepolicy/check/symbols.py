"""Modules -> Symbols: who is declared where, each name once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

from somepolicy.check.manifest import Manifest
from somepolicy.functions.table import FUNCTIONS
from somepolicy.syntax import nodes as n
from somepolicy.syntax.diagnostics import Diagnostic, Label, did_you_mean
from somepolicy.syntax.source import Source, Span

BUILT_IN = ("count", "sum", "days", "published", "as_of")
DOCUMENT = "document"
MOST_RULES = 20_000

N = TypeVar("N", bound=n.Declaration)
S = TypeVar("S", n.Section, n.LeadIn)
K = TypeVar("K", int, str)


@dataclass(frozen=True)
class Placed(Generic[N]):
    """A declaration with the header and the module it stands under.

    `kinds` are the kinds of document the file is about, those unknown left out.
    """

    node: N
    header: n.Header
    module: n.Module
    kinds: tuple[str, ...]

    @property
    def root(self) -> str:
        """The name of the document in the file: its kind, or `document` for several."""
        kinds = self.header.kinds
        return kinds[0].text if len(kinds) == 1 else DOCUMENT


@dataclass
class Symbols:
    """Every declaration by name, in order of file and place, and what was wrong with them."""

    sections: dict[int, n.Section] = field(default_factory=dict)
    lead_ins: dict[str, n.LeadIn] = field(default_factory=dict)
    clauses: dict[str, n.Clause] = field(default_factory=dict)
    readings: dict[str, n.Reading] = field(default_factory=dict)
    parameters: dict[str, n.Parameter] = field(default_factory=dict)
    definitions: dict[str, Placed[n.Define]] = field(default_factory=dict)
    rules: dict[str, Placed[n.Rule]] = field(default_factory=dict)
    unregulated: list[Placed[n.Unregulated]] = field(default_factory=list)
    topics: dict[str, n.Topic] = field(default_factory=dict)
    regimes: dict[str, n.Header] = field(default_factory=dict)
    errors: list[Diagnostic] = field(default_factory=list)

    @cached_property
    def clause_order(self) -> Mapping[str, int]:
        """The place of each clause in the order of declaration, once all are collected."""
        return {name: order for order, name in enumerate(self.clauses)}


def collect(modules: Iterable[n.Module], manifest: Manifest) -> Symbols:
    """Collect the declarations of a policy's modules; tests have no place among them."""
    collector = _Collector(manifest)
    for module in modules:
        collector.module(module)
    return collector.symbols


class _Collector:
    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self.symbols = Symbols()
        self.values: dict[str, Span] = {}  # definitions and parameters share one name space

    def fail(self, code: str, message: str, span: Span, help: str | None = None) -> None:
        self.symbols.errors.append(Diagnostic(code, message, span, help))

    def module(self, module: n.Module) -> None:
        header: n.Header | None = None
        for node in module.declarations:
            match node:
                case n.Header():
                    if header is not None:
                        self.fail(
                            "P113",
                            "a file has one `rules for`",
                            node.span,
                            "put these rules into a file of their own",
                        )
                    header = node
                    self.header(node)
                case n.Section():
                    if self.place(
                        f"section {node.number}", node, node.number, self.symbols.sections
                    ):
                        self.symbols.sections[node.number] = node
                case n.LeadIn():
                    what = f"the lead-in at {node.locator}"
                    if self.place(what, node, node.locator, self.symbols.lead_ins):
                        self.symbols.lead_ins[node.locator] = node
                case n.Clause():
                    if self.once("clause", node.name, self.symbols.clauses):
                        self.symbols.clauses[node.name.text] = node
                case n.Reading():
                    if self.once("reading", node.name, self.symbols.readings):
                        self.symbols.readings[node.name.text] = node
                case n.Topic():
                    if self.once("topic", node.name, self.symbols.topics):
                        self.symbols.topics[node.name.text] = node
                case n.Parameter():
                    if self.value(node.name):
                        self.symbols.parameters[node.name.text] = node
                case n.Test():
                    self.fail(
                        "P113", "a test stands here", node.span, "move it to the folder `tests`"
                    )
                case n.Rule() | n.Define() | n.Unregulated():
                    if header is None:
                        header = self.missing_header(node, module.source)
                    self.placed(node, header, module)

    def header(self, node: n.Header) -> None:
        for index, kind in enumerate(node.kinds):
            if kind.text in [earlier.text for earlier in node.kinds[:index]]:
                self.fail("P201", f"`{kind.text}` stands here twice", kind.span, "leave one out")
            if kind.text not in self.manifest.kinds:
                self.fail(
                    "P208",
                    f"unknown kind of document `{kind.text}`",
                    kind.span,
                    did_you_mean(kind.text, self.manifest.kinds)
                    or f"policy.toml has {', '.join(self.manifest.kinds)}",
                )
        if not node.unproven_advises and not node.notice:
            return
        if len(node.kinds) > 1:
            self.fail(
                "P113",
                "`unproven advises` and `notice` are said in a file about one kind",
                node.span,
            )
            return
        name = node.kinds[0].text
        if earlier := self.symbols.regimes.get(name):
            label = Label(earlier.span, "said first at")
            self.symbols.errors.append(
                Diagnostic(
                    "P201",
                    f"`unproven advises` or `notice` is said twice for {name}",
                    node.span,
                    labels=(label,),
                )
            )
        self.symbols.regimes[name] = node

    def missing_header(self, node: n.Rule | n.Define | n.Unregulated, source: Source) -> n.Header:
        """Note the error, and guess the kind, so that it brings no others with it."""
        self.fail(
            "P113",
            "no `rules for` stands before this",
            node.span if isinstance(node, n.Unregulated) else node.name.span,
            "say at the top of the file which documents it is about, as `rules for post`",
        )
        kinds = [kind for kind in self.manifest.kinds if f" {kind}." in source.text]
        kind = n.Ident([*kinds, *self.manifest.kinds][0], node.span)
        return n.Header((kind,), False, (), node.span)

    def placed(
        self, node: n.Rule | n.Define | n.Unregulated, header: n.Header, module: n.Module
    ) -> None:
        kinds = tuple(kind.text for kind in header.kinds if kind.text in self.manifest.kinds)
        match node:
            case n.Rule():
                if self.once("rule", node.name, self.symbols.rules):
                    self.symbols.rules[node.name.text] = Placed(node, header, module, kinds)
            case n.Define():
                if self.value(node.name):
                    placed = Placed(node, header, module, kinds)
                    self.symbols.definitions[node.name.text] = placed
            case n.Unregulated():
                self.symbols.unregulated.append(Placed(node, header, module, kinds))

    def once(self, what: str, name: n.Ident, known: Collection[str]) -> bool:
        if self.too_many(known, name):
            return False
        if name.text not in known:
            return True
        declared = known[name.text]  # type: ignore[index]
        first = declared.node.name.span if isinstance(declared, Placed) else declared.name.span
        self.symbols.errors.append(
            Diagnostic(
                "P201",
                f"the {what} `{name.text}` is declared twice",
                name.span,
                labels=(Label(first, "declared first at"),),
            )
        )
        return False

    def place(self, what: str, node: S, key: K, known: Mapping[K, S]) -> bool:
        """Admit a part of the source text's structure, each place once."""
        if key not in known:
            return True
        self.symbols.errors.append(
            Diagnostic(
                "P201",
                f"{what} is declared twice",
                node.span,
                labels=(Label(known[key].span, "declared first at"),),
            )
        )
        return False

    def too_many(self, known: Collection[str], name: n.Ident) -> bool:
        """Note once that there are more declarations of one kind than the bound allows."""
        if len(known) < MOST_RULES:
            return False
        if not any(error.code == "P503" for error in self.symbols.errors):
            self.fail(
                "P503",
                f"a policy has at most {MOST_RULES} declarations of one kind",
                name.span,
                "leave out what is not used, or split the policy",
            )
        return True

    def value(self, name: n.Ident) -> bool:
        """Admit the name of a definition or parameter; functions and kinds have theirs."""
        if self.too_many(self.values, name):
            return False
        taken = {*FUNCTIONS, *BUILT_IN, DOCUMENT, *self.manifest.kinds}
        if name.text in taken:
            self.fail(
                "P201",
                f"`{name.text}` is a name of the language or a kind",
                name.span,
                "choose another name",
            )
            return False
        if name.text in self.values:
            self.symbols.errors.append(
                Diagnostic(
                    "P201",
                    f"`{name.text}` is declared twice",
                    name.span,
                    labels=(Label(self.values[name.text], "declared first at"),),
                )
            )
            return False
        self.values[name.text] = name.span
        return True
