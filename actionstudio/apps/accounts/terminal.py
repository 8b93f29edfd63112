"""Mail of an installation without a mail server: printed to the terminal, as people read it."""

from django.core.mail.backends import console


class EmailBackend(console.EmailBackend):
    """Django's console backend prints what would go over the wire, where a long link or another letter than ASCII makes
    the text unreadable (quoted-printable, RFC 2045 section 6.7). This one prints whom it is for, the subject and the
    text, a link on its one line."""

    def write_message(self, message) -> None:
        head = f"Mail to {', '.join(message.recipients())}: {message.subject}"
        text = f"{'-' * 79}\n{head}\n\n{message.body.strip()}\n{'-' * 79}\n"
        self.stream.write("".join(letter if letter.isprintable() or letter == "\n" else "\ufffd" for letter in text))
