#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""figures.py: draws docs/tile.svg and docs/lockstep.svg.

usage: scripts/figures.py [--check]     --check compares with the files instead of writing them (exit 1 when they differ)

Block names are the instance names of rtl/tile/npu_tile.sv and the file names of the tree. The figures carry their own
background, so they read the same in light and dark mode.
"""
import pathlib
import sys
from html import escape

DOCS = pathlib.Path(__file__).resolve().parent.parent / "docs"
INK, FAINT = "#1f2430", "#5b6472"
DATA, CONTROL, SUM = "#1f6feb", "#8a5a00", "#1a7f37"
FILL = {"plain": "#ffffff", "data": "#e8f1fe", "control": "#fdf3e0", "sum": "#e6f5ea", "frame": "#f3f4f7"}
EDGE = {"plain": "#9aa3b2", "data": DATA, "control": "#c98a1b", "sum": SUM, "frame": "#c5cbd6"}


class Figure:
    """An SVG of boxes, texts and arrows in user units; y grows downward."""

    def __init__(self, width, height, title):
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
            f'font-family="Helvetica, Arial, \'DejaVu Sans\', sans-serif">',
            f"<title>{escape(title)}</title>",
            "<defs>",
        ]
        for name, color in (("data", DATA), ("control", CONTROL), ("sum", SUM), ("plain", FAINT)):
            self.parts.append(
                f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="12" markerHeight="12" '
                f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 1 L10 5 L0 9 z" fill="{color}"/></marker>')
        self.parts += ["</defs>", f'<rect width="{width}" height="{height}" rx="10" fill="#fbfbfc" stroke="#d5dae2"/>']

    def box(self, x, y, w, h, lines=(), kind="plain", size=16):
        """A box with centred lines: the first bold, the others small."""
        self.parts.append(f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="6" fill="{FILL[kind]}" stroke="{EDGE[kind]}" stroke-width="1.5"/>')
        step = 19
        top = y + h / 2 - step * (len(lines) - 1) / 2 + 5.5
        for i, line in enumerate(lines):
            self.text(x + w / 2, top + step * i, line, "middle", size if i == 0 else 14, INK if i == 0 else FAINT, i == 0)

    def text(self, x, y, words, anchor="start", size=14, color=FAINT, bold=False):
        weight = ' font-weight="bold"' if bold else ""
        self.parts.append(f'<text x="{x}" y="{y}" font-size="{size}" fill="{color}" text-anchor="{anchor}"{weight}>{escape(words)}</text>')

    def arrow(self, points, kind="data", dashed=False, head=True):
        """A polyline; a point may also be a ready-made path piece such as 'a 6 6 0 0 1 12 0'."""
        color = {"data": DATA, "control": CONTROL, "sum": SUM, "plain": FAINT}[kind]
        path = "M" + " ".join(p if isinstance(p, str) else f"{'L' if i else ''}{p[0]} {p[1]}" for i, p in enumerate(points))
        extra = (' stroke-dasharray="6 4"' if dashed else "") + (f' marker-end="url(#{kind})"' if head else "")
        self.parts.append(f'<path d="{path}" fill="none" stroke="{color}" stroke-width="2"{extra}/>')

    def svg(self):
        return "\n".join(self.parts + ["</svg>", ""])


def tile_queues(f):
    """Streams in, FIFOs, dispatch and the three unit queues."""
    for y, name, words, note in ((66, "u_weight_fifo", "weight rows", "C bytes"), (236, "u_activation_fifo", "activations", "R bytes"),
                                 (406, "u_command_fifo", "commands", "128 bits")):
        kind = "control" if words == "commands" else "data"
        f.box(140, y, 165, 46, [name], kind)
        f.arrow([(14, y + 23), (138, y + 23)], kind)
        f.text(16, y + 14, words)
        f.text(16, y + 42, note)
    f.box(140, 496, 165, 88, ["u_dispatch", "legality, tickets"], "control")
    f.arrow([(222, 452), (222, 494)], "control")
    for y, name in ((136, "u_load_queue"), (306, "u_matmul_queue"), (496, "u_act_queue")):
        f.box(352, y, 150, 46, [name], "control")
    f.arrow([(305, 519), (350, 519)], "control")
    f.arrow([(328, 519), (328, 329), (350, 329)], "control")
    f.arrow([(328, 329), (328, 159), (350, 159)], "control")
    f.box(140, 640, 165, 46, ["u_response_fifo"], "control")
    f.arrow([(222, 584), (222, 638)], "control")
    f.arrow([(140, 663), (14, 663)], "control")
    f.text(16, 654, "responses")
    f.text(16, 682, "48 bits")
    f.box(352, 640, 150, 46, ["u_counters"], "control")
    f.arrow([(427, 640), (427, 572), (307, 572)], "control")
    f.text(508, 660, "16 counters: busy and")
    f.text(508, 678, "stall causes per unit")


def tile_array(f):
    """Array with its processing elements (activations go right, sums go down), accumulators below."""
    f.box(716, 198, 250, 222, kind="sum")
    f.text(841, 220, "u_array", "middle", 16, INK, True)
    for r in range(4):
        y = 234 + 36 * r
        f.arrow([(768, y + 12), (930, y + 12)], head=False)
        f.box(724, y, 46, 24, kind="data")
        f.text(747, y + 17, "skew", "middle", 14)
    for c in range(4):
        f.arrow([(802 + 47 * c, 234), (802 + 47 * c, 376)], "sum", head=False)
        for r in range(4):
            f.box(784 + 47 * c, 234 + 36 * r, 36, 24, kind="plain")
            f.text(802 + 47 * c, 251 + 36 * r, "PE", "middle", 14, INK)
    f.box(724, 384, 234, 28, kind="plain")
    f.text(841, 403, "u_tags: where each sum goes", "middle", 14)
    f.box(716, 450, 250, 56, ["u_accumulators", "banks × depth per column, INT32"], "sum")
    f.arrow([(841, 420), (841, 448)], "sum")
    f.text(851, 440, "columns skewed", size=14)


def tile_units(f):
    """The three units and what they move."""
    f.box(545, 66, 130, 116, ["u_load_unit", "a row a cycle"], "data")
    f.box(545, 236, 130, 116, ["u_matmul_unit", "a beat a cycle"], "data")
    f.arrow([(305, 89), (543, 89)])
    f.arrow([(305, 259), (322, 259), "a 6 6 0 0 1 12 0", (543, 259)])
    for y in (159, 329):
        f.arrow([(502, y), (543, y)], "control")
    f.arrow([(675, 124), (841, 124), (841, 196)])
    f.text(690, 112, "into one row of shadow weights")
    f.text(853, 150, "switch: shadow")
    f.text(853, 168, "becomes active")
    f.arrow([(675, 294), (714, 294)])
    f.box(545, 536, 421, 88, kind="sum")
    f.text(755, 558, "u_activation: one lane per column", "middle", 16, INK, True)
    for i, stage in enumerate(("bias", "multiply", "scale", "clamp", "table")):
        f.box(556 + 81 * i, 572, 74, 40, kind="plain")
        f.text(593 + 81 * i, 597, stage, "middle", 15, INK)
        if i:
            f.arrow([(549 + 81 * i, 592), (556 + 81 * i, 592)], "sum", head=False)
    f.arrow([(502, 519), (522, 519), (522, 580), (543, 580)], "control")
    f.arrow([(841, 506), (841, 534)], "sum")
    f.box(716, 656, 150, 46, ["u_output_fifo"], "sum")
    f.arrow([(791, 624), (791, 654)], "sum")
    f.arrow([(866, 679), (1066, 679)], "sum")
    f.text(994, 670, "results")
    f.text(994, 698, "C × 32 bits")


def tile():
    f = Figure(1080, 752, "The tile: streams, queues, load and matmul units, array, accumulators, activation unit")
    f.box(112, 14, 872, 724, kind="frame")
    f.text(126, 40, "npu_tile", size=18, color=INK, bold=True)
    f.text(212, 40, "rtl/tile/npu_tile.sv, model/tile/tile.hpp · R rows × C columns, drawn as 4 × 4")
    f.text(126, 726, "blue: operands · brown: commands · green: sums and results · not drawn: flags_o, busy_o, tickets, stall lines")
    tile_queues(f)
    tile_units(f)
    tile_array(f)
    return f.svg()


def lockstep_inputs(f):
    """From the vector to the pins of both sides."""
    f.box(24, 58, 190, 76, ["vector", "YAML + data, or a test", "by rule from the seed"])
    f.box(24, 178, 190, 76, ["planner", "K, N, M cut into tile", "commands for the config"])
    f.box(24, 298, 190, 76, ["functional model", "expected results,", "its own code"], "sum")
    f.arrow([(119, 134), (119, 176)], "plain")
    f.arrow([(119, 254), (119, 296)], "plain")
    f.box(262, 178, 130, 76, ["driver", "streams, stalls,", "output checks"], "control")
    f.arrow([(214, 216), (260, 216)], "plain")
    f.arrow([(214, 336), (327, 336), (327, 256)], "plain")
    f.text(224, 356, "expected outputs")
    f.arrow([(392, 204), (424, 204), (424, 116), (543, 116)], "control")
    f.arrow([(392, 228), (424, 228), (424, 336), (543, 336)], "control")
    f.text(434, 198, "the same")
    f.text(434, 217, "input pins in")
    f.text(434, 236, "every cycle")
    f.arrow([(545, 76), (327, 76), (327, 176)], "data", dashed=True)
    f.text(337, 96, "output pins")


def lockstep():
    f = Figure(1080, 448, "Lockstep: one stimulus, two sides, every field compared in every cycle, a record")
    f.text(24, 36, "assay run", size=18, color=INK, bold=True)
    f.text(118, 36, "one stimulus, two sides, one comparison a cycle")
    lockstep_inputs(f)
    f.box(545, 58, 205, 76, ["RTL: npu_tile", "Verilated from rtl/,", "probes of tb/ bound to it"], "data")
    f.box(545, 298, 205, 76, ["model: assay::Tile", "model/tile and the blocks", "under it, cycle-accurate"], "sum")
    f.box(545, 184, 205, 64, ["docs/spec.md", "and the config's YAML"])
    f.arrow([(647, 184), (647, 136)], "plain", dashed=True)
    f.arrow([(647, 248), (647, 296)], "plain", dashed=True)
    f.box(796, 164, 128, 104, ["compare", "every field", "in every cycle,", "in place"], "control")
    f.arrow([(750, 96), (860, 96), (860, 162)], "data")
    f.arrow([(750, 336), (860, 336), (860, 270)], "sum")
    f.text(872, 104, "registers, memories,")
    f.text(872, 123, "output pins, assertions")
    f.text(872, 318, "registers, memories,")
    f.text(872, 337, "output pins")
    f.box(956, 178, 108, 76, ["record", "JSON"])
    f.box(956, 372, 108, 56, ["report", "and exit code"])
    f.arrow([(924, 216), (954, 216)], "plain")
    f.arrow([(1010, 254), (1010, 370)], "plain")
    f.text(24, 408, "dashed grey: written from, never from each other · dashed blue: handshakes and output checks;")
    f.text(24, 428, "the model gets the input pins and no value of the RTL")
    return f.svg()


def main():
    if "--help" in sys.argv:
        print(__doc__)
        return 0
    differ = 0
    for name, text in (("tile.svg", tile()), ("lockstep.svg", lockstep())):
        file = DOCS / name
        if "--check" not in sys.argv:
            file.write_text(text)
        elif not file.exists() or file.read_text() != text:
            print(f"docs/{name} is not what scripts/figures.py draws", file=sys.stderr)
            differ = 1
    return differ


if __name__ == "__main__":
    sys.exit(main())
