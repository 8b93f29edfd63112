"""Fixtures for the whole suite: the cast, and databases that are always both there."""

import pytest

from tests import make


@pytest.fixture(autouse=True)
def _plain_settings(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def ann(db):
    return make.user("ann")


@pytest.fixture
def eve(db):
    return make.user("eve")
