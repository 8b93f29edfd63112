"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class SmallArgon2(Argon2PasswordHasher):
    """Argon2id with OWASP's 19 MiB, two passes, one lane: see docs/decisions/0007-password-hashing.md."""

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1
