"""Writes a session as one HTML page that shows the transcript offline.

The page asks nobody for anything: its policy allows no address but data. Text is escaped; HTML that
a program made stands only in a sandboxed frame that runs nothing, under a policy of its own. The
one script is named by its hash in the policy and does nothing but fit the frames to their content.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from typing import IO

from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from sessions_app import protocol as p
from sessions_app.exchange.source import Progress, Source, note_of
from sessions_app.exchange.stopped import stopped

_STYLE = files("sessions_app.exchange").joinpath("webpage.css").read_text("utf-8")
_SCRIPT = files("sessions_app.exchange").joinpath("webpage.js").read_text("utf-8")
_SCRIPT_HASH = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()

#: Of the page. A frame inherits it, so nothing in a frame reaches further; its navigation counts as
#: ``frame-src``.
_POLICY = (
    f"default-src 'none'; script-src 'sha256-{_SCRIPT_HASH}'; style-src 'unsafe-inline'; "
    "img-src data:; font-src data:; media-src data:; frame-src 'none'; base-uri 'none'; "
    "form-action 'none'"
)
_FRAME_POLICY = "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'"
_FRAME_STYLE = (
    ":root{color-scheme:light dark;font:14px/1.5 system-ui,sans-serif}"
    ":root.paper{color-scheme:light;background:#fff;color:#000}"
    "body{display:flow-root;margin:0;padding:4px;overflow-wrap:anywhere}"
    "table{border-collapse:collapse}th,td{padding:3px 10px;border:1px solid #8886;"
    "text-align:right}img,svg{max-width:100%}"
)

#: Elements that could make a browser look a host name up, whatever the policy says, or that have no
#: business in the frame; under another name they mean nothing.
_DROPPED = re.compile(
    r"<(/?)(?=(?:script|meta|base|link|iframe|frame|frameset|object|embed|portal|title)[\s/>])",
    re.IGNORECASE,
)
_COLOURS = re.compile(r"\b(?:background(?:-color)?|color)\s*[:=]|\bbgcolor\b", re.IGNORECASE)
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]+={0,2}\s*")
#: A hint has names of the program between backticks.
_QUOTED = re.compile(r"`([^`\n]+)`")
_RASTER = ("image/png", "image/jpeg", "image/gif", "image/webp")
_STATUS = {
    "error": "Error",
    "interrupted": "Stopped",
    "timeout": "Time was up",
}

_markdown = MarkdownIt("js-default", {"html": False})
_lexer = PythonLexer(stripnl=False, ensurenl=False)
_formatter = HtmlFormatter(nowrap=True)


def write_webpage(source: Source, file: IO[bytes], progress: Progress) -> None:
    """Write the page."""
    title = escape(source.state.title)
    file.write(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
            '<meta http-equiv="x-dns-prefetch-control" content="off">\n'
            '<meta name="referrer" content="no-referrer">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="color-scheme" content="light dark">\n'
            f"<title>{title}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n"
            f"<header><h1>{title}</h1>\n<p>{_facts(source)}</p></header>\n<main>\n<ol>\n"
        ).encode()
    )
    count = max(1, len(source.state.entries))
    for place, entry in enumerate(source.shown):
        file.write("".join(_entry(source, entry)).encode("utf-8", "replace"))
        progress(min(1.0, (place + 1) / count))
    file.write(f"</ol>\n</main>\n<script>{_SCRIPT}</script>\n</body>\n</html>\n".encode())


def _facts(source: Source) -> str:
    entries = sum(1 for _ in source.shown)
    times = [entry.executed_at for entry in source.shown if entry.executed_at < 2**42]
    count = f"{entries} {'entry' if entries == 1 else 'entries'}"
    if not times:
        return count
    last = datetime.fromtimestamp(max(times) / 1000, UTC)
    return f"{count}, the last of {last.day} {last:%B %Y}. A copy: nothing runs in this page."


def _entry(source: Source, entry: p.Entry) -> Iterator[str]:
    yield f'<li id="entry-{entry.number}">\n'
    if note_of(entry) is None:
        state = _STATUS.get(entry.status, "")
        said = f' <span class="state {entry.status}">{state}</span>' if state else ""
        path = f" <code>{escape(entry.path)}</code>" if entry.path else ""
        yield f"<h2>#{entry.number}{path}{said}</h2>\n"
        yield f'<pre class="source"><code>{code(entry.source)}</code></pre>\n'
    stream: list[str] = []
    name = ""
    for output in entry.outputs:
        if isinstance(output, p.StreamOutput):
            if stream and output.name != name:
                yield _text("".join(stream), name)
                stream = []
            name = output.name
            stream.append(output.text)
            continue
        if stream:
            yield _text("".join(stream), name)
            stream = []
        yield _output(source, entry, output)
    if stream:
        yield _text("".join(stream), name)
    yield "</li>\n"


def code(text: str) -> str:
    """Python source as coloured HTML."""
    return str(highlight(text, _lexer, _formatter))


def _text(text: str, kind: str) -> str:
    """What a program wrote, as its last form on a terminal, without colours."""
    plain = _ESCAPES.sub("", text).replace("\r\n", "\n")
    lines = (line.rstrip("\r").rpartition("\r")[2] for line in plain.split("\n"))
    shown = "\n".join(lines).rstrip("\n")
    return f'<pre class="{kind}">{escape(shown)}</pre>\n' if shown else ""


def _output(source: Source, entry: p.Entry, output: p.Output) -> str:
    if isinstance(output, p.ErrorOutput):
        said = "\n".join(output.traceback) or f"{output.ename}: {output.evalue}"
        quiet = stopped(entry, output)
        if quiet is not None:
            return (
                f'<details class="stopped"><summary>{escape(quiet)}</summary>\n'
                f"{_text(said, 'traceback')}</details>\n"
            )
        said_plainly = _QUOTED.sub(r"<code>\1</code>", escape(output.hint or ""))
        hint = f'<p class="hint">{said_plainly}</p>\n' if output.hint else ""
        return _text(said, "traceback") + hint
    assert isinstance(output, p.DisplayData | p.ExecuteResult)
    bundle = source.bundle(entry, output)
    if "text/html" in bundle:
        return _frame(bundle["text/html"])
    picture = _picture(bundle)
    if picture:
        return picture
    if "text/markdown" in bundle:
        return f'<div class="markdown">{_markdown.render(bundle["text/markdown"])}</div>\n'
    for mime in ("text/plain", "text/latex", "application/json"):
        if mime in bundle:
            return _text(bundle[mime], "result")
    return "".join(_text(text, "result") for mime, text in bundle.items() if mime[:5] == "text/")


def _picture(bundle: dict[str, str]) -> str:
    alt = escape(bundle.get("text/plain", "A picture")[:200])
    if "image/svg+xml" in bundle:
        # As an image an SVG runs nothing and asks for nothing.
        drawing = base64.b64encode(bundle["image/svg+xml"].encode("utf-8", "replace")).decode()
        return f'<img alt="{alt}" src="data:image/svg+xml;base64,{drawing}">\n'
    for mime in _RASTER:
        if mime in bundle and _BASE64.fullmatch(bundle[mime]):
            return f'<img alt="{alt}" src="data:{mime};base64,{"".join(bundle[mime].split())}">\n'
    return ""


def _frame(html: str) -> str:
    """HTML of a program. Scripts need ``allow-scripts``; the page may measure the frame."""
    paper = ' class="paper"' if _COLOURS.search(html) else ""
    inside = (
        f"<!doctype html><html{paper}><head>"
        f'<meta http-equiv="Content-Security-Policy" content="{_FRAME_POLICY}">'
        f"<style>{_FRAME_STYLE}</style></head><body>{_DROPPED.sub(r'<\1x-', html)}</body></html>"
    )
    sandbox = 'sandbox="allow-same-origin"'
    return f'<iframe {sandbox} title="Output" srcdoc="{escape(inside)}"></iframe>\n'
