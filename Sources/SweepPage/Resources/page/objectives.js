// What a sweep with several objectives or with bounds is about: which trials no other one dominates, and which break a
// bound. It is found here, since it changes with every trial that ends. A sweep with one metric and no bound has none
// of this.

/** How a trial stands: not at all, since it is not complete or lacks a value; or what the plots call it. */
const NO_STANDING = 0;
const ON_FRONT = 1;
const DOMINATED = 2;
const BREAKS_BOUND = 3;

/** The objectives of one sweep. Its trials are rows of a table that it shares with others. */
class Objectives {
    /**
     * @param {Trials} trials
     * @param {Object} sweep of a document, with `objectives`
     */
    constructor(trials, sweep) {
        const { metrics, bounds } = sweep.objectives;
        this.trials = trials;
        this.first = sweep.metric.name;
        this.bounds = bounds.map((bound) => ({ ...bound, words: visible(bound.words) }));
        /** All metrics that a complete trial has to report: those that are optimized, then those that are bounded. */
        this.measured = metrics.map(({ name, goal, rule }) => ({ name, shown: visible(name), rule,
            sign: goal === "maximize" ? 1 : -1, isOptimized: true }));
        this.metrics = this.measured.slice();
        for (const { metric, relation, rule } of bounds) {
            if (this.measured.some(({ name }) => name === metric)) continue;
            this.measured.push({ name: metric, shown: visible(metric), rule, sign: relation === "<=" ? -1 : 1,
                isOptimized: false });
        }
    }

    /** The metrics beside the first one. */
    get further() { return this.measured.slice(1); }

    get areSeveral() { return this.metrics.length > 1; }

    /** The values of a metric in all rows, those of other sweeps as well. */
    values(name) {
        return name === this.first ? this.trials.columns.value : this.trials.furtherMetric(name).values;
    }

    /** What is optimized, in words. */
    words() {
        const goals = this.metrics.map(({ shown, sign, rule }) =>
            `${shown}, ${sign > 0 ? "maximized" : "minimized"}, ${rule === "best" ? "best" : "last"} value of a trial`);
        return [...goals, ...this.bounds.map(({ words }) => words)].join("; ");
    }

    /** By how much a value is beyond a bound, as a share of its limit; 0 or less where it is not. */
    excess({ metric, relation, limit }, row) {
        const value = this.values(metric)[row];
        const distance = relation === "<=" ? value - limit : limit - value;
        return Math.min(Math.max(distance, -1e150), 1e150) / (limit === 0 ? 1 : Math.abs(limit));
    }

    /** By how much a complete trial is beyond all bounds together; infinite where a value is missing. */
    violation(row) {
        if (this.metrics.some(({ name }) => !Number.isFinite(this.values(name)[row]))) return Infinity;
        let sum = 0;
        for (const bound of this.bounds) {
            const excess = this.excess(bound, row);
            if (Number.isNaN(excess)) return Infinity;
            sum += Math.max(0, excess);
        }
        return sum;
    }

    keepsBounds(row) { return this.bounds.every((bound) => this.excess(bound, row) <= 0); }

    /** Which bounds a complete trial breaks, in words. */
    broken(row) {
        return this.bounds.filter((bound) => !(this.excess(bound, row) <= 0)).map(({ metric, words }) => {
            const value = this.values(metric)[row];
            return Number.isNaN(value) ? visible(metric) + " is not known"
                : `${words} is broken: ${formatNumber(value)}`;
        }).join(", ");
    }

    /** The values of what is optimized, larger ones better. */
    vector(row) { return this.metrics.map(({ name, sign }) => sign * this.values(name)[row]); }

    /** Rows with their vectors, in an order in which none dominates one before it. */
    ordered(rows) {
        return rows.map((row) => ({ row, vector: this.vector(row) })).sort((left, right) => {
            const place = left.vector.findIndex((value, index) => value !== right.vector[index]);
            return place < 0 ? left.row - right.row : right.vector[place] - left.vector[place];
        });
    }

    /** Sets how each of some complete trials stands. */
    stand(rows, standings) {
        const known = rows.filter((row) => Number.isFinite(this.violation(row)));
        const kept = known.filter((row) => this.keepsBounds(row));
        for (const row of known) standings[row] = BREAKS_BOUND;
        const front = [];
        for (const { row, vector } of this.ordered(kept)) {
            // Of two metrics the last one on the front has the best value of the second.
            const last = this.metrics.length <= 2 ? front.length - 1 : 0;
            let place = front.length - 1;
            while (place >= last && place >= 0 && !dominates(front[place], vector)) place--;
            const isDominated = place >= 0 && place >= last;
            standings[row] = isDominated ? DOMINATED : ON_FRONT;
            if (!isDominated) front.push(vector);
        }
    }

    /** The trials on the front among some rows, the best by the first metric first. */
    frontOf(rows) {
        return this.ordered(rows.filter((row) => this.trials.standing(row) === ON_FRONT)).map(({ row }) => row);
    }

    /** How many of some trials dominate one that keeps all bounds. */
    rivals(row, rows) {
        const own = this.vector(row);
        return rows.filter((other) => [ON_FRONT, DOMINATED].includes(this.trials.standing(other))
            && dominates(this.vector(other), own)).length;
    }
}

/** Whether no element of the first list is less than that of the second, and one is greater. */
function dominates(first, second) {
    let isBetter = false;
    for (let place = 0; place < first.length; place++) {
        if (first[place] < second[place]) return false;
        if (first[place] > second[place]) isBetter = true;
    }
    return isBetter;
}
