// Why the best trial is good, and whether to go on: what the model of the sweep expects. Both come with the report;
// they are of all trials and do not follow the selection.

/** The steps from where the sweep began to its best trial, as bars of what each is expected to bring. */
class PathPlot extends Plot {
    constructor(page) {
        super(page, { id: "path", title: "Why: the way to the best" });
        this.followsSelection = false;
        this.place = 0;
        this.choice = selectBox("of", [], "", (value) => {
            this.place = Number(value);
            this.invalidate();
        });
        this.controls.append(this.choice.whole);
    }

    /** The paths of all sweeps that have one with what each step brings. */
    paths() {
        return this.page.trials.sweeps.filter((sweep) => (sweep.path?.steps ?? []).some((step) =>
            Number.isFinite(step.gain)));
    }

    isWanted() { return this.paths().length > 0; }

    sweep() { return this.paths()[this.place] ?? this.paths()[0]; }

    steps() { return (this.sweep()?.path.steps ?? []).filter((step) => Number.isFinite(step.gain)); }

    heightFor() { return this.steps().length * 34 + 44; }

    *draw() {
        const paths = this.paths();
        fillSelect(this.choice.box, paths.map((sweep, place) => [String(place), sweep.shown]), String(this.place));
        this.choice.whole.hidden = paths.length < 2;
        const steps = this.steps();
        const names = Math.min(this.width * 0.45, Math.max(90,
            ...steps.map((step) => Math.max(visible(step.parameter).length, this.change(step).length) * 6.2 + 12)));
        const low = Math.min(0, ...steps.map((step) => step.low ?? step.gain));
        const high = Math.max(1e-300, ...steps.map((step) => step.high ?? step.gain));
        const x = new LinearScale(low, high, names, this.width - 64);
        const zero = x.place(0);
        steps.forEach((step, place) => {
            const y = 6 + place * 34;
            const end = x.place(step.gain);
            this.axes.append(
                svgElement("text", { class: "tick-y name", x: names - 8, y: y + 12,
                    text: shortened(visible(step.parameter), Math.floor(names / 6.4)) },
                    svgElement("title", { text: visible(step.parameter) })),
                svgElement("text", { class: "tick-y", x: names - 8, y: y + 25,
                    text: shortened(this.change(step), Math.floor(names / 6.4)) }),
                svgElement("rect", { class: "bar", x: Math.min(zero, end), y: y + 3,
                    width: Math.max(1, Math.abs(end - zero)), height: 18 }));
            this.count("bars");
            let edge = Math.max(zero, end);
            if (Number.isFinite(step.low) && Number.isFinite(step.high)) {
                const [from, to] = [x.place(step.low), x.place(step.high)];
                this.axes.append(svgElement("path", { class: "whisker",
                    d: `M${from} ${y + 12}H${to}M${from} ${y + 8}v8M${to} ${y + 8}v8` }));
                edge = Math.max(edge, to);
                this.count("intervals");
            }
            this.axes.append(svgElement("text", { class: "bar-value", x: edge + 6, y: y + 16,
                text: formatNumber(step.gain, 2) }));
        });
        drawAxes(this.axes, { left: names, right: this.width - 64, top: 0, bottom: steps.length * 34 + 10 },
            { x, xCount: 4, xTitle: "expected improvement" });
        yield;
    }

    change(step) { return visible(step.from) + " → " + visible(step.to); }

    summary() {
        const { path } = this.sweep() ?? {};
        if (!path) return "";
        const steps = this.steps().map((step) => `${visible(step.parameter)} ${formatNumber(step.gain, 2)}`);
        return `From ${visible(path.from)} to the best, one parameter at a time, and the improvement that the model `
            + `expects of each: ${steps.join(", ")}. Lines: nine in ten. ${visible(path.words ?? "")}`.trim();
    }
}

/** The improvement that further trials are expected to bring, with its interval. */
class OutlookPlot extends Plot {
    constructor(page) {
        super(page, { id: "outlook", title: "Why: what more trials would bring" });
        this.followsSelection = false;
    }

    sweeps() {
        return this.page.trials.sweeps.filter((sweep) => (sweep.outlook?.trials ?? []).length > 1);
    }

    isWanted() { return this.sweeps().length > 0; }

    heightFor(width) { return panelGrid(this.sweeps().length, width, 250, 230).height; }

    *draw() {
        const { context, page } = this;
        const sweeps = this.sweeps();
        const { boxes } = panelGrid(sweeps.length, this.width, 250, 230);
        for (const [place, { outlook, shown }] of sweeps.entries()) {
            const cell = boxes[place];
            const highest = Math.max(1e-300, ...outlook.high);
            const y = new LinearScale(0, highest, cell.bottom - 40, cell.top + 26);
            const box = { left: cell.left + labelWidth(y, 40), right: cell.right - 14, top: cell.top + 26,
                bottom: cell.bottom - 40 };
            const x = new LogScale(outlook.trials[0], outlook.trials[outlook.trials.length - 1], box.left, box.right);
            drawAxes(this.axes, box, { x, y, yCount: 3, xTitle: "more trials",
                yTitle: sweeps.length > 1 ? shortened(shown, 30) : "expected improvement" });
            context.strokeStyle = context.fillStyle = page.palette.accent;
            context.lineWidth = 2;
            context.globalAlpha = 0.18;
            context.beginPath();
            outlook.trials.forEach((count, index) => context.lineTo(x.place(count), y.place(outlook.high[index])));
            for (let index = outlook.trials.length - 1; index >= 0; index--) context.lineTo(
                x.place(outlook.trials[index]), y.place(outlook.low[index]));
            context.fill();
            context.globalAlpha = 1;
            context.beginPath();
            outlook.trials.forEach((count, index) => context.lineTo(x.place(count), y.place(outlook.mean[index])));
            context.stroke();
            outlook.trials.forEach((count, index) => {
                drawPoint(context, x.place(count), y.place(outlook.mean[index]), 3, COMPLETE);
                this.count("points");
            });
            this.count("lines");
            yield;
        }
    }

    summary() {
        const { sweeps } = this.page.trials;
        return this.sweeps().map((sweep) => (sweeps.length > 1 ? sweep.shown + ": " : "")
            + visible(sweep.outlook.words)).join(" ");
    }
}
