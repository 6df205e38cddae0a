"""The sandbox: templates may look at data and nothing else."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jinja2 import TemplateAssertionError, UndefinedError
from jinja2.exceptions import SecurityError
from markupsafe import Markup

from provisioning.themes.packages import THEMES, load_theme, read_package
from provisioning.themes.sandbox import Sandbox, environment_of


@pytest.fixture(scope="module")
def environment() -> Sandbox:
    return environment_of(load_theme("upfront-modern"))


@dataclass(frozen=True, slots=True)
class Thing:
    name: str


def _render(environment: Sandbox, source: str, **values: Any) -> str:
    return environment.from_string(source).render(**values)


def test_values_are_escaped(environment: Sandbox) -> None:
    """In text and in quoted attributes."""
    assert _render(environment, '<a title="{{ v }}">{{ v }}</a>', v="\"'<&>") == (
        '<a title="&#34;&#39;&lt;&amp;&gt;">&#34;&#39;&lt;&amp;&gt;</a>'
    )


@pytest.mark.parametrize(
    "word", ["safe", "attr", "map", "format", "center", "xmlattr", "forceescape", "tojson", "join"]
)
def test_filters_are_our_own(environment: Sandbox, word: str) -> None:
    """There is no way past escaping, and none to make much of little."""
    with pytest.raises(TemplateAssertionError):
        environment.from_string("{{ v|" + word + " }}")


@pytest.mark.parametrize("word", ["range", "lipsum", "dict", "cycler", "joiner", "namespace", "self"])
def test_there_are_no_globals(environment: Sandbox, word: str) -> None:
    with pytest.raises((UndefinedError, TypeError, SecurityError)):
        _render(environment, "{{ " + word + "(1) }}")


@pytest.mark.parametrize(
    "source",
    [
        "{{ v.__class__ }}",
        "{{ v.__class__.__mro__ }}",
        "{{ v.name.__class__ }}",
        "{{ v['__class__'] }}",
        "{{ v.name.format(1) }}{{ ''.__class__ }}",
        "{{ t.__globals__ }}",
        "{{ t.__call__.__globals__ }}",
        "{{ v.name.upper }}",
        "{{ nothing }}",
        "{{ v.nothing }}",
        "{{ d.nothing }}",
        "{{ n.none }}",
        "{{ v }}",
        "{{ n.list }}",
        "{{ n.true }}",
    ],
)
def test_nothing_but_text_and_numbers_comes_out(environment: Sandbox, source: str) -> None:
    """Insides of Python, missing things, whole objects: an error, not a guess."""
    with pytest.raises((SecurityError, UndefinedError, TypeError)):
        _render(
            environment,
            source,
            v=Thing("x"),
            d={},
            t=lambda: "x",
            n={"none": None, "list": [1], "true": True},
        )


def test_a_setting_named_like_a_method_is_the_setting(environment: Sandbox) -> None:
    assert _render(environment, "{{ s.items }}{{ s['values'] }}", s={"items": "a", "values": "b"}) == "ab"


def test_data_cannot_be_changed(environment: Sandbox) -> None:
    with pytest.raises(SecurityError):
        _render(environment, "{{ v.append(1) }}", v=[1])


def test_includes_reach_the_package_alone(environment: Sandbox) -> None:
    """Neither files of this machine nor of another theme."""
    for name in ("/etc/passwd", "../../pyproject.toml", "../upfront-classic/layout/base.html"):
        with pytest.raises(Exception, match=r"passwd|pyproject|upfront-classic"):
            _render(environment, '{% include "' + name + '" %}')


def test_data_blocks_cannot_be_left(environment: Sandbox) -> None:
    written = _render(environment, "{{ v|json }}", v={"a": "</script><!--&'"})

    assert not set(written) & set("<>&'")


def test_markup_is_only_what_we_rendered(environment: Sandbox) -> None:
    assert _render(environment, "{{ v }}", v=Markup("<b>")) == "<b>"


def test_two_themes_do_not_share_an_environment(tmp_path: Path) -> None:
    copy = read_package(shutil.copytree(THEMES / "upfront-modern", tmp_path / "theme"))

    assert environment_of(copy) is not environment_of(load_theme("upfront-modern"))


@pytest.mark.parametrize(
    "source", ["{{ shop.__class__ }}", "{{ shop._secret }}", "{{ loose._open }}", "{{ shop.tell }}"]
)
def test_of_a_view_only_its_fields_are_seen(environment: Sandbox, source: str) -> None:
    """Private fields and methods stay hidden, and what is no frozen view gets the sandbox's usual look."""

    @dataclass(frozen=True)
    class View:
        name: str
        _secret: str = "s"

        def tell(self) -> str:
            return self._secret

    @dataclass
    class Loose:
        _open: str = "o"

    template = environment.from_string(source)

    assert environment.from_string("{{ shop.name }}").render(shop=View("<b>")) == "&lt;b&gt;"
    with pytest.raises((SecurityError, UndefinedError, TypeError)):
        template.render(shop=View("x"), loose=Loose())
