"""The house's rules: imports run down only, one place reads the environment, files and URLs bear their names."""

import ast
import dataclasses
import re
from functools import cache
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from actionstudio.apps.design import models as design
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.contract import Component, Contract, Operation
from actionstudio.runtime.ports import Record

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "actionstudio"
APPS = [
    "web",
    "accounts",
    "projects",
    "publishing",
    "design",
    "library",
    "release",
    "traffic",
    "oauth",
    "mocking",
    "signin",
    "gpt",
    "replay",
    "simulator",
    "api",
]
ORDER = ["core", "runtime", "settings", *(f"apps.{app}" for app in APPS), "front"]
FRAMEWORKS = {
    "django",
    "rest_framework",
    "allauth",
    "drf_spectacular",
    "django_htmx",
    "django_tasks_db",
    "whitenoise",
    "oauth2_provider",
    "oauthlib",
}
FORBIDDEN = {"utils", "helpers", "common", "base", "misc", "services", "managers"}
FILES = sorted(p for p in CODE.rglob("*.py") if "migrations" not in p.parts)


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def storey(name: str) -> str:
    """Which room of ORDER a module is in. Front: asgi, wsgi, urls."""
    parts = name.split(".")[1:]
    if parts[:1] == ["apps"]:
        return ".".join(parts[:2])
    return parts[0] if parts and parts[0] in ORDER else "front"


@cache
def imports(path: Path) -> list[str]:
    """Every module a file names in an import, nested ones too."""
    found = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


def test_imports_run_down_only():
    wrong = []
    for path in FILES:
        here = storey(module(path))
        for name in imports(path):
            if name.startswith("actionstudio.") and name not in ("actionstudio.apps", "actionstudio.__version__"):
                there = storey(name)
                if ORDER.index(there) > ORDER.index(here):
                    wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_the_language_and_the_data_plane_know_no_framework_and_no_app():
    wrong = []
    for path in [*(CODE / "core").rglob("*.py"), *(CODE / "runtime").rglob("*.py")]:
        for name in imports(path):
            if name.split(".")[0] in FRAMEWORKS or name.startswith(("actionstudio.apps", "actionstudio.settings")):
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_the_language_does_no_io_and_reads_no_clock():
    outside = {"os", "socket", "subprocess", "time", "secrets", "threading", "asyncio", "urllib.request"}
    chance = {f"random.{name}" for name in ("random", "choice", "randint", "shuffle", "sample", "SystemRandom")}
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in (CODE / "core").rglob("*.py")
        for name in imports(path)
        if name in outside | chance  # random.Random with a seed is a plain function of it
    ]
    assert not wrong, "\n".join(wrong)


def test_only_settings_reads_the_environment():
    reading = re.compile(r"os\.environ(\[|\.get|\.pop| or)|os\.getenv|getenv\(")
    wrong = [str(p.relative_to(ROOT)) for p in FILES if p.name != "settings.py" and reading.search(p.read_text())]
    assert not wrong


def environment_names() -> set[str]:
    """The names settings.py asks the environment for."""
    found = set()
    for node in ast.walk(ast.parse((CODE / "settings.py").read_text())):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = ast.unparse(node.func)
            if called in ("os.environ.get", "os.getenv") or called.startswith("_") and "secret" not in called:
                found.add(node.args[0].value)
    return {name for name in found if isinstance(name, str) and re.fullmatch(r"[A-Z][A-Z_]+", name)}


def test_every_environment_variable_stands_in_the_readme():
    readme = (ROOT / "README.md").read_text()
    names = environment_names()
    assert {"STUDIO_PUBLIC_URL", "STUDIO_WORKERS", "DATABASE_URL"} <= names
    assert not {name for name in names if f"`{name}`" not in readme}


def test_every_file_says_first_what_it_is():
    wrong = [str(p.relative_to(ROOT)) for p in FILES if p.read_text().strip() and not ast.get_docstring(parsed(p))]
    assert not wrong


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def test_no_file_grows_past_400_lines():
    long = [f"{p.relative_to(ROOT)}: {n}" for p in FILES if (n := len(p.read_text().splitlines())) > 400]
    assert not long


def test_no_file_is_named_after_nothing():
    assert not [str(p) for p in FILES if {p.stem, *p.parent.parts} & FORBIDDEN]


def url_names(resolver=None, namespace=""):
    """(namespace, name, route) of every pattern of ours."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from url_names(entry, entry.namespace or namespace)
        elif isinstance(entry, URLPattern) and str(entry.callback.__module__).startswith("actionstudio"):
            yield namespace, entry.name, str(entry.pattern)


def test_every_page_has_a_name_of_its_app():
    names = list(url_names())
    assert names
    assert not [n for n in names if not n[1] or not re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", n[1])]


@pytest.mark.parametrize(
    ("value", "row", "apart"),
    [
        (Contract, design.Document, {"operations", "components"}),
        (Operation, design.Operation, set()),
        (Component, design.Component, set()),
    ],
)
def test_every_field_of_a_value_has_its_column(value, row, apart):
    fields = {field.name for field in dataclasses.fields(value)} - apart
    assert fields == fields & {column.name for column in row._meta.get_fields()}


def test_a_record_is_a_row_of_the_log_in_the_same_order():
    columns = [field.attname for field in Exchange._meta.concrete_fields]
    assert [name for name in Record._fields if name != "masks"] == columns


def test_a_column_of_the_working_copy_is_a_field_of_its_value():
    own = {"id", "project", "position", "rows"}
    for value, row in [(Operation, design.Operation), (Component, design.Component)]:
        columns = {column.name for column in row._meta.concrete_fields} - own
        assert columns == {field.name for field in dataclasses.fields(value)}
