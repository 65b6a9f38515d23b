"""Each kind of paging ends, goes on, or says that it cannot."""

import pytest

from sources.errors import Malformed, Unavailable
from sources.paging import Connected, LinkHeader, PageSize, Token
from sources.questions import Answer


def test_links_are_read_from_the_header():
    links = Answer([], {"Link": '<https://a/x?page=2>; rel="next", <https://a/x?page=9>; rel="last"'}).links
    assert links == {"next": "https://a/x?page=2", "last": "https://a/x?page=9"}
    assert LinkHeader().after(links, "https://a/x") == "https://a/x?page=2"
    assert LinkHeader().after({}, "https://a/x") is None
    assert Answer([], {}).links == {}


def test_a_page_that_names_itself_is_refused():
    with pytest.raises(Malformed):
        LinkHeader().after({"next": "https://a/x"}, "https://a/x")
    with pytest.raises(Malformed):
        Token().after({"nextPageToken": "t"}, "t")
    with pytest.raises(Malformed):
        Connected().after({"pageInfo": {"hasNextPage": True, "endCursor": "c"}}, "c")


@pytest.mark.parametrize(
    ("body", "token"), [({"nextPageToken": "t"}, "t"), ({}, None), ({"nextPageToken": None}, None)]
)
def test_a_token_leads_on(body, token):
    assert Token().after(body, None) == token


def test_a_connection_leads_on():
    first = {"nodes": [1, None, 2], "pageInfo": {"hasNextPage": True, "endCursor": "c"}}
    assert (Connected().nodes(first), Connected().after(first, None)) == ([1, 2], "c")
    assert Connected().after({"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}, "c") is None


@pytest.mark.parametrize("broken", [None, {}, {"nodes": None}, {"nodes": {}}])
def test_a_connection_without_nodes_is_refused(broken):
    with pytest.raises(Malformed):
        Connected().nodes(broken)


def test_a_page_halves_down_to_one_and_grows_again():
    size = PageSize(50, 50)
    for expected in (25, 12, 6, 3, 1):
        size.halve()
        assert size.size == expected
    with pytest.raises(Unavailable):
        size.halve()
    for _ in range(10):
        size.good()
    assert size.size == 2
