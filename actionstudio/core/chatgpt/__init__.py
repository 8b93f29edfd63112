"""ChatGPT's side of a call: what it makes of the model's arguments, what it asks, sends, and tells the model."""
