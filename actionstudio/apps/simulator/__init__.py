"""ChatGPT, simulated: GPTs with their actions, calls as it makes them, chats, models, and prompt suites."""
