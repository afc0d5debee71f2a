# SPDX-License-Identifier: MIT
"""Coverage as HTML: index.html with rooms and files, and a page per room with each line.

What was never run is marked by colour and by a sign, so that paper shows it too, and says why.
"""
import html
import os

from configuration import TOP
from executed import ROOMS, room_of

STYLE = """<!doctype html><html lang=en><meta charset=utf-8>
<meta name=viewport content="width=device-width">
<style>
body{font:15px/1.45 system-ui,sans-serif;max-width:75em;margin:1.5em auto;padding:0 1em;color:#222;background:#fff}
a{color:#05479a}h1{font-size:1.5em}h2{font:600 1.1em ui-monospace,monospace;margin:2em 0 .4em}
table{border-collapse:collapse}td,th{padding:.15em .8em;text-align:right;border-bottom:1px solid #ddd}
td:first-child,th:first-child{text-align:left}tr.room td{font-weight:600;background:#f1f3f5}
.bar{display:inline-block;width:9em;height:.7em;background:#d33;vertical-align:middle}
.bar i{display:block;height:100%;background:#2a7d3f}
pre{margin:0;font:13px/1.35 ui-monospace,monospace;tab-size:8;overflow-x:auto}
pre span{display:block}.yes{background:#eaf6ec}.no{background:#fbdcdc}.known{background:#fdf2d0}
em{color:#7a5b00}
</style>
"""


def share(lines, reasons, wanted):
    """(lines run, lines with code, lines with a reason) of the files that are wanted"""
    mine = [path for path in lines if wanted(path)]
    return (sum(count > 0 for path in mine for count in lines[path].values()),
            sum(len(lines[path]) for path in mine),
            sum(len(reasons.get(path, ())) for path in mine))


def rows(lines, reasons):
    """(room, lines run, lines with code, lines with a reason); "" is all rooms."""
    found = [(room, *share(lines, reasons, lambda path, room=room: room_of(path) == room)) for room in ROOMS]
    return [row for row in [*found, ("", *share(lines, reasons, lambda _: True))] if row[2]]


def page_of(room):
    return room.replace("/", "_") + ".html"


def row(name, link, run, count, explained, kind=""):
    part = 100 * run / count
    return (f"<tr class='{kind}'><td><a href='{link}'>{name}</a><td>{count}<td>{run}<td>{part:.1f}&nbsp;%"
            f"<td><span class=bar title='{part:.1f} %'><i style='width:{part:.1f}%'></i></span>"
            f"<td>{explained or ''}\n")


def write_room(file, room, paths, lines, reasons):
    file.write(f"{STYLE}<title>{room}</title><p><a href=index.html>all rooms</a><h1>{room}</h1>")
    for path in paths:
        file.write(f"<h2 id='{path}'>{path}</h2>\n<pre>")
        with open(os.path.join(TOP, path), encoding="utf-8") as source:
            for number, text in enumerate(source, 1):
                count = lines[path].get(number)
                why = reasons.get(path, {}).get(number)
                kind = "" if count is None else "yes" if count else "known" if why else "no"
                mark = "" if count is None else str(count) if count else "-----" if why else "#####"
                file.write(f"<span class='{kind}'>{mark:>13} {number:>5} {html.escape(text.rstrip())}"
                           + (f"   <em>&larr; {html.escape(why)}</em>" if why else "") + "</span>")
        file.write("</pre>\n")


def write(folder, lines, reasons):
    index = []
    for room, *figures in rows(lines, reasons):
        if not room:
            index.append(row("all", "index.html", *figures, "room"))
            continue
        paths = sorted(path for path in lines if room_of(path) == room)
        index.append(row(room, page_of(room), *figures, "room"))
        for path in paths:
            index.append(row(path.removeprefix(room + "/"), f"{page_of(room)}#{path}",
                             *share(lines, reasons, lambda other, path=path: other == path)))
        with open(os.path.join(folder, page_of(room)), "w", encoding="utf-8") as file:
            write_room(file, room, paths, lines, reasons)
    with open(os.path.join(folder, "index.html"), "w", encoding="utf-8") as file:
        file.write(f"{STYLE}<title>Coverage</title><h1>Lines that some configuration runs</h1>"
                   "<table><tr><th>room, file<th>lines with code<th>run<th><th><th>not run, with a reason"
                   + "\n".join(index) + "</table>\n")
