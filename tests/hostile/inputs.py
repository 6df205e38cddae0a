"""
The hostile inputs, numbered as in the list of 156 that the project keeps (design, reliability: section e).

A row says what is sent and what must become of it. A number is in a table here, or in `STORIES` (a test of its own, because it is a story and
not a value), or in `NOT_YET` (what it attacks does not exist; with the issue that will bring it).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Surface(StrEnum):
    """Where the fields of an activation can arrive."""

    #: `POST merchants/{id}/activate`.
    API = "api"
    #: A merchant's saved choices, used by `POST /provision/store`.
    MERCHANT = "merchant"
    #: The activation request itself, written by a portal that checks nothing.
    DOCUMENT = "document"
    #: `provisioning activate FILE`.
    FILE = "file"
    #: `provisioning activate --subdomain …`.
    OPTION = "option"


EVERYWHERE = frozenset(Surface)
#: What no document can hold, whoever writes it.
NOT_IN_DOCUMENTS = EVERYWHERE - {Surface.DOCUMENT, Surface.MERCHANT}
AS_JSON = frozenset({Surface.API, Surface.FILE, Surface.DOCUMENT})


@dataclass(frozen=True, slots=True)
class Field:
    """A value for one field of an activation."""

    number: int
    name: str
    value: Any
    #: The code of the refusal; None where the value is honest and must be accepted.
    code: str | None
    where: frozenset[Surface] = EVERYWHERE
    #: Status and code of the API where it refuses the whole body.
    api: tuple[int, str] | None = None

    @property
    def id(self) -> str:
        return f"{self.number}-{self.name}-{ascii(self.value)[:30]}"


def _subdomains(code: str | None, values: dict[int, tuple[Any, ...]]) -> list[Field]:
    return [Field(number, "subdomain", value, code) for number, some in values.items() for value in some]


_WELL_KNOWN = (
    "www admin api app mail smtp imap ftp ns1 autodiscover autoconfig wpad isatap localhost mta-sts status cdn static assets "
    "login auth sso billing support docs dev staging internal metadata root postmaster hostmaster abuse security"
)

SUBDOMAINS = [
    *_subdomains("WRONG_LENGTH", {1: ("",), 2: ("a", "ab"), 3: ("a" * 64,), 22: ("..",)}),
    # DNS takes 63; ours end at 40, so that `www.` and suggestions still fit.
    *_subdomains("WRONG_LENGTH", {4: ("a" * 63, "a" * 41)}),
    *_subdomains(None, {4: ("a" * 40,), 2: ("abc",)}),
    *_subdomains("UPPER_CASE", {5: ("Shop", "SHOP-1", "shoP"), 19: ("shop\r\nX-H: y",)}),
    *_subdomains(
        "NOT_A_LABEL",
        {
            6: ("-shop",),
            7: ("shop-",),
            8: ("sh--op", "s--hop"),
            9: ("xn--80ak6aa92e",),
            10: ("xn--shop",),
            11: ("sh\u043ep",),
            12: ("\u212aelvin",),
            13: ("\uff53hop",),
            14: ("\ufb01ne-shop",),
            15: ("\u0131stanbul",),
            16: ("sh\u200bop", "shop\ufeff"),
            17: ("\u202eshop",),
            18: ("shop\n", "\nshop", "shop\r"),
            19: ("shop\r\nx-h: y",),
            21: ("shop.evil", "shop."),
            23: ("shop/../x", "shop/x"),
            24: ("%2e%2e",),
            25: ("shop%00",),
            26: ("@shop", "user@shop"),
            27: ("shop:80",),
            28: ("shop#",),
            29: ("shop?",),
            30: ("shop_1",),
            31: ("127", "2130706433", "1-2-3"),
            32: ("\u0663shop",),
            33: ("shop\U0001f6d2", "\U0001f6d2\U0001f6d2\U0001f6d2"),
        },
    ),
    *_subdomains("NOT_A_LABEL", {20: ("shop\x00", "\x00shop")}),
    # Never a whole host name, so never an address: a browser reads numbers in the last label alone.
    *_subdomains(None, {31: ("0x7f", "1-800-flowers")}),
    *_subdomains("RESERVED", {34: tuple(_WELL_KNOWN.split())}),
    *_subdomains("NOT_A_LABEL", {34: ("_dmarc",)}),
    # Policy: what merely looks like a reserved name is taken; a rule against it would refuse honest names (`shop24`).
    *_subdomains(None, {35: ("admin1", "adrnin")}),
    *[
        Field(38, "subdomain", value, "NOT_TEXT")
        for value in (["shop"], {"shop": "shop"}, 7, 7.5, True, [], {})
    ],
    Field(38, "subdomain", None, "NOT_TEXT", AS_JSON),
    Field(
        39,
        "subdomain",
        "a" * 1_000_000,
        "WRONG_LENGTH",
        EVERYWHERE - {Surface.OPTION},
        api=(413, "REQUEST_ENTITY_TOO_LARGE"),
    ),
]

NAMES = [
    *[
        Field(number, "store_name", value, None)
        for number, value in {
            40: "{{7*7}}",
            41: "{{ ''.__class__.__mro__ }}",
            42: "{% for i in range(10**9) %}x{% endfor %}",
            43: "{{ 'a'*10**9 }}",
            44: "<script>alert(1)</script>",
            45: "x onmouseover=alert(1)",
            46: "javascript:alert(1)",
            47: "</script><svg onload=alert(1)>",
            48: '"><img src=x onerror=alert(1)>',
            49: "};background:url(//evil.example)",
            51: '=HYPERLINK("http://evil.example","x")',
            52: "${{7*7}} <%= 7*7 %> #{7*7} [[7*7]]",
            112: "\U0001f6d2" * 80,
        }.items()
    ],
    *[
        Field(50, "store_name", value, "UNSEEN_CHARACTERS")
        for value in ("Name\r\nBcc: x@y", "Name\nBcc: x@y")
    ],
    *[
        Field(50, "owner_email", value, "NOT_AN_EMAIL")
        for value in (
            "owner@example.com\r\nBcc: victim@example.com",
            "owner@example.com\n",
            "owner@example.com, victim@example.com",
            "Owner <owner@example.com>",
            '"a b"@example.com',
            "owner@[127.0.0.1]",
            "owner@localhost",
            "owner@example.com\x00",
            "\u043ewner@example.com",
        )
    ],
    *[
        Field(53, "store_name", value, "UNSEEN_CHARACTERS")
        for value in ("\u202eerotS", "Store\u2066x\u2069", "Sto\u200bre", "Store\u2028x", "\ufeffStore")
    ],
    Field(53, "store_name", "a" + "\u0301" * 10_000, "TOO_LONG"),
    Field(54, "store_name", "Store \ud800", "NOT_UNICODE", NOT_IN_DOCUMENTS, api=(400, "NOT_JSON")),
    Field(54, "owner_email", "\udfff@example.com", "NOT_UNICODE", NOT_IN_DOCUMENTS, api=(400, "NOT_JSON")),
    Field(55, "store_name", "Store\x00Name", "UNSEEN_CHARACTERS"),
    Field(55, "theme", "upfront-modern\x00", "WRONG_FORM"),
    Field(56, "store_name", "x" * 100_000, "TOO_LONG", api=(413, "REQUEST_ENTITY_TOO_LARGE")),
    *[Field(56, "store_name", value, "NOT_TRIMMED") for value in (" ", " Store", "Store ", "\u3000")],
    *[
        Field(46, "custom_domain", value, "NOT_A_DOMAIN", EVERYWHERE - {Surface.MERCHANT})
        for value in (
            "javascript:alert(1)",
            "https://shop.example.com/",
            "shop.example.com/x",
            "shop example.com",
        )
    ],
]

#: The reference's addresses as a custom domain: nothing opens it yet, and nothing of the kind may wait there for the day that does.
CUSTOM_DOMAINS = [
    *[
        Field(number, "custom_domain", value, "NOT_A_DOMAIN", EVERYWHERE - {Surface.MERCHANT})
        for number, values in {
            75: ("127.0.0.1",),
            76: ("127.1",),
            77: ("0x7f000001", "shop.0x7f"),
            78: ("2130706433",),
            79: ("017700000001",),
            80: ("[::1]",),
            81: ("::ffff:127.0.0.1",),
            82: ("169.254.169.254",),
            83: ("metadata.google.internal", "shop.local", "shop.test", "abc.onion", "1.in-addr.arpa"),
            84: ("[::ffff:a9fe:a9fe]",),
            85: ("0.0.0.0",),
            86: ("fd00::1",),
            87: ("100.64.0.1",),
            88: ("localhost.", "localhost", "shop.localhost"),
            91: ("good.example.com@evil.example", "evil.example#good", "good%00.evil.example"),
            95: (
                "xn--80ak6aa92e.com",
                "shop.xn--p1ai",
                "\u0430\u0440\u0440\u04cf\u0435.com",
                "shop.example.com.",
                "SHOP.example.com",
                "-shop.example.com",
                "shop..example.com",
            ),
        }.items()
        for value in values
    ],
    Field(95, "custom_domain", "a." * 125 + "com.com", "TOO_LONG", EVERYWHERE - {Surface.MERCHANT}),
    Field(95, "custom_domain", "shop.example.com", None, EVERYWHERE - {Surface.MERCHANT}),
]

_STORE_ID = AS_JSON
IDS = [
    *[
        Field(number, "store_id", value, code, _STORE_ID)
        for number, value, code in (
            (105, "a/b/c", "WRONG_FORM"),
            (105, "s1/products/p1", "WRONG_FORM"),
            (106, ".", "WRONG_FORM"),
            (106, "..", "WRONG_FORM"),
            (106, "__x__", "WRONG_FORM"),
            (106, "", "TOO_SHORT"),
            (106, "x" * 1501, "TOO_LONG"),
            (106, "x" * 129, "TOO_LONG"),
            (106, "s1\n", "WRONG_FORM"),
            (106, "s1 ", "WRONG_FORM"),
            (106, "\u0661", "WRONG_FORM"),
            (106, "x" * 128, None),
            (38, 7, "NOT_TEXT"),
            (38, ["s1"], "NOT_TEXT"),
        )
    ],
    *[
        Field(105, name, value, "WRONG_FORM")
        for name in ("theme", "plan")
        for value in ("../upfront-modern", "a/b", "upfront-modern\n", "Upfront", "a--b", "-a", "__x__")
    ],
    *[
        Field(
            105,
            "merchant_id",
            value,
            "WRONG_FORM",
            frozenset({Surface.DOCUMENT, Surface.FILE, Surface.OPTION}),
        )
        for value in ("a/b", "..", "__x__", "m1\n", "m1/../m2")
    ],
]

OTHERS = [
    *[
        Field(number, name, value, code, AS_JSON)
        for number, name, value, code in (
            (98, "store_name", 9223372036854775807, "NOT_TEXT"),
            (100, "store_name", -0.0, "NOT_TEXT"),
            (107, "integrations.stripe", True, "UNKNOWN_FIELD"),
            (109, "integrations", {"stripe": {"a": {"b": {"c": [{"d": 1}]}}}}, "NOT_YES_OR_NO"),
            (111, "integrations", {"tenant_id": True}, "UNKNOWN_FIELD"),
            (111, "integrations", {"stripe": "yes"}, "NOT_YES_OR_NO"),
            (111, "integrations", {"stripe": 1}, "NOT_YES_OR_NO"),
            (38, "integrations", ["stripe"], "NOT_AN_OBJECT"),
            (38, "integrations", None, "NOT_AN_OBJECT"),
            (38, "category", ["electronics"], "NOT_A_CHOICE"),
            (38, "category", True, "NOT_A_CHOICE"),
            (5, "category", "Electronics", "NOT_A_CHOICE"),
            (5, "launch", "IMMEDIATELY", "NOT_A_CHOICE"),
            (38, "launch", {"immediately": True}, "NOT_A_CHOICE"),
            *[
                (111, name, value, "UNKNOWN_FIELD")
                for name, value in {
                    "constructor": 1,
                    "tenant_id": "t2",
                    "state": "COMPLETED",
                    "status": "COMPLETED",
                    "epoch": 99,
                    "engine": {"owner": "me"},
                    "hostname": "bank.localhost",
                    "provisioning_id": "p2",
                    "owner_uid": "u2",
                    "role": "admin",
                }.items()
            ],
        )
    ],
    # No document has such names: the store refuses them.
    *[
        Field(number, name, 1, "UNKNOWN_FIELD", frozenset({Surface.API, Surface.FILE}))
        for number, name in ((111, "__proto__"), (107, "__x__"), (107, ""), (107, "x" * 1501))
    ],
    Field(108, "integrations", [["stripe"]], "NOT_AN_OBJECT", frozenset({Surface.API, Surface.FILE})),
    Field(110, "store_name", "x" * 1_048_488, "TOO_LONG", frozenset({Surface.FILE})),
    Field(110, "unknown", "x" * 1_000_000, "UNKNOWN_FIELD", frozenset({Surface.DOCUMENT, Surface.FILE})),
]

#: What only the document itself can say.
DOCUMENT = frozenset({Surface.DOCUMENT})
DOCUMENT_ONLY = [
    Field(111, "picked_up", "yes", "NOT_YES_OR_NO", DOCUMENT),
    Field(111, "picked_up", 1, "NOT_YES_OR_NO", DOCUMENT),
    Field(111, "requested_by", "u1\nsecond line", "UNSEEN_CHARACTERS", DOCUMENT),
    Field(55, "requested_by", "u1\x00", "UNSEEN_CHARACTERS", DOCUMENT),
    Field(112, "requested_by", "x" * 1_501, "TOO_LONG", DOCUMENT),
    Field(111, "requested_at", "yesterday", "NOT_A_TIME", DOCUMENT),
    Field(111, "requested_at", "2026-11-21T04:00:00", "NOT_A_TIME", DOCUMENT),
    Field(100, "requested_at", "9999-12-31T23:59:59-23:59", "NOT_A_TIME", DOCUMENT),
    Field(100, "requested_at", "0001-01-01T00:00:00+23:59", "NOT_A_TIME", DOCUMENT),
    Field(100, "requested_at", 10**18, "NOT_A_TIME", DOCUMENT),
    Field(100, "requested_at", 1e300, "NOT_A_TIME", DOCUMENT),
    Field(100, "requested_at", True, "NOT_A_TIME", DOCUMENT),
    Field(111, "requested_at", "2026-11-21T04:00:00Z", None, DOCUMENT),
]

FIELDS: list[Field] = [*SUBDOMAINS, *NAMES, *CUSTOM_DOMAINS, *IDS, *OTHERS, *DOCUMENT_ONLY]


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes that are sent as a whole, as JSON."""

    number: int
    what: str
    data: bytes
    api: tuple[int, str] = (400, "NOT_JSON")
    #: Whether a file of it is JSON for the command line.
    readable: bool = False

    @property
    def id(self) -> str:
        return f"{self.number}-{self.what}"


BODIES = [
    Body(96, "NaN", b'{"store_name": NaN}'),
    Body(96, "infinite", b'{"store_name": -Infinity}'),
    Body(97, "1e400", b'{"store_name": 1e400}'),
    Body(
        98, "more than 64 bits", b'{"store_name": 9223372036854775808}', (422, "INVALID_INPUT"), readable=True
    ),
    Body(99, "5,000 digits", b'{"store_name": ' + b"9" * 5_000 + b"}"),
    Body(101, "a name twice", b'{"store_name": "A", "store_name": "B"}'),
    Body(101, "a name twice inside", b'{"integrations": {"stripe": true, "stripe": false}}'),
    Body(102, "20,000 lists", b"[" * 20_000 + b"]" * 20_000),
    Body(102, "20,000 maps", b'{"a":' * 9_000 + b"1" + b"}" * 9_000),
    Body(103, "invalid UTF-8", b'{"store_name": "\xff\xfe"}'),
    Body(103, "UTF-16", '{"store_name": "A"}'.encode("utf-16")),
    Body(103, "a surrogate in UTF-8", b'{"store_name": "\xed\xa0\x80"}'),
    Body(
        104,
        "32 MB",
        b'{"store_name": "' + b"x" * (32 * 1024 * 1024) + b'"}',
        (413, "REQUEST_ENTITY_TOO_LARGE"),
    ),
    Body(104, "gzip", b"\x1f\x8b\x08\x00" + b"\x00" * 200),
    Body(107, "an empty name", b'{"": 1}', (422, "INVALID_INPUT"), readable=True),
    Body(108, "a list in a list", b'{"store_name": [["a"]]}', (422, "INVALID_INPUT"), readable=True),
    Body(109, "25 levels", b'{"a":' * 25 + b"1" + b"}" * 25),
    Body(38, "a list", b'["store_name"]', (422, "INVALID_INPUT")),
    Body(38, "null", b"null", (422, "INVALID_INPUT")),
    Body(54, "half a pair", b'{"store_name": "\\ud800"}'),
    Body(55, "NUL", b'{"store_name": "\x00"}'),
]

#: Segments of a path, percent-encoded as they stand on the wire.
SEGMENTS: list[tuple[int, str]] = [
    (105, "a%2Fb%2Fc"),
    (105, "a/b/c"),
    (105, "..%2F..%2Fthemes"),
    (105, "a%5Cb"),
    (106, "."),
    (106, ".."),
    (106, "%2e%2e"),
    (106, "__x__"),
    (106, "__id__"),
    (106, "%20"),
    (106, "x" * 1501),
    (18, "m1%0A"),
    (19, "m1%0D%0AX-H:%20y"),
    (20, "m1%00"),
    (25, "%2500"),
    (54, "%ED%A0%80"),
    (103, "%FF%FE"),
    (12, "%E2%84%AA"),
    (24, "%252e%252e"),
    (28, "m1%23"),
    (29, "m1%3F"),
    (40, "%7B%7B7*7%7D%7D"),
    (44, "%3Cscript%3E"),
    (33, "%F0%9F%9B%92"),
    (150, "%7B%22severity%22:%22ERROR%22%7D"),
]

#: Hosts as they may stand in a request, however no browser would write them.
HOSTS: list[tuple[int, str]] = [
    *[
        (row.number, f"{row.value}.localhost")
        for row in SUBDOMAINS
        if isinstance(row.value, str)
        and row.code
        and row.value
        and len(row.value) < 200
        and row.code != "UPPER_CASE"
    ],
    (1, ""),
    (1, ".localhost"),
    (39, "a" * 1_000_000),
    (75, "127.0.0.1"),
    (80, "[::1]"),
    (81, "[::ffff:127.0.0.1]:8080"),
    (82, "169.254.169.254"),
    (83, "metadata.google.internal"),
    (91, "open-store.localhost@evil.example"),
    (91, "evil.example#open-store.localhost"),
    (88, "localhost.."),
    (27, "open-store.localhost:99999999"),
    (27, "open-store.localhost:-1"),
    (27, "open-store.localhost:80:80"),
    (105, "open-store.localhost/../x"),
    (106, "__x__"),
    (106, ".."),
]

#: Paths and queries of a store that are not there, and must not become anything else.
TARGETS: list[tuple[int, str]] = [
    (23, "/../../etc/passwd"),
    (24, "/%2e%2e/%2e%2e/etc/passwd"),
    (24, "/%252e%252e/etc/passwd"),
    (25, "/products/%00"),
    (19, "/x%0d%0aSet-Cookie:%20a=b"),
    (19, "/products?x=%0d%0aSet-Cookie:%20a=b"),
    (40, "/{{7*7}}"),
    (44, "/<script>alert(1)</script>"),
    (46, "//evil.example/%2e%2e"),
    (46, "/\\evil.example"),
    (48, '/"><img src=x onerror=alert(1)>'),
    (39, "/" + "a" * 1_000_000),
    (102, "/" + "a/" * 10_000),
    (103, "/%ff%fe"),
    (54, "/%ed%a0%80"),
    (105, "/stores/s1/blobs/aa/bb"),
    (106, "/__x__"),
    (144, "/stores/s2/releases/live.json"),
    (144, "/tenants/s2/settings"),
    (155, "/.env"),
    (156, "/.git/config"),
    (156, "/_ah/admin"),
    (156, "/debug/vars"),
]

#: Addresses that a visitor must not open, for one that may open example.com and for one that may open this machine.
VISITS: list[tuple[int, str]] = [
    (75, "https://127.0.0.1/"),
    (76, "https://127.1/"),
    (77, "https://0x7f000001/"),
    (78, "https://2130706433/"),
    (79, "https://017700000001/"),
    (80, "https://[::1]/"),
    (81, "https://[::ffff:127.0.0.1]/"),
    (82, "https://169.254.169.254/computeMetadata/v1/"),
    (83, "https://metadata.google.internal/"),
    (84, "https://[::ffff:a9fe:a9fe]/"),
    (85, "https://0.0.0.0/"),
    (86, "https://[fd00::1]/"),
    (87, "https://100.64.0.1/"),
    (88, "https://localhost./"),
    (91, "https://shop.example.com@evil.example/"),
    (91, "https://evil.example#shop.example.com"),
    (91, "https://evil.example?shop.example.com"),
    (91, "https://shop.example.com%00.evil.example/"),
    (91, "https://evil.example\\.example.com/"),
    (91, "https://evil.example\t.example.com/"),
    (91, "https://shop.example.com:8443/"),
    (91, "http://shop.example.com/"),
    (95, "https://shop.example.com./"),
    (95, "https://shop.\uff45xample.com/"),
    (95, "https://shop.example\u3002com/"),
    (95, "https://xn--shop-.example.com.evil.example/"),
    (95, "https://" + "a." * 130 + "example.com.evil.example/"),
]

#: Numbers that are told as a story, by the tests of these names.
STORIES: dict[int, str] = {
    36: "test_stores:test_a_name_that_was_rolled_back_opens_nothing_of_the_old_store",
    37: "test_stores:test_two_requests_for_one_name_at_once",
    89: "test_visits:test_a_name_that_leads_inside_is_believed_only_with_our_certificate",
    90: "test_visits:test_a_redirect_to_the_metadata_server_is_not_followed",
    92: "test_visits:test_a_custom_domain_under_our_own_is_refused",
    113: "test_tokens:test_a_token_that_is_none_of_ours",
    114: "test_tokens:test_a_firebase_token_that_is_wrong",
    115: "test_tokens:test_a_firebase_token_that_is_wrong",
    116: "test_tokens:test_a_firebase_token_that_is_wrong",
    117: "test_tokens:test_a_firebase_token_that_is_wrong",
    118: "test_tokens:test_a_firebase_token_that_is_wrong",
    119: "test_tokens:test_a_firebase_token_that_is_wrong",
    120: "test_tokens:test_a_firebase_token_that_is_wrong",
    121: "test_tokens:test_a_firebase_token_that_is_wrong",
    122: "test_tokens:test_a_role_of_another_shape_is_no_role",
    123: "test_tokens:test_an_account_that_may_no_longer",
    124: "test_tokens:test_a_role_that_was_taken_away_counts_at_once",
    125: "test_tokens:test_a_firebase_token_that_is_wrong",
    127: "test_messages:test_a_forged_event_makes_nothing",
    128: "test_messages:test_other_methods_do_nothing",
    129: "test_messages:test_an_old_push_that_comes_again_changes_nothing",
    130: "test_bodies:test_a_key_is_one_merchants_and_a_key",
    131: "test_stores:test_an_owner_sees_no_other_store",
    138: "test_stores:test_an_owner_may_ask_nothing_of_the_admin_api",
    143: "test_stores:test_an_owner_may_ask_nothing_of_the_admin_api",
    144: "test_stores:test_a_store_does_not_serve_another_stores_files",
    145: "test_stores:test_nobody_learns_whose_address_has_a_store",
    146: "test_stores:test_an_owner_may_ask_nothing_of_the_admin_api",
    147: "test_secrets:test_an_exception_that_carries_a_key",
    148: "test_messages:test_hostile_bodies_are_filed_and_never_echoed",
    149: "test_secrets:test_no_representation_holds_a_secret",
    150: "test_secrets:test_a_log_line_cannot_be_forged",
    151: "test_secrets:test_an_address_with_a_token_is_not_logged",
    155: "test_secrets:test_a_whole_activation_keeps_every_secret",
    156: "test_secrets:test_nothing_of_the_process_is_served",
}

_THEMES = "no theme can be uploaded yet: «Themes, sites and releases»"
_DOMAINS = "no custom domain is verified yet; the field itself is tested: «On Google Cloud»"
_CLOUD = "rules and IAM do not exist yet: «On Google Cloud»"
_SECRETS = "nothing is encrypted by us yet: no payment keys are kept"
NOT_YET: dict[int, str] = {
    **dict.fromkeys(range(57, 75), _THEMES),
    93: _DOMAINS,
    94: _DOMAINS,
    126: f"who may push is decided by Cloud Run; {_CLOUD}",
    **dict.fromkeys((132, 133, 134, 135, 136, 137, 139, 140, 141, 142), _CLOUD),
    **dict.fromkeys((152, 153, 154), _SECRETS),
}


def in_tables() -> set[int]:
    """The numbers that stand in a table of values."""
    rows = {row.number for row in (*FIELDS, *BODIES)}
    return rows | {number for number, _ in (*SEGMENTS, *HOSTS, *TARGETS, *VISITS)}
