"""Rich text: what may stand in it, and that nothing else gets through."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.themes.richtext import BLOCKS, INLINE, sanitise


@pytest.mark.parametrize(
    ("text", "kind", "clean"),
    [
        ("Hello <b>you</b> &amp; <em>me</em>", "inline", "Hello <b>you</b> &amp; <em>me</em>"),
        (
            "<p>One</p><ul><li>Two</li></ul><h2>Three</h2>",
            "blocks",
            "<p>One</p><ul><li>Two</li></ul><h2>Three</h2>",
        ),
        ("<p>One</p><h1>Two</h1>", "inline", "OneTwo"),
        ("<h1>Title</h1>", "blocks", "Title"),
        ("<script>alert(1)</script>x", "blocks", "x"),
        ("<style>*{}</style><template>y</template>x", "blocks", "x"),
        ('<b onclick="x" style="x" class="x" id="x">y</b>', "inline", "<b>y</b>"),
        ("<img src=x onerror=alert(1)>", "blocks", ""),
        ('<iframe src="https://x.example"></iframe>', "blocks", ""),
        ('<a href="/collections/">x</a>', "inline", '<a href="/collections/">x</a>'),
        ('<a href="#main">x</a>', "inline", '<a href="#main">x</a>'),
        ('<a href="mailto:a@b.example">x</a>', "inline", '<a href="mailto:a@b.example">x</a>'),
        (
            '<a href="https://x.example/" target="_blank" rel="follow">x</a>',
            "inline",
            '<a href="https://x.example/" rel="noopener nofollow ugc">x</a>',
        ),
        ('<a href="javascript:alert(1)">x</a>', "inline", "<a>x</a>"),
        ('<a href=" jAvA\tscript:alert(1)">x</a>', "inline", "<a>x</a>"),
        ('<a href="//evil.example">x</a>', "inline", "<a>x</a>"),
        ('<a href="/\\evil.example">x</a>', "inline", "<a>x</a>"),
        ('<a href="data:text/html,x">x</a>', "inline", "<a>x</a>"),
        ("<b>open", "inline", "<b>open</b>"),
        ("1 < 2", "inline", "1 &lt; 2"),
    ],
)
def test_what_is_allowed_stays_and_the_rest_goes(text: str, kind: str, clean: str) -> None:
    assert sanitise(text, kind) == clean  # type: ignore[arg-type]


PIECES = st.sampled_from(
    ["<", ">", "</", '"', "'", "=", " ", "a", "script", "svg", "math", "style", "on", "href", "javascript:", "p", "/", "&", ";",
     "<!--", "-->", "x", "<a href=", "<p>", "</p>", "\x00", "\n", "<b ", "mtext", "noscript", "template", "https://x.example"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from(["inline", "blocks"]))
def test_only_known_elements_and_addresses_come_out(text: str, kind: str) -> None:
    """Whatever goes in; and what comes out is not changed by a second time."""
    clean = str(sanitise(text, kind))  # type: ignore[arg-type]
    for tag, attributes in re.findall(r"</?([a-z0-9]+)([^>]*)>", clean):
        assert tag in (INLINE if kind == "inline" else BLOCKS)
        assert not attributes or re.fullmatch(r' href="[^"]*"( rel="noopener nofollow ugc")?', attributes)
    assert "javascript:" not in "".join(re.findall(r'href="([^"]*)"', clean))
    assert sanitise(clean, kind) == clean  # type: ignore[arg-type]
