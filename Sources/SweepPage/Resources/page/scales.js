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
        const ticks = [];
        for (let index = Math.ceil(this.low / step - 1e-9); index * step <= this.high + step * 1e-9; index++) {
            const value = Number((index * step).toPrecision(12));
            ticks.push({ value, label: formatTick(value) });
        }
        // One says nothing of the scale.
        return ticks.length < 2 && count < 16 ? this.ticks(count * 2) : ticks;
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
        const ticks = [];
        for (let index = 0; index <= count; index++) {
            const value = this.sorted[Math.round((index / count) * (this.sorted.length - 1))];
            if (ticks.every((tick) => tick.value !== value)) ticks.push({ value, label: formatTick(value) });
        }
        return ticks;
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
function formatTick(value) {
    const size = Math.abs(value);
    if (size >= 1e5 && size < 1e15 && value % 1000 === 0 && size < 1e6) return formatNumber(value / 1000) + "k";
    if (size !== 0 && (size < 1e-3
        || size >= 1e6)) return withMinus(Number(value.toPrecision(3)).toExponential().replace("+", ""));
    return formatNumber(value, 4);
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
 * A few values that are far out, as diverging trainers give, would press all others into one line: where they would,
 * the axis ends before them, and `isCut` says so; such values are drawn at the end.
 *
 * @param {number} sign 1 where larger values are better, −1 where smaller ones are
 */
function valueScale(page, values, from, to, wantsLog = page.selection.settings.log, sign = page.trials.sign) {
    const sorted = values === null ? page.sortedValues() : Float64Array.from(values.filter(Number.isFinite)).sort();
    if (sorted.length === 0) return new LinearScale(0, 1, from, to);
    let low = Math.max(sorted[0], -LARGEST);
    let high = Math.min(sorted[sorted.length - 1], LARGEST);
    if (wantsLog && low > 0) {
        const margin = (high / low) ** 0.04;
        return new LogScale(low / margin, high * margin, from, to);
    }
    const inner = [quantile(sorted, 0.02), quantile(sorted, 0.95)];
    if (sign > 0) [inner[0], inner[1]] = [quantile(sorted, 0.05), quantile(sorted, 0.98)];
    const room = inner[1] - inner[0];
    let isCut = false;
    if (sorted.length >= 20 && room > 0) {
        if (sign < 0 && high > inner[1] + 4 * room) [high, isCut] = [inner[1] + 0.5 * room, true];
        if (sign > 0 && low < inner[0] - 4 * room) [low, isCut] = [inner[0] - 0.5 * room, true];
    }
    const margin = (high - low) * 0.04;
    const scale = new LinearScale(low - margin, high + margin, from, to);
    scale.isCut = isCut;
    return scale;
}

/** The place of a value, moved to the end of the axis if it lies beyond. */
function placeWithin(scale, value) {
    const place = scale.place(value);
    const low = Math.min(scale.from, scale.to);
    const high = Math.max(scale.from, scale.to);
    return place < low ? low : place > high ? high : place;
}
