"""The log: every exchange, its pages and its live tail."""
