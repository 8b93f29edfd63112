"""Every process that writes the log has a number of its own."""

import subprocess
import sys

from actionstudio.apps.traffic import slots

CLAIM = """
import sys, pathlib
from actionstudio.apps.traffic import slots
print(slots.claim(pathlib.Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


def process(folder):
    return subprocess.Popen(
        [sys.executable, "-c", CLAIM, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_two_processes_differ_and_a_killed_one_gives_its_number_back(tmp_path):
    first, second = process(tmp_path), process(tmp_path)
    assert {first.stdout.readline(), second.stdout.readline()} == {"0\n", "1\n"}
    assert slots.claim(tmp_path) == 2
    for one in (first, second):
        one.kill()
        one.wait()
    assert slots.claim(tmp_path) == 0
