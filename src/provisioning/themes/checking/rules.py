"""The checker's rules: a stable code, how bad a breach is, what must hold, and what to do where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Severity(StrEnum):
    """An error keeps a theme from being used; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """`holds` is a sentence that is true of a sound theme; `fix` is what to do, where a finding does not say it better."""

    code: str
    severity: Severity
    holds: str
    fix: str


def _error(code: str, holds: str, fix: str) -> Rule:
    return Rule(code, Severity.ERROR, holds, fix)


def _warning(code: str, holds: str, fix: str) -> Rule:
    return Rule(code, Severity.WARNING, holds, fix)


_ALL = (
    # Files
    _error("ST01", "What a theme needs is there", "add the file, or extend upfront-base, which has it"),
    _error("ST02", "Every file has a place in a package", "remove the file, or move it to where the table of files puts it"),
    _error("ST03", "No file is too large, nor all of them together", "make it smaller, or split it"),
    _error("ST04", "There are no symbolic links", "put a copy of the file in place of the link"),
    _error("ST05", "Names of files are plain", "rename it: lower-case letters, digits, dots, hyphens and underscores"),
    _error("ST06", "A file is what its ending says", "save it in the format of its ending, texts in UTF-8"),
    _warning("ST07", "Every section and snippet is used", "remove it, or place it in a template"),
    _error("ST08", "The theme works with this version of the renderer", 'write "engine": ">=1.0 <2"'),
    _error("ST09", "The theme that it extends is installed in a version that does", "install that version, or extend the one that is there"),
    _error("ST10", "Themes do not extend each other in a circle, nor more than three deep", "extend upfront-base directly"),
    _error("ST11", "theme.json says what it must, and nothing else", "see the theme.json of Upfront Modern"),
    _warning("ST12", "The theme is shown by pictures of the right sizes", "add preview/thumbnail.webp (800 × 600), desktop.webp (1440 × 900) and mobile.webp (390 × 844), 80,000 bytes at most"),
    _error("ST13", "What is wrong is little enough to be listed", "mend what is listed, and check again"),
    _warning("ST14", "Every asset is used", "remove the file"),
    _warning("ST15", "Fonts come with their licence", "put the licence's text beside theme.json, as FONT-LICENSE.txt"),
    # JSON
    _error("JS01", "JSON files are JSON", "mend the syntax"),
    _error("JS02", "JSON files have the shape that is asked for", "see the tables of settings and of sections"),
    _error("JS03", "No two settings of one list have one id", "rename one of them"),
    _error("JS04", "No list of settings is too long: 40 in one place, 160 in all", "leave some out, or use blocks"),
    _error("JS05", "A choice has two options or more, and its default is one of them", "add the option, or choose another default"),
    _error("JS06", "The default of a colour is a colour", "write it as #rrggbb, in lower case"),
    _error("JS07", "A picture has no default", "leave out default; show a sample picture in the template"),
    _error("JS08", "The default of a number is one that can be chosen", "choose one between min and max, on a step"),
    _error("JS09", "visible_if looks at settings that are there", 'write it as settings.layout == "wide", with ids of this schema'),
    _error("JS10", "Templates place sections and blocks that exist", "name one that exists, or add it"),
    _error("JS11", "order and block_order name everything once", "list each id once, and no other"),
    _error("JS12", "No page holds more of a section, or section of a block, than allowed", "take some away, or raise limit or max_blocks in the schema"),
    _error("JS13", "Values are for settings that are declared", "declare the setting in the schema, or remove the value"),
    _warning("JS14", "Values hold no template syntax", "write plain text; what differs from shop to shop belongs into the template"),
    _warning("JS15", "Every declared setting is used", "use it in a template or a stylesheet, or remove it"),
    _error("JS16", "Templates ask for settings that are declared", "declare it in the schema, or remove it from the template"),
    _error("JS17", "Words and controls stand out from what is behind them", "choose a darker or a lighter colour"),
    _error("JS18", "semantic is a word of the vocabulary, and goes with the type", "see src/provisioning/themes/semantics.py"),
    _error("JS19", "No key stands twice in an object", "remove one of the two"),
    _error("JS20", "Values fit their settings", "choose one that the setting takes"),
    _error("JS21", "Sections stand where their schema lets them", "place it elsewhere, or change enabled_on or disabled_on"),
    _error("JS22", "Templates name layouts that exist", "name layout/base.html as base, or add the layout"),
    _error("JS23", "Of what is inherited only that is changed which may be", "give default, label, info, options, hidden or visible_if; for anything else declare a setting of your own"),
    # Templates
    _error("TP01", "Templates can be read", "mend the syntax"),
    _error("TP02", "Filters and tests exist", "use one of those that docs/themes.md lists"),
    _error("TP03", "Names and fields exist", "see src/provisioning/themes/views.py for what templates are given"),
    _error("TP04", "What is included or extended exists", "add the file, or mend the name"),
    _error("TP05", "Names of templates are written out", 'write {% include "snippets/card.html" %}'),
    _error("TP06", "Templates say only what they may", "move the work into a filter that exists, or into a setting"),
    _error("TP07", "Statements stand at most ten deep in each other", "move the inner part into a snippet"),
    _warning("TP08", "Templates are simple enough to be read: 120 decisions at most", "move parts into snippets"),
    _error("TP09", "Loops stand at most three deep in each other", "move the inner loop into a snippet, or leave it out"),
    _error("TP10", "Values and markup stand where they are safe", "write values between tags and in quoted attributes only"),
    _error("TP11", "Addresses lead somewhere, and run nothing", "let one value, or written-out words, begin the address"),
    _error("TP12", "Texts exist in the default locale, and get the values that they show", "add the key to the locale files, or mend the call"),
    _warning("TP13", "Words that shoppers read are in the locale files", 'write {{ t("key") }}, and the words into locales/'),
    _warning("TP14", "Links lead to what every shop has", "make it a setting of the type url, product, collection or page"),
    _error("TP15", "Layouts show the page's sections, its title and its colours", "print content, page.title and a link to tokens_url"),
    _error("TP16", "A layout has one main element", "put {{ content }} into one <main>"),
    _error("TP17", "Pictures have alt, width and height", 'use snippets/picture.html, or write all three (alt="" for decoration)'),
    _warning("TP18", "At most two files are asked for ahead", "preload what the first screen needs, and nothing else"),
    _error("TP20", "A layout says its language and direction", '<html lang="{{ shop.locale }}" dir="{{ shop.direction }}">'),
    _error("TP21", "Every field has a label", "write <label for=…> with the field's id, or aria-label"),
    _warning("TP22", "Layouts tell search engines what a page is", "include snippets/head.html, or print page.description, page.robots, page.canonical_url and page.structured_data"),
    _warning("TP23", "A layout begins with a link to the content", 'write <a class="skip-link" href="#main"> before the header, and give main that id'),
    _warning("TP24", "A page has one h1", "let the first section have it, and no other"),
    _warning("TP25", "The order of the keyboard is that of the page", "remove tabindex values above 0, autofocus and accesskey"),
    _warning("TP26", "Navigation is named", 'write <nav aria-label="{{ t(…) }}">'),
    _warning("TP27", "A button says what it does", 'write type="button", or type="submit" in a form'),
    _warning("TP28", "Pages lead away only where the merchant says so", "make the address a setting of the type url"),
    _warning("TP29", "No id stands twice in a template", "use section.id in it, as {{ section.id }}-heading"),
    # Assets
    _error("AS01", "Scripts are small: 10,000 bytes a file, 16,000 together as sent", "leave out what HTML and CSS can do"),
    _error("AS02", "Styles are small: 100,000 bytes a file, 20,000 together as sent", "leave out rules that nothing uses"),
    _error("AS03", "Nothing is loaded from elsewhere, and nothing sent there", "put the file into assets, and name it with asset_url"),
    _error("AS04", "No script holds the page up", 'write <script type="module" src="…">, or defer'),
    _error("AS05", "Stylesheets load nothing from elsewhere and run nothing", "put the file into assets, and name it in url(…)"),
    _error("AS06", "Scripts run no text, write no markup and ask no other host", "use textContent, template elements and addEventListener"),
    _error("AS07", "Assets that are named exist", "add the file to assets, or mend the name"),
    _error("AS08", "Stylesheets and scripts can be read", "mend the syntax"),
    _error("AS09", "Drawings hold shapes and nothing else", "remove scripts, links, styles from elsewhere, foreignObject and entities"),
    _error("AS10", "Fonts are small: 60,000 bytes each", "leave out the scripts and weights that the theme does not use"),
    _warning("AS11", "What has the keyboard's focus is seen", "give :focus-visible another outline"),
    _error("AS12", "An imported theme brings no scripts", "remove the file; the scripts of the theme that it extends are there"),
    _warning("AS13", "Pictures among the assets are small: 100,000 bytes, 2,400 pixels", "save it smaller, as WebP or AVIF"),
    _warning("AS14", "Styles follow the direction of writing", "write margin-inline-start, inset-inline-end, text-align: start …"),
    _warning("AS15", "Fonts are shown at once, in the device's own until they have come", "write font-display: swap, and a stand_in"),
    _error("AS16", "The fonts of theme.json are in the stylesheet", "write an @font-face for the family, or mend its name"),
    # Texts
    _error("LC01", "Every locale has every text", "add the keys; there is no other language to fall back on"),
    _error("LC02", "A text shows only what is given to it", "use the names in braces that the default locale uses"),
    _warning("LC03", "Texts are plain; those whose key ends in _html have links and emphasis alone", "write the markup into the template, or end the key in _html"),
    _error("LC04", "What is counted has a form for all other numbers", 'write { "one": "…", "other": "{count} …" }'),
    _error("LC05", "theme.json lists the locales that are there", "add the file, or change locales in theme.json"),
    _warning("LC06", "A text shows in every language what it shows in the default one", "use the same names in braces"),
    _warning("LC07", "Every text is used", "remove the key from all locale files"),
    _warning("LC08", "What is counted has every plural form of its language", "add the form: zero, one, two, few, many or other, as CLDR names them"),
    # Pages
    _error("RN01", "Every page can be made, also of an empty shop, and of one from right to left", "mend the template that is named"),
    _error("RN02", "Every page has one main element and one h1, and no id twice", "mend the section that writes it; begin ids with section.id"),
)  # fmt: skip

#: Every rule by its code, in the order of the documentation.
RULES: Mapping[str, Rule] = MappingProxyType({rule.code: rule for rule in _ALL})
