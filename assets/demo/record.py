#!/usr/bin/env python3
"""Records the demo of the README: drives cardfile in a pseudo-terminal and writes an animated SVG.

    python3 assets/demo/record.py target/release/cardfile assets/pictures/demo.svg

Needs python3 alone. The keys are in SCENES; a picture is taken after each step that says so. What the program writes is
read by a small terminal of our own: it knows what cardfile uses, and stops at anything else.
"""

import codecs
import fcntl
import html
import os
import pty
import re
import select
import struct
import sys
import termios
import time
import unicodedata

COLUMNS, ROWS = 104, 30
CELL, LINE, FONT = 8.4, 18, 14
FOREGROUND, BACKGROUND = "#c8ccd8", "#14161d"


def typed(text):
    """A text key by key, with a picture of every fourth."""
    return [(letter, 0.22 if at % 4 == 3 else 0, "") for at, letter in enumerate(text)]


# What is typed, how long its picture stays (in seconds; 0: none is taken), and what must be on the screen by then.
SCENES = [
    ("", 1.6, "2,000 contacts"),
    ("/", 0.5, ""),
    *typed("email$=@oldcorp.com"),
    (" ", 0.7, ""),
    *typed("active<today-2y"),
    (" ", 0.7, ""),
    *typed("-label:vip"),
    ("\r", 2.2, "will go|go,| go "),
    ("\x1b[B", 0.4, ""),
    ("x", 1.2, ""),
    ("d", 2.6, "Delete "),
    ("NUMBER", 0.9, ""),
    ("\r", 2.4, "deleted"),
    ("u", 2.2, "back"),
    ("y", 2.8, "back"),
]


class Screen:
    """The cells of a terminal, each a character and its style."""

    def __init__(self):
        self.cells = [[(" ", ())] * COLUMNS for _ in range(ROWS)]
        self.row = self.column = 0
        self.style = {}
        self.rest = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, data):
        text = self.rest + self.decoder.decode(data)
        at = 0
        while at < len(text):
            char = text[at]
            if char == "\x1b":
                found = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[()][A-Z0-9]|P[^\x1b]*\x1b\\|[=>78cDEHM])").match(text, at)
                if not found:
                    break
                self.sequence(found.group(1))
                at = found.end()
                continue
            if char == "\r":
                self.column = 0
            elif char == "\n":
                self.row = min(self.row + 1, ROWS - 1)
            elif char == "\b":
                self.column = max(self.column - 1, 0)
            elif char >= " ":
                self.put(char)
            at += 1
        self.rest = text[at:]

    def put(self, char):
        if unicodedata.combining(char):
            return
        wide = 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if self.row < ROWS and self.column < COLUMNS:
            self.cells[self.row][self.column] = (char, tuple(sorted(self.style.items())))
            if wide == 2 and self.column + 1 < COLUMNS:
                self.cells[self.row][self.column + 1] = ("", tuple(sorted(self.style.items())))
        self.column += wide

    def sequence(self, found):
        if not found.startswith("["):
            return
        body, final = found[1:-1], found[-1]
        if body.startswith(("?", ">", "<", "=")) or " " in body or "$" in body:
            return
        numbers = [int(number) if number else 0 for number in re.split("[;:]", body)] if body else []
        first = numbers[0] if numbers else 0
        if final in "Hf":
            self.row = max(first, 1) - 1
            self.column = max(numbers[1] if len(numbers) > 1 else 1, 1) - 1
        elif final == "J":
            self.cells = [[(" ", ())] * COLUMNS for _ in range(ROWS)]
        elif final == "K":
            for column in range(self.column, COLUMNS):
                self.cells[self.row][column] = (" ", ())
        elif final in "ABCDG":
            n = max(first, 1)
            moves = {"A": (-n, 0), "B": (n, 0), "C": (0, n), "D": (0, -n)}
            if final == "G":
                self.column = n - 1
            else:
                self.row, self.column = self.row + moves[final][0], self.column + moves[final][1]
        elif final == "m":
            self.paint(numbers or [0])
        elif final not in "chlnqrstu":
            sys.exit(f"the terminal of this script knows no {found!r}")

    def paint(self, numbers):
        numbers = list(numbers)
        names = {1: "bold", 3: "italic", 4: "underline", 7: "reverse", 2: "dim"}
        ends = {22: ("bold", "dim"), 23: ("italic",), 24: ("underline",), 27: ("reverse",)}
        while numbers:
            number = numbers.pop(0)
            if number == 0:
                self.style = {}
            elif number in names:
                self.style[names[number]] = True
            elif number in ends:
                for name in ends[number]:
                    self.style.pop(name, None)
            elif number in (38, 48) and numbers[:1] == [2]:
                red, green, blue = numbers[1:4]
                del numbers[:4]
                self.style["fg" if number == 38 else "bg"] = f"#{red:02x}{green:02x}{blue:02x}"
            elif number == 39:
                self.style.pop("fg", None)
            elif number == 49:
                self.style.pop("bg", None)

    def text(self):
        return "\n".join("".join(char for char, _ in row) for row in self.cells)

    def rows(self):
        return [drawn(row) for row in self.cells]


def drawn(row):
    """A row as SVG, at the height of 0."""
    runs = []
    for column, (char, style) in enumerate(row):
        if runs and runs[-1][1] == style:
            runs[-1][2].append(char)
        else:
            runs.append((column, style, [char]))
    out = []
    for column, style, chars in runs:
        look = dict(style)
        front, back = look.get("fg", FOREGROUND), look.get("bg")
        if look.get("reverse"):
            front, back = back or BACKGROUND, look.get("fg", FOREGROUND)
        x, width = column * CELL, len(chars) * CELL
        if back and back != BACKGROUND:
            out.append(f'<rect x="{x:.1f}" width="{width + 0.2:.1f}" height="{LINE}" fill="{back}"/>')
        text = "".join(chars)
        shown = text.strip()
        if not shown:
            continue
        x += (len(text) - len(text.lstrip())) * CELL
        cells = len("".join(chars).rstrip()) - (len(text) - len(text.lstrip())) + chars.count("")
        marks = ' font-weight="bold"' if look.get("bold") else ""
        marks += ' text-decoration="underline"' if look.get("underline") else ""
        marks += ' opacity="0.6"' if look.get("dim") else ""
        out.append(
            f'<text x="{x:.1f}" y="13.5" textLength="{cells * CELL:.1f}" fill="{front}"{marks}>{html.escape(shown)}</text>'
        )
    return "".join(out)


def record(program):
    """The pictures with how long each stays."""
    home = os.path.join("/tmp", f"cardfile-demo-{os.getpid()}")
    os.makedirs(home, exist_ok=True)
    child, line = pty.fork()
    if child == 0:
        keep = {"HOME": home, "TERM": "xterm-256color", "COLORTERM": "truecolor", "COLORFGBG": "15;0", "LANG": "C.UTF-8"}
        time.sleep(0.2)
        os.execve(program, [program, "demo", "--seed", "1"], {**keep, "PATH": os.environ["PATH"], "TZ": "UTC"})
    fcntl.ioctl(line, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    screen, frames = Screen(), []

    def listen(until, wanted):
        while time.time() < until and not (wanted and re.search(wanted, screen.text())):
            if select.select([line], [], [], 0.02)[0]:
                screen.feed(os.read(line, 1 << 16))

    def settle():
        quiet = time.time() + 0.25
        while time.time() < quiet:
            if select.select([line], [], [], 0.05)[0]:
                screen.feed(os.read(line, 1 << 16))
                quiet = time.time() + 0.12

    for keys, stays, wanted in SCENES:
        if keys == "NUMBER":
            asked = re.search(r"[Tt]ype ([\d,]+)", screen.text())
            keys = asked.group(1).replace(",", "") if asked else "y"
        os.write(line, keys.encode())
        if wanted:
            listen(time.time() + 15, wanted)
            if not re.search(wanted, screen.text()):
                sys.exit(f"{wanted!r} is never on the screen:\n{screen.text()}")
        settle()
        if stays:
            frames.append((screen.rows(), stays))
    os.write(line, b"q")
    time.sleep(0.3)
    os.close(line)
    return frames


def animated(frames):
    """The SVG: each row once, each picture made of rows, one picture after the other for ever."""
    whole = sum(stays for _, stays in frames)
    known = {}
    for rows, _ in frames:
        for row in rows:
            if row:
                known.setdefault(row, f"r{len(known)}")
    width, height = COLUMNS * CELL + 16, ROWS * LINE + 16
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" font-family="DejaVu Sans Mono,Menlo,Consolas,monospace" '
        f'font-size="{FONT}" xml:space="preserve" role="img">',
        "<title>cardfile: search, see what goes and stays, delete, undo</title><style>",
        ".f{visibility:hidden;animation-duration:%.2fs;animation-iteration-count:infinite;animation-timing-function:step-end}" % whole,
        "@media(prefers-reduced-motion:reduce){.f{animation:none!important}.f:last-of-type{visibility:visible}}",
    ]
    at = 0.0
    for number, (_, stays) in enumerate(frames):
        begins, ends = 100 * at / whole, 100 * (at + stays) / whole
        start = "" if number == 0 else "0%{visibility:hidden}"
        end = "" if number == len(frames) - 1 else f"{ends:.3f}%{{visibility:hidden}}"
        out.append(f"@keyframes k{number}{{{start}{begins:.3f}%{{visibility:visible}}{end}100%{{visibility:hidden}}}}")
        at += stays
    out.append("</style><defs>")
    out.extend(f'<g id="{name}">{row}</g>' for row, name in known.items())
    out.append(f'</defs><rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/><g transform="translate(8 8)">')
    for number, (rows, _) in enumerate(frames):
        uses = "".join(f'<use href="#{known[row]}" y="{at * LINE}"/>' for at, row in enumerate(rows) if row)
        out.append(f'<g class="f" style="animation-name:k{number}">{uses}</g>')
    out.append("</g></svg>\n")
    return "\n".join(out)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    pictures = record(os.path.abspath(sys.argv[1]))
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(animated(pictures))
    print(f"{len(pictures)} pictures, {os.path.getsize(sys.argv[2]):,} bytes")
