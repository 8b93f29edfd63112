"""studio_import and studio_export: whole projects in and out without a browser."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from actionstudio.apps.design import editing, load
from actionstudio.apps.library import importing
from actionstudio.apps.projects.models import Project
from tests import make
from tests.apps.library.test_importing import SMALL

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("command", [["studio_token", "a@b.example"], ["studio_export", "x", "y"], ["studio_prune"]])
def test_a_command_without_a_database_says_so_and_makes_none(tmp_path, command):
    folder = tmp_path / "nowhere"
    environment = {"PATH": os.environ["PATH"], "STUDIO_DATA_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == f"No database in {folder}. Is STUDIO_DATA_DIR set as for make run?\n"
    assert not folder.exists()


def test_out_and_in(tmp_path, capsys):
    project = make.project("mine", value=make.contract(description="d"))
    file = str(tmp_path / "mine.zip")
    call_command("studio_export", "mine", file)
    call_command("studio_import", file, slug="copy")
    assert load.contract(Project.objects.get(slug="copy")) == load.contract(project)
    assert "copy: " in capsys.readouterr().out


def test_a_document_comes_in_for_the_account_named(tmp_path, ann, eve):
    file = tmp_path / "todo.yaml"
    file.write_bytes(SMALL)
    call_command("studio_import", str(file), user="eve@example.test")
    assert Project.objects.get().owner == eve


def test_a_document_goes_out(tmp_path):
    make.project("mine")
    call_command("studio_export", "mine", str(tmp_path / "x.yaml"), form="openapi-yaml")
    assert (tmp_path / "x.yaml").read_text().startswith('openapi: "3.1.0"')


def test_any_format_comes_in_and_may_be_named(tmp_path, ann, capsys):
    file = tmp_path / "calls.txt"
    file.write_text("curl https://a.example/orders\ncurl https://a.example/orders/17")
    call_command("studio_import", str(file), slug="orders", format="curl")
    assert Project.objects.get(slug="orders").operations.count() == 2
    printed = capsys.readouterr()
    assert "orders: curl, 2 of 2 operations" in printed.out
    assert "the answer is not known" in printed.err
    with pytest.raises(CommandError, match="not a Postman collection"):
        call_command("studio_import", str(file), format="postman")


def test_a_link_comes_in(ann, monkeypatch):
    monkeypatch.setattr(importing, "opened", lambda url: (SMALL, url))
    call_command("studio_import", "https://a.example/openapi.yaml", slug="linked")
    assert Project.objects.get().slug == "linked"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["/nowhere/at/all"], "No such file"),
        (["{file}", "--slug", "🍕"], "letters a to z"),
        (["{file}", "--user", "nobody"], "no account nobody"),
        (["{bad}"], "Line"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, ann, args, says):
    (tmp_path / "f").write_bytes(SMALL)
    (tmp_path / "b").write_bytes(b"openapi: [")
    args = [arg.format(file=tmp_path / "f", bad=tmp_path / "b") for arg in args]
    with pytest.raises(CommandError, match=says):
        call_command("studio_import", *args)
    assert not Project.objects.exists()


def test_without_any_account_the_way_is_named(db):
    with pytest.raises(CommandError, match="browser"):
        call_command("studio_import", "-")


def test_a_project_that_is_not_there_is_said(db, tmp_path):
    with pytest.raises(CommandError, match="no project x"):
        call_command("studio_export", "x", str(tmp_path / "x"))


@pytest.fixture
def todo(ann, tmp_path):
    """The project "todo", imported from todo.yaml, and that file with something new."""
    file = tmp_path / "todo.yaml"
    file.write_bytes(SMALL)
    call_command("studio_import", str(file), slug="todo")
    file.write_bytes(SMALL.replace(b"/todos", b"/tasks").replace(b"listTodos", b"listTasks"))
    return file


def test_a_newer_document_is_taken_over(todo, capsys):
    call_command("studio_import", str(todo), "--slug", "todo", "--update", "--plan")
    said = capsys.readouterr().out
    assert "added GET /tasks\n" in said
    assert "removed GET /todos\n  breaks: Callers lose GET /todos.\n" in said
    project = Project.objects.get()
    assert project.revisions.count() == 1
    call_command("studio_import", str(todo), "--slug", "todo", "--update")
    assert "todo: v2" in capsys.readouterr().out
    assert [op.path for op in load.contract(project).operations] == ["/tasks"]
    assert (project.source.filename, project.revisions.first().author) == ("todo.yaml", project.owner)
    call_command("studio_import", str(todo), "--slug", "todo", "--update")
    assert capsys.readouterr().out == "todo: nothing changed\n"


def test_what_was_edited_here_is_left_and_said(todo, capsys):
    with editing.editing(Project.objects.get()):
        Project.objects.get().operations.update(summary="Mine")
    call_command("studio_import", str(todo), "--slug", "todo", "--update")
    assert "removed GET /todos (left: it was changed here)" in capsys.readouterr().out
    assert {op.path for op in load.contract(Project.objects.get()).operations} == {"/tasks", "/todos"}


@pytest.mark.parametrize("slug", ["", "nope"])
def test_an_update_needs_a_project(todo, slug):
    with pytest.raises(CommandError, match="--slug|no project nope"):
        call_command("studio_import", str(todo), "--slug", slug, "--update")
