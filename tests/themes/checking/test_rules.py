"""Each rule of the checker by one small theme that breaks it: told by its code, in the file, at the line."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest

from provisioning.themes.checking.findings import MOST_FINDINGS
from provisioning.themes.checking.rules import RULES, Severity
from provisioning.themes.checking.trials import check_pages

from .harbour import INDEX, MANIFEST, SCHEMA, SECTION, Change, base, check, harbour, parents, webp

SCHEMA_FILE = "config/settings_schema.json"
DATA_FILE = "config/settings_data.json"
NEWS = "sections/news.html"
NEWS_SCHEMA = "sections/news.schema.json"
INDEX_FILE = "templates/index.json"
BASE = "layout/base.html"
SHEET = "assets/theme.css"
SCRIPT = "assets/news.js"
SIGN = "assets/sign.svg"
FONT = {"id": "harbour", "family": "Harbour Sans", "fallback": "system-sans", "license": "OFL-1.1"}


def having(whole: Any, *path: Any, **values: Any) -> Any:
    """A copy of some JSON with other values at a path."""
    made = copy.deepcopy(whole)
    part = made
    for step in path:
        part = part[step]
    part.update(values)
    return made


def setting(**values: Any) -> dict[str, Any]:
    """The section's schema with one more setting."""
    made = copy.deepcopy(SCHEMA)
    made["settings"].append(values)
    return made


def using(name: str) -> str:
    """The section, asking for one more setting."""
    return SECTION.replace("</section>", f"{{{{ section.settings.{name} }}}}</section>")


def behind(line: str) -> str:
    """The section with one more line, its fourth."""
    return SECTION.replace("</h2>\n", f"</h2>\n{line}\n")


def layout(old: str, new: str) -> str:
    source = base(BASE)
    assert old in source
    return source.replace(old, new)


def line_of(content: Change, words: str, nth: int = 1) -> int:
    """The line of a file at which some words stand for the nth time."""
    text = content if isinstance(content, str) else json.dumps(content, indent=1, ensure_ascii=False)
    at = -1
    for _ in range(nth):
        at = text.index(words, at + 1)
    return text.count("\n", 0, at) + 1


RANGE = {"type": "range", "id": "width", "label": "Width", "min": 1, "max": 9, "step": 2}
LONG = {f"sections/s{n}.html": "x" * 200_000 for n in range(12)}
DEEP = "{% if shop %}" * 11 + "x" + "{% endif %}" * 11
LOOPS = "{% for a in shop.featured %}" * 4 + "x" + "{% endfor %}" * 4
MANY = "".join("{% if shop.name %}x{% endif %}\n" for _ in range(130))
COLOUR = {"type": "color", "id": "color_paper", "label": "Paper", "default": "white"}
TWICE = '{\n"name": "News",\n"name": "News"\n}'
OTHER = {"extends": {"slug": "upfront-base", "version": "1.9.0"}}
SAME = [{"name": "Type", "settings": [{"id": "font_body", "type": "text"}]}]
FACES = '@font-face {\n  font-family: "Harbour Sans";\n  src: url("harbour.woff2");\n}\n'
LIMITED = having(SCHEMA, limit=1)
TWO_NEWS = having(INDEX, "sections", more={"type": "news"}) | {"order": ["opening", "news", "more"]}

#: Code, changes of the sound theme, file, line (0: any), and the words at which the line is found instead.
CASES: list[tuple[str, Mapping[str, Change], str, int | str]] = [
    ("ST01", {NEWS: None}, NEWS, 1),
    ("ST02", {"assets/run.php": "x"}, "assets/run.php", 1),
    ("ST03", {"assets/large.css": "x" * 2_100_000}, "assets/large.css", 1),
    ("ST03", LONG, "theme.json", 1),
    ("ST05", {"assets/Bad Name.css": "a{}"}, "assets/Bad Name.css", 1),
    ("ST06", {"assets/one.png": b"GIF89a"}, "assets/one.png", 1),
    ("ST06", {NEWS: b"\xff\xfe"}, NEWS, 1),
    ("ST07", {"snippets/orphan.html": "<p></p>"}, "snippets/orphan.html", 1),
    ("ST07", {INDEX_FILE: None}, NEWS, 1),
    ("ST08", {"theme.json": MANIFEST | {"engine": ">=2.0"}}, "theme.json", '"engine"'),
    ("ST09", {"theme.json": MANIFEST | {"extends": {"slug": "nothing", "version": "1.0.0"}}}, "theme.json", '"extends"'),
    ("ST09", {"theme.json": MANIFEST | OTHER}, "theme.json", '"extends"'),
    ("ST10", {"theme.json": MANIFEST | {"extends": {"slug": "harbour", "version": "1.0.0"}}}, "theme.json", '"extends"'),
    ("ST11", {"theme.json": MANIFEST | {"version": "one"}}, "theme.json", '"version": "one"'),
    ("ST11", {"theme.json": MANIFEST | {"surprise": 1}}, "theme.json", '"surprise"'),
    ("ST12", {"preview/mobile.webp": webp(390, 800)}, "theme.json", '"mobile"'),
    ("ST12", {"preview/thumbnail.webp": None}, "theme.json", '"thumbnail"'),
    ("ST14", {"assets/left-over.png": b"\x89PNG\r\n\x1a\n"}, "assets/left-over.png", 1),
    ("ST15", {"assets/harbour.woff2": b"wOF2"}, "assets/harbour.woff2", 1),
    ("JS01", {INDEX_FILE: '{\n"sections": {},\noops\n}'}, INDEX_FILE, 3),
    ("JS01", {DATA_FILE: "[" * 100_000}, DATA_FILE, 1),
    ("JS01", {NEWS_SCHEMA: '{"name": NaN}'}, NEWS_SCHEMA, 1),
    ("JS02", {NEWS_SCHEMA: having(SCHEMA, surprise=1)}, NEWS_SCHEMA, '"surprise"'),
    ("JS02", {SCHEMA_FILE: {"name": "no list"}}, SCHEMA_FILE, 1),
    ("JS02", {"locales/de.json": {"harbour": {"news": 7}}}, "locales/de.json", '"news"'),
    ("JS03", {NEWS_SCHEMA: setting(type="text", id="wide", label="Again")}, NEWS_SCHEMA, 0),
    ("JS04", {NEWS_SCHEMA: having(SCHEMA, settings=[{"type": "text", "id": f"s{n}", "label": "x"} for n in range(41)])}, NEWS_SCHEMA, '"settings"'),
    ("JS05", {NEWS_SCHEMA: setting(type="select", id="side", label="Side", options=[{"value": "a", "label": "A"}], default="b")}, NEWS_SCHEMA, 0),
    ("JS06", {SCHEMA_FILE: [{"name": "Paper", "settings": [COLOUR]}]}, SCHEMA_FILE, '"default"'),
    ("JS07", {NEWS_SCHEMA: setting(type="image", id="picture", label="Picture", default="home/hero")}, NEWS_SCHEMA, '"home/hero"'),
    ("JS08", {NEWS_SCHEMA: setting(**RANGE, default=4)}, NEWS_SCHEMA, 0),
    ("JS09", {NEWS_SCHEMA: having(SCHEMA, "settings", 1, visible_if="section.nothing")}, NEWS_SCHEMA, '"visible_if"'),
    ("JS09", {NEWS_SCHEMA: having(SCHEMA, "settings", 1, visible_if="import os")}, NEWS_SCHEMA, '"visible_if"'),
    ("JS10", {INDEX_FILE: having(INDEX, "sections", "news", type="olds")}, INDEX_FILE, '"olds"'),
    ("JS10", {INDEX_FILE: having(INDEX, "sections", "news", "blocks", "one", type="row")}, INDEX_FILE, '"row"'),
    ("JS11", {INDEX_FILE: INDEX | {"order": ["news"]}}, INDEX_FILE, 0),
    ("JS12", {NEWS_SCHEMA: LIMITED, INDEX_FILE: TWO_NEWS}, INDEX_FILE, '"order"'),
    ("JS12", {NEWS_SCHEMA: having(SCHEMA, "blocks", 0, limit=1), INDEX_FILE: having(INDEX, "sections", "news", blocks={"one": {"type": "line"}, "two": {"type": "line"}}, block_order=["one", "two"])}, INDEX_FILE, '"blocks"'),
    ("JS13", {INDEX_FILE: having(INDEX, "sections", "news", "settings", colour="red")}, INDEX_FILE, '"colour"'),
    ("JS13", {DATA_FILE: {"current": "quay", "presets": {"quay": {"nothing": 1}}}}, DATA_FILE, '"nothing"'),
    ("JS14", {INDEX_FILE: having(INDEX, "sections", "news", "settings", heading="{{ shop.name }}")}, INDEX_FILE, '"heading"'),
    ("JS15", {NEWS_SCHEMA: setting(type="text", id="left_over", label="Left over")}, NEWS_SCHEMA, 0),
    ("JS15", {SCHEMA_FILE: [{"name": "More", "settings": [{"type": "text", "id": "motto", "label": "Motto"}]}]}, SCHEMA_FILE, 0),
    ("JS16", {NEWS: using("nothing")}, NEWS, "nothing"),
    ("JS16", {NEWS: behind("{{ settings.nothing }}")}, NEWS, 4),
    ("JS16", {NEWS: SECTION.replace("block.settings.words", "block.settings.word")}, NEWS, "settings.word "),
    ("JS17", {SCHEMA_FILE: [{"name": "Colours", "settings": [{"id": "color_muted", "default": "#cccccc"}]}]}, SCHEMA_FILE, '"default"'),
    ("JS17", {DATA_FILE: {"current": "quay", "presets": {"quay": {"color_text": "#cccccc"}}}}, DATA_FILE, '"color_text"'),
    ("JS18", {NEWS_SCHEMA: having(SCHEMA, "settings", 0, semantic="brand.nothing")}, NEWS_SCHEMA, '"semantic"'),
    ("JS19", {NEWS_SCHEMA: TWICE}, NEWS_SCHEMA, 3),
    ("JS20", {INDEX_FILE: having(INDEX, "sections", "news", "settings", wide="yes")}, INDEX_FILE, '"wide"'),
    ("JS20", {DATA_FILE: {"current": "quay", "presets": {"quay": {"font_body": "comic"}}}}, DATA_FILE, '"font_body"'),
    ("JS21", {NEWS_SCHEMA: having(SCHEMA, disabled_on={"templates": ["index"]})}, INDEX_FILE, '"news",'),
    ("JS22", {INDEX_FILE: INDEX | {"layout": "wide"}}, INDEX_FILE, '"layout"'),
    ("JS23", {SCHEMA_FILE: SAME}, SCHEMA_FILE, 0),
    ("TP01", {NEWS: behind("{% if %}")}, NEWS, 4),
    ("TP02", {NEWS: behind("{{ shop.name|safe }}")}, NEWS, 4),
    ("TP03", {NEWS: behind("{{ nothing }}")}, NEWS, 4),
    ("TP03", {NEWS: behind("{{ shop.nothing }}")}, NEWS, 4),
    ("TP03", {NEWS: behind("{% for card in shop.featured|take(2) %}{{ card.cost }}{% endfor %}")}, NEWS, 4),
    ("TP03", {NEWS: behind('{% include "snippets/card-quick.html" %}')}, NEWS, 4),
    ("TP04", {NEWS: behind('{% include "snippets/nothing.html" %}')}, NEWS, 4),
    ("TP04", {"snippets/round.html": '{% include "snippets/round.html" %}', NEWS: behind('{% include "snippets/round.html" %}')}, "snippets/round.html", 1),
    ("TP05", {NEWS: behind("{% include shop.name %}")}, NEWS, 4),
    ("TP06", {NEWS: behind("{{ 7 ** 7 }}")}, NEWS, 4),
    ("TP06", {NEWS: behind("{{ shop.name.upper() }}")}, NEWS, 4),
    ("TP07", {NEWS: behind(DEEP)}, NEWS, 4),
    ("TP08", {NEWS: behind(MANY)}, NEWS, 1),
    ("TP09", {NEWS: behind(LOOPS)}, NEWS, 4),
    ("TP10", {NEWS: behind("<a title={{ shop.name }}>x</a>")}, NEWS, 4),
    ("TP10", {NEWS: behind('<p onclick="go()"></p>')}, NEWS, 4),
    ("TP10", {NEWS: behind('<p style="color:red"></p>')}, NEWS, 4),
    ("TP10", {NEWS: behind("<style>a{}</style>")}, NEWS, 4),
    ("TP10", {NEWS: behind("<script>go()</script>")}, NEWS, 4),
    ("TP10", {NEWS: behind('<script>"{{ shop.name }}"</script>')}, NEWS, 4),
    ("TP11", {NEWS: behind('<a href="javascript:go()"></a>')}, NEWS, 4),
    ("TP12", {NEWS: behind('{{ t("harbour.nothing") }}')}, NEWS, 4),
    ("TP12", {NEWS: behind('{{ t("general.rights") }}')}, NEWS, 4),
    ("TP12", {INDEX_FILE: having(INDEX, "sections", "news", "settings", heading="t:harbour.nothing")}, INDEX_FILE, '"heading"'),
    ("TP13", {NEWS: behind("<p>Welcome</p>")}, NEWS, 4),
    ("TP13", {NEWS: behind('<p aria-label="Welcome"></p>')}, NEWS, 4),
    ("TP14", {NEWS: behind('<a href="/products/linen-shirt/"></a>')}, NEWS, 4),
    ("TP15", {BASE: layout("{{ content }}", "")}, BASE, 1),
    ("TP16", {BASE: layout('<main id="main" tabindex="-1">', "<main>").replace("{{ footer }}", "<main></main>{{ footer }}")}, BASE, 1),
    ("TP17", {NEWS: behind('<img src="{{ shop.collections|first }}" alt="">')}, NEWS, 4),
    ("TP18", {NEWS: behind('<link rel="preload" href="/a"><link rel="preload" href="/b"><link rel="preload" href="/c">')}, NEWS, 4),
    ("TP20", {BASE: layout(' dir="{{ shop.direction }}"', "")}, BASE, "<html"),
    ("TP21", {NEWS: behind('<input name="q">')}, NEWS, 4),
    ("TP22", {BASE: layout('{% include "snippets/head.html" %}', '<title>{{ page.title }}</title><link rel="stylesheet" href="{{ tokens_url }}">')}, BASE, 1),
    ("TP23", {BASE: layout('href="#main"', 'href="#other"')}, BASE, "{{ header }}"),
    ("TP24", {INDEX_FILE: INDEX | {"sections": {"news": INDEX["sections"]["news"]}, "order": ["news"]}}, INDEX_FILE, '"order"'),
    ("TP25", {NEWS: behind('<p tabindex="3"></p>')}, NEWS, 4),
    ("TP26", {NEWS: behind("<nav></nav>")}, NEWS, 4),
    ("TP27", {NEWS: behind("<button></button>")}, NEWS, 4),
    ("TP28", {NEWS: behind('<a href="https://example.com/"></a>')}, NEWS, 4),
    ("TP29", {NEWS: behind('<p id="a"></p><p id="a"></p>')}, NEWS, 4),
    ("AS01", {SCRIPT: "x" * 10_001}, SCRIPT, 1),
    ("AS02", {SHEET: "a{color:red}\n" * 8_000}, SHEET, 1),
    ("AS03", {NEWS: behind('<img src="https://example.com/a.png" alt="" width="1" height="1">')}, NEWS, 4),
    ("AS03", {NEWS: behind('<script src="https://example.com/a.js" defer></script>')}, NEWS, 4),
    ("AS03", {NEWS: behind('<script src="{{ settings.social_x }}" defer></script>')}, NEWS, 4),
    ("AS03", {NEWS: behind('<form action="https://example.com/"></form>')}, NEWS, 4),
    ("AS03", {NEWS: behind('<link rel="preconnect" href="//example.com">')}, NEWS, 4),
    ("AS03", {SCRIPT: '\nfetch("https://example.com/");\n'}, SCRIPT, 2),
    ("AS04", {NEWS: behind("<script src=\"{{ 'theme.js'|asset_url }}\"></script>")}, NEWS, 4),
    ("AS05", {SHEET: 'a{}\n@import "other.css";\n'}, SHEET, 2),
    ("AS05", {SHEET: 'a{}\nb { background: url("https://example.com/a.png") }\n'}, SHEET, 2),
    ("AS06", {SCRIPT: "\neval(1);\n"}, SCRIPT, 2),
    ("AS06", {SCRIPT: "\nx.innerHTML = y;\n"}, SCRIPT, 2),
    ("AS07", {NEWS: behind("{{ 'nothing.svg'|asset_url }}")}, NEWS, 4),
    ("AS07", {SHEET: 'a{}\nb { background: url("nothing.png") }\n'}, SHEET, 2),
    ("AS07", {SCRIPT: '\nimport "./nothing.js";\n'}, SCRIPT, 2),
    ("AS08", {SHEET: "a {\n  color: red;\n"}, SHEET, 1),
    ("AS08", {SCRIPT: '\nimport "./news.js";\n'}, SCRIPT, 2),
    ("AS09", {SIGN: "<svg>\n<script>go()</script></svg>"}, SIGN, 2),
    ("AS09", {SIGN: '<svg>\n<use href="https://example.com/#a"/></svg>'}, SIGN, 2),
    ("AS10", {"assets/harbour.woff2": b"wOF2" + bytes(60_000)}, "assets/harbour.woff2", 1),
    ("AS11", {SHEET: "a{}\n.more:focus {\n  outline: none;\n}\n"}, SHEET, 3),
    ("AS13", {"assets/large.png": b"\x89PNG\r\n\x1a\n" + bytes(100_000)}, "assets/large.png", 1),
    ("AS13", {"assets/wide.webp": webp(4_000, 10)}, "assets/wide.webp", 1),
    ("AS14", {SHEET: "a {\n  margin-left: 1rem;\n}\n"}, SHEET, 2),
    ("AS15", {SHEET: "a{}\n" + FACES}, SHEET, 2),
    ("AS16", {"theme.json": MANIFEST | {"fonts": [FONT]}}, "theme.json", '"family"'),
    ("LC01", {"locales/de.json": {}}, "locales/de.json", 1),
    ("LC01", {"locales/de.json": None}, "theme.json", '"locales"'),
    ("LC02", {"locales/de.json": {"harbour": {"news": "Neues von {shop}"}}}, "locales/de.json", '"news"'),
    ("LC03", {"locales/de.json": {"harbour": {"news": "<b>Neues</b>"}}}, "locales/de.json", '"news"'),
    ("LC04", {"locales/de.json": {"harbour": {"news": {"one": "Neues"}}}}, "locales/de.json", '"news"'),
    ("LC05", {"theme.json": MANIFEST | {"locales": ["de", "en", "fr"]}}, "theme.json", '"locales"'),
    ("LC06", {"locales/de.json": {"harbour": {"news": "Neues"}, "general": {"rights": "Alle Rechte"}}}, "locales/de.json", '"rights"'),
    ("LC07", {"locales/en.default.json": {"harbour": {"news": "News", "more": "More"}}}, "locales/en.default.json", '"more"'),
    ("LC08", {"locales/de.json": {"harbour": {"news": {"many": "Neues", "other": "Neues"}}}}, "locales/de.json", '"news"'),
]  # fmt: skip
#: Codes that are shown breached elsewhere in this file or beside it.
ELSEWHERE = {"ST04", "ST13", "AS12", "RN01", "RN02"}


def test_a_sound_theme_has_nothing_wrong() -> None:
    """No error, no warning, and every page of the sample shops can be made."""
    assert check() == ()
    assert check(imported=True) == ()
    assert list(check_pages(harbour(), parents())) == []


@pytest.mark.parametrize(
    ("code", "changes", "file", "line"), CASES, ids=[f"{c[0]}-{n}" for n, c in enumerate(CASES)]
)
def test_each_breach_is_told_where_it_is(
    code: str, changes: Mapping[str, Change], file: str, line: int | str
) -> None:
    """The finding has the rule's code, the file and the line; it says what is wrong and what to do."""
    expected = (
        line_of(changes[file] if file in changes else harbour()[file].decode(), line)
        if isinstance(line, str)
        else line
    )
    findings = [finding for finding in check(changes) if finding.code == code]

    assert [(f.file, f.line) for f in findings if f.file == file and expected in (0, f.line)], findings
    assert all(finding.message and finding.fix for finding in findings)


def test_every_rule_is_shown_breached() -> None:
    assert {code for code, *_ in CASES} | ELSEWHERE == set(RULES)


def test_only_errors_block() -> None:
    """Whatever a rule is, its findings block exactly if it is an error."""
    findings = [finding for _, changes, *_ in CASES[:40] for finding in check(changes)]

    assert {f.severity for f in findings} == set(Severity)
    assert all(finding.blocks == (RULES[finding.code].severity is Severity.ERROR) for finding in findings)


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Breaches in many files at a time: none hides another."""
    changes: dict[str, Change] = {
        "assets/run.php": "x",
        INDEX_FILE: having(INDEX, "sections", "news", type="olds"),
        "locales/de.json": "{",
        NEWS: behind("{{ nothing }}"),
        SHEET: "a {",
        SCHEMA_FILE: [{"name": "Colours", "settings": [{"id": "color_muted", "default": "#cccccc"}]}],
    }

    assert {"ST02", "JS10", "JS01", "TP03", "AS08", "JS17"} <= {finding.code for finding in check(changes)}


def test_a_breach_in_an_inherited_file_is_told_where_the_package_leads_to_it() -> None:
    """Base's snippet asks for a setting that this section does not have: the include is the place to mend."""
    (finding,) = [
        f for f in check({NEWS: behind('{% include "snippets/section-head.html" %}')}) if f.code == "JS16"
    ][:1]

    assert (finding.file, finding.line) == (NEWS, 4)
    assert "snippets/section-head.html" in finding.message


def test_an_imported_theme_brings_no_scripts() -> None:
    """Ours may; somebody else's runs what the theme that it extends brings, and nothing of its own."""
    script: dict[str, Change] = {SCRIPT: "export const a = 1;\n"}

    assert "AS12" not in {finding.code for finding in check(script)}
    assert ("AS12", SCRIPT) in {(finding.code, finding.file) for finding in check(script, imported=True)}


def test_too_many_findings_are_counted_and_errors_come_first() -> None:
    """Nobody reads thousands; but no error is dropped for a warning."""
    lines = "<nav></nav>\n" * 2_000
    findings = check({NEWS: behind(lines + "{{ nothing }}")})

    assert len(findings) == MOST_FINDINGS + 1
    assert {finding.code for finding in findings} >= {"ST13", "TP03", "TP26"}


def test_a_page_that_cannot_be_made_is_told() -> None:
    """What only shows when it is rendered: the first of nothing, in the shop that is empty."""
    files = harbour({NEWS: behind("<p>{{ (shop.featured|first).title }}</p>")})
    (finding,) = check_pages(files, parents())

    assert (finding.code, finding.file) == ("RN01", INDEX_FILE)
    assert "index of the empty sample shop" in finding.message


def test_a_page_with_two_main_headings_is_told() -> None:
    files = harbour({NEWS: SECTION.replace("h2", "h1")})

    assert {(finding.code, finding.file) for finding in check_pages(files, parents())} == {
        ("RN02", INDEX_FILE)
    }
