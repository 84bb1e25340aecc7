"""Between a person's plain text and the HTML that Outlook stores (event.md §6).

Text becomes one `<div>` for each line, the form in which Outlook on the web writes. HTML of any
origin becomes lines: a block or a `<br>` ends one. Spaces that count are written as `&nbsp;`, so
that text → HTML → text gives the same text; what is more than text in a foreign HTML is lost here,
which is why the HTML is kept beside it.

The join text of an online meeting belongs to Outlook: taking it out of the body takes the meeting
away (event.md §6). `replace_own_part` puts a person's new text in front of it.
"""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt"),
        *("fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "li", "main"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "nav", "ol", "p", "pre", "section", "ul"),
        *("table", "tbody", "tfoot", "thead", "tr"),
    }
)
VOID = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param"),
        *("source", "track", "wbr"),
    }
)
UNSEEN = frozenset({"head", "script", "style", "title", "template"})
SPACES = re.compile(r"[ \t\r\n\f]+")
FENCE = re.compile(r"_{20,}")
FENCE_LINE = re.compile(r"^_{20,}[ \t]*$", re.MULTILINE)
"""Outlook fences the join text between two lines of underscores. People draw such lines too: in an
online meeting's body the last two are Outlook's."""


def html_from_text(text: str) -> str:
    return f"<html><body>\r\n{_lines(text)}</body></html>"


def _lines(text: str) -> str:
    return "".join(f"<div>{_line(line)}</div>\r\n" for line in text.splitlines())


def _line(line: str) -> str:
    if not line:
        return "<br>"
    written = html.escape(line.replace("\t", "    "), quote=False)
    # HTML drops spaces at the ends of a line and all but one in between.
    written = written.replace("  ", " &nbsp;")
    if written.startswith(" "):
        written = "&nbsp;" + written[1:]
    return written[:-1] + "&nbsp;" if written.endswith(" ") else written


def text_from_html(source: str) -> str:
    reader = _TextReader()
    reader.feed(source)
    reader.close()
    return reader.text()


def replace_own_part(text: str, html_base: str) -> str:
    """The HTML for this text, followed by the join text of `html_base` when it has one."""
    block = meeting_block(html_base)
    if not block:
        return html_from_text(text)
    own = without_meeting_block(text).rstrip()
    return f"<html><body>\r\n{_lines(own)}{block}\r\n</body></html>"


def without_meeting_block(text: str) -> str:
    """An online meeting's text without the join text; unchanged when there are no two fences."""
    fences = list(FENCE_LINE.finditer(text))
    if len(fences) < 2:
        return text
    return text[: fences[-2].start()] + text[fences[-1].end() :]


def html_without_meeting_block(source: str) -> str:
    """An online meeting's HTML without the join text; unchanged when there are no two fences."""
    if len(FENCE.findall(source)) < 2:
        return source
    return source.replace(meeting_block(source), "")


def meeting_block(source: str) -> str:
    """The part of the HTML between Outlook's two fences of underscores; empty without them."""
    finder = _FenceFinder()
    finder.feed(source)
    finder.close()
    if len(finder.fences) < 2:
        return ""
    first, last = finder.fences[-2:]
    common = sum(one is other for one, other in zip(first.path, last.path, strict=False))
    opening = first.path[common] if len(first.path) > common else None
    closing = last.path[common] if len(last.path) > common else None
    start = opening.start if opening and not opening.has_text_before_fence else first.start
    end = closing.end if closing else last.end
    return source[start:end].strip()


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line = ""
        self._unseen = 0
        self._preformatted = 0
        self._link = ""

    def updatepos(self, i: int, j: int) -> int:  # noqa: ARG002  # the base's
        """Nobody asks in which line a tag stands."""
        return j

    def text(self) -> str:
        self._end_line()
        text = "\n".join(line.replace("\u00a0", " ") for line in self._lines)
        return text.strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self._unseen += 1
        elif tag == "br":
            self._end_line(even_if_empty=True)
        elif tag in BLOCKS:
            self._end_line()
            self._preformatted += tag == "pre"
            if tag == "li":
                self._line = "- "
        elif tag in {"td", "th"} and self._line:
            self._line += " "
        elif tag == "a":
            self._link = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in BLOCKS:
            self._end_line()
            self._preformatted = max(0, self._preformatted - (tag == "pre"))
        elif tag == "a":
            self._name_link()

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if not self._preformatted:
            words = SPACES.sub(" ", data)
            at_start = not self._line or self._line.endswith(" ")
            self._line += words[1:] if at_start and words.startswith(" ") else words
            return
        *whole, rest = data.replace("\r\n", "\n").split("\n")
        for line in whole:
            self._line += line
            self._end_line(even_if_empty=True)
        self._line += rest

    def _end_line(self, *, even_if_empty: bool = False) -> None:
        line = self._line if self._preformatted else self._line.rstrip(" ")
        if line or even_if_empty:
            self._lines.append(line)
        self._line = ""

    def _name_link(self) -> None:
        """A link whose address cannot be read in its text keeps it in brackets."""
        link, self._link = self._link, ""
        bare = link.removeprefix("mailto:").removeprefix("tel:").rstrip("/")
        if link.startswith(("http://", "https://", "mailto:")) and bare not in self._line:
            self._line = f"{self._line.rstrip()} <{link}>"


@dataclass(eq=False)
class _Element:
    start: int
    tag: str = ""
    end: int = 0
    has_text: bool = False
    has_text_before_fence: bool = False


@dataclass
class _Fence:
    path: list[_Element] = field(default_factory=list)
    start: int = 0
    end: int = 0


class _FenceFinder(HTMLParser):
    """Notes where the fences stand, and inside which elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.fences: list[_Fence] = []
        self._open: list[_Element] = []
        self._source = ""
        self._line_starts: list[int] = []

    def feed(self, data: str) -> None:
        self._source = data
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", data))]
        super().feed(data)

    def close(self) -> None:
        super().close()
        for element in self._open:
            element.end = len(self._source)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002  # the base's
        if tag not in VOID:
            self._open.append(_Element(start=self._position(), tag=tag))

    def handle_endtag(self, tag: str) -> None:
        if not any(element.tag == tag for element in self._open):
            return
        end = self._source.find(">", self._position()) + 1
        while True:
            element = self._open.pop()
            element.end = end
            if element.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        found = FENCE.search(data)
        before = data[: found.start()] if found else data
        for element in self._open:
            element.has_text = element.has_text or bool(before.strip())
            if found and not self.fences:
                element.has_text_before_fence = element.has_text
        if found:
            start = self._position() + found.start()
            end = start + len(found.group())
            self.fences.append(_Fence(path=list(self._open), start=start, end=end))

    def _position(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column
