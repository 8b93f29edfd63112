"""The pages of a chat: where one begins, the talk itself, and what is behind each of its calls."""
