"""What plausible values look like: texts and numbers by the name of their property, and texts by format."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from uuid import UUID

type Make = Callable[[Random], str]

FIRST = ("Ada", "Amir", "Chloe", "Diego", "Elena", "Grace", "Hana", "Ivan", "Jonas", "Leila", "Maya", "Noah", "Priya")
LAST = ("Berg", "Chen", "Costa", "Diallo", "Fischer", "Garcia", "Hughes", "Ito", "Khan", "Novak", "Olsen", "Rossi")
CITIES = ("Amsterdam", "Berlin", "Chicago", "Dublin", "Lagos", "Lima", "Lisbon", "Nairobi", "Oslo", "Seoul", "Toronto")
COUNTRIES = ("Brazil", "Canada", "France", "Germany", "India", "Japan", "Kenya", "Mexico", "Norway", "Spain")
CODES = ("BR", "CA", "DE", "ES", "FR", "GB", "IN", "JP", "KE", "US")
CURRENCIES = ("EUR", "USD", "GBP", "JPY", "CHF")
COMPANIES = ("Acme", "Blue Harbor", "Cedar & Co", "Driftwood", "Evergreen", "Lumen", "Northwind", "Pinecone")
STREETS = ("Oak Street", "Main Street", "Station Road", "Harbour Lane", "Park Avenue", "Mill Road")
STATUSES = ("active", "pending", "completed")
COLOURS = ("red", "green", "blue", "black", "white")
PRODUCTS = ("Desk Lamp", "Wool Blanket", "Travel Mug", "Notebook", "Garden Chair", "Bike Light", "Tea Kettle")
TITLES = (
    "Getting started",
    "Weekly summary",
    "Plan for spring",
    "Notes from the meeting",
    "A short guide",
    "Next steps",
)
SENTENCES = (
    "A short description of what this is about.",
    "Everything you need to get going.",
    "Made with care and ready to use.",
    "Please have a look when you find the time.",
    "Works well for small teams.",
)
NOUNS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "harbor", "iris", "juniper", "lotus", "maple")
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo")
LANGUAGES = ("en", "de", "fr", "es")
WEATHER = ("Sunny", "Cloudy", "Light rain", "Clear")
HOSTS = ("example.com", "example.org", "example.net")


def _one(values: tuple[str, ...]) -> Make:
    return lambda rng: values[int(rng.random() * len(values))]


def _name(rng: Random) -> str:
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


def _date(rng: Random) -> str:
    return f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def _time(rng: Random) -> str:
    return f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:00Z"


def _email(rng: Random) -> str:
    return f"{rng.choice(FIRST)}.{rng.choice(LAST)}@{rng.choice(HOSTS)}".lower()


def _uuid(rng: Random) -> str:
    return str(UUID(int=rng.getrandbits(128), version=4))


def _uri(rng: Random) -> str:
    return f"https://{rng.choice(HOSTS)}/{rng.choice(NOUNS)}"


def _token(rng: Random) -> str:
    return f"{rng.getrandbits(96):024x}"


def _host(rng: Random) -> str:
    return f"{rng.choice(NOUNS)}.{rng.choice(HOSTS)}"


FORMATS: dict[str, Make] = {
    "date": _date,
    "date-time": lambda rng: f"{_date(rng)}T{_time(rng)}",
    "time": _time,
    "duration": lambda rng: rng.choice(("PT15M", "PT2H", "P1D", "P1W", "P1DT12H")),
    "email": _email,
    "idn-email": _email,
    "uuid": _uuid,
    "uri": _uri,
    "url": _uri,
    "iri": _uri,
    "uri-reference": lambda rng: f"/{rng.choice(NOUNS)}",
    "iri-reference": lambda rng: f"/{rng.choice(NOUNS)}",
    "uri-template": lambda rng: f"/{rng.choice(NOUNS)}/{{id}}",
    "hostname": _host,
    "idn-hostname": _host,
    "ipv4": lambda rng: f"192.0.2.{rng.randint(1, 254)}",
    "ipv6": lambda rng: f"2001:db8::{rng.randint(1, 0xFFFF):x}",
    "json-pointer": lambda rng: f"/{rng.choice(NOUNS)}",
    "relative-json-pointer": lambda rng: f"{rng.randint(0, 3)}/{rng.choice(NOUNS)}",
    "regex": lambda rng: f"^{rng.choice(NOUNS)}$",
    "byte": lambda rng: rng.choice(("SGVsbG8=", "QWN0aW9u", "U3R1ZGlv")),
    "password": _token,
}
SHORT = {
    "email": ("a@b.co", "a@b"),
    "uri": ("a:b", "http://a.co"),
    "iri": ("a:b",),
    "uri-reference": ("a", ""),
    "hostname": ("a.co", "a"),
    "ipv4": ("1.1.1.1", "192.168.100.100"),
    "ipv6": ("::", "::1", "2001:0db8:0000:0000:0000:0000:0000:0001"),
    "duration": ("P1D", "PT1H30M"),
    "time": ("12:00:00Z", "12:00:00+00:00", "12:00:00.000Z"),
    "date-time": ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000Z", "2026-01-31T12:00:00+00:00"),
    "json-pointer": ("", "/a"),
    "regex": ("", "a"),
    "byte": ("", "YQ==", "YWFh"),
}
LONG = {
    "email": lambda rng, more: "a" * more + _email(rng),
    "uri": lambda rng, more: _uri(rng) + "/" + "a" * more,
    "iri": lambda rng, more: _uri(rng) + "/" + "a" * more,
    "uri-reference": lambda rng, more: "/" + "a" * more,
    "byte": lambda rng, more: "YWFh" * (more // 4 + 1),
    "json-pointer": lambda rng, more: "/" + "a" * more,
    "regex": lambda rng, more: "a" * more,
}
TEXTS: dict[str, Make] = {
    "name": _name,
    "person": _name,
    "author": _name,
    "customer": _name,
    "user": _name,
    "owner": _name,
    "assignee": _name,
    "first": _one(FIRST),
    "given": _one(FIRST),
    "last": _one(LAST),
    "surname": _one(LAST),
    "family": _one(LAST),
    "username": lambda rng: f"{rng.choice(FIRST)}{rng.randint(1, 99)}".lower(),
    "login": lambda rng: f"{rng.choice(FIRST)}{rng.randint(1, 99)}".lower(),
    "email": _email,
    "mail": _email,
    "phone": lambda rng: f"+1 202 555 {rng.randint(100, 199):04}",
    "tel": lambda rng: f"+1 202 555 {rng.randint(100, 199):04}",
    "mobile": lambda rng: f"+1 202 555 {rng.randint(100, 199):04}",
    "city": _one(CITIES),
    "town": _one(CITIES),
    "location": _one(CITIES),
    "place": _one(CITIES),
    "country": _one(COUNTRIES),
    "state": _one(STATUSES),
    "status": _one(STATUSES),
    "currency": _one(CURRENCIES),
    "company": _one(COMPANIES),
    "organization": _one(COMPANIES),
    "brand": _one(COMPANIES),
    "vendor": _one(COMPANIES),
    "address": lambda rng: f"{rng.randint(1, 200)} {rng.choice(STREETS)}",
    "street": lambda rng: f"{rng.randint(1, 200)} {rng.choice(STREETS)}",
    "zip": lambda rng: f"{rng.randint(10000, 99999)}",
    "postcode": lambda rng: f"{rng.randint(10000, 99999)}",
    "postal": lambda rng: f"{rng.randint(10000, 99999)}",
    "url": _uri,
    "uri": _uri,
    "link": _uri,
    "href": _uri,
    "website": _uri,
    "image": lambda rng: f"{_uri(rng)}.png",
    "photo": lambda rng: f"{_uri(rng)}.png",
    "avatar": lambda rng: f"{_uri(rng)}.png",
    "title": _one(TITLES),
    "subject": _one(TITLES),
    "headline": _one(TITLES),
    "description": _one(SENTENCES),
    "summary": _one(SENTENCES),
    "text": _one(SENTENCES),
    "body": _one(SENTENCES),
    "content": _one(SENTENCES),
    "message": _one(SENTENCES),
    "comment": _one(SENTENCES),
    "note": _one(SENTENCES),
    "notes": _one(SENTENCES),
    "date": _date,
    "day": _date,
    "birthday": _date,
    "at": FORMATS["date-time"],
    "timestamp": FORMATS["date-time"],
    "created": FORMATS["date-time"],
    "updated": FORMATS["date-time"],
    "time": lambda rng: _time(rng)[:5],
    "id": lambda rng: f"{rng.choice(NOUNS)}-{rng.randint(100, 999)}",
    "uuid": _uuid,
    "guid": _uuid,
    "sku": lambda rng: f"SKU-{rng.randint(1000, 9999)}",
    "code": lambda rng: f"{rng.choice(NOUNS)[:3].upper()}-{rng.randint(100, 999)}",
    "key": lambda rng: f"{rng.choice(NOUNS)}-{rng.randint(10, 99)}",
    "slug": lambda rng: f"{rng.choice(NOUNS)}-{rng.choice(NOUNS)}",
    "token": _token,
    "cursor": _token,
    "hash": _token,
    "product": _one(PRODUCTS),
    "item": _one(PRODUCTS),
    "color": _one(COLOURS),
    "colour": _one(COLOURS),
    "tag": _one(NOUNS),
    "tags": _one(NOUNS),
    "category": _one(("books", "garden", "kitchen", "office", "travel")),
    "kind": _one(("basic", "standard", "premium")),
    "type": _one(("basic", "standard", "premium")),
    "language": _one(LANGUAGES),
    "lang": _one(LANGUAGES),
    "locale": _one(("en-US", "de-DE", "fr-FR")),
    "timezone": _one(ZONES),
    "tz": _one(ZONES),
    "weather": _one(WEATHER),
    "condition": _one(WEATHER),
    "conditions": _one(WEATHER),
    "unit": _one(("metric", "imperial")),
    "units": _one(("metric", "imperial")),
    "role": _one(("member", "editor", "admin")),
    "priority": _one(("low", "medium", "high")),
    "version": lambda rng: f"{rng.randint(0, 4)}.{rng.randint(0, 20)}.{rng.randint(0, 9)}",
    "file": lambda rng: f"{rng.choice(NOUNS)}.pdf",
    "filename": lambda rng: f"{rng.choice(NOUNS)}.pdf",
    "error": _one(("Something went wrong.", "Not found.", "Please try again.")),
    "detail": _one(SENTENCES),
}
WHOLE: dict[str, Make] = {
    "country_code": _one(CODES),
    "currency_code": _one(CURRENCIES),
    "company_name": _one(COMPANIES),
    "product_name": _one(PRODUCTS),
    "file_name": lambda rng: f"{rng.choice(NOUNS)}.pdf",
    "user_name": lambda rng: f"{rng.choice(FIRST)}{rng.randint(1, 99)}".lower(),
    "first_name": _one(FIRST),
    "last_name": _one(LAST),
    "time_zone": _one(ZONES),
}
NUMBERS: dict[str, tuple[int, int, int]] = {
    "price": (5, 200, 2),
    "amount": (5, 500, 2),
    "total": (5, 500, 2),
    "cost": (5, 200, 2),
    "balance": (100, 5000, 2),
    "rating": (1, 5, 1),
    "score": (0, 100, 1),
    "percent": (0, 100, 1),
    "percentage": (0, 100, 1),
    "rate": (0, 1, 2),
    "lat": (-60, 60, 5),
    "latitude": (-60, 60, 5),
    "lon": (-170, 170, 5),
    "lng": (-170, 170, 5),
    "longitude": (-170, 170, 5),
    "temperature": (-5, 32, 1),
    "temp": (-5, 32, 1),
    "humidity": (30, 90, 0),
    "age": (18, 80, 0),
    "quantity": (1, 10, 0),
    "qty": (1, 10, 0),
    "count": (1, 50, 0),
    "page": (1, 5, 0),
    "limit": (10, 50, 0),
    "offset": (0, 50, 0),
    "id": (1, 1000, 0),
    "year": (2020, 2027, 0),
    "month": (1, 12, 0),
    "day": (1, 28, 0),
    "hour": (0, 23, 0),
    "minute": (0, 59, 0),
    "status": (200, 200, 0),
    "code": (100, 999, 0),
    "timestamp": (1_760_000_000, 1_790_000_000, 0),
    "size": (1, 5000, 0),
    "weight": (1, 50, 1),
    "height": (1, 200, 1),
    "width": (1, 200, 1),
    "distance": (1, 500, 1),
    "duration": (1, 180, 0),
    "port": (1024, 65535, 0),
    "stock": (0, 100, 0),
    "discount": (0, 50, 0),
}
_SPLIT = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words_of(name: str) -> list[str]:
    """``customerEmail``, ``customer_email`` and ``customer-email`` as ``["customer", "email"]``."""
    return [word.lower() for word in _SPLIT.findall(name)]


def text_for(name: str) -> Make:
    """A maker of texts that suit a property of this name; the last word that is known decides."""
    words = words_of(name)
    whole = WHOLE.get("_".join(words[-2:]))
    if whole:
        return whole
    for word in reversed(words):
        found = TEXTS.get(word) or (TEXTS.get(word[:-1]) if word.endswith("s") else None)
        if found:
            return found
    return lambda rng: f"{rng.choice(NOUNS)} {rng.choice(NOUNS)}"


def range_for(name: str) -> tuple[int, int, int] | None:
    """Lowest, highest and decimals of a number that suits a property of this name, or None."""
    for word in reversed(words_of(name)):
        if word in NUMBERS:
            return NUMBERS[word]
    return None
