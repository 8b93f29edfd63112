"""A project's secrets: kept sealed, handed to the data plane, never elsewhere."""

import pytest
from django.core.management import CommandError, call_command

from actionstudio.apps.publishing import secrets
from actionstudio.apps.publishing.models import Secret
from actionstudio.apps.publishing.source import DatabaseSource
from actionstudio.core.problem import Refused
from tests import make

TEXT = "edd1c9f034335f136f87"


@pytest.fixture
def project(db):
    return make.project()


def test_a_kept_secret_is_what_the_data_plane_gets(project):
    before = DatabaseSource().version("items")
    secrets.keep(project, "gateway", TEXT)
    hosted = DatabaseSource().load("items")
    assert hosted.secrets == {"gateway": TEXT}
    assert hosted.version > before
    assert TEXT not in repr(hosted)
    assert TEXT.encode() not in bytes(Secret.objects.get().sealed)


def test_keeping_it_again_replaces_it_and_forgetting_ends_it(project):
    secrets.keep(project, "gateway", TEXT)
    secrets.keep(project, "gateway", TEXT.upper())
    assert secrets.texts(project) == {"gateway": TEXT.upper()}
    assert secrets.forget(project, "gateway")
    assert not secrets.forget(project, "gateway")
    assert DatabaseSource().load("items").secrets == {}


@pytest.mark.parametrize(
    ("name", "text", "pointer"),
    [
        ("", TEXT, "/name"),
        ("a" * 81, TEXT, "/name"),
        ("a\nb", TEXT, "/name"),
        ("a", "", "/text"),
        ("a", "short", "/text"),
        ("a", " padded text ", "/text"),
        ("a", "two\nlines of it", "/text"),
        ("a", "schlüssel", "/text"),
        ("a", "x" * 4001, "/text"),
    ],
)
def test_what_cannot_be_a_secret_is_told_beside_its_field(project, name, text, pointer):
    with pytest.raises(Refused) as refused:
        secrets.keep(project, name, text)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]
    assert not project.secrets.exists()


def test_a_secret_whose_key_is_gone_is_left_out_and_told_to_the_operator(project, settings, caplog):
    secrets.keep(project, "gateway", TEXT)
    settings.STUDIO_ENCRYPTION_KEYS = ["another"]
    assert secrets.texts(project) == {}
    assert "gateway" in caplog.text
    assert TEXT not in caplog.text


def test_sealing_anew_lets_the_old_key_go(project, settings, capsys):
    settings.STUDIO_ENCRYPTION_KEYS = ["old"]
    secrets.keep(project, "gateway", TEXT)
    settings.STUDIO_ENCRYPTION_KEYS = ["new", "old"]
    call_command("studio_reseal")
    assert "1 sealed anew" in capsys.readouterr().out
    settings.STUDIO_ENCRYPTION_KEYS = ["new"]
    assert secrets.texts(project) == {"gateway": TEXT}
    settings.STUDIO_ENCRYPTION_KEYS = ["lost"]
    with pytest.raises(CommandError, match="1 cannot be opened"):
        call_command("studio_reseal")


@pytest.mark.parametrize(
    ("allow", "public", "private"), [(False, "https://a.example", False), (True, "https://a.example", True)]
)
def test_the_data_plane_is_told_whether_private_addresses_may_be_called(project, settings, allow, public, private):
    settings.STUDIO_ALLOW_PRIVATE_UPSTREAMS, settings.STUDIO_PUBLIC_URL = allow, public
    assert DatabaseSource().load("items").extra["private"] is private
