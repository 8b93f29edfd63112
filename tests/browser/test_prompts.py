"""Prompts in a browser: two operations are mixed up, their descriptions stand side by side, one is changed, and only
what that touches is asked again."""

import re

import pytest
from playwright.sync_api import expect

MAKE = """
from actionstudio.apps.accounts.models import User
from actionstudio.apps.simulator.models import PromptCase
from actionstudio.apps.simulator.prompts import keeping
from actionstudio.core.specs.readers import openapi
from tests import make
city = {"name": "city", "in": "query", "required": True, "schema": {"type": "string"}}
told = {"/forecast": ("getForecast", "The days ahead in a city"), "/alerts": ("getAlerts", "Storm alerts for a city")}
answers = {"200": {"description": "Told"}}
paths = {
    path: {"get": {"operationId": name, "summary": text, "parameters": [city], "responses": answers}}
    for path, (name, text) in told.items()
}
document = {"openapi": "3.1.0", "info": {"title": "Skies", "version": "1"}, "paths": paths}
ann = User.objects.get(username="ann")
skies = make.project("skies", ann, openapi.read(document).contract, name="Skies")
suite = keeping.suite(skies, None, {"name": "Asked", "repeat": 1}, ann)
for said, name in (("Is a storm coming to Oslo?", "getForecast"), ("Show the alerts for Oslo", "getAlerts")):
    keeping.case(keeping.fill(PromptCase(suite=suite), {"turns": [said], "calls": [name]}))
"""


@pytest.fixture(scope="module")
def skies(studio, world):
    """A project in which one operation is called where the other should be."""
    studio.shell(MAKE)


def test_a_mixed_up_operation_is_described_better_and_only_that_is_asked_again(window, skies):
    page = window()
    page.goto("/projects/skies/prompts/asked/")
    page.get_by_role("button", name="Run", exact=True).click()
    wrong = page.locator(".matrix td.wrong a")
    expect(wrong).to_have_text("1 wrong", timeout=20_000)
    wrong.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("getAlerts instead of getForecast")
    marked = page.locator(".describes mark")
    expect(marked).to_have_text(["city", "city"])
    better = "The weather ahead in a city: whether a storm is coming, and when"
    page.get_by_label("New description").first.fill(better)
    expect(page.locator("#count-1")).to_have_text(f"{len(better)} / 300")
    page.get_by_role("button", name="Save, and ask").click()

    expect(page.get_by_text("Every case passed.")).to_be_visible(timeout=20_000)
    expect(page.locator(".head")).to_contain_text("only what changed since")
    kept = page.get_by_role("row").filter(has_text="Show the alerts for Oslo")
    asked = page.get_by_role("row").filter(has_text="Is a storm coming to Oslo?")
    expect(kept).to_contain_text("carried over")
    expect(asked).not_to_contain_text("carried over")

    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_text("1 case passes now, 0 no longer do.")).to_be_visible()
    flipped = page.get_by_role("region", name="What flipped")
    expect(flipped.get_by_role("row")).to_have_count(2)  # its heading is one
    expect(flipped.get_by_role("row").last).to_contain_text("Is a storm coming to Oslo?")
    expect(page.get_by_role("region", name="What differs in what they read")).to_contain_text(better)


def test_an_outcome_leads_to_the_descriptions_that_it_mixes_up(window, world):
    page = window()
    page.goto(
        f"/projects/{world['slug']}/prompts/first-prompts/runs/{world['prompt_run']}/outcomes/{world['prompt_outcome']}/"
    )
    page.get_by_role("link", name=re.compile("getOrder → listOrders")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("listOrders instead of getOrder")
