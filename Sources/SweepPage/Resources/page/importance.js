// How much each parameter matters, as bars with bootstrap intervals. The numbers come with the report; they are of all
// trials and do not follow the selection.

class ImportancePlot extends Plot {
    constructor(page) {
        super(page, { id: "importance", title: "Importance" });
        this.followsSelection = false;
        this.place = 0;
        this.choice = selectBox("by", [], "", (value) => {
            this.place = Number(value);
            this.invalidate();
        });
        this.controls.append(this.choice.whole);
    }

    /** Every ranking that the report has: of each sweep, by each method. */
    rankings() {
        const { sweeps } = this.page.trials;
        return sweeps.flatMap((sweep) => (sweep.importance ?? []).flatMap((ranking) => {
            const prefix = sweeps.length > 1 ? sweep.shown + ", " : "";
            const whole = { title: prefix + visible(ranking.method), words: ranking.words, rows: ranking.rows };
            const pairs = (ranking.interactions ?? []).map((pair) => ({ ...pair, name: pair.first + " × "
                + pair.second }));
            return pairs.length === 0 ? [whole]
                : [whole, { title: whole.title + ", pairs", words: ranking.words, rows: pairs }];
        }));
    }

    /** A page that follows a sweep says that the numbers are still to come. */
    isWanted() { return this.page.isLive || this.rankings().some((ranking) => ranking.rows.length > 0); }

    rows() {
        const ranking = this.rankings()[this.place] ?? this.rankings()[0];
        return [...(ranking?.rows ?? [])].sort((left, right) => right.value - left.value).slice(0, 16);
    }

    heightFor() { return this.rows().length * 22 + 40; }

    *draw() {
        const rankings = this.rankings();
        this.choice.whole.hidden = rankings.length === 0;
        if (rankings.length === 0) return;
        fillSelect(this.choice.box, rankings.map(({ title }, place) => [String(place), title]), String(this.place));
        const rows = this.rows();
        const names = Math.min(this.width * 0.42, Math.max(70,
            ...rows.map((row) => visible(row.name).length * 6.6 + 12)));
        const highest = Math.max(1e-9, ...rows.map((row) => row.high ?? row.value));
        const x = new LinearScale(0, highest, names, this.width - 56);
        rows.forEach((row, place) => {
            const y = 8 + place * 22;
            this.axes.append(
                svgElement("text", { class: "tick-y name", x: names - 8, y: y + 12,
                    text: shortened(visible(row.name), Math.floor(names / 6.6)) },
                    svgElement("title", { text: visible(row.name) })),
                svgElement("rect", { class: "bar", x: names, y: y + 2, width: Math.max(1, x.place(row.value) - names),
                    height: 13 }));
            if (row.low !== undefined && row.low !== null) {
                const [from, to] = [x.place(row.low), x.place(row.high)];
                this.axes.append(svgElement("path", { class: "whisker",
                    d: `M${from} ${y + 8.5}H${to}M${from} ${y + 5}v7M${to} ${y + 5}v7` }));
                this.count("intervals");
            }
            const end = Math.max(x.place(row.value), x.place(row.high ?? 0));
            this.axes.append(svgElement("text", { class: "bar-value", x: end + 6, y: y + 12,
                text: formatNumber(row.value, 2) + (row.warning ? " *" : "") }));
            this.count("bars");
        });
        const scale = { ...x, kind: "linear", place: (value) => x.place(value), ticks: (count) => x.ticks(count) };
        drawAxes(this.axes, { left: names, right: this.width - 56, top: 0, bottom: rows.length * 22 + 10 },
            { x: scale, xCount: 4 });
        yield;
    }

    /** How many trials have been completed since the server computed these numbers. */
    completedSince() {
        const { trials } = this.page;
        return trials.sweeps.reduce((sum, sweep) => sum + (sweep.completeAtRanking === undefined ? 0
            : trials.completeCount(sweep) - sweep.completeAtRanking), 0);
    }

    summary() {
        const ranking = this.rankings()[this.place] ?? this.rankings()[0];
        if (!ranking) return "Which parameters matter is not known yet: too few trials are complete.";
        const first = this.rows().slice(0, 3).map((row) => {
            const interval = row.low !== undefined && row.low !== null
                ? ` (${formatNumber(row.low, 2)} to ${formatNumber(row.high, 2)})` : "";
            return `${visible(row.name)} ${formatNumber(row.value, 2)}${interval}`;
        });
        const since = this.completedSince();
        const age = since > 0 ? ` ${counted(since, "trial")} ${since === 1 ? "has" : "have"} been completed since.` : "";
        const warnings = [...new Set(this.rows().map((row) => row.warning).filter(Boolean))];
        return `${visible(ranking.title)}: ${first.join(", ")}. ${ranking.words ?? ""}${age} `
            + `${warnings.map((warning) => "* " + visible(warning)).join(" ")}`.trim();
    }
}
