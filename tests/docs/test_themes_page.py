"""docs/themes.md: who follows it gets a sound theme, and what it names exists."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest
from tools.show_theme import make_shop, problems_of

from provisioning.themes.filters import LANGUAGE
from provisioning.themes.packages import THEMES
from provisioning.themes.setting_types import Setting
from tests.docs.pages import ROOT

PAGE = (ROOT / "docs/themes.md").read_text()
_FILE = re.compile(r"^`themes/harbour/([^`]+)`:\n\n```[a-z]+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    """The tutorial's files, as a reader writes them."""
    for name, text in _FILE.findall(PAGE):
        file = tmp_path / "harbour" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path / "harbour"


def test_the_tutorial_makes_a_sound_theme(harbour: Path) -> None:
    """Every file in its place; all pages of all sample shops can be rendered."""
    assert len(list(harbour.rglob("*.*"))) >= 11
    assert problems_of(harbour) == []


def test_what_is_wrong_is_told_by_file(harbour: Path) -> None:
    """As the tutorial promises of a pale colour; and a template's mistake is found by rendering."""
    schema = harbour / "config/settings_schema.json"
    kept = schema.read_text()
    schema.write_text(kept.replace("#565b62", "#cccccc"))
    pale = problems_of(harbour)
    schema.write_text(kept)
    (harbour / "snippets/card-badges.html").write_text("{{ card.nothing }}")
    wrong = problems_of(harbour)

    assert any("color_muted" in problem and "stands out" in problem for problem in pale)
    assert len(wrong) == 1 and "nothing" in wrong[0]


def test_sections_that_the_page_names_are_all_of_them() -> None:
    table = PAGE.partition("### Sections of Upfront Base")[2].partition("### Tokens")[0]
    named = {
        name
        for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
        for name in re.findall(r"`([a-z-]+)`", row)
    }
    there = {
        path.name.removesuffix(".schema.json")
        for path in (THEMES / "upfront-base/sections").glob("*.schema.json")
    }

    assert named == there


def test_settings_that_the_page_names_exist() -> None:
    """In the row of a section, every word in code is a setting, or a block, of it."""
    table = PAGE.partition("### Sections of Upfront Base")[2].partition("### Tokens")[0]
    for row in re.findall(r"^\| `([a-z-]+)` \|[^|]*\|(.*)\|$", table, re.MULTILINE):
        schema = json.loads((THEMES / f"upfront-base/sections/{row[0]}.schema.json").read_text())
        known = {s.get("id") for s in schema.get("settings", [])} | {
            b["type"] for b in schema.get("blocks", [])
        }
        assert set(re.findall(r"`([a-z_]+)`", row[1])) <= known, row[0]


def test_tokens_that_the_page_names_exist() -> None:
    css = (THEMES / "upfront-base/assets/theme.css").read_text()
    # What commands take looks alike, and is held to the program by test_readme.
    page = re.sub(r"^\| `provisioning .*$", "", PAGE, flags=re.MULTILINE)
    for token in set(re.findall(r"`(--[a-z-]+)`", page)) - {"--color-text"}:
        assert f"  {token}:" in css, token


def test_the_sample_shop_is_whole() -> None:
    """Products, pages, policies and a way to reach it: what a designer has to look at."""
    shop = make_shop("home", "de")

    assert shop.products and shop.pages and shop.policies and shop.contact


def test_every_word_of_templates_and_every_type_of_setting_is_on_the_page() -> None:
    """Filters, tests and functions as templates have them; types as schemas may name them."""
    types = {get_args(kind.model_fields["type"].annotation)[0] for kind in get_args(get_args(Setting)[0])}
    words = LANGUAGE.filters | LANGUAGE.tests | types

    assert [word for word in sorted(words) if f"`{word}`" not in PAGE and f"`{word}(" not in PAGE] == []
