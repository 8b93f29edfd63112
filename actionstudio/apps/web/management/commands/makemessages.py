"""manage.py makemessages, which knows ``lazy`` and ``said`` too, and the docstrings that users read; without line
numbers and what is not ours."""

import ast
from functools import cached_property
from pathlib import Path

from django.core.management.commands import makemessages

from actionstudio.apps.web.telling import split

NOT_OURS = ["tools/*", "data/*", "static/*", "tests/*", "bench/*"]
TOLD = (  # their docstrings are users' texts
    "actionstudio/core/lint/rules/",
    "actionstudio/core/importer/repairs/",
    "actionstudio/apps/signin/checks/",
)
REGISTER = ("rule", "repair", "schema_repair", "review")


def told_texts(source: str) -> list[str]:
    """What users read of a rule's or a repair's file: its title and the paragraphs of its function's docstring."""
    tree = ast.parse(source)
    members = [node for node in tree.body if isinstance(node, ast.FunctionDef) and _registers(node)]
    if not members:
        return []
    found = split((ast.get_docstring(tree) or "").removeprefix("Rule: "))
    for node in members:
        found += split(ast.get_docstring(node) or "")
    return found


def _registers(node: ast.FunctionDef) -> bool:
    """Whether this is the function that registers itself as a rule or a repair."""
    called = [one.func for one in node.decorator_list if isinstance(one, ast.Call)]
    return any(isinstance(name, ast.Name) and name.id in REGISTER for name in called)


class BuildFile(makemessages.BuildFile):
    """A file whose docstrings are told to users becomes one that says so; all others are as Django takes them."""

    @cached_property
    def tells(self) -> bool:
        path = self.path.replace("\\", "/").removeprefix("./")
        return self.domain == "django" and any(folder in path for folder in TOLD) and path.endswith(".py")

    @cached_property
    def is_templatized(self) -> bool:
        return self.tells or super().is_templatized

    def preprocess(self):
        if not self.tells:
            return super().preprocess()
        source = Path(self.path).read_text(encoding="utf-8")
        calls = "".join(f"\n_({text!r})" for text in told_texts(source))
        Path(self.work_path).write_text(f"{source}\n{calls}\n", encoding="utf-8")
        return None


class Command(makemessages.Command):
    """Django's command with the house's names."""

    build_file_class = BuildFile
    xgettext_options = [
        *makemessages.Command.xgettext_options,
        "--keyword=lazy",
        "--keyword=said",
        "--keyword=said_n:1,2",
    ]

    def handle(self, *args, **options):
        options["ignore_patterns"] = [*options["ignore_patterns"], *NOT_OURS]
        options["no_wrap"] = True
        options["add_location"] = options["add_location"] or "file"
        super().handle(*args, **options)
