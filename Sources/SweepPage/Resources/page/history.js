// Every trial's value in the order of the trials, and the best so far.

class HistoryPlot extends Plot {
    constructor(page) {
        super(page, { id: "history", title: "History", height: 280, wide: true });
        const { whole } = selectBox("against", [["number", "trial number"], ["time", "time"]],
            page.selection.settings.time ? "time" : "number", (value) =>
                page.selection.set({ time: value === "time" }));
        this.controls.append(whole);
    }

    isWanted() { return this.page.trials.count > 0; }

    *draw() {
        const { page } = this;
        const { trials, selection } = page;
        const { value } = trials.columns;
        const shown = page.shownRows();
        const isTime = selection.settings.time;
        const xs = isTime ? trials.columns.started : trials.columns.number;
        const { x, y, box, unit, beyond } = this.kept("scales", () => this.scales(shown, xs, isTime));
        this.beyond = beyond;
        drawAxes(this.axes, box, {
            x: unit ? scaledTicks(x, unit) : x, y, xTitle: unit ? unit.name + " since the first start" : "trial",
                yTitle: trials.metricName,
        });
        drawSweepLegend(this.axes, page, box);
        const panel = { box, x, y, xKey: isTime ? "started" : "number", yKey: "value" };
        this.panels.push(panel);
        shadeBrush(this, panel);

        const { values } = page;
        const xOf = (row) => x.place(xs[row]);
        const { groups } = selection;
        this.rasterIsFirst = !groups;
        if (groups) yield* this.drawSpreads("all", xOf, y);
        yield* this.drawRows("all", xOf, (row) => (Number.isFinite(values[row]) ? placeWithin(y, values[row]) : NaN));
        this.flush();
        this.drawValueless(shown, x, xs, box);
        yield;
        this.drawBest(x, y, xs);
    }

    scales(shown, xs, isTime) {
        const { page } = this;
        const { value } = page.trials.columns;
        const y = valueScale(page, null, 0, 0);
        const box = { left: labelWidth(y, 60), right: this.width - 12, top: 20, bottom: this.drawnHeight - 52 };
        [y.from, y.to] = [box.bottom, box.top];
        if (y.inner) [y.inner.from, y.inner.to] = [box.bottom, box.top];
        const places = shown.map((row) => xs[row]).filter(Number.isFinite);
        const x = new LinearScale(extreme(places, Math.min, 0), extreme(places, Math.max, 1), box.left + 4,
            box.right - 4, !isTime);
        return { x, y, box, unit: isTime ? timeUnit(x.high) : null,
            beyond: y.isCut ? shown.filter((row) => isBeyond(y, value[row])).length : 0 };
    }

    /** A tick below the axis for each trial without a value: it happened, and has no place on the axis. */
    drawValueless(shown, x, xs, box) {
        const { context, page } = this;
        const { state, value } = page.trials.columns;
        const valueless = this.kept("valueless", () => shown.filter((row) => !Number.isFinite(value[row])
            && Number.isFinite(xs[row])));
        let last = null;
        for (const row of valueless) {
            const colour = page.selection.isSelected(row) ? page.palette.states[state[row]] : page.palette.dim;
            if (colour !== last) context.fillStyle = last = colour;
            context.fillRect(x.place(xs[row]) - 0.75, box.bottom + 36, 1.5, 8);
            this.addPoint(row, x.place(xs[row]), box.bottom + 40);
        }
        if (valueless.length > 0) this.count("valueless", valueless.length);
        if (this.marks.valueless) {
            this.axes.append(svgElement("text", { class: "tick-y", x: box.left - 6, y: box.bottom + 44,
                text: "no value" }));
        }
    }

    /** The best so far of each sweep, of what is shown. */
    drawBest(x, y, xs) {
        const { context, page } = this;
        const { sweeps } = page.trials;
        const lines = this.kept("best", () => sweeps.map((sweep) => this.bestOf(sweep, x, y, xs)));
        lines.forEach(({ path }, place) => {
            context.strokeStyle = sweeps.length > 1 ? page.palette.categories[place % page.palette.categories.length]
                : page.palette.best;
            context.lineWidth = 2;
            context.stroke(path);
        });
        this.improvements = lines.reduce((sum, { improvements }) => sum + improvements, 0);
        this.marks.improvements = this.improvements;
    }

    bestOf(sweep, x, y, xs) {
        const { trials, selection } = this.page;
        const path = new Path2D();
        const sign = sweep.metric.goal === "maximize" ? 1 : -1;
        const rows = sweep.rows.filter((row) => trials.isUsable(row) && selection.isShown(row));
        const isPlaced = (row) => Number.isFinite(xs[row]);
        // Imported trials have no time: what they have shown is known from the beginning.
        const early = rows.filter((row) => !isPlaced(row)).map((row) => sign * trials.columns.value[row]);
        let best = early.length > 0 ? sign * extreme(early, Math.max, NaN) : null;
        let improvements = early.length > 0 ? 1 : 0;
        if (best !== null) path.moveTo(x.from, placeWithin(y, best));
        for (const row of rows.filter(isPlaced).sort((left, right) => xs[left] - xs[right])) {
            const value = trials.columns.value[row];
            if (best !== null && sign * (value - best) <= 0) continue;
            if (best === null) path.moveTo(x.place(xs[row]), placeWithin(y, value));
            else {
                path.lineTo(x.place(xs[row]), placeWithin(y, best));
                path.lineTo(x.place(xs[row]), placeWithin(y, value));
            }
            best = value;
            improvements += 1;
        }
        if (best !== null) path.lineTo(x.to, placeWithin(y, best));
        return { path, improvements };
    }

    summary() {
        const { trials } = this.page;
        const { selection } = this.page;
        // Values of different metrics, or of different goals, have no best one of all.
        const bests = trials.areAlike ? [trials.best((row) => selection.isShown(row))]
            : trials.sweeps.map((_, place) =>
                trials.best((row) => trials.columns.sweep[row] === place && selection.isShown(row)));
        const known = bests.filter((row) => row >= 0);
        const parts = [];
        if (this.page.selection.groups) parts.push(counted(this.marks.points ?? 0, "set")
            + " of values, each with the mean of its seeds and a line from the least to the largest");
        else parts.push(counted(this.marks.points ?? 0, "trial") + " with a value");
        if (this.marks.valueless) parts.push(formatCount(this.marks.valueless) + " without one (ticks below)");
        if (known.length > 0) {
            const titles = known.map((row) => `${trials.title(row)} with ${formatNumber(trials.columns.value[row])}`);
            parts.push(`the best ${known.length > 1 ? "of each sweep are" : "is"} ${titles.join(" and ")}, after `
                + `${counted(this.improvements, "improvement")}`);
        }
        if (this.beyond) parts.push(`${formatCount(this.beyond)} beyond the axis are drawn at its end`);
        return parts.join("; ") + ".";
    }
}

function extreme(values, choose, otherwise) {
    return values.length === 0 ? otherwise : values.reduce((left, right) => choose(left, right));
}

function isBeyond(scale, value) {
    return value < Math.min(scale.low, scale.high) || value > Math.max(scale.low, scale.high);
}

/** The unit in which a span of seconds is read. */
function timeUnit(seconds) {
    if (seconds < 180) return { name: "seconds", size: 1 };
    if (seconds < 3 * 3600) return { name: "minutes", size: 60 };
    return seconds < 3 * 86400 ? { name: "hours", size: 3600 } : { name: "days", size: 86400 };
}

/** The scale with ticks that are round in another unit. */
function scaledTicks(scale, unit) {
    const inUnit = new LinearScale(scale.low / unit.size, scale.high / unit.size, scale.from, scale.to);
    return {
        ...scale, kind: "linear", place: (value) => scale.place(value),
        ticks: (count) => inUnit.ticks(count).map(({ value, label }) => ({ value: value * unit.size, label })),
    };
}
