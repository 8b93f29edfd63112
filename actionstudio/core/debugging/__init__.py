"""What ChatGPT shows of its own calls while a GPT is tried out: read, and set beside what really arrived."""
