"""The reader of pages finds every mistake that it says it finds, and none where there is none."""

from __future__ import annotations

import pytest

from provisioning.sites.markup import Link, examine


def page(body: str = "", head: str = "", *, h1: str = "<h1>Lamps</h1>") -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Lamps</title>'
        f'<meta name="viewport" content="width=device-width">{head}</head>'
        f"<body><main>{h1}{body}</main></body></html>\n"
    )


def codes(html: str) -> list[str]:
    return [finding.code for finding in examine(html).findings]


VALID = [
    "",
    "<p>Ten &amp; more &lt;lamps&gt; &#39;here&#39; &#x27; &nbsp; > <br> end</p>",
    '<img src="/a.webp" alt="" width="10" height="20">',
    "<img src='/a.webp' alt='A \"lamp\"' width='10' height='20'/>",
    '<ul><li><a href="/x/">x</a></li></ul><dl><div><dt>a</dt><dd>b</dd></div></dl>',
    "<table><caption>c</caption><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>",
    '<form><label for="q">Find</label><input id="q" name="q"><input type="hidden" name="h"><button>Go</button></form>',
    '<label>Find <input name="q"></label><input aria-label="More">',
    "<details><summary><h2>More</h2></summary><p>text</p></details>",
    '<svg viewBox="0 0 1 1" aria-hidden="true"><title>t</title><path d="M0 0"/><linearGradient id="g"></linearGradient></svg>',
    '<script type="application/json">{"a": "<p>&"}</script><script src="/a.js" defer></script>',
    '<template><input name="later"></template>',
    '<picture><source type="image/avif" srcset="/a.avif 1x, /b.avif 2x"><img src="/a.webp" alt="" width="1" height="1"></picture>',
    '<a href="#top" id="top">up</a><!-- a comment - with < and & --><textarea aria-label="x"><b>&amp;</textarea>',
    '<select aria-label="s"><option value="1" selected>1</option></select>',
    '<P CLASS="x">Upper case</P>',
]


@pytest.mark.parametrize("body", VALID)
def test_what_is_valid_passes(body: str) -> None:
    assert examine(page(body)).findings == ()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<p>one <b>two</p></b>", "NOT_BALANCED"),
        ("</div>", "NOT_BALANCED"),
        ("<br></br>", "END_TAG"),
        ("<p>a < b</p>", "STRAY_BRACKET"),
        ("<p>a <3</p>", "STRAY_BRACKET"),
        ("<!-- never ends", "STRAY_BRACKET"),
        ("<p>salt & pepper</p>", "STRAY_AMPERSAND"),
        ("<p>&copy</p>", "STRAY_AMPERSAND"),
        ("<p>&nosuchthing;</p>", "STRAY_AMPERSAND"),
        ('<a href="/?a=1&b=2">x</a>', "STRAY_AMPERSAND"),
        ("<p class=big>x</p>", "ATTRIBUTE_SYNTAX"),
        ('<p class="a"id="b">x</p>', "ATTRIBUTE_SYNTAX"),
        ('<p class="a" class="b">x</p>', "DUPLICATE_ATTRIBUTE"),
        ("<p><div>x</div></p>", "BLOCK_IN_TEXT"),
        ("<h2><p>x</p></h2>", "BLOCK_IN_TEXT"),
        ("<button><span><ul><li>x</li></ul></span></button>", "BLOCK_IN_TEXT"),
        ("<li>x</li>", "WRONG_PARENT"),
        ("<ul><p>x</p></ul>", "WRONG_CHILD"),
        ("<table><tr><p>x</p></tr></table>", "WRONG_CHILD"),
        ("<picture><p>x</p></picture>", "WRONG_CHILD"),
        ("<option>x</option>", "WRONG_PARENT"),
        ("<form><form></form></form>", "WRONG_PARENT"),
        ("<main></main>", "NOT_ONE"),
        ("<h1>two</h1>", "NOT_ONE"),
        ('<a href="/x/"><button>x</button></a>', "NESTED_CONTROLS"),
        ('<a href="/x/">x <a href="/y/">y</a></a>', "NESTED_CONTROLS"),
        ('<p id="a">x</p><p id="a">y</p>', "DUPLICATE_ID"),
        ('<p id="a b">x</p>', "BAD_ID"),
        ('<p id="">x</p>', "BAD_ID"),
        ('<img src="/a.webp" width="1" height="1">', "NO_ALT"),
        ('<img src="/a.webp" alt="a" height="1">', "NO_SIZE"),
        ('<img src="/a.webp" alt="a" width="auto" height="1">', "NO_SIZE"),
        ("<script>alert(1)</script>", "INLINE_SCRIPT"),
        ('<script type="module">alert(1)</script>', "INLINE_SCRIPT"),
        ("<style>p{}</style>", "INLINE_STYLE"),
        ('<p style="color:red">x</p>', "INLINE_STYLE"),
        ('<p onclick="x()">x</p>', "EVENT_HANDLER"),
        ('<a href="javascript:alert(1)">x</a>', "SCRIPT_LINK"),
        ('<a href=" JaVaScRiPt:alert(1)">x</a>', "SCRIPT_LINK"),
        ('<a href="data:text/html,x">x</a>', "SCRIPT_LINK"),
        ('<a href="">x</a>', "EMPTY_LINK"),
        ('<input name="q">', "NO_LABEL"),
        ('<select name="s"><option>1</option></select>', "NO_LABEL"),
        ('<label for="gone">x</label>', "UNKNOWN_ID"),
        ('<p aria-describedby="gone">x</p>', "UNKNOWN_ID"),
        ('<p tabindex="3">x</p>', "TABINDEX"),
        ("<iframe src='https://player.vimeo.com/1'></iframe>", "NO_TITLE"),
        ("<p>never closed", "NOT_BALANCED"),
    ],
)
def test_a_mistake_is_found(body: str, code: str) -> None:
    """By its code, wherever it stands among what is right."""
    assert code in codes(page(f"<p>before</p>{body}<p>after</p>"))


@pytest.mark.parametrize(
    ("html", "code"),
    [
        (page().replace("<!doctype html>\n", ""), "NO_DOCTYPE"),
        (page().replace(' lang="en"', ""), "MISSING"),
        (page().replace('<meta charset="utf-8">', ""), "MISSING"),
        (page().replace("<title>Lamps</title>", "<title> </title>"), "MISSING"),
        (page().replace("<title>Lamps</title>", ""), "NOT_ONE"),
        (page(h1=""), "NOT_ONE"),
        (page().replace("</main>", ""), "NOT_BALANCED"),
        (page().replace("</body></html>", ""), "NOT_CLOSED"),
        (page(head="<p>x</p>"), "WRONG_CHILD"),
        ("", "NO_DOCTYPE"),
        ("\x00<", "STRAY_BRACKET"),
    ],
)
def test_a_page_as_a_whole_is_looked_at(html: str, code: str) -> None:
    assert code in codes(html)


def test_links_ids_and_data_are_gathered() -> None:
    """As they are meant: character references resolved; whether a browser loads them by itself."""
    found = examine(
        page(
            '<a href="/x/?a=1&amp;b=2#c" id="here">x</a><img src="/a.webp" srcset="/b.webp 1x" alt="" width="1" height="1">'
            '<script type="application/ld+json">{"@type": "Product"}</script>',
            '<link rel="canonical" href="https://a.example/"><link rel="stylesheet" href="/a.css">'
            '<meta property="og:image" content="https://a.example/a.webp">',
        )
    )

    assert found.findings == ()
    assert found.ids == {"here"}
    assert found.canonical == "https://a.example/"
    assert found.linked_data == ('{"@type": "Product"}',)
    assert found.links == {
        Link("/x/?a=1&b=2#c", False),
        Link("/a.webp", True),
        Link("/b.webp", True),
        Link("/a.css", True),
        Link("https://a.example/", False),
        Link("https://a.example/a.webp", False),
    }


def test_hostile_pages_are_read_in_time() -> None:
    """No repetition makes the expressions slow."""
    for text in (
        "<" * 50_000,
        "<a " * 20_000,
        '<a b="' * 20_000,
        "<!--" * 20_000,
        "&" * 50_000,
        "<p a='" + "x " * 50_000,
    ):
        assert examine(page(text)).findings
