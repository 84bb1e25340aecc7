"""Whatever comes in, only text, structure and safe links come out."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leansoft.kit.html import TEXT, harmless
from support.hostile import HOSTILE

ATTRIBUTES = {"colspan", "dir", "href", "lang", "rel", "rowspan", "start", "target"}
SAFE_LINK = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)


class Census(HTMLParser):
    """Fails at the first element, attribute or address that may do something."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TEXT
        for name, value in attrs:
            assert name in ATTRIBUTES
            assert name != "href" or SAFE_LINK.match(value or "")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"A comment is left: {data}")


def check(html: str) -> None:
    census = Census()
    census.feed(html)
    census.close()


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_html_comes_out_harmless(html: str) -> None:
    clean = harmless(html)
    check(clean)
    assert harmless(clean) == clean


@given(
    st.lists(
        st.sampled_from(
            [
                *("<", ">", "/", "=", '"', "'", "!--", "-->", " ", "&lt;", "&#x3c;", "x"),
                *("script", "svg", "math", "mtext", "style", "img", "table", "form", "a", "p"),
                *("mglyph", "annotation-xml", "noscript", "template", "select", "foreignObject"),
                *("onerror", "href", "src", "javascript:", "title", "]]>", "<![CDATA["),
            ]
        ),
        max_size=40,
    ).map("".join)
)
def test_no_mixture_of_markup_comes_out_dangerous(html: str) -> None:
    check(harmless(html))


def test_structure_emphasis_lists_tables_and_links_stay() -> None:
    html = (
        "<h3>Plan</h3><p>Read <b>this</b> and <em>that</em>:</p>"
        '<ol start="3"><li>one</li></ol>'
        '<table><tbody><tr><td colspan="2">cell</td></tr></tbody></table>'
    )
    assert harmless(html) == html


def test_a_link_opens_elsewhere_and_tells_nothing() -> None:
    assert harmless('<a href="https://example.org/?a=1&amp;b=2">agenda</a>') == (
        '<a href="https://example.org/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">'
        "agenda</a>"
    )


@pytest.mark.parametrize("address", ["/settings/", "//evil.example/x", "?a=b", "#top", "\\\\x\\y"])
def test_a_link_without_scheme_leads_nowhere(address: str) -> None:
    assert "href" not in harmless(f'<a href="{address}">x</a>')


def test_pictures_are_left_out_since_loading_them_tells_that_the_letter_was_read() -> None:
    assert harmless('<p>Hi<img src="https://track.example/1.gif"></p>') == "<p>Hi</p>"


def test_text_of_what_is_not_allowed_stays() -> None:
    assert harmless("<article><font color=red>Hello</font></article>") == "Hello"
