"""How many credentials a source held; each once, and nothing but the number is known afterwards."""

import json

import pytest

from tests.core.specs.readers import kit

CURL = """curl -H 'Authorization: Bearer first-secret' https://a.example/a
curl -H 'Authorization: Bearer first-secret' -b 'session=second' 'https://a.example/b?api_key=third&page=2'
curl -H 'Authorization: Bearer $TOKEN' -d '{"password": "fourth", "name": "Ann"}' https://a.example/c"""
SENT = [{"name": "Authorization", "value": "Bearer second"}, {"name": "Cookie", "value": "s=first"}]
ANSWER = {"status": 200, "content": {"mimeType": "application/json", "text": '{"access_token": "third"}'}}
ASKED = {"method": "GET", "url": "https://a.example/me", "headers": SENT, "cookies": [{"name": "s", "value": "first"}]}
HAR = {"log": {"entries": [{"request": ASKED, "response": ANSWER}]}}
POSTMAN = {
    "info": {"name": "Shop"},
    "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "first"}]},
    "variable": [{"key": "base", "value": "https://a.example"}, {"key": "apiKey", "value": "second"}],
    "item": [
        {"name": "A", "request": {"url": "{{base}}/a", "header": [{"key": "X-Secret", "value": "third"}]}},
        {"name": "B", "request": {"url": "{{base}}/b", "auth": {"type": "apikey", "apikey": {"value": "{{apiKey}}"}}}},
    ],
}


@pytest.mark.parametrize(
    ("source", "count"),
    [(CURL, 4), (HAR, 3), (POSTMAN, 3), ({"user": {"name": "Ann", "pin": 1234}}, 1), ({"page": 1, "name": "Ann"}, 0)],
    ids=["curl", "har", "postman", "sample", "none"],
)
def test_every_credential_is_counted_once(source, count):
    assert kit.read(source).secrets == count


@pytest.mark.parametrize("source", [CURL, HAR, POSTMAN], ids=["curl", "har", "postman"])
def test_none_of_them_is_in_the_report(source):
    report = kit.read(source)
    text = json.dumps(kit.written(report)) + str(report.problems)
    assert not [word for word in ("first", "second", "third", "fourth") if word in text]
