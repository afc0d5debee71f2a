# SPDX-License-Identifier: MIT
"""The report as one HTML page: no other file, no script, no colour that it needs."""
import html

import plots
import results as results_of
import tables

STYLE = """
body { font: 15px/1.4 sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em; color: #000;
	background: #fff; }
h1, h2, h3 { line-height: 1.2; } h2 { border-top: 2px solid #000; padding-top: .5em; }
table { border-collapse: collapse; margin: .5em 0 1.5em; font-size: 13px; }
caption { text-align: left; font-weight: bold; padding: .3em 0; }
th, td { border-bottom: 1px solid #bbb; padding: .1em .7em .1em 0; text-align: left;
	vertical-align: top; }
td.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
thead th { border-bottom: 2px solid #000; } th + th { text-align: right; }
th[colspan] { text-align: left; }
.tables { display: flex; flex-wrap: wrap; gap: 0 3em; align-items: flex-start; } td small { color: #444; }
td.failed { font-weight: bold; } .plots { display: flex; flex-wrap: wrap; gap: 1em; }
.plots figure { margin: 0; flex: 1 1 30em; max-width: 36em; } pre { white-space: pre-wrap; font-size: 12px; }
code { overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; font-size: 11px; } table { font-size: 9px; }
	th, td { padding-right: .4em; }
	thead { display: table-header-group; } tr, figure { break-inside: avoid; }
	h2 { break-before: page; } .plots figure { flex: 0 0 47%; } .screen { display: none; } }
"""


def escape(text):
    return html.escape(str(text))


def cell_text(cell):
    if cell is None:
        return '<td class="n">–</td>'
    text = tables.number(cell.value)
    if cell.best:
        return f'<td class="n"><b>{text}&nbsp;★</b></td>'
    ratio = f"&nbsp;<small>×{cell.ratio:.2f}</small>" if cell.ratio else ""
    return f'<td class="n">{text}{ratio}</td>'


def table_text(table):
    if table.same is not None:
        return (f"<p><b>{escape(table.title)}:</b> {tables.number(table.same)} in every workload and "
                "variant.</p>")
    lines = [f"<table><caption>{escape(table.title)}</caption><thead>"]
    boards = [board for board, _variant in table.columns]
    if len(set(boards)) > 1:
        lines.append("<tr><th></th>" + "".join(
            f'<th colspan="{boards.count(board)}">{escape(board)}</th>'
            for board in dict.fromkeys(boards)) + "</tr>")
    names = [escape(variant).replace("+", "<wbr>+") for _board, variant in table.columns]
    lines.append("<tr><th></th>" + "".join(f"<th>{name}</th>" for name in names) + "</tr></thead>")
    for label, cells in table.rows:
        lines.append(f"<tr><th>{escape(label)}</th>{''.join(map(cell_text, cells))}</tr>")
    return "\n".join([*lines, "</table>"])


def measured_text(results):
    """With what, and of what images."""
    lines = ["<table><caption>Measured with</caption><thead><tr><th>board</th><th>compiler</th>"
             "<th>QEMU</th></tr></thead>"]
    for name, board in results["boards"].items():
        tools = board["tools"]
        lines.append(f"<tr><th>{escape(name)}</th><td>{escape(tools.get('compiler', '?'))}</td>"
                     f"<td>{escape(tools.get('qemu', '?'))}</td></tr>")
    lines.append("</table><table><caption>Images (SHA-256)</caption><thead><tr><th>board</th>"
                 "<th>variant</th><th>kernel</th><th>configuration</th><th>image</th></tr></thead>")
    for choice in results["choices"].values():
        for board, found in choice["boards"].items():
            for variant, entry in found["variants"].items():
                for kind, hashes in entry["images"].items():
                    lines.append("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in (
                        board, variant, kind)) + "".join(
                            f"<td><code>{hashes[what][:16]}</code></td>"
                            for what in ("configuration", "image")) + "</tr>")
    lines.append("</table>")
    seeds = ", ".join(f"{name} {seed}" for name, seed in sorted(results["seeds"].items()))
    lines.append(f"<p>Seeds of the traces: {escape(seeds) or 'none'}.</p>")
    for name, board in results["boards"].items():
        lines.append(f"<h3>Configuration {escape(name)}</h3><pre>" +
                     escape("\n".join(board["configuration"])) + "</pre>")
    return lines


def side_by_side(found):
    return ['<div class="tables">', *(f"<div>{table_text(table)}</div>" for table in found), "</div>"]


def contents_text(results):
    """What there is, for a page as long as this; on paper without what is too long for it."""
    lines = ['<ul class="contents">']
    for name, choice in results["choices"].items():
        lines.append(f'<li><a href="#{escape(name)}">{escape(choice["prompt"])}</a>'
                     f'<span class="screen">, <a href="#every-{escape(name)}">every figure</a></span></li>')
    return [*lines, '<li><a href="#measured">Tools, images, seeds, configuration</a></li></ul>',
            "<p>Every figure, as a line for a program: <code>results.csv</code>.</p>"]


def failures_text(results):
    rows = results_of.failures(results)
    if not rows:
        return []
    return ["<h2>Failed</h2><ul>", *(
        f"<li><b>{escape(board)} {escape(choice)} {escape(variant)}</b> ({escape(failure['kernel'])}): "
        f"it {escape(failure['what'])}; log: <code>{escape(failure['log'])}</code></li>"
        for board, choice, variant, failure in rows), "</ul>"]


def changes_text(results, before):
    if not before:
        return []
    changed, foreign, count = results_of.changes(before, results)
    lines = [f"<h2>Since the baseline</h2><p>{len(changed)} of {count} figures differ."]
    lines += [f" {escape(name)} was measured with other tools ({escape(', '.join(tools.values()))}): "
              "only ratios mean something." for name, tools in foreign.items()]
    lines.append("</p><table><thead><tr><th>board</th><th>variant</th><th>figure</th><th>before</th>"
                 "<th>now</th><th>ratio</th></tr></thead>")
    for (_choice, board, variant, figure), old, new in changed:
        ratio = f"{new / old:.3f}" if old else ""
        lines.append(f"<tr><td>{escape(board)}</td><td>{escape(variant)}</td><td>{escape(figure)}</td>"
                     f'<td class="n">{tables.number(old)}</td><td class="n">{tables.number(new)}</td>'
                     f'<td class="n">{ratio}</td></tr>')
    return [*lines, "</table>"]


def plots_text(name, choice):
    if not plots.available():
        return ["<p>No plots: gnuplot was not installed (package gnuplot-nox; scripts/setup).</p>"]
    lines = []
    for board, found in choice["boards"].items():
        drawn = plots.of_choice(found["variants"], f"{name}_{board}")
        if drawn:
            lines += [f"<h3>{escape(board)}</h3>", '<div class="plots">',
                      *(f"<figure>{svg}</figure>" for svg in drawn), "</div>"]
    return lines


def make(results, before):
    """The whole page."""
    title = ", ".join(choice["prompt"] for choice in results["choices"].values())
    lines = ["<!DOCTYPE html>", '<html lang="en"><head><meta charset="utf-8">',
             '<meta name="viewport" content="width=device-width">',
             f"<title>Tessera: {escape(title)}</title><style>{STYLE}</style></head><body>",
             f"<h1>Tessera: {escape(title)}</h1>",
             f"<p>Boards: {escape(', '.join(results['boards']))}. Unit and method: "
             f"{escape(results['method'])}. Instructions are not cycles: they say nothing of caches. "
             "★ is the best of its row and board, ×N is N times worse. A page workload's number is the "
             "size of its pool in pages. <code>Documentation/comparing.md</code> explains the "
             "workloads.</p>"]
    lines += contents_text(results)
    lines += failures_text(results)
    lines += changes_text(results, before)
    for name, choice in results["choices"].items():
        first, *others = tables.of_choice(choice)
        lines += [f'<h2 id="{escape(name)}">{escape(choice["prompt"])}</h2>', table_text(first),
                  *plots_text(name, choice), *side_by_side(others)]
    for name, choice in results["choices"].items():
        every = tables.of_choice(choice, everything=True)
        if len(every) > len(tables.of_choice(choice)):
            lines += ['<div class="screen">',
                      f'<h2 id="every-{escape(name)}">{escape(choice["prompt"])}: every figure</h2>',
                      *side_by_side(every), "</div>"]
    lines += ['<h2 id="measured">What was measured</h2>', *measured_text(results), "</body></html>"]
    return "\n".join(lines) + "\n"
