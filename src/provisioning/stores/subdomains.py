"""
Which labels may be a store's subdomain.

A strict ASCII label: 3 to 40 lower-case letters, digits and inner hyphens, at least one letter, no two hyphens together (so no
`xn--`: RFC 5890 keeps `--` in the third and fourth place for encoded names). Nothing is lower-cased or trimmed for the person:
U+212A KELVIN SIGN would lower-case into `k`.
"""

from __future__ import annotations

import re

from provisioning.errors import FieldError

MIN_LENGTH = 3
MAX_LENGTH = 40
PATTERN = r"[a-z0-9](?:[a-z0-9]|-(?!-)){1,38}[a-z0-9]"

_LABEL = re.compile(PATTERN)

#: Names that mean something to people, to mail (RFC 2142), to browsers or to us.
RESERVED = frozenset(
    [
        "www",
        "www1",
        "www2",
        "admin",
        "administrator",
        "api",
        "app",
        "apps",
        "assets",
        "auth",
        "account",
        "accounts",
        "billing",
        "blog",
        "cdn",
        "checkout",
        "cloud",
        "config",
        "console",
        "dashboard",
        "demo",
        "dev",
        "developer",
        "dns",
        "docs",
        "download",
        "email",
        "files",
        "ftp",
        "git",
        "help",
        "host",
        "hostmaster",
        "http",
        "https",
        "imap",
        "info",
        "internal",
        "invoice",
        "isatap",
        "legal",
        "localhost",
        "login",
        "logout",
        "mail",
        "mailer",
        "media",
        "metadata",
        "mobile",
        "monitor",
        "mta-sts",
        "mx",
        "news",
        "ns1",
        "ns2",
        "ns3",
        "oauth",
        "official",
        "ops",
        "owner",
        "partner",
        "partners",
        "pay",
        "payment",
        "payments",
        "platform",
        "pop",
        "pop3",
        "portal",
        "postmaster",
        "preview",
        "privacy",
        "prod",
        "production",
        "proxy",
        "public",
        "register",
        "root",
        "sales",
        "sandbox",
        "search",
        "secure",
        "security",
        "shop",
        "signin",
        "signup",
        "sites",
        "smtp",
        "sso",
        "ssl",
        "staff",
        "staging",
        "static",
        "stats",
        "status",
        "storage",
        "store",
        "stores",
        "support",
        "sys",
        "system",
        "terms",
        "test",
        "testing",
        "tls",
        "upfront",
        "user",
        "users",
        "vpn",
        "webmail",
        "webmaster",
        "welcome",
        "wpad",
        "autoconfig",
        "autodiscover",
        "abuse",
        "noreply",
        "no-reply",
    ]
)


def check_subdomain(value: object, field: str = "subdomain") -> FieldError | None:
    """What is wrong with `value` as a subdomain, or None."""
    if not isinstance(value, str):
        return FieldError(field, "NOT_TEXT", "must be text")
    if not MIN_LENGTH <= len(value) <= MAX_LENGTH:
        return FieldError(field, "WRONG_LENGTH", f"must be {MIN_LENGTH} to {MAX_LENGTH} characters long")
    if value != value.lower() and value.isascii():
        return FieldError(field, "UPPER_CASE", "must be in lower case")
    if not _LABEL.fullmatch(value) or value.replace("-", "").isdigit():
        return FieldError(
            field,
            "NOT_A_LABEL",
            "may hold only letters a to z, digits and single hyphens between them, and needs a letter",
        )
    if value in RESERVED:
        return FieldError(field, "RESERVED", f"'{value}' is reserved; choose another name")
    return None


def suggest_subdomains(label: str, *, limit: int = 8) -> list[str]:
    """Candidate names near `label` that follow the rules, best first. Whether they are free is for the caller to look up."""
    base = (
        re.sub(r"-{2,}", "-", re.sub(r"[^a-z0-9-]", "-", label.lower()))
        .strip("-")[: MAX_LENGTH - 7]
        .strip("-")
    )
    if len(base) < 2 or base.isdigit():
        base = "my-store"
    candidates = [
        base,
        f"{base}-shop",
        f"{base}-store",
        f"shop-{base}",
        f"the-{base}",
        f"{base}-2",
        f"{base}-3",
        f"{base}-hq",
    ]
    valid = dict.fromkeys(c for c in candidates if check_subdomain(c) is None)
    return list(valid)[:limit]
