"""Every page, light and dark, wide and small: nothing for axe to find, nothing the CSP blocks, nothing overflows.

Opening a page is much of the work. So each is opened once, and while it is open it changes its theme and is made
narrower, down to a phone; every other page is dark first. The tests look at what was found. Half of the pages are one
tour, the others another, so that two can go at once.
"""

import itertools
from collections import defaultdict

import pytest

from tests.browser import kit, pages

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# CodeMirror's scroller is reached through its content; axe cannot know. Of what is right it need not tell, and no style
# sheet is fetched for it again (a quarter of its time): only its rule about turned screens, an experiment, reads them.
AXE = """() => axe.run(
    {exclude: [[['code-editor', '.cm-scroller']]]}, {preload: false, resultTypes: ['violations'], runOnly: %s}).then(
    found => found.violations.map(rule => {
        const node = rule.nodes[0], why = (node.any[0] ?? node.all[0] ?? node.none[0] ?? {}).message ?? '';
        return `${rule.id}: ${rule.nodes.length} x ${node.html.slice(0, 160)} ${why}`;
    }))"""
RUN = AXE % RULES
# The theme changes colours and nothing else: what of axe's rules looks at colours is asked again in the other one.
COLOURS = AXE % ["color-contrast", "link-in-text-block"]
# On a phone in the other theme it is the same page: what depends on colours, on width, on what is seen and reached.
PHONE = AXE % [
    *("target-size", "scrollable-region-focusable", "aria-hidden-focus", "color-contrast", "link-in-text-block"),
    *("button-name", "link-name", "label", "region", "page-has-heading-one", "aria-required-children"),
    "nested-interactive",
]
SETTLED = """async () => {
    const soon = what => Promise.race([what, new Promise(done => setTimeout(done, 2000))]);
    const frame = () => soon(new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
    for (let tries = 0; tries < 20; tries++) {
        await frame();
        const moving = document.getAnimations().filter(one => one instanceof CSSTransition);
        if (!moving.length) {
            break;
        }
        await soon(Promise.allSettled(moving.map(one => one.finished)));
    }
}"""
# What moves in the next frames.
WATCH = """() => {
    window.motion = new Promise(done => {
        const seen = [], look = left => {
            seen.push(...document.getAnimations().map(one => one.transitionProperty ?? one.animationName));
            left ? requestAnimationFrame(() => look(left - 1)) : done(seen);
        };
        requestAnimationFrame(() => look(30));
    });
}"""
# Of what a page has a hundred times in the same form, each twelfth stays: axe's time grows faster than what it reads.
MANY = {"api:docs": "main section"}
THIN = "many => document.querySelectorAll(many).forEach((one, index) => index % 12 && one.remove())"
# Pages inside the frame of the studio scroll within it.
BEYOND = "() => document.querySelector('.app') ? document.documentElement.scrollHeight - innerHeight : 0"
THEMES = ("light", "dark"), ("dark", "light")
HALVES = {"one": 0, "other": 1}
NARROWER = (kit.LAPTOP, kit.PHONE, kit.SMALL, kit.NARROW)


def test_every_url_is_a_page_or_says_why_not():
    assert [name for name in sorted(pages.url_names()) if not pages.is_known(name)] == []


@pytest.fixture(scope="module", params=HALVES)
def found(request, browser, studio, world):
    """What is wrong, by kind, then by the page's name."""
    wrong, said = defaultdict(lambda: defaultdict(list)), []
    windows = {user: kit.context(browser, studio, user) for user in ("ann", "")}
    shown = {user: context.new_page() for user, context in windows.items()}
    for page in shown.values():
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
    half = [*pages.reachable().items()][HALVES[request.param] :: 2]
    for (name, (user, path)), themes in zip(half, itertools.cycle(THEMES)):
        page = shown["" if user == "anonymous" else user]
        page.set_viewport_size(kit.DESKTOP)
        for kind, trouble in looked_at(page, path(world), themes, MANY.get(name)):
            wrong[kind][name].append(trouble)
        if heard := [text for text in said if "status of 4" not in text]:
            wrong["said"][name] += heard
        said.clear()
    yield wrong
    for context in windows.values():
        context.close()


def in_both_themes(page) -> dict[str, list[str]]:
    """What axe finds in the page as it is, light and dark. Empty when there is nothing."""
    page.evaluate(kit.AXE.read_text())
    found = {"light": page.evaluate(RUN)}
    page.emulate_media(color_scheme="dark")
    page.evaluate(SETTLED)
    found["dark"] = page.evaluate(COLOURS)
    page.emulate_media(color_scheme="light")
    return {theme: trouble for theme, trouble in found.items() if trouble}


def looked_at(page, path: str, themes: tuple[str, str], many: str | None):
    """Opens the page, and says (kind, what) of all that is wrong with it: wide in one theme, smaller in the other."""
    page.emulate_media(color_scheme=themes[0])
    status = page.goto(path, wait_until="load").status
    if status >= 500:
        yield "answer", status
    if (headings := page.evaluate("document.querySelectorAll('h1').length")) != 1:
        yield "answer", f"has {headings} first headings"
    if many:
        page.evaluate(THIN, many)
    if (beyond := page.evaluate(BEYOND)) > 0:
        yield "beyond", {"as opened": beyond}
    page.evaluate(kit.AXE.read_text())
    if trouble := page.evaluate(RUN):
        yield "axe", {f"wide, {themes[0]}": trouble}
    page.emulate_media(color_scheme=themes[1])
    for size in NARROWER:
        page.set_viewport_size(size)
        page.evaluate(SETTLED)
        if size == kit.PHONE and (trouble := page.evaluate(PHONE)):
            yield "axe", {f"small, {themes[1]}": trouble}
        if size != kit.NARROW and (beyond := page.evaluate(BEYOND)) > 0:
            yield "beyond", {size["width"]: beyond}
        width = page.evaluate("document.documentElement.scrollWidth")
        if size == kit.NARROW and width > size["width"]:
            yield "wide", width


def test_every_page_is_one_of_ours(found):
    assert found["answer"] == {}


def test_axe_finds_nothing(found):
    assert found["axe"] == {}


def test_nothing_overflows_at_320_pixels(found):
    assert found["wide"] == {}


def test_no_page_scrolls_beyond_its_frame(found):
    assert found["beyond"] == {}


def test_nothing_breaks_the_content_security_policy(found):
    assert found["said"] == {}


def test_whoever_asks_for_less_motion_gets_none(window):
    page = window()
    page.goto("/projects/", wait_until="load")
    for change in (lambda: page.emulate_media(color_scheme="dark"), lambda: page.set_viewport_size(kit.PHONE)):
        page.evaluate(WATCH)
        change()
        assert page.evaluate("motion") == []
