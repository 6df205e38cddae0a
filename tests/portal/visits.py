"""A portal as an admin has it before them: a runtime that serves it, a browser, and who sits at it."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from provisioning.workflow.dead_letters import file_unreadable
from tests.e2e.browsing import Visitor
from tests.e2e.conftest import Served
from tests.media.pictures import quartered, saved
from tests.waiting import until

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
ADMIN, SUPPORT = "admin@example.com", "support@example.com"
#: What the browser says of its own accord while there is no network.
WITHOUT_NETWORK = (
    "net::ERR_INTERNET_DISCONNECTED",
    "net::ERR_CONNECTION",
    "net::ERR_NETWORK",
    "net::ERR_EMPTY",
)
#: A policy that is broken says so to the page alone.
_TELL_VIOLATIONS = """document.addEventListener('securitypolicyviolation', event =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));"""
#: A heading is to be seen, and nothing that says of itself that it is being loaded.
_IS_THERE = """[...document.querySelectorAll('h1, h2, h3')].some(one => one.checkVisibility())
  && !document.querySelector('[aria-busy=true], svg[class*=spin][role=img]')"""


def settled(page: Any) -> None:
    """The page is there, and nothing on it is being loaded any more."""
    deadline = time.monotonic() + 30
    # Asked by us: what Playwright would ask by itself again and again is what the page's policy forbids.
    while not page.evaluate(_IS_THERE):
        assert time.monotonic() < deadline, f"{page.url} is not there"
        page.wait_for_timeout(30)
    page.wait_for_timeout(250)


@dataclass
class Office:
    """A runtime, spoken to by its API as an administrator."""

    served: Served
    visitor: Visitor = field(init=False)
    _tokens: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.visitor = self.served.visitor()

    @property
    def address(self) -> str:
        return f"http://localhost:{self.served.port}"

    def sign_in(self, email: str) -> dict[str, Any]:
        """What the portal keeps of somebody who has signed in."""
        if email not in self._tokens:
            answer = self._answer("POST", "local/sign-in", {"email": email}, email=None)
            self._tokens[email] = json.loads(answer.data)
        return self._tokens[email]

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        answer = self._answer(method, path, body, **headers)
        assert answer.status < 300, (method, path, answer.status, answer.data[:500])
        return json.loads(answer.data) if answer.data else None

    def _answer(
        self, method: str, path: str, body: Any = None, email: str | None = ADMIN, **headers: str
    ) -> Any:
        if email is not None:
            headers["Authorization"] = f"Bearer {self.sign_in(email)['token']}"
        return self.visitor.request(
            method,
            f"{self.address}/api/provisioning/{path}",
            headers={"Content-Type": "application/json", **headers},
            body=body if body is None or isinstance(body, bytes) else json.dumps(body),
        )

    def answers(self, address: str, status: int) -> Callable[[], bool]:
        """Whether a visitor of this address is answered so."""
        return lambda: self.visitor.get(address).status == status

    def merchant(self, name: str) -> dict[str, Any]:
        """A new one, whose name no other has; its address follows from the name."""
        name = f"{name} {uuid.uuid4().hex[:6]}"
        label = name.lower().replace(" ", "-")
        wish = {"name": name, "owner_email": f"{label}@example.com", "category": "electronics"}
        return self.ask("POST", "merchants", wish) | {"subdomain": label}

    def activate(self, name: str) -> str:
        """A merchant's store, asked for as another client would; the provisioning's id."""
        merchant = self.merchant(name)
        answers = {
            "store_id": merchant["id"],
            "store_name": merchant["name"],
            "owner_email": merchant["owner_email"],
            "theme": "upfront-modern",
            "plan": "professional",
            "subdomain": merchant["subdomain"],
            "category": "electronics",
        }
        path = f"merchants/{merchant['id']}/activate"
        id = self.ask("POST", path, answers, **{"Idempotency-Key": uuid.uuid4().hex})["provisioning_id"]
        until(lambda: self._answer("GET", f"provisionings/{id}").status == 200, "it is not picked up")
        return id

    def provisioning(self, id: str) -> dict[str, Any]:
        return self.ask("GET", f"provisionings/{id}")

    def wait_for(self, id: str, status: str) -> dict[str, Any]:
        """The provisioning as soon as it stands so."""
        until(lambda: self.provisioning(id)["status"] == status, lambda: f"it is {self.provisioning(id)}")
        return self.provisioning(id)

    def publish_a_change(self, store: str) -> None:
        """Another release and revision of the store's theme, and a draft that is not published yet."""
        theme = f"stores/{store}/themes/upfront-modern"
        self.ask("PUT", f"{theme}/draft", {"settings": {"page_width": 1500}})
        self.wait_for(self.ask("POST", f"{theme}/publish")["provisioning_id"], "COMPLETED")
        self.ask("PUT", f"{theme}/draft", {"settings": {"page_width": 1520}})

    def publish_a_dead_link(self, store: str) -> None:
        """A release that does not pass its checks: its record says why."""
        theme = f"stores/{store}/themes/upfront-modern"
        self.ask("PUT", f"{theme}/draft", {"sections": {"index/opening": {"link": "/nowhere/"}}})
        self.wait_for(self.ask("POST", f"{theme}/publish")["provisioning_id"], "FAILED")

    def add_picture(self, store: str) -> None:
        """One of the store's own, in words too."""
        path = f"stores/{store}/media?alt=Four+colours"
        self.ask("POST", path, saved(quartered()), **{"Content-Type": "image/jpeg"})

    def file_a_letter(self) -> None:
        """A dead letter, as the functions file it: of a message that nobody can read."""
        now = self.served.documents.get("dead_letters/none").read_time
        file_unreadable(
            self.served.documents,
            code="UNREADABLE",
            title="A message that nobody can read",
            data=b"{",
            message_id=uuid.uuid4().hex,
            now=now,
        )

    @contextmanager
    def disturbed(self, faults: Sequence[dict[str, Any]]) -> Iterator[None]:
        """These steps go wrong meanwhile."""
        self.ask("PUT", "local/faults", {"faults": list(faults)})
        try:
            yield
        finally:
            self.ask("PUT", "local/faults", {"faults": []})


@dataclass
class Desk:
    """Somebody at a browser of their own; what the browser complains of is kept."""

    page: Any
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self._note(message))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: Any) -> None:
        self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url')})")


Sit = Callable[..., Desk]


@contextmanager
def at_desk(browser: Any, office: Office, email: str | None = ADMIN, **options: Any) -> Iterator[Desk]:
    """A browser of one's own, in which one is signed in already."""
    origin = {"origin": office.address, "localStorage": []}
    if email is not None:
        kept = json.dumps(office.sign_in(email))
        origin["localStorage"] = [{"name": "portal.session", "value": kept}]
    context = browser.new_context(
        base_url=office.address,
        storage_state={"cookies": [], "origins": [origin]},
        reduced_motion="reduce",
        **({"viewport": DESKTOP} | options),
    )
    context.set_default_timeout(30_000)
    context.add_init_script(_TELL_VIOLATIONS)
    try:
        yield Desk(context.new_page())
    finally:
        context.close()
