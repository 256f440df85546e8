// How the marks of a plot are drawn: on two layers, and so that a brush costs as much as it changes.

class LayeredDrawing {
    /** What stays the same while only the selection changes, computed once. */
    kept(name, make) {
        if (this.keptKey !== this.paintKey) [this.keptKey, this.keptValues] = [this.paintKey, new Map()];
        if (!this.keptValues.has(name)) this.keptValues.set(name, make());
        return this.keptValues.get(name);
    }

    /** Places of all rows, computed once for a width and for settings: a brush only changes colours. */
    places(key, placeOf) {
        const version = this.page.version + "/" + this.width + "/" + this.drawnHeight;
        if (this.placesVersion !== version) [this.placesVersion, this.knownPlaces] = [version, new Map()];
        let places = this.knownPlaces.get(key);
        if (!places) {
            const { count } = this.page.trials;
            places = new Float32Array(count);
            for (let row = 0; row < count; row++) places[row] = placeOf(row);
            this.knownPlaces.set(key, places);
        }
        return places;
    }

    // Two layers: below, all trials that are shown, dimmed, drawn once for a width and for settings; above, those that
    // are selected. A brush draws only the upper one anew.

    /** The lower layer, and whether `key` still has to be drawn on it. */
    lower(key) {
        const version = [this.axesKey(), this.page.palette.isDark, this.buffer.width, this.buffer.height].join("/");
        // One that was left half drawn, because something more urgent came, is begun again.
        if (this.lowerVersion !== version || this.lowerLayer.isUnfinished) {
            const context = new OffscreenCanvas(this.buffer.width, this.buffer.height).getContext("2d",
                { willReadFrequently: true });
            context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
            this.lowerLayer = { context, raster: null, marks: new Map(), isUnfinished: false };
            this.lowerVersion = version;
        }
        const isNew = !this.lowerLayer.marks.has(key);
        this.lowerLayer.isUnfinished = isNew;
        return { layer: this.lowerLayer, isNew };
    }

    /** Says that `key` is on the lower layer, with so many marks. */
    lowerDone(key, marks) {
        this.lowerLayer.marks.set(key, marks);
        this.lowerLayer.isUnfinished = false;
    }

    /** Draws the lower layer before it is needed, so that the first brush is as quick as the next. */
    *prepare() {
        for (const draw of this.lowerDrawings) yield* draw();
        this.finishLower();
    }

    finishLower() {
        if (!this.lowerLayer?.raster || this.lowerLayer.isUnfinished) return;
        this.lowerLayer.raster.paint(this.lowerLayer.context);
        // The memory of its pixels is only needed once.
        this.lowerLayer.raster = null;
    }

    /** The raster of the upper layer, as large as the plot, with what is on it from drawings before. */
    upperRaster(colouring) {
        const { width, height } = this.buffer;
        const version = [this.paintKey, this.page.palette.isDark, width, height].join("/");
        if (this.upper?.version !== version) {
            const known = this.upper?.raster;
            const raster = known?.width === width && known.height === height ? known : new Raster(width, height);
            raster.clear();
            this.upper = { version, raster, drawings: new Map() };
        }
        this.upper.raster.use(colouring.colours, Boolean(colouring.ramp), 1);
        this.usesRaster = true;
        return this.upper.raster;
    }

    /**
     * Brings the marks of one drawing on the upper raster to what is selected: what has left the selection is taken
     * away, and what has come is added, unless that would be more work than to begin again.
     *
     * @param {string} key the drawing, of several on one raster
     * @param {Uint8Array} has whether a row has a mark at all
     * @param {Uint8Array} mask which rows are selected
     * @param {Colouring} colouring what gives the marks their colours
     * @param {{left, top, right, bottom}} box the part of the plot in which the drawing lies
     * @param {function(number): number} alphaOf how much of what is behind it one of so many marks covers
     * @param {number} atOnce how many marks may change while a pointer brushes
     * @param {function(number, number, number)} set draws the mark of a row, in a colour; with −1 it takes it away
     * @returns how many marks there are
     */
    *update(key, { has, colouring, box, alphaOf, mask = this.page.selection.units.mask, atOnce = Infinity,
        pause = 2047 }, set) {
        const { selection, order, trials } = this.page;
        const { isBrushing, isHurried } = selection;
        const { raster, drawings } = this.upper;
        let drawing = drawings.get(key);
        if (!drawing) drawings.set(key, drawing = { rows: new Uint8Array(trials.count), count: 0 });
        let [wanted, changes] = [0, 0];
        for (let row = 0; row < trials.count; row++) {
            const isWanted = mask[row] === SELECTED_ROW && has[row] === 1 ? 1 : 0;
            wanted += isWanted;
            changes += isWanted ^ drawing.rows[row];
        }
        yield;
        const isAnew = changes > wanted || (changes > 0 && !raster.isOrdered);
        const isCoarse = (isBrushing || isHurried) && Math.min(changes, wanted) > atOnce;
        const stride = isCoarse ? Math.ceil(wanted / BRUSHED_LINES) : 1;
        if (isAnew || isCoarse) {
            const { ratio } = this;
            const [left, top] = [(box.left - 6) * ratio, (box.top - 6) * ratio];
            raster.clear(left, top, (box.right + 6) * ratio, (box.bottom + 6) * ratio);
            drawing.rows.fill(0);
            drawing.count = 0;
        }
        raster.alpha = alphaOf(wanted / stride);
        let changed = 0;
        for (let place = 0; place < order.length; place++) {
            const row = order[place];
            const isWanted = mask[row] === SELECTED_ROW && has[row] === 1 && (stride === 1 || place % stride === 0) ? 1
                : 0;
            if (isWanted === drawing.rows[row]) continue;
            const sign = isWanted ? 1 : -1;
            set(row, colouring.codes[row], sign);
            drawing.rows[row] = isWanted;
            drawing.count += sign;
            if ((++changed & pause) === 0) yield;
        }
        return drawing.count;
    }

    lowerRaster(layer, alpha) {
        layer.raster ??= new Raster(this.buffer.width, this.buffer.height);
        // The second colour is never used: dimmed marks all have the first.
        layer.raster.use([this.page.palette.dim, this.page.palette.dim], true, alpha);
        return layer.raster;
    }

    /** Puts what is in the raster on the canvas: once for all panels, since it costs as much as the plot is large. */
    flush() {
        if (!this.usesRaster) return;
        this.upper.raster.paint(this.context, this.rasterIsFirst);
        this.usesRaster = false;
    }

    showsLower() {
        const { selectedCount, shownCount } = this.units;
        return this.lowerDrawings.length > 0 && Boolean(this.lowerLayer) && selectedCount < shownCount;
    }

    /** What its marks stand for. */
    get units() { return this.page.selection.units; }

    finishLayers() {
        this.flush();
        if (this.showsLower()) this.finishLower();
    }

    /**
     * Draws a point for each row that is shown, dimmed ones first and the best last.
     * @param {string} key tells the places of this drawing from others of the plot
     * @param {function(number): number} xOf the place of a row; NaN where it has none, and no point is drawn
     * @param {function(number): number} shapeOf the state whose shape the point of a row has
     */
    *drawRows(key, xOf, yOf, { radius = null, colouring = this.page.colouring,
        shapeOf = (row) => this.page.trials.columns.state[row] } = {}) {
        const { order } = this.page;
        const { context, units } = this;
        const size = radius ?? pointRadius(units.shownCount);
        const xs = this.places(key + " x", xOf);
        yield;
        const ys = this.places(key + " y", yOf);
        yield;
        const isPartial = units.selectedCount < units.shownCount;
        const dimmed = () => this.drawDimmed(key, xs, ys, size, shapeOf);
        this.lowerDrawings.push(dimmed);
        if (isPartial) yield* dimmed();
        // Where points are squares anyway, a few of them are drawn as the many before, and nothing leaps.
        const isMany = units.selectedCount > RASTER_POINTS || (size < 2 && units.shownCount > RASTER_POINTS);
        let drawn = 0;
        if (isMany) {
            const raster = this.upperRaster(colouring);
            const { ratio } = this;
            const side = Math.max(1, Math.round(size * 2 * ratio));
            const has = this.kept(key + " has", () =>
                Uint8Array.from(xs, (x, row) => (x === x && ys[row] === ys[row] ? 1 : 0)));
            const { box } = this.panels[this.panels.length - 1];
            const set = (row, code, sign) => raster.square(xs[row] * ratio, ys[row] * ratio, side, code, sign);
            drawn = yield* this.update(key, { has, colouring, box, mask: units.mask, alphaOf: () => 0.6 }, set);
            this.placed.push({ xs, ys });
        } else {
            context.lineWidth = 1.4;
            context.globalAlpha = 0.9;
            let last = null;
            for (let place = 0; place < order.length; place++) {
                if ((place & 1023) === 0) yield;
                const row = order[place];
                if (units.mask[row] !== SELECTED_ROW) continue;
                const x = xs[row];
                const y = ys[row];
                if (!(x === x && y === y)) continue;
                const colour = colouring.of(row);
                if (colour !== last) context.fillStyle = context.strokeStyle = last = colour;
                drawPoint(context, x, y, size, shapeOf(row));
                this.addPoint(row, x, y);
                drawn += 1;
            }
            context.globalAlpha = 1;
        }
        this.count("selected", drawn);
        this.count("points", isPartial ? this.lowerLayer.marks.get(key) : drawn);
    }

    *drawDimmed(key, xs, ys, size, shapeOf) {
        const { layer, isNew } = this.lower(key);
        if (!isNew) return;
        const { palette, trials } = this.page;
        const { units } = this;
        const isMany = units.shownCount > RASTER_POINTS;
        const raster = isMany ? this.lowerRaster(layer, 0.8) : null;
        layer.context.fillStyle = layer.context.strokeStyle = palette.dim;
        const side = Math.max(1, Math.round(size * 2 * this.ratio));
        let drawn = 0;
        for (let row = 0; row < trials.count; row++) {
            if ((row & (isMany ? 2047 : 255)) === 0) yield;
            const x = xs[row];
            const y = ys[row];
            if (units.mask[row] === HIDDEN_ROW || !(x === x && y === y)) continue;
            if (isMany) raster.square(x * this.ratio, y * this.ratio, side, 0);
            else drawPoint(layer.context, x, y, size, shapeOf(row));
            drawn += 1;
        }
        this.lowerDone(key, drawn);
    }

    /**
     * Draws a line from the least to the largest value of each group that has several.
     * @param {function(number): number} xOf the place of a row; NaN where it has none
     */
    *drawSpreads(key, xOf, y) {
        const { context, page, units } = this;
        const spreads = this.kept(key + " spreads", () => page.selection.groups
            .map(({ rows, low, high }) => ({ row: rows[0], x: xOf(rows[0]), isOne: rows.length < 2,
                low: placeWithin(y, low), high: placeWithin(y, high) }))
            .filter(({ x, isOne }) => x === x && !isOne)
            .sort((left, right) => page.colouring.codes[left.row] - page.colouring.codes[right.row]));
        context.lineWidth = spreads.length > 600 ? 1 : 1.5;
        context.globalAlpha = 0.6;
        // Those of one colour are one path: the ones that are not selected first.
        for (const isSelected of [false, true]) {
            let last = null;
            for (const [place, { row, x, low, high }] of spreads.entries()) {
                if ((place & 255) === 255) yield;
                if ((units.mask[row] === SELECTED_ROW) !== isSelected) continue;
                const colour = isSelected ? page.colouring.of(row) : page.palette.dim;
                if (colour !== last) {
                    if (last !== null) context.stroke();
                    context.beginPath();
                    context.strokeStyle = last = colour;
                }
                context.moveTo(x, low);
                context.lineTo(x, high);
            }
            if (last !== null) context.stroke();
        }
        context.globalAlpha = 1;
        this.count("spreads", spreads.length);
    }
}
