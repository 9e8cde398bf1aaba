"""The package reads from top to bottom: a module imports only what stands above it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"

LAYERS = (
    "somepolicy.version",
    "somepolicy.errors",
    "somepolicy.diskcache",
    "somepolicy.file_access",
    "somepolicy.processes",
    "somepolicy.gc_pause",
    "somepolicy.json_type",
    "somepolicy.fast_json",
    "somepolicy.record",
    "somepolicy.normal_form",
    "somepolicy.look_alikes",
    "somepolicy.nearest",
    "somepolicy.languages",
    "somepolicy.lexicon",
    "somepolicy.zones",
    "somepolicy.texts",
    "somepolicy.rendering",
    "somepolicy.syntax",  # the package itself: its modules have places of their own
    "somepolicy.syntax.source",
    "somepolicy.syntax.codes",
    "somepolicy.syntax.diagnostics",
    "somepolicy.syntax.names",
    "somepolicy.syntax.nodes",
    "somepolicy.syntax.traversal",
    "somepolicy.syntax.builder",
    "somepolicy.syntax.syntax_errors",
    "somepolicy.syntax.parser",
    "somepolicy.syntax.comments",
    "somepolicy.syntax.layout",
    "somepolicy.syntax.formatter",
    "somepolicy.ir",
    "somepolicy.patterns",
    "somepolicy.functions",
    "somepolicy.check",  # the package itself, and what types no expression
    "somepolicy.check.context",
    "somepolicy.check.paths",
    "somepolicy.check.attestations",
    "somepolicy.check.operations",
    "somepolicy.check.comparisons",
    "somepolicy.check.calls",
    "somepolicy.check.definitions",
    "somepolicy.check.predicates",
    "somepolicy.check.names",
    "somepolicy.check.expressions",
    "somepolicy.check.messages",
    "somepolicy.check.declarations",
    "somepolicy.check.parameters",
    "somepolicy.check.bounds",
    "somepolicy.check.rules",
    "somepolicy.check.checker",
    "somepolicy.engine",
    "somepolicy.backends.walk",
    "somepolicy.backends.python.code",
    "somepolicy.backends.python.scope",  # what the functions below are given
    "somepolicy.backends.python.members",
    "somepolicy.backends.python.expressions",
    "somepolicy.backends.python.conditions",
    "somepolicy.backends.python.explanations",
    "somepolicy.backends.python.fast_path",
    "somepolicy.backends.python.rules",
    "somepolicy.backends.python",
    "somepolicy.backends",
    "somepolicy.check.fulfilment",  # asks the compiled validator what a schema permits
    "somepolicy.files",
    "somepolicy.file_sets",
    "somepolicy.loading",
    "somepolicy.policy",
    "somepolicy.workbench",
    "somepolicy.source",
    "somepolicy.log",
    "somepolicy.compare",
    "somepolicy.reports",
    "somepolicy.installed",
    "somepolicy.scaffold",
    "somepolicy.documents",
    "somepolicy.batch",
    "somepolicy",  # the public interface; it loads the rest at first use
    "somepolicy.cli.terminal",
    "somepolicy.cli.speech",
    "somepolicy.cli.problems",
    "somepolicy.cli.streams",
    "somepolicy.cli.inputs",
    "somepolicy.cli.show",
    "somepolicy.cli.workflows",
    "somepolicy.cli.quick",
    "somepolicy.cli.commands",
    "somepolicy.cli.usage",
    "somepolicy.cli",
    "somepolicy.__main__",
)

THIRD_PARTY = {
    "lark": {
        "somepolicy.syntax.parser",
        "somepolicy.syntax.builder",
        "somepolicy.syntax.syntax_errors",
    },
    "re2": {"somepolicy.patterns.engine"},
    "pydantic": {
        "somepolicy.check.manifest",
        "somepolicy.log.forms",
        "somepolicy.reports.decision_json",
    },
    "pydantic_core": {"somepolicy.record"},
    "jsonschema": {"somepolicy.engine.schema_errors"},
    "referencing": {"somepolicy.engine.schema_errors"},
    "rfc8785": {"somepolicy.engine.digest"},
    "typer": {"somepolicy.cli"},
    "rich": {"somepolicy.cli"},
    "pypdf": {"somepolicy.source.pdf"},
    "docx": {"somepolicy.source.word"},
    "jinja2": {"somepolicy.rendering.page"},
    "markupsafe": {"somepolicy.rendering.page"},
    "orjson": {"somepolicy.fast_json"},
    "tzdata": {"somepolicy.zones"},
    "pyarrow": {"somepolicy.documents.table"},
    "xlsxwriter": {"somepolicy.reports.workbook"},
    "confusable_homoglyphs": {"somepolicy.look_alikes"},
    "duckdb": {"somepolicy.backends.sql.functions"},  # for its type alone
}
HEAVY = {
    "lark",
    "pydantic",
    "pydantic_core",
    "jsonschema",
    "referencing",
    "typer",
    "rich",
    "re2",
    "rfc8785",
    "pypdf",
    "docx",
    "jinja2",
    "markupsafe",
    "orjson",
    "tzdata",
    "zoneinfo",
    "pyarrow",
    "xlsxwriter",
    "duckdb",
    "confusable_homoglyphs",
}


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in sorted((SOURCE / "somepolicy").rglob("*.py"))}


@cache
def imports(module: str) -> tuple[str, ...]:
    """Return what a module imports, within functions and for typing only too."""
    return tuple(_imports(module))


def _imports(module: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports name their package in full"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module or ""


def layer(module: str) -> int:
    """Return the place of the layer that a module belongs to: the longest that fits."""
    fitting = [
        name
        for name in LAYERS
        if module == name or (module.startswith(f"{name}.") and name != "somepolicy")
    ]
    assert fitting, f"{module} belongs to no layer: give it one"
    return LAYERS.index(max(fitting, key=len))


def own(module: str) -> set[str]:
    return {name for name in imports(module) if name in MODULES}


def test_every_layer_has_modules() -> None:
    assert {layer(module) for module in MODULES} == set(range(len(LAYERS)))


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_one_way(module: str) -> None:
    later = {name for name in own(module) if layer(name) > layer(module)}
    assert later == set()


def test_within_a_layer_there_is_no_circle() -> None:
    graph = {module: own(module) - {module} for module in MODULES}
    order = list(TopologicalSorter(graph).static_order())
    assert set(order) == set(MODULES)


def test_the_engine_knows_neither_syntax_nor_checker_nor_form() -> None:
    engine = [name for name in MODULES if name.startswith("somepolicy.engine")]
    assert len(engine) > 15
    others = ("somepolicy.syntax", "somepolicy.check", "somepolicy.ir", "somepolicy.backends")
    found = {(name, each) for name in engine for each in own(name) if each.startswith(others)}
    assert found == set()


def test_a_command_imports_no_other() -> None:
    commands = {name for name in MODULES if name.startswith("somepolicy.cli.commands.")}
    assert len(commands) > 10
    assert {
        command: own(command) & commands for command in commands if own(command) & commands
    } == {}


@pytest.mark.parametrize("module", MODULES)
def test_a_third_party_package_has_one_home(module: str) -> None:
    for name in imports(module):
        package = name.partition(".")[0]
        if package in sys.stdlib_module_names or package == "somepolicy":
            continue
        homes = THIRD_PARTY[package]
        assert any(module == home or module.startswith(f"{home}.") for home in homes), name


def test_the_list_of_homes_is_not_longer_than_needed() -> None:
    used = {
        (name.partition(".")[0], module)
        for module in MODULES
        for name in imports(module)
        if name.partition(".")[0] in THIRD_PARTY
    }
    for package, homes in THIRD_PARTY.items():
        for home in homes:
            assert any(
                package == used_package and (module == home or module.startswith(f"{home}."))
                for used_package, module in used
            ), f"{package} is not imported in {home}"


def test_the_interface_is_light_to_import() -> None:
    """`import somepolicy` must not cost a caller the parser, the schemas or the terminal."""
    program = "import sys, somepolicy; print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    loaded = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONPATH": str(SOURCE)},
    ).stdout.split()
    assert "somepolicy" in loaded
    assert HEAVY & set(loaded) == set()


# what a process that only decides can do without, each some milliseconds of its start
NOT_TO_DECIDE = {
    "dataclasses",
    "html",
    "inspect",
    "pathlib",
    "urllib",
    "somepolicy.functions.table",
    "somepolicy.syntax",
    "somepolicy.texts",
    "somepolicy.rendering",
    "somepolicy.backends.python.lowering",
    "somepolicy.check",
    "somepolicy.ir.types",
    *(HEAVY - {"re2", "tzdata", "zoneinfo"}),
}
DECIDING = """
import json, sys
from somepolicy import evaluate
with open(sys.argv[1], encoding="utf-8") as file:
    evaluate(json.load(file))
print(*sorted(sys.modules))
"""


def test_a_decision_loads_little(tmp_path: Path) -> None:
    """The first process compiles the policy; the second only decides."""
    document = SOURCE.parent / "examples" / "post" / "road-closure.json"
    environment = {"PYTHONPATH": str(SOURCE), "SOMEPOLICY_CACHE": str(tmp_path / "cache")}
    for _ in range(2):
        loaded = subprocess.run(
            [sys.executable, "-c", DECIDING, str(document)],
            capture_output=True,
            check=True,
            text=True,
            env=environment,
        ).stdout.split()
    assert "somepolicy.engine.evaluator" in loaded
    assert NOT_TO_DECIDE & set(loaded) == set()


# what the command line can do without, by what is asked of it
NOT_TO_SAY_THE_VERSION = {"typer", "rich", "re2", "pydantic", "dataclasses", "somepolicy.texts"}
NOT_TO_SHOW_A_DECISION = {
    "typer",
    "pydantic",
    "lark",
    "jsonschema",
    "jinja2",
    "sqlite3",
    "rich.progress",
    "somepolicy.backends.walk",
    "somepolicy.check",
    "somepolicy.compare",
    "somepolicy.ir",
    "somepolicy.log",
    "somepolicy.reports",
    "somepolicy.source",
    "somepolicy.syntax",
    "somepolicy.workbench",
    "somepolicy.cli.commands",
    "somepolicy.cli.workflows.batches",
    "somepolicy.cli.workflows.recording",
}
STARTED = """
import sys
from somepolicy.cli import main
try:
    main()
except SystemExit:
    pass
print(*sorted(sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("arguments", "without"),
    [
        (["--version"], NOT_TO_SAY_THE_VERSION),
        (["--help"], {"pydantic", "somepolicy.policy", "somepolicy.cli.commands"}),
        (["eval", "examples/post/road-closure.json"], NOT_TO_SHOW_A_DECISION),
        (["eval", "examples/post/class-photo.json", "--lang", "en"], NOT_TO_SHOW_A_DECISION),
        (["eval", "--format", "json", "examples/post/road-closure.json"], NOT_TO_SHOW_A_DECISION),
        (["eval", "examples/post/", "--policy", "policy/bergen"], NOT_TO_SHOW_A_DECISION),
    ],
    ids=lambda each: "-".join(each) if isinstance(each, list) else "",
)
def test_the_command_line_loads_little(
    tmp_path: Path, arguments: list[str], without: set[str]
) -> None:
    """The first process compiles the policy; the second only does what is asked."""
    environment = {"PYTHONPATH": str(SOURCE), "SOMEPOLICY_CACHE": str(tmp_path / "cache")}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", STARTED, *arguments],
            capture_output=True,
            check=True,
            text=True,
            env=environment,
            cwd=SOURCE.parent,
        )
    assert done.stdout
    assert without & set(done.stderr.split()) == set()
