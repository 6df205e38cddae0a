"""What people do in a simulation: the requests, and the clicks of administrators. Drawn from the seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any, Literal

STEPS = (
    "configure_store",
    "create_workspace",
    "create_dashboard",
    "deploy_website",
    "initialize_data",
    "send_credentials",
    "complete",
)


@dataclass(frozen=True, slots=True)
class Order:
    """One activation request, as a portal writes it."""

    id: str
    merchant_id: str
    store_id: str
    store_name: str
    owner_email: str
    subdomain: str
    theme: str
    category: str
    launch: str = "after_onboarding"
    custom_domain: str | None = None
    stripe: bool = False
    #: The owner has an account already, and the portal has written the merchant.
    known: bool = False

    def document(self) -> dict[str, Any]:
        """The request's document, but for `requested_at`."""
        data: dict[str, Any] = {
            "merchant_id": self.merchant_id,
            "store_id": self.store_id,
            "store_name": self.store_name,
            "owner_email": self.owner_email,
            "theme": self.theme,
            "plan": "professional",
            "subdomain": self.subdomain,
            "category": self.category,
            "integrations": {
                "meta_ads": False,
                "stripe": self.stripe,
                "paypal": False,
                "analytics": self.stripe,
            },
            "launch": self.launch,
            "requested_by": "portal-user",
            "picked_up": False,
        }
        return data | ({"custom_domain": self.custom_domain} if self.custom_domain else {})


AWESOME = Order(
    "r1", "m1", "s1", "Awesome Store", "avery@example.com", "awesome", "upfront-modern", "electronics"
)
BLOOM = Order(
    "r2",
    "m2",
    "s2",
    "Bloom & Branch",
    "bo@example.com",
    "bloom",
    "upfront-modern",
    "fashion",
    launch="immediately",
    stripe=True,
)
CALM = Order(
    "r3",
    "m3",
    "s3",
    "Calm Home",
    "cam@example.com",
    "calm-home",
    "upfront-modern",
    "home",
    custom_domain="calm.example.org",
)


@dataclass(frozen=True, slots=True)
class Click:
    """
    What an administrator does once: when `at` is reached, `delay` seconds later, `times` at once.

    `at` is a status ("FAILED", "COMPLETED", "halted"), or ("claimed" | "committed", step).
    """

    action: Literal["retry", "rollback"]
    order: str
    at: str | tuple[str, str]
    delay: float = 0.0
    times: int = 1


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story: who asks for what, when, and what administrators do."""

    name: str
    orders: tuple[Order, ...]
    #: Seconds after which each request is written.
    written_at: tuple[float, ...]
    clicks: tuple[Click, ...] = ()
    #: Whether the mail receiver can say what it has sent.
    mailer_remembers: bool = True
    #: Whether this is the first activation of the platform ever.
    files_are_there: bool = True
    #: What does not answer for a while once a roll back has begun, and for how many seconds.
    undo_lacks: tuple[str, float] | None = None
    #: Virtual seconds of work until which an invocation goes on with the next step itself: never as in the cloud, for a while as on the
    #: embedded runtime, or to the end.
    goes_on_for: float = 0.0
    #: Once all is quiet, an administrator does what each end state advises, and it must work.
    advice_is_followed: bool = False


def draw_scenario(rng: random.Random) -> Scenario:
    """The scenario of a seed."""
    name = rng.choices(tuple(_STORIES), tuple(weight for weight, _ in _STORIES.values()))[0]
    scenario = _STORIES[name][1](rng)
    known = {merchant for merchant in ("m1", "m2", "m3") if rng.random() < 0.2}
    orders = tuple(replace(order, known=order.merchant_id in known) for order in scenario.orders)
    return replace(
        scenario,
        orders=orders,
        mailer_remembers=rng.random() < 0.6,
        files_are_there=rng.random() < 0.97,
        advice_is_followed=rng.random() < 0.5,
        goes_on_for=rng.choice((0.0, 0.0, 0.1, 60.0)),
    )


def _one(rng: random.Random) -> Scenario:
    return Scenario("one merchant", (rng.choice((AWESOME, BLOOM, CALM)),), (0.0,))


def _three(rng: random.Random) -> Scenario:
    return Scenario("three merchants", (AWESOME, BLOOM, CALM), tuple(rng.uniform(0, 2) for _ in range(3)))


def _race(rng: random.Random) -> Scenario:
    rival = replace(BLOOM, subdomain=AWESOME.subdomain)
    return Scenario("subdomain race", (AWESOME, rival), (0.0, rng.choice((0.0, 0.02, 0.2, 20.0))))


def _same_store(rng: random.Random) -> Scenario:
    rival = replace(AWESOME, id="r2", subdomain="awesome-too")
    return Scenario("store id race", (AWESOME, rival), (0.0, rng.choice((0.0, 0.02, 0.2))))


def _same_owner(rng: random.Random) -> Scenario:
    second = replace(BLOOM, owner_email=AWESOME.owner_email.upper())
    clicks = (Click("rollback", "r1", _moment(rng), rng.uniform(0, 2)),) if rng.random() < 0.7 else ()
    return Scenario("one owner, two stores", (AWESOME, second), (0.0, rng.uniform(0, 3)), clicks)


def _retry(rng: random.Random) -> Scenario:
    times = rng.choice((1, 2, 2))
    clicks = tuple(
        Click("retry", "r1", "FAILED", rng.uniform(0, 30), times) for _ in range(rng.choice((1, 2)))
    )
    return Scenario("retry", (AWESOME,), (0.0,), clicks)


def _roll_back(rng: random.Random) -> Scenario:
    order = rng.choice((AWESOME, BLOOM))
    times = rng.choice((1, 1, 2))
    clicks: list[Click] = [
        Click("rollback", order.id, _moment(rng), rng.choice((0.0, rng.uniform(0, 0.3))), times)
    ]
    if rng.random() < 0.5:
        clicks.append(Click("rollback", order.id, "halted", rng.uniform(0, 60), rng.choice((1, 2))))
    return Scenario("roll back", (order,), (0.0,), tuple(clicks))


def _roll_back_and_retry(rng: random.Random) -> Scenario:
    clicks = (
        Click("retry", "r1", "FAILED", rng.uniform(0, 5)),
        Click("rollback", "r1", "FAILED", rng.uniform(0, 5)),
        Click("rollback", "r1", _moment(rng), rng.uniform(0, 20)),
    )
    return Scenario("retry against roll back", (AWESOME,), (0.0,), clicks)


def _race_and_roll_back(rng: random.Random) -> Scenario:
    rival = replace(BLOOM, subdomain=AWESOME.subdomain)
    clicks = tuple(Click("rollback", id, _moment(rng), rng.uniform(0, 1)) for id in ("r1", "r2"))
    return Scenario("subdomain race with roll backs", (AWESOME, rival), (0.0, rng.uniform(0, 0.5)), clicks)


def _same_merchant(rng: random.Random) -> Scenario:
    second = replace(BLOOM, merchant_id=AWESOME.merchant_id)
    clicks = (Click("rollback", rng.choice(("r1", "r2")), _moment(rng), rng.uniform(0, 2)),)
    return Scenario("one merchant, two stores", (AWESOME, second), (0.0, rng.uniform(0, 2)), clicks)


def _broken_undo(rng: random.Random) -> Scenario:
    order = rng.choice((AWESOME, BLOOM))
    began: Any = rng.choice(("COMPLETED", *(("committed", step) for step in STEPS[2:6])))
    clicks = (
        Click("rollback", order.id, began, rng.uniform(0, 0.3)),
        Click("rollback", order.id, "halted", rng.uniform(0, 300), rng.choice((1, 2))),
        Click("retry", order.id, "halted", rng.uniform(0, 300)),
    )
    lacks = rng.choice(("accounts", "documents.query")), rng.uniform(30, 400)
    return Scenario("undo that fails", (order,), (0.0,), clicks, undo_lacks=lacks)


def _moment(rng: random.Random) -> str | tuple[str, str]:
    if rng.random() < 0.2:
        return rng.choice(("COMPLETED", "FAILED"))
    return rng.choice(("claimed", "committed")), rng.choice(STEPS)


_STORIES: dict[str, tuple[float, Any]] = {
    "one merchant": (22, _one),
    "three merchants": (8, _three),
    "subdomain race": (10, _race),
    "store id race": (4, _same_store),
    "one owner, two stores": (8, _same_owner),
    "retry": (14, _retry),
    "roll back": (22, _roll_back),
    "one merchant, two stores": (6, _same_merchant),
    "undo that fails": (8, _broken_undo),
    "retry against roll back": (6, _roll_back_and_retry),
    "subdomain race with roll backs": (6, _race_and_roll_back),
}
