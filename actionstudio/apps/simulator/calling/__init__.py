"""One call as ChatGPT makes it: what is imported (acting), how it leaves (making), what comes of it (performing)."""
