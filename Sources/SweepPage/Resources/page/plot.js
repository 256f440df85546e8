// What all plots have in common: a figure with caption and a text for screen readers, canvas for marks, SVG for axes,
// drawing when it is scrolled into view, a ring around the trial under the pointer, and brushing.

/** More trials at once are not marked one by one: the drawing that follows has them all. */
const MAX_NEWS = 200;

class Plot extends LayeredDrawing {
    /**
     * @param {Page} page
     * @param {{id: string, title: string, height?: number, wide?: boolean, note?: string}} description
     */
    constructor(page, { id, title, height = 240, wide = false, note = "" }) {
        super();
        Object.assign(this, { page, id, title, height, note, isWide: wide });
        /** Near the window, and in it. */
        this.isVisible = false;
        this.isInView = false;
        /** Whether it shows what is selected; what comes with the report does not. */
        this.followsSelection = true;
        /** Changes with what a plot's own controls say; see `axesKey`. */
        this.ownVersion = 0;
        this.shownAxes = "";
        /** Whether the marks that are set by hand come before all others of this plot. */
        this.rasterIsFirst = true;
        /** What puts the dimmed marks on the lower layer; `draw` fills it. */
        this.lowerDrawings = [];
        this.isDirty = true;
        this.isDrawn = false;
        /** How many marks of each kind the last drawing had. */
        this.marks = {};
        this.panels = [];
        /** Rows that are marked on the overlay until the plot is drawn with them, and how many the drawing has. */
        this.news = [];
        this.newsInDrawing = 0;
        this.newsMarked = 0;
        /** The row to which the arrow keys went last; -1 before. */
        this.walked = -1;
        this.resetPoints();
        this.canvas = element("canvas", {
            tabindex: 0, role: "img", "aria-labelledby": id + "-title", "aria-describedby": id + "-summary",
        });
        this.overlay = element("canvas", { class: "overlay", "aria-hidden": "true" });
        this.svg = svgElement("svg", { "aria-hidden": "true", focusable: "false" });
        this.frame = element("div", { class: "frame" }, this.canvas, this.svg, this.overlay);
        this.controls = element("div", { class: "plot-controls" });
        this.summaryText = element("p", { class: "summary", id: id + "-summary" });
        this.figure = element("figure", { id, class: wide ? "wide" : "" },
            element("div", { class: "plot-head" }, element("h2", { id: id + "-title", text: title }), this.controls),
            this.frame,
            element("figcaption", {}, this.summaryText, note ? element("p", { class: "note", text: note }) : null));
        this.buffer = document.createElement("canvas");
        // Thousands of short strokes are drawn faster, and measured honestly, in memory than by a graphics card.
        this.context = this.buffer.getContext("2d", { willReadFrequently: true });
        this.visibleContext = this.canvas.getContext("2d", { willReadFrequently: true });
        this.listen();
    }

    // What a plot brings along.

    /** Whether there is anything to draw; without it the plot is not on the page. */
    isWanted() { return true; }

    /** The height that it needs at a width. */
    heightFor() { return this.height; }

    /** Draws into `this.context` and `this.axes`, and yields now and then. */
    *draw() {}

    /** The plot in one or two sentences. */
    summary() { return ""; }

    /** Marks a trial on the overlay. */
    drawHover(context, row) {
        for (let point = 0; point < this.points.used; point++) {
            if (this.points.rows[point] === row) drawRing(context, this.points.xs[point], this.points.ys[point],
                this.page.palette);
        }
    }

    /** Marks a trial that has just come, in the panels that have a place for it. */
    drawNews(context, row) {
        const { selection } = this.page;
        for (const { x, y, xKey, yKey } of this.panels) {
            if (!x || !y || !xKey || !yKey) continue;
            const left = placeWithin(x, selection.column(xKey)[row]);
            const top = placeWithin(y, selection.column(yKey)[row]);
            if (Number.isFinite(left + top)) drawRing(context, left, top, this.page.palette, 3.5);
        }
    }

    // Drawing.

    /** Draws the plot anew when it is in view. Where only the selection has changed, its axes stay as they are. */
    invalidate({ onlySelection = false } = {}) {
        if (!onlySelection) this.ownVersion += 1;
        this.isDirty = true;
        this.figure.hidden = !this.isWanted();
        if (this.isVisible && !this.figure.hidden) this.page.scheduler.run(this);
    }

    *paint() {
        const width = Math.floor(this.frame.clientWidth);
        if (width < 40) return;
        this.isDirty = false;
        this.newsInDrawing = this.news.length;
        const height = Math.ceil(this.heightFor(width));
        const ratio = window.devicePixelRatio || 1;
        Object.assign(this, { width, drawnHeight: height, ratio });
        this.clearBuffer(Math.round(width * ratio), Math.round(height * ratio));
        this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
        this.paintKey = this.axesKey();
        this.usesRaster = false;
        this.axes = this.shownAxes === this.paintKey ? KEPT_AXES : svgElement("g");
        this.brushes = svgElement("g");
        this.hasPresentedAxes = false;
        this.marks = {};
        this.panels = [];
        this.resetPoints();
        this.lowerDrawings = [];
        yield* this.draw();
        this.finishLayers();
    }

    clearBuffer(width, height) {
        const { buffer, context } = this;
        // Another size clears it, too, and costs new memory.
        if (buffer.width === width && buffer.height === height && context.reset) context.reset();
        else Object.assign(buffer, { width, height });
    }

    /** Says of what axes they are: while it stays the same, those that are shown need not be replaced. */
    axesKey() { return [this.page.version, this.ownVersion, this.width, this.drawnHeight].join("/"); }

    /** Shows what has been drawn. */
    present(isWhole) {
        if (!this.axes) return;
        if (!this.hasPresentedAxes) {
            this.frame.style.height = this.drawnHeight + "px";
            // On paper the width is another one, and marks and axes shrink together.
            this.frame.style.aspectRatio = this.width + " / " + this.drawnHeight;
            this.svg.setAttribute("viewBox", `0 0 ${this.width} ${this.drawnHeight}`);
            if (this.axes === KEPT_AXES) this.svg.lastChild.replaceWith(this.brushes);
            else this.svg.replaceChildren(this.axes, this.brushes);
            this.hasPresentedAxes = true;
        }
        // Axes that are still being drawn may be given up for others.
        this.shownAxes = isWhole ? this.paintKey : "";
        if (this.canvas.width !== this.buffer.width || this.canvas.height !== this.buffer.height) {
            this.canvas.width = this.buffer.width;
            this.canvas.height = this.buffer.height;
        } else this.visibleContext.clearRect(0, 0, this.canvas.width, this.canvas.height);
        if (this.showsLower()) {
            this.visibleContext.drawImage(this.lowerLayer.context.canvas, 0, 0);
            if (!isWhole) this.lowerLayer.raster?.paint(this.visibleContext);
        }
        this.visibleContext.drawImage(this.buffer, 0, 0);
        if (!isWhole) {
            if (this.usesRaster) this.upper.raster.paint(this.visibleContext);
            return;
        }
        this.isDrawn = true;
        this.news.splice(0, this.newsInDrawing);
        this.newsInDrawing = 0;
        this.summaryText.textContent = this.summary();
        this.showHover();
    }

    // Points: what is under the pointer, and what the arrow keys go through.

    resetPoints() {
        this.knownPoints = { used: 0, rows: new Uint32Array(0), xs: new Float32Array(0), ys: new Float32Array(0) };
        /** Places of rows, of which the selected ones are points as soon as somebody points at the plot. */
        this.placed = [];
    }

    get points() {
        const { order } = this.page;
        const { mask } = this.units;
        for (const { xs, ys } of this.placed.splice(0)) {
            for (const row of order) {
                const isThere = mask[row] === SELECTED_ROW && xs[row] === xs[row] && ys[row] === ys[row];
                if (isThere) this.addPoint(row, xs[row], ys[row]);
            }
        }
        return this.knownPoints;
    }

    addPoint(row, x, y) {
        const points = this.knownPoints;
        if (points.used === points.rows.length) {
            for (const name of ["rows", "xs", "ys"]) points[name] = grown(points[name], points.used + 1);
        }
        points.rows[points.used] = row;
        points.xs[points.used] = x;
        points.ys[points.used] = y;
        points.used += 1;
    }

    count(kind, number = 1) { this.marks[kind] = (this.marks[kind] ?? 0) + number; }

    /** The row of the nearest point, -1 if none is near. */
    nearest(x, y, reach = 14) {
        let found = -1;
        let least = reach * reach;
        const { points } = this;
        for (let point = 0; point < points.used; point++) {
            const distance = (points.xs[point] - x) ** 2 + (points.ys[point] - y) ** 2;
            if (distance <= least) [found, least] = [point, distance];
        }
        return found < 0 ? -1 : points.rows[found];
    }

    /** Marks trials that have just come where they belong on the axes that are there: the plot follows in its time. */
    showNews(rows) {
        if (!this.isVisible || !this.isDrawn || this.figure.hidden) return;
        const marked = rows.slice(0, Math.max(0, MAX_NEWS - this.news.length));
        this.news.push(...marked);
        this.newsMarked += marked.length;
        this.showHover();
    }

    showHover() {
        const { selection } = this.page;
        const row = selection.hovered;
        if (row < 0 && this.news.length === 0 && !this.hasOverlay) return;
        const context = this.overlay.getContext("2d");
        this.overlay.width = this.buffer.width;
        this.overlay.height = this.buffer.height;
        context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
        this.hasOverlay = row >= 0 || this.news.length > 0;
        for (const each of this.news) if (selection.isSelected(each)) this.drawNews(context, each);
        if (row < 0 || !selection.isShown(row)) return;
        this.drawHover(context, row);
        const first = this.page.groupOf(row)?.rows[0] ?? row;
        if (first !== row) this.drawHover(context, first);
    }

    // Pointer and keyboard.

    listen() {
        const { frame, canvas } = this;
        frame.addEventListener("pointermove", (event) => this.moved(event));
        frame.addEventListener("pointerleave", () => { if (!this.drag) this.page.hover(-1); });
        frame.addEventListener("pointerdown", (event) => this.pressed(event));
        frame.addEventListener("pointerup", (event) => this.released(event));
        frame.addEventListener("pointercancel", () => {
            this.drag = null;
            this.endBrush();
        });
        frame.addEventListener("dblclick", () => this.clearBrush());
        canvas.addEventListener("keydown", (event) => this.typed(event));
        canvas.addEventListener("blur", () => this.page.hover(-1));
    }

    position(event) {
        const bounds = this.frame.getBoundingClientRect();
        return [event.clientX - bounds.left, event.clientY - bounds.top];
    }

    moved(event) {
        const [x, y] = this.position(event);
        if (this.drag) {
            this.drag.moved ||= Math.hypot(x - this.drag.x, y - this.drag.y) > 4;
            if (!this.drag.moved || !this.drag.panel) return;
            this.page.hover(-1);
            this.page.selection.isBrushing = true;
            this.brush(this.drag, x, y);
            return;
        }
        this.page.hover(this.nearest(x, y), event);
    }

    pressed(event) {
        if (event.button !== 0) return;
        const [x, y] = this.position(event);
        this.drag = { x, y, moved: false, panel: this.panelAt(x, y) };
        this.frame.setPointerCapture(event.pointerId);
    }

    released(event) {
        const { drag } = this;
        this.drag = null;
        this.endBrush();
        if (!drag || drag.moved) return;
        const row = this.nearest(...this.position(event));
        if (row >= 0) this.page.openTrial(row);
    }

    endBrush() {
        if (!this.page.selection.isBrushing) return;
        this.page.selection.isBrushing = false;
        this.page.selectionChanged();
    }

    panelAt(x, y) {
        return this.panels.find(({ box }) =>
            x >= box.left - 6 && x <= box.right + 6 && y >= box.top - 6 && y <= box.bottom + 6);
    }

    /** Selects the rectangle between where the pointer was pressed and where it is. */
    brush({ panel, x: startX, y: startY }, x, y) {
        if (!panel) return;
        const entries = [];
        if (panel.xKey && Math.abs(x - startX) > 4) entries.push([panel.xKey, intervalFilter(panel.x, startX, x)]);
        if (panel.yKey && Math.abs(y - startY) > 4) entries.push([panel.yKey, intervalFilter(panel.y, startY, y)]);
        if (entries.length > 0) this.page.selection.filterAll(entries, this);
    }

    clearBrush() {
        const keys = this.panels.flatMap((panel) => [panel.xKey, panel.yKey]).filter(Boolean);
        this.page.selection.filterAll([...new Set(keys)].map((key) => [key, null]));
    }

    /** Arrow keys go from point to point, Enter opens the trial, Escape clears the brush. */
    typed(event) {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (step && this.points.used > 0) {
            const rows = this.walkingOrder();
            if (rows.length === 0) return;
            event.preventDefault();
            this.walked = this.rowBeside(this.walked, step, rows);
            this.page.hover(this.walked);
            announce(this.page.sentence(this.walked));
        } else if (event.key === "Enter" && this.page.selection.hovered >= 0) {
            this.page.openTrial(this.page.selection.hovered);
        } else if (event.key === "Escape") this.clearBrush();
    }

    /** The rows that there are points of, in order. */
    walkingOrder() { return Uint32Array.from(new Set(this.points.rows.subarray(0, this.points.used))).sort(); }

    /** The row after or before one that may be there no longer; from no row on the first or the last one. */
    rowBeside(row, step, rows) {
        if (row < 0) return rows[step > 0 ? 0 : rows.length - 1];
        const place = lowerBound(rows, row);
        const next = step < 0 ? place - 1 : rows[place] === row ? place + 1 : place;
        return rows[(next + rows.length) % rows.length];
    }
}

/** Stands for axes that are shown already, and takes what is drawn of them once more. */
const KEPT_AXES = { append() {} };

function drawRing(context, x, y, palette, radius = 6.5) {
    context.lineWidth = 4;
    context.strokeStyle = palette.paper;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
    context.lineWidth = 2;
    context.strokeStyle = palette.accent;
    context.stroke();
}

/** The filter of the part of an axis between two places. An end of the axis is an open end. */
function intervalFilter(scale, first, second) {
    const [near, far] = Math.abs(first - scale.from) < Math.abs(second - scale.from) ? [first, second]
        : [second, first];
    if (scale.kind === "category") {
        const places = [];
        for (let place = 0; place < scale.labels.length; place++) {
            const middle = scale.place(place);
            if (middle >= Math.min(near, far) - scale.band / 2 && middle <= Math.max(near, far)
                + scale.band / 2) places.push(place);
        }
        return { places };
    }
    const direction = Math.sign(scale.to - scale.from);
    const isBeforeStart = (near - scale.from) * direction <= 3;
    const isPastEnd = (scale.to - far) * direction <= 3;
    return {
        low: isBeforeStart ? null : valueAt(scale, near),
        high: isPastEnd ? null : valueAt(scale, far),
    };
}

/** The value at a place with no more digits than a pixel is worth: addresses stay short, and say what is meant. */
function valueAt(scale, place) {
    const value = scale.value(place);
    const step = Math.abs(scale.value(place + 1) - value);
    if (!(step > 0) || !Number.isFinite(step)) return value;
    const power = 10 ** Math.floor(Math.log10(step));
    return Number((Math.round(value / power) * power).toPrecision(12));
}

/** Draws the rectangle of a brush on the part of an axis. */
function brushRange(scale, filter) {
    if (!filter || filter.places) return null;
    const from = filter.low === null ? scale.from : placeWithin(scale, filter.low);
    const to = filter.high === null ? scale.to : placeWithin(scale, filter.high);
    return [Math.min(from, to), Math.max(from, to)];
}

/** Shades the rectangles that filters leave in a panel. */
function shadeBrush(plot, panel) {
    const { page, brushes: group } = plot;
    const { filters } = page.selection;
    const xRange = panel.xKey ? brushRange(panel.x, filters.get(panel.xKey)) : null;
    const yRange = panel.yKey ? brushRange(panel.y, filters.get(panel.yKey)) : null;
    if (!xRange && !yRange) return;
    const [left, right] = xRange ?? [panel.box.left, panel.box.right];
    const [top, bottom] = yRange ?? [panel.box.top, panel.box.bottom];
    group.append(svgElement("rect", {
        class: "brush", x: left, y: top, width: Math.max(1, right - left), height: Math.max(1, bottom - top),
    }));
}
