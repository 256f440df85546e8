// What trials reported on their way: a line for each.

class IntermediatePlot extends Plot {
    constructor(page) {
        super(page, { id: "intermediate", title: "Intermediate values", height: 280 });
        this.isLogStep = false;
        this.controls.append(tickBox("log steps", false, (ticked) => {
            this.isLogStep = ticked;
            this.invalidate();
        }).whole);
    }

    isWanted() { return this.page.trials.reports.used > 0; }

    *draw() {
        const { page } = this;
        const { trials, selection } = page;
        const { reports } = trials;
        const shown = this.kept("shown", () => page.shownRows().filter((row) => reports.to(row) > reports.from(row)));
        yield;
        if (this.knownVersion !== page.version) {
            this.extent = yield* this.extentOf(shown);
            this.knownVersion = page.version;
        }
        const { x, y, box } = this.kept("scales", () => this.scales());
        drawAxes(this.axes, box, { x, y, xTitle: "step", yTitle: trials.metricName });
        this.panels.push({ box, x, y, yKey: null, xKey: null });
        Object.assign(this, { x, y });
        const { groups } = selection;
        if (groups) yield* this.drawBands(groups);
        else yield* this.drawLines(shown.length);
    }

    scales() {
        const { values, first, last } = this.extent;
        const y = valueScale(this.page, values, this.drawnHeight - 40, 20);
        const box = { left: labelWidth(y, 40), right: this.width - 12, top: 20, bottom: this.drawnHeight - 40 };
        const x = this.isLogStep && first > 0 ? new LogScale(first, Math.max(last, first + 1), box.left + 4,
            box.right - 6)
            : new LinearScale(Math.min(first, last), Math.max(last, first), box.left + 4, box.right - 6);
        return { x, y, box };
    }

    /** The first and last step, and values that tell how far all of them reach: the ends, and some between. */
    *extentOf(rows) {
        const { reports } = this.page.trials;
        const stride = Math.ceil(reports.used / 10000);
        const values = [];
        let [first, last, low, high, seen] = [Infinity, 0, Infinity, -Infinity, 0];
        for (const row of rows) {
            for (let entry = reports.from(row); entry < reports.to(row); entry++) {
                const value = reports.value[entry];
                if (value < low) low = value;
                if (value > high && value !== Infinity) high = value;
                if (seen++ % stride === 0) values.push(value);
                if (reports.step[entry] < first) first = reports.step[entry];
                if (reports.step[entry] > last) last = reports.step[entry];
            }
            if ((row & 2047) === 0) yield;
        }
        return { values: [...values, low, high], first, last };
    }

    *drawLines(count) {
        const { context, page } = this;
        const { selection, order, colouring, trials } = page;
        const { reports } = trials;
        const isPartial = selection.selectedCount < selection.shownCount;
        context.lineJoin = "round";
        this.lowerDrawings.push(() => this.drawDimmedLines());
        if (isPartial) yield* this.drawDimmedLines();
        let drawn = 0;
        if (selection.selectedCount > RASTER_LINES) {
            const raster = this.upperRaster(colouring);
            const has = this.kept("has", () => Uint8Array.from({ length: trials.count }, (_, row) =>
                (reports.to(row) > reports.from(row) ? 1 : 0)));
            const box = { left: 0, top: 0, right: this.width, bottom: this.drawnHeight };
            drawn = yield* this.update("lines", { has, colouring, box, alphaOf: (number) => 1.5 * lineAlpha(number),
                atOnce: LINES_AT_ONCE, pause: 255 }, (row, code, sign) => this.set(raster, row, code, sign));
        } else {
            context.lineWidth = count > 200 ? 1 : 1.4;
            context.globalAlpha = count > 200 ? 0.6 : 0.85;
            for (const row of order) {
                if (selection.mask[row] !== SELECTED_ROW || reports.to(row) === reports.from(row)) continue;
                context.strokeStyle = colouring.of(row);
                this.trace(context, row);
                drawn += 1;
                if ((drawn & 31) === 0) yield;
            }
        }
        this.placed.push(this.kept("ends", () => this.ends()));
        context.globalAlpha = 1;
        this.count("selected", drawn);
        this.count("lines", isPartial ? this.lowerLayer.marks.get("lines") : drawn);
    }

    /** The place of the last report of every row, where a line can be taken hold of. */
    ends() {
        const { count, reports } = this.page.trials;
        const [xs, ys] = [new Float32Array(count).fill(NaN), new Float32Array(count).fill(NaN)];
        for (let row = 0; row < count; row++) {
            const last = reports.to(row) - 1;
            if (last < reports.from(row) || !Number.isFinite(reports.value[last])) continue;
            xs[row] = this.x.place(reports.step[last]);
            ys[row] = placeWithin(this.y, reports.value[last]);
        }
        return { xs, ys };
    }

    *drawDimmedLines() {
        const { layer, isNew } = this.lower("lines");
        if (!isNew) return;
        const { selection, trials, palette } = this.page;
        const isMany = selection.shownCount > RASTER_LINES;
        const raster = isMany ? this.lowerRaster(layer, 0.2) : null;
        layer.context.strokeStyle = palette.dim;
        layer.context.globalAlpha = 0.5;
        let drawn = 0;
        for (let row = 0; row < trials.count; row++) {
            if (!selection.isShown(row) || trials.reports.to(row) === trials.reports.from(row)) continue;
            if (isMany) this.set(raster, row, 0);
            else this.trace(layer.context, row);
            drawn += 1;
            if ((drawn & (isMany ? 255 : 31)) === 0) yield;
        }
        layer.context.globalAlpha = 1;
        this.lowerDone("lines", drawn);
    }

    /** One of thousands of lines, pixel by pixel. */
    set(raster, row, code, sign = 1) {
        const { ratio, x, y } = this;
        const { reports } = this.page.trials;
        const [from, to] = [reports.from(row), reports.to(row)];
        let [lastX, lastY] = [NaN, NaN];
        for (let entry = from; entry < to; entry++) {
            const value = reports.value[entry];
            const left = Number.isFinite(value) ? x.place(reports.step[entry]) * ratio : NaN;
            const top = placeWithin(y, value) * ratio;
            if (lastX === lastX && left === left) raster.line(lastX, lastY, left, top, code, sign);
            else if (to - from === 1 && left === left) raster.square(left, top, Math.round(2 * ratio), code,
                sign);
            lastX = left;
            lastY = top;
        }
    }

    /** One trial's line. A report that is no number interrupts it; a single report is a dot. */
    trace(context, row) {
        const { reports } = this.page.trials;
        const [from, to] = [reports.from(row), reports.to(row)];
        context.beginPath();
        let isDown = false;
        for (let entry = from; entry < to; entry++) {
            const value = reports.value[entry];
            if (!Number.isFinite(value)) {
                isDown = false;
                continue;
            }
            const [left, top] = [this.x.place(reports.step[entry]), placeWithin(this.y, value)];
            if (isDown) context.lineTo(left, top);
            else context.moveTo(left, top);
            isDown = true;
            if (from === to - 1) context.lineTo(left + 1.5, top);
        }
        context.stroke();
    }

    /** The mean over the seeds, with a band from the least to the largest. */
    *drawBands(groups) {
        const { context, page } = this;
        const { reports } = page.trials;
        // What is not selected lies below the rest.
        const isChosen = ({ rows }) => (rows.some((row) => page.selection.isSelected(row)) ? 1 : 0);
        const ordered = [...groups].sort((left, right) => isChosen(left) - isChosen(right));
        for (const { rows } of ordered) {
            const steps = new Map();
            for (const row of rows) {
                for (let entry = reports.from(row); entry < reports.to(row); entry++) {
                    const values = steps.get(reports.step[entry]) ?? [];
                    if (Number.isFinite(reports.value[entry])) values.push(reports.value[entry]);
                    steps.set(reports.step[entry], values);
                }
            }
            const line = [...steps].filter(([, values]) => values.length > 0).sort((left, right) => left[0] - right[0]);
            if (line.length === 0) continue;
            const isSelected = rows.some((row) => page.selection.isSelected(row));
            context.fillStyle = context.strokeStyle = isSelected ? page.colouring.of(rows[0]) : page.palette.dim;
            const path = (choose) => line.map(([step, values]) =>
                [this.x.place(step), placeWithin(this.y, choose(values))]);
            context.globalAlpha = 0.15;
            context.beginPath();
            const edge = [...path((values) => extreme(values, Math.max, NaN)),
                ...path((values) => extreme(values, Math.min, NaN)).reverse()];
            edge.forEach(([left, top]) => context.lineTo(left, top));
            context.fill();
            context.globalAlpha = 0.9;
            context.lineWidth = 1.5;
            context.beginPath();
            const means = path((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
            means.forEach(([left, top]) => context.lineTo(left, top));
            context.stroke();
            this.addPoint(rows[0], ...means[means.length - 1]);
            this.count("bands");
            yield;
        }
        context.globalAlpha = 1;
    }

    drawHover(context, row) {
        const { reports } = this.page.trials;
        if (!this.x || reports.to(row) === reports.from(row)) return;
        context.strokeStyle = this.page.palette.accent;
        context.lineWidth = 2.5;
        this.trace(context, row);
        super.drawHover(context, row);
    }

    drawNews(context, row) { this.drawHover(context, row); }

    summary() {
        const thinned = this.page.trials.sweeps.map((sweep) => sweep.reports.thinned).filter(Boolean);
        const what = this.marks.bands ? counted(this.marks.bands, "set")
            + " of values, each with the mean over its seeds and a band from the least to the largest"
            : counted(this.marks.lines ?? 0, "trial") + " with reports";
        return what + "." + (thinned.length > 0 ? " " + thinned[0] : "");
    }
}
