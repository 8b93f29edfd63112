"""Logged calls sent again and judged."""
