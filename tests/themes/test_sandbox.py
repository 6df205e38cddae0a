"""The sandbox: templates may look at data and nothing else."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from markupsafe import Markup

from provisioning.themes.locales import Translator
from provisioning.themes.packages import THEMES, load_theme, read_package
from provisioning.themes.sandbox import Sandbox, UnsafeTemplate, environment_of


@pytest.fixture(scope="module")
def environment() -> Sandbox:
    return environment_of(load_theme("upfront-modern"))


@dataclass(frozen=True, slots=True)
class Thing:
    name: str


def _render(environment: Sandbox, source: str, **values: Any) -> str:
    return environment.from_string(source).render(**values)


def _codes(environment: Sandbox, source: str) -> set[str]:
    with pytest.raises(UnsafeTemplate) as caught:
        environment.from_string(source)
    return {fault.code for fault in caught.value.faults}


def test_values_are_escaped(environment: Sandbox) -> None:
    """In text and in quoted attributes."""
    assert _render(environment, '<a title="{{ v }}">{{ v }}</a>', v="\"'<&>") == (
        '<a title="&#34;&#39;&lt;&amp;&gt;">&#34;&#39;&lt;&amp;&gt;</a>'
    )


# --- What is never compiled -------------------------------------------------------------------------------

#: Each would burn the machine, reach into Python or leave the package; none of them is compiled.
HOSTILE_SYNTAX = [
    # constants that a compiler works out, in a branch that never runs
    "{% if false %}{{ 7**(7**8) }}{% endif %}",
    "{{ 'x' * 10**9 }}",
    "{{ [0] * 10**9 }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ 10 // 3 }}",
    "{{ 10 / 3 }}",
    "{{ +1 }}",
    "{{ 99999999999999 }}",
    # much out of little
    "{{ 'x'.ljust(10**9) }}",
    "{{ 'x'.center(1000000000) }}",
    "{{ 'x'.zfill(1000000000) }}",
    "{{ '{:1000000000}'.format(1) }}",
    "{{ ','.join(v) }}",
    "{{ v.replace('a', v) }}",
    "{{ v|join(v) }}",
    "{{ v|replace('a', v) }}",
    "{{ v|center(1000000000) }}",
    "{{ v|indent(1000000000) }}",
    "{{ v|wordwrap(1) }}",
    "{{ v|batch(1000000000) }}",
    "{{ v|slice(1000000000) }}",
    "{% for i in range(100000) %}{% endfor %}",
    "{{ lipsum(n=100000) }}",
    "{{ cycler(1) }}",
    "{{ joiner() }}",
    "{{ namespace() }}",
    "{{ dict() }}",
    "{% for a in v %}{% for b in v %}{% for c in v %}{% for d in v %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
    # without end
    "{% macro m() %}{{ m() }}{% endmacro %}",
    "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}",
    "{% for i in v recursive %}{{ loop(v) }}{% endfor %}",
    # into Python
    "{{ v.__class__ }}",
    "{{ v.__class__.__mro__ }}",
    "{{ v['__class__'] }}",
    "{{ ''.__class__ }}",
    "{{ t.__globals__ }}",
    "{{ t.__call__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ self.body() }}",
    "{{ _x }}",
    "{{ v|attr('__class__') }}",
    "{{ v|attr('format') }}",
    "{{ v|map(attribute='__class__') }}",
    "{{ v.append(1) }}",
    "{{ v.name.upper() }}",
    "{{ v() }}",
    "{{ t(*v) }}",
    "{{ t('x', **v) }}",
    "{{ v[1:2] }}",
    "{% macro m() %}{{ caller() }}{% endmacro %}",
    "{% macro m() %}{{ varargs }}{% endmacro %}",
    "{% call t('x') %}{% endcall %}",
    "{% set v.x = 1 %}",
    "{% set t = v %}",
    "{% set shop = v %}",
    "{% with section = v %}{% endwith %}",
    "{% for loop in v %}{% endfor %}",
    # past escaping
    "{{ v|safe }}",
    "{{ v|xmlattr }}",
    "{{ v|forceescape }}",
    "{{ v|tojson }}",
    "{{ v|e }}",
    "{% autoescape false %}{{ v }}{% endautoescape %}",
    "{% filter upper %}{{ v }}{% endfilter %}",
    "{% set x | upper %}{{ v }}{% endset %}",
    "{{ v is callable }}",
    # out of the package
    "{% include v %}",
    "{% include ['snippets/a.html', 'snippets/b.html'] %}",
    "{% include '/etc/passwd' %}",
    "{% include '../../pyproject.toml' %}",
    "{% include 'parent:parent:snippets/a.html' %}",
    "{% include 'snippets/../layout/base.html' %}",
    "{% include 'snippets/a.html' ignore missing %}",
    "{% extends v %}",
    "{% import 'snippets/a.html' as a %}",
    "{% from 'snippets/a.html' import a %}",
]


@pytest.mark.parametrize("source", HOSTILE_SYNTAX)
def test_what_is_not_allowed_is_never_compiled(environment: Sandbox, source: str) -> None:
    """Found in the syntax tree, without a moment of computing."""
    started = time.process_time()
    with pytest.raises(TemplateSyntaxError):
        environment.from_string(source)

    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "source",
    [
        "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
        "{{ " + "-" * 5_000 + "1 }}",
        "{{ " + "not " * 5_000 + "1 }}",
        "{% if v %}" * 3_000 + "{% endif %}" * 3_000,
        "{{ v" + ".x" * 20_000 + " }}",
        "{{ 1" + " + 1" * 5_000 + " }}",
        "{{ " + "9" * 5_000 + " }}",
        "{% if v %}" * 11 + "{% endif %}" * 11,
        "{{",
        "{% if %}",
    ],
)
def test_depth_without_measure_is_refused(environment: Sandbox, source: str) -> None:
    """Neither the parser's nor the compiler's recursion ends the process."""
    with pytest.raises(TemplateSyntaxError):
        environment.from_string(source)


def test_every_fault_is_told_with_its_line(environment: Sandbox) -> None:
    with pytest.raises(UnsafeTemplate) as caught:
        environment.from_string("{{ a|safe }}\n\n{{ b ** 2 }}{{ c.d() }}")

    assert [(f.line, f.code) for f in caught.value.faults] == [(1, "TP02"), (3, "TP06"), (3, "TP06")]


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("{{ 1 + 2 - 3 }}", "0"),
        ("{{ -1 }}", "-1"),
        ("{{ 'a' ~ 1 }}", "a1"),
        ("{{ 'x' if v else 'y' }}", "x"),
        ("{{ v[0].name }}{{ v[-1]['name'] }}", "ab"),
        ("{% for a, b in d %}{{ a }}{{ b }}{% endfor %}", "12"),
        ("{% for i in v %}{{ loop.index }}{{ loop.last }}{% endfor %}".replace("{{ loop.last }}", ""), "12"),
        ("{% macro m(x, y=2) %}{{ x }}{{ y }}{% endmacro %}{{ m(1) }}{{ m(3, y=4) }}", "1234"),
        ("{% set x %}<b>{{ v[0].name }}</b>{% endset %}{{ x }}", "<b>a</b>"),
        ("{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}", "3"),
        (
            "{{ v|take(1)|length }}{{ v|skip(1)|length }}{{ v|first is defined }}".replace(
                "{{ v|first is defined }}", ""
            ),
            "11",
        ),
        ("{{ (v|last).name }}", "b"),
        ("{% for row in v|chunks(1) %}{{ row|length }}{% endfor %}", "11"),
        ("{% for i in 3|upto %}{{ i }}{% endfor %}", "123"),
        ("{{ 100|upto|length }}", "50"),
        ("{{ 1|percent(3) }}{{ 1|percent(0) }}", "330"),
        ("{{ 'one two three'|truncate(9) }}", "one two…"),
        ("{{ 'aB'|upper }}{{ 'aB'|lower }}", "ABab"),
        ("{{ nothing|default('x') }}", "x"),
        ("{{ url('product', 'a') }}", "/products/a/"),
        ("{% if 1 in [1, 2] and 2 is even and none is none %}yes{% endif %}", "yes"),
    ],
)
def test_what_templates_can_say(environment: Sandbox, source: str, written: str) -> None:
    assert _render(environment, source, v=[Thing("a"), Thing("b")], d=[(1, 2)]) == written


# --- While it runs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    ["{{ v.name.upper }}", "{{ nothing }}", "{{ v.nothing }}", "{{ d.nothing }}", "{{ n.none }}", "{{ v }}", "{{ n.list }}", "{{ n.true }}",
     "{{ n.list.append }}", "{{ t.texts }}", "{{ n.keys }}", "{{ n.list[5] }}", "{{ loop }}", "{{ v[0] }}", "{{ 'x'|json|upper.x }}"],
)  # fmt: skip
def test_nothing_but_text_and_numbers_comes_out(environment: Sandbox, source: str) -> None:
    """Missing things, whole objects, methods: an error, not a guess."""
    with pytest.raises((SecurityError, UndefinedError, TypeError, TemplateSyntaxError)):
        _render(
            environment,
            source,
            v=Thing("x"),
            d={},
            t=Translator({"a": "b"}),
            n={"none": None, "list": [1], "true": True},
        )


@pytest.mark.parametrize("attribute", ["tell", "secret", "x"])
def test_of_a_view_only_its_fields_are_seen(environment: Sandbox, attribute: str) -> None:
    """Neither methods nor properties, and nothing of what is no frozen view."""

    @dataclass(frozen=True)
    class View:
        name: str

        def tell(self) -> str:
            return "told"

        @property
        def secret(self) -> str:
            return "told"

    @dataclass
    class Loose:
        x: str = "told"

    assert _render(environment, "{{ v.name }}", v=View("<b>")) == "&lt;b&gt;"
    for thing in (View("x"), Loose()):
        with pytest.raises(UndefinedError):
            _render(environment, "{{ v." + attribute + " }}", v=thing)


def test_private_fields_stay_so_however_they_are_named(environment: Sandbox) -> None:
    """Also where the name is computed, which the syntax tree does not show."""

    @dataclass(frozen=True)
    class View:
        _secret: str = "told"

    for name in ("_secret", "__class__", "__dataclass_fields__"):
        with pytest.raises(UndefinedError):
            _render(environment, "{{ v[name] }}", v=View(), name=name)


def test_only_texts_addresses_and_macros_are_called(environment: Sandbox) -> None:
    """A name that was given to something callable calls it not."""
    with pytest.raises((SecurityError, TypeError)):
        _render(environment, "{% macro m() %}{% endmacro %}{% set m = v %}{{ m() }}", v=print)


def test_a_setting_named_like_a_method_is_the_setting(environment: Sandbox) -> None:
    assert _render(environment, "{{ s.items }}{{ s['values'] }}", s={"items": "a", "values": "b"}) == "ab"


def test_what_is_missing_is_an_error(environment: Sandbox) -> None:
    assert environment.undefined is StrictUndefined


def test_two_themes_do_not_share_an_environment(tmp_path: Path) -> None:
    copy = read_package(shutil.copytree(THEMES / "upfront-modern", tmp_path / "theme"))

    assert environment_of(copy) is not environment_of(load_theme("upfront-modern"))


# --- Where values come out --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "<script>{{ v }}</script>",
        "<script>var x = '{{ v }}';</script>",
        "<script>{{ v|json }}</script>",
        "<script type='text/javascript'>{{ v|json }}</script>",
        "<script type='text/javascript' type='application/json'>{{ v|json }}</script>",
        "<script type='' type='application/json'>{{ v|json }}</script>",
        "<script{% if v %} type='module'{% endif %} type='application/json'>{{ v|json }}</script>",
        "<script type='application/json'>{{ v }}</script>",
        "<script type='application/json{{ v }}'>{{ v|json }}</script>",
        "<script>alert(1)</script>",
        "<style>{{ v }}</style>",
        "<style>* { color: red }</style>",
        "<p style='color: {{ v }}'>",
        "<p style='color: red'>",
        "<p onclick='{{ v }}'>",
        "<p onclick='x()'>",
        "<p ONLOAD='x()'>",
        "<a href={{ v }}>",
        "<a title={{ v }}>",
        "<a title=x>",
        "<a {{ v }}>",
        "<a {{ v }}='x'>",
        "<a data-{{ v }}='x'>",
        "<a x{% if v %} href{% endif %}='{{ v }}'>",
        "<{{ v }}>",
        "<h{{ v }}>",
        "<h{% if v %}2{% else %}3{% endif %}>x",
        "</{{ v }}>",
        "<!-- {{ v }} -->",
        "<!-- x -->",
        "<!--> <script>alert(1)</script> -->",
        "</ <a title='><script>x</script>'>",
        "<![CDATA[ x ]]>",
        "<?php x ?>",
        "<a href='javascript:alert(1)'>",
        "<a href='{{ v }}{{ w }}'>",
        "<a href='{{ v }}script:{{ w }}'>",
        "<a href='java{{ v }}'>",
        "<a href='java{% if v %}script:x{% endif %}'>",
        "<a href='{% if v %}/x/{% endif %}{{ w }}'>",
        "<a href='{% if v %}{{ v }}{% endif %}{{ w }}'>",
        "<a href='&#106;avascript:alert(1)'>",
        "<a href='//{{ v }}'>",
        "<a href='data:text/html,x'>",
        "<form action='javascript:x'>",
        "<iframe src='/'></iframe>",
        "<object data='/'></object>",
        "<base href='/'>",
        "<meta http-equiv='refresh' content='0'>",
        "<svg><foreignObject></foreignObject></svg>",
        "<svg><animate attributeName='href' values='{{ v }}'/></svg>",
        "<math></math>",
        "<noscript><p title='</noscript><img>'></noscript>",
        "<svg><title><a href='{{ v }}'></a></title></svg>",
        "{% if v %}<a title='{% endif %}{{ v }}'>",
        "{% for i in v %}<a title='{% endfor %}",
        "{% if v %}<p {% else %}<p>{% endif %}",
        "<a title='",
        "<script type='application/json'>",
        "<a {% include 'snippets/picture.html' %}>",
        "<a title='{% include 'snippets/picture.html' %}'>",
        "<a title='{% block x %}{% endblock %}'>",
        "{% set x %}<a title='{% endset %}",
        "{% macro m() %}<a {% endmacro %}",
        "<a<b>",
        "<a title='x'\"y>",
    ],
)
def test_values_and_markup_that_could_run_are_refused(environment: Sandbox, source: str) -> None:
    """Whatever the value turns out to be."""
    assert _codes(environment, source) <= {"TP10", "TP11"}


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("<a href='{{ v }}'>", "<a href='/x/'>"),
        ("<a href=\"/s/?q={{ v }}\">", "<a href=\"/s/?q=/x/\">"),
        ("<a href='{{ v }}#top'>", "<a href='/x/#top'>"),
        ("<a href='{% if v %}{{ v }}{% else %}/{% endif %}'>", "<a href='/x/'>"),
        ("<input{% if v %} checked{% endif %}>", "<input checked>"),
        ("<p class='a{% if v %} b{% endif %}'>", "<p class='a b'>"),
        ("<p{% if v %} class='{{ v }}'{% endif %} id='y'>", "<p class='/x/' id='y'>"),
        ("<script type='application/ld+json'>{{ d|json }}</script>", "<script type='application/ld+json'>[1]</script>"),
        ("<script src='/a.js' defer></script>", "<script src='/a.js' defer></script>"),
        ("<title>{{ v }} – x</title>", "<title>/x/ – x</title>"),
        ("<br/><img alt='' src='{{ v }}'/>", "<br/><img alt='' src='/x/'/>"),
        ("<!doctype html>\n<p>1 < 2 & 3</p>", "<!doctype html>\n<p>1 < 2 & 3</p>"),
        ("<a href='mailto:{{ v }}'>", "<a href='mailto:/x/'>"),
    ],
)  # fmt: skip
def test_markup_that_is_meant_is_written(environment: Sandbox, source: str, written: str) -> None:
    assert _render(environment, source, v="/x/", d=[1]) == written


@pytest.mark.parametrize(
    ("value", "href"),
    [
        ("https://x.example/?a=1&b=2", "https://x.example/?a=1&amp;b=2"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("#main", "#main"),
        ("", ""),
        ("javascript:alert(1)", "#"),
        ("JaVaScRiPt:alert(1)", "#"),
        (" javascript:alert(1)", "#"),
        ("java\nscript:alert(1)", "#"),
        ("vbscript:x", "#"),
        ("data:text/html,x", "#"),
        ("//evil.example", "#"),
        ("\\\\evil.example", "#"),
        (Markup("javascript:alert(1)"), "#"),
    ],
)
def test_an_address_from_data_runs_nothing(environment: Sandbox, value: str, href: str) -> None:
    """Whatever type of setting or field it came from."""
    assert _render(environment, '<a href="{{ v }}">', v=value) == f'<a href="{href}">'


def test_ready_made_markup_cannot_end_an_attribute(environment: Sandbox) -> None:
    """Rich text may hold quotes, which mean nothing between tags."""
    evil = Markup('" onmouseover="alert(1)')

    assert _render(environment, '<a title="{{ v }}">{{ v }}', v=evil) == (
        f'<a title="&#34; onmouseover=&#34;alert(1)">{evil}'
    )
    assert _render(environment, "<title>{{ v }}</title>", v=Markup("</title><b>")) == (
        "<title>&lt;/title&gt;&lt;b&gt;</title>"
    )


def test_data_blocks_cannot_be_left(environment: Sandbox) -> None:
    written = _render(environment, "{{ v|json }}", v={"a": "</script><!--&'"})

    assert not set(written) & set("<>&'")


def test_markup_is_only_what_we_rendered(environment: Sandbox) -> None:
    assert _render(environment, "{{ v }}", v=Markup("<b>")) == "<b>"
