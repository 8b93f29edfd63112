"""A suite that sends also what ChatGPT would refuse: its cases are judged, and say that ChatGPT would refuse them."""

from xml.etree import ElementTree

import pytest
from django.core.management import call_command

from actionstudio.apps.replay.models import Case, Outcome, Suite
from actionstudio.apps.replay.suites import junit
from actionstudio.apps.traffic.models import Exchange
from tests.apps.api.test_api import Api
from tests.apps.replay.suites.test_suite_command import wrong
from tests.apps.replay.suites.test_suite_pages import at, page  # noqa: F401
from tests.apps.replay.suites.test_suite_running import project, run, suite  # noqa: F401

pytestmark = pytest.mark.django_db
NOT_FOUND = [{"on": "status", "op": "equals", "value": 404}]


@pytest.fixture
def odd(suite):  # noqa: F811
    """A suite with a path that there is not and an argument that is not declared, both on purpose."""
    suite.cases.all().delete()
    Case.objects.create(suite=suite, position=1, name="missed", path="/goods", whole=False, checks=NOT_FOUND)
    Case.objects.create(
        suite=suite,
        position=2,
        name="undeclared",
        operation_id="getItems",
        path="/items",
        query="color=red",
        whole=False,
    )
    return suite


def sends(odd) -> Suite:
    Suite.objects.filter(pk=odd.pk).update(send_refused=True)
    odd.refresh_from_db()
    return odd


def told(made) -> list[tuple[str, str, bool]]:
    return [(one.verdict, one.refusal, one.result_exchange_id is not None) for one in made.outcomes.order_by("n")]


def test_nothing_is_sent_unless_the_suite_says_so(odd):
    before = Exchange.objects.count()
    assert [one[0] for one in told(run(odd))] == ["refused", "refused"]
    assert Exchange.objects.count() == before


def test_what_is_sent_all_the_same_is_judged_and_says_that_chatgpt_would_refuse_it(odd):
    made = run(sends(odd))
    missed, undeclared = told(made)
    assert (missed[0], missed[2], undeclared[0], undeclared[2]) == ("passed", True, "passed", True)
    assert missed[1].startswith("No operation has this method and path")
    assert "color" in undeclared[1]
    assert made.passed
    Case.objects.filter(suite=odd, name="missed").update(checks=[{"on": "status", "op": "equals", "value": 410}])
    assert told(run(odd))[0][:2] == ("broken", missed[1]), "it is judged like any other"


def test_what_chatgpt_would_send_is_told_nothing_of(suite):  # noqa: F811
    assert told(run(sends(suite))) == [("passed", "", True)]


def test_pages_tell_it_beside_the_verdict(odd, page):  # noqa: F811
    fields = {"name": "Orders", "target": "live", "schedule": "off", "concurrency": 1, "send_refused": "on"}
    page.post(at("suite-edit", "orders"), fields | {"v-TOTAL_FORMS": 0, "v-INITIAL_FORMS": 0})
    odd.refresh_from_db()
    assert odd.send_refused
    assert 'name="send_refused"' in page.get(at("suite-edit", "orders")).text
    made = run(odd)
    whole, one = (
        page.get(at("suite-run", "orders", made.pk)).text,
        page.get(at("suite-outcome", "orders", made.pk, 1)).text,
    )
    assert "Every case passed." in whole
    assert "ChatGPT would refuse to send 2 of these calls." in whole
    for text in (whole, one):
        assert "ChatGPT would refuse to send this call: No operation has this method and path" in text


def test_the_command_and_its_file_tell_it(odd, tmp_path, capsys):
    file = tmp_path / "out.xml"
    sends(odd)
    call_command("studio_replay", "shop", "orders", "--junit", str(file))
    assert capsys.readouterr().out.count("ChatGPT would refuse to send this call: ") == 2
    root = ElementTree.fromstring(file.read_bytes())
    assert wrong(root) == []
    assert [one.text.partition(":")[0] for one in root.iter("system-out")] == [
        "ChatGPT would refuse to send this call"
    ] * 2
    row = Outcome.objects.filter(name="missed").first()
    Outcome.objects.filter(pk=row.pk).update(verdict="broken")
    failure = ElementTree.fromstring(junit.render(row.run, [Outcome.objects.get(pk=row.pk)])).find(".//failure")
    assert "ChatGPT would refuse to send this call" in failure.text


def test_the_api_sets_and_tells_it(odd, ann):
    api, where = Api(ann), f"projects/shop/suites/{odd.pk}/"
    assert api("GET", where).json()["send_refused"] is False
    assert api("PATCH", where, {"send_refused": True}).json()["send_refused"] is True
    made = api("POST", f"{where}run/", {}).headers["Location"].partition("/api/v1/")[2]
    missed = api("GET", made).json()["outcomes"][0]
    assert (missed["verdict"], missed["why"]) == ("passed", [])
    assert missed["refusal"].startswith("No operation has this method and path")
