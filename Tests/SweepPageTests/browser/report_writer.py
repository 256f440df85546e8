"""Writes a report: the reference for what a document looks like (see docs/report-format.md) and how the page is put together."""

import base64, hashlib, html, json, math, struct, zlib
from array import array
from pathlib import Path

RESOURCES = Path(__file__).parents[3] / "Sources/SweepPage/Resources/page"
CODES = {"u8": "B", "u16": "H", "u32": "I", "i32": "i", "f32": "f", "f64": "d"}
NAN, MISSING = math.nan, math.inf


def packed(raw, width):
    """Byte planes, then zlib: exponents beside exponents shrink."""
    planes = b"".join(raw[plane::width] for plane in range(width)) if width > 1 else raw
    return zlib.compress(planes, 9)


def stored(kind, raw, width, extra):
    small = packed(raw, width)
    column = {"type": kind, "data": base64.b64encode(raw).decode()}
    if len(small) < 0.9 * len(raw):
        column = {"type": kind, "packed": True, "data": base64.b64encode(small).decode()}
    return {**column, **extra}


def column(kind, values, **extra):
    numbers = array(CODES[kind], values)
    return stored(kind, numbers.tobytes(), numbers.itemsize, extra)


def rounded(value, bits=16):
    """Keeps the first `bits` binary digits: the rest of a report is noise to the eye, and does not shrink."""
    if not math.isfinite(value) or value == 0:
        return value
    mantissa, exponent = math.frexp(value)
    return math.ldexp(round(mantissa * (1 << bits)), exponent - bits)


def texts(values):
    if not values:
        return stored("text", b"", 1, {})
    return stored("text", "\0".join(value.replace("\0", "\ufffd") for value in values).encode(), 1, {})


def words(values, dictionary=None):
    """A category: places in a dictionary of JSON values."""
    dictionary = list(dict.fromkeys(values)) if dictionary is None else dictionary
    place = {json.dumps(word): index for index, word in enumerate(dictionary)}
    kind = "u8" if len(dictionary) < 254 else "u16"
    return column(kind, [place[json.dumps(value)] for value in values], words=dictionary)


def category(values, dictionary, absent):
    """A parameter of words; `absent` stands where it is inactive."""
    place = {json.dumps(word): index for index, word in enumerate(dictionary)}
    kind, inactive = ("u8", 255) if len(dictionary) < 254 else ("u16", 65535)
    return column(kind, [inactive if value is absent else place[json.dumps(value)] for value in values], words=dictionary)


def document(sweeps, live=None):
    return {"format": 1, "program": "revsweep 0.9.0", "live": live, "sweeps": sweeps}


def embedded(value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def script():
    names = (RESOURCES / "order.txt").read_text().split()
    parts = [(RESOURCES / name).read_text() for name in names]
    return '"use strict";\n(() => {\n' + "\n".join(parts) + "})();\n"


def style():
    return (RESOURCES / "report.css").read_text()


def hashed(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def page(value, noscript=""):
    code, looks = script(), style()
    policy = f"default-src 'none'; script-src {hashed(code)}; style-src {hashed(looks)}; img-src data:"
    places = {
        "policy": f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        "title": html.escape(", ".join(sweep["name"] for sweep in value["sweeps"]) + " · revsweep"),
        "style": f"<style>{looks}</style>",
        "noscript": noscript,
        "data": f'<script type="application/json" id="data">{embedded(value)}</script>',
        "script": f"<script>{code}</script>",
    }
    return filled(places)


def served(title):
    """The page as the server gives it: everything from files beside it."""
    return filled({
        "policy": "", "title": html.escape(title), "noscript": "",
        "style": '<link rel="stylesheet" href="report.css">',
        "data": '<script type="application/json" id="data" data-source="data.json"></script>',
        "script": '<script src="report.js" defer></script>',
    })


def filled(places):
    text = (RESOURCES / "page.html").read_text()
    # One pass, so that a text that looks like a place is not taken for one.
    pieces = text.split("{{")
    return pieces[0] + "".join(places[piece[:piece.index("}}")]] + piece[piece.index("}}") + 2:] for piece in pieces[1:])
