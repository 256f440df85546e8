// Colours. One sequence of equal steps in lightness for what has an order, and eight that people with any kind of
// colour vision tell apart (Okabe and Ito 2008) for what has none. Shapes repeat what colours say.

const STEPS = 48;

/** Anchors of a sequence from dark blue to yellow whose lightness grows evenly. */
const SEQUENCE = [[68, 1, 84], [71, 45, 123], [59, 82, 139], [44, 114, 142], [33, 145, 140], [40, 174, 128],
    [94, 201, 98], [173, 220, 48], [253, 231, 37]];

const CATEGORIES = {
    light: ["#0072b2", "#d55e00", "#009e73", "#a4568a", "#b8860b", "#3d9fd1", "#5a5a5a", "#8c6d1f"],
    dark: ["#56b4e9", "#ff8f43", "#2fc79b", "#e29bc6", "#f0e442", "#8fb8ff", "#bcbcbc", "#e6b800"],
};

/** The colours of the theme that is in force. The style sheet owns most of them. */
class Palette {
    constructor(isDark) {
        this.isDark = isDark;
        const style = getComputedStyle(document.documentElement);
        const colour = (name) => style.getPropertyValue("--" + name).trim();
        for (const name of ["ink", "soft", "faint", "line", "paper", "accent", "best",
            "dim"]) this[name] = colour(name);
        this.states = STATES.map((state) => colour("state-" + state));
        this.categories = CATEGORIES[isDark ? "dark" : "light"];
        // Worst first. What is best must be seen best: dark on white, bright on black.
        this.sequence = Array.from({ length: STEPS }, (_, step) => {
            const fraction = step / (STEPS - 1);
            return rgb(interpolated(SEQUENCE, isDark ? 0.12 + 0.88 * fraction : 0.88 * (1 - fraction)));
        });
    }
}

function interpolated(anchors, fraction) {
    const place = Math.min(0.99999, Math.max(0, fraction)) * (anchors.length - 1);
    const index = Math.floor(place);
    return anchors[index].map((from, channel) => from + (anchors[index + 1][channel] - from) * (place - index));
}

function rgb(channels) {
    return "rgb(" + channels.map(Math.round).join(" ") + ")";
}

/** A colour for each row, as a place in a list of colours, with a legend. What it stands for is the reader's choice. */
class Colouring {
    constructor(page) {
        const { trials, selection } = page;
        this.codes = new Uint8Array(trials.columns.state.length);
        /** @type {{label: string, colour: string}[]} */
        this.legend = [];
        const { by } = selection.settings;
        const parameter = by.startsWith("p.") ? trials.parameter(by.slice(2)) : null;
        const metric = trials.objectives?.further.find(({ name }) => by === "o." + name);
        if (by === "state") this.byPlace(page, trials.columns.state, STATES, page.palette.states);
        else if (by === "sweep") this.bySweep(page);
        else if (parameter?.isCategory) {
            const labels = parameter.words.map((_, place) => parameter.label(place));
            this.byPlace(page, parameter.values, labels, page.palette.categories);
        } else if (parameter) this.byOrder(page, parameter.values, 1, parameter.shown);
        else if (metric) this.byOrder(page, trials.furtherMetric(metric.name).values, metric.sign, metric.shown);
        else if (trials.areAlike) this.byOrder(page, page.values, trials.sign, trials.metricName);
        else {
            this.byOrder(page, trials.goodness(page.values), 1, trials.metricName);
            if (this.ramp) this.ramp.isWithinSweeps = true;
        }
    }

    bySweep(page) {
        const { trials, palette } = page;
        this.byPlace(page, trials.columns.sweep, trials.sweeps.map((sweep) => sweep.shown), palette.categories);
    }

    byPlace(page, values, labels, colours) {
        const last = colours.length;
        this.colours = [...colours, page.palette.faint];
        for (let row = 0; row < page.trials.count; row++) {
            this.codes[row] = values[row] < labels.length ? Math.min(values[row], last) : last;
        }
        this.legend = labels.map((label, place) => ({ label, colour: this.colours[Math.min(place, last)] }));
        if (labels.length > last) this.legend = [...this.legend.slice(0, last),
            { label: "other", colour: page.palette.faint }];
    }

    /** By rank among what is shown, so that one trial far out does not take all colours. */
    byOrder(page, values, sign, name) {
        const { trials, selection, palette } = page;
        this.colours = [...palette.sequence, palette.faint];
        const shown = [];
        for (let row = 0; row < trials.count; row++) {
            if (selection.isShown(row) && Number.isFinite(values[row])) shown.push(sign * values[row]);
        }
        const sorted = Float64Array.from(shown).sort();
        for (let row = 0; row < trials.count; row++) {
            if (!Number.isFinite(values[row])) this.codes[row] = STEPS;
            else {
                const rank = lowerBound(sorted, sign * values[row]) / Math.max(1, sorted.length - 1);
                this.codes[row] = Math.min(STEPS - 1, Math.round(rank * (STEPS - 1)));
            }
        }
        this.ramp = sorted.length === 0 ? null
            : { name, stops: [0, 0.25, 0.5, 0.75, 1].map((fraction) => sign * quantile(sorted, fraction)) };
        this.legend = [];
    }

    of(row) { return this.colours[this.codes[row]]; }
}
