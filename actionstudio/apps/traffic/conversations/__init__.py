"""Calls grouped into conversations: counted in the background, drawn as one timeline, beside what ChatGPT says."""
