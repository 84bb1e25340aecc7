"""HTML that strangers wrote, made harmless: structure, emphasis, lists, tables and links remain;
nothing that runs, loads anything, asks for input or imitates the page around it."""

import nh3

TEXT = frozenset(
    {
        *("a", "b", "blockquote", "br", "code", "del", "div", "em", "hr", "i", "ins", "kbd", "p"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "mark", "pre", "q", "s", "samp", "small", "span"),
        *("strong", "sub", "sup", "u", "dd", "dl", "dt", "li", "ol", "ul"),
        *("caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"),
    }
)
UNSEEN = frozenset(
    {
        *("iframe", "math", "noembed", "noframes", "noscript", "object", "script", "select"),
        *("style", "svg", "template", "textarea", "title"),
    }
)
"""What these hold is not for reading; of any other element that is not allowed the text stays."""

_CLEANER = nh3.Cleaner(
    tags=set(TEXT),
    clean_content_tags=set(UNSEEN),
    attributes={
        "*": {"dir", "lang"},
        "a": {"href"},
        "ol": {"start"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
    },
    url_schemes={"http", "https", "mailto", "tel"},
    # In a letter they lead nowhere; here they would lead into Leansoft.
    url_relative="deny",
    link_rel="noopener noreferrer",
    set_tag_attribute_values={"a": {"target": "_blank"}},
)


def harmless(html: str) -> str:
    return _CLEANER.clean(html).strip()
