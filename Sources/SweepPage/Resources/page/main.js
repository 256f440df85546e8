// The page: reads the data, makes the plots, and passes on what changes.

/** By then a frame has shown what was drawn before, also where frames come 30 times a second. */
const AFTER_FRAME_MILLISECONDS = 40;
/** While trials come all the time, everything is drawn anew after this time at most. */
const LONGEST_PATIENCE_MILLISECONDS = 1500;

class Page {
    /**
     * @param {Trials} trials
     * @param {string} source the document that they were in
     * @param {?Object} live where a server tells what changes; null in a report
     */
    constructor(trials, source, live = null) {
        this.trials = trials;
        this.isLive = live !== null;
        this.selection = new Selection(trials);
        this.scheduler = new Scheduler();
        /** Changes with everything but the selection: what is computed from the rest may be kept until then. */
        this.version = 0;
        /** Runs while trials have come with which not everything is drawn yet. */
        this.newsTimer = null;
        this.changedAt = -Infinity;
        this.darkness = matchMedia("(prefers-color-scheme: dark)");
        this.tip = element("div", { class: "tip", hidden: true, "aria-hidden": "true" });
        this.selection.readAddress(location.hash.slice(1));
        this.applyTheme();
        this.prepare();
        this.header = new Header(this);
        this.toolbar = new Toolbar(this);
        this.details = new Details(this);
        this.region = new Region(this);
        this.plots = [
            ...(trials.objectives?.measured.length > 1 ? [new FrontPlot(this)] : []),
            new HistoryPlot(this), new ParallelPlot(this), new IntermediatePlot(this), new ImportancePlot(this),
                new SlicePlot(this),
            new ContourPlot(this), new DurationPlot(this), new RankPlot(this), new DependencePlot(this),
                new PathPlot(this), new OutlookPlot(this),
                new RungPlot(this),
            new DistributionPlot(this), new FailurePlot(this), new TimelinePlot(this), new TrialTable(this),
        ];
        document.getElementById("plots").append(...this.plots.map((plot) => plot.figure));
        document.getElementById("documents").append(
            this.region.figure, ...pathSections(this), ...modelSections(this), ...fileSections(this),
            new Downloads(this, source).element,
            ...provenanceSections(this), keySection());
        document.body.append(this.details.element, this.tip);
        if (live) this.live = new Live(this, live);
        this.listen();
        this.header.fill();
        this.toolbar.fill();
        this.region.fill();
        this.watch();
        this.openAddressed();
    }

    listen() {
        const { selection } = this;
        selection.addEventListener("mask", () => this.selectionChanged());
        selection.addEventListener("settings", () => {
            this.takeNews();
            this.settingsChanged();
        });
        selection.addEventListener("hover", () => {
            for (const plot of this.plots) if (plot.isVisible && plot.isDrawn && !plot.figure.hidden) plot.showHover();
        });
        addEventListener("hashchange", () => {
            if (location.hash.slice(1) === selection.lastWritten) return;
            selection.readAddress(location.hash.slice(1));
            this.settingsChanged();
            this.openAddressed();
        });
        this.darkness.addEventListener("change", () => this.settingsChanged());
        // As a plain link it would replace the address, and with it the selection.
        document.getElementById("skip").addEventListener("click", (event) => {
            event.preventDefault();
            document.querySelector("#plots canvas, #plots button")?.focus();
        });
        // Paper is white, whatever the screen is.
        addEventListener("beforeprint", () => this.drawAll("light"));
        addEventListener("afterprint", () => this.settingsChanged());
    }

    /** Draws each plot when it comes near the window, and again when its width changes. */
    watch() {
        const byFigure = new Map(this.plots.map((plot) => [plot.figure, plot]));
        const seen = new IntersectionObserver((entries) => {
            for (const { target, isIntersecting } of entries) {
                const plot = byFigure.get(target);
                plot.isVisible = isIntersecting;
                if (!isIntersecting || !plot.isDirty) continue;
                this.takeNews();
                plot.invalidate();
            }
        }, { rootMargin: "250px" });
        const sized = new ResizeObserver((entries) => {
            for (const { target } of entries) {
                const plot = byFigure.get(target);
                const width = Math.floor(plot.frame.clientWidth);
                if (plot.isDrawn && width > 0 && width !== plot.width) plot.invalidate();
            }
        });
        const inView = new IntersectionObserver((entries) => {
            for (const { target, isIntersecting } of entries) byFigure.get(target).isInView = isIntersecting;
        });
        for (const plot of this.plots) {
            inView.observe(plot.figure);
            plot.figure.hidden = !plot.isWanted();
            plot.frame.style.height = plot.height + "px";
            seen.observe(plot.figure);
            sized.observe(plot.figure);
        }
        this.balance();
    }

    // What changes, and what it reaches.

    /** Orders, colours and groups that follow from trials and settings. */
    prepare() {
        this.knownGroups = null;
        this.knownGroupOf = null;
        this.knownRanks = null;
        this.knownShown = null;
        this.knownSorted = new Map();
        this.selection.knownParameters = null;
        this.version += 1;
        this.hasGroups = this.groups().some(({ rows }) => rows.length > 1);
        this.selection.group(this.selection.settings.group && this.hasGroups ? this.groups() : null);
        this.values = this.valuesDrawn();
        this.colouring = new Colouring(this);
        this.order = this.drawingOrder();
    }

    /** The metric of each row as it is drawn: its own, or the mean of its group. */
    valuesDrawn() {
        const { value } = this.trials.columns;
        const { groups } = this.selection;
        if (!groups) return value;
        const values = value.slice();
        for (const { rows, mean } of groups) for (const row of rows) values[row] = mean;
        return values;
    }

    /** The group that a row is in, while groups are drawn. */
    groupOf(row) {
        this.knownGroupOf ??= new Map((this.selection.groups ?? []).flatMap((group) =>
            group.rows.map((each) => [each, group])));
        return this.knownGroupOf.get(row);
    }

    selectionChanged() {
        this.takeNews();
        this.redraw(this.plots.filter((plot) => plot.followsSelection), { onlySelection: true });
        this.scheduler.hurry();
        this.toolbar.fillSelection();
        clearTimeout(this.regionTimer);
        this.regionTimer = setTimeout(() => this.region.fill(), 80);
    }

    /** Draws plots anew, first the one that is brushed, then those in view. */
    redraw(plots, change) {
        const { brushedPlot, isBrushing, isHurried } = this.selection;
        const urgency = (plot) => (plot === brushedPlot ? 2 : plot.isInView ? 1 : 0);
        const ordered = [...plots].sort((left, right) => urgency(right) - urgency(left));
        this.scheduler.expect(ordered.filter((plot) => plot.isInView && !plot.figure.hidden), isBrushing || isHurried);
        for (const plot of ordered) plot.invalidate(change);
    }

    settingsChanged() {
        this.applyTheme();
        this.prepare();
        this.header.fill();
        this.toolbar.fill();
        this.region.fill();
        this.redraw(this.plots);
        this.balance();
    }

    /** A narrow plot that would stand beside nothing is as wide as the page. */
    balance() {
        const shown = this.plots.filter((plot) => !plot.figure.hidden);
        let isSecond = false;
        shown.forEach((plot, place) => {
            const isAlone = !plot.isWide && !isSecond && (shown[place + 1]?.isWide ?? true);
            plot.figure.classList.toggle("wide", plot.isWide || isAlone);
            isSecond = !plot.isWide && !isAlone && !isSecond;
        });
    }

    /** Trials have come or gone on: they are marked at once, and everything is drawn anew a little later. */
    newsArrived(rows) {
        this.selection.recompute();
        this.selection.isHurried = true;
        clearTimeout(this.wholeTimer);
        if (!this.selection.groups) for (const plot of this.plots) plot.showNews(rows);
        this.newsTimer ??= setTimeout(() => this.dataChanged(), this.patience());
    }

    /** Until everything is drawn anew. Many changes in a row leave most of the time to whoever reads. */
    patience() {
        const { lastBusy } = this.scheduler;
        const hasRested = performance.now() - this.changedAt > 5 * lastBusy;
        return Math.max(AFTER_FRAME_MILLISECONDS, hasRested ? 0 : Math.min(LONGEST_PATIENCE_MILLISECONDS, 3
            * lastBusy));
    }

    /** Before anything else is drawn: what has come and is only marked. */
    takeNews() {
        if (this.newsTimer === null) return;
        clearTimeout(this.newsTimer);
        this.dataChanged();
    }

    dataChanged() {
        const began = performance.now();
        this.newsTimer = null;
        this.wholeTimer = setTimeout(() => this.drawWhole(), 400);
        this.settingsChanged();
        if (!this.details.element.hidden && this.details.row >= 0) this.details.fill();
        this.changedAt = performance.now();
        this.scheduler.noteStep(began);
    }

    /** After news of the sweeps, and none of their trials. */
    sweepsChanged(hasNewRanking) {
        if (hasNewRanking) this.settingsChanged();
        else this.header.fill();
    }

    /** After a drawing that was hurried: all lines. */
    drawWhole() {
        this.selection.isHurried = false;
        if (this.selection.selectedCount > BRUSHED_LINES) this.redraw(this.plots, { onlySelection: true });
    }

    applyTheme(wanted = this.selection.settings.theme) {
        const isDark = wanted === "dark" || (wanted !== "light" && this.darkness.matches);
        document.documentElement.dataset.theme = isDark ? "dark" : "light";
        this.palette = new Palette(isDark);
    }

    /** Draws everything at once, also what is out of sight. */
    drawAll(theme = undefined) {
        this.takeNews();
        this.selection.isHurried = false;
        if (theme) {
            this.applyTheme(theme);
            this.colouring = new Colouring(this);
            this.knownRanks = null;
            this.header.fill();
        }
        for (const plot of this.plots) if (!plot.figure.hidden) this.scheduler.start(plot);
        this.scheduler.finish();
    }

    // What plots ask for.

    /** The rows that are shown, selected or not. */
    shownRows() {
        if (!this.knownShown) {
            this.knownShown = [];
            for (let row = 0; row < this.trials.count; row++) {
                if (this.selection.isShown(row)) this.knownShown.push(row);
            }
        }
        return this.knownShown;
    }

    /** The rows that marks stand for: all that are shown, or the first of each group. */
    unitRows() { return this.selection.groups?.map(({ rows }) => rows[0]) ?? this.shownRows(); }

    /** The values of a parameter in the rows that are shown, sorted. */
    sortedOf(parameter) { return this.sorted(parameter.name, parameter.values); }

    /** The values of the metric in the rows that are shown, sorted. */
    sortedValues() { return this.sorted(null, this.trials.columns.value); }

    sorted(key, values) {
        let sorted = this.knownSorted.get(key);
        if (!sorted) {
            const finite = new Float64Array(this.shownRows().length);
            let used = 0;
            for (const row of this.shownRows()) if (Number.isFinite(values[row])) finite[used++] = values[row];
            sorted = finite.subarray(0, used).sort();
            this.knownSorted.set(key, sorted);
        }
        return sorted;
    }

    /** Worst first, so that the best are drawn on top; trials without a value before all. */
    drawingOrder() {
        const { trials } = this;
        const keys = trials.goodness(this.values);
        for (let row = 0; row < keys.length; row++) if (Number.isNaN(keys[row])) keys[row] = -Infinity;
        const order = Uint32Array.from({ length: trials.count }, (_, row) => row);
        return order.sort((left, right) => (keys[left] === keys[right] ? left - right : keys[left] < keys[right] ? -1
            : 1));
    }

    /** Trials that differ in their seed only, of those that are shown. */
    groups() {
        if (this.knownGroups) return this.knownGroups;
        const { trials } = this;
        const compared = trials.parameters.filter((parameter) => !parameter.isSeed).map((parameter) =>
            parameter.values);
        const isSame = (left, right) => trials.columns.sweep[left] === trials.columns.sweep[right]
            && compared.every((values) => Object.is(values[left], values[right]));
        const byKey = new Map();
        const bits = compared.map((values) => new Uint32Array(values.buffer));
        for (const row of this.shownRows()) {
            if (!trials.isComplete(row)) continue;
            // A number from the bits of all values; where two sets of values share it, the next one is taken.
            let key = trials.columns.sweep[row];
            for (const words of bits) key = Math.imul(Math.imul(key ^ words[2 * row], 0x9e3779b1) ^ words[2 * row + 1],
                0x85ebca6b);
            while (byKey.has(key) && !isSame(byKey.get(key)[0], row)) key += 1;
            const rows = byKey.get(key);
            if (rows) rows.push(row);
            else byKey.set(key, [row]);
        }
        this.knownGroups = [...byKey.values()].map((rows) => {
            let [sum, low, high] = [0, Infinity, -Infinity];
            for (const row of rows) {
                const value = trials.columns.value[row];
                sum += value;
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
            return { rows, mean: sum / rows.length, low, high };
        });
        return this.knownGroups;
    }

    /** `trial`, or what marks are while groups are drawn. */
    get unitNoun() { return this.selection.groups ? "set of values" : "trial"; }

    get unitNouns() { return this.selection.groups ? "sets of values" : "trials"; }

    /** How the marks of groups are to be read; nothing while every trial has its own. */
    groupWords() {
        const { groups, shownCount } = this.selection;
        if (!groups) return "";
        const grouped = groups.reduce((sum, { rows }) => sum + rows.length, 0);
        return ` Each is the mean over the seeds; ${counted(grouped, "complete trial")} in all`
            + (grouped < shownCount ? `, without ${counted(shownCount - grouped, "other")}.` : ".");
    }

    rankColouring() {
        if (this.selection.settings.by === "value") return this.colouring;
        this.knownRanks ??= new Colouring({
            trials: this.trials, palette: this.palette, values: this.values,
            selection: { settings: { by: "value" }, isShown: (row) => this.selection.isShown(row) },
        });
        return this.knownRanks;
    }

    /** The parameters by the first importance that the report has; the others after them in their order. */
    byImportance(parameters) {
        const ranking = this.trials.sweeps[0]?.importance?.[0]?.rows ?? [];
        const values = new Map(ranking.map((row) => [row.name, row.value]));
        return [...parameters].sort((left, right) => (values.get(right.name) ?? -1) - (values.get(left.name) ?? -1));
    }

    /** The last part of a dotted path where that tells the parameter apart. The whole name is never far: in a title. */
    label(parameter) {
        const { parameters } = this.trials;
        const short = lastPart(parameter.shown);
        return parameters.filter((other) => lastPart(other.shown) === short).length === 1 ? short : parameter.shown;
    }

    stateCounts() {
        const counts = STATES.map(() => 0);
        for (let row = 0; row < this.trials.count; row++) counts[this.trials.columns.state[row]] += 1;
        return counts;
    }

    stateWords() {
        return "Colours are outcomes: " + this.stateCounts().map((count, code) =>
            [STATES[code], count]).filter(([, count]) => count > 0)
            .map(([state, count]) => `${formatCount(count)} ${state}`).join(", ") + ".";
    }

    /** A trial in one sentence. */
    sentence(row) {
        const { trials } = this;
        const group = this.groupOf(row);
        if (group && group.rows.length > 1) {
            return `${counted(group.rows.length, "trial")} with different seeds, the first is ${trials.title(row)}; `
                + `${trials.metricName} ${formatNumber(group.mean)} (${formatNumber(group.low)} to `
                + `${formatNumber(group.high)})`;
        }
        const value = Number.isFinite(trials.columns.value[row])
            ? `, ${trials.metricName} ${formatNumber(trials.columns.value[row])}` : "";
        return `${trials.title(row)}, ${STATES[trials.columns.state[row]]}${value}${this.furtherWords(row)}`;
    }

    /** The other values of a trial that count, and how it stands; nothing where one metric is all that counts. */
    furtherWords(row) {
        const { trials } = this;
        if (!trials.objectivesOf(row)) return "";
        const values = trials.further.filter((metric) => Number.isFinite(metric.values[row]))
            .map((metric) => `${metric.shown} ${formatNumber(metric.values[row])}`);
        return [...values, trials.isOnFront(row) ? "on the front" : "", trials.brokenBounds(row)]
            .filter(Boolean).map((words) => ", " + words).join("");
    }

    hover(row, event = null) {
        this.selection.hover(row);
        this.tip.hidden = row < 0 || !event;
        if (this.tip.hidden) return;
        const present = this.byImportance(this.selection.parameters()).filter((parameter) =>
            parameter.isPresent(row)).slice(0, 8);
        this.tip.replaceChildren(element("b", { text: this.sentence(row) }),
            element("dl", { class: "compact" }, ...present.flatMap((parameter) => [
            element("dt", { text: shortened(parameter.shown, 28) }),
                element("dd", { text: shortened(parameter.text(row), 28) }),
        ])));
        const { offsetWidth, offsetHeight } = this.tip;
        const left = event.clientX + 14 + offsetWidth > innerWidth ? event.clientX - 14 - offsetWidth : event.clientX
            + 14;
        const top = Math.min(event.clientY + 12, innerHeight - offsetHeight - 6);
        this.tip.style.left = Math.max(4, left) + "px";
        this.tip.style.top = Math.max(4, top) + "px";
    }

    openTrial(row) { this.details.open(row); }

    openAddressed() {
        const { trial } = this.selection.settings;
        const { sweeps } = this.trials;
        const cut = trial.lastIndexOf("/");
        // On the page of one sweep the number is enough.
        const sweep = /^[0-9]+$/.test(trial) && sweeps.length === 1 ? sweeps[0]
            : sweeps.find(({ name }) => name === trial.slice(0, cut));
        const row = sweep?.rows[Number(trial.slice(cut + 1))];
        if (row !== undefined) this.details.open(row);
    }
}

function lastPart(name) {
    return /^[\w.-]*\w$/.test(name) ? name.slice(name.lastIndexOf(".") + 1) : name;
}

/** What tests may ask. It reads and never changes anything, but for `drawAll`, which draws. */
function testInterface(page, times) {
    const plot = (id) => page.plots.find((each) => each.id === id);
    return Object.freeze({
        counts: () => Object.fromEntries(page.plots.map(({ id, marks, figure, isDrawn }) =>
            [id, { ...marks, hidden: figure.hidden, drawn: isDrawn }])),
        newsMarked: () => Object.fromEntries(page.plots.map(({ id, newsMarked }) => [id, newsMarked])),
        selected: () => Array.from({ length: page.trials.count }, (_, row) => row).filter((row) =>
            page.selection.isSelected(row)),
        shown: () => page.shownRows(),
        isIdle: () => page.scheduler.isIdle && !page.selection.isHurried,
        times: () => ({ ...times, longestStep: page.scheduler.longestStep, lastBusy: page.scheduler.lastBusy,
            lastSeen: page.scheduler.lastSeen, lastCoarse: page.scheduler.lastCoarse, live: page.live?.lastApplied
            ?? 0, news: page.live?.shownAt ?? 0 }),
        standings: () => Array.from({ length: page.trials.count }, (_, row) => page.trials.standing(row)),
        places: (row) => plot("parallel").placesOf(row),
        points: (id) => Array.from(plot(id).points.rows.subarray(0, plot(id).points.used)),
        axes: () => plot("parallel").lineAxes.map(({ key, x, scale }) => ({ key, x, kind: scale.kind, from: scale.from,
            to: scale.to })),
        panels: (id) => plot(id).panels.map(({ box, xKey, yKey }) => ({ ...box, xKey, yKey })),
        address: () => page.selection.address(),
        table: () => ({ rows: page.plots.find(({ id }) => id === "table").rows.slice() }),
        csv: () => tableText(page, page.trials.sweeps.flatMap((sweep) => sweep.rows), 0),
        journal: () => journalText(page),
        drawAll: () => page.drawAll(),
    });
}

async function start() {
    const began = performance.now();
    const place = document.getElementById("data");
    const address = place.dataset.source;
    // A server reads the whole sweep first, which takes a moment where it is large.
    if (address) document.getElementById("header").textContent = "Reading the sweep …";
    const source = address ? await fetchedDocument(address) : place.textContent;
    const parsed = JSON.parse(source);
    const trials = new Trials();
    for (const sweep of await decodeColumns(parsed.sweeps)) trials.add(sweep);
    const decoded = performance.now();
    const times = { decoded: decoded - began };
    const page = new Page(trials, source, parsed.live);
    page.live?.connect();
    if (page.isLive) restorePlace(page);
    times.built = performance.now() - decoded;
    window.revsweep = testInterface(page, times);
    document.documentElement.dataset.ready = "true";
}

start().catch((error) => {
    const needs = typeof DecompressionStream === "undefined" || typeof OffscreenCanvas === "undefined";
    document.getElementById("header").textContent = needs
        ? "This report needs a browser of 2023 or later."
        : error instanceof LoadError ? `The data of this page could not be loaded: ${visible(error.message)}. Load the `
            + "page again to try again."
        : "The data of this report could not be read: " + visible(error.message);
    document.documentElement.dataset.ready = "failed";
});
