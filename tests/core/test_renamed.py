"""When a parameter of the path gets another name, answers that speak of it follow."""

import pytest

from actionstudio.core.behaviour import Around, Callback, Change, Condition, Proxy, Rule, Rules, Stateful, Template
from actionstudio.core.renamed import names, renamed


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("/pets/{petId}", "/pets/{id}", {"petId": "id"}),
        ("/pets/{petId}", "/animals/{petId}", {}),
        ("/a/{x}/{y}", "/a/{y}/{x}", {}),
        ("/a/{x}/{y}", "/a/{x}/{z}", {"y": "z"}),
        ("/a/{x}", "/a", {}),
        ("/a/{x}", "/a/{y}/{x}", {}),
    ],
)
def test_a_parameter_is_renamed_where_a_new_name_stands_in_its_place(before, after, found):
    assert names(before, after) == found


def speaking(of: str) -> Rules:
    """An answer that speaks of a parameter of the path in every way there is."""
    conditions = (
        Condition("path", of, "regex", "{{ path.petId }}"),
        Condition("query", "x", value=f"{{{{ path.{of} }}}}"),
        Condition("query", "petId"),
    )
    row = Condition("collection", f"pets/{{{{ path.{of} }}}}")
    body = f"path.petId {{{{ path.{of} | upper }}}} {{{{ body.path.petId }}}}"
    forwarded = Proxy("shop", Change(path=f"/v2/{{{{ path.{of} }}}}"))
    return Rules(
        (Rule(conditions, Stateful("pets", key=f"path.{of}")), Rule((row,), forwarded)),
        otherwise=Template(body=body, headers=(("X", f"{{{{path.{of}}}}}"),)),
    )


def test_conditions_keys_and_templates_follow():
    assert renamed(speaking("petId"), {"petId": "id"}) == speaking("id")


def test_callbacks_follow_too():
    around = Around(callbacks=(Callback("shipped", body="{{ path.petId }}"),))
    assert renamed(around, {"petId": "id"}).callbacks[0].body == "{{ path.id }}"


def test_without_a_new_name_nothing_is_touched():
    value = Template(body="{{ path.petId }}")
    assert renamed(value, {}) is value
