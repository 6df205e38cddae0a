"""Every dialog of the portal, by the text of its title in the sources: how one comes to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from provisioning.local.portal import SOURCES

from .routes import Places
from .visits import settled

Opening = Callable[[Any, Places], None]

#: What a dialog is called that shows something is what the thing is called; its own text stands there until that has been read.
CALLED_BY_ITS_THING = {"letters.one": ".+"}


@dataclass(frozen=True, slots=True)
class Case:
    """A dialog that is to be looked at: the key of its title, and what leads to it."""

    title: str
    open: Opening

    @property
    def name(self) -> re.Pattern[str]:
        """What a screen reader says of it, with anything filled in."""
        if called := CALLED_BY_ITS_THING.get(self.title):
            return re.compile(called)
        parts = re.split(r"\{\w+\}", TEXTS[self.title])
        return re.compile(f"^{'.+'.join(map(re.escape, parts))}$")


def read_texts() -> dict[str, str]:
    """The portal's texts by key; those that are composed of others are left out."""
    found: dict[str, str] = {}
    for file in (SOURCES / "src/texts").glob("*.ts"):
        found |= dict(re.findall(r"^  '([\w.]+)': '(.*)',$", file.read_text(), re.MULTILINE))
    return found


TEXTS = read_texts()


def titles_in_sources() -> set[str]:
    """The keys of all titles that a dialog is given anywhere. Raises `AssertionError` for a title that is no text of the portal."""
    found: set[str] = set()
    for file in (SOURCES / "src").rglob("*.tsx"):
        source = file.read_text()
        for tag in re.finditer(r"<\w*Dialog\b", source):
            title = _attribute(source[tag.start() :], "title")
            # One that is handed on was given by somebody else.
            if title not in (None, "title"):
                keys = {key for key in re.findall(r"'([\w.]+)'", title) if key in TEXTS}
                assert keys, f"{file.name}: the title of a dialog is no text of the portal: {title}"
                found |= keys
    return found


def _attribute(tag: str, name: str) -> str | None:
    """What stands in the braces of the attribute, of the tag that the text begins with."""
    depth, began, of_tag = 0, 0, False
    for at, sign in enumerate(tag):
        if sign == "{":
            depth += 1
            if depth == 1:
                began, of_tag = at + 1, tag[:at].endswith(f" {name}=")
        elif sign == "}":
            depth -= 1
            if depth == 0 and of_tag:
                return tag[began:at]
        elif sign == ">" and depth == 0:
            return None
    return None


def pressing(route: str, *buttons: str) -> Opening:
    """The page, and one button after the other; all but the first stand in the dialog that the one before opened."""

    def open_it(page: Any, places: Places) -> None:
        page.goto(places.address(route))
        settled(page)
        place = page
        for name in buttons:
            place.get_by_role("button", name=re.compile(f"^{name}$")).first.click()
            place = page.get_by_role("dialog")

    return open_it


def switching(page: Any, places: Places) -> None:
    """Of a store that no other test looks at: it has another theme afterwards."""
    elsewhere = replace(places, merchant=places.other)
    pressing("/merchants/:merchantId/theme", "Use theme: .+", "Use theme")(page, elsewhere)


def leaving(page: Any, places: Places) -> None:
    """With another preset, and not saved."""
    page.goto(places.address("/merchants/:merchantId/theme"))
    settled(page)
    page.get_by_label("Preset").select_option("Pine")
    page.get_by_role("main").get_by_role("link", name="Plan").click()


def sending(page: Any, places: Places) -> None:
    """What comes next is still on its way."""
    page.route("**/assets/ProvisioningPage-*.js", lambda route: None)
    pressing("/merchants", "Activate: .+", "Summary", "Activate store")(page, places)


_RELEASES, _THEME = "/merchants/:merchantId/releases", "/merchants/:merchantId/theme"
_PICTURES = "/merchants/:merchantId/pictures"

DIALOGS = {
    "new merchant": Case("newMerchant.title", pressing("/merchants", "New merchant")),
    "form": Case("activate.title", pressing("/merchants", "Activate: .+")),
    "sent form": Case("activate.sent", sending),
    "roll back": Case("rollBack.title", pressing("/provisionings/:provisioningId", "Roll back")),
    "release": Case("releases.dialog", pressing(_RELEASES, "Show release .+")),
    "rejected release": Case("releases.dialog", pressing(_RELEASES, "See why")),
    "promotion": Case("releases.promote.title", pressing(_RELEASES, "Make live: .+")),
    "revert": Case("releases.revert.title", pressing(_RELEASES, "Go back")),
    "switch of the theme": Case("themes.switch.title", pressing(_THEME, "Use theme: .+")),
    "what a switch carried over": Case("themes.switched.title", switching),
    "draft that is discarded": Case("themeEditor.discard.title", pressing(_THEME, "Discard draft")),
    "changed theme that is left": Case("themeEditor.leave.title", leaving),
    "revision that is restored": Case("revisions.restore.title", pressing(_THEME, "Restore: .+")),
    "picture of the theme": Case("settings.choosePicture", pressing(_THEME, "Choose a picture for .+")),
    "picture": Case("pictures.dialog", pressing(_PICTURES, "Four colours.+")),
    "picture that is removed": Case("pictures.remove.title", pressing(_PICTURES, "Four colours.+", "Remove")),
    "change of the plan": Case("planChange.title", pressing("/merchants/:merchantId/plan", "Change to .+")),
    "new theme": Case("themes.new", pressing("/themes", "New entry")),
    "changed theme": Case("themes.edit", pressing("/themes", "Edit .+")),
    "uploaded theme": Case("themes.upload", pressing("/themes", "Upload theme")),
    "deleted theme": Case("offers.delete.title", pressing("/themes", "Delete .+")),
    "new plan": Case("plans.new", pressing("/plans", "New plan")),
    "changed plan": Case("plans.edit", pressing("/plans", "Edit .+")),
    "deleted plan": Case("offers.delete.title", pressing("/plans", "Delete .+")),
    "granted role": Case("users.grant", pressing("/users", "Grant a role")),
    "changed role": Case("users.change.title", pressing("/users", "Change role of .+")),
    "role that is taken away": Case("users.revoke.title", pressing("/users", "Take role away: .+")),
    "dead letter": Case("letters.one", pressing("/dead-letters", "Show: .+")),
    "replayed letter": Case("letters.replay.title", pressing("/dead-letters", "Replay: .+")),
    "closed letter": Case("letters.close.title", pressing("/dead-letters", "Show: .+", "Close letter")),
}
