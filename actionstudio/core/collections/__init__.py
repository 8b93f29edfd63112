"""Collections: rows that stateful operations share. What is asked of them, what is answered, and how they are bound."""
