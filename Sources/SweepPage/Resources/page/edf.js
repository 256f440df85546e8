// Which fraction of the complete trials is at least as good as a value: compares sweeps, and a selection with all.

class DistributionPlot extends Plot {
    constructor(page) {
        super(page, { id: "edf", title: "Distribution of values", height: 240 });
    }

    isWanted() { return this.page.trials.count > 0; }

    *draw() {
        const { page, context } = this;
        const { trials, selection, palette } = page;
        const { value } = trials.columns;
        const complete = page.shownRows().filter((row) => trials.isComplete(row));
        const x = valueScale(page, complete.map((row) => value[row]), 48, this.width - 14);
        const box = { left: 44, right: this.width - 12, top: 20, bottom: this.drawnHeight - 40 };
        const y = new LinearScale(0, 1, box.bottom, box.top);
        drawAxes(this.axes, box, { x, y, xTitle: trials.metricName, yTitle: "fraction of trials up to it" });
        drawSweepLegend(this.axes, page, box);
        const panel = { box, x, y, xKey: "value", yKey: null };
        this.panels.push(panel);
        shadeBrush(this, panel);
        this.words = [];
        for (const [place, sweep] of trials.sweeps.entries()) {
            const rows = complete.filter((row) => trials.columns.sweep[row] === place);
            const chosen = rows.filter((row) => selection.isSelected(row));
            const colour = trials.sweeps.length > 1 ? palette.categories[place % palette.categories.length]
                : palette.accent;
            if (chosen.length < rows.length) this.drawSteps(rows, x, y, palette.dim, 1.5);
            this.drawSteps(chosen, x, y, colour, 2);
            if (chosen.length > 0) {
                const sorted = Float64Array.from(chosen.map((row) => value[row])).sort();
                const name = trials.sweeps.length > 1 ? sweep.shown + ": " : "";
                const median = formatNumber(quantile(sorted, 0.5));
                this.words.push(`${name}${counted(chosen.length, "complete trial")}, median ${median}`);
            }
            yield;
        }
        context.globalAlpha = 1;
    }

    drawSteps(rows, x, y, colour, width) {
        if (rows.length === 0) return;
        const { context, page } = this;
        const sorted = rows.sort((left, right) => page.trials.columns.value[left] - page.trials.columns.value[right]);
        context.strokeStyle = colour;
        context.lineWidth = width;
        context.beginPath();
        context.moveTo(x.from, y.place(0));
        sorted.forEach((row, place) => {
            const left = placeWithin(x, page.trials.columns.value[row]);
            context.lineTo(left, y.place(place / sorted.length));
            context.lineTo(left, y.place((place + 1) / sorted.length));
            this.addPoint(row, left, y.place((place + 1) / sorted.length));
        });
        context.lineTo(x.to, y.place(1));
        context.stroke();
        this.count("curves");
        this.count("steps", sorted.length);
    }

    summary() { return (this.words ?? []).join("; ") + (this.words?.length ? "." : "No complete trial is selected."); }
}
