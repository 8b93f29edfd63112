"""Each question is led by the index that is narrowest for it, on both databases, whatever else is asked besides."""

import pytest
from django.db import connections, router

from actionstudio.apps.publishing.models import Key
from actionstudio.apps.traffic import walking
from actionstudio.apps.traffic.asking.term import BY_WORDS
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.models import Exchange
from tests import make

pytestmark = pytest.mark.django_db(databases="__all__")

LEADS = {
    "": "exchange_newest",
    "is:failed": "exchange_newest",
    "path~orders": "exchange_newest",
    "-user:u1": "exchange_newest",
    "status:4xx": "exchange_class",
    "status:404": "exchange_class",
    "op:op1": "exchange_operation",
    "is:unknown": "exchange_operation",
    "op:op1 status:4xx": "exchange_operation",
    "key:main": "exchange_key",
    "key:main op:op1": "exchange_key",
    "violation:any": "exchange_flawed",
    "violation:body op:op1": "exchange_flawed",
    "took:>2s": "exchange_slow",
    "is:slow status:5xx": "exchange_slow",
    "user:u1": "exchange_user",
    "user:u1 violation:any took:>1s": "exchange_user",
    "conversation:c1": "exchange_conversation",
    "conversation:c1 user:u1 status:4xx": "exchange_conversation",
    "sign-in:s1 op:op1": "exchange_sign_in",
}


@pytest.fixture
def project(db):
    """A project with a key, and on PostgreSQL so many calls that its statistics say something."""
    made = make.project()
    Key.mint(made, "main")
    database = connections[router.db_for_write(Exchange)]
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute(FILL, [made.pk, Key.objects.get().pk])
            cursor.execute("ANALYZE traffic_exchange")
    return made


FILL = """
INSERT INTO traffic_exchange (
    id, project_id, address, revision, source, kind, method, path, query, status, operation_id, duration_us, timings,
    request_headers, request_body, request_size, response_headers, response_body, response_size, violations, decisions,
    auth, key_id, client, gpt_id, conversation_id, user_id, sign_in)
SELECT n::bigint << 30, %s + (n %% 31), 'a', 1, 'client', 'mock', 'GET', '/orders/' || n, '', 200 + (n %% 4) * 100,
    'op' || n %% 30, CASE WHEN n %% 100 = 0 THEN 3000000 ELSE 300 END, '[]', '[]', repeat('x', 300)::bytea, 300, '[]',
    repeat('x', 300)::bytea, 300, CASE WHEN n %% 50 = 0 THEN '[{}]' ELSE '[]' END, '{}', 'ok',
    CASE WHEN n %% 20 = 0 THEN %s END, '', '', CASE WHEN n %% 9 = 0 THEN 'c' || n / 90 ELSE '' END,
    CASE WHEN n %% 9 = 0 THEN 'u' || n %% 270 ELSE '' END, CASE WHEN n %% 40 = 0 THEN 's' || n %% 400 ELSE '' END
FROM generate_series(1, 20000) AS n
"""


def test_the_narrowest_index_leads(project):
    for text in LEADS:  # the log is made once for all of them
        _leads(project, text)


def _leads(project, text):
    plan = Filter(q=text).plan(project.pk)
    driver, params = plan.range()
    sql = f"{walking.ENTRY} WHERE {driver} ORDER BY id DESC LIMIT %s"
    lines = walking.explain(sql, [*params, 250])
    said = "\n".join(lines)
    newest = LEADS[text] == "exchange_newest"  # PostgreSQL may as well go by the key where few calls are asked for
    assert LEADS[text] in said or (newest and "traffic_exchange_pkey" in said), f"{text}: {said}"
    if connections[router.db_for_read(Exchange)].vendor == "sqlite":
        assert "TEMP" not in said, text
        assert ("COVERING" in said) == plan.drive.covers, text
    else:
        assert "Seq Scan" not in said, f"{text}: {said}"


def test_words_lead_unless_something_narrower_is_asked_for():
    assert Filter(q="milk op:op1 violation:any").plan(1).wordy
    assert Filter(q="body~milk").plan(1).wordy
    assert not Filter(q="milk conversation:c1").plan(1).wordy
    assert not Filter(q="-milk").plan(1).wordy
    assert not Filter(q="&").plan(1).wordy
    assert Filter(q="conversation:c1").plan(1).drive.rank < BY_WORDS


def test_an_id_is_a_range_of_one():
    project = make.project()
    row = make.exchange(project)
    plan = Filter(q=row.public_id).plan(project.pk)
    assert (plan.first, plan.end, plan.rest) == (row.pk, row.pk + 1, ())
    assert [one.pk for one in walking.page(project.pk, Filter(q=row.public_id)).rows] == [row.pk]
