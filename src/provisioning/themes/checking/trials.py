"""
A theme on trial: each page of the sample shops is made by it, in a process that is killed where it takes too much.

Only for packages that the rules find nothing wrong with; what those cannot see shows here: a list where none was expected, a shop
without a picture, words of a thousand letters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from provisioning.errors import Permanent
from provisioning.themes.checking.findings import Finding, find
from provisioning.themes.checking.markup import tags_of
from provisioning.themes.checking.subjects import NAMELESS, Parents
from provisioning.themes.fixtures import FIXTURES, FixturePage, fixture_pages
from provisioning.themes.isolation import render_isolated
from provisioning.themes.packages import read_package_files
from provisioning.themes.plans import RenderingPlan, plan_of

#: After so many pages that cannot be made, no more are tried.
_MOST_FAILURES = 5


def check_pages(files: Mapping[str, bytes], parents: Parents) -> Iterator[Finding]:
    """
    What is wrong with the pages that a package makes. Starts a process of its own.

    Raises `InvalidInput` for a package that cannot be read: `check_theme` is asked first.
    """
    theme = read_package_files(files, NAMELESS, lambda slug, _: parents.get(slug), imported=True)
    plan = plan_of(theme)
    left = [(shop, page) for shop in FIXTURES for page in fixture_pages(shop)]
    for _ in range(_MOST_FAILURES):
        made = 0
        try:
            for html in _make(plan, left):
                shop, page = left[made]
                made += 1
                for code, message in _look(html):
                    yield _tell(files, code, shop, page, message)
            return
        except Permanent as error:
            shop, page = left[made]
            yield _tell(files, "RN01", shop, page, error.detail)
            left = [one for one in left[made + 1 :] if one[1].template != page.template]


def _make(plan: RenderingPlan, pages: list[tuple[str, FixturePage]]) -> Iterator[str]:
    return render_isolated(plan, [(page.template, page.context) for _, page in pages])


def _tell(files: Mapping[str, bytes], code: str, shop: str, page: FixturePage, message: str) -> Finding:
    file = f"templates/{page.template}.json"
    where = f"{page.template} of the {shop} sample shop: "
    return find(code, file if file in files else "theme.json", where + message)


def _look(html: str) -> Iterator[tuple[str, str]]:
    """One page: what assistive technology finds its way by."""
    tags = [tag for tag in tags_of(html) if not tag.closing]
    for name in ("main", "h1"):
        count = sum(tag.name == name for tag in tags)
        if count != 1:
            yield "RN02", f"it has {count} elements {name}, and must have one"
    ids = Counter(tag.attributes["id"] for tag in tags if "id" in tag.attributes)
    for name, count in ids.items():
        if count > 1:
            yield "RN02", f"the id {name} stands there {count} times"
