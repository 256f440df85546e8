// What the trials have reached in two metrics at once: the front that no trial dominates, and bounds.

/** The axis of a metric other than the first is logarithmic if its largest value is so many times the least. */
const LOG_SPAN = 100;
/** A bound is drawn if the axis need not become longer than by this part of itself. */
const NEAR = 0.34;

class FrontPlot extends Plot {
    constructor(page) {
        const { objectives } = page.trials;
        super(page, { id: "front", title: objectives.areSeveral ? "Pareto front" : "Bounds", height: 360, wide: true });
        this.objectives = objectives;
        this.first = selectBox("x", [], "", (name) => this.choose(0, name));
        this.second = selectBox("y", [], "", (name) => this.choose(1, name));
        this.controls.append(this.first.whole, this.second.whole);
        for (const { whole } of [this.first, this.second]) whole.hidden = objectives.measured.length < 3;
    }

    isWanted() { return this.page.trials.count > 0; }

    /** Whether a trial is better than another has nothing to do with seeds. */
    get units() { return this.page.selection; }

    choose(place, name) {
        const pair = this.pair().map((metric) => metric.name);
        if (pair[1 - place] === name) pair.reverse();
        pair[place] = name;
        this.page.selection.set({ front: pair });
    }

    /** The reader's two metrics, else the first two that are optimized. */
    pair() {
        const { measured } = this.objectives;
        const chosen = this.page.selection.settings.front.map((name) => measured.find((each) => each.name === name));
        return chosen.length === 2 && chosen.every(Boolean) && chosen[0] !== chosen[1] ? chosen : measured.slice(0, 2);
    }

    /** How a row stands. Sweeps beside the first one are drawn if they are about the same metric. */
    standing(row) {
        const { trials } = this.page;
        return trials.objectivesOf(row)?.first === this.objectives.first ? trials.standing(row) : NO_STANDING;
    }

    *draw() {
        const { page, objectives } = this;
        const [across, up] = this.pair();
        const names = objectives.measured.map(({ name, shown }) => [name, shown]);
        fillSelect(this.first.box, names, across.name);
        fillSelect(this.second.box, names, up.name);
        const rows = this.kept("rows", () => page.shownRows().filter((row) => this.standing(row) !== NO_STANDING));
        const { x, y, box } = this.kept("scales", () => this.scales(rows, across, up));
        drawAxes(this.axes, box, { x, y, xTitle: axisTitle(across), yTitle: axisTitle(up) });
        drawSweepLegend(this.axes, page, box);
        this.beyond = [...this.drawLimits(across, x, box, true), ...this.drawLimits(up, y, box, false)];
        const panel = { box, x, y, xKey: this.key(across), yKey: this.key(up) };
        this.panels.push(panel);
        shadeBrush(this, panel);
        const placeOn = (scale, { name }) => {
            const values = objectives.values(name);
            return (row) => (this.standing(row) !== NO_STANDING && Number.isFinite(values[row])
                ? placeWithin(scale, values[row]) : NaN);
        };
        const [xOf, yOf] = [placeOn(x, across), placeOn(y, up)];
        const colouring = this.colouring();
        yield* this.drawRows(across.name + "/" + up.name, xOf, yOf, { colouring,
            // A ring has no value that counts.
            shapeOf: (row) => STATES.indexOf(this.standing(row) === BREAKS_BOUND ? "running" : "complete") });
        this.flush();
        yield;
        this.drawFront(rows, across, up, xOf, yOf, colouring);
        this.marks.broken = rows.filter((row) => this.standing(row) === BREAKS_BOUND).length;
        this.words = [across.shown, up.shown];
    }

    /** The filter of a metric. */
    key({ name }) { return name === this.objectives.first ? "value" : "o." + name; }

    /** Grey for what is not on the front, or what the reader wants to see by colours. */
    colouring() {
        const { colouring, selection, palette, trials } = this.page;
        if (selection.settings.by !== "value") return colouring;
        const light = palette.states[STATES.indexOf("waiting")];
        const colours = [light, palette.accent, palette.faint, light];
        const codes = this.kept("codes", () => Uint8Array.from({ length: trials.columns.state.length }, (_, row) =>
            (row < trials.count ? this.standing(row) : NO_STANDING)));
        return { colours, codes, ramp: null, of: (row) => colours[codes[row]] };
    }

    scales(rows, across, up) {
        const y = this.scale(rows, up, this.drawnHeight - 44, 22);
        const box = { left: labelWidth(y, 44), right: this.width - 12, top: 22, bottom: this.drawnHeight - 44 };
        return { y, box, x: this.scale(rows, across, box.left + 5, box.right - 5) };
    }

    /** The scale of a metric. Values that are far worse than the rest may be beyond it, but nothing on the front. */
    scale(rows, metric, from, to) {
        const { page, objectives } = this;
        const column = objectives.values(metric.name);
        const values = rows.map((row) => column[row]);
        const [low, high] = [extreme(values, Math.min, 0), extreme(values, Math.max, 1)];
        const isWide = metric.name !== objectives.first && low > 0 && high >= LOG_SPAN * low;
        let scale = valueScale(page, values, from, to, page.selection.settings.log || isWide, metric.sign);
        for (const row of rows) if (this.standing(row) === ON_FRONT) scale = reaching(scale, column[row]);
        for (const limit of this.limits(metric)) if (isNear(scale, limit)) scale = reaching(scale, limit);
        return scale;
    }

    limits({ name }) {
        return this.objectives.bounds.filter(({ metric }) => metric === name).map(({ limit }) => limit);
    }

    /**
     * Draws the bounds of one metric across the plot.
     * @returns those that are too far away
     */
    drawLimits({ name }, scale, box, isAcross) {
        const bounds = this.objectives.bounds.filter(({ metric }) => metric === name);
        for (const { limit, words } of bounds.filter((bound) => isOn(scale, bound.limit))) {
            const place = scale.place(limit);
            const ends = isAcross ? { x1: place, x2: place, y1: box.top, y2: box.bottom }
                : { x1: box.left, x2: box.right, y1: place, y2: place };
            const isLate = isAcross && place > (box.left + box.right) / 2;
            this.axes.append(svgElement("line", { class: "limit", ...ends }),
                svgElement("text", { class: isLate || !isAcross ? "halo end" : "halo",
                    x: isAcross ? place + (isLate ? -5 : 5) : box.right, y: isAcross ? box.top + 11 : place - 5,
                    text: shortened(words, 40) }));
            this.count("limits");
        }
        return bounds.filter(({ limit }) => !isOn(scale, limit)).map(({ words }) => words);
    }

    /** The trials on the front of each sweep, and the edge of what they dominate. */
    drawFront(rows, across, up, xOf, yOf, colouring) {
        const { context, page } = this;
        const { palette, selection } = page;
        const { sweeps } = page.trials;
        const radius = Math.max(3, pointRadius(rows.length)) + 1;
        const front = this.kept("front", () => rows.filter((row) => this.standing(row) === ON_FRONT));
        context.lineWidth = 1.6;
        sweeps.forEach((sweep, place) => {
            const own = front.filter((row) => page.trials.columns.sweep[row] === place);
            const edge = this.edge(own, across, up);
            if (edge.length < 2) return;
            context.strokeStyle = sweeps.length > 1 ? palette.categories[place % palette.categories.length]
                : palette.best;
            context.beginPath();
            context.moveTo(xOf(edge[0]), yOf(edge[0]));
            for (const [step, row] of edge.slice(1).entries()) {
                context.lineTo(xOf(row), yOf(edge[step]));
                context.lineTo(xOf(row), yOf(row));
            }
            context.stroke();
            this.count("edge", edge.length);
        });
        context.lineWidth = 1.2;
        context.strokeStyle = palette.best;
        for (const row of front) {
            context.fillStyle = selection.isSelected(row) ? colouring.of(row) : palette.dim;
            context.beginPath();
            context.arc(xOf(row), yOf(row), radius, 0, 2 * Math.PI);
            context.fill();
            context.stroke();
        }
        this.count("front", front.length);
    }

    /** From the best by one metric to the best by the other: only those that no other one dominates in these two. */
    edge(rows, across, up) {
        if (!across.isOptimized || !up.isOptimized) return [];
        const [xs, ys] = [this.objectives.values(across.name), this.objectives.values(up.name)];
        const sorted = [...rows].sort((left, right) => across.sign * (xs[right] - xs[left])
            || up.sign * (ys[right] - ys[left]) || left - right);
        let best = -Infinity;
        return sorted.filter((row) => {
            if (up.sign * ys[row] <= best) return false;
            best = up.sign * ys[row];
            return true;
        });
    }

    summary() {
        const { marks, objectives, beyond, words } = this;
        const all = counted(marks.points ?? 0, "complete trial");
        const parts = [objectives.areSeveral
            ? `${formatCount(marks.front)} of ${all} are on the front: no other one is better in one metric and worse `
                + "in none" : `${words.join(" and ")} of ${all}; the best that keeps all bounds is marked`];
        if (objectives.areSeveral && marks.edge > 0) {
            parts.push(`the line is the edge of what they dominate in ${words.join(" and ")}`);
        }
        if (marks.broken > 0) parts.push(`${counted(marks.broken, "ring")} for trials that break a bound`);
        if (beyond.length > 0) parts.push(`beyond the axes: ${beyond.join(", ")}`);
        return parts.join("; ") + ".";
    }
}

function axisTitle({ shown, sign, isOptimized }) {
    return isOptimized ? `${shown} (${sign > 0 ? "maximize" : "minimize"})` : shown;
}

function isOn(scale, value) { return value >= scale.low && value <= scale.high; }

/** Whether a value is on the axis, or would be if that were a little longer. */
function isNear(scale, value) {
    const share = (scale.place(value) - scale.from) / (scale.to - scale.from);
    return share >= -NEAR && share <= 1 + NEAR;
}

/** The scale, made longer if it ends before a value. */
function reaching(scale, value) {
    if (isOn(scale, value)) return scale;
    const isLog = scale.kind === "log";
    const [low, high, place] = [scale.low, scale.high, value].map((number) => (isLog ? Math.log10(number) : number));
    const margin = (high - low) * 0.03;
    const [first, last] = [Math.min(low, place - margin), Math.max(high, place + margin)];
    return isLog ? logScale(first, last, scale.from, scale.to) : new LinearScale(first, last, scale.from, scale.to);
}
