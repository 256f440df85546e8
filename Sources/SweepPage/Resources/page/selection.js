// What the reader has chosen: filters, which reach every plot and the table through one mask, and settings of the
// page. Both stand in the address, so that a link shows what its sender saw.

/** The mask's values: not shown at all, shown but not selected, selected. */
const HIDDEN_ROW = 0;
const DIMMED_ROW = 1;
const SELECTED_ROW = 2;

const DEFAULT_SETTINGS = {
    best: 100, log: false, vary: true, group: false, by: "value", theme: "auto", states: [], sweeps: [],
    order: [], scales: {}, pair: [], front: [], sort: "number", descending: false, columns: [], trial: "", time: false,
};

/**
 * A filter on one quantity. Intervals hold both ends; `null` is an open end, so that the last point of an axis can
 * always be reached. `inactive` takes what is on the rail: no value, for whatever reason.
 * @typedef {{low: ?number, high: ?number, inactive: boolean, places: ?number[]}} Filter
 */

class Selection extends EventTarget {
    /** @param {Trials} trials */
    constructor(trials) {
        super();
        this.trials = trials;
        this.mask = new Uint8Array(0);
        /** The same before filters. */
        this.limits = new Uint8Array(0);
        /** Filters by key: `p.NAME` for a parameter, `o.NAME` for a metric beside the first that is optimized or
            bounded, `value`, `seconds`, `number`, `started`, `cause`. */
        this.filters = new Map();
        this.settings = structuredClone(DEFAULT_SETTINGS);
        this.hovered = -1;
        /** Whether a pointer is brushing just now: drawings may then be coarse, and are made whole after it. */
        this.isBrushing = false;
        /** The same for trials that have just come from the server. */
        this.isHurried = false;
        /** Kept until settings or trials change. */
        this.knownParameters = null;
        this.shownCount = 0;
        this.selectedCount = 0;
        this.lastWritten = "";
        this.timer = null;
        /** Sets of trials that are drawn as one each, by their first row; null where every trial is drawn. */
        this.groups = null;
        /** What marks stand for: the trials, or the groups, of which one is selected with any of its trials. */
        this.units = this;
    }

    /** Says that these sets of rows are drawn as one mark each; null for a mark for every trial. */
    group(groups) {
        this.groups = groups;
        this.knownParameters = null;
        this.units = groups === null ? this : { mask: new Uint8Array(this.mask.length), shownCount: groups.length,
            selectedCount: 0 };
        this.countUnits();
    }

    countUnits() {
        const { groups, units, mask } = this;
        if (!groups) return;
        units.selectedCount = 0;
        for (const { rows } of groups) {
            const isSelected = rows.some((row) => mask[row] === SELECTED_ROW);
            units.mask[rows[0]] = isSelected ? SELECTED_ROW : DIMMED_ROW;
            if (isSelected) units.selectedCount += 1;
        }
    }

    /** The column that a filter is about, and for a parameter the parameter. */
    column(key) {
        if (key.startsWith("p.")) return this.trials.parameter(key.slice(2))?.values;
        if (key.startsWith("o.")) return this.furtherMetric(key)?.values;
        return Object.hasOwn(this.trials.columns, key) ? this.trials.columns[key] : undefined;
    }

    furtherMetric(key) { return this.trials.further.find(({ name }) => key === "o." + name); }

    /** Sets or, with null, removes a filter. */
    filter(key, filter) {
        if (filter === null) this.filters.delete(key);
        else this.filters.set(key, { low: null, high: null, inactive: false, places: null, ...filter });
        this.applyFilters();
        this.changed("mask");
    }

    /** Sets several filters in one step; the mask is computed once. `plot` is where they were brushed. */
    filterAll(entries, plot = null) {
        this.brushedPlot = plot;
        for (const [key, filter] of entries) {
            if (filter === null) this.filters.delete(key);
            else this.filters.set(key, { low: null, high: null, inactive: false, places: null, ...filter });
        }
        this.applyFilters();
        this.changed("mask");
        this.brushedPlot = null;
    }

    clear() {
        this.filters.clear();
        this.applyFilters();
        this.changed("mask");
    }

    /** Changes settings; everything is drawn anew. */
    set(changes) {
        Object.assign(this.settings, changes);
        this.recompute();
        this.changed("settings");
    }

    hover(row) {
        if (row === this.hovered) return;
        this.hovered = row;
        this.dispatchEvent(new Event("hover"));
    }

    changed(what) {
        this.dispatchEvent(new Event(what));
        clearTimeout(this.timer);
        // Browsers refuse an address that changes many times a second.
        this.timer = setTimeout(() => this.writeAddress(), 120);
    }

    /** Computes the mask anew: hard limits hide rows, filters dim them. */
    recompute() {
        const { trials, settings } = this;
        const { count, columns } = trials;
        if (this.mask.length < columns.state.length) {
            this.mask = new Uint8Array(columns.state.length);
            this.limits = new Uint8Array(columns.state.length);
        }
        const { limits } = this;
        const states = STATES.map((state) => settings.states.length === 0 || settings.states.includes(state));
        const sweeps = trials.sweeps.map((sweep) => settings.sweeps.length === 0
            || settings.sweeps.includes(sweep.name));
        const least = this.limitsOfBest();
        for (let row = 0; row < count; row++) {
            const isShown = states[columns.state[row]] && sweeps[columns.sweep[row]]
                && (least === null || (trials.isUsable(row)
                    && trials.signOf(row) * columns.value[row] >= least[columns.sweep[row]]));
            limits[row] = isShown ? SELECTED_ROW : HIDDEN_ROW;
        }
        this.applyFilters();
    }

    /** Dims what the filters leave out of what the limits show. 50,000 rows take a millisecond. */
    applyFilters() {
        const { mask } = this;
        const { count } = this.trials;
        mask.set(this.limits);
        for (const [key, filter] of this.filters) this.dim(this.column(key), filter);
        this.shownCount = 0;
        this.selectedCount = 0;
        for (let row = 0; row < count; row++) {
            if (mask[row] !== HIDDEN_ROW) this.shownCount++;
            if (mask[row] === SELECTED_ROW) this.selectedCount++;
        }
        this.countUnits();
    }

    dim(values, filter) {
        if (!values) return;
        const { mask } = this;
        const { count } = this.trials;
        if (filter.places) {
            const wanted = new Set(filter.places);
            for (let row = 0; row < count; row++) {
                const value = values[row];
                const passes = wanted.has(value) || (filter.inactive && !Number.isFinite(value));
                if (!passes && mask[row] === SELECTED_ROW) mask[row] = DIMMED_ROW;
            }
            return;
        }
        const onlyInactive = filter.inactive && filter.low === null && filter.high === null;
        const low = filter.low ?? -Infinity;
        const high = filter.high ?? Infinity;
        for (let row = 0; row < count; row++) {
            const value = values[row];
            const isInside = !onlyInactive && value >= low && value <= high && value !== Infinity;
            if (!isInside && !(filter.inactive && !Number.isFinite(value)) && mask[row] === SELECTED_ROW) {
                mask[row] = DIMMED_ROW;
            }
        }
    }

    /** How good, with sign, a trial of each sweep must be to be among its best k %; null without such a limit. */
    limitsOfBest() {
        const { best } = this.settings;
        if (best >= 100) return null;
        const { trials } = this;
        return trials.sweeps.map(({ rows }, place) => {
            const usable = rows.filter((row) => trials.isUsable(row));
            const sorted = Float64Array.from(usable, (row) => trials.signs[place] * trials.columns.value[row]).sort();
            if (sorted.length === 0) return Infinity;
            return sorted[sorted.length - Math.max(1, Math.ceil((sorted.length * best) / 100))];
        });
    }

    isShown(row) { return this.mask[row] !== HIDDEN_ROW; }

    isSelected(row) { return this.mask[row] === SELECTED_ROW; }

    /** Parameters in the reader's order, without those that have one value only if that is wanted. */
    parameters() {
        this.knownParameters ??= this.orderedParameters();
        return this.knownParameters;
    }

    orderedParameters() {
        const { trials, settings } = this;
        const ranks = new Map(settings.order.map((name, place) => [name, place]));
        // Seeds are what a group is the mean over.
        const all = trials.parameters
            .filter((parameter) => !(this.groups && parameter.isSeed))
            .map((parameter, place) => ({ parameter, rank: ranks.get(parameter.name) ?? settings.order.length
                + place }))
            .sort((left, right) => left.rank - right.rank)
            .map(({ parameter }) => parameter);
        return settings.vary ? all.filter((parameter) => this.varies(parameter)) : all;
    }

    /** The scale that the reader has chosen for an axis, by its parameter's name; null where it is the usual one. */
    scaleOf(name) {
        const { scales } = this.settings;
        return Object.hasOwn(scales, name) ? scales[name] : null;
    }

    varies(parameter) {
        let first;
        for (let row = 0; row < this.trials.count; row++) {
            if (!parameter.isPresent(row)) continue;
            const value = parameter.values[row];
            if (first === undefined) first = value;
            else if (value !== first) return true;
        }
        return false;
    }

    /** A filter in words. */
    words(key, filter) {
        const parameter = key.startsWith("p.") ? this.trials.parameter(key.slice(2)) : null;
        const name = parameter?.shown ?? this.furtherMetric(key)?.shown
            ?? { value: this.trials.metricName, number: "trial" }[key] ?? key;
        const label = (value) => (parameter ? parameter.label(value)
            : key === "cause" ? visible(this.trials.causes[value] ?? "none") : formatNumber(value));
        const parts = [];
        if (filter.places) parts.push(...filter.places.map(label));
        else if (filter.low !== null && filter.high !== null) parts.push(label(filter.low) + " to "
            + label(filter.high));
        else if (filter.low !== null) parts.push("at least " + label(filter.low));
        else if (filter.high !== null) parts.push("at most " + label(filter.high));
        if (filter.inactive) parts.push(parameter ? this.railWords(parameter) : "none");
        return name + ": " + (parts.join(", ") || "nothing");
    }

    /** What it means to be on the rail of an axis. */
    railWords(parameter) {
        let [inactive, missing] = [false, false];
        for (let row = 0; row < this.trials.count; row++) {
            if (parameter.isInactive(row)) inactive = true;
            else if (parameter.values[row] === MISSING) missing = true;
        }
        return inactive && missing ? "inactive or not known" : missing ? "not known" : "inactive";
    }

    /** The part of the address after `#`. Only what differs from the defaults is in it. */
    address() {
        const query = new URLSearchParams();
        for (const [key, value] of Object.entries(this.settings)) {
            const standard = DEFAULT_SETTINGS[key];
            if (JSON.stringify(value) === JSON.stringify(standard)) continue;
            query.set(key, typeof standard === "string" ? value : JSON.stringify(value));
        }
        for (const [key, filter] of this.filters) {
            const parameter = key.startsWith("p.") ? this.trials.parameter(key.slice(2)) : null;
            const parts = [];
            if (filter.places) {
                const words = filter.places.map((place) => (parameter ? parameter.words[place]
                    : this.trials.causes[place]));
                parts.push(JSON.stringify(words));
            } else if (filter.low !== null || filter.high !== null) {
                parts.push((filter.low ?? "") + ".." + (filter.high ?? ""));
            }
            if (filter.inactive) parts.push("inactive");
            query.set("f." + key, parts.join("|"));
        }
        return query.toString();
    }

    writeAddress() {
        const address = this.address();
        if (address === this.lastWritten) return;
        this.lastWritten = address;
        history.replaceState(null, "", address ? "#" + address : location.pathname + location.search);
    }

    /** Takes what an address says. What it does not understand, such as a parameter that is not here, is left out. */
    readAddress(text) {
        this.settings = structuredClone(DEFAULT_SETTINGS);
        this.filters.clear();
        for (const [key, value] of new URLSearchParams(text)) {
            if (key.startsWith("f.")) this.readFilter(key.slice(2), value);
            else if (Object.hasOwn(DEFAULT_SETTINGS, key)) this.readSetting(key, value);
        }
        this.recompute();
        this.lastWritten = this.address();
    }

    readSetting(key, text) {
        const standard = DEFAULT_SETTINGS[key];
        if (typeof standard === "string") {
            this.settings[key] = text;
            return;
        }
        const value = parsedJSON(text);
        const fits = Array.isArray(standard) ? Array.isArray(value) && value.every((entry) => typeof entry === "string")
            : value !== null && typeof value === typeof standard && !Array.isArray(value);
        if (fits) this.settings[key] = value;
    }

    readFilter(key, text) {
        if (!this.column(key)) return;
        const inactive = text === "inactive" || text.endsWith("|inactive");
        const rest = text.replace(/\|?inactive$/, "");
        const range = /^(-?[0-9.eE+-]*?)\.\.(-?[0-9.eE+-]*)$/.exec(rest);
        let filter = { inactive };
        if (rest.startsWith("[")) {
            const words = parsedJSON(rest);
            if (!Array.isArray(words)) return;
            const parameter = key.startsWith("p.") ? this.trials.parameter(key.slice(2)) : null;
            const places = words.map((word) =>
                (parameter ? parameter.places.get(JSON.stringify(word)) : this.trials.causes.indexOf(word)));
            filter.places = places.filter((place) => place !== undefined && place >= 0);
            // None of them is here: that is no wish to see nothing.
            if (words.length > 0 && filter.places.length === 0 && !inactive) return;
        } else if (range) {
            filter.low = range[1] === "" ? null : Number(range[1]);
            filter.high = range[2] === "" ? null : Number(range[2]);
            if (Number.isNaN(filter.low) || Number.isNaN(filter.high)) return;
        } else if (!inactive) return;
        this.filters.set(key, { low: null, high: null, places: null, ...filter });
    }
}

/** The value of a JSON text, undefined if it is none. */
function parsedJSON(text) {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
