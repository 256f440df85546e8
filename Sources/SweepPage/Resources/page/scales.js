// Axes: from a value to a place in pixels and back. A value that is inactive has no place on a scale; it has a rail of
// its own beside the axis, and callers must ask for it.

/** Distance between an axis and its rail for inactive values. */
const RAIL_GAP = 24;

/** Beyond these numbers the length of an axis would be no number any more. Marks beyond stand at its ends. */
const LARGEST = 1e300;

class LinearScale {
    /** `from` and `to` are pixels; `from` may be larger, as it is for an axis that goes up. */
    constructor(low, high, from, to, isInteger = false) {
        [low, high] = [Math.max(low, -LARGEST), Math.min(high, LARGEST)];
        // Numbers that differ in their last digits only, as sums in another order do, are one place to the eye; ticks
        // between them would be no numbers of their own.
        if (!(high - low > Math.max(Math.abs(low), Math.abs(high)) * 1e-12)) {
            const room = Math.abs(low) * 0.05 || 1;
            [low, high] = [low - room, high + room];
        }
        Object.assign(this, { low, high, from, to, isInteger, kind: "linear" });
    }

    place(value) { return this.from + ((value - this.low) / (this.high - this.low)) * (this.to - this.from); }

    value(place) { return this.low + ((place - this.from) / (this.to - this.from)) * (this.high - this.low); }

    ticks(count) {
        const rough = (this.high - this.low) / Math.max(1, count);
        const power = 10 ** Math.floor(Math.log10(rough));
        const nice = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * 0.999);
        const step = this.isInteger ? Math.max(1, nice) : nice;
        const values = [];
        for (let index = Math.ceil(this.low / step - 1e-9); index * step <= this.high + step * 1e-9; index++) {
            values.push(Number((index * step).toPrecision(15)));
        }
        // One says nothing of the scale.
        if (values.length < 2 && count < 16) return this.ticks(count * 2);
        const labels = stepLabels(values, step);
        return values.map((value, place) => ({ value, label: labels[place] }));
    }
}

class LogScale {
    constructor(low, high, from, to) {
        this.inner = new LinearScale(Math.log10(low), Math.log10(high), from, to);
        Object.assign(this, { low, high, from, to, kind: "log" });
    }

    place(value) { return value > 0 ? this.inner.place(Math.log10(value)) : NaN; }

    value(place) { return 10 ** this.inner.value(place); }

    ticks(count) {
        const first = Math.ceil(this.inner.low - 1e-9);
        const last = Math.floor(this.inner.high + 1e-9);
        const decades = last - first + 1;
        if (decades < 2) {
            // Less than two powers of ten in it: 1, 2 and 5 of each.
            const ticks = [];
            for (let power = first - 1; power <= last + 1; power++) {
                for (const factor of [1, 2, 5]) {
                    const value = Number((factor * 10 ** power).toPrecision(12));
                    if (value >= this.low * 0.9999 && value <= this.high * 1.0001) ticks.push({ value,
                        label: formatTick(value) });
                }
            }
            return ticks.length >= 2 ? ticks : new LinearScale(this.low, this.high, this.from, this.to).ticks(3);
        }
        const step = Math.max(1, Math.ceil(decades / Math.max(1, count)));
        const ticks = [];
        for (let power = first; power <= last; power += step) {
            const value = Number((10 ** power).toPrecision(12));
            ticks.push({ value, label: formatTick(value) });
        }
        return ticks;
    }
}

/** Places by rank: equally many trials on each part of the axis. */
class QuantileScale {
    constructor(values, from, to) {
        this.sorted = Float64Array.from(values).sort();
        this.low = this.sorted[0];
        this.high = this.sorted[this.sorted.length - 1];
        Object.assign(this, { from, to, kind: "quantile" });
    }

    fraction(value) {
        const { sorted } = this;
        if (sorted.length < 2) return 0.5;
        const first = lowerBound(sorted, value);
        // Equal values share the middle of their ranks.
        let last = first;
        while (last < sorted.length && sorted[last] === value) last++;
        const rank = last > first ? (first + last - 1) / 2 : first - 0.5;
        return Math.min(1, Math.max(0, rank / (sorted.length - 1)));
    }

    place(value) {
        // Ties make `fraction` slow where a column has few distinct values, and each is asked for many times.
        this.known ??= new Map();
        let place = this.known.get(value);
        if (place === undefined) {
            place = this.from + this.fraction(value) * (this.to - this.from);
            this.known.set(value, place);
        }
        return place;
    }

    value(place) {
        const fraction = Math.min(1, Math.max(0, (place - this.from) / (this.to - this.from)));
        return this.sorted[Math.round(fraction * (this.sorted.length - 1))];
    }

    ticks(count) {
        const found = Array.from({ length: count + 1 }, (_, index) =>
            this.sorted[Math.round((index / count) * (this.sorted.length - 1))]);
        const values = [...new Set(found)];
        // As many digits as tell them apart.
        let labels = [];
        for (let digits = 4; digits <= 17 && new Set(labels).size < values.length; digits++) {
            labels = values.map((value) => formatTick(value, digits));
        }
        return values.map((value, place) => ({ value, label: labels[place] }));
    }
}

/** A place for each word, in the order of the sweep file. */
class CategoryScale {
    constructor(labels, from, to) {
        Object.assign(this, { labels, from, to, kind: "category", low: 0, high: labels.length - 1 });
        this.band = Math.abs(to - from) / Math.max(1, labels.length);
    }

    place(value) {
        return this.from + ((value + 0.5) / Math.max(1, this.labels.length)) * (this.to - this.from);
    }

    value(place) {
        const index = Math.floor(((place - this.from) / (this.to - this.from)) * this.labels.length);
        return Math.min(this.labels.length - 1, Math.max(0, index));
    }

    ticks() { return this.labels.map((label, value) => ({ value, label })); }
}

/** A number as short as a tick may be. */
function formatTick(value, digits = 4) {
    const size = Math.abs(value);
    if (size >= 1e5 && size < 1e6 && value % 1000 === 0) return formatNumber(value / 1000) + "k";
    if (size !== 0 && (size < 1e-3 || size >= 1e6)) return exponential(value, digits - 1);
    return formatNumber(value, digits);
}

/** The ticks of one axis, multiples of a step, all written in the same way and with the digits that the step needs. */
function stepLabels(values, step) {
    const largest = Math.max(...values.map(Math.abs), 0);
    if (largest >= 1e6 || (largest < 1e-3 && largest > 0)) {
        const digits = Math.floor(Math.log10(largest)) - Math.floor(Math.log10(step) + 1e-9) + 1;
        return values.map((value) => (value === 0 ? "0" : exponential(value, Math.min(16, Math.max(1, digits)))));
    }
    if (largest >= 1e5 && step % 1000 === 0) {
        return values.map((value) => withMinus(value === 0 ? "0" : value / 1000 + "k"));
    }
    const decimals = Math.min(15, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
    return values.map((value) => withMinus((value === 0 ? 0 : value).toFixed(decimals)));
}

/** `5e−5` and not `5.00e-5`. */
function exponential(value, digits) {
    return withMinus(Number(value.toPrecision(digits)).toExponential().replace("+", ""));
}

/** The first place in a sorted array whose value is not below `value`. */
function lowerBound(sorted, value) {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (sorted[middle] < value) low = middle + 1;
        else high = middle;
    }
    return low;
}

/** The value below which a fraction of a sorted array lies. */
function quantile(sorted, fraction) {
    if (sorted.length === 0) return NaN;
    return sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(fraction * (sorted.length - 1))))];
}

/** The scale of a parameter: the reader's choice if there is one, else the scale on which it was sampled. */
function parameterScale(page, parameter, from, to, wanted = null) {
    if (parameter.isCategory) {
        return new CategoryScale(parameter.words.map((_, place) => parameter.label(place)), from, to);
    }
    const values = page.sortedOf(parameter);
    let low = values.length ? values[0] : 0;
    let high = values.length ? values[values.length - 1] : 1;
    // The whole legal range is shown, unless only the best trials are: then the range that they lie in.
    if (page.selection.settings.best >= 100) {
        low = Math.min(low, parameter.low);
        high = Math.max(high, parameter.high);
    }
    const kind = wanted ?? (parameter.isLog ? "log" : "linear");
    if (kind === "quantile" && values.length > 0) return new QuantileScale(values, from, to);
    if (kind === "log" && low > 0) return new LogScale(low, high, from, to);
    return new LinearScale(low, high, from, to, parameter.isInteger);
}

/**
 * The scale of the metric, over the given values or, with null, those of all trials that are shown.
 *
 * A few values that are far worse than the rest, as diverging trainers give, would press all others into one line: the
 * axis ends before them, at twice the distance from the best to the tenth that is worst, and `isCut` says so; such
 * values are drawn at the end. Still pictures have the same rule, in `Sources/Plots/Charts/Outcome.swift`.
 *
 * @param {number} sign 1 where larger values are better, −1 where smaller ones are, 0 where sweeps do not agree
 */
function valueScale(page, values, from, to, wantsLog = page.selection.settings.log, sign = page.trials.sign) {
    const sorted = values === null ? page.sortedValues() : Float64Array.from(values.filter(Number.isFinite)).sort();
    if (sorted.length === 0) return new LinearScale(0, 1, from, to);
    let low = Math.max(sorted[0], -LARGEST);
    let high = Math.min(sorted[sorted.length - 1], LARGEST);
    if (wantsLog && low > 0) {
        const powers = [Math.log10(low), Math.log10(high)];
        const margin = (powers[1] - powers[0]) * 0.04;
        return logScale(powers[0] - margin, powers[1] + margin, from, to);
    }
    const cut = cutEnd(sorted, sign);
    if (cut !== null && sign < 0) high = cut;
    if (cut !== null && sign > 0) low = cut;
    const margin = (high - low) * 0.04;
    const scale = new LinearScale(cut !== null && sign > 0 ? low : low - margin,
        cut !== null && sign < 0 ? high : high + margin, from, to);
    scale.isCut = cut !== null;
    return scale;
}

/** The logarithmic scale between two powers of ten, as far as there are numbers. */
function logScale(first, last, from, to) {
    return new LogScale(10 ** Math.max(first, -323), 10 ** Math.min(last, 308), from, to);
}

/** Where the worse end of an axis is, if values beyond are left out; null if none are. */
function cutEnd(sorted, sign) {
    const count = sorted.length;
    if (count < 5 || sign === 0) return null;
    const [low, high] = [sorted[0], sorted[count - 1]];
    const end = sign < 0 ? low + (sorted[Math.floor((count * 9) / 10)] - low) * 2
        : high - (high - sorted[Math.floor(count / 10)]) * 2;
    return end > low && end < high ? end : null;
}

/** The place of a value, moved to the end of the axis if it lies beyond. */
function placeWithin(scale, value) {
    const place = scale.place(value);
    const low = Math.min(scale.from, scale.to);
    const high = Math.max(scale.from, scale.to);
    return place < low ? low : place > high ? high : place;
}
