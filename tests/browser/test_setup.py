"""The first visit of an empty installation, as a newcomer sees it."""

from tests.browser import kit
from tests.browser.test_pages import in_both_themes
from tests.studio import Studio


def test_the_first_account_is_made_in_the_browser(browser):
    with Studio() as studio:
        context = kit.context(browser, studio)
        page = context.new_page()
        page.goto("/projects/")
        assert page.url.endswith("/setup/")
        assert in_both_themes(page) == {}
        page.set_viewport_size(kit.PHONE)
        assert in_both_themes(page) == {}
        page.get_by_label("E-mail address").fill("ann@example.test")
        page.get_by_label("Password", exact=True).fill("correct horse battery")
        page.get_by_role("button", name="Show Password").click()
        assert page.locator("[name=password]").get_attribute("type") == "text"
        page.get_by_role("button", name="Create account").click()
        page.wait_for_url("**/projects/")
        page.get_by_text("Make your first project").wait_for()
        context.close()
