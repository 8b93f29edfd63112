"""The first visit of an empty installation, as a newcomer sees it."""

import pytest

from tests.browser import kit
from tests.browser.test_pages import RULES, RUN
from tests.studio import Studio


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [kit.DESKTOP, kit.PHONE], ids=["wide", "phone"])
def test_the_first_account_is_made_in_the_browser(browser, size, theme):
    with Studio() as studio:
        context = kit.context(browser, studio, size=size, theme=theme)
        page = context.new_page()
        page.goto("/projects/")
        assert page.url.endswith("/setup/")
        page.evaluate(kit.AXE.read_text())
        assert page.evaluate(RUN % RULES) == []
        page.get_by_label("E-mail address").fill("ann@example.test")
        page.get_by_label("Password", exact=True).fill("correct horse battery")
        page.get_by_role("button", name="Show Password").click()
        assert page.locator("[name=password]").get_attribute("type") == "text"
        page.get_by_role("button", name="Create account").click()
        page.wait_for_url("**/projects/")
        page.get_by_text("Make your first project").wait_for()
        context.close()
