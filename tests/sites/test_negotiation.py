"""What visitors' headers ask for: any text is a decision, never an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.sites.negotiation import (
    NO_PATH,
    Part,
    Unsatisfiable,
    Visit,
    cookie,
    encodings,
    hostname,
    matches,
    part,
    query_value,
)
from provisioning.sites.wsgi import read_visit

TAG = '"0123abc-br"'


@pytest.mark.parametrize(
    ("header", "order"),
    [
        ("br", ("br", "")),
        ("gzip;q=0.5, br;q=0.5", ("br", "gzip", "")),
        ("gzip;q=0.6, br;q=0.5", ("gzip", "br", "")),
        ("gzip ; q=1.000 , br ; q=0.001", ("gzip", "br", "")),
        ("*;q=0.5", ("br", "gzip", "")),
        ("gzip;q=1, *;q=0.5", ("gzip", "br", "")),
        # What is named counts, not what the star says; and the star means the plain bytes as well.
        ("gzip;q=0.5, *", ("br", "")),
        ("identity;q=0, gzip;q=0.1", ("gzip", "")),
        ("gzip;level=9;q=0", ("",)),
        ("gzip;q=1.5", ("",)),
        ("gzip;q=-1", ("",)),
        ("gzip;q=", ("",)),
        ("gzip, gzip;q=0", ("gzip", "")),
        ("brotli", ("",)),
        (",,,", ("",)),
    ],
)
def test_encodings(header: str, order: tuple[str, ...]) -> None:
    """By quality, then brotli before gzip; never less welcome than the plain bytes, which are the last."""
    assert encodings(header) == order


@given(st.text(alphabet="brgzip*;q=01.59, identity\x00é", max_size=2_000))
def test_any_accept_encoding_ends_with_the_plain_bytes(header: str) -> None:
    order = encodings(header)

    assert order[-1] == ""
    assert set(order) <= {"br", "gzip", ""}
    assert len(set(order)) == len(order)


@given(st.text(max_size=400))
def test_any_host_is_a_plain_name_or_none(host: str) -> None:
    """What comes out is safe as one segment of a document's path."""
    name = hostname(host)

    assert name is None or (name.isascii() and name == name.lower() and "/" not in name and ".." not in name)
    assert hostname(name or "") in (name, None)


@given(st.text(max_size=300), st.integers(0, 10**12))
def test_any_range_is_within_the_file(header: str, size: int) -> None:
    for asked in (header, f"bytes={header}"):
        try:
            wanted = part(asked, size)
        except Unsatisfiable:
            continue
        assert wanted is None or 0 <= wanted.first <= wanted.last < size


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 30))
def test_a_range_is_what_python_slices(first: int, last: int, size: int) -> None:
    """Against the simplest model of it."""
    whole = bytes(range(size))
    try:
        wanted = part(f"bytes={first}-{last}", size)
    except Unsatisfiable:
        assert whole[first:] == b""
        return
    if last < first:
        assert wanted is None
    else:
        assert wanted is not None
        assert whole[wanted.first : wanted.last + 1] == whole[first : last + 1]


def test_an_empty_file_has_no_part() -> None:
    for header in ("bytes=0-", "bytes=-1", "bytes=0-0"):
        with pytest.raises(Unsatisfiable):
            part(header, 0)
    assert part("bytes=0-", 1) == Part(0, 0)


@given(st.lists(st.from_regex(r'(W/)?"[a-z0-9,-]{0,12}"', fullmatch=True), max_size=6), st.booleans())
def test_a_tag_is_found_in_a_list_of_tags(tags: list[str], weakly: bool) -> None:
    """Against a list that is taken apart: weakly with or without `W/`, strongly without alone."""
    sent = ", ".join([*tags, *([f"W/{TAG}"] if weakly else [])])

    assert matches(sent, TAG, weakly=True) == (weakly or TAG in tags)
    assert matches(sent, TAG, weakly=False) == (TAG in tags)


@given(st.text(max_size=300))
def test_any_query_and_cookie_is_read(text: str) -> None:
    query_value(f"preview={text}", "preview")
    value = cookie(f"a=b; preview={text}", "preview")

    assert ";" not in value


def test_a_visit_is_read_from_what_the_server_says() -> None:
    environ = {
        "REQUEST_METHOD": "GET",
        "HTTP_HOST": "shop.localhost",
        "PATH_INFO": "/caf\u00c3\u00a9/",
        "QUERY_STRING": "a=b",
        "HTTP_ACCEPT_ENCODING": "br",
        "HTTP_IF_MATCH": "1",
        "HTTP_IF_NONE_MATCH": "2",
        "HTTP_RANGE": "3",
        "HTTP_IF_RANGE": "4",
        "HTTP_COOKIE": "5",
    }

    assert read_visit(environ) == Visit(
        "GET", "shop.localhost", "/café/", "a=b", "br", "1", "2", "3", "4", "5"
    )
    assert read_visit({}).path == ""


@pytest.mark.parametrize(
    ("path", "raw"),
    [
        ("/a/b", "/a%2fb"),
        ("/a/b", "/a%2Fb?x"),
        ("/a\\b", "/a%5Cb"),
        ("/\u00ff", "/%ff"),
        ("/" + "a" * 1_000, "/" + "a" * 1_000),
        ("/\u0130", ""),
    ],
)
def test_what_cannot_be_a_path_is_none(path: str, raw: str) -> None:
    """A slash that was hidden, bytes that are no text, and what is too long."""
    assert read_visit({"PATH_INFO": path, "REQUEST_URI": raw}).path == NO_PATH
    assert read_visit({"PATH_INFO": path, "RAW_URI": raw}).path == NO_PATH


def test_what_a_query_hides_is_no_matter_of_the_path() -> None:
    assert read_visit({"PATH_INFO": "/a", "REQUEST_URI": "/a?back=%2Fb"}).path == "/a"
