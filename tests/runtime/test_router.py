"""Which operation a path belongs to."""

import pytest

from actionstudio.core.contract import Server
from actionstudio.runtime.router import Router, base_paths


def router(*paths: str, bases=()) -> Router:
    made = [path.split(" ", 1) if " " in path else ("GET", path) for path in paths]
    return Router([(method, path, f"{method} {path}") for method, path in made], bases)


@pytest.mark.parametrize(
    ("path", "wanted", "values"),
    [
        ("/pets/mine", "GET /pets/mine", None),
        ("/pets/7", "GET /pets/{id}", {"id": "7"}),
        ("/pets/a%2Fb", "GET /pets/{id}", {"id": "a/b"}),
        ("/pets/%6Dine", "GET /pets/mine", {}),
        ("/files/report.json", "GET /files/{name}.json", {"name": "report"}),
        ("/files/report.txt", "GET /files/{name}", {"name": "report.txt"}),
        ("/range/1-20", "GET /range/{from}-{to}", {"from": "1", "to": "20"}),
        ("/pets/7:archive", "GET /pets/{id}:archive", {"id": "7"}),
        ("/pets/7/", "GET /pets/{id}", {"id": "7"}),
    ],
)
def test_literal_text_beats_a_template_and_segments_are_decoded_one_by_one(path, wanted, values):
    found = router(
        "/pets/{id}", "/pets/mine", "/files/{name}", "/files/{name}.json", "/range/{from}-{to}", "/pets/{id}:archive"
    ).find("GET", path)
    assert found[:2] == (wanted, values)


def test_a_template_answers_a_method_that_the_literal_path_lacks():
    found = router("POST /pets/mine", "GET /pets/{id}").find("GET", "/pets/mine")
    assert found[0] == "GET /pets/{id}"


def test_a_known_path_names_its_methods():
    assert router("POST /a", "PUT /a").find("GET", "/a") == (None, None, ("POST", "PUT"))


def test_head_is_answered_by_get():
    assert router("/a/{b}", "/a").find("HEAD", "/a")[0] == "GET /a"


@pytest.mark.parametrize("path", ["/a//b", "//a", "/a/b//", "/", "", "/pets//7"])
def test_empty_segments_match_nothing(path):
    assert router("/a/b", "/pets/{id}").find("GET", path) == (None, None, ())


def test_dead_ends_are_walked_back():
    found = router("/a/b/c", "/{x}/b/d").find("GET", "/a/b/d")
    assert found[:2] == ("GET /{x}/b/d", {"x": "a"})


def test_the_base_path_of_the_documents_server_is_honoured():
    made = router("/pets", "/pets/{id}", bases=["/v1/", "/v1/beta"])
    assert made.find("GET", "/v1/pets/3")[0] == "GET /pets/{id}"
    assert made.find("GET", "/v1/beta/pets")[0] == "GET /pets"
    assert made.find("GET", "/v12/pets")[0] is None


def test_server_variables_take_their_defaults():
    server = Server("https://{host}/{base}/", extra={"variables": {"base": {"default": "v2"}}})
    assert base_paths([server, Server("/api"), Server("https://x.example")]) == ["/v2/", "/api", ""]


def test_a_thousand_operations_are_found_as_fast_as_ten():
    big = router(*[f"/things{number}/{{id}}/parts" for number in range(1000)])
    assert big.find("GET", "/things999/4/parts")[1] == {"id": "4"}
