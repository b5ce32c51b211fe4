"""How the drawing looks, in light and in dark; kept apart so that a page with a strict policy can link it."""

_LIGHT = {
    "paper": "#ffffff",
    "ink": "#1c2733",
    "soft": "#5b6875",
    "line": "#8794a1",
    "fail": "#c2410c",
    "say": "#2563eb",
    "menu": "#7c3aed",
    "ask": "#0d9488",
    "do": "#b45309",
    "choose": "#475569",
    "run": "#4f46e5",
    "record": "#be185d",
    "transfer": "#c026d3",
    "goal": "#15803d",
    "end": "#64748b",
}
_DARK = {
    "paper": "#12181f",
    "ink": "#e7edf3",
    "soft": "#9fb0c0",
    "line": "#66788a",
    "fail": "#fb923c",
    "say": "#60a5fa",
    "menu": "#a78bfa",
    "ask": "#2dd4bf",
    "do": "#fbbf24",
    "choose": "#94a3b8",
    "run": "#818cf8",
    "record": "#f472b6",
    "transfer": "#e879f9",
    "goal": "#4ade80",
    "end": "#94a3b8",
}


def _colours(colours: dict[str, str]) -> str:
    return "".join(f"--flow-{name}:{colour};" for name, colour in colours.items())


_TONES = {
    "say": "say",
    "menu": "menu",
    "ask": "ask",
    "rate": "ask",
    "do": "do",
    "choose": "choose",
    "hours": "choose",
    "set": "choose",
    "language": "choose",
    "mark": "choose",
    "page": "say",
    "record": "record",
    "transfer": "transfer",
    "run": "run",
    "end": "end",
    "entry": "line",
}

STYLE = (
    f".flow-drawing{{{_colours(_LIGHT)}color-scheme:light dark;"
    'font-family:system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}'
    f"@media(prefers-color-scheme:dark){{.flow-drawing{{{_colours(_DARK)}}}}}"
    f"[data-theme=light] .flow-drawing{{{_colours(_LIGHT)}}}"
    f"[data-theme=dark] .flow-drawing{{{_colours(_DARK)}}}"
    ".flow-drawing .paper{fill:var(--flow-paper)}"
    ".flow-drawing .heading{font-size:19px;font-weight:650;fill:var(--flow-ink)}"
    ".flow-drawing .subheading{font-size:12px;fill:var(--flow-soft)}"
    + "".join(f".flow-drawing .{kind}{{--tone:var(--flow-{tone})}}" for kind, tone in _TONES.items())
    + ".flow-drawing .goal{--tone:var(--flow-goal)}"
    ".flow-drawing .base{fill:var(--flow-paper)}"
    ".flow-drawing .shape{fill:var(--tone);fill-opacity:.11;stroke:var(--tone);stroke-width:1.5}"
    ".flow-drawing .shape,.flow-drawing .icon{stroke-linejoin:round}"
    ".flow-drawing .inner{fill:none;stroke:var(--tone);stroke-width:1;stroke-opacity:.6}"
    ".flow-drawing .entry .shape{fill-opacity:.06;stroke-dasharray:3 3}"
    ".flow-drawing .icon{fill:none;stroke:var(--tone);stroke-width:1.5;stroke-linecap:round}"
    ".flow-drawing .menu .icon{stroke-width:2.8}"
    ".flow-drawing .title{font-size:13px;font-weight:600;fill:var(--flow-ink)}"
    ".flow-drawing .words{font-size:11.5px;fill:var(--flow-soft)}"
    ".flow-drawing .link{fill:none;stroke:var(--flow-line);stroke-width:1.5}"
    ".flow-drawing .link.failure{stroke:var(--flow-fail);stroke-opacity:.65;stroke-dasharray:5 4}"
    ".flow-drawing .link.back{stroke-opacity:.85}"
    ".flow-drawing .tip{fill:var(--flow-line)}"
    ".flow-drawing .tip.failure{fill:var(--flow-fail)}"
    ".flow-drawing .plate{fill:var(--flow-paper)}"
    ".flow-drawing .label{font-size:10.5px;fill:var(--flow-soft)}"
    ".flow-drawing .label.failure{fill:var(--flow-fail)}"
    ".flow-drawing .cap{fill:var(--flow-paper);stroke:var(--flow-menu);stroke-width:1.2}"
    ".flow-drawing .key{font-size:11px;font-weight:650;fill:var(--flow-menu)}"
    ".flow-drawing .badge{fill:var(--flow-ink)}"
    ".flow-drawing .visits{font-size:10.5px;font-weight:600;fill:var(--flow-paper)}"
    ".flow-drawing .lost{fill:var(--flow-fail)}"
    ".flow-drawing .here{fill:var(--flow-goal)}"
    ".flow-drawing .middle{text-anchor:middle}"
)
"""The style sheet; every rule is confined to `.flow-drawing`."""
