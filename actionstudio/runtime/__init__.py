"""The data plane: raw ASGI in front of Django. No framework, no ORM."""
