"""Every page, light and dark, wide and small: nothing for axe to find, nothing the CSP blocks, nothing overflows."""

import pytest

from tests.browser import kit, pages

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# CodeMirror's scroller is reached through its content; axe cannot know.
RUN = """() => axe.run({exclude: [[['code-editor', '.cm-scroller']]]}, {runOnly: %s}).then(found => {
    const why = node => (node.any[0] ?? node.all[0] ?? node.none[0] ?? {}).message ?? '';
    const first = rule => `${rule.nodes[0].html.slice(0, 160)} ${why(rule.nodes[0])}`;
    return found.violations.map(rule => `${rule.id}: ${rule.nodes.length} x ${first(rule)}`);
})"""


def test_every_url_is_a_page_or_says_why_not():
    assert [name for name in sorted(pages.url_names()) if not pages.is_known(name)] == []


def everywhere(window, world, size, theme, look, prepare=lambda page: None):
    """Opens every page and calls ``look(page)``; returns what was wrong, by the page's name."""
    shown = {user: window("" if user == "anonymous" else user, size=size, theme=theme) for user in ("ann", "anonymous")}
    for page in shown.values():
        prepare(page)
    found = {}
    for name, (user, path) in pages.reachable().items():
        trouble = trouble_at(shown[user], path(world)) or look(shown[user])
        if trouble:
            found[name] = trouble
    return found


def trouble_at(page, path: str) -> str:
    """Opens the page; says what is wrong when it is none of ours."""
    status = page.goto(path, wait_until="load").status
    if status >= 500:
        return f"answered {status}"
    return "" if page.locator("h1").count() == 1 else f"has {page.locator('h1').count()} first headings"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [kit.DESKTOP, kit.PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing(window, world, size, theme):
    def look(page):
        page.evaluate(kit.AXE.read_text())
        return page.evaluate(RUN % RULES)

    assert everywhere(window, world, size, theme, look) == {}


def test_nothing_overflows_at_320_pixels(window, world):
    def look(page):
        width = page.evaluate("document.documentElement.scrollWidth")
        return f"{width} px wide" if width > kit.NARROW["width"] else ""

    assert everywhere(window, world, kit.NARROW, "light", look) == {}


def test_nothing_breaks_the_content_security_policy(window, world):
    said = []

    def look(page):
        page.wait_for_timeout(100)
        heard = [text for text in said if "status of 4" not in text]
        said.clear()
        return heard

    def listen(page):
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))

    assert everywhere(window, world, kit.DESKTOP, "light", look, listen) == {}
