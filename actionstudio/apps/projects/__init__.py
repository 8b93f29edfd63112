"""Projects, who may touch them, and the jobs that work on them."""
