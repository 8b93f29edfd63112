"""django-oauth-toolkit, bent to many projects on one server: each file says which of its gaps it closes."""
