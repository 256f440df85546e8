// What the report carries, decoded into columns. docs/report-format.md describes the document; in memory all sweeps share one
// table of rows, so that one mask selects among all of them.

/** The states of a trial. A state column holds places in this list. */
const STATES = ["waiting", "running", "complete", "pruned", "diverged", "failed"];
const COMPLETE = STATES.indexOf("complete");

/** In memory a parameter is a number for each row: NaN where it is inactive, Infinity where it is not known. */
const INACTIVE = NaN;
const MISSING = Infinity;

const WIDTHS = { u8: 1, u16: 2, u32: 4, i32: 4, f32: 4, f64: 8, text: 1 };
const ARRAYS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, i32: Int32Array, f32: Float32Array,
    f64: Float64Array };

/** The typed array, or the list of texts, of one column. Bytes are little-endian, as on all machines with a browser. */
async function decodeColumn(column) {
    const binary = atob(column.data);
    let bytes = new Uint8Array(binary.length);
    for (let place = 0; place < binary.length; place++) bytes[place] = binary.charCodeAt(place);
    if (column.packed) bytes = gathered(await inflated(bytes), WIDTHS[column.type]);
    if (column.type !== "text") return new ARRAYS[column.type](bytes.buffer);
    return bytes.length === 0 ? [] : new TextDecoder().decode(bytes).split("\u0000");
}

async function inflated(bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Packed columns hold first the first bytes of all numbers, then the second ones: exponents side by side shrink. */
function gathered(planes, width) {
    if (width === 1) return planes;
    const count = planes.length / width;
    const bytes = new Uint8Array(planes.length);
    for (let plane = 0; plane < width; plane++) {
        for (let place = 0; place < count; place++) bytes[place * width + plane] = planes[plane * count + place];
    }
    return bytes;
}

/** Replaces every column inside `node` by its decoded array, at any depth. */
async function decodeColumns(node) {
    if (Array.isArray(node)) return Promise.all(node.map(decodeColumns));
    if (node === null || typeof node !== "object") return node;
    if (typeof node.type === "string" && node.type in WIDTHS && typeof node.data === "string") {
        return { array: await decodeColumn(node), words: node.words, written: node.written, type: node.type };
    }
    const entries = await Promise.all(Object.entries(node).map(async ([key, value]) =>
        [key, await decodeColumns(value)]));
    return Object.fromEntries(entries);
}

/** A typed array with at least `count` places that begins with the old content. */
function grown(array, count, filler = 0) {
    if (array.length >= count) return array;
    const larger = new array.constructor(Math.max(count, 16, array.length * 2));
    if (filler !== 0) larger.fill(filler, array.length);
    larger.set(array);
    return larger;
}

/** A list of entries for each row, as flat columns: reports, attempts or decisions. */
class Lists {
    /** @param {Object} fields the array type of each field, `Array` for texts */
    constructor(fields) {
        this.fields = Object.keys(fields);
        for (const [name, type] of Object.entries(fields)) this[name] = new type(0);
        this.used = 0;
        this.starts = new Uint32Array(0);
        this.lengths = new Uint32Array(0);
        this.rooms = new Uint32Array(0);
    }

    /** Takes a whole sweep's entries, which are in the order of its rows. */
    append(firstRow, lengths, columns) {
        const count = lengths.reduce((sum, length) => sum + length, 0);
        this.ensure(firstRow + lengths.length, this.used + count);
        let start = this.used;
        lengths.forEach((length, place) => {
            this.starts[firstRow + place] = start;
            this.lengths[firstRow + place] = this.rooms[firstRow + place] = length;
            start += length;
        });
        for (const name of this.fields) {
            for (let place = 0; place < count; place++) this[name][this.used + place] = columns[name][place];
        }
        this.used = start;
    }

    /**
     * Gives a row other entries behind the first ones. A list that grows gets twice the room, so that reports that
     * trickle in stay cheap.
     */
    extend(row, kept, entries) {
        this.ensure(row + 1, this.used);
        const length = kept + entries.length;
        if (length > this.rooms[row]) {
            const [from, to, room] = [this.starts[row], this.used, length * 2];
            this.ensure(row + 1, to + room);
            for (const name of this.fields) {
                for (let place = 0; place < kept; place++) this[name][to + place] = this[name][from + place];
            }
            this.starts[row] = to;
            this.rooms[row] = room;
            this.used += room;
        }
        this.lengths[row] = length;
        const start = this.starts[row] + kept;
        entries.forEach((entry, place) => {
            this.fields.forEach((name, field) => { this[name][start + place] = entry[field]; });
        });
    }

    ensure(rows, entries) {
        for (const name of ["starts", "lengths", "rooms"]) this[name] = grown(this[name], rows);
        for (const name of this.fields) if (!Array.isArray(this[name])) this[name] = grown(this[name], entries);
    }

    from(row) { return this.starts[row] ?? 0; }
    to(row) { return (this.starts[row] ?? 0) + (this.lengths[row] ?? 0); }
}

/** One parameter over all rows. */
class Parameter {
    constructor(name, description) {
        this.name = name;
        this.shown = visible(name);
        this.type = description.type;
        this.isCategory = description.kind === "category";
        this.isInteger = description.kind === "integer";
        this.isLog = description.scale === "log";
        this.isSeed = description.role === "seed";
        this.when = description.when ?? null;
        this.optuna = description.optuna ?? null;
        this.spec = description.spec ?? null;
        this.weights = description.weights ?? null;
        this.grid = description.grid ?? null;
        /** The JSON values of a category, how the sweep file writes them, and the place of each by its JSON. */
        this.words = [];
        this.written = [];
        this.places = new Map();
        this.values = new Float64Array(0);
        /** The digits of integers that are too large for a number here, by row. */
        this.exact = new Map();
    }

    isPresent(row) {
        const value = this.values[row];
        return value === value && value !== MISSING;
    }

    isInactive(row) { return Number.isNaN(this.values[row]); }

    /** The place of a category's value; new values are added at the end. */
    place(word, written) {
        const key = JSON.stringify(word);
        let place = this.places.get(key);
        if (place === undefined) {
            place = this.words.length;
            this.places.set(key, place);
            this.words.push(word);
            this.written.push(written ?? yamlText(word));
        }
        return place;
    }

    label(value) {
        if (Number.isNaN(value)) return "inactive";
        if (value === MISSING) return "not known";
        // Five digits of a seed say nothing.
        if (this.isInteger && Number.isSafeInteger(value)) return withMinus(String(value));
        if (!this.isCategory) return formatNumber(value);
        const word = this.words[value];
        return visible(typeof word === "string" && word !== "" ? word : jsonText(word));
    }

    text(row) { return this.exact.get(row) ?? this.label(this.values[row]); }

    /** As a value of JSON, exactly, but for what is in `exact`; undefined where there is none. */
    json(row) {
        if (!this.isPresent(row)) return undefined;
        return this.isCategory ? this.words[this.values[row]] : this.values[row];
    }

    /** Where sweeps disagree whether it is a number, all of its values are words. */
    becomeCategory() {
        if (this.isCategory) return;
        this.isCategory = true;
        this.isInteger = this.isLog = false;
        this.values = this.values.map((value) => (Number.isFinite(value) ? this.place(value) : value));
    }
}

/** All trials of all sweeps, a row for each. */
class Trials {
    constructor() {
        this.sweeps = [];
        /** Of each sweep: 1 where larger values are better, −1 where smaller ones are. */
        this.signs = [];
        this.count = 0;
        this.parameters = [];
        this.metrics = [];
        /** The values of the metrics that a sweep optimizes or bounds beside its first one: `{name, shown, values}`. */
        this.further = [];
        /** Of each sweep; null where one metric is all that counts. */
        this.objectivesBySweep = [];
        /** How each row stands, see `Objectives`; null while that is to be found anew. */
        this.knownStandings = null;
        this.causes = [null];
        this.columns = {
            sweep: new Uint8Array(0), number: new Uint32Array(0), state: new Uint8Array(0), cause: new Uint8Array(0),
            value: new Float64Array(0), seconds: new Float64Array(0), started: new Float64Array(0),
        };
        this.reasons = [];
        this.origins = [];
        this.logs = new Map();
        this.expectations = new Map();
        /** Who proposed a trial, in words; of those of which it is known. */
        this.proposers = new Map();
        this.reports = new Lists({ step: Uint32Array, value: Float32Array });
        this.attempts = new Lists({ started: Float64Array, seconds: Float64Array, slot: Uint16Array, outcome: Array });
        this.decisions = new Lists({ step: Uint32Array, rung: Uint8Array, action: Array, reason: Array });
    }

    /** 1 where larger is better, −1 where smaller is; 0 where the sweeps do not agree. */
    get sign() {
        const signs = new Set(this.signs);
        return signs.size === 1 ? this.signs[0] : signs.size === 0 ? -1 : 0;
    }

    /** The same for the sweep of one row. */
    signOf(row) { return this.signs[this.columns.sweep[row]]; }

    /** Whether all sweeps are about the same metric, so that a value of one may be compared with that of another. */
    get areAlike() { return this.sign !== 0 && new Set(this.sweeps.map(({ metric }) => metric.name)).size <= 1; }

    /**
     * How good each of some values is, of each row one, larger is better. Where values of several sweeps cannot be
     * compared it is the rank within the sweep, from 0 to 1. NaN where the value is none.
     */
    goodness(values) {
        const { sign } = this;
        if (this.areAlike) return values.map((value) => (Number.isFinite(value) ? sign * value : NaN));
        const goods = new Float64Array(values.length).fill(NaN);
        this.sweeps.forEach(({ rows }, place) => {
            const known = rows.filter((row) => Number.isFinite(values[row]));
            const sorted = Float64Array.from(known, (row) => this.signs[place] * values[row]).sort();
            for (const row of known) {
                goods[row] = lowerBound(sorted, this.signs[place] * values[row]) / Math.max(1, sorted.length - 1);
            }
        });
        return goods;
    }

    get metricName() {
        const names = new Set(this.sweeps.map((sweep) => sweep.metric.name));
        return names.size === 1 ? visible([...names][0]) : "value";
    }

    parameter(name) { return this.parameters.find((parameter) => parameter.name === name); }

    /** Adds a decoded sweep of the document. */
    add(sweep) {
        const place = this.sweeps.length;
        const first = this.count;
        const count = sweep.state.array.length;
        this.sweeps.push(sweep);
        this.signs.push(sweep.metric.goal === "maximize" ? 1 : -1);
        sweep.shown = visible(sweep.name);
        sweep.rows = Array.from({ length: count }, (_, number) => first + number);
        this.reserve(first + count);
        this.count += count;

        const { columns } = this;
        const states = sweep.state.words.map((word) => STATES.indexOf(word));
        const causes = sweep.cause.words.map((word) => this.causePlace(word));
        for (let number = 0; number < count; number++) {
            const row = first + number;
            columns.sweep[row] = place;
            columns.number[row] = number;
            columns.state[row] = states[sweep.state.array[number]];
            columns.cause[row] = causes[sweep.cause.array[number]];
            columns.value[row] = sweep.value.array[number];
            this.reasons[row] = sweep.reason.array[number] ?? "";
            this.origins[row] = sweep.origin.words[sweep.origin.array[number]];
        }
        for (const description of sweep.parameters) this.addParameter(description, first, count);
        for (const { name, values } of sweep.metrics) this.metric(name).values.set(values.array, first);
        for (const { name, values } of sweep.objectives?.further ?? []) {
            this.furtherMetric(name).values.set(values.array, first);
        }
        this.objectivesBySweep[place] = sweep.objectives ? new Objectives(this, sweep) : null;
        this.knownStandings = null;
        this.reports.append(first, sweep.reports.lengths.array, {
            step: sweep.reports.steps.array, value: sweep.reports.values.array,
        });
        this.addAttempts(sweep, first);
        const { decisions } = sweep;
        this.decisions.append(first, decisions.lengths.array, {
            step: decisions.steps.array, rung: decisions.rungs.array, reason: decisions.reasons.array,
            action: Array.from(decisions.actions.array, (code) => decisions.actions.words[code]),
        });
        sweep.logs.trials.array.forEach((number, entry) =>
            this.logs.set(first + number, sweep.logs.texts.array[entry]));
        sweep.proposers?.array.forEach((code, number) => {
            const words = sweep.proposers.words[code];
            if (words) this.proposers.set(first + number, visible(words));
        });
        sweep.expectations?.trials.array.forEach((number, entry) => {
            this.expectations.set(first + number, {
                mean: sweep.expectations.means.array[entry], deviation: sweep.expectations.deviations.array[entry],
                low: sweep.expectations.lows?.array[entry], high: sweep.expectations.highs?.array[entry],
            });
        });
    }

    addParameter(description, first, count) {
        const parameter = this.parameterLike(description);
        const { array, words, written, type } = description.values;
        const places = words?.map((word, place) => parameter.place(word, written?.[place]));
        description.exact?.array.forEach((digits, number) => {
            if (digits) parameter.exact.set(first + number, digits);
        });
        const inactive = { u8: 255, u16: 65535, i32: -2147483648 }[type];
        const missing = { u8: 254, u16: 65534, i32: -2147483647 }[type];
        for (let number = 0; number < count; number++) {
            const value = array[number];
            parameter.values[first + number] =
                value === inactive ? INACTIVE : value === missing ? MISSING
                : places ? places[value]
                : parameter.isCategory && Number.isFinite(value) ? parameter.place(value) : value;
        }
    }

    /** The parameter of that name, made or made to fit. */
    parameterLike(description) {
        let parameter = this.parameter(description.name);
        if (!parameter) {
            parameter = new Parameter(description.name, description);
            parameter.values = new Float64Array(this.columns.state.length).fill(MISSING);
            parameter.low = description.low ?? Infinity;
            parameter.high = description.high ?? -Infinity;
            this.parameters.push(parameter);
        } else if (description.kind === "category") parameter.becomeCategory();
        parameter.low = Math.min(parameter.low, description.low ?? Infinity);
        parameter.high = Math.max(parameter.high, description.high ?? -Infinity);
        return parameter;
    }

    metric(name) { return this.numbers(this.metrics, name); }

    furtherMetric(name) { return this.numbers(this.further, name); }

    /** The entry of a list that has that name, which is made if there is none. */
    numbers(list, name) {
        let metric = list.find((candidate) => candidate.name === name);
        if (!metric) {
            metric = { name, shown: visible(name), values: new Float64Array(this.columns.state.length).fill(NaN) };
            list.push(metric);
        }
        return metric;
    }

    addAttempts(sweep, first) {
        const { lengths, started, seconds, outcomes, slots } = sweep.attempts;
        const tick = sweep.attempts.tick ?? 1;
        const begin = Float64Array.from(started.array, (ticks) => ticks * tick);
        this.attempts.append(first, lengths.array, {
            started: begin, seconds: seconds.array, slot: slots.array,
            outcome: Array.from(outcomes.array, (code) => outcomes.words[code]),
        });
        for (let row = first; row < this.count; row++) this.takeLastAttempt(row);
    }

    takeLastAttempt(row) {
        const last = this.attempts.to(row) - 1;
        const none = last < this.attempts.from(row);
        this.columns.started[row] = none ? NaN : this.attempts.started[last];
        this.columns.seconds[row] = none ? NaN : this.attempts.seconds[last];
    }

    causePlace(word) {
        const place = this.causes.indexOf(word);
        return place >= 0 ? place : this.causes.push(word) - 1;
    }

    reserve(count) {
        for (const [name, array] of Object.entries(this.columns)) this.columns[name] = grown(array, count);
        for (const parameter of this.parameters) parameter.values = grown(parameter.values, count, MISSING);
        for (const metric of [...this.metrics, ...this.further]) metric.values = grown(metric.values, count, NaN);
    }

    /** Whether `row` has a value that may be compared: that of a complete trial. */
    isComplete(row) { return this.columns.state[row] === COMPLETE && Number.isFinite(this.columns.value[row]); }

    completeCount(sweep) { return sweep.rows.filter((row) => this.columns.state[row] === COMPLETE).length; }

    /**
     * The best complete trial of the given rows, -1 if there is none. One that keeps all bounds comes first; of sweeps
     * whose values cannot be compared, the best of the first one that has any.
     */
    best(accepts = () => true) {
        let best = -1;
        for (let row = 0; row < this.count; row++) {
            if (!this.isComplete(row) || !accepts(row) || this.violation(row) === Infinity) continue;
            if (best < 0 || this.isBetter(row, best)) best = row;
        }
        return best;
    }

    isBetter(row, other) {
        const [sweep, rival] = [this.columns.sweep[row], this.columns.sweep[other]];
        if (sweep !== rival && !this.areAlike) return false;
        const [own, others] = [this.violation(row), this.violation(other)];
        if (own !== others) return own < others;
        const difference = this.signs[sweep] * (this.columns.value[row] - this.columns.value[other]);
        const objectives = this.objectivesOf(row);
        if (difference !== 0 || !objectives || objectives !== this.objectivesOf(other)) return difference > 0;
        return objectives.ordered([row, other])[0].row === row;
    }

    // Sweeps with several objectives or with bounds.

    /** The objectives of the first sweep that has any. */
    get objectives() { return this.objectivesBySweep.find((objectives) => objectives !== null) ?? null; }

    objectivesOf(row) { return this.objectivesBySweep[this.columns.sweep[row]]; }

    /** By how much a complete trial is beyond the bounds of its sweep; 0 where there are none. */
    violation(row) { return this.objectivesOf(row)?.violation(row) ?? 0; }

    /** Whether it is complete and breaks no bound, so that it may be the best. */
    isUsable(row) { return this.isComplete(row) && (this.objectivesOf(row)?.keepsBounds(row) ?? true); }

    standing(row) {
        if (!this.knownStandings) {
            this.knownStandings = new Uint8Array(this.count);
            this.sweeps.forEach(({ rows }, place) => this.objectivesBySweep[place]?.stand(
                rows.filter((each) => this.isComplete(each)), this.knownStandings));
        }
        return this.knownStandings[row];
    }

    /** Whether it is on the front of a sweep with several objectives. */
    isOnFront(row) { return Boolean(this.objectivesOf(row)?.areSeveral) && this.standing(row) === ON_FRONT; }

    /** Which bounds a complete trial breaks, in words. */
    brokenBounds(row) {
        return this.columns.state[row] === COMPLETE ? this.objectivesOf(row)?.broken(row) ?? "" : "";
    }

    /** Why it has no result, or one that is of no use. */
    why(row) { return this.reason(row) || this.brokenBounds(row); }

    /** `trial 17`, with the sweep's name where there are several. */
    title(row) {
        const number = "trial " + this.columns.number[row];
        return this.sweeps.length > 1 ? this.sweeps[this.columns.sweep[row]].shown + ", " + number : number;
    }

    /** Why it has no result. The reason of a pruned trial is not written twice: its last decision has it. */
    reason(row) {
        if (this.reasons[row]) return visible(this.reasons[row]);
        const last = this.decisions.to(row) - 1;
        const isPruned = STATES[this.columns.state[row]] === "pruned";
        return isPruned && last >= this.decisions.from(row) ? visible(this.decisions.reason[last]) : "";
    }
}
