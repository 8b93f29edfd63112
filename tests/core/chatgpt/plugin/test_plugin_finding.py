"""Where a manifest is looked for, what a domain is, and which redirects lead to it."""

import pytest

from actionstudio.core.chatgpt.plugin import finding
from actionstudio.core.problem import Refused

AT = "/.well-known/ai-plugin.json"


@pytest.mark.parametrize(
    ("typed", "domain", "url"),
    [
        ("todo.example.com", "todo.example.com", f"https://todo.example.com{AT}"),
        (" HTTPS://Todo.Example.com/ ", "todo.example.com", f"https://todo.example.com{AT}"),
        (f"https://example.com{AT}", "example.com", f"https://example.com{AT}"),
        ("localhost:3333", "localhost:3333", f"http://localhost:3333{AT}"),
        ("http://items.live.localhost:8000", "items.live.localhost:8000", f"http://items.live.localhost:8000{AT}"),
        ("127.0.0.1:99", "127.0.0.1:99", f"http://127.0.0.1:99{AT}"),
        ("bücher.example", "xn--bcher-kva.example", f"https://xn--bcher-kva.example{AT}"),
    ],
)
def test_the_manifest_is_at_the_root_of_the_domain_and_http_is_for_localhost(typed, domain, url):
    assert finding.domain(typed) == domain
    assert finding.manifest_url(domain) == url


@pytest.mark.parametrize(
    "typed", ["", "  ", "https://", "a b.com", "a..b", "-a.com", "a.com:0", "a.com:99999", "@a.com"]
)
def test_what_is_no_domain_is_refused(typed):
    with pytest.raises(Refused) as refused:
        finding.domain(typed)
    assert refused.value.problems[0].pointer == "/domain"


def test_what_stands_below_a_path_is_no_plugin():
    with pytest.raises(Refused) as refused:
        finding.domain("example.com/live/todo")
    assert refused.value.problems[0].code == "PL-11" and "root of a host" in str(refused.value)


@pytest.mark.parametrize(
    ("url", "root"),
    [
        (f"https://example.com{AT}", "example.com"), (f"https://www.example.com{AT}", "example.com"),
        (f"https://foo.example.com{AT}", "foo.example.com"), (f"http://localhost:1{AT}", "localhost"),
    ],
)  # fmt: skip
def test_the_root_domain_is_the_host_without_www(url, root):
    assert finding.root(url) == root


@pytest.mark.parametrize(
    ("here", "there", "follows"),
    [
        ("https://foo.example.com/a", "https://bar.foo.example.com/baz.json", True),
        ("https://example.com/a", "https://example.com/b", True),
        ("https://www.example.com/a", "https://example.com/a", True),
        ("http://example.com/a", "https://example.com/a", True),
        ("https://example.com/a", "https://www.example.com/a", True),
        ("https://foo.example.com/a", "https://example.com/a", False),
        ("https://foo.example.com/a", "https://bar.example.com/a", False),
        ("https://example.com/a", "https://example2.com/a", False),
        ("https://example.com/a", "https://notexample.com/a", False),
        ("https://example.com/a", "http://example.com/a", False),
        ("https://www.example.com/a", "https://www.other.com/a", False),
        ("http://localhost:1/a", "http://localhost:2/a", False),
        ("https://example.com/a", "ftp://example.com/a", False),
        ("https://example.com/a", "https://me@example.com/a", False),
        ("https://example.com/a", "https://[::1/a", False),
    ],
)
def test_redirects_lead_down_to_children_and_from_www_to_the_bare_domain_only(here, there, follows):
    assert finding.follows(here, there) is follows
