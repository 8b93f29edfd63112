"""ChatGPT's own account of its calls is read, also as people copy it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionstudio.core.debugging import mending
from actionstudio.core.debugging.reading import Block, read

CALL = """[debug] Calling HTTP endpoint
{
  "domain": "shop.example",
  "method": "get",
  "path": "/products.json",
  "operation": "getProducts",
  "operation_hash": "bdd5602b035461f577ae47016b06345a81d47342",
  "is_consequential": false,
  "params": {
    "limit": 5
  }
}
"""
ANSWER = """[debug] Response received
{
  "response_data": {
    "errors": "[API] Invalid API key"
  },
  "status_code": 401,
  "action_id": "g-ff9e0f570b176791a99f3ff93f9f86068d8ffc5a"
}
Error talking to
"""
KNOWN = ("shop.example", "GET", "/products.json", "getProducts", {"limit": 5})


def told(block: Block) -> tuple:
    return block.domain, block.method, block.path, block.operation, block.params


def answer(data: object, status: int = 200) -> str:
    return f"[debug] Response received\n{json.dumps({'response_data': data, 'status_code': status})}\n"


def test_a_call_and_its_answer():
    (block,) = read(CALL + ANSWER)
    assert told(block) == KNOWN
    assert (block.status, block.data, block.answered) == (401, {"errors": "[API] Invalid API key"}, True)
    assert (block.consequential, block.cut, block.line) == (False, False, 1)


def test_what_is_shown_again_after_it_was_allowed_is_one_call():
    (block,) = read(f"Check my shop\nGPT\n{CALL}{CALL}{ANSWER}")
    assert (block.times, block.status, block.line) == (2, 401, 3)


def test_several_calls_in_a_row_are_answered_in_their_order():
    other = CALL.replace("getProducts", "getOrders")
    blocks = read(CALL + other + answer(1) + answer(2, 404))
    assert [(block.operation, block.status) for block in blocks] == [("getProducts", 200), ("getOrders", 404)]


def test_an_answer_after_prose_is_that_of_the_call_before_it():
    other = CALL.replace("getProducts", "getOrders")
    blocks = read(f"{CALL}\nLet me try something else.\n{other}{answer(1)}")
    assert [(block.operation, block.answered) for block in blocks] == [("getProducts", False), ("getOrders", True)]


def test_everything_in_one_line():
    line = '{ "domain": "a.example", "method": "post", "path": "/x", "operation": "x", "params": {"a":"{"} }'
    (block,) = read(f"[debug] Calling HTTP endpoint {line} [debug] Response received\n" + '{ "http_status": 403 }')
    assert (block.operation, block.params, block.status) == ("x", {"a": "{"}, 403)


def test_both_lines_without_what_is_folded_behind_them():
    text = "Call the feeds.example API with the getFeed operation\n" + (
        "[debug] Calling HTTP endpoint\n[debug] Response received\n" * 2
    )
    blocks = read(text + "feeds.example과(와) 대화 완료")
    assert [(block.domain, block.operation, block.params, block.answered) for block in blocks] == [
        ("feeds.example", "getFeed", None, True)
    ] * 2


def test_quoted_lines_fences_and_odd_spaces():
    quoted = "\n".join(f"> {line}" for line in (CALL + ANSWER).replace("  ", "\u00a0 ").splitlines())
    assert told(read(quoted)[0]) == KNOWN
    assert told(read(f"```json\n{CALL}```\n\n```\n{ANSWER}```")[0]) == KNOWN
    assert told(read(CALL.replace("\n", "\r\n"))[0]) == KNOWN


def test_another_language_around_it_and_words_between_call_and_answer():
    text = f"[debug] 正在调用\n{CALL.split(chr(10), 1)[1]}我的 GPT 想与 shop.example 对话\n允许\n[debug] 收到\n"
    (block,) = read(text + '{"response_data": {"ok": true}, "status_code": 200}')
    assert told(block) == KNOWN and block.status == 200


def test_only_the_objects_without_their_lines():
    (block,) = read(CALL.split("\n", 1)[1] + ANSWER.split("\n", 1)[1])
    assert told(block) == KNOWN and block.status == 401


def test_the_panel_that_asks_the_user_tells_the_arguments():
    (block,) = read(
        "[debug] Calling HTTP endpoint\nShop wants to talk to shop.example, only do this for sites you trust\n\n"
        "Allow\n\n"
        'Always allow for shop.example\n\nDecline\nShop needs to send this info to shop.example\n{\n "limit": 5\n}'
    )
    assert (block.params, block.answered) == ({"limit": 5}, False)


@pytest.mark.parametrize(
    "error",
    [
        "UnrecognizedKwargsError: env",
        "UnrecognizedKwargsError: ('Field Name 1', 'Field Name 2')",
        "ApiSyntaxError: Could not parse API call kwargs as JSON: exception=Expecting ',' delimiter: line 8 column 5 "
        "(char 188) url=https://shop.example/products.json",
        "ClientResponseError",
    ],
)
def test_an_error_is_the_answer_in_the_object_or_in_a_line(error):
    for behind in (answer(error), f"[debug] Response received\n{error}\n", f"{error}\n"):
        (block,) = read(CALL + behind)
        assert (block.error, block.answered) == (error, True)
    assert read(f"{CALL}{answer(error)}It failed with {error}, sorry.")[0].error == error


def test_the_placeholder_before_somebody_has_allowed_it():
    placeholder = {"function_name": "x", "domain": "shop.example", "message": "The requested action requires approval"}
    (block,) = read(CALL + "[debug] Response received\n" + json.dumps(placeholder | {"action_id": "g-1"}))
    assert block.approval and block.status == 0
    assert read(json.dumps(placeholder))[0].operation == "x"


def test_what_the_user_stopped():
    assert read(f"{CALL}You declined this action\n")[0].declined
    assert read(f"{CALL}Stopped talking to shop.example\n")[0].declined


def test_an_answer_that_is_the_body_alone():
    (block,) = read(CALL + '[debug] Response received\n{"products": []}')
    assert (block.data, block.status) == ({"products": []}, 0)


@pytest.mark.parametrize("length", [60, 90, 150, 190, 240])
def test_an_object_that_was_cut_tells_what_it_still_has(length):
    (block,) = read(CALL[:length])
    assert block.cut
    assert block.domain in ("shop.example", "") and (length < 90 or block.domain)
    assert length < 150 or block.operation == "getProducts"


@pytest.mark.parametrize("text", ['{domain: x, "operation', "{ ]", '{"domain": "shop.example", "meth'])
def test_a_call_that_cannot_be_read_is_told_as_that(text):
    broken, whole = read(f"[debug] Calling HTTP endpoint\n{text}\n{ANSWER}{CALL}{ANSWER}")
    assert broken.unreadable and broken.status == 401
    assert told(whole) == KNOWN and not whole.cut and whole.status == 401
    assert not read("[debug] Calling HTTP endpoint\n[debug] Response received")[0].unreadable, "folded, not broken"


def test_an_answer_that_cannot_be_read_is_none_to_hold_against_another():
    (block,) = read(f"{CALL}[debug] Response received\n{{orders: []}}\n")
    assert told(block) == KNOWN and block.answered and block.cut and block.data is None


def test_after_an_object_that_was_cut_comes_the_next():
    first, second = read(f"{CALL[:200]}\n\nand then\n{CALL}{ANSWER}")
    assert first.cut and not second.cut and second.status == 401


def test_remarks_and_typographic_quotes_in_an_object():
    (block,) = read(CALL.replace('"/products.json",', '"/products.json",  ← not the right one'))
    assert told(block) == KNOWN and not block.cut
    curly = CALL.replace('"', "”").replace("”domain”", "“domain”")
    assert told(read(curly)[0]) == KNOWN


@pytest.mark.parametrize(
    "text", ["", "Hello", "{}", "[debug] something", '{"a": 1}', "[1, 2]", "The ClientResponseError"]
)
def test_a_text_without_a_call_has_none(text):
    assert read(text) == []


def test_hundreds_of_calls_are_read_up_to_a_limit_and_soon():
    assert len(read((CALL + ANSWER) * 300)) == 200
    assert read("{" * 200_000) == []
    assert read('{"a":' * 40_000) == []


def test_what_is_nested_without_end_is_not_closed_step_by_step(monkeypatch):
    """Each try to close it costs as much as it is long: the depth is bounded, and so are the tries."""
    tries = []
    monkeypatch.setattr(mending, "_loads", lambda text: tries.append(len(text)))
    mending.mended('{"a":' * 20_000)
    assert len(tries) == 2
    mending.mended('{"a": [' + "1, " * 20_000)
    assert len(tries) == 2 + 2 + 2 + mending.CUTS


@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error(text):
    read(text)
    read(f"[debug] Calling HTTP endpoint\n{text}\n[debug] Response received\n{{{text}")


@given(st.integers(0, len(CALL + ANSWER)), st.integers(0, len(CALL + ANSWER)))
def test_any_piece_of_a_text_is_read_without_an_error(start, end):
    read((CALL + ANSWER)[start:end])
