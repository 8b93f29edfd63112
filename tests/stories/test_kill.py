"""A server that is killed under load has every call in its log that was answered."""

import asyncio
import time

from tests.stories.hammer import Hammer, under_way

MAKE = """
from tests import make
make.project({slug!r}, make.user("ann"))
"""
NUMBERS = """
from actionstudio.apps.traffic.models import Exchange
for query in Exchange.objects.filter(address={slug!r}).values_list("query", flat=True): print(query)
"""


def test_every_answered_call_is_in_the_log_after_kill_9(studio):
    studio.shell(MAKE.format(slug="killed"))
    hammer = Hammer(studio.port, "killed")

    def kill():
        under_way(hammer.answered, 500, 1.5)
        studio.kill9()

    asyncio.run(hammer.run(20, kill))
    began = time.monotonic()
    studio.start()
    assert time.monotonic() - began < 60
    logged = {int(line.removeprefix("n=")) for line in studio.shell(NUMBERS.format(slug="killed")).splitlines()}
    assert hammer.statuses == {200}
    assert len(hammer.answered) > 500
    assert hammer.answered <= logged
    assert len(logged - hammer.answered) <= 32  # those that were on their way out
    assert studio.call("killed", "GET", "/items").status_code == 200


def test_a_server_that_is_asked_to_stop_answers_what_is_under_way_and_logs_it(studio):
    studio.shell(MAKE.format(slug="stopped"))
    hammer = Hammer(studio.port, "stopped", connections=8)

    def stop():
        under_way(hammer.answered, 100, 1)
        studio.stop()

    asyncio.run(hammer.run(20, stop))
    studio.start()
    logged = {int(line.removeprefix("n=")) for line in studio.shell(NUMBERS.format(slug="stopped")).splitlines()}
    assert hammer.answered <= logged
    assert len(hammer.answered) > 100
