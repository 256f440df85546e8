// Parallel coordinates: an axis for each parameter, a line for each trial. Where a parameter is inactive, the line
// goes to a rail below the axis, which is no value.

/** The least distance of two axes. */
const AXIS_DISTANCE = 66;

class ParallelPlot extends Plot {
    constructor(page) {
        super(page, {
            id: "parallel", title: "Parallel coordinates", height: 380, wide: true,
            note: "Drag along an axis to select, across its name to move it; press the name to change its scale. "
                + "Lines at the rail below an axis are trials in which the parameter is inactive.",
        });
        this.heads = element("div", { class: "axis-heads" });
        this.frame.append(this.heads);
    }

    isWanted() { return this.page.trials.count > 0 && this.axesWanted().length > 1; }

    /** Axes keep some distance; where the window is too narrow for that, the plot scrolls. */
    invalidate(change) {
        this.frame.style.minWidth = this.axesWanted().length * AXIS_DISTANCE + "px";
        super.invalidate(change);
    }

    /** The parameters that are shown, and the metric as the last axis. */
    axesWanted() {
        const { trials, selection } = this.page;
        return [...selection.parameters().map((parameter) => ({
            key: "p." + parameter.name, name: parameter.name, title: parameter.shown, parameter,
                values: parameter.values,
        })), { key: "value", name: null, title: trials.metricName, parameter: null, values: this.page.values }];
    }

    *draw() {
        const [top, bottom] = [48, this.drawnHeight - 18 - RAIL_GAP];
        this.rail = bottom + RAIL_GAP;
        const layout = this.kept("layout", () => ({ isDone: false }));
        if (!layout.isDone) {
            Object.assign(layout, yield* this.layOut(top, bottom));
            layout.isDone = true;
        }
        // Taken over as a whole: the pointer may ask for the nearest line between two steps.
        const { lineAxes, step } = layout;
        Object.assign(this, { lineAxes, step });
        this.drawAxisLines(top, bottom);
        if (this.shownHeads !== this.axesKey()) this.placeHeads();
        this.panels = this.lineAxes.map((axis) => ({
            box: { left: axis.x - Math.min(22, step / 2), right: axis.x + Math.min(22, step / 2), top: top - 8,
                bottom: this.rail + 8 },
            y: axis.scale, yKey: axis.key, axis,
        }));
        yield* this.drawLines(this.units);
    }

    /** The axes, with their scales and the place of every row. */
    *layOut(top, bottom) {
        const { page } = this;
        const wanted = this.axesWanted();
        const first = wanted[0].parameter;
        const longest = first?.isCategory ? Math.max(...first.words.map((_, place) => first.label(place).length)) : 6;
        const margin = Math.min(100, Math.max(46, longest * 6.4 + 12));
        const step = (this.width - margin - 46) / Math.max(1, wanted.length - 1);
        const lineAxes = [];
        for (const [place, axis] of wanted.entries()) {
            const scale = axis.parameter
                ? parameterScale(page, axis.parameter, bottom, top, page.selection.scaleOf(axis.name))
                : this.metricScale(bottom, top);
            yield;
            lineAxes.push({ ...axis, scale, x: margin + place * step, hasRail: false });
            this.placeRows(lineAxes[place]);
            yield;
        }
        return { lineAxes, step };
    }

    metricScale(bottom, top) {
        const { selection } = this.page;
        const wanted = selection.scaleOf("");
        const values = this.page.sortedValues();
        if (wanted === "quantile" && values.length > 0) return new QuantileScale(values, bottom, top);
        return valueScale(this.page, null, bottom, top, wanted === null ? undefined : wanted === "log");
    }

    /** The height of each row on an axis: on the scale, or on the rail. */
    placeRows(axis) {
        const { trials, selection } = this.page;
        const { scale, values, parameter } = axis;
        const spread = scale.kind === "category" ? Math.min(scale.band * 0.5, 26) : parameter?.isInteger ? 2 : 0;
        axis.places = this.places(axis.key, (row) => {
            const value = values[row];
            // Lines that meet in one value of a choice are spread a little, so that their number is seen.
            return Number.isFinite(value) ? placeWithin(scale, value) + spread * jitter(row) : this.rail
                + jitter(row) * 5;
        });
        for (let row = 0; row < trials.count && !axis.hasRail; row++) {
            axis.hasRail = !Number.isFinite(values[row]) && selection.isShown(row);
        }
    }

    drawAxisLines(top, bottom) {
        const { selection } = this.page;
        for (const axis of this.lineAxes) {
            this.shadeAxis(axis, selection.filters.get(axis.key));
            if (this.axes === KEPT_AXES) continue;
            const { x, scale } = axis;
            this.axes.append(svgElement("line", { class: "axis strong", x1: x, x2: x, y1: top, y2: bottom }));
            for (const { value, label } of shortTicks(scale, 5)) {
                const place = scale.place(value);
                if (place < top - 1 || place > bottom + 1) continue;
                this.axes.append(
                    svgElement("line", { class: "stub", x1: x - 4, x2: x, y1: place, y2: place }),
                    svgElement("text", { class: "tick-y halo", x: x - 6, y: place + 3.5,
                        text: shortened(label, Math.max(5, Math.floor((x < 110 ? 130 : this.step) / 9))) }));
            }
            if (axis.hasRail) {
                this.axes.append(
                    svgElement("line", { class: "rail", x1: x - 12, x2: x + 12, y1: this.rail, y2: this.rail }),
                    svgElement("text", { class: "rail-label halo", x, y: this.rail + 14, text: axis.parameter
                        ? selection.railWords(axis.parameter) : "no value" }));
            }
        }
    }

    shadeAxis({ x, scale }, filter) {
        if (!filter) return;
        const rectangles = [];
        if (filter.places) {
            for (const place of filter.places) rectangles.push([scale.place(place) - scale.band / 2 + 1,
                scale.band - 2]);
        } else if (filter.low !== null || filter.high !== null || !filter.inactive) {
            const [from, to] = brushRange(scale, filter);
            rectangles.push([from, Math.max(2, to - from)]);
        }
        if (filter.inactive) rectangles.push([this.rail - 6, 12]);
        for (const [y, height] of rectangles) {
            this.brushes.append(svgElement("rect", { class: "brush strong", x: x - 8, y, width: 16, height }));
        }
    }

    *drawLines(units) {
        const { context } = this;
        const { order, colouring } = this.page;
        const { mask, shownCount, selectedCount } = units;
        context.lineJoin = "bevel";
        this.marks.axes = this.lineAxes.length;
        this.lowerDrawings.push(() => this.drawDimmedLines());
        if (selectedCount < shownCount) yield* this.drawDimmedLines();
        let drawn = 0;
        if (selectedCount > RASTER_LINES) {
            const raster = this.upperRaster(colouring);
            const has = this.kept("has", () => new Uint8Array(this.page.trials.count).fill(1));
            const box = { left: 0, top: 0, right: this.width, bottom: this.drawnHeight };
            drawn = yield* this.update("lines", { has, colouring, box, alphaOf: lineAlpha, atOnce: LINES_AT_ONCE,
                pause: 127 }, (row, code, sign) => this.set(raster, row, code, sign));
        } else {
            context.lineWidth = selectedCount > 150 ? 1 : 1.4;
            context.globalAlpha = selectedCount > 150 ? 0.65 : 0.9;
            for (const row of order) {
                if (mask[row] !== SELECTED_ROW) continue;
                context.strokeStyle = colouring.of(row);
                this.trace(context, row);
                drawn += 1;
                if ((drawn & 31) === 0) yield;
            }
        }
        context.globalAlpha = 1;
        this.count("selected", drawn);
        this.count("lines", selectedCount < shownCount ? this.lowerLayer.marks.get("lines") : drawn);
        this.count("inactive", this.inactiveCount());
    }

    /** How many values are inactive, over all axes and all rows that are shown. */
    inactiveCount() {
        const { version, trials } = this.page;
        const { units } = this;
        if (this.countedVersion === version) return this.countedInactive;
        let inactive = 0;
        for (const { parameter } of this.lineAxes) {
            if (!parameter) continue;
            for (let row = 0; row < trials.count; row++) if (units.mask[row] !== HIDDEN_ROW
                && parameter.isInactive(row)) inactive += 1;
        }
        [this.countedVersion, this.countedInactive] = [version, inactive];
        return inactive;
    }

    *drawDimmedLines() {
        const { layer, isNew } = this.lower("lines");
        if (!isNew) return;
        const { trials, palette } = this.page;
        const { units } = this;
        const isMany = units.shownCount > RASTER_LINES;
        const raster = isMany ? this.lowerRaster(layer, 0.12) : null;
        layer.context.strokeStyle = palette.dim;
        layer.context.globalAlpha = 0.6;
        let drawn = 0;
        for (let row = 0; row < trials.count; row++) {
            if (units.mask[row] === HIDDEN_ROW) continue;
            if (isMany) this.set(raster, row, 0);
            else this.trace(layer.context, row);
            drawn += 1;
            if ((drawn & (isMany ? 127 : 31)) === 0) yield;
        }
        layer.context.globalAlpha = 1;
        this.lowerDone("lines", drawn);
    }

    /** One of thousands of lines, pixel by pixel. */
    set(raster, row, code, sign = 1) {
        const { ratio, lineAxes: axes } = this;
        let from = axes[0];
        for (let place = 1; place < axes.length; place++) {
            const to = axes[place];
            raster.line(from.x * ratio, from.places[row] * ratio, to.x * ratio, to.places[row] * ratio, code,
                sign);
            from = to;
        }
    }

    trace(context, row) {
        const axes = this.lineAxes;
        context.beginPath();
        context.moveTo(axes[0].x, axes[0].places[row]);
        for (let place = 1; place < axes.length; place++) context.lineTo(axes[place].x, axes[place].places[row]);
        context.stroke();
    }

    /** The heights at which a row is drawn, and whether each is on the rail: what a test asks about inactive values. */
    placesOf(row) {
        return this.lineAxes.map((axis) => ({
            name: axis.name ?? "value", y: axis.places[row], onRail: axis.places[row] > this.rail - RAIL_GAP / 2,
        }));
    }

    drawHover(context, row) {
        if (!this.lineAxes) return;
        context.lineJoin = "round";
        context.strokeStyle = this.page.palette.paper;
        context.lineWidth = 5;
        this.trace(context, row);
        context.strokeStyle = this.page.palette.accent;
        context.lineWidth = 2.5;
        this.trace(context, row);
    }

    /** Of a row that came after the axes were laid out, its places are not known yet. */
    drawNews(context, row) {
        if (!this.lineAxes) return;
        const values = this.lineAxes.map(({ key }) => this.page.selection.column(key)[row]);
        context.lineJoin = "round";
        context.strokeStyle = this.page.palette.accent;
        context.lineWidth = 2;
        context.beginPath();
        this.lineAxes.forEach(({ x, scale }, place) =>
            context.lineTo(x, Number.isFinite(values[place]) ? placeWithin(scale, values[place]) : this.rail));
        context.stroke();
    }

    /** The nearest line, selected ones only: dimmed ones are background. */
    nearest(x, y) {
        if (!this.lineAxes) return -1;
        const axes = this.lineAxes;
        const left = Math.min(axes.length - 2, Math.max(0, Math.floor((x - axes[0].x) / this.step)));
        const fraction = (x - axes[left].x) / this.step;
        if (fraction < -0.1 || fraction > 1.1) return -1;
        const { mask } = this.units;
        let found = -1;
        let least = 8;
        for (let row = 0; row < axes[left].places.length; row++) {
            if (mask[row] !== SELECTED_ROW) continue;
            const height = axes[left].places[row] * (1 - fraction) + axes[left + 1].places[row] * fraction;
            const distance = Math.abs(height - y);
            if (distance < least) [found, least] = [row, distance];
        }
        return found;
    }

    walkingOrder() { return this.page.unitRows().filter((row) => this.units.mask[row] === SELECTED_ROW); }

    typed(event) {
        // The arrow keys of the base class go through points; lines are not points.
        this.points.used = 1;
        super.typed(event);
    }

    brush(drag, x, y) {
        const { panel } = drag;
        if (!panel) return;
        const { scale, key } = panel.axis;
        const isOnRail = drag.y > this.rail - RAIL_GAP / 2;
        if (isOnRail) this.page.selection.filterAll([[key, { inactive: true }]], this);
        else {
            const filter = intervalFilter(scale, drag.y, y);
            this.page.selection.filterAll([[key, { ...filter, inactive: y > this.rail - 4 }]], this);
        }
    }

    /** A press on an axis removes its brush; elsewhere it opens the nearest trial. */
    released(event) {
        const [x, y] = this.position(event);
        const panel = this.panelAt(x, y);
        if (this.drag && !this.drag.moved && panel && this.page.selection.filters.has(panel.yKey)) {
            this.drag = null;
            this.page.selection.filter(panel.yKey, null);
            return;
        }
        super.released(event);
    }

    // Names of the axes are buttons: press for another scale, arrow keys or dragging to move.

    placeHeads() {
        this.shownHeads = this.axesKey();
        const { lineAxes } = this;
        const focused = document.activeElement?.dataset?.axis;
        this.heads.replaceChildren(...lineAxes.map((axis, place) => this.head(axis, place)));
        if (focused !== undefined) {
            const again = [...this.heads.children].find((head) => head.dataset.axis === focused);
            again?.focus();
        }
    }

    head(axis, place) {
        const { page } = this;
        const button = element("button", {
            class: "axis-head", type: "button", "data-axis": axis.key, title: axis.title,
            "aria-label": `${axis.title}: ${axis.scale.kind} axis. Press to change the scale, left and right arrow to `
                + `move it`,
        }, element("span", { class: "axis-name", text: shortened(axis.parameter ? page.label(axis.parameter)
            : axis.title, Math.max(6, Math.floor(this.step / 6.6))) }),
        element("span", { class: "axis-kind", text: axis.scale.kind === "category" ? "" : axis.scale.kind }));
        button.style.left = (100 * axis.x) / this.width + "%";
        button.style.maxWidth = Math.max(40, this.step - 4) + "px";
        button.addEventListener("click", () => { if (!this.justMoved) this.changeScale(axis); });
        button.addEventListener("keydown", (event) => {
            const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
            if (direction && axis.name !== null) {
                event.preventDefault();
                this.move(place, place + direction);
            }
        });
        this.makeDraggable(button, axis, place);
        return button;
    }

    changeScale(axis) {
        if (axis.scale.kind === "category") return;
        const kinds = axis.scale.low > 0 ? ["linear", "log", "quantile"] : ["linear", "quantile"];
        const next = kinds[(kinds.indexOf(axis.scale.kind) + 1) % kinds.length];
        this.page.selection.set({ scales: { ...this.page.selection.settings.scales, [axis.name ?? ""]: next } });
        announce(`${axis.title}: ${next} axis`);
    }

    makeDraggable(button, axis, place) {
        if (axis.name === null) return;
        let start = null;
        button.addEventListener("pointerdown", (event) => {
            event.stopPropagation();
            start = event.clientX;
            this.justMoved = false;
            button.setPointerCapture(event.pointerId);
        });
        button.addEventListener("pointermove", (event) => {
            event.stopPropagation();
            if (start === null || Math.abs(event.clientX - start) < 5) return;
            this.justMoved = true;
            button.style.left = axis.x + event.clientX - start + "px";
        });
        button.addEventListener("pointerup", (event) => {
            event.stopPropagation();
            const target = start === null ? place : place + Math.round((event.clientX - start) / this.step);
            start = null;
            if (this.justMoved) this.move(place, target);
        });
    }

    move(from, to) {
        const names = this.lineAxes.slice(0, -1).map((axis) => axis.name);
        const target = Math.min(names.length - 1, Math.max(0, to));
        const [name] = names.splice(from, 1);
        names.splice(target, 0, name);
        this.page.selection.set({ order: names });
        announce(`${visible(name)} is now axis ${target + 1} of ${names.length}`);
    }

    summary() {
        const { selection } = this.page;
        const brushed = this.lineAxes.filter((axis) => selection.filters.has(axis.key)).map((axis) => axis.title);
        const { selectedCount, shownCount } = this.units;
        return `${counted(this.lineAxes.length - 1, "parameter")} and the metric; ${formatCount(selectedCount)} of `
            + `${counted(shownCount, this.page.unitNoun, this.page.unitNouns)} selected`
            + (brushed.length > 0 ? `, brushed on ${brushed.join(", ")}` : "") + "." + this.page.groupWords();
    }
}
