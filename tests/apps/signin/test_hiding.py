"""Known secrets stay hidden in every spelling, and before anything is cut."""

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest

from actionstudio.apps.signin.hiding import hidden, kept

CODE = '4/0AVG7fiQ+of=another "provider" & ü𝄞-nobody may-see'
SPELT = {
    "as it is": CODE,
    "percent-encoded": quote(CODE, safe=""),
    "percent-encoded, but for slashes": quote(CODE),
    "percent-encoded in small letters": quote(CODE, safe="").replace("%2F", "%2f").replace("%3D", "%3d"),
    "percent-encoded twice": quote(quote(CODE, safe=""), safe=""),
    "in a form": quote_plus(CODE),
    "in JSON": json.dumps(CODE),
    "in JSON of PHP": json.dumps(CODE).replace("/", "\\/"),
    "in JSON with its own letters": json.dumps(CODE, ensure_ascii=False),
    "in JSON within JSON": json.dumps(json.dumps(CODE).replace("/", "\\/")),
    "in JSON without signs of HTML": json.dumps(CODE).replace("&", "\\u0026").replace("+", "\\u002B"),
    "in HTML": html.escape(CODE),
    "in HTML by number": CODE.replace("/", "&#x2F;").replace('"', "&#34;"),
}


@pytest.mark.parametrize("spelt", SPELT.values(), ids=SPELT.keys())
def test_a_secret_is_hidden_however_it_is_spelt(spelt):
    text = hidden(f"before {spelt} after", [CODE])
    assert "0AVG7fiQ" not in text and "nobody" not in text, text
    assert text.startswith("before ") and text.endswith(" after") and "••••" in text


@pytest.mark.parametrize("client", ["a", "ab", "abc", "client-of-mine"])
@pytest.mark.parametrize("encode", [str, lambda text: quote(text, safe=""), quote_plus])
@pytest.mark.parametrize("alphabet", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_secret_is_hidden_inside_the_base64_of_basic(client, encode, alphabet):
    spelt = alphabet(f"{client}:{encode(CODE)}".encode()).decode()
    text = hidden(f"You sent Basic {spelt}, which is wrong.", [CODE])
    assert spelt[24:36] not in text and spelt[-12:] not in text
    assert text.startswith("You sent Basic ") and text.endswith(", which is wrong.")


def test_base64_with_escaped_slashes_hides_it_too():
    secret = "???>>>???>>>~~~~and-more"
    spelt = base64.b64encode(f"me:{secret}".encode()).decode()
    assert "/" in spelt
    for shown in (json.dumps(spelt).replace("/", "\\/"), quote(spelt, safe="")):
        assert shown[16:28] not in hidden(shown, [secret])


@pytest.mark.parametrize("at", range(len(CODE)))
def test_at_the_edge_nothing_of_it_is_kept(at):
    assert "0AVG" not in kept("x" * (100 - at) + CODE, [CODE], 100)


def test_what_is_no_secret_stays_as_it_is():
    text = "a\\/b %2F &amp; Basic YWJjOmRlZg== and so on"
    assert hidden(text, [CODE, "short", ""]) == text


def test_of_a_secret_that_holds_another_both_are_hidden():
    text = hidden("code-0123456789-signature code-0123456789", ["code-0123456789", "code-0123456789-signature"])
    assert "0123456789" not in text and "signature" not in text
