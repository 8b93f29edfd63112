"""What people paste, callers send and documents hold is read in time that grows with the text alone."""

import time

import pytest

from actionstudio.apps.replay.suites import variables
from actionstudio.core import expecting
from actionstudio.core.call import Call
from actionstudio.core.debugging import arguments, mending, reading

LONG = 200_000  # characters; what is quadratic takes minutes for them
SECONDS = 5  # of this process; linear work takes some tenths of a second


def run(unit: str, before: str = "", after: str = "") -> str:
    return before + unit * (LONG // len(unit)) + after


def quick(work, *given) -> None:
    began = time.process_time()
    work(*given)
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize(
    "text",
    [
        run(" ", '{"a": 1', 'x"'),
        run("#", '{"a": 1', '"'),
        run("/", '{"a": 1', '"'),
        run("{\n"),
        run('{"a": [0,\n'),
        run("{}"),
        run("[debug]{}"),
        run("{[debug]\n"),
        run("[ "),
        run("> ", "", "x"),
        run(" ", ">", "x"),
        run("a wants to talk to "),
        run('"domain" '),
    ],
)
def test_a_pasted_text(text):
    quick(reading.read, text)
    quick(mending.mended, "{" + text)  # as much of it as is looked at


@pytest.mark.parametrize("template", ["/x/{a}-{b}-{c}", "/{a}{b}{c}/y", "/x/{a}", "/v{a}", "{" * 50 + "a}"])
@pytest.mark.parametrize("path", [run("-", "/x/", "/z"), run("/x"), run("v", "/"), run("x/x-")])
def test_a_path_beside_its_template(template, path):
    quick(arguments.in_path, template, path)


@pytest.mark.parametrize("body", [run("a=&", "", " "), run("a", "", " "), run("%")])
def test_a_body_that_may_be_a_form(body):
    quick(arguments.flat, "", "/", "", body.encode())


@pytest.mark.parametrize(
    "text",
    [
        run("a"),
        run("="),
        run("a="),
        run("= "),
        run(" ", "a"),
        run(" ", "a=", "{{pin}}"),
        run("a=", "", "'{{pin}}"),
        run("{{pin}}"),
        run("{{ "),
        run("=", "", "{{pin}}"),
    ],
)
def test_where_a_variable_stands(text):
    call = Call("POST", "/", text, (), text.encode())
    quick(variables.places, call, "pin")
    quick(variables.nameless, call, "pin")


@pytest.mark.parametrize("text", [run(".", "", "x"), run(" ", "..", "x"), run("1", "", "x"), run(" ", "1", "..x")])
def test_what_is_typed_for_a_range(text):
    with pytest.raises(ValueError, match="range"):
        quick(expecting.read, "$.a", "range", text)
