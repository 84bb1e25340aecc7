"""Bodies: wrapped, sanitised, and read back as text (event.md §6)."""

import html
import re
from functools import lru_cache
from html.parser import HTMLParser

import nh3

HEAD = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
_BLOCKS = {"p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "hr"}
_TAGS = nh3.ALLOWED_TAGS | {"font", "u", "s", "big", "section", "article", "main", "style"}
_ATTRIBUTES = {
    "*": {"style", "class", "id", "dir", "lang", "title", "align", "valign", "width", "height"},
    "a": {"href", "target", "rel", "name"},
    "img": {"src", "alt", "border"},
    "font": {"size", "color", "face"},
    "table": {"border", "cellpadding", "cellspacing", "bgcolor"},
    "td": {"colspan", "rowspan", "bgcolor"},
    "th": {"colspan", "rowspan", "bgcolor"},
}
_CLEANER = nh3.Cleaner(
    tags=_TAGS - {"style"},
    clean_content_tags={"script", "style", "title"},
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
    link_rel=None,
)


def stored_body(content_type: str, content: str) -> str:
    """What Exchange keeps of a body: always a whole HTML document, or nothing."""
    if content_type == "text":
        return wrap(_text_as_html(content)) if content.strip() else ""
    inner = _CLEANER.clean(content).strip()
    return wrap(inner) if inner else ""


def wrap(inner: str) -> str:
    lines = inner.replace("\r\n", "\n").replace("\n", "\r\n")
    return f"<html>\r\n<head>\r\n{HEAD}\r\n</head>\r\n<body>\r\n{lines}\r\n</body>\r\n</html>\r\n"


def inner_html(document: str) -> str:
    match = re.search(r"<body[^>]*>\r?\n?(.*?)\r?\n?</body>", document, re.DOTALL | re.IGNORECASE)
    return match[1] if match else document


def _text_as_html(text: str) -> str:
    lines = html.escape(text.replace("\r\n", "\n").strip("\n"), quote=False).split("\n")
    joined = "<br>\n".join(lines)
    return (
        '<font size="2"><span style="font-size:11pt"><div class="PlainText">'
        f"{joined}</div></span></font>"
    )


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (signature of the base)
        if tag in ("head", "style", "script"):
            self.hidden += 1
        elif tag == "br":
            self.parts.append("\n")
        elif tag in _BLOCKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag in ("head", "style", "script"):
            self.hidden = max(0, self.hidden - 1)
        elif tag in _BLOCKS:
            self._break()

    def _break(self) -> None:
        if self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            text = re.sub(r"[ \t\r\n]+", " ", data)
            if not self.parts or self.parts[-1].endswith("\n"):
                text = text.lstrip()
            if text:
                self.parts.append(text)


@lru_cache(maxsize=8192)
def as_text(document: str) -> str:
    """The text of a stored body, with CRLF line ends."""
    reader = _TextReader()
    reader.feed(document)
    reader.close()
    lines = "".join(reader.parts).strip("\n ").split("\n")
    return "\r\n".join(line.rstrip(" ") for line in lines)


def preview(document: str) -> str:
    """The first 255 characters (event.md §1)."""
    return as_text(document)[:255]
