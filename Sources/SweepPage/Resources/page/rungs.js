// The rungs of the pruner: who came to each, and who was let on.

class RungPlot extends Plot {
    constructor(page) {
        super(page, { id: "rungs", title: "Rungs of the pruner", height: 280 });
    }

    isWanted() { return this.page.trials.decisions.used > 0; }

    /** Decisions by step, the last of each trial at a step. */
    collect() {
        const { trials } = this.page;
        const { decisions, reports } = trials;
        const steps = new Map();
        for (const row of this.page.shownRows()) {
            const values = new Map();
            for (let entry = reports.from(row); entry < reports.to(row); entry++) values.set(reports.step[entry],
                reports.value[entry]);
            for (let entry = decisions.from(row); entry < decisions.to(row); entry++) {
                const step = decisions.step[entry];
                if (!steps.has(step)) steps.set(step, new Map());
                steps.get(step).set(row, { action: decisions.action[entry], value: values.get(step) ?? NaN });
            }
        }
        return [...steps].sort((left, right) => left[0] - right[0]);
    }

    *draw() {
        const { page, context } = this;
        const { palette, selection } = page;
        // A pruner that decides at every step has no rungs; a few of its steps tell the same.
        const all = this.collect();
        const stride = Math.max(1, Math.ceil(all.length / Math.max(4, Math.floor(this.width / 70))));
        const steps = all.filter((_, place) => place % stride === 0);
        const values = steps.flatMap(([, rows]) => [...rows.values()].map(({ value }) => value));
        yield;
        const y = valueScale(page, values, this.drawnHeight - 58, 20);
        const box = { left: labelWidth(y, 44), right: this.width - 12, top: 20, bottom: this.drawnHeight - 58 };
        const x = new CategoryScale(steps.map(([step]) => "step " + step), box.left, box.right);
        drawAxes(this.axes, box, { x, y, yTitle: page.trials.metricName });
        this.panels.push({ box, x, y, xKey: null, yKey: "value" });
        this.words = [];
        const size = Math.min(2.6, pointRadius(values.length));
        for (const [place, [step, rows]] of steps.entries()) {
            let [stopped, on] = [0, 0];
            for (const [row, { action, value }] of rows) {
                const isStopped = action === "prune" || action === "pause";
                if (isStopped) stopped++;
                else on++;
                if (!Number.isFinite(value)) continue;
                // Those that were stopped on the left of a rung, those that went on on its right.
                const left = x.place(place) + x.band * ((isStopped ? -0.21 : 0.21) + jitter(row) * 0.34);
                context.fillStyle = !selection.isSelected(row) ? palette.dim : isStopped ? palette.states[3]
                    : palette.states[2];
                drawPoint(context, left, placeWithin(y, value), size, COMPLETE);
                this.addPoint(row, left, placeWithin(y, value));
                this.count("points");
                if ((this.marks.points & 255) === 0) yield;
            }
            this.count("rungs");
            this.axes.append(svgElement("text", {
                class: "tick-x", x: x.place(place), y: box.bottom + 30, text: x.band > 84
                    ? `${formatCount(rows.size)} came, ${formatCount(on)} on`
                    : `${formatCount(rows.size)} → ${formatCount(on)}`,
            }));
            this.words.push(`step ${step}: ${formatCount(rows.size)} came, ${formatCount(stopped)} stopped or paused, `
                + `${formatCount(on)} went on`);
        }
        this.marks.steps = all.length;
    }

    summary() {
        const words = this.words ?? [];
        return "Left of each rung those that were stopped or paused there, right of it those that went on. "
            + words.slice(0, 6).join("; ") + (words.length > 6 ? "; …" : words.length > 0 ? "." : "");
    }
}
