// Two parameters at once: the mean of the metric in cells of the plane, over the trials themselves. A cell without a
// trial stays empty; nothing is made up between trials.

class ContourPlot extends Plot {
    constructor(page) {
        super(page, { id: "contour", title: "Contour", height: 320 });
        // The cells are below the points.
        this.rasterIsFirst = false;
        this.first = selectBox("x", [], "", (name) => this.choose(0, name));
        this.second = selectBox("y", [], "", (name) => this.choose(1, name));
        this.controls.append(this.first.whole, this.second.whole);
    }

    isWanted() { return this.page.trials.count > 0 && this.page.selection.parameters().length > 1; }

    choose(place, name) {
        const pair = this.pair().map((parameter) => parameter.name);
        if (pair[1 - place] === name) pair.reverse();
        pair[place] = name;
        this.page.selection.set({ pair });
    }

    /** The reader's pair, else the two most important parameters. */
    pair() {
        const parameters = this.page.selection.parameters();
        const chosen = this.page.selection.settings.pair.map((name) => parameters.find((each) => each.name === name));
        const best = this.page.byImportance(parameters);
        if (chosen.length === 2 && chosen.every(Boolean) && chosen[0] !== chosen[1]) return chosen;
        return best.slice(0, 2);
    }

    *draw() {
        const { page } = this;
        const [first, second] = this.pair();
        const names = page.selection.parameters().map((parameter) => [parameter.name, parameter.shown]);
        fillSelect(this.first.box, names, first.name);
        fillSelect(this.second.box, names, second.name);
        const y = parameterScale(page, second, this.drawnHeight - 44, 22, page.selection.scaleOf(second.name));
        const box = { left: labelWidth(y, 40), right: this.width - 12, top: 22, bottom: this.drawnHeight - 44 };
        const x = parameterScale(page, first, box.left, box.right, page.selection.scaleOf(first.name));
        yield* this.drawCells(first, second, x, y, box);
        drawAxes(this.axes, box, { x, y, xTitle: first.shown, yTitle: second.shown });
        const panel = { box, x, y, xKey: "p." + first.name, yKey: "p." + second.name };
        this.panels.push(panel);
        shadeBrush(this, panel);
        yield* this.drawRows(first.name + "/" + second.name, placeOf(first, x), placeOf(second, y),
            { radius: Math.min(2.4, pointRadius(this.units.shownCount)) });
        this.pairNames = [first.shown, second.shown];
    }

    *drawCells(first, second, x, y, box) {
        const { page, context } = this;
        const { trials, selection, palette } = page;
        const columns = x.kind === "category" ? x.labels.length
            : Math.min(16, Math.max(4, Math.round(Math.sqrt(selection.shownCount) / 2)));
        const rows = y.kind === "category" ? y.labels.length
            : Math.min(12, Math.max(4, Math.round(Math.sqrt(selection.shownCount) / 2)));
        // Of two choices of many words nearly no cell has a trial.
        const cells = new Map();
        const goodness = trials.goodness(trials.columns.value);
        const placeX = placeOf(first, x, false);
        const placeY = placeOf(second, y, false);
        const width = (box.right - box.left) / columns;
        const height = (box.bottom - box.top) / rows;
        for (let row = 0; row < trials.count; row++) {
            if (!selection.isSelected(row) || !trials.isComplete(row)) continue;
            const [left, top] = [placeX(row), placeY(row)];
            if (!(left === left && top === top)) continue;
            const column = Math.min(columns - 1, Math.max(0, Math.floor((left - box.left) / width)));
            const line = Math.min(rows - 1, Math.max(0, Math.floor((top - box.top) / height)));
            const key = line * columns + column;
            const cell = cells.get(key);
            if (cell) {
                cell.sum += goodness[row];
                cell.count += 1;
            } else cells.set(key, { key, sum: goodness[row], count: 1 });
            if ((row & 4095) === 4095) yield;
        }
        const ranked = [...cells.values()].sort((left, right) =>
            left.sum / left.count - right.sum / right.count || left.key - right.key);
        context.globalAlpha = palette.isDark ? 0.5 : 0.42;
        ranked.forEach(({ key }, rank) => {
            const step = ranked.length < 2 ? STEPS - 1 : Math.round((rank / (ranked.length - 1)) * (STEPS - 1));
            context.fillStyle = palette.sequence[step];
            const [left, top] = [box.left + (key % columns) * width, box.top + Math.floor(key / columns) * height];
            context.fillRect(left + 0.5, top + 0.5, Math.max(1, width - 1), Math.max(1, height - 1));
        });
        context.globalAlpha = 1;
        this.marks.cells = ranked.length;
        this.cells = columns * rows;
    }

    summary() {
        const { marks } = this;
        return `${this.pairNames.join(" and ")}: ${formatCount(marks.cells)} of ${formatCount(this.cells)} cells have `
            + `complete trials, coloured by the rank of their mean; `
            + `${counted(marks.points ?? 0, this.page.unitNoun, this.page.unitNouns)} in which both are active.`
            + this.page.groupWords();
    }
}

/** How far points of one value are spread, so that their number is seen: the room that a word or a whole number has. */
function spreadOf(parameter, scale) {
    if (scale.kind === "category") return scale.band * 0.6;
    if (!parameter.isInteger || scale.kind !== "linear") return 0;
    return Math.min(14, Math.abs(scale.place(1) - scale.place(0)) * 0.5);
}

/** Where a row is on a scale; NaN, so that it is not drawn, where the parameter is inactive. */
function placeOf(parameter, scale, isSpread = true) {
    const spread = isSpread ? spreadOf(parameter, scale) : 0;
    const turn = scale.from > scale.to ? 7919 : 0;
    return (row) => (parameter.isPresent(row) ? scale.place(parameter.values[row]) + spread * jitter(row + turn) : NaN);
}
