"""ChatGPT's side of a project: what its editor says, what the model sees, and how to connect."""
