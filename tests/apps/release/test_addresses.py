"""Addresses: several names, pins, own domains."""

import pytest
from django.urls import reverse

from actionstudio.apps.design import editing
from actionstudio.apps.publishing.models import Address
from actionstudio.apps.publishing.source import DatabaseSource
from actionstudio.apps.release import addressing
from actionstudio.core.problem import Refused
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(client):
    made = make.project()
    editing.replace(made, make.contract(make.operation(summary="new")), made.owner)
    client.force_login(made.owner)
    return made


def change(client, project, row=None, **data):
    row = row or project.addresses.get()
    fields = {f"a{row.pk}-{name}": value for name, value in data.items() if name != "deed"}
    fields |= {"deed": data["deed"]} if "deed" in data else {}
    return client.post(reverse("release:address", args=[project.slug, row.pk]), fields)


def add(client, project, name):
    return client.post(reverse("release:addresses", args=[project.slug]), {"deed": "add", "name": name})


def test_eve_sees_and_changes_nothing(client, eve, project):
    client.force_login(eve)
    assert client.get(reverse("release:addresses", args=[project.slug])).status_code == 404
    assert add(client, project, "evil").status_code == 404
    assert change(client, project, pinned="1").status_code == 404


def test_a_pinned_address_serves_that_version(client, project):
    assert change(client, project, pinned="1").status_code == 302
    assert DatabaseSource().load("items").revision == 1
    change(client, project, pinned="")
    assert DatabaseSource().load("items").revision == 2


@pytest.mark.parametrize("pinned", ["99", "x", "-1"])
def test_a_version_that_is_not_there_cannot_be_pinned(client, project, pinned):
    assert change(client, project, pinned=pinned).status_code == 422


def test_a_domain_finds_its_address(client, project):
    change(client, project, domain="API.Example.com.")
    assert DatabaseSource().address_of_domain("api.example.com") == "items"


def test_a_domain_in_other_letters_is_kept_as_it_travels():
    assert addressing.checked_domain("bücher.example") == "xn--bcher-kva.example"


@pytest.mark.parametrize(
    "domain",
    ["localhost", "127.0.0.1", "https://a.example", "a.example/x", "a.example:80", "-a.example", "a..example"]
    + ["x.live.localhost", "🍕.example.", "a" * 64 + ".example", "a b.example", "a.example\x00"],
)
def test_what_is_no_domain_is_refused(client, project, domain):
    if domain.startswith("🍕"):
        assert addressing.checked_domain(domain).startswith("xn--")
        return
    with pytest.raises(Refused):
        addressing.checked_domain(domain)
    assert change(client, project, domain=domain).status_code == 422
    assert not Address.objects.exclude(domain=None).exists()


def test_a_domain_belongs_to_one_address(client, project):
    make.project("other", make.user("bob")).addresses.update(domain="api.example.com")
    assert change(client, project, domain="api.example.com").status_code == 422


def test_a_second_address_serves_the_same_project(client, project):
    assert add(client, project, "staging").status_code == 302
    assert DatabaseSource().load("staging").project_slug == "items"


@pytest.mark.parametrize("name", ["", "🍕", "items", "admin", "a//b", "x" * 90])
def test_a_bad_or_taken_name_is_refused(client, project, name):
    assert add(client, project, name).status_code == 422
    assert project.addresses.count() == 1


def test_a_further_address_can_go_but_not_the_first(client, project):
    add(client, project, "staging")
    assert change(client, project, project.addresses.get(name="staging"), deed="remove").status_code == 302
    assert change(client, project, deed="remove").status_code == 422
    assert project.addresses.count() == 1


def test_somebody_elses_address_is_404(client, project):
    other = make.project("other", make.user("bob")).addresses.get()
    assert change(client, project, other, pinned="").status_code == 404


def test_every_change_is_announced_to_the_data_plane(client, project):
    before = project.addresses.get().version
    change(client, project, domain="api.example.com")
    assert project.addresses.get().version > before
