"""What a template may use, as samples to copy: parts of this operation's call first, then what every call has."""

from django.utils.translation import gettext as _

type Sample = tuple[str, str]  # the text, and what it is

MOST = 8  # parts of a call of each kind


def samples(offered: dict[str, list[str]]) -> list[tuple[str, list[Sample]]]:
    """Groups of samples with their titles. ``offered`` are the page's offers (answer_offers.py)."""
    rows = [
        (f"{{{{ collection.{name} }}}}", _("the rows of “%(name)s”") % {"name": name})
        for name in offered["collection"][:MOST]
    ]
    groups = [(_("From the call"), _of_call(offered)), (_("Rows"), rows), *_everywhere()]
    return [(title, found) for title, found in groups if found]


def _of_call(offered: dict[str, list[str]]) -> list[Sample]:
    found = [
        (f"{{{{ {place}{_step(name)} }}}}", "")
        for place in ("path", "query", "header")
        for name in offered[place][:MOST]
    ]
    found += [(f"{{{{ body.{place} }}}}", "") for place in offered["body"][:MOST]]
    return [*found, ("{{ method }}", ""), ("{{ url }}", ""), ("{{ call }}", _("how many times it was called"))]


def _step(name: str) -> str:
    plain = name.replace("-", "").replace("_", "").isalnum() and not name[:1].isdigit()
    return f".{name}" if plain else f'["{name}"]'


def _everywhere() -> list[tuple[str, list[Sample]]]:
    return [
        (
            _("Made up"),
            [
                ("{{ uuid }}", ""),
                ("{{ integer 1 100 }}", _("a whole number")),
                ('{{ pick "open" "closed" }}', _("one of these")),
                ("{{ faker.first_name }}", _("a plausible value; also email, city, price …")),
                ("{{ random.uuid }}", _("another one at each call")),
            ],
        ),
        (
            _("Time"),
            [
                ("{{ now }}", ""),
                ('{{ now | plus "2 days" | date }}', ""),
                ("{{ now | date '%d.%m.%Y' }}", ""),
            ],
        ),
        (
            _("Otherwise, if, each"),
            [
                ("{{ query.limit or 10 }}", _("10 when it was not sent")),
                ("{{#if query.limit > 10}}many{{else}}few{{/if}}", ""),
                ("{{#each body.items}}{{ this.name }}{{#if not @last}}, {{/if}}{{/each}}", ""),
                ("{{#repeat 3}}{{ @index }}{{/repeat}}", ""),
                ("{{ path.id | upper }}", _("also lower, trim, slug, round 2, join, length …")),
            ],
        ),
    ]
