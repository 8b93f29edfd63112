"""Conversations for the pages of a filled studio: one with all that a timeline shows, and what ChatGPT said of it."""

import json
import time

from actionstudio.apps.traffic.conversations import debugging, feeding, listing
from tests import make

GPT = {
    "source": "gpt",
    "gpt_id": "g-68a508b9180081919110e09ab9faee17",
    "user_id": "46e987c0-3c42-5ae4-9db1-60e1de523354",
    "auth": "ok",
}
TALK = "6e9d7aed-deaf-54e1-a255-7fbe9a2e4fd6"
ORDER = {"id": "A-10482", "status": "paid", "total": {"value": 19.9, "currency": "EUR"}}


def fill(project, by) -> dict[str, str]:
    """Logs the calls of some conversations; what their pages' addresses are made of."""
    host, now = f"{project.addresses.first().name}.live.localhost", int(time.time() * 1000)
    at = now - 900_000
    refund = {"amount": 19.9, "reason": "damaged"}
    one = GPT | {"conversation_id": TALK, "revision": 2}
    make.exchange(project, path="/openapi.json", kind="document", at=at - 240_000, source="gpt", duration_us=2_100)
    make.exchange(
        project, path="/orders", operation_id="listOrders", query="status=paid&limit=5", at=at, duration_us=1_900, **one
    )
    order = make.exchange(
        project, path="/orders/A-10482", operation_id="getOrder", at=at + 8_000, response_body=ORDER,
        duration_us=48_000, **one,
    )  # fmt: skip
    for n, status in enumerate((503, 503, 201)):
        make.exchange(
            project, "POST", "/orders/A-10482/refunds", status, operation_id="refundOrder", request_body=refund,
            at=at + 95_000 + n * 2_500, duration_us=1_400_000 - n * 500_000, **one,
        )  # fmt: skip
    make.exchange(
        project, "POST", "https://hooks.acme.test/in", kind="callback", at=at + 102_000, duration_us=210_000, **one
    )
    denied = one | {"auth": "missing"}
    make.exchange(
        project, path="/orders/A-10483", status=401, operation_id="getOrder", at=at + 180_000, duration_us=700, **denied
    )
    for n in range(3):
        other = GPT | {"conversation_id": f"6e9d7aed-0000-54e1-a255-7fbe9a2e4f{n:02x}"}
        make.exchange(project, path="/orders", operation_id="listOrders", at=now - 8_000_000 * (n + 1), **other)
    feeding.anew(project.pk)  # these calls are of the past: the studio may have counted beyond them already
    talk = listing.find(project.pk, listing.of(order))
    debugging.keep(project, talk, text(host, refund), by=by)
    return {"talk": talk.key}


def text(host: str, refund: dict) -> str:
    """What the GPT editor's preview tells of this conversation."""

    def call(method: str, path: str, operation: str, params: dict) -> str:
        told = {"domain": host, "method": method, "path": path, "operation": operation}
        told |= {"operation_hash": "bdd5602b035461f577ae47016b06345a81d47342", "is_consequential": False}
        return f"[debug] Calling HTTP endpoint\n{json.dumps({**told, 'params': params}, indent=2)}\n"

    def answer(status: int, data: object) -> str:
        told = {"response_data": data, "status_code": status, "action_id": "g-ff9e0f570b176791a99f3ff93f9f86068d8ffc5a"}
        return f"[debug] Response received\n{json.dumps(told, indent=2)}\nTalked to {host}\n"

    return "\n".join(
        (
            "Give the customer of A-10482 the money back.",
            call("get", "/orders/{order_id}", "getOrder", {"order_id": "A-10482"}) + answer(200, ORDER),
            call("post", "/orders/{order_id}/refunds", "refundOrder", {"order_id": "A-10482", **refund, "env": "live"})
            + answer(200, "UnrecognizedKwargsError: env"),
            call("post", "/orders/{order_id}/refunds", "refundOrder", {"order_id": "A-10482", **refund, "amount": 20})
            + answer(503, {}),
            "The money is on its way.",
        )
    )
