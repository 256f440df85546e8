// Pairs of the most important parameters, each trial coloured by its rank.

const RANKED_PARAMETERS = 4;

class RankPlot extends Plot {
    constructor(page) {
        super(page, { id: "rank", title: "Rank", wide: true });
    }

    isWanted() { return this.page.trials.count > 0 && this.page.selection.parameters().length > 1; }

    pairs() {
        const best = this.page.byImportance(this.page.selection.parameters()).slice(0, RANKED_PARAMETERS);
        return best.flatMap((first, place) => best.slice(place + 1).map((second) => [first, second]));
    }

    heightFor(width) { return panelGrid(this.pairs().length, width, 360, 230).height; }

    *draw() {
        const { page } = this;
        const pairs = this.pairs();
        const { boxes } = panelGrid(pairs.length, this.width, 360, 230);
        // Ranks are those of the metric, whatever colours the rest of the page shows.
        const colouring = page.rankColouring();
        for (const [place, [first, second]] of pairs.entries()) {
            const cell = boxes[place];
            const y = parameterScale(page, second, cell.bottom - 42, cell.top + 24,
                page.selection.scaleOf(second.name));
            const box = { left: cell.left + labelWidth(y, 40), right: cell.right - 14, top: cell.top + 24,
                bottom: cell.bottom - 42 };
            const x = parameterScale(page, first, box.left + 4, box.right - 4, page.selection.scaleOf(first.name));
            const room = Math.floor((box.right - box.left) / 6.4);
            drawAxes(this.axes, box, {
                x, y, yCount: 4, xTitle: shortened(first.shown, room), yTitle: shortened(second.shown, room),
            });
            const panel = { box, x, y, xKey: "p." + first.name, yKey: "p." + second.name };
            this.panels.push(panel);
            shadeBrush(this, panel);
            yield* this.drawRows(first.name + "/" + second.name, placeOf(first, x), placeOf(second, y), {
                radius: Math.min(2.6, pointRadius(this.units.shownCount)), colouring,
            });
        }
    }

    summary() {
        return `${counted(this.panels.length, "pair")} of the most important parameters. The `
            + `${this.page.palette.isDark ? "brighter" : "darker"} a trial, the better its rank; a trial is missing `
            + `where one of the two is inactive.` + this.page.groupWords();
    }
}
