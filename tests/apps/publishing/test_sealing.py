"""Texts at rest: what opens them, and what does not."""

import pytest

from actionstudio.apps.publishing import sealing


def test_what_was_sealed_opens_and_shows_nothing_of_the_text():
    sealed = sealing.seal("gateway-key-123", "secret/1/a")
    assert b"gateway" not in sealed
    assert sealing.unseal(sealed, "secret/1/a") == "gateway-key-123"
    assert sealing.seal("gateway-key-123", "secret/1/a") != sealed


def test_moved_to_another_row_it_does_not_open():
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(sealing.seal("gateway-key-123", "secret/1/a"), "secret/2/a")


@pytest.mark.parametrize(
    "change", [lambda one: one[:-1], lambda one: one[:20], lambda one: b"", lambda one: b"2" + one]
)
def test_a_damaged_text_is_told_apart_from_a_text(change):
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(change(sealing.seal("gateway-key-123", "secret/1/a")), "secret/1/a")


def test_older_keys_open_and_the_newest_seals(settings):
    settings.STUDIO_ENCRYPTION_KEYS = ["old"]
    sealed = sealing.seal("gateway-key-123", "secret/1/a")
    settings.STUDIO_ENCRYPTION_KEYS = ["new", "old"]
    assert sealing.unseal(sealed, "secret/1/a") == "gateway-key-123"
    assert not sealing.is_newest(sealed)
    assert sealing.is_newest(sealing.seal("gateway-key-123", "secret/1/a"))
    settings.STUDIO_ENCRYPTION_KEYS = ["new"]
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(sealed, "secret/1/a")
