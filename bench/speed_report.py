#!/usr/bin/env python3
"""speed_report.py: the table, the chart and the README's numbers, made from a speed.json and nothing else.

    bench/speed_report.py FOLDER            writes speed.txt and speed.svg beside speed.json

For bench/results the part of README.md between `<!-- numbers: ... -->` and `<!-- end -->` is written too.
What was asked of the program stands beside what it reached, also where it did not.
"""
import json
import pathlib
import re
import statistics
import sys
from typing import NamedTuple, Optional

TOP = pathlib.Path(__file__).resolve().parent.parent


class Goal(NamedTuple):
    """The speed of one row over that of another."""
    text: str
    row: str
    base: str
    required: float
    aim: Optional[float] = None


# {best} is the fastest kernel of the machine that was measured.
GOALS = [
    Goal("in memory, balanced", "combined/balanced/{best}/1", "memcpy", 0.25, 0.35),
    Goal("in memory, plain", "combined/plain/{best}/1", "memcpy", 0.30, 0.45),
    Goal("in memory, address tokens", "combined/token/{best}/1", "memcpy", 0.20, 0.30),
    Goal("in memory, balanced, avx2", "combined/balanced/avx2/1", "combined/balanced/avx512/1", 0.65),
    Goal("in memory, balanced, scalar", "combined/balanced/scalar/1", "memcpy", 0.08),
    Goal("in memory, balanced, 2 threads", "combined/balanced/{best}/2", "combined/balanced/{best}/1", 1.7),
    Goal("in memory, plain, 2 threads", "combined/plain/{best}/2", "memcpy", 0.50),
    Goal("in memory, JSON, balanced", "nginx_json/balanced/{best}/1", "memcpy", 0.15, 0.25),
    Goal("in memory, worst case", "hostile/balanced/{best}/1", "memcpy", 0.05),
    Goal("file, balanced", "anonlog -j1", "cat", 0.35),
    Goal("file, plain", "anonlog plain -j1", "cat", 0.45, 0.50),
    Goal("file, balanced, 2 threads", "anonlog -j2", "anonlog -j1", 1.25, 1.3),
    Goal("cat | anonlog | cat", "cat | anonlog | cat", "cat | cat | cat", 1.0),
    Goal("file, balanced", "anonlog -j1", "mawk", 3.5, 6),
    Goal("file, balanced", "anonlog -j1", "sed, C locale", 8, 15),
    Goal("file, balanced", "anonlog -j1", "perl", 8, 15),
    Goal("file, balanced", "anonlog -j1", "perl, three fields", 12, 25),
    Goal("file, balanced", "anonlog -j1", "anonip", 110, 190),
    Goal("file, balanced", "anonlog -j1", "rsyslog mmanon", 70, 130),
]
LATENCY_GOALS = [("p50", 0.5), ("p99", 2.0)]  # microseconds
CHART_TOP = ["cat", "anonlog -j2", "anonlog -j1"]  # then the rivals, the fastest first


def median_speed(row):
    return row["bytes"] / statistics.median(row["seconds"])


def reached(yes):
    return "yes" if yes else "no"


def number(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def goal_lines(numbers, rows):
    best = numbers["in_memory"]["best"]
    lines = [f"{'what':<32}{'MB/s':>7}{'ratio':>8}  {'to':<24}{'required':>8}{'aim':>6}  reached"]
    for goal in GOALS:
        row, base = (rows.get(name.format(best=best)) for name in (goal.row, goal.base))
        aim = "-" if goal.aim is None else f"{goal.aim:g}"
        to = {"memcpy": "memcpy of 1 GiB", "combined/balanced/avx512/1": "avx512"}.get(goal.base, goal.base)
        to = "one thread" if goal.base in ("combined/balanced/{best}/1", "anonlog -j1") else to
        if row is None or base is None:
            lines.append(f"{goal.text:<32}{'-':>7}{'-':>8}  {to:<24}{goal.required:>8g}{aim:>6}  not measured")
            continue
        ratio = median_speed(row) / median_speed(base)
        lines.append(f"{goal.text:<32}{median_speed(row) / 1e6:>7.0f}{number(ratio):>8}  {to:<24}{goal.required:>8g}{aim:>6}  "
                     + reached(ratio >= goal.required))
    for row in numbers["in_memory"]["latencies"]:
        if row["name"] == f"one line/balanced/{best}":
            for part, most in LATENCY_GOALS:
                value = statistics.median(row[part])
                lines.append(f"{'one line at a time, ' + part:<32}{'':>7}{value:>8.2f}  {'microseconds, at most':<24}{most:>8g}{'-':>6}  "
                             + reached(value <= most))
    return lines


def row_lines(title, rows, base):
    lines = [f"{title:<36}{'MB/s':>8}{'min':>8}{'max':>8}{'of ' + base['name']:>12}{'ns/line':>9}{'rounds':>8}"]
    for row in rows:
        speeds = [row["bytes"] / seconds / 1e6 for seconds in row["seconds"]]
        per_line = statistics.median(row["seconds"]) / row["lines"] * 1e9 if row.get("lines") else None
        lines.append(f"{row['name']:<36}{statistics.median(speeds):>8.0f}{min(speeds):>8.0f}{max(speeds):>8.0f}"
                     f"{median_speed(row) / median_speed(base):>12.3f}{'-' if per_line is None else format(per_line, '.0f'):>9}"
                     f"{len(speeds):>8}  {row.get('work', '')}".rstrip())
    return lines


def latency_lines(latencies):
    lines = [f"{'one line at a time, microseconds':<36}{'p50':>8}{'p99':>8}{'p99.9':>8}"]
    for row in latencies:
        lines.append(f"{row['name']:<36}" + "".join(f"{statistics.median(row[part]):>8.2f}" for part in ("p50", "p99", "p99.9")))
        total = sum(row["histogram"])
        names = [f"<={limit:g}" for limit in row["limits"][:-1]] + [f">{row['limits'][-2]:g}"]
        lines.append("    " + "  ".join(f"{name} {100 * count / total:.2f}%" for name, count in zip(names, row["histogram"])))
    return lines


def table(numbers):
    in_memory = numbers["in_memory"]["rows"]
    timed = [row for row in numbers["commands"] if row["bytes"]]
    rows = {row["name"]: row for row in in_memory + timed}
    log = next(row for row in in_memory if row["name"].startswith("combined/"))
    lines = [f"{numbers['date']}  {numbers['machine']}, {numbers['cores']} cores, {log['bytes'] / 1e6:.0f} MB combined log "
             f"({log['bytes'] / log['lines']:.0f} bytes a line)",
             f"command: {numbers['command']}; medians of {numbers['rounds']} interleaved rounds; kernel {numbers['in_memory']['best']}", ""]
    lines += goal_lines(numbers, rows)
    lines += ["", "", "Everything that was measured. In memory: log/policy/kernel/threads; /full: output as large as the log, /auto: format not named.",
              "balanced: the default; plain: IPv6 /48, queries dropped, paths kept; token: addresses become keyed tokens.",
              "Commands: whole run on a file in memory to /dev/null (mmanon: to a file in memory); rows of few rounds read its first 55 MB.", ""]
    lines += row_lines("in memory", in_memory, rows["memcpy"])
    lines += ["", *latency_lines(numbers["in_memory"]["latencies"])]
    lines += ["", *row_lines("command", timed, rows["cat"])]
    lines += ["", f"{'start-up, milliseconds':<36}{'median':>8}{'min':>8}{'max':>8}"]
    for row in numbers["commands"]:
        if not row["bytes"]:
            spent = [1000 * s for s in row["seconds"]]
            lines.append(f"{row['name']:<36}{statistics.median(spent):>8.1f}{min(spent):>8.1f}{max(spent):>8.1f}")
    lines += ["", f"{'peak memory of the command':<36}{'MiB':>8}"]
    lines += [f"{peak['name']:<36}{peak['kibibytes'] / 1024:>8.1f}" for peak in numbers["memory"]]
    return "\n".join(lines) + "\n"


def chart(numbers):
    """Linear bars: a bar twice as long is twice as fast. Colours follow the reader's light or dark mode."""
    rows = {row["name"]: row for row in numbers["commands"]}
    rivals = [name for name, row in rows.items() if row["bytes"] and "anonlog" not in name and "cat" not in name]
    rivals.sort(key=lambda name: -median_speed(rows[name]))
    shown = [(name, rows[name]["work"], median_speed(rows[name]) / 1e6) for name in CHART_TOP + rivals]
    left, width, step = 365, 330, 26
    scale = width / max(speed for _, _, speed in shown)
    height = 64 + step * len(shown)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {height}" role="img" aria-label="Megabytes a second of anonlog and other programs">',
             "<style>text{font:13px sans-serif;fill:#1f2328}.work,.note{fill:#59636e}.bar{fill:#8c959f}.ours{fill:#0969da}.scale{fill:#d1d9e0}"
             "@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.work,.note{fill:#9198a1}.bar{fill:#656c76}.ours{fill:#4493f8}.scale{fill:#3d444d}}</style>",
             '<text x="8" y="22">Megabytes of log a second, whole command, file to /dev/null</text>']
    for place, (name, work, speed) in enumerate(shown):
        y = 40 + step * place
        kind = "ours" if name.startswith("anonlog") else "scale" if row_writes_no_log(rows[name]) else "bar"
        parts.append(f'<text x="8" y="{y + 14}">{name}</text><text class="work" x="140" y="{y + 14}">{work}</text>'
                     f'<rect class="{kind}" x="{left}" y="{y}" width="{max(speed * scale, 1):.1f}" height="18" rx="2"/>'
                     f'<text x="{left + speed * scale + 6:.1f}" y="{y + 14}">{speed:.0f}</text>')
    parts.append(f'<text class="note" x="8" y="{height - 8}">{numbers["machine"]}, {numbers["cores"]} cores, {numbers["date"]}; medians; '
                 'programs other than anonlog do only what is written beside them</text></svg>')
    return "\n".join(parts) + "\n"


def row_writes_no_log(row):
    return row["work"] in ("copies", "parses and counts, writes no log")


def summary(text):
    """What the README shows of a results file: all before two blank lines."""
    return text.partition("\n\n\n")[0].rstrip("\n") + "\n"


def write(folder):
    numbers = json.loads((folder / "speed.json").read_text())
    text = table(numbers)
    (folder / "speed.txt").write_text(text)
    (folder / "speed.svg").write_text(chart(numbers))
    if folder.resolve() == TOP / "bench/results":
        readme = (TOP / "README.md").read_text()
        block = f"<!-- numbers: bench/results/speed.txt -->\n```\n{summary(text)}```\n<!-- end -->"
        (TOP / "README.md").write_text(re.sub(r"<!-- numbers: \S+ -->\n.*?<!-- end -->", lambda _: block, readme, flags=re.S))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: bench/speed_report.py FOLDER")
    write(pathlib.Path(sys.argv[1]))
