// Which fraction of the complete trials is at least as good as a value: compares sweeps, and a selection with all.

class DistributionPlot extends Plot {
    constructor(page) {
        super(page, { id: "edf", title: "Distribution of values", height: 240 });
    }

    isWanted() { return this.page.trials.count > 0; }

    *draw() {
        const { page, context } = this;
        const { trials, selection, palette } = page;
        const { values: value } = page;
        const complete = this.kept("complete", () => page.unitRows().filter((row) => trials.isComplete(row))
            .sort((left, right) => value[left] - value[right] || left - right));
        const x = this.kept("x", () => valueScale(page, complete.map((row) => value[row]), 48, this.width - 14));
        const box = { left: 44, right: this.width - 12, top: 20, bottom: this.drawnHeight - 40 };
        const y = new LinearScale(0, 1, box.bottom, box.top);
        drawAxes(this.axes, box, { x, y, xTitle: trials.metricName,
            yTitle: "fraction of trials at least as good" });
        drawSweepLegend(this.axes, page, box);
        const panel = { box, x, y, xKey: "value", yKey: null };
        this.panels.push(panel);
        shadeBrush(this, panel);
        this.words = [];
        const [noun, nouns] = selection.groups ? [page.unitNoun, page.unitNouns]
            : ["complete trial", "complete trials"];
        for (const [place, sweep] of trials.sweeps.entries()) {
            const rows = complete.filter((row) => trials.columns.sweep[row] === place);
            const chosen = rows.filter((row) => this.units.mask[row] === SELECTED_ROW);
            const colour = trials.sweeps.length > 1 ? palette.categories[place % palette.categories.length]
                : palette.accent;
            const sign = trials.signs[place];
            if (chosen.length < rows.length) this.drawSteps(rows, sign, x, y, palette.dim, 1.5);
            this.drawSteps(chosen, sign, x, y, colour, 2);
            if (chosen.length > 0) {
                const sorted = Float64Array.from(chosen, (row) => value[row]);
                const name = trials.sweeps.length > 1 ? sweep.shown + ": " : "";
                const median = formatNumber(quantile(sorted, 0.5));
                this.words.push(`${name}${counted(chosen.length, noun, nouns)}, median ${median}`);
            }
            yield;
        }
        context.globalAlpha = 1;
    }

    /**
     * @param {number[]} rows by their value
     * @param {number} sign 1 where larger values are better: the curve then falls
     */
    drawSteps(rows, sign, x, y, colour, width) {
        if (rows.length === 0) return;
        // Beyond so many of the values.
        const height = (passed) => y.place(sign > 0 ? 1 - passed / rows.length : passed / rows.length);
        const { context, page } = this;
        context.strokeStyle = colour;
        context.lineWidth = width;
        context.beginPath();
        context.moveTo(x.from, height(0));
        let lastLeft = -Infinity;
        rows.forEach((row, place) => {
            const left = placeWithin(x, page.values[row]);
            this.addPoint(row, left, height(sign > 0 ? place : place + 1));
            // Steps of less than half a pixel are one.
            if (left - lastLeft < 0.5 && place < rows.length - 1) return;
            context.lineTo(left, height(place));
            context.lineTo(left, height(place + 1));
            lastLeft = left;
        });
        context.lineTo(x.to, height(rows.length));
        context.stroke();
        this.count("curves");
        this.count("steps", rows.length);
    }

    summary() {
        return (this.words ?? []).join("; ") + (this.words?.length ? "." : "No complete trial is selected.")
            + this.page.groupWords();
    }
}
