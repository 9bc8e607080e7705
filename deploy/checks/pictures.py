"""Draws the graphs of each dashboard as one SVG, from what a Prometheus answers. No Grafana is asked, so this is the data, not its look."""
import json
import math
import re
import time
from xml.sax.saxutils import escape

COLUMNS = 3
WIDTH, HEIGHT = 400, 250  # Of one graph with its title and legend.
PLOT = (60, 38, WIDTH - 14, 165)  # Left, top, right, bottom of its axes.
LEGEND_ENTRIES = 8
PALETTE = ["#3274d9", "#e0752d", "#5aa64b", "#a352cc", "#c4162a", "#d9a514", "#447ebc", "#8f3bb8", "#37872d", "#ff7383"]
COLOURS = {  # Grafana's names, as far as the dashboards use them.
    "green": "#73bf69", "blue": "#5794f2", "super-light-blue": "#c0d8ff", "purple": "#b877d9", "dark-purple": "#8f3bb8", "yellow": "#f2cc0c",
    "dark-orange": "#fa6400", "red": "#f2495c", "semi-dark-red": "#e02f44", "orange": "#ff9830", "dark-red": "#c4162a",
}


def draw_dashboards(server, check, dashboards, output, seconds):
    """Writes one picture for each dashboard into the folder output, of the last seconds before now."""
    output.mkdir(parents=True, exist_ok=True)
    end = time.time()
    for path in sorted(dashboards.glob("*.json")):
        dashboard = json.loads(path.read_text(encoding="utf-8"))
        graphs = []
        for panel in dashboard["panels"]:
            if panel["type"] == "timeseries":
                lines = [line for target in panel["targets"] for line in fetch(server, check, target, end - seconds, end, max(1, seconds / 60))]
                if lines:
                    graphs.append((panel, sorted(lines, key=lambda line: -sum(value for _, value in line[1]))))  # The largest first.
        picture = output / f"{path.stem}.svg"
        picture.write_text(draw(dashboard["title"], graphs), encoding="utf-8")
        print(f"Drawn: {picture}")


def fetch(server, check, target, start, end, step):
    """The lines of one query: name and points in time (0 to 1) and value."""
    # Short windows: over the whole run every rate would be one flat line.
    expression = check.expand(target["expr"].replace("$__rate_interval", "10s"))
    for series in server.over(expression, start, end, step):
        points = [((float(at) - start) / (end - start), float(value)) for at, value in series["values"] if value not in ("NaN", "+Inf", "-Inf")]
        if points:
            yield re.sub(r"\{\{(\w+)\}\}", lambda match: series["metric"].get(match[1], ""), target["legendFormat"]) or "value", points


def draw(title, graphs):
    rows = math.ceil(len(graphs) / COLUMNS)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{COLUMNS * WIDTH}" height="{rows * HEIGHT + 44}" viewBox="0 0 {COLUMNS * WIDTH} {rows * HEIGHT + 44}" font-family="system-ui, sans-serif" font-size="11">',
        f'<rect width="100%" height="100%" fill="#f4f5f5"/><text x="12" y="28" font-size="18" font-weight="600" fill="#24292e">{escape(title)}</text>',
    ]
    for index, (panel, lines) in enumerate(graphs):
        parts.append(f'<g transform="translate({index % COLUMNS * WIDTH},{index // COLUMNS * HEIGHT + 40})">{graph(panel, lines)}</g>')
    return "\n".join(parts) + "\n</svg>\n"


def graph(panel, lines):
    left, top, right, bottom = PLOT
    unit = panel["fieldConfig"]["defaults"]["unit"]
    is_stacked = "stacking" in panel["fieldConfig"]["defaults"]["custom"]
    fixed = {entry["matcher"]["options"]: entry["properties"][0]["value"]["fixedColor"] for entry in panel["fieldConfig"]["overrides"]}
    drawn = stack(lines) if is_stacked else [(name, points, None) for name, points in lines]
    highest = nice(max(value for _, points, _ in drawn for _, value in points))

    def place(point):
        return f"{left + point[0] * (right - left):.1f},{bottom - min(point[1] / highest, 1) * (bottom - top):.1f}"

    parts = [f'<rect x="6" y="4" width="{WIDTH - 10}" height="{HEIGHT - 8}" rx="3" fill="#fff" stroke="#dcdfe1"/>',
             f'<text x="14" y="21" font-weight="600" fill="#24292e">{escape(panel["title"])}</text>']
    for step in range(5):
        y = bottom - step / 4 * (bottom - top)
        parts.append(f'<line x1="{left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="#e9ebec"/>'
                     f'<text x="{left - 5}" y="{y + 4:.1f}" text-anchor="end" fill="#6e7680">{show(highest * step / 4, unit)}</text>')
    for index, (name, points, below) in enumerate(drawn):
        colour = COLOURS.get(fixed.get(name, ""), "#333" if name in fixed else PALETTE[index % len(PALETTE)])
        path = " ".join(map(place, points))
        if below:
            parts.append(f'<polygon points="{path} {" ".join(map(place, reversed(below)))}" fill="{colour}" fill-opacity="0.5"/>')
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        if index < LEGEND_ENTRIES:
            x, y = 16 + index % 2 * (WIDTH // 2), bottom + 24 + index // 2 * 17
            label = name if len(name) <= 30 else name[:29] + "…"
            parts.append(f'<rect x="{x}" y="{y - 8}" width="10" height="3" fill="{colour}"/><text x="{x + 15}" y="{y - 2}" fill="#464c54">{escape(label)}</text>')
    if len(drawn) > LEGEND_ENTRIES:
        parts.append(f'<text x="{WIDTH - 16}" y="21" text-anchor="end" fill="#6e7680">and {len(drawn) - LEGEND_ENTRIES} more</text>')
    return "".join(parts)


def stack(lines):
    """Puts lines on top of each other; a line without a value at a time counts as 0 there."""
    times = sorted({at for _, points in lines for at, _ in points})
    below = [(at, 0.0) for at in times]
    stacked = []
    for name, points in lines:
        values = dict(points)
        above = [(at, base + values.get(at, 0.0)) for at, base in below]
        stacked.append((name, above, below))
        below = above
    return stacked


def nice(value):
    """The next 1, 2, 4 or 8 times a power of ten."""
    if value <= 0:
        return 1
    power = 10 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 8, 10) if step * power >= value * 0.999)


def show(value, unit):
    if unit == "s":
        return f"{value:g} s" if value >= 1 or value == 0 else f"{value * 1000:.3g} ms"
    if unit == "percentunit":
        return f"{value * 100:.3g} %"
    for size, prefix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if unit in ("bytes", "Bps") and value >= size:
            return f"{value / size:.3g} {prefix}B"
    return f"{value:.3g}" + ("/s" if unit == "reqps" else " B" if unit in ("bytes", "Bps") else "")
