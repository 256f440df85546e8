// What a trial took against what it gave: whether longer is better.

class DurationPlot extends Plot {
    constructor(page) {
        super(page, { id: "duration", title: "Duration and value", height: 280 });
    }

    isWanted() { return this.page.trials.count > 0; }

    /** Each trial took its own time. */
    get units() { return this.page.selection; }

    *draw() {
        const { page } = this;
        const { trials } = page;
        const { value, seconds } = trials.columns;
        const { x, y, box, median } = this.kept("scales", () => this.scales());
        drawAxes(this.axes, box, { x, y, xTitle: "seconds", yTitle: trials.metricName });
        const panel = { box, x, y, xKey: "seconds", yKey: "value" };
        this.panels.push(panel);
        shadeBrush(this, panel);
        this.median = median;
        yield* this.drawRows(
            "all", (row) => (seconds[row] > 0 ? x.place(seconds[row]) : NaN),
            (row) => (Number.isFinite(value[row]) ? placeWithin(y, value[row]) : NaN));
    }

    scales() {
        const { page } = this;
        const { value, seconds } = page.trials.columns;
        const shown = page.shownRows().filter((row) => seconds[row] > 0);
        const y = valueScale(page, shown.map((row) => value[row]), this.drawnHeight - 42, 20);
        const box = { left: labelWidth(y, 44), right: this.width - 12, top: 20, bottom: this.drawnHeight - 42 };
        const sorted = Float64Array.from(shown.map((row) => seconds[row])).sort();
        const [low, high] = [sorted[0] ?? 1, sorted[sorted.length - 1] ?? 10];
        // Durations differ by factors; where they do not, a logarithm only makes ticks harder to read.
        const x = high > 8 * low ? new LogScale(low, high, box.left + 5, box.right - 5)
            : new LinearScale(low, high, box.left + 5, box.right - 5);
        return { x, y, box, median: quantile(sorted, 0.5) };
    }

    summary() {
        return `${counted(this.marks.points ?? 0, "trial")} with a value and a duration, of the last attempt each; `
            + `half took less than ${formatDuration(this.median)}.`;
    }
}
