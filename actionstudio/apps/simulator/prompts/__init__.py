"""Prompt suites: their cases, who is asked, the runs and what came of them."""
