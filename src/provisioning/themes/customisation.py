"""
A store's own values over a theme's, and how they follow the store to another theme.

What a merchant changes never touches the package: it is laid over it here. Values are checked as strictly as the package's own, so a
customised theme is a `Theme` like any other, with a digest of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from provisioning.errors import FieldError, InvalidInput
from provisioning.themes.choices import Customisation
from provisioning.themes.packages import Theme
from provisioning.themes.placing import Block, Page, Section
from provisioning.themes.setting_types import Header, Paragraph, Schemes, Setting, SettingValue
from provisioning.themes.settings import check_schemes, resolve, resolve_theme, schemes_of


def customise(theme: Theme, chosen: Customisation) -> Theme:
    """
    The theme with the store's own values laid over it; the theme itself where there are none.

    Raises `InvalidInput` with one error for each value that the theme does not take, its `field` as `settings.accent_color`,
    `sections.index/hero.heading`, `orders.index` or `preset`.
    """
    return theme if chosen.empty else _customise(theme, chosen.model_dump_json())


@lru_cache(maxsize=64)
def _customise(theme: Theme, written: str) -> Theme:
    chosen = Customisation.model_validate_json(written)
    problems: list[FieldError] = []
    preset = _preset(theme, chosen, problems)
    settings = _overlay_settings(theme, preset, chosen.settings, problems)
    everywhere = [item for group in theme.settings_schema for item in group.settings]
    overlay = _Overlay(theme, chosen, schemes_of(everywhere, settings), problems)
    templates = {name: overlay.page(name, page) for name, page in theme.templates.items()}
    groups = {name: overlay.page(name, page) for name, page in theme.groups.items()}
    overlay.refuse_unknown()
    if problems:
        raise InvalidInput(tuple(problems))
    digest = hashlib.sha256(f"{theme.digest}\n{_canonical(chosen)}".encode()).hexdigest()[:20]
    return replace(
        theme,
        settings=MappingProxyType(settings),
        templates=MappingProxyType(templates),
        groups=MappingProxyType(groups),
        digest=digest,
    )


def fit(theme: Theme, chosen: Customisation) -> tuple[Customisation, tuple[FieldError, ...]]:
    """
    As much of the customisation as the theme takes, and what had to be left out.

    A theme may have lost a setting since a value was chosen for it: the shop is shown all the same.
    """
    dropped: list[FieldError] = []
    # Each round leaves out what was named, and what is left may meet another rule.
    for _ in range(10):
        try:
            customise(theme, chosen)
        except InvalidInput as error:
            dropped += error.fields
            chosen = _without(chosen, [problem.field for problem in error.fields])
        else:
            return chosen, tuple(dropped)
    return Customisation(), tuple(dropped)


def _without(chosen: Customisation, fields: list[str]) -> Customisation:
    dropped = set(fields)
    return Customisation(
        preset=None if "preset" in dropped else chosen.preset,
        settings={k: v for k, v in chosen.settings.items() if f"settings.{k}" not in dropped},
        sections={
            place: kept
            for place, values in chosen.sections.items()
            if (
                kept := {
                    k: v
                    for k, v in values.items()
                    if not dropped & {f"sections.{place}.{k}", f"sections.{place}"}
                }
            )
        },
        orders={k: v for k, v in chosen.orders.items() if f"orders.{k}" not in dropped},
    )


def _canonical(chosen: Customisation) -> str:
    return json.dumps(chosen.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))


def _preset(theme: Theme, chosen: Customisation, problems: list[FieldError]) -> Mapping[str, SettingValue]:
    if chosen.preset is None:
        return theme.settings
    if chosen.preset not in theme.presets:
        message = "must be one of " + ", ".join(sorted(theme.presets))
        problems.append(FieldError("preset", "UNKNOWN_PRESET", message))
        return theme.settings
    return theme.presets[chosen.preset]


def _overlay_settings(
    theme: Theme, preset: Mapping[str, SettingValue], given: Mapping[str, Any], problems: list[FieldError]
) -> dict[str, SettingValue]:
    items = {
        item.id: item
        for group in theme.settings_schema
        for item in group.settings
        if not isinstance(item, Header | Paragraph)
    }
    values = dict(preset)
    for name, value in given.items():
        checked = _check(f"settings.{name}", items.get(name), name, value, problems)
        if checked is not None:
            values[name] = checked
    try:
        # Fonts, schemes and contrasts depend on one another: the whole is checked as a package's presets are.
        resolve_theme(theme.settings_schema, theme.fonts, _plain(values), packaged=False)
    except ValueError as error:
        name, _, message = str(error).partition(": ")
        if name in given:
            problems.append(FieldError(f"settings.{name}", "WRONG_VALUE", message))
        else:
            # A value that was not changed no longer goes with one that was: all that were changed are to blame.
            problems += [FieldError(f"settings.{n}", "WRONG_VALUE", str(error)) for n in given] or [
                FieldError("preset", "WRONG_VALUE", str(error))
            ]
    return values


def _plain(values: Mapping[str, SettingValue]) -> dict[str, Any]:
    """Values as a package would write them, without keys of locale files: those are the package's own and right."""
    return {
        name: value
        for name, value in values.items()
        if isinstance(value, str | int | float | bool | tuple | Mapping)
    }


def _check(
    field: str, item: Setting | None, name: str, value: object, problems: list[FieldError]
) -> SettingValue | None:
    if item is None:
        problems.append(FieldError(field, "UNKNOWN_SETTING", "is not a setting of this theme"))
        return None
    try:
        return resolve([item], {name: value}, packaged=False)[name]
    except ValueError as error:
        problems.append(FieldError(field, "WRONG_VALUE", str(error).removeprefix(f"{name}: ")))
        return None


class _Overlay:
    """Lays a store's values over pages, and knows which of them found no place."""

    def __init__(
        self, theme: Theme, chosen: Customisation, schemes: Schemes, problems: list[FieldError]
    ) -> None:
        self._theme = theme
        self._chosen = chosen
        self._schemes = schemes
        self._problems = problems
        self._used: set[str] = set()

    def page(self, name: str, page: Page) -> Page:
        sections = tuple(self._section(f"{name}/{section.id}", section) for section in page.sections)
        return replace(page, sections=self._ordered(name, sections))

    def refuse_unknown(self) -> None:
        for place in sorted(self._chosen.sections.keys() - self._used):
            self._problems.append(
                FieldError(f"sections.{place}", "UNKNOWN_PLACE", "there is no section or block at this place")
            )
        for name in sorted(
            self._chosen.orders.keys() - self._theme.templates.keys() - self._theme.groups.keys()
        ):
            self._problems.append(FieldError(f"orders.{name}", "UNKNOWN_PLACE", "there is no such template"))

    def _ordered(self, name: str, sections: tuple[Section, ...]) -> tuple[Section, ...]:
        order = self._chosen.orders.get(name)
        if order is None:
            return sections
        by_id = {section.id: section for section in sections}
        if not set(order) <= by_id.keys() or len(set(order)) < len(order):
            message = "must name sections of this page, each once: " + ", ".join(by_id)
            self._problems.append(FieldError(f"orders.{name}", "WRONG_ORDER", message))
            return sections
        return tuple(by_id[id] for id in order)

    def _section(self, place: str, section: Section) -> Section:
        schema = self._theme.sections[section.type]
        blocks = {block.type: block.settings for block in schema.blocks}
        return replace(
            section,
            settings=self._values(place, schema.settings, section.settings),
            blocks=tuple(
                self._block(f"{place}/{block.id}", block, blocks[block.type]) for block in section.blocks
            ),
        )

    def _block(self, place: str, block: Block, settings: tuple[Setting, ...]) -> Block:
        return replace(block, settings=self._values(place, settings, block.settings))

    def _values(
        self, place: str, settings: tuple[Setting, ...], present: Mapping[str, SettingValue]
    ) -> Mapping[str, SettingValue]:
        given = self._chosen.sections.get(place)
        if given is None:
            return present
        self._used.add(place)
        items = {item.id: item for item in settings if not isinstance(item, Header | Paragraph)}
        values = dict(present)
        for name, value in given.items():
            checked = _check(f"sections.{place}.{name}", items.get(name), name, value, self._problems)
            if checked is None:
                continue
            try:
                check_schemes([items[name]], {name: checked}, self._schemes)
            except ValueError as error:
                message = str(error).removeprefix(f"{name}: ")
                self._problems.append(FieldError(f"sections.{place}.{name}", "WRONG_VALUE", message))
            else:
                values[name] = checked
        return MappingProxyType(values)


# --- To another theme ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What became of a store's values with another theme; fields are written as in `InvalidInput` of `customise`."""

    chosen: Customisation
    #: From where to where.
    carried: tuple[tuple[str, str], ...]
    #: Values that the other theme has no place for. They stay with the old theme's customisation.
    unmatched: tuple[str, ...]


def carry_over(
    old: Theme, chosen: Customisation, new: Theme, kept: Customisation | None = None
) -> CarriedOver:
    """
    Lay over `new` what the store has chosen for `old`, by what the settings mean (`semantic`).

    `kept` is what the store has of `new` from an earlier time: its own values win. Values that mean nothing in common stay where they are.
    """
    target = kept or Customisation()
    places = _meanings(new)
    settings, sections = dict(target.settings), {k: dict(v) for k, v in target.sections.items()}
    carried: list[tuple[str, str]] = []
    unmatched: list[str] = []
    for field, semantic, value in _chosen_meanings(old, chosen):
        goal = (
            next((p for p in places.get(semantic, ()) if _takes(new, p, value)), None) if semantic else None
        )
        if goal is None:
            unmatched.append(field)
            continue
        into = settings if goal.place is None else sections.setdefault(goal.place, {})
        if goal.item.id not in into:
            into[goal.item.id] = value
            carried.append((field, goal.field))
    wanted = target.model_copy(update={"settings": settings, "sections": sections})
    fitting, lost = _fit_carried(new, wanted, {into for _, into in carried})
    return CarriedOver(
        fitting,
        tuple(pair for pair in carried if pair[1] not in lost),
        (*unmatched, *(pair[0] for pair in carried if pair[1] in lost)),
    )


def _fit_carried(theme: Theme, wanted: Customisation, carried: set[str]) -> tuple[Customisation, set[str]]:
    """What the theme takes, and what of `carried` it does not: what the store has of it already is given up last."""
    lost: set[str] = set()
    while carried - lost:
        try:
            customise(theme, wanted)
        except InvalidInput as error:
            # Where only other values are named, it is with what was carried that they do not go: two colours, say.
            named = {problem.field for problem in error.fields} & carried or carried - lost
            lost |= named
            wanted = _without(wanted, sorted(named))
        else:
            return wanted, lost
    return fit(theme, wanted)[0], lost


@dataclass(frozen=True, slots=True)
class _Goal:
    """A setting in its place; without `place` a global one."""

    item: Any
    place: str | None

    @property
    def field(self) -> str:
        return f"settings.{self.item.id}" if self.place is None else f"sections.{self.place}.{self.item.id}"


def _meanings(theme: Theme) -> dict[str, list[_Goal]]:
    """Where a theme has a setting of each meaning, global ones first."""
    found: dict[str, list[_Goal]] = {}
    for goal in _goals(theme):
        if goal.item.semantic:
            found.setdefault(goal.item.semantic, []).append(goal)
    return found


def _goals(theme: Theme) -> Iterator[_Goal]:
    for group in theme.settings_schema:
        yield from (_Goal(i, None) for i in group.settings if not isinstance(i, Header | Paragraph))
    for name, page in [*theme.templates.items(), *theme.groups.items()]:
        for section in page.sections:
            schema = theme.sections[section.type]
            place = f"{name}/{section.id}"
            yield from (_Goal(i, place) for i in schema.settings if not isinstance(i, Header | Paragraph))
            kinds = {block.type: block.settings for block in schema.blocks}
            for block in section.blocks:
                yield from (
                    _Goal(i, f"{place}/{block.id}")
                    for i in kinds[block.type]
                    if not isinstance(i, Header | Paragraph)
                )


def _chosen_meanings(theme: Theme, chosen: Customisation) -> Iterator[tuple[str, str | None, Any]]:
    """Each value that the store has chosen: its field, what it means, and itself."""
    goals = {(goal.place, goal.item.id): goal for goal in _goals(theme)}
    values: list[tuple[str | None, str, Any]] = [
        (None, name, value) for name, value in chosen.settings.items()
    ]
    values += [(place, n, v) for place, given in chosen.sections.items() for n, v in given.items()]
    for place, name, value in values:
        goal = goals.get((place, name))
        if goal is not None:
            yield goal.field, goal.item.semantic, value


def _takes(theme: Theme, goal: _Goal, value: object) -> bool:
    try:
        resolve([goal.item], {goal.item.id: value}, packaged=False)
    except ValueError:
        return False
    return goal.item.type != "font" or value in theme.fonts
