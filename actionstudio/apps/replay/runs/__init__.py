"""Runs: a selection of logged calls sent again as a job that can be watched, cancelled and killed."""
