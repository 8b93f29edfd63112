"""The migrations make what the models say."""

from django.core.management import call_command


def test_no_change_of_a_model_lacks_its_migration(db, capsys):
    call_command("makemigrations", "--check", "--dry-run")
    assert capsys.readouterr().out.strip() == "No changes detected"
