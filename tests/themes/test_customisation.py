"""A store's own values over a theme's: strictly checked, never lost to an update, and carried to another theme by what they mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioning.errors import InvalidInput
from provisioning.themes.choices import Customisation
from provisioning.themes.customisation import carry_over, customise, fit
from provisioning.themes.packages import Theme, load_theme
from provisioning.themes.settings import tokens_css
from tests.themes.packages import Shelf, write


@pytest.fixture
def theme() -> Theme:
    return load_theme("upfront-modern")


def setting_of(theme: Theme, semantic: str) -> str:
    """The id of the global setting of that meaning."""
    return next(
        item.id
        for group in theme.settings_schema
        for item in group.settings
        if getattr(item, "semantic", None) == semantic
    )


def place_of(theme: Theme, semantic: str) -> tuple[str, str]:
    """Where the home page has a setting of that meaning: the section's place, and the setting's id."""
    for section in theme.templates["index"].sections:
        for item in theme.sections[section.type].settings:
            if getattr(item, "semantic", None) == semantic:
                return f"index/{section.id}", item.id
    raise AssertionError(f"the home page has no {semantic}")


def problems_of(theme: Theme, **chosen: object) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        customise(theme, Customisation.model_validate(chosen))
    return {problem.field: problem.code for problem in refused.value.fields}


def test_nothing_chosen_is_the_theme_itself(theme: Theme) -> None:
    """Not a copy: what is rendered from it is shared with every other store."""
    assert customise(theme, Customisation()) is theme


def test_a_colour_reaches_the_stylesheet_of_tokens(theme: Theme) -> None:
    """And nothing else changes but the digest."""
    accent = setting_of(theme, "color.accent")
    own = customise(theme, Customisation(settings={accent: "#004225"}))
    css = tokens_css(own.settings_schema, own.fonts, own.settings)

    assert f"--{accent.replace('_', '-')}: #004225;" in css
    assert own.digest != theme.digest
    assert (own.sources, own.assets, own.templates) == (theme.sources, theme.assets, theme.templates)


def test_the_same_choice_is_the_same_theme(theme: Theme) -> None:
    """So that two releases of it share their pages."""
    chosen = {"settings": {setting_of(theme, "color.accent"): "#004225"}}

    assert (
        customise(theme, Customisation.model_validate(chosen)).digest
        == customise(theme, Customisation.model_validate(chosen)).digest
    )


def test_a_sections_text_is_laid_over(theme: Theme) -> None:
    """In its place alone; a text that looks like a key of the package's texts is only a text."""
    place, name = place_of(theme, "home.hero.heading")
    own = customise(theme, Customisation(sections={place: {name: "t:index.title"}}))
    section = next(s for s in own.templates["index"].sections if f"index/{s.id}" == place)

    assert section.settings[name] == "t:index.title"
    assert own.templates["product"] == theme.templates["product"]


def test_sections_can_be_put_in_another_order_and_left_out(theme: Theme) -> None:
    """Those that are not named are not shown."""
    ids = [section.id for section in theme.templates["index"].sections]
    own = customise(theme, Customisation(orders={"index": tuple(reversed(ids[:2]))}))

    assert [section.id for section in own.templates["index"].sections] == list(reversed(ids[:2]))


def test_each_wrong_value_is_named(theme: Theme) -> None:
    """All at once, each by its place."""
    accent, body = setting_of(theme, "color.accent"), setting_of(theme, "font.body")
    place, heading = place_of(theme, "home.hero.heading")
    found = problems_of(
        theme,
        preset="none-such",
        settings={accent: "red; background: url(//evil)", body: "comic-sans", "nothing": 1},
        sections={place: {heading: "x" * 10_000, "other": 1}, "index/nowhere": {"heading": "x"}},
        orders={"index": ("nowhere",), "nothing": ()},
    )

    assert found == {
        "preset": "UNKNOWN_PRESET",
        f"settings.{accent}": "WRONG_VALUE",
        f"settings.{body}": "WRONG_VALUE",
        "settings.nothing": "UNKNOWN_SETTING",
        f"sections.{place}.{heading}": "WRONG_VALUE",
        f"sections.{place}.other": "UNKNOWN_SETTING",
        "sections.index/nowhere": "UNKNOWN_PLACE",
        "orders.index": "WRONG_ORDER",
        "orders.nothing": "UNKNOWN_PLACE",
    }


def test_colours_that_cannot_be_read_are_refused(theme: Theme) -> None:
    """WCAG's contrast, against what they stand on."""
    text, background = setting_of(theme, "color.text"), setting_of(theme, "color.background")
    found = problems_of(theme, settings={text: theme.settings[background]})

    assert found == {f"settings.{text}": "WRONG_VALUE"}


def test_every_preset_can_be_chosen(theme: Theme) -> None:
    """And its values are those of the package."""
    for name, values in theme.presets.items():
        assert dict(customise(theme, Customisation(preset=name)).settings) == dict(values)


def test_what_a_theme_no_longer_takes_is_left_out_and_named(theme: Theme) -> None:
    """An update of a theme closes no shop: the rest is shown."""
    accent = setting_of(theme, "color.accent")
    place, heading = place_of(theme, "home.hero.heading")
    kept, dropped = fit(
        theme,
        Customisation(
            settings={accent: "#004225", "was_there_once": "x"},
            sections={place: {heading: "Hello"}, "index/gone": {"heading": "x"}},
            orders={"gone": ("main",)},
        ),
    )

    assert kept == Customisation(settings={accent: "#004225"}, sections={place: {heading: "Hello"}})
    assert {problem.field for problem in dropped} == {
        "settings.was_there_once",
        "sections.index/gone",
        "orders.gone",
    }


def test_values_follow_the_store_by_what_they_mean(tmp_path: Path) -> None:
    """To themes that name and place them otherwise; what has no counterpart is told and stays behind."""
    shelf = Shelf(tmp_path)
    motto = {"type": "text", "id": "motto", "label": "Motto"}
    write(shelf.add("old"), "config/settings_schema.json", [{"name": "Own", "settings": [motto]}])
    theme = shelf.read("old")
    folder = shelf.add("other")
    write(
        folder,
        "templates/index.json",
        {"sections": {"first": {"type": "hero", "settings": {}}}, "order": ["first"]},
    )
    other = shelf.read("other")
    accent = setting_of(theme, "color.accent")
    place, heading = place_of(theme, "home.hero.heading")
    chosen = Customisation(
        settings={accent: "#004225", "motto": "Fair and square"},
        sections={place: {heading: "Hello"}},
        orders={"index": ()},
    )
    result = carry_over(theme, chosen, other)

    assert result.chosen.settings == {setting_of(other, "color.accent"): "#004225"}
    assert result.chosen.sections == {"index/first": {heading: "Hello"}}
    assert result.chosen.orders == {}
    assert {pair[0] for pair in result.carried} == {f"settings.{accent}", f"sections.{place}.{heading}"}
    assert result.unmatched == ("settings.motto",)


def test_what_the_store_has_of_the_other_theme_wins(theme: Theme) -> None:
    """Switching back restores what was there."""
    accent = setting_of(theme, "color.accent")
    result = carry_over(
        theme,
        Customisation(settings={accent: "#004225"}),
        theme,
        Customisation(settings={accent: "#123456"}),
    )

    assert result.chosen.settings == {accent: "#123456"}
    assert result.carried == ()


def test_a_value_that_the_other_theme_cannot_read_stays_behind(theme: Theme) -> None:
    """A colour too pale for it, say: the theme is shown with its own."""
    background, text = setting_of(theme, "color.background"), setting_of(theme, "color.text")
    dark = Customisation(settings={background: "#000000", text: "#ffffff"})
    result = carry_over(theme, dark, theme, Customisation(settings={text: "#171614"}))

    assert result.chosen.settings == {text: "#171614"}
    assert result.unmatched == (f"settings.{background}",)
