"""Personal API tokens: shown once, kept as a hash, the owner's alone."""

import hashlib
import re

from actionstudio.apps.accounts.models import ApiToken


def make_token(client, **data) -> str:
    page = client.post("/account/tokens/", {"name": "script", "days": "90", **data}).content.decode()
    return re.search(r'id="minted">([^<]+)<', page)[1]


def test_a_token_is_shown_once_and_kept_as_a_hash(client, ann):
    client.force_login(ann)
    text = make_token(client)
    row = ApiToken.objects.get()
    assert text.startswith("ast_") and len(text) > 40
    assert row.digest == hashlib.sha256(text.encode()).hexdigest()
    assert text not in str([vars(row)])
    page = client.get("/account/tokens/").content.decode()
    assert text not in page and f"…{text[-4:]}" in page and "never" in page


def test_a_token_may_end_or_not(client, ann):
    client.force_login(ann)
    make_token(client, days="0", name="for ever")
    make_token(client, days="30")
    ends = {token.name: token.expires for token in ApiToken.objects.all()}
    assert ends["for ever"] is None and ends["script"] is not None


def test_a_token_needs_a_name(client, ann):
    client.force_login(ann)
    answer = client.post("/account/tokens/", {"name": "", "days": "90"})
    assert answer.status_code == 422 and not ApiToken.objects.exists()


def test_a_page_with_a_secret_is_kept_in_no_cache(client, ann):
    client.force_login(ann)
    answer = client.post("/account/tokens/", {"name": "script", "days": "90"})
    assert "no-store" in answer["Cache-Control"]


def test_revoking_ends_it(client, ann):
    client.force_login(ann)
    row, _text = ApiToken.mint(ann, "script")
    assert client.post(f"/account/tokens/{row.pk}/revoke/").url == "/account/tokens/"
    assert not ApiToken.objects.exists()


def test_eve_sees_and_revokes_nothing_of_anns(client, ann, eve):
    row, _text = ApiToken.mint(ann, "anns script")
    client.force_login(eve)
    assert b"anns script" not in client.get("/account/tokens/").content
    assert client.post(f"/account/tokens/{row.pk}/revoke/").status_code == 404
    assert ApiToken.objects.exists()


def test_strangers_are_asked_to_sign_in(client, ann):
    for path in ("/account/", "/account/tokens/", "/account/invitations/"):
        assert client.get(path).url.startswith("/accounts/login/")
