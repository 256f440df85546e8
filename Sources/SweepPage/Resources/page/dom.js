// Elements, numbers and words. Everything that comes from a sweep passes through `textContent`; there is no way in
// this file to make markup from a text.

/**
 * Makes an HTML element.
 * @param {string} tag
 * @param {Object} properties `class`, `text`, `on: {event: listener}`; anything else is an attribute. `false` and
 *     `null` leave the attribute out.
 */
function element(tag, properties = {}, ...children) {
    return furnish(document.createElement(tag), properties, children);
}

/** The same for SVG. */
function svgElement(tag, properties = {}, ...children) {
    return furnish(document.createElementNS("http://www.w3.org/2000/svg", tag), properties, children);
}

function furnish(node, properties, children) {
    for (const [key, value] of Object.entries(properties)) {
        if (value === null || value === undefined || value === false) continue;
        if (key === "text") node.textContent = value;
        else if (key === "on") {
            for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
        } else node.setAttribute(key, value === true ? "" : value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
}

/** A labelled drop-down list. `options` are pairs of value and words. */
function selectBox(label, options, chosen, changed) {
    const box = element("select", { on: { change: () => changed(box.value) } });
    fillSelect(box, options, chosen);
    const whole = element("label", { class: "field" }, element("span", { text: label }), box);
    return { whole, box };
}

/** An open list stays open where its options are the same. */
function fillSelect(box, options, chosen) {
    replaceKept(box, ...options.map(([value, words]) => element("option", { value, text: words })));
    if (box.value !== chosen) box.value = chosen;
}

/**
 * Replaces the children of a node by others, but only where they differ: the same ones keep the focus that is in them,
 * and what is selected. Where one that has the focus is replaced, it moves to the same place in the new one.
 */
function replaceKept(parent, ...children) {
    const wanted = children.filter((child) => child !== null && child !== undefined);
    wanted.forEach((child, place) => {
        const old = parent.childNodes[place];
        if (!old) parent.append(child);
        else if (!old.isEqualNode(child)) {
            const path = pathTo(document.activeElement, old);
            old.replaceWith(child);
            path?.reduce((node, index) => node?.childNodes[index], child)?.focus?.({ preventScroll: true });
        }
    });
    while (parent.childNodes.length > wanted.length) parent.lastChild.remove();
}

/** The places of children that lead from a node to one inside it; null if that is not inside. */
function pathTo(inner, outer) {
    if (!inner || !outer.contains(inner)) return null;
    const path = [];
    for (let node = inner; node !== outer; node = node.parentNode) {
        path.unshift([...node.parentNode.childNodes].indexOf(node));
    }
    return path;
}

/** A labelled tick box. */
function tickBox(label, ticked, changed, title = null) {
    const box = element("input", { type: "checkbox", on: { change: () => changed(box.checked) } });
    box.checked = ticked;
    return { whole: element("label", { class: "tick", title }, box, element("span", { text: label })), box };
}

// C0, DEL, C1, zero-width and bidirectional controls, line and paragraph separators, byte order mark: what could make
// a name look like another one, or turn the rest of the line round.
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;

/** A text of one line in which every hidden character is seen: `\u202e`. */
function visible(text) {
    return String(text).replace(HIDDEN, (character) => {
        if (character === "\n") return "\\n";
        if (character === "\t") return "\\t";
        return "\\u" + character.codePointAt(0).toString(16).padStart(4, "0");
    });
}

/** JSON in which hidden characters are escapes; also a value of YAML. */
function jsonText(value) {
    return escaped(JSON.stringify(value));
}

/** Writes hidden characters, except line ends, as the escapes of JSON, YAML and `$'…'`. */
function escaped(text) {
    return text.replace(HIDDEN, (character) => (character === "\n" ? character
        : "\\u" + character.codePointAt(0).toString(16).padStart(4, "0")));
}

/** Text of several lines, as a log: colours of a terminal are left out, other hidden characters are shown. */
function visibleLog(text) {
    const plain = String(text)
        .replace(/\u001b\[[0-9;:?]*[ -/]*[@-~]/g, "")
        .replace(/\u001b\][^\u0007\u001b]*(\u0007|\u001b\\)/g, "")
        .replace(/\r\n/g, "\n");
    return plain.split("\n").map((line) => line.split("\t").map(visible).join("\t")).join("\n");
}

/** A number for people: five significant digits, and a power of ten where zeros would hide them. */
function formatNumber(number, digits = 5) {
    if (!Number.isFinite(number)) return number === Infinity ? "∞" : number === -Infinity ? "−∞" : "none";
    if (number === 0) return "0";
    const size = Math.abs(number);
    if (Number.isInteger(number) && size < 1e7) return withMinus(String(number));
    const text = size < 1e-4 || size >= 1e7 ? number.toExponential(digits - 1) : number.toPrecision(digits);
    const [mantissa, power] = text.split("e");
    const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
    return withMinus(power === undefined ? short : short + "e" + power.replace("+", ""));
}

/** A hyphen is too short to be seen beside digits. */
function withMinus(text) {
    return text.replace(/-/g, "−");
}

/** `12,345`: the same in every language, so that a report looks the same everywhere. */
function formatCount(number) {
    return String(number).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** `3 trials`, `1 trial`. */
function counted(number, noun, nouns = noun + "s") {
    return formatCount(number) + " " + (number === 1 ? noun : nouns);
}

function formatDuration(seconds) {
    if (!Number.isFinite(seconds)) return "unknown";
    if (seconds < 1) return formatNumber(seconds * 1000, 3) + " ms";
    if (seconds < 60) return formatNumber(seconds, 3) + " s";
    const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
    const first = units.findIndex(([, size]) => seconds >= size);
    const [large, size] = units[first];
    const [small, smaller] = units[first + 1] ?? ["s", 1];
    const rest = Math.floor((seconds % size) / smaller);
    return Math.floor(seconds / size) + " " + large + (rest > 0 ? " " + rest + " " + small : "");
}

/** Cuts in the middle, since names that begin alike often end differently. */
function shortened(text, length) {
    if (text.length <= length) return text;
    // By characters: half of a pair is none.
    const characters = [...text];
    if (characters.length <= length) return text;
    const head = Math.ceil((length - 1) / 2);
    return characters.slice(0, head).join("") + "…"
        + characters.slice(characters.length - (length - 1 - head)).join("");
}

/** Says something to a screen reader without moving the focus. */
function announce(text) {
    document.getElementById("announcer").textContent = text;
}
