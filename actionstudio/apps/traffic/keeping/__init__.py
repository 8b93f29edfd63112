"""Care of what the log holds: how long, how much, what it hides, and how it goes when somebody wants it gone."""
