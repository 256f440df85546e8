// Why trials have no result, by reason. Each bar is a button that selects its trials.

class FailurePlot extends Plot {
    constructor(page) {
        super(page, { id: "failures", title: "Failures by reason" });
        this.list = element("ul", { class: "bars" });
        this.frame.replaceWith(this.list);
    }

    /** How many of the rows that are shown have each cause, other than having been pruned. */
    causes() {
        const { trials, selection } = this.page;
        const counts = new Map();
        for (let row = 0; row < trials.count; row++) {
            const state = STATES[trials.columns.state[row]];
            if (!selection.isShown(row) || (state !== "failed" && state !== "diverged")) continue;
            const cause = trials.columns.cause[row];
            const entry = counts.get(cause) ?? { cause, state: trials.columns.state[row], count: 0, selected: 0,
                reasons: new Map() };
            entry.count += 1;
            if (selection.isSelected(row)) entry.selected += 1;
            const reason = trials.reason(row);
            entry.reasons.set(reason, (entry.reasons.get(reason) ?? 0) + 1);
            counts.set(cause, entry);
        }
        return [...counts.values()].sort((left, right) => right.count - left.count);
    }

    isWanted() {
        const { state } = this.page.trials.columns;
        return state.subarray(0, this.page.trials.count).some((code) => STATES[code] === "failed"
            || STATES[code] === "diverged");
    }

    *paint() {
        this.isDirty = false;
        const causes = this.causes();
        const most = Math.max(1, ...causes.map(({ count }) => count));
        this.marks = { bars: causes.length, trials: causes.reduce((sum, { count }) => sum + count, 0) };
        this.list.replaceChildren(...causes.map((entry) => this.bar(entry, most)));
        yield;
    }

    *prepare() {}

    bar({ cause, state, count, selected, reasons }, most) {
        const { selection, trials } = this.page;
        const filter = selection.filters.get("cause");
        const isChosen = Boolean(filter?.places?.includes(cause));
        const frequent = [...reasons].sort((left, right) => right[1] - left[1]).slice(0, 3);
        const fill = element("span", { class: "fill" });
        const shade = element("span", { class: "fill all" });
        fill.style.width = (100 * selected) / most + "%";
        fill.style.background = this.page.palette.states[state];
        shade.style.width = (100 * count) / most + "%";
        return element("li", {}, element("button", {
            type: "button", "aria-pressed": String(isChosen),
            on: { click: () => selection.filter("cause", isChosen ? null : { places: [cause] }) },
        },
        element("span", { class: "bar-name", text: visible(trials.causes[cause] ?? "not known") }),
        element("span", { class: "track" }, shade, fill),
        element("span", { class: "bar-count", text: formatCount(count) }),
        element("span", { class: "bar-reasons", text: frequent.map(([reason, times]) => shortened(reason, 70)
            + (times > 1 ? ` (${times} times)` : "")).join("; ") })));
    }

    present() {
        this.isDrawn = true;
        this.summaryText.textContent = this.summary();
    }

    showHover() {}

    summary() {
        return `${counted(this.marks.trials, "trial")} without a result, for ${counted(this.marks.bars, "kind")} of `
            + `reasons. Press a bar to select its trials.`;
    }
}
