"""Ways into a value: JSON Pointer and JSONPath, as their documents have them."""

import pytest

from actionstudio.core.call import Call
from actionstudio.core.rules import Facts
from actionstudio.core.rules.paths import PathError, compile_path

STORE = {
    "store": {
        "book": [
            {"category": "reference", "author": "Nigel", "title": "Sayings", "price": 8.95},
            {"category": "fiction", "author": "Evelyn", "title": "Sword", "price": 12.99},
            {"category": "fiction", "author": "Herman", "title": "Moby", "isbn": "0-553", "price": 8.99},
            {"category": "fiction", "author": "J", "title": "Lord", "isbn": "0-395", "price": 22.99, "tags": ["long"]},
        ],
        "bicycle": {"color": "red", "price": 399},
    },
    "a b": {"'": {"x": 1}},
    "": 0,
    "m~n": 8,
    "a/b": 1,
}
TITLES = ["Sayings", "Sword", "Moby", "Lord"]


def found(path, value=STORE):
    return list(compile_path(path).find(value, Facts(Call("GET", "/"))))


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/store/book/0/title", ["Sayings"]),
        ("/", [0]),
        ("/m~0n", [8]),
        ("/a~1b", [1]),
        ("/store/book/-", []),
        ("/store/book/00/title", []),
        ("/store/book/9", []),
        ("/store/none/x", []),
        ("$.store.book[*].title", TITLES),
        ("$.store.book[-1].title", ["Lord"]),
        ("$..title", TITLES),
        ("$..book[2].author", ["Herman"]),
        ("$..book[0,1].title", TITLES[:2]),
        ("$..book[:2].title", TITLES[:2]),
        ("$..book[::-1].title", TITLES[::-1]),
        ("$..book[1:3].title", TITLES[1:3]),
        ("$.store.*.color", ["red"]),
        ("$.store..price", [8.95, 12.99, 8.99, 22.99, 399]),
        ("$['a b'][\"'\"].x", [1]),
        ("$['a b']['\\''].x", [1]),
        ("$..[?@.isbn].title", ["Moby", "Lord"]),
        ("$..book[?(@.price < 10)].title", ["Sayings", "Moby"]),
        ("$..book[?@.price<10 && @.category=='fiction'].title", ["Moby"]),
        ("$..book[?@.price > 20 || @.author == \"Nigel\"].title", ["Sayings", "Lord"]),
        ("$..book[?!@.isbn].title", ["Sayings", "Sword"]),
        ("$..book[?!(@.isbn && @.price >= 10)].title", ["Sayings", "Sword", "Moby"]),
        ("$..book[?@.isbn != '0-553'].title", ["Sayings", "Sword", "Lord"]),
        ("$..book[?@['isbn'] == '0-553' || @.tags[0] == 'long'].title", ["Moby", "Lord"]),
        ("$..book[?@.none == @.other].title", TITLES),
        ("$..book[?@.none == null].title", []),
        ("$..book[?@.none < 1].title", []),
        ("$..book[?@.title >= 'Moby' && @.title <= 'Moby'].title", ["Moby"]),
        ("$..book[?@.price == '8.95'].title", []),
        ("$..book[?8.95 == @.price].title", ["Sayings"]),
        ("$.store[?@.color == 'red'].price", [399]),
        ("$..book[?@.tags == @.tags][?@ == 'J']", ["J"]),
    ],
)  # fmt: skip
def test_a_way_finds_what_stands_there(path, values):
    assert found(path) == values


UNREADABLE = """store  $.  $.a[  $.a[]  $.a[0,]  $.a['x]  $.a[::0]  $.a[?]  $.a[?(@.b]  $.a[?@.b==]  $.a[?1]  $a  $.a..
    $.a[?length(@.b)>2]  $.a[?@.b=~/x/]  $.a[?@.b==@..c]  $.a[?@.b&@.c]  $.a[?@.b]]  $.a[0:1:2:3]  $.a[b]"""
LONG = ["$ .a", "$.a[0 1]", "$" + ".a" * 300, "$.a[?" + "(" * 20 + "@.b" + ")" * 20 + "]"]


@pytest.mark.parametrize("path", UNREADABLE.split() + LONG)
def test_a_way_that_cannot_be_read_is_told(path):
    with pytest.raises(PathError):
        compile_path(path)


@pytest.mark.parametrize("path", ["$.a.b[0]['c']", "/a/0", "$", "$.a[*]", "$.a[0:1]", "$..a", "$.a[?@.b]", "$.a[0,1]"])
def test_a_way_knows_whether_it_leads_to_one_place(path):
    assert compile_path(path).single is (path in ("$.a.b[0]['c']", "/a/0", "$"))
