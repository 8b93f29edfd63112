"""The OAuth provider of each project, on its own address: end users, clients, tokens, sign-in and consent."""
