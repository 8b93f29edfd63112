"""Studio accounts: sign-in, second factor, passkeys, personal API tokens."""
