// What a server says has changed, taken into the columns: afterwards they are what a whole document of that moment
// would have made them. docs/report-format.md describes the events.

/** An attempt may begin in the millisecond in which the one before it in its slot ended. */
const SLOT_TOLERANCE = 1;
/** Of other metrics a page shows the first, by name. */
const MAX_METRICS = 8;
/** The ends of standard error are kept of so many trials that failed. */
const MAX_LOGS = 200;
/** A pruner that has decided at more steps than these has no rungs. */
const MAX_RUNGS = 20;

/** JSON has no numbers that are not finite: null is NaN, and infinities are words. */
function numberOf(value) {
    return value === null || value === undefined ? NaN : Number(value);
}

/** A number with 16 binary digits, as the document has those that are only looked at. */
function rounded(value) {
    if (!Number.isFinite(value) || value === 0) return value;
    const scale = 2 ** (15 - Math.floor(Math.log2(Math.abs(value))));
    return Math.fround(Math.round(value * scale) / scale);
}

/** By code points, as databases sort: UTF-16 puts some characters elsewhere. */
function isBefore(left, right) {
    const [first, second] = [[...left], [...right]];
    const place = first.findIndex((character, index) => character !== second[index]);
    if (place < 0) return first.length < second.length;
    return place < second.length && first[place].codePointAt(0) < second[place].codePointAt(0);
}

/** Takes changes into the rows of one sweep. */
class SweepChanges {
    /**
     * @param {Trials} trials
     * @param {number} place the sweep's place among those of the page
     */
    constructor(trials, place) {
        Object.assign(this, { trials, place, sweep: trials.sweeps[place] });
        this.own = new Set(this.sweep.parameters.map(({ name }) => name));
        this.steps = new Set();
        this.hasStarted = false;
        /** By slot, when the attempt that is in it ended: −∞ if before, ∞ if it runs. Milliseconds since `start`. */
        this.free = [];
        const { decisions, attempts } = trials;
        for (const row of this.sweep.rows) {
            for (let entry = decisions.from(row); entry < decisions.to(row); entry++) {
                this.steps.add(decisions.step[entry]);
            }
            for (let entry = attempts.from(row); entry < attempts.to(row); entry++) {
                const slot = attempts.slot[entry];
                this.hasStarted = true;
                this.free[slot] = attempts.outcome[entry] === "running" ? Infinity : this.free[slot] ?? -Infinity;
            }
        }
        for (let slot = 0; slot < this.free.length; slot++) this.free[slot] ??= -Infinity;
    }

    /**
     * Takes in what an event tells of trials.
     * @returns {?number[]} the rows; null if it speaks of what is not here: the page then needs the whole again
     */
    take(changes) {
        const isKnown = ({ number, parameters }) => parameters || this.sweep.rows[number] !== undefined;
        if (!changes.every(isKnown)) return null;
        const rows = changes.map((change) => this.row(change));
        changes.forEach((change, place) => this.takeTrial(rows[place], change));
        this.takeAttempts(changes.map(({ attempts }, place) => ({ row: rows[place], attempts: attempts ?? [] })));
        return rows;
    }

    row({ number }) {
        const { trials, sweep } = this;
        let row = sweep.rows[number];
        if (row === undefined) {
            row = trials.count;
            trials.reserve(row + 1);
            trials.count += 1;
            sweep.rows[number] = row;
            trials.columns.sweep[row] = this.place;
            trials.columns.number[row] = number;
            trials.columns.value[row] = trials.columns.seconds[row] = trials.columns.started[row] = NaN;
            trials.reasons[row] = "";
            trials.origins[row] = "";
            for (const lists of [trials.reports, trials.attempts, trials.decisions]) lists.ensure(row + 1, lists.used);
        }
        return row;
    }

    takeTrial(row, change) {
        const { trials } = this;
        if (change.parameters) this.takeParameters(row, change);
        if (change.proposer) trials.proposers.set(row, visible(change.proposer));
        if (change.expected) {
            const [mean, deviation, low, high] = change.expected.map(numberOf);
            trials.expectations.set(row, { mean, deviation, low, high });
        }
        for (const [name, value] of Object.entries(change.metrics ?? {})) this.takeMetric(row, name, numberOf(value));
        this.takeReports(row, change);
        this.takeDecisions(row, change.decisions ?? []);
        if (change.state) this.takeState(row, change);
        if (change.further) this.takeFurther(row, change.further);
        trials.knownStandings = null;
    }

    /** The values of all metrics that the sweep optimizes or bounds beside its first one: none is missing. */
    takeFurther(row, further) {
        for (const { name } of this.sweep.objectives?.further ?? []) {
            this.trials.furtherMetric(name).values[row] = Object.hasOwn(further, name) ? numberOf(further[name]) : NaN;
        }
    }

    takeState(row, change) {
        const { trials, sweep } = this;
        const { columns, decisions } = trials;
        columns.state[row] = Math.max(0, STATES.indexOf(change.state));
        columns.cause[row] = trials.causePlace(change.cause);
        columns.value[row] = numberOf(change.value);
        if (change.origin === "imported" && trials.origins[row] !== "imported") {
            sweep.imported = (sweep.imported ?? 0) + 1;
        }
        trials.origins[row] = change.origin;
        // A pruned trial's last decision says the same.
        const last = decisions.to(row) - 1;
        const isTwice = change.cause === "pruned" && last >= decisions.from(row)
            && decisions.reason[last] === change.reason;
        trials.reasons[row] = isTwice ? "" : change.reason ?? "";
        if (change.log) trials.logs.set(row, change.log);
        else trials.logs.delete(row);
        if (trials.logs.size > MAX_LOGS) trials.logs.delete(Math.min(...trials.logs.keys()));
    }

    takeParameters(row, { parameters, exact = {}, unknown = [] }) {
        for (const parameter of this.trials.parameters) {
            const { name } = parameter;
            parameter.exact.delete(row);
            if (!Object.hasOwn(parameters, name)) {
                parameter.values[row] = unknown.includes(name) || !this.own.has(name) ? MISSING : INACTIVE;
                continue;
            }
            const value = parameters[name];
            if (parameter.isCategory) parameter.values[row] = parameter.place(value);
            else {
                parameter.values[row] = value;
                // Where one of them does not fit its column, the document has numbers.
                if (!Number.isInteger(value) || value < -2147483646 || value > 2147483647) parameter.isInteger = false;
            }
            if (Object.hasOwn(exact, name)) parameter.exact.set(row, exact[name]);
        }
    }

    /** A name that comes before the last one shown was reported by no trial before: nothing of it is missing. */
    takeMetric(row, name, value) {
        const { metrics } = this.trials;
        let metric = metrics.find((candidate) => candidate.name === name);
        if (!metric) {
            const place = metrics.findIndex((other) => isBefore(name, other.name));
            if (place < 0 && metrics.length >= MAX_METRICS) return;
            metric = this.trials.metric(name);
            metrics.splice(place < 0 ? metrics.length - 1 : place, 0, metrics.pop());
            metrics.splice(MAX_METRICS);
        }
        metric.values[row] = value;
    }

    /** Reports are in the order of steps; what was reported again replaces what was there. */
    takeReports(row, { restart = Infinity, reports = [] }) {
        if (reports.length === 0 && restart === Infinity) return;
        const lists = this.trials.reports;
        const [from, to] = [lists.from(row), lists.to(row)];
        const first = Math.min(restart, reports[0]?.[0] ?? Infinity);
        let kept = to;
        while (kept > from && lists.step[kept - 1] >= first) kept--;
        const tail = new Map();
        for (let entry = kept; entry < to; entry++) {
            if (lists.step[entry] < restart) tail.set(lists.step[entry], lists.value[entry]);
        }
        for (const [step, value] of reports) tail.set(step, numberOf(value));
        lists.extend(row, kept - from, [...tail].sort((left, right) => left[0] - right[0]));
    }

    takeDecisions(row, added) {
        if (added.length === 0) return;
        const { decisions } = this.trials;
        decisions.extend(row, decisions.to(row) - decisions.from(row),
            added.map(([step, rung, action, reason]) => [step, rung ?? 255, action, reason]));
        for (const [step] of added) this.steps.add(step);
        const { pruner } = this.sweep;
        if (!pruner) return;
        pruner.rungs = this.steps.size > MAX_RUNGS ? [] : [...this.steps].sort((left, right) => left - right);
    }

    // Attempts. The first slot that is free when it begins is that of an attempt: ends are taken in first, then those
    // that begin, in their order.

    takeAttempts(rows) {
        const starts = rows.flatMap(({ attempts }) => attempts.map(([started]) => started))
            .filter((time) => time !== null);
        if (!this.hasStarted && starts.length > 0) {
            this.sweep.start = new Date(Math.min(...starts)).toISOString();
            this.hasStarted = true;
        }
        const zero = Date.parse(this.sweep.start);
        const begun = rows.flatMap(({ row, attempts }) => attempts.flatMap(([started, ended, seconds, outcome]) => {
            const end = ended === null ? Infinity : ended - zero;
            if (started === null) {
                this.endLast(row, end, seconds, outcome);
                return [];
            }
            const start = started - zero;
            return [{ row, start, end: Math.max(start, end), seconds, outcome, slot: 0 }];
        }));
        const inOrder = [...begun].sort((left, right) => left.start - right.start || left.row - right.row);
        for (const attempt of inOrder) attempt.slot = this.takeSlot(attempt.start, attempt.end);
        const lists = this.trials.attempts;
        // A document counts starts in units of this many seconds, up to a largest number. Here they may be any time
        // after the first one.
        const tick = this.sweep.attempts.tick ?? 1;
        for (const { row, start, end, seconds, outcome, slot } of begun) {
            const shown = Math.max(0, Math.round(start / (1000 * tick))) * tick;
            lists.extend(row, lists.to(row) - lists.from(row),
                [[shown, this.length(start, end, seconds), slot, outcome]]);
        }
        for (const { row, attempts } of rows) if (attempts.length > 0) this.trials.takeLastAttempt(row);
    }

    endLast(row, end, seconds, outcome) {
        const { attempts } = this.trials;
        const last = attempts.to(row) - 1;
        if (last < attempts.from(row) || attempts.outcome[last] !== "running") return;
        const start = attempts.started[last] * 1000;
        attempts.outcome[last] = outcome;
        attempts.seconds[last] = this.length(start, end, seconds);
        this.free[attempts.slot[last]] = Math.max(start, end);
    }

    takeSlot(start, end) {
        let slot = this.free.findIndex((free) => free <= start + SLOT_TOLERANCE);
        if (slot < 0) slot = this.free.length;
        this.free[slot] = end;
        return slot;
    }

    /** Seconds; NaN while it runs. */
    length(start, end, seconds) {
        if (end === Infinity) return NaN;
        return seconds === null ? rounded(Math.max(0, Math.round(end - start) / 1000)) : Number(seconds);
    }
}
