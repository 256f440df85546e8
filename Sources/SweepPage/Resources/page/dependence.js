// What the model of the sweep expects of each parameter, the others averaged out, with its uncertainty.

class DependencePlot extends Plot {
    constructor(page) {
        super(page, { id: "dependence", title: "Partial dependence", wide: true });
        this.followsSelection = false;
    }

    curves() {
        const { sweeps } = this.page.trials;
        return sweeps.flatMap((sweep) => (sweep.dependence?.curves ?? []).map((curve) => ({
            ...curve, title: (sweeps.length > 1 ? sweep.shown + ": " : "") + visible(curve.parameter),
            parameter: this.page.trials.parameter(curve.parameter),
        }))).filter((curve) => curve.parameter);
    }

    isWanted() { return this.curves().length > 0; }

    heightFor(width) { return panelGrid(this.curves().length, width, 250, 180).height; }

    *draw() {
        const { page, context } = this;
        const curves = this.curves();
        const { boxes } = panelGrid(curves.length, this.width, 250, 180);
        const all = curves.flatMap((curve) => [...curve.low, ...curve.high]);
        const [low, high] = [extreme(all, Math.min, 0), extreme(all, Math.max, 1)];
        context.lineWidth = 2;
        for (const [place, curve] of curves.entries()) {
            const cell = boxes[place];
            const y = new LinearScale(low, high, cell.bottom - 30, cell.top + 24);
            const box = { left: cell.left + labelWidth(y, 40), right: cell.right - 14, top: cell.top + 24,
                bottom: cell.bottom - 30 };
            const x = this.scaleOf(curve, box);
            drawAxes(this.axes, box, { x, y, yCount: 3,
                yTitle: shortened(curve.title, Math.floor((box.right - box.left) / 6.4)) });
            this.panels.push({ box, x, y, xKey: "p." + curve.parameter.name, yKey: null });
            context.strokeStyle = context.fillStyle = page.palette.accent;
            if (x.kind === "category") this.drawWords(curve, x, y);
            else this.drawCurve(curve, x, y);
            this.count("curves");
            yield;
        }
    }

    scaleOf(curve, box) {
        const { parameter } = curve;
        if (parameter.isCategory) return parameterScale(this.page, parameter, box.left, box.right);
        const [low, high] = [curve.x[0], curve.x[curve.x.length - 1]];
        return parameter.isLog ? new LogScale(low, high, box.left, box.right)
            : new LinearScale(low, high, box.left, box.right);
    }

    drawCurve(curve, x, y) {
        const { context } = this;
        context.globalAlpha = 0.18;
        context.beginPath();
        curve.x.forEach((value, place) => context.lineTo(x.place(value), y.place(curve.high[place])));
        for (let place = curve.x.length - 1; place >= 0; place--) context.lineTo(x.place(curve.x[place]),
            y.place(curve.low[place]));
        context.fill();
        context.globalAlpha = 1;
        context.beginPath();
        curve.x.forEach((value, place) => context.lineTo(x.place(value), y.place(curve.mean[place])));
        context.stroke();
    }

    drawWords(curve, x, y) {
        const { context } = this;
        curve.x.forEach((word, place) => {
            const index = curve.parameter.places.get(JSON.stringify(word));
            if (index === undefined) return;
            const left = x.place(index);
            context.beginPath();
            context.moveTo(left, y.place(curve.low[place]));
            context.lineTo(left, y.place(curve.high[place]));
            context.stroke();
            drawPoint(context, left, y.place(curve.mean[place]), 4, COMPLETE);
        });
    }

    summary() {
        const words = this.page.trials.sweeps.map((sweep) => sweep.dependence?.words).filter(Boolean);
        return `What the model expects of ${this.page.trials.metricName} as one parameter changes, with a band for `
            + `its uncertainty. ${[...new Set(words)].map(visible).join(" ")}`.trim();
    }
}
