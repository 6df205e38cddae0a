"""The owner's pages, through a Flask application over the embedded adapters."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from provisioning.api.owner import LINK_ANSWER_SECONDS, MAX_FORM_BYTES, OwnerParts, owner_blueprint
from provisioning.errors import Transient
from provisioning.ports import Delete, Update
from provisioning.stores.activation import ActivationRequest, Integrations
from provisioning.stores.tasks import task_write, tasks_for
from provisioning.stores.tokens import Tokens
from provisioning.stores.welcome import read_welcome, welcome_token_document
from tests.stores.shop import Shop

TOKEN = "a-token-from-a-mail"
PAGE = "/dashboard/stores/s1"


class Site:
    """The application over a shop, a clock that stands still, and browsers to visit it with."""

    def __init__(self, shop: Shop, scheme: str = "http") -> None:
        self.now = datetime.now(UTC)
        self.slept: list[float] = []
        self.shop = shop
        self.documents = shop.documents
        self.accounts = shop.accounts
        self.tokens = shop.tokens
        parts = OwnerParts(
            documents=shop.documents,
            mailer=shop.mailer,
            accounts=shop.accounts,
            tokens=shop.tokens,
            addresses=replace(shop.addresses, scheme=scheme),
            clock=lambda: self.now,
            monotonic=lambda: 0.0,
            sleep=self.slept.append,
        )
        self.app = Flask(__name__)
        self.app.register_blueprint(owner_blueprint(parts))

    def browser(self, uid: str | None = None) -> FlaskClient:
        """A browser of its own, signed in as `uid`."""
        browser = self.app.test_client()
        if uid:
            browser.set_cookie("owner", self.tokens.session(uid))
        return browser

    def status(self) -> str:
        return self.documents.get("stores/s1").data["status"]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    shop = Shop.open(tmp_path)
    site = Site(shop)
    shop.accounts.ensure_owner("other@example.com", "Other", "u2")
    shop.documents.commit(
        [welcome_token_document(TOKEN, store_id="s1", uid="u1", provisioning_id="p1", now=site.now)]
    )
    yield site
    shop.close()


def form_token(browser: FlaskClient, page: str = PAGE) -> str:
    """The token in the page's forms, as a person's browser would send it back."""
    return re.search(r'name="form_token" value="([0-9a-f]{64})"', browser.get(page).text)[1]


def parse(text: str):
    """The page; raises where it is not valid HTML5."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def words(element) -> str:
    return " ".join("".join(element.itertext()).split())


# --- The welcome link


def test_opening_the_link_spends_nothing(site):
    """Mail scanners open links, with GET and HEAD, and often: the owner's own press works all the same."""
    scanner, owner = site.browser(), site.browser()
    for _ in range(3):
        page = scanner.get(f"/welcome?token={TOKEN}")
        assert scanner.head(f"/welcome?token={TOKEN}").status_code == 200
        assert (page.status_code, "Set-Cookie" in page.headers) == (200, False)

    assert read_welcome(site.documents, TOKEN).used_at is None
    assert owner.post("/welcome", data={"token": TOKEN}).status_code == 303


def test_the_button_signs_in_and_leads_to_the_dashboard(site):
    """The page's only form carries the token; pressing it ends on the owner's page."""
    browser = site.browser()
    (form,) = parse(browser.get(f"/welcome?token={TOKEN}").text).iter("form")
    fields = {field.get("name"): field.get("value") for field in form.iter("input")}

    answer = browser.post(form.get("action"), data=fields)

    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert browser.get(PAGE).status_code == 200


def test_over_https_the_cookie_is_secure_and_ours_alone(site):
    """`__Host-` keeps the stores beside us from planting a session."""
    browser = Site(site.shop, scheme="https").browser()

    cookie = browser.post("/welcome", data={"token": TOKEN}).headers["Set-Cookie"]

    assert cookie.startswith("__Host-owner=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_of_many_presses_at_once_one_signs_in(site):
    """Eight browsers behind a barrier."""
    barrier = threading.Barrier(8)

    def press(_: int) -> int:
        browser = site.browser()
        barrier.wait()
        return browser.post("/welcome", data={"token": TOKEN}).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(press, range(8)))

    assert statuses == [303] + [410] * 7
    assert len(site.shop.audit("owner.signed_in")) == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_expired_link_offers_a_new_one(site, method):
    """It says what happened and has the form; nobody is signed in."""
    site.now += timedelta(days=7)

    answer = site.browser().open(
        "/welcome", method=method, query_string={"token": TOKEN}, data={"token": TOKEN}
    )

    assert (answer.status_code, "Set-Cookie" in answer.headers) == (410, False)
    assert "has expired" in answer.text
    assert 'action="/welcome/new-link"' in answer.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_used_link_offers_a_new_one(site, method):
    site.browser().post("/welcome", data={"token": TOKEN})

    answer = site.browser().open(
        "/welcome", method=method, query_string={"token": TOKEN}, data={"token": TOKEN}
    )

    assert (answer.status_code, "Set-Cookie" in answer.headers) == (410, False)
    assert "has done its job" in answer.text
    assert 'action="/welcome/new-link"' in answer.text


@pytest.mark.parametrize("token", ["", "never-sent", "%00", "%ff%fe", "x" * 3000])
def test_a_token_that_nobody_sent_opens_nothing(site, token):
    answer = site.browser().get(f"/welcome?token={token}")

    assert answer.status_code == 404
    assert 'action="/welcome/new-link"' in answer.text


def test_an_old_link_still_leads_a_signed_in_owner_home(site):
    """Who opens the mail again while signed in wants the dashboard, not a lesson."""
    answer = site.browser("u1").get("/welcome?token=never-sent", follow_redirects=True)

    assert answer.request.path == PAGE
    assert answer.status_code == 200


@pytest.mark.parametrize("lock", [lambda a: a.set_disabled("u1", True), lambda a: a.remove("u1")])
def test_a_locked_account_does_not_come_in(site, lock):
    """The link is not spent either: it works once the account is unlocked."""
    lock(site.accounts)

    answer = site.browser().post("/welcome", data={"token": TOKEN})

    assert (answer.status_code, "Set-Cookie" in answer.headers) == (403, False)
    assert read_welcome(site.documents, TOKEN).used_at is None


# --- New links


def test_the_answer_tells_nothing(site):
    """An owner, a stranger, an account without a store, and asking too often: one and the same answer, in the same time."""
    answers = [
        site.browser().post("/welcome/new-link", data={"email": email})
        for email in (Shop.email, Shop.email, "stranger@example.com", "other@example.com")
    ]

    assert {(a.status_code, a.text, tuple(a.headers)) for a in answers} == {
        (200, answers[0].text, tuple(answers[0].headers))
    }
    assert site.slept == [LINK_ANSWER_SECONDS] * 4
    assert len(site.shop.mailer.mails) == 1


def test_what_is_no_address_is_said(site):
    """That tells nothing about anybody; what was typed stays, escaped."""
    answer = site.browser().post("/welcome/new-link", data={"email": '"><script>x</script>'})

    field = parse(answer.text).find(".//input[@name='email']")
    assert answer.status_code == 400
    assert field.get("value") == '"><script>x</script>'
    assert field.get("aria-invalid") == "true"
    assert "<script" not in answer.text


# --- Who may enter


def changed(token: str) -> str:
    """Another signature. The last character would not do: some of its bits are padding."""
    return token[:-5] + ("B" if token[-5] == "A" else "A") + token[-4:]


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/look", "/dashboard"])
def test_without_a_session_there_is_a_way_to_get_one(site, path):
    answer = site.browser().get(path)

    assert answer.status_code == 401
    assert 'action="/welcome/new-link"' in answer.text
    assert "Awesome" not in answer.text


@pytest.mark.parametrize(
    "forge",
    [
        lambda tokens: "u1",
        lambda tokens: changed(tokens.session("u1")),
        lambda tokens: Tokens("a secret that is not ours").session("u1"),
        lambda tokens: tokens.preview("u1"),
        lambda tokens: "",
    ],
    ids=["plain", "changed", "another secret", "another purpose", "empty"],
)
def test_a_forged_session_is_none(site, forge):
    browser = site.browser()
    browser.set_cookie("owner", forge(site.tokens))

    assert browser.get(PAGE).status_code == 401
    assert browser.post(f"{PAGE}/go-live", data={"form_token": ""}).status_code == 401


@pytest.mark.parametrize("store_id", ["s1", "s9", "..", "s1%2Fmembers", "%00", "a b"])
def test_another_owners_store_is_not_there(site, store_id):
    """The same 404 as for a store that does not exist, whatever is asked of it."""
    browser = site.browser("u2")
    page = f"/dashboard/stores/{store_id}"

    assert browser.get(page).status_code == 404
    assert browser.get(f"{page}/look").status_code == 404
    assert browser.post(f"{page}/go-live").status_code == 404
    assert site.status() == "READY"


def test_a_right_that_is_taken_away_ends_at_once(site):
    """The session goes on, the membership decides."""
    browser = site.browser("u1")
    assert browser.get(PAGE).status_code == 200

    site.documents.commit([Delete("tenants/s1/members/u1")])

    assert browser.get(PAGE).status_code == 404


def test_a_locked_account_is_out_at_once(site):
    browser = site.browser("u1")
    site.accounts.set_disabled("u1", True)

    assert browser.get(PAGE).status_code == 401


def test_the_way_home_leads_to_the_newest_store(site):
    site.shop.add_store("s2", "u1", created_at=site.now + timedelta(days=1))

    assert site.browser("u1").get("/dashboard").headers["Location"] == "/dashboard/stores/s2"
    assert site.browser("u2").get("/dashboard").status_code == 404


# --- The dashboard


def test_it_shows_the_store_and_what_is_to_do(site):
    """Name, status, address, plan with limits, theme, checklist and tasks, as they stand in the documents."""
    wanted = ActivationRequest(
        merchant_id="m1",
        store_id="s1",
        store_name="Awesome Store",
        owner_email=Shop.email,
        subdomain="awesome-store",
        integrations=Integrations(stripe=True),
    )
    site.documents.commit([task_write("s1", task) for task in tasks_for(wanted, site.now)])

    page = parse(site.browser("u1").get(PAGE).text)

    text = words(page.find("body"))
    for shown in (
        "Not open yet",
        "awesome-store.localhost:8080",
        "Professional",
        "$79.99 a month",
        "1,000",
        "50 GB",
        "Upfront Modern",
        "Version 1.0.0",
        "1 of 7 done",
        "Take cards with Stripe",
        "only you can connect it",
        "Your part:",
    ):
        assert shown in text
    assert words(page.find(".//h1")) == "Awesome Store"
    assert (page.find(".//progress").get("value"), page.find(".//progress").get("max")) == ("1", "7")


def test_the_preview_opens_this_store_and_no_other(site):
    """The token in the address is good for `s1` alone."""
    page = parse(site.browser("u1").get(PAGE).text)

    address, _, token = page.find(".//input[@id='preview-address']").get("value").partition("/?preview=")
    assert address == "http://awesome-store.localhost:8080"
    assert site.tokens.opens_preview(token, "s1")
    assert not site.tokens.opens_preview(token, "s2")


def test_looking_at_the_store_is_noticed(site):
    """The button leads to the preview, and the checklist knows it."""
    browser = site.browser("u1")

    answer = browser.get(f"{PAGE}/look")

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("http://awesome-store.localhost:8080/?preview=")
    done = [words(item) for item in parse(browser.get(PAGE).text).findall(".//li[@class='item done']")]
    assert "Done: Look at your store" in done


def test_a_live_store_needs_no_preview(site):
    site.documents.commit([Update("stores/s1", {"status": "ACTIVE", "live_at": site.now})])
    browser = site.browser("u1")

    assert browser.get(f"{PAGE}/look").headers["Location"] == "http://awesome-store.localhost:8080"
    assert "preview=" not in browser.get(PAGE).text


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}{% x %}"]
)
def test_hostile_names_are_only_names(site, name):
    """On the welcome page and on the dashboard: text, never markup or template."""
    site.documents.commit([Update("stores/s1", {"name": name})])
    browser = site.browser("u1")

    for path in (f"/welcome?token={TOKEN}", PAGE):
        page = parse(browser.get(path).text)
        heading = page.find(".//h1")
        assert "".join(heading.itertext()) == name
        assert len(heading) == 0
        assert {element.tag for element in page.iter()}.isdisjoint({"script", "img"})


@pytest.mark.parametrize("status", ["CREATING", "READY", "ACTIVE", "SUSPENDED", "ARCHIVED"])
def test_every_status_has_a_page(site, status):
    """Valid HTML, and a button to go live for READY alone."""
    site.documents.commit([Update("stores/s1", {"status": status})])

    answer = site.browser("u1").get(PAGE)

    page = parse(answer.text)
    actions = [form.get("action") for form in page.iter("form")]
    assert answer.status_code == 200
    assert (f"{PAGE}/go-live" in actions) == (status == "READY")


# --- Going live


def test_going_live_happens_once(site):
    """READY becomes ACTIVE, with one entry, however often the button is pressed."""
    browser = site.browser("u1")
    token = form_token(browser)

    answers = [browser.post(f"{PAGE}/go-live", data={"form_token": token}) for _ in range(2)]

    assert [(a.status_code, a.headers["Location"]) for a in answers] == [(303, PAGE)] * 2
    assert site.status() == "ACTIVE"
    assert len(site.shop.audit("store.went_live")) == 1
    assert "Your doors are open" in browser.get(PAGE).text
    site.now += timedelta(days=1)
    assert "Your store is live" in browser.get(PAGE).text


def test_a_store_without_a_website_says_so(site):
    """409, the reason on the page, and nothing changed."""
    site.documents.commit([Update("deployments/s1", {"live": None})])
    browser = site.browser("u1")
    page = parse(browser.get(PAGE).text)
    assert page.find(f".//form[@action='{PAGE}/go-live']/button").get("disabled") is not None

    answer = browser.post(f"{PAGE}/go-live", data={"form_token": form_token(browser)})

    assert answer.status_code == 409
    assert "not published yet" in words(parse(answer.text).find(".//p[@role='alert']"))
    assert site.status() == "READY"


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é", "of another session"])
def test_a_form_that_is_not_ours_does_nothing(site, token):
    """Missing, wrong, not ASCII, or made for somebody else's session."""
    browser = site.browser("u1")
    if token == "of another session":
        token = site.tokens.form(site.tokens.session("u2"))

    answer = browser.post(f"{PAGE}/go-live", data={} if token is None else {"form_token": token})

    assert answer.status_code == 403
    assert site.status() == "READY"


@pytest.mark.parametrize("origin", ["cross-site", "same-site", "none"])
@pytest.mark.parametrize("path", [f"{PAGE}/go-live", "/welcome", "/welcome/new-link", "/dashboard/sign-out"])
def test_a_form_on_another_page_does_nothing(site, path, origin):
    """Not even on a store beside us, and not even with the right tokens: nobody can be signed in as somebody else."""
    browser = site.browser("u1")
    data = {"form_token": form_token(browser), "token": TOKEN, "email": Shop.email}

    answer = browser.post(path, data=data, headers={"Sec-Fetch-Site": origin})

    assert (answer.status_code, "Set-Cookie" in answer.headers) == (403, False)
    assert site.status() == "READY"
    assert site.shop.mailer.mails == []
    assert read_welcome(site.documents, TOKEN).used_at is None


def test_signing_out_ends_the_session(site):
    """Only with our own form; afterwards the dashboard asks for sign-in."""
    browser = site.browser("u1")
    assert browser.post("/dashboard/sign-out").status_code == 403
    assert browser.get(PAGE).status_code == 200

    answer = browser.post("/dashboard/sign-out", data={"form_token": form_token(browser)})

    assert answer.status_code == 303
    assert browser.get(PAGE).status_code == 401


# --- Every page


@pytest.mark.parametrize(
    "path", [f"/welcome?token={TOKEN}", "/welcome?token=x", PAGE, "/dashboard/stores/s9", "/dashboard"]
)
@pytest.mark.parametrize("uid", [None, "u1"])
def test_every_page_is_valid_private_and_runs_nothing(site, path, uid):
    """A strict policy that the page itself keeps: no script, no inline style, nothing kept in caches."""
    answer = site.browser(uid).get(path, follow_redirects=True)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    page = parse(answer.text)
    assert {element.tag for element in page.iter()}.isdisjoint({"script", "style"})
    assert not any(element.get("style") for element in page.iter())
    assert not any(name.startswith("on") for element in page.iter() for name in element.attrib)


def test_the_style_sheet_is_kept_for_a_year_under_its_hash(site):
    """The page names the file that is served; another name is nothing, and is never kept."""
    browser = site.browser()
    sheet = parse(browser.get(PAGE).text).find(".//link[@rel='stylesheet']").get("href")

    answer = browser.get(sheet)

    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    stale = browser.get("/dashboard/assets/dashboard.000000000000.css")
    assert (stale.status_code, stale.headers["Cache-Control"]) == (404, "no-store")


def test_a_form_too_large_is_refused(site):
    answer = site.browser().post("/welcome/new-link", data={"email": "a" * MAX_FORM_BYTES})

    assert answer.status_code == 413


def test_a_database_that_does_not_answer_is_a_page_too(site, monkeypatch):
    """503 with a time to come back, and no word of what is behind."""

    def fail(*_: object) -> None:
        raise Transient("firestore at 10.0.0.1 timed out")

    monkeypatch.setattr(site.documents, "get_all", fail)

    answer = site.browser("u1").get(PAGE)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "10.0.0.1" not in answer.text


# --- In a browser


@pytest.mark.browser
def test_a_person_comes_in_goes_live_and_leaves(site):
    """Chromium, with its own rules for cookies, forms and the policy: link, dashboard, Go live, sign out; nothing is refused."""
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("Chromium is not installed")
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    refused: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-quic"]
        )
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.on("console", lambda message: refused.append(message.text))

        page.goto(f"http://localhost:{server.port}/welcome?token={TOKEN}")
        page.get_by_role("button", name="Open my dashboard").click()
        page.get_by_role("button", name="Go live").click()
        page.get_by_role("heading", name="Your doors are open").wait_for()
        width = page.evaluate("document.documentElement.scrollWidth")
        assert refused == []
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("heading", name="Sign in to your store").wait_for()
        browser.close()
    server.shutdown()
    server.server_close()

    assert width == 390
    assert site.status() == "ACTIVE"
