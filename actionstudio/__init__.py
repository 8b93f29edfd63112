"""Action Studio: design, host, watch and replay the API behind a GPT action."""
