// From a selection back to the sweep: a narrower `parameters:` block, or a command that tries values from it.

class Region {
    constructor(page) {
        this.page = page;
        this.kind = "brushed";
        this.sweep = 0;
        const { whole } = selectBox("narrow to", [["brushed", "what is brushed"],
            ["selected", "the range of the selected trials"]],
            "brushed", (value) => {
                this.kind = value;
                this.fill();
            });
        this.body = element("div");
        this.figure = element("section", { id: "region", class: "wide card", "aria-labelledby": "region-title" },
            element("div", { class: "plot-head" }, element("h2", { id: "region-title", text: "Search this region" }),
                element("div", { class: "plot-controls" }, whole)),
            this.body);
    }

    fill() {
        const { page } = this;
        const { selection, trials } = page;
        const isWanted = trials.count > 0 && trials.parameters.length > 0;
        this.figure.hidden = !isWanted;
        if (!isWanted) return;
        const intervals = this.intervals();
        const changed = [...intervals.values()].filter(Boolean).length;
        const best = trials.best((row) => selection.isSelected(row));
        const parts = [];
        if (changed === 0) {
            parts.push(element("p",
                { class: "note", text: "Brush an axis above, or show only the best trials and narrow to their range. "
                    + "The block to search again appears here." }));
        } else {
            parts.push(
                element("p", { class: "small",
                    text: `${counted(changed, "parameter")} narrowed. Put this into a copy of the sweep file, and `
                        + `start it with the trials that fit: revsweep fork ${shellWord(trials.sweeps[0].name)} `
                        + `NEW.yaml` }),
                copyBox(parametersBlock(trials.parameters, intervals)));
            const middle = this.middle(intervals);
            if (middle.length > 0) {
                parts.push(element("p", { class: "small",
                    text: "Or try the middle of the region next; what is not given is sampled:" }),
                    copyBox(enqueueCommand(page, best >= 0 ? best : 0, middle)));
            }
        }
        if (best >= 0 && selection.filters.size > 0) {
            parts.push(element("p",
                { class: "small", text: `The best of the selected trials is ${trials.title(best)} with `
                    + `${formatNumber(trials.columns.value[best])}. To run it again:` }),
                copyBox(enqueueCommand(page, best, valuesOf(page, best))));
        }
        replaceKept(this.body, ...parts);
    }

    /** For each parameter the part of it that is wanted: `{low, high}` or `{places}`, undefined where all of it is. */
    intervals() {
        const { selection, trials } = this.page;
        const intervals = new Map();
        for (const parameter of trials.parameters) {
            const filter = selection.filters.get("p." + parameter.name);
            const interval = this.kind === "brushed" ? filter : this.rangeOfSelected(parameter);
            const isNarrow = interval && (interval.places?.length > 0 || Number.isFinite(interval.low)
                && interval.low !== null || Number.isFinite(interval.high) && interval.high !== null);
            intervals.set(parameter, isNarrow ? interval : undefined);
        }
        return intervals;
    }

    rangeOfSelected(parameter) {
        const { selection, trials } = this.page;
        if (selection.selectedCount === trials.count) return undefined;
        const values = new Set();
        for (let row = 0; row < trials.count; row++) {
            if (selection.isSelected(row) && parameter.isPresent(row)) values.add(parameter.values[row]);
        }
        if (values.size === 0) return undefined;
        const sorted = Float64Array.from(values).sort();
        if (parameter.isCategory) return sorted.length < parameter.words.length ? { places: [...sorted] } : undefined;
        return { low: sorted[0], high: sorted[sorted.length - 1] };
    }

    middle(intervals) {
        const values = [];
        for (const [parameter, interval] of intervals) {
            if (!interval) continue;
            if (parameter.isCategory) {
                if (interval.places.length === 1) values.push([parameter, parameter.written[interval.places[0]]]);
                continue;
            }
            const low = interval.low ?? parameter.low;
            const high = interval.high ?? parameter.high;
            const middle = parameter.isLog && low > 0 ? Math.sqrt(low * high) : (low + high) / 2;
            if (Number.isFinite(middle)) values.push([parameter, String(onGrid(parameter, middle, Math.round))]);
        }
        return values;
    }
}

/** The values of a trial as `enqueue` takes them. */
function valuesOf(page, row) {
    return page.trials.parameters.filter((parameter) => parameter.isPresent(row)).map((parameter) => [
        parameter, parameter.isCategory ? parameter.written[parameter.values[row]]
            : parameter.exact.get(row) ?? String(parameter.values[row]),
    ]);
}

function enqueueCommand(page, row, values) {
    const sweep = page.trials.sweeps[page.trials.columns.sweep[row] ?? 0];
    return ["revsweep enqueue", shellWord(sweep.name),
        ...values.map(([parameter, text]) => shellWord(parameter.name + "=" + text))].join(" ");
}

/** A word of a shell command; whatever is in it stays one word, and what would hide is written as an escape. */
function shellWord(text) {
    if (escaped(text) !== text || text.includes("\n")) {
        return "$'" + escaped(text.replace(/[\\']/g, "\\$&")).replace(/\n/g, "\\n") + "'";
    }
    return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : "'" + text.replace(/'/g, "'\\''") + "'";
}

/** A key or text of YAML, in quotes unless it is plainly a word. */
function yamlWord(text) {
    return /^[A-Za-z_][A-Za-z0-9_./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text) ? text
        : jsonText(text);
}

/** A value as the sweep file would write it. */
function yamlText(value) {
    return typeof value === "string" ? yamlWord(value) : jsonText(value);
}

/** A number on the grid of a parameter that has one. */
function onGrid(parameter, value, round) {
    const { step, first } = parameter.grid ?? {};
    if (step) return Number((first + round((value - first) / step) * step).toPrecision(15));
    return parameter.isInteger ? round(value) : value;
}

/** The block of a sweep file with the parameters of a sweep, some of them narrowed. */
function parametersBlock(parameters, intervals) {
    const lines = parameters.filter((parameter) => parameter.spec).map((parameter) => {
        const interval = intervals.get(parameter);
        const entries = new Map(parameter.spec);
        if (interval && parameter.isCategory && entries.has("values")) {
            entries.set("values", "[" + interval.places.map((place) => parameter.written[place]).join(", ") + "]");
            if (parameter.weights) entries.set("weights", "["
                + interval.places.map((place) => parameter.weights[place]).join(", ") + "]");
        } else if (interval && !parameter.isCategory) {
            const { low, high } = interval;
            if (low !== null && Number.isFinite(low)) entries.set("min", String(onGrid(parameter, low, Math.ceil)));
            if (high !== null && Number.isFinite(high)) entries.set("max", String(onGrid(parameter, high, Math.floor)));
        }
        const words = [...entries].map(([key, text]) => key + ": " + text).join(", ");
        return `  ${yamlWord(parameter.name)}: {${words}}`;
    });
    return escaped("parameters:\n" + lines.join("\n") + "\n");
}

/** A text with a button that copies it. */
function copyBox(text) {
    const words = element("pre", { class: "copy", tabindex: 0, text });
    const button = element("button", { type: "button", text: "copy", on: { click: async () => {
        try {
            await navigator.clipboard.writeText(text);
            button.textContent = "copied";
        } catch {
            // A file that was opened from disk may not write to the clipboard; the text is selected instead.
            getSelection().selectAllChildren(words);
            button.textContent = "selected";
        }
        announce(button.textContent);
    } } });
    return element("div", { class: "copy-box" }, words, button);
}
