"""What the model sees, as prompts that GPTs echoed show it."""

from actionstudio.core.contract import Body, Component, Contract, Manifest, Media, Operation, Parameter, Response
from actionstudio.core.specs import typescript

HOST = "api.wolframcloud.com"
STRING, NUMBER = {"type": "string"}, {"type": "integer"}


def json_body(schema):
    return Body(content=(Media("application/json", schema),))


def answer(schema, status="200"):
    return (Response(status, content=(Media("application/json", schema),)),)


def obj(required=(), **properties):
    return {"type": "object", "required": list(required), "properties": properties}


def shown(op, *components):
    return typescript.operation(Contract(operations=(op,), components=components), op)


def test_the_whole_namespace_of_a_known_prompt():
    op = Operation(
        "POST",
        "/run",
        "getWolframCloudResults",
        description="Evaluates Wolfram Language code only",
        body=json_body(obj(["input"], input={**STRING, "description": "Wolfram Language code to be evaluated"})),
    )
    assert typescript.namespace(Contract(operations=(op,)), HOST) == (
        "## api_wolframcloud_com__jit_plugin\n"
        "\n"
        "This typescript tool allows you to call external API endpoints on api.wolframcloud.com over the internet. "
        "When calling a tool include the namespace and function name such as namespace.function and ensure valid "
        "syntax.\n"
        "namespace api_wolframcloud_com__jit_plugin {\n"
        "\n"
        "// Evaluates Wolfram Language code only\n"
        "type getWolframCloudResults = (_: {\n"
        "// Wolfram Language code to be evaluated\n"
        "input: string,\n"
        "}) => any;\n"
        "\n"
        "} // namespace api_wolframcloud_com__jit_plugin"
    )


def test_prompts_before_the_middle_of_2024_have_one_sentence_less():
    late, early = (typescript.namespace(Contract(), HOST, layout) for layout in ("action", "early"))
    assert late.startswith(early.split("\nnamespace")[0] + " When calling a tool include the namespace")
    assert early == (
        "## api_wolframcloud_com__jit_plugin\n\n"
        "This typescript tool allows you to call external API endpoints on api.wolframcloud.com over the internet.\n"
        "namespace api_wolframcloud_com__jit_plugin {\n\n} // namespace api_wolframcloud_com__jit_plugin"
    )


def test_a_plugin_tells_its_description_and_bears_its_own_name():
    texts = Manifest(name_for_model="wolfram", description_for_model="Plugin for facts.\nAnd numbers.")
    text = typescript.namespace(Contract(operations=(Operation("GET", "/a", "a"),), manifest=texts), HOST, "plugin")
    assert text == (
        "// Plugin for facts.\n// And numbers.\nnamespace wolfram {\n\ntype a = () => any;\n\n} // namespace wolfram"
    )


def test_a_manifest_nobody_wrote_is_made_of_the_document():
    text = typescript.namespace(Contract(title="My To-dos", description="Plugin for to-dos."), HOST, "plugin")
    assert text == "// Plugin for to-dos.\nnamespace my_to_dos {\n\n} // namespace my_to_dos"


def test_the_description_goes_before_the_summary_and_nothing_else_is_told():
    op = Operation("GET", "/a", "a", "Short", "Long", ("tag",), True, True, responses=(Response("404", "Gone"),))
    assert shown(op) == "// Long\ntype a = () => any;"


def test_a_default_never_breaks_its_line():
    op = Operation("GET", "/a", "a", parameters=(Parameter("q", schema={**STRING, "default": "one\ntwo"}),))
    assert shown(op) == 'type a = (_: {\nq?: string, // default: "one\\ntwo"\n}) => any;'


def test_two_operations_of_one_name_are_both_told():
    twice = Contract(operations=(Operation("GET", "/a", "x"), Operation("GET", "/b", "x")))
    assert [told.op.path for told in typescript.operations(twice)] == ["/a", "/b"]


def test_an_operation_without_arguments_or_texts():
    assert shown(Operation("GET", "/help", "help")) == "type help = () => any;"


def test_parameters_come_first_and_headers_never():
    op = Operation(
        "POST",
        "/todos/{username}",
        "addTodo",
        summary="Add a todo",
        parameters=(
            Parameter("username", "path", True, "Whose list", STRING),
            Parameter("limit", "query", schema={**NUMBER, "default": 10}),
            Parameter("X-Trace", "header", True, schema=STRING),
        ),
        body=json_body(obj(["todo"], todo=STRING, done={"type": "boolean"})),
    )
    assert shown(op) == (
        "// Add a todo\n"
        "type addTodo = (_: {\n"
        "// Whose list\n"
        "username: string,\n"
        "limit?: number, // default: 10\n"
        "todo: string,\n"
        "done?: boolean,\n"
        "}) => any;"
    )


def test_nested_objects_have_two_spaces_at_any_depth_and_no_descriptions():
    deep = obj(["b"], b=obj(c={**NUMBER, "description": "not shown"}))
    op = Operation("POST", "/a", "a", body=json_body(obj(outer=deep)))
    assert shown(op) == ("type a = (_: {\nouter?: {\n  b: {\n  c?: number,\n},\n},\n}) => any;")


def test_kinds_of_types():
    kinds = {
        "color": {"type": "string", "enum": ["red", "green"]},
        "numbers": {"type": "array", "items": {"type": "number"}},
        "colors": {"type": "array", "items": {"enum": ["a", "b"]}},
        "anything": {"type": "array"},
        "free": {"type": "object"},
        "maybe": {"type": ["string", "null"]},
        "either": {"anyOf": [STRING, NUMBER, {"type": "number"}]},
        "fixed": {"const": 1},
        "odd-name": {},
    }
    lines = shown(Operation("POST", "/a", "a", body=json_body(obj(**kinds)))).splitlines()[1:-1]
    assert lines == [
        'color?: "red" | "green",',
        "numbers?: number[],",
        'colors?: ("a" | "b")[],',
        "anything?: any[],",
        "free?: object,",
        "maybe?: string | null,",
        "either?: string | number,",
        "fixed?: 1,",
        '"odd-name"?: any,',
    ]


def test_the_result_is_the_200_when_it_is_an_object():
    item = obj(["id"], id=NUMBER, name={**STRING, "description": "not shown"})
    assert shown(Operation("GET", "/a", "a", responses=answer(item))) == (
        "type a = () => {\n  id: number,\n  name?: string,\n};"
    )
    for responses in (answer({"type": "array", "items": item}), answer(item, "201"), answer({"type": "object"})):
        assert shown(Operation("GET", "/a", "a", responses=responses)) == "type a = () => any;"


def test_shared_schemas_and_all_of_are_unfolded():
    base = Component("Base", obj(["id"], id=NUMBER))
    schema = {"allOf": [{"$ref": "#/components/schemas/Base"}, obj(["name"], name=STRING)]}
    op = Operation("POST", "/a", "a", body=json_body(schema))
    assert shown(op, base) == "type a = (_: {\nid: number,\nname: string,\n}) => any;"


def test_schemas_that_refer_to_themselves_end():
    node = {"$ref": "#/components/schemas/Node"}
    tree = Component("Node", obj(left=node, right=node, more={"type": "array", "items": node}))
    text = shown(Operation("POST", "/a", "a", body=json_body(node)), tree)
    assert len(text) < 100_000
    assert text.startswith("type a = (_: {\nleft?: {\n  left?:")


def test_comments_of_several_lines_stay_comments():
    assert shown(Operation("GET", "/a", "a", description="One.\n\nTwo.")).startswith("// One.\n// Two.\ntype a")


def test_hidden_operations_and_other_methods_are_not_told():
    operations = (Operation("GET", "/a", "a", exposed=False), Operation("HEAD", "/b", "b"), Operation("GET", "/c"))
    text = typescript.namespace(Contract(operations=operations), "x.y")
    assert [line for line in text.splitlines() if line.startswith("type")] == ["type get_c = () => any;"]


def test_the_estimate_of_tokens_is_near_the_counted_prompt():
    assert abs(typescript.tokens("x" * 797) - 170) < 10
