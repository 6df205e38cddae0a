"""Nothing that would harm a shopper or a search engine passes the checks; all that we make does."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest

from provisioning.local.files import FolderSiteFiles
from provisioning.ports import SiteFile
from provisioning.sites.building import Site, SiteEntry, build_site
from provisioning.sites.checking import Candidate, Problem, check_blobs, check_release, problems_of
from provisioning.sites.making import check_site
from provisioning.sites.packing import pack
from provisioning.sites.publishing import plan_release, publish, publish_platform_files
from provisioning.sites.releases import CacheClass, Manifest, Redirect
from provisioning.sites.shop import Shop
from provisioning.themes.packages import Theme, list_themes, load_theme
from tests.sites.shops import ADDRESS, draw_picture, hostile_shop, real_shop, sample_shop
from tests.sites.stores import sample_pictures
from tests.sites.test_markup import page

HTML = "text/html; charset=utf-8"


def candidate(texts: Mapping[str, str], kind: str = HTML, **more: object) -> Candidate:
    lines = {
        path: pack(SiteFile(text.encode(), _kind(path, kind))).line("stores/s1", CacheClass.PAGE)
        for path, text in texts.items()
    }
    manifest = Manifest("s1", "upfront-modern", "1.0.0", lines)
    return replace(Candidate(manifest, ADDRESS, texts), **more)  # type: ignore[arg-type]


def _kind(path: str, kind: str) -> str:
    kinds = {
        ".json": "application/json",
        ".xml": "application/xml",
        ".css": "text/css",
        ".js": "text/javascript",
    }
    return kinds.get("." + path.rpartition(".")[2], kind)


def problems(checked: Candidate) -> list[tuple[str, str]]:
    return [(problem.page, problem.code) for problem in problems_of(check_release(checked))]


@pytest.mark.parametrize("shop", [sample_shop, real_shop, hostile_shop])
@pytest.mark.parametrize("slug", list_themes())
def test_what_we_make_passes(slug: str, shop: type[Shop]) -> None:
    """Every theme, with a new store's shop, a real one, and one whose every text is hostile. Every check has looked at something."""
    site = build_site(load_theme(slug), shop(), draw_picture)
    checks = check_site(site, shop(), plan_release("s1", site).manifest)

    assert problems_of(checks) == []
    assert all(check.looked_at for check in checks)


def test_links_lead_somewhere() -> None:
    """Within the site: with queries, fragments, as whole addresses, or by a redirect; and elsewhere as they please."""
    body = (
        '<a href="/a/?variant=1#top">a</a><a href="#here" id="here">b</a><a href="../">c</a>'
        f'<a href="{ADDRESS}/a/">d</a><a href="/old/">e</a><a href="https://example.com/x">f</a><a href="mailto:a@example.com">g</a>'
        '<a href="/caf%C3%A9/">h</a>'
    )
    texts = {"/": page(body), "/a/": page('<p id="top"></p>' + body), "/café/": page()}
    checked = candidate(texts)
    manifest = replace(checked.manifest, redirects={"/old/": Redirect("/a/")})

    assert problems(replace(checked, manifest=manifest)) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('<a href="/gone/">x</a>', "DEAD_LINK"),
        ('<a href="/a">x</a>', "DEAD_LINK"),
        ('<a href="gone/">x</a>', "DEAD_LINK"),
        (f'<a href="{ADDRESS}/gone/">x</a>', "DEAD_LINK"),
        ('<a href="#gone">x</a>', "DEAD_FRAGMENT"),
        ('<a href="/a/#gone">x</a>', "DEAD_FRAGMENT"),
        ('<img src="/gone.webp" alt="" width="1" height="1">', "DEAD_LINK"),
        ('<img src="https://example.com/a.webp" alt="" width="1" height="1">', "LOADED_FROM_ELSEWHERE"),
        ('<script src="//example.com/a.js"></script>', "LOADED_FROM_ELSEWHERE"),
        ('<a href="foo:bar">x</a>', "UNKNOWN_SCHEME"),
        ("<p>x</div></p>", "NOT_BALANCED"),
        ('<script type="application/ld+json">{</script>', "LINKED_DATA"),
        ("<p>" + "word " * 100_000 + os.urandom(60_000).hex() + "</p>", "TOO_HEAVY"),
    ],
)
def test_what_is_wrong_with_a_page_is_named(body: str, code: str) -> None:
    """The page and the reason."""
    assert ("/", code) in problems(candidate({"/": page(body), "/a/": page()}))


def test_a_canonical_address_is_the_page_s_own() -> None:
    head = f'<link rel="canonical" href="{ADDRESS}/">'

    assert problems(candidate({"/": page(head=head)})) == []
    assert problems(candidate({"/": page(), "/a/": page(head=head)})) == [("/a/", "WRONG_CANONICAL")]


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("/site.json", "{", "BAD_JSON"),
        ("/sitemap.xml", "<urlset>", "BAD_XML"),
        (
            "/sitemap.xml",
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{ADDRESS}/gone/</loc></url></urlset>',
            "DEAD_LINK",
        ),
        ("/theme.css", os.urandom(30_000).hex(), "TOO_HEAVY"),
    ],
)
def test_what_is_wrong_with_another_file_is_named(path: str, text: str, code: str) -> None:
    assert problems(candidate({"/": page(), path: text})) == [(path, code)]


def test_a_page_may_not_load_too_much_at_once() -> None:
    """Each style is light enough, and all together are not."""
    styles = {f"/{n}.css": os.urandom(20_000).hex() for n in range(12)}
    head = "".join(f'<link rel="stylesheet" href="{path}">' for path in styles)

    assert problems(candidate({"/": page(head=head), **styles})) == [("/", "TOO_HEAVY")]


class _Taken:
    """A release of which one page was taken over, and what was read of it again."""

    def __init__(self, before: Mapping[str, str], new: Mapping[str, str], gone: Iterable[str] = ()) -> None:
        self.read: list[str] = []
        previous = candidate(before).manifest
        whole = candidate({**before, **new})
        kept = {path: line for path, line in whole.manifest.files.items() if path not in set(gone)}
        self.candidate = Candidate(
            replace(whole.manifest, files=kept),
            ADDRESS,
            new,
            previous,
            lambda paths: self._read(before, paths),
        )

    def _read(self, before: Mapping[str, str], paths: Iterable[str]) -> Mapping[str, str]:
        self.read += paths
        return {path: before[path] for path in paths}


def test_a_page_that_was_taken_over_is_not_read_again() -> None:
    """It has passed already, and nothing that it may lead to has gone."""
    taken = _Taken({"/": page('<a href="/a/">x</a>'), "/a/": page()}, {"/a/": page("<p>new</p>")})

    assert problems(taken.candidate) == []
    assert taken.read == []


def test_a_page_that_was_taken_over_is_read_again_where_something_has_gone() -> None:
    """Its link would lead to nothing: the release is not promoted."""
    taken = _Taken(
        {"/": page('<a href="/a/">x</a>'), "/a/": page(), "/b/": page()}, {"/b/": page()}, gone=["/a/"]
    )

    assert problems(taken.candidate) == [("/", "DEAD_LINK")]


def test_a_new_link_to_a_place_on_a_page_that_was_taken_over() -> None:
    """Only that page is read again."""
    before = {"/": page('<p id="here">x</p>'), "/a/": page(), "/b/": page()}
    good = _Taken(before, {"/b/": page('<a href="/#here">x</a>')})
    bad = _Taken(before, {"/b/": page('<a href="/#gone">x</a>')})

    assert (problems(good.candidate), good.read) == ([], ["/"])
    assert problems(bad.candidate) == [("/b/", "DEAD_FRAGMENT")]


def test_a_missing_blob_is_named(tmp_path: object, theme: Theme, sample_site: Site) -> None:
    """The store's own, or one that all stores share."""
    files = FolderSiteFiles(tmp_path)  # type: ignore[arg-type]
    publish_platform_files(files, theme, sample_pictures)
    manifest = publish(files, "s1", sample_site).manifest
    assert check_blobs(files, manifest).ok
    style = next(path for path in manifest.files if path.endswith(".css") and "theme" in path)

    for path in ("/", style):
        files.delete(manifest.files[path].blob)

    found = check_blobs(files, manifest).problems
    assert [(p.page, p.code) for p in found] == [("/", "BLOB_MISSING"), (style, "BLOB_MISSING")]
    assert isinstance(found[0], Problem)


def test_a_rejected_page_is_named_among_good_ones(sample_site: Site) -> None:
    """One broken page of a whole site: that one, and no other."""
    entry = sample_site.files["/cart/"]
    broken = SiteEntry(SiteFile(entry.file.body.replace(b"</main>", b""), HTML), entry.cache)
    site = replace(sample_site, files={**sample_site.files, "/cart/": broken})

    found = problems_of(check_site(site, sample_shop(), plan_release("s1", site).manifest))

    assert {problem.page for problem in found} == {"/cart/"}
