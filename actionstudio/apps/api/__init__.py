"""The studio's own REST API, /api/v1/."""
