"""Fills a studio for its browser tests: run inside the product by kit.filled, after which calls are made for real.

Prints, as JSON, what the addresses of pages are made of.
"""

import dataclasses
import datetime
import json
import time

import yaml
from django.utils import timezone

from actionstudio.apps.accounts.models import ApiToken, User
from actionstudio.apps.design import editing
from actionstudio.apps.library import importing, reimporting, sources
from actionstudio.apps.oauth import callbacks, people, registering
from actionstudio.apps.oauth import secrets as client_secrets
from actionstudio.apps.oauth.models import Client, Consent, EndUser, Provider, SignIn
from actionstudio.apps.projects.models import Job
from actionstudio.apps.publishing import secrets
from actionstudio.apps.replay import replaying
from actionstudio.apps.replay.models import Case, IgnoreRule
from actionstudio.apps.replay.runs import selecting, starting
from actionstudio.apps.replay.suites import running, saving
from actionstudio.apps.signin import emulating, legs, verdict
from actionstudio.apps.signin import runs as emulation
from actionstudio.apps.traffic.models import Exchange, SavedView
from actionstudio.core.auth import OAuth, Scope
from actionstudio.core.behaviour import Backend, Collection, Seed, Upstream
from actionstudio.core.call import Call
from actionstudio.core.specs.readers import openapi
from actionstudio.runtime.app import frontdoor
from tests import make
from tests.apps.signin.watched import Log
from tests.browser import chats, gpts, models, plugins, prompts, talks

ann = User.objects.get(username="ann")
ann.first_name = "Ann"
ann.save()
DOCUMENT = """
openapi: 3.1.0
info: {title: Acme Orders, version: 1.0.0, description: "Look up orders, issue refunds and open tickets for support."}
servers: [{url: https://api.acme.test}]
security: [{key: []}]
paths:
  /orders:
    get:
      operationId: listOrders
      summary: List orders
      description: The newest orders first. Use the status to narrow the list down.
      tags: [Orders]
      parameters:
        - {name: status, in: query, description: Only orders in this state., schema: {type: string, enum: [paid, sent]}}
        - {name: limit, in: query, description: At most this many., schema: {type: integer, minimum: 1, maximum: 50}}
      responses:
        "200":
          description: Orders
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Order"}}
              example: [{id: A-10482, status: paid, total: {value: 19.9, currency: EUR}}]
  /orders/{order_id}:
    get:
      operationId: getOrder
      summary: One order
      tags: [Orders]
      parameters:
        - {name: order_id, in: path, required: true, description: "Order number, e.g. A-10482.", schema: {type: string}}
      responses:
        "200":
          description: The order
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Order"}
              example: {id: A-10482, status: paid, total: {value: 19.9, currency: EUR}}
        "404":
          description: No such order
          content: {application/json: {schema: {type: object}, example: {detail: No such order}}}
  /orders/{order_id}/refunds:
    post:
      operationId: refundOrder
      summary: Refund an order
      description: Issues a full or partial refund. Call getOrder first to confirm the amount with the user.
      x-openai-isConsequential: true
      tags: [Refunds]
      parameters:
        - {name: order_id, in: path, required: true, description: "Order number, e.g. A-10482.", schema: {type: string}}
        - {name: notify, in: query, description: Email the customer when done., schema: {type: boolean}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [amount, reason]
              properties:
                amount: {type: number, description: Amount to refund in the order currency.}
                reason: {type: string, enum: [damaged, late, other], description: Why the refund is issued.}
                items:
                  type: array
                  description: Only refund these lines.
                  items:
                    type: object
                    required: [sku, quantity]
                    properties: {sku: {type: string, description: Product code.}, quantity: {type: integer}}
                address: {$ref: "#/components/schemas/Address"}
      responses:
        "201":
          description: The refund
          content:
            application/json:
              schema: {type: object, properties: {refund_id: {type: string}, status: {type: string}}}
              example: {refund_id: rf_20931, order_id: A-10482, status: pending, amount: {value: 19.9, currency: EUR}}
components:
  securitySchemes: {key: {type: http, scheme: bearer}}
  schemas:
    Order:
      type: object
      required: [id, status]
      properties: {id: {type: string}, status: {type: string}, total: {$ref: "#/components/schemas/Money"}}
    Money: {type: object, properties: {value: {type: number}, currency: {type: string}}}
    Address: {type: object, properties: {street: {type: string}, city: {type: string}}}
"""
contract = openapi.read(yaml.safe_load(DOCUMENT)).contract
project = make.project("acme-orders", ann, contract, name="Acme Orders", description="Look up orders, issue refunds.")
changed = dataclasses.replace(contract.operations[0], summary="List the orders")
ROWS = [(10482 + n, ("paid", "sent")[n % 2], 19.9 + n) for n in range(12)]
SEED = Seed(tuple({"id": f"A-{n}", "status": s, "total": {"value": v, "currency": "EUR"}} for n, s, v in ROWS))
orders = Collection("orders", {"$ref": "#/components/schemas/Order"}, id_kind="text", seeds=(SEED,))
servers = (Backend("https://api.acme.test/v1"), Backend("https://b.acme.test/v1", 2))
gateway = Upstream("gateway", servers, secret="gate key")
changed = dataclasses.replace(
    contract, operations=(changed, *contract.operations[1:]), collections=(orders,), upstreams=(gateway,)
)
editing.replace(project, changed, by=ann)
secrets.keep(project, "gate key", "only-for-tests-1")
make.project("weather", ann, name="Weather", description="Current conditions and a 7-day forecast by city.")
TROUBLED = """
openapi: 3.1.0
info: {title: Old Shop, version: 0.9.0}
servers: [{url: https://shop.test}]
paths:
  /carts:
    put:
      operationId: replaceCart
      summary: Replace the whole cart
      description: %s
      tags: [Cart]
      parameters: [{name: X-Session, in: header, required: true, schema: {type: string}}]
      requestBody:
        required: true
        content: {application/json: {schema: {type: array, items: {type: object, properties: {sku: {type: string}}}}}}
      responses: {"200": {description: OK}}
%s
"""
LISTS = """  /lists/list%s:
    get:
      operationId: getList%s
      summary: The articles of list %s
      tags: [Lists]
      responses: {"200": {description: OK}}
"""
text = TROUBLED % (
    "Puts these articles into the cart and removes all others. " * 9,
    "".join(LISTS % ((n,) * 3) for n in range(40)),
)
make.project("old-shop", ann, openapi.read(yaml.safe_load(text)).contract, name="Old Shop")
ApiToken.mint(ann, "deploy script")
now = int(time.time() * 1000)
SPREAD = ((200, "/orders"), (200, "/orders/A-10482"), (200, "/orders"), (404, "/orders/A-00000"), (200, "/orders"))
for minute in range(60):
    status, path = SPREAD[minute % 5]
    make.exchange(
        project,
        "GET",
        path,
        500 if minute % 29 == 7 else status,
        at=now - minute * 200_000,
        source=("client", "gpt", "replay")[minute % 3],
        operation_id="getOrder" if minute % 5 in (1, 3) else "listOrders",
        duration_us=900 + 700 * (minute % 9),
        response_body={"id": "A-10482", "status": "paid", "total": {"value": 19.9, "currency": "EUR"}},
    )
refund = make.exchange(
    project,
    "POST",
    "/orders/A-10482/refunds",
    201,
    operation_id="refundOrder",
    source="gpt",
    request_body={"amount": 19.9, "reason": "damaged", "items": [{"sku": "CBL-USBC-2M", "quantity": 1}]},
    response_body={"refund_id": "rf_20931", "order_id": "A-10482", "status": "pending"},
    duration_us=142_000,
    auth="ok",
)
replay = replaying.replay(project, refund, "live", by=ann)
selected = Exchange.objects.filter(project_id=project.pk, kind="mock").order_by("-pk")[:12]
run = starting.start(project, selecting.picked(project, [one.public_id for one in selected]), by=ann)
suite = saving.create(project, "Orders", ann, description="What the GPT asks every day", on_save=True)
offered, _cut = saving.proposed(project, [refund, *reversed(selected[:4])])
cases = saving.add(suite, offered)
for case in cases[1:]:
    case.whole, case.checks = False, [{"on": "status", "op": "range", "value": [200, 599]}]
    case.save()
saving.create(project, "Later", ann)
suite_run = running.through(suite)
cases[0].enabled = False
cases[0].save()
suite_run_passed = running.through(suite)
Case.objects.filter(suite=suite).update(enabled=True)
running.through(suite)
missing = saving.create(project, "Misses", ann)
missing.send_refused = True
missing.save()
wanted = [{"on": "status", "op": "equals", "value": 404}]
Case.objects.create(suite=missing, position=1, name="No such page", path="/nowhere", whole=False, checks=wanted)
suite_run_refused = running.through(missing)
rule = IgnoreRule.objects.create(
    project=project, what="ignore", at="$.refund_id", author=ann, note="Made anew each time"
)
asked = Call("POST", "/order/A-17/refund", "loud=yes", (("content-type", "application/json"),), b'{"amount": "all"}')
calling = make.exchange(
    project,
    "POST",
    "/orders",
    201,
    decisions={
        "route": "POST /orders",
        "guard": "key “GPT action”",
        "validation": "strict",
        "response": "201, application/json, template",
        "trail": [
            {
                "what": "template",
                "values": {"body.items": "[2 entries]", "query.coupon": None},
                "notes": ["query.coupon was not sent"],
            },
            {
                "what": "callback",
                "name": "orderPaid",
                "method": "POST",
                "url": "https://hooks.acme.test/in",
                "delay": 0,
            },
            {"what": "callback", "name": "orderShipped", "method": "POST", "url": "", "error": "the body has no URL"},
        ],
    },
)
called_back = make.exchange(
    project,
    "POST",
    "https://hooks.acme.test/in",
    0,
    query="order=A-17",
    kind="callback",
    decisions={
        "call": calling.pk,
        "response": "callback “orderPaid”, not sent: there is no host named hooks.acme.test",
        "trail": [
            {
                "what": "callback",
                "name": "orderPaid",
                "url": "https://hooks.acme.test/in?…",
                "error": "there is no host named hooks.acme.test",
            }
        ],
    },
    request_body={"event": "paid", "order": "A-17"},
)
lost = frontdoor().call_blocking(project.addresses.first().name, asked, source="client").record
unwell = make.exchange(
    project,
    "POST",
    "/orders/A-10482/refunds",
    401,
    operation_id="refundOrder",
    source="gpt",
    auth="wrong",
    kind="refused",
    duration_us=46_000_000,
    decisions={"route": "POST /orders/{order_id}/refunds", "guard": "sent Authorization: Bearer, wanted a header"},
    request_headers=[["x-api-key", "••••cdef (14 characters)"], ["content-type", "application/json"]],
    at=now - 3_000_000,
)
job = Job.objects.create(
    owner=ann,
    kind="import",
    state="failed",
    step="Reading",
    input={"url": "", "name": "Orders", "slug": ""},
    error="Line 4: a colon is missing.",
    finished=timezone.now(),
)
pasted = "curl -H 'Authorization: Bearer x' https://api.acme.test/v1/parcels/17\ncurl -X PURGE https://api.acme.test/v1"
report = importing.begin(ann, data=pasted.encode(), name="Parcels")
sources.remember(project, contract, url="https://api.acme.test/openapi.yaml", format="OpenAPI 3.1.0")
newer = yaml.safe_load(DOCUMENT)
newer["paths"]["/orders"]["get"] |= {"summary": "All orders", "description": "The newest first."}
newer["paths"]["/returns"] = {"get": {"operationId": "listReturns", "responses": {"200": {"description": "OK"}}}}
del newer["components"]["schemas"]["Money"]["properties"]["currency"]
del newer["paths"]["/orders/{order_id}/refunds"]
plan = reimporting.begin(project, ann, data=yaml.safe_dump(newer, sort_keys=False).encode(), filename="acme.yaml")
scopes = (Scope("orders:read", "Read your orders"), Scope("orders:write", "Change your orders", changes=True))
signing = make.project("sign-in", ann, dataclasses.replace(contract, auth=OAuth(scopes)), name="Acme Accounts")
Provider.of(signing)
mia = people.make(signing, "mia", name="Mia", email="mia@acme.test", password="correct horse battery", groups=["staff"])
mia = people.change(mia, claims={"plan": "gold", "since": 2024})
pair = callbacks.pair("g-" + "fedcba98" * 5)
app = registering.register(signing, Client.Preset.GPT, name="Acme Support GPT", redirect_uris=pair)
sandbox = registering.register(signing, Client.Preset.GPT, name="Sandbox GPT")
client_secrets.mint(sandbox)
callbacks.noticed(sandbox, f"https://chat.openai.com/aip/g-{'0123456789abcdef' * 2}/oauth/callback")
Consent.objects.create(user=mia, client=app, scopes=["orders:read", "orders:write"], hosts=["chatgpt.com"])
later = timezone.now() + datetime.timedelta(days=7)
mia.sessions.create(digest="0" * 64, agent="Firefox 140 on Linux", expires=later)
people.mint_key(mia, "curl at home")
EndUser.objects.filter(pk=mia.pk).update(last_login=timezone.now())
SIGN_INS = {
    "a": ("passed", "answer", ""),
    "b": ("failed", "token", "redirect_mismatch"),
    "c": ("waiting", "callback", ""),
}
for key, (outcome, step, reason) in SIGN_INS.items():
    told = {"who": "chatgpt", "outcome": outcome, "step": step, "reason": reason}
    SignIn.objects.create(project=signing, key=key * 20, client=app, user=mia, **told)
    watched = Log(signing, key * 20)
    watched.until_code()
    if key == "a":
        watched.token()
    elif key == "b":
        watched.mismatch()
for status, path in SPREAD:
    make.exchange(signing, "GET", path, status, operation_id="listOrders", auth="ok", source="gpt", sign_in="a" * 20)
away = emulation.Setup(
    authorization_url="https://id.acme.test/oauth/authorize",
    token_url="https://id.acme.test/oauth/token",
    revocation_url="https://id.acme.test/oauth/revoke",
    client_id="acme-orders",
    redirect_uri="https://chatgpt.com/aip/g-4hJ2k/oauth/callback",
    paste=True,
    call_url="https://api.acme.test/v1/me",
)
awaited = emulating.begin(signing, ann, away, "a secret of the client")
emulated = emulating.begin(signing, ann, away, "a secret of the client")
emulated.held |= {"access": "an access token", "refresh": "a refresh token"}
FORM = [("Host", "id.acme.test"), ("Content-Type", "application/x-www-form-urlencoded")]
sent = ("POST", away.token_url, FORM, b"grant_type=authorization_code&client_id=acme-orders&code=abc")
JSON = [("content-type", "application/json"), ("www-authenticate", "Basic")]
refused = (401, JSON, b'{"error": "invalid_client", "error_description": "Unknown client"}')
wrong = verdict.failed("wants_basic", error="invalid_client", said="Unknown client")
emulated.add(legs.made("token", sent, refused, ms=180, outcome="failed", code="client_refused", facts=wrong.facts))
emulated.add(legs.made("probe", sent, (400, JSON, b'{"error": "invalid_grant"}'), ms=90))
emulated.keep("done")
emulated.end(wrong)
results = [("redirect-exact", "finding", "same"), ("framing", "pass", ""), ("code-once", "untried", "no_run")]
Job.objects.create(
    owner=ann,
    project=signing,
    kind="actionstudio.apps.signin.reviewing.work",
    state="done",
    input={"run": emulated.row.key, "host": "id.acme.test"},
    result={
        "results": [{"check": check, "state": state, "said": said, "seen": ""} for check, state, said in results],
        "asked": 31,
    },
    finished=timezone.now(),
)
found = {
    "slug": project.slug,
    "emulated": emulated.row.key,
    "awaited": awaited.row.key,
    "sub": str(mia.sub),
    "client": sandbox.client_id,
    "operation": "refundOrder",
    "schema": "Order",
    "request": refund.public_id,
}
silent = make.project("quiet", ann, dataclasses.replace(contract, auth=OAuth(scopes)), name="Quiet orders")
found |= {"unwell": unwell.public_id, "silent": silent.slug}
make.exchange(silent, "GET", "/openapi.json", kind="document", source="gpt", revision=1, at=now - 600_000)
found |= talks.fill(project, ann) | chats.fill(project, ann) | gpts.fill(project, ann) | plugins.fill(project, ann)
found["model"] = models.fill(ann)
found |= prompts.fill(project, ann)
views = SavedView.objects.create(project_id=project.pk, author_id=ann.pk, name="Errors", q="status:>=400", shared=True)
found["view"] = views.pk
script = project.scripts.create(name="A refund", pattern="money back", operation="refundOrder", text="{{answer.id}}")
project.scripts.create(when="turn", pattern="9", then="fail", text="The model is overloaded.", position=1)
found["lost"] = Exchange(pk=lost.id).public_id
found |= {"calling": calling.public_id, "callback": called_back.public_id}
found |= {"job": str(job.pk), "report": str(report.pk)}
print(
    json.dumps(
        {
            **found,
            "replay": replay.pk,
            "run": run.pk,
            "suite_run": suite_run.pk,
            "suite_run_passed": suite_run_passed.pk,
            "suite_run_refused": suite_run_refused.pk,
            "case": cases[0].pk,
            "rule": rule.pk,
            "script": script.pk,
            "plan": str(plan.pk),
            "versions": [1, 2],
        }
    )
)
