// The metric against each parameter. Trials in which the parameter is inactive have no place and are counted instead.

/** How many small pictures a plot of many parameters begins with. */
const FIRST_PANELS = 12;

class SlicePlot extends Plot {
    constructor(page) {
        super(page, { id: "slice", title: "Slice", wide: true });
        this.showsAll = false;
        this.more = element("button", {
            type: "button", class: "quiet", on: { click: () => {
                this.showsAll = true;
                this.invalidate();
            } },
        });
        this.controls.append(this.more);
    }

    isWanted() { return this.page.trials.count > 0 && this.page.selection.parameters().length > 0; }

    wanted() {
        const all = this.page.byImportance(this.page.selection.parameters());
        this.more.hidden = this.showsAll || all.length <= FIRST_PANELS;
        this.more.textContent = `all ${all.length} parameters`;
        return this.showsAll ? all : all.slice(0, FIRST_PANELS);
    }

    heightFor(width) { return panelGrid(this.wanted().length, width, 250, 190).height; }

    *draw() {
        const { page } = this;
        const { values: value } = page;
        const { groups } = page.selection;
        this.rasterIsFirst = !groups;
        const wanted = this.wanted();
        const { boxes } = panelGrid(wanted.length, this.width, 250, 190);
        this.inactive = new Map();
        for (const [place, parameter] of wanted.entries()) {
            const cell = boxes[place];
            yield;
            const y = valueScale(page, null, cell.bottom - 38, cell.top + 24);
            const box = { left: cell.left + labelWidth(y, 40), right: cell.right - 14, top: cell.top + 24,
                bottom: cell.bottom - 38 };
            const x = parameterScale(page, parameter, box.left + 5, box.right - 5,
                page.selection.scaleOf(parameter.name));
            drawAxes(this.axes, box, { x, y, yCount: 3,
                yTitle: shortened(parameter.shown, Math.floor((box.right - box.left) / 6.4)) });
            const panel = { box, x, y, xKey: "p." + parameter.name, yKey: "value" };
            this.panels.push(panel);
            shadeBrush(this, panel);
            const spread = spreadOf(parameter, x);
            const before = this.marks.points ?? 0;
            const xOf = (row) => (parameter.isPresent(row) ? x.place(parameter.values[row]) + spread * jitter(row)
                : NaN);
            if (groups) yield* this.drawSpreads(parameter.name, xOf, y);
            yield* this.drawRows(
                parameter.name, xOf, (row) => (Number.isFinite(value[row]) ? placeWithin(y, value[row]) : NaN),
                { radius: Math.min(2.6, pointRadius(this.units.shownCount)) });
            this.marks["points of " + parameter.name] = (this.marks.points ?? 0) - before;
            const { inactive, missing } = this.kept(parameter.name, () => ({
                inactive: page.unitRows().filter((row) => parameter.isInactive(row)).length,
                missing: page.unitRows().filter((row) => parameter.values[row] === MISSING).length,
            }));
            this.marks.inactive = (this.marks.inactive ?? 0) + inactive;
            if (inactive + missing > 0) {
                if (inactive > 0) this.inactive.set(parameter.shown, inactive);
                this.axes.append(svgElement("text", {
                    class: "remark", x: box.right, y: box.bottom + 29,
                    text: inactive > 0 ? `inactive in ${formatCount(inactive)}, not drawn`
                        : `not known in ${formatCount(missing)}`,
                }));
            }
            yield;
        }
    }

    summary() {
        const inactive = [...this.inactive].map(([name, count]) => `${name} in ${formatCount(count)}`);
        return `${this.page.trials.metricName} against ${counted(this.panels.length, "parameter")}, most important `
            + `first.` + this.page.groupWords()
            + (inactive.length > 0 ? ` Inactive, and then not drawn: ${inactive.slice(0, 6).join(", ")}.` : "");
    }
}
