import pytest
from hypothesis import given
from hypothesis import strategies as st

from leansoft.events.fields import Field
from leansoft.events.normalise import quiet_block, same
from leansoft.graph.markup import (
    html_from_text,
    html_without_meeting_block,
    meeting_block,
    replace_own_part,
    text_from_html,
    without_meeting_block,
)

TEAMS_BLOCK = (
    '<div style="height:20px"><span>________________________________</span>\r\n</div>\r\n'
    '<div class="me-email-text"><a href="https://teams.microsoft.com/l/meetup-join/1">Join\r\n'
    " Microsoft Teams Meeting</a></div>\r\n"
    '<div style="width:100%; height:20px"><span>________________________________</span>\r\n</div>'
)

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
lines_of_words = st.lists(st.text(alphabet=" \tabc<&>_*#1.-é\u00a0")).map("\n".join)


@given(st.one_of(texts, lines_of_words))
def test_text_through_html_says_the_same(text: str) -> None:
    assert same(Field.BODY, text_from_html(html_from_text(text)), text)


@given(lines_of_words)
def test_text_from_html_is_stable(text: str) -> None:
    once = text_from_html(html_from_text(text))
    assert text_from_html(html_from_text(once)) == once


def test_lines_and_indentation_survive() -> None:
    text = "Agenda:\n\n  1. Budget <draft>\n  2. “Plans” & more\n* end"
    assert text_from_html(html_from_text(text)) == text


def test_quiet_block_keeps_its_lines() -> None:
    text = "Hello\n\n" + quiet_block(["Ann", "Ben"])
    assert text_from_html(html_from_text(text)) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("<html><head></head><body></body></html>", ""),
        ("<html><body>Does noon\r\n work for you?</body></html>", "Does noon work for you?"),
        ("<p>One</p><p>Two<br>Three</p>", "One\nTwo\nThree"),
        ("<ul><li>One</li><li>Two</li></ul>", "- One\n- Two"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<pre>a\n  b</pre>c", "a\n  b\nc"),
        ("<style>p {color: red}</style><script>x()</script>seen", "seen"),
        ('<a href="https://example.com/a">Plan</a>', "Plan <https://example.com/a>"),
        ('<a href="https://example.com/">https://example.com</a>', "https://example.com"),
        ("<b>bold</b> and <i>italic</i>", "bold and italic"),
        ("<p>open <p>again", "open\nagain"),
        ("5 &lt; 6 &amp;&amp; 7 &gt; 6", "5 < 6 && 7 > 6"),
    ],
)
def test_html_of_others_becomes_lines(source: str, text: str) -> None:
    assert text_from_html(source) == text


def test_meeting_block_is_what_stands_between_the_fences() -> None:
    body = f"<html><body><div>Mine</div>\r\n{TEAMS_BLOCK}\r\n</body></html>"
    assert meeting_block(body) == TEAMS_BLOCK


def test_meeting_block_is_found_inside_a_wrapper() -> None:
    body = f"<html><body><div><p>Mine<br></p>{TEAMS_BLOCK}</div></body></html>"
    assert meeting_block(body) == TEAMS_BLOCK


def test_meeting_block_begins_after_text_in_the_fence_element() -> None:
    fence = "_" * 40
    body = f"<body><div>Mine<br>{fence}</div><p>Join</p><div>{fence}</div></body>"
    assert meeting_block(body) == f"{fence}</div><p>Join</p><div>{fence}</div>"


def test_body_without_fences_has_no_meeting_block() -> None:
    assert meeting_block("<html><body>________</body></html>") == ""


@given(lines_of_words)
def test_new_text_replaces_the_old_and_keeps_the_join_text(text: str) -> None:
    base = f"<html><body><div>Old</div>{TEAMS_BLOCK}</body></html>"
    made = replace_own_part(text, base)
    assert meeting_block(made) == TEAMS_BLOCK
    assert same(Field.BODY, without_meeting_block(text_from_html(made)), text)


def test_replacing_twice_changes_nothing_more() -> None:
    base = f"<html><body><div>Old</div>{TEAMS_BLOCK}</body></html>"
    once = replace_own_part("New\ntext", base)
    assert replace_own_part("New\ntext", once) == once


def test_html_without_the_join_text_keeps_what_surrounds_it() -> None:
    html = f"<html><body><p>Agenda</p>{TEAMS_BLOCK}<p>Below</p></body></html>"
    assert html_without_meeting_block(html) == (
        "<html><body><p>Agenda</p><p>Below</p></body></html>"
    )


def test_one_line_of_underscores_is_no_join_text() -> None:
    html = f"<p>Agenda</p><p>{'_' * 32}</p><p>Important</p>"
    assert html_without_meeting_block(html) == html
