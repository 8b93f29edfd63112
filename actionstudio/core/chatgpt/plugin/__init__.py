"""A plugin of 2023 as ChatGPT installed it: how it is found, judged, verified, and what its model sees. Pure."""
