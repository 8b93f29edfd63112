"""ChatGPT's numbers, each with its source. Where only reports exist, that is said."""

# GPT Actions (developers.openai.com, "Actions: production notes", unless another source is named).
OPERATIONS = 30  # "OpenAPI spec can have a maximum of 30 operations": the editor's message, in many public reports
OPERATION_TEXT = 300  # characters of an operation's summary or description
PARAMETER_TEXT = 700  # characters of a parameter's description
PAYLOAD = 100_000  # characters of a request or an answer, "must be less than"
SECONDS = 45  # round trip of one call, after which it fails
FUNCTION_NAME = 64  # characters of namespace and name together: OpenAI's function calling guide
ACTIONS_PER_GPT = 10  # one public report (community.openai.com/t/1061473)
DOCUMENT_BYTES = 1_000_000  # one public report, called community-sourced there
INSTRUCTIONS = 8_000  # characters of a GPT's instructions: one public report
FILES = 10  # "Actions: getting started": files sent in openaiFileIdRefs, and files in openaiFileResponse
FILE_BYTES = 10_000_000  # the same page: one file in openaiFileResponse

# Plugins of 2023 (their documentation of March and April 2023).
NAME_FOR_HUMAN = 50
NAME_FOR_MODEL = 50
DESCRIPTION_FOR_HUMAN = 120
DESCRIPTION_FOR_MODEL = 8_000
PLUGIN_TEXT = 200  # characters of an endpoint's or parameter's description
