// One trial: what it ran with, what it gave, and what was decided about it.

class Details {
    constructor(page) {
        this.page = page;
        this.log = null;
        this.heading = element("h2", { id: "details-title", tabindex: -1 });
        this.facts = element("div");
        this.logPlace = element("div");
        this.content = element("div", { class: "details-content" }, this.facts, this.logPlace);
        const button = (text, label, action) => element("button",
            { type: "button", text, "aria-label": label, on: { click: action } });
        this.element = element("aside", { id: "details", "aria-labelledby": "details-title", hidden: true, on: {
            keydown: (event) => { if (event.key === "Escape") this.close(); },
        } },
        element("div", { class: "details-head" }, this.heading,
            button("‹", "the trial before", () => this.step(-1)), button("›", "the next trial", () => this.step(1)),
            button("×", "close", () => this.close())),
        this.content);
    }

    open(row) {
        const wasHidden = this.element.hidden;
        if (wasHidden) this.before = document.activeElement;
        if (row !== this.row) {
            this.stopLog();
            this.element.scrollTop = 0;
        }
        this.row = row;
        this.element.hidden = false;
        this.fill();
        const { trials, selection } = this.page;
        selection.settings.trial = trials.sweeps[trials.columns.sweep[row]].name + "/" + trials.columns.number[row];
        selection.changed("address");
        if (wasHidden) this.heading.focus({ preventScroll: true });
        else announce(this.page.sentence(row));
    }

    close() {
        if (this.element.hidden) return;
        this.element.hidden = true;
        this.row = -1;
        this.stopLog();
        this.page.selection.settings.trial = "";
        this.page.selection.changed("address");
        this.before?.focus?.({ preventScroll: true });
    }

    /** The trial before or after it among the selected ones. */
    step(direction) {
        const rows = this.page.shownRows().filter((row) => this.page.selection.isSelected(row));
        const place = rows.indexOf(this.row);
        const next = rows[(place + direction + rows.length) % rows.length];
        if (next !== undefined) this.page.openTrial(next);
    }

    /** Shows the trial as it is now. What has not changed stays where it is, with the reader's focus in it. */
    fill() {
        const { trials } = this.page;
        const { row } = this;
        const { columns } = trials;
        this.heading.textContent = trials.title(row);
        const state = STATES[columns.state[row]];
        const dot = element("span", { class: "dot", "aria-hidden": "true" });
        dot.style.background = this.page.palette.states[columns.state[row]];
        const facts = [["state", element("span", {}, dot, state)]];
        if (Number.isFinite(columns.value[row])) facts.push([trials.metricName, formatNumber(columns.value[row], 8)
            + this.rankWords(row)]);
        for (const { name, shown } of trials.objectivesOf(row)?.further ?? []) {
            const { values } = trials.furtherMetric(name);
            if (Number.isFinite(values[row])) facts.push([shown, formatNumber(values[row], 8)]);
        }
        const broken = trials.brokenBounds(row);
        if (broken) facts.push(["bounds", broken]);
        const reason = trials.reason(row);
        if (reason) facts.push(["reason", reason]);
        const expected = trials.expectations.get(row);
        if (expected) facts.push(["expected",
            `${formatNumber(expected.mean)} ± ${formatNumber(expected.deviation, 2)} by the sampler's model, before `
                + `it ran${this.surpriseWords(row, expected)}`]);
        const proposer = trials.proposers.get(row);
        if (proposer) facts.push(["proposed by", proposer]);
        facts.push(["origin", visible(trials.origins[row])]);
        if (columns.seconds[row] >= 0) facts.push(["last attempt", formatDuration(columns.seconds[row])]);
        replaceKept(this.facts,
            factList(facts),
            ...section("Parameters", factList(trials.parameters.map((parameter) => [
                parameter.shown, parameter.isPresent(row) ? parameter.text(row)
                : element("span", { class: "faint", text: parameter.text(row)
                    + (parameter.isInactive(row) && parameter.when ? ", needs " + visible(parameter.when) : "") }),
            ]))),
            ...this.metricSection(row), ...this.reportSection(row), ...this.attemptSection(row),
                ...this.decisionSection(row),
            ...this.enqueueSection(row), ...this.lastLinesSection(row));
        this.followLog(row);
    }

    /** Whether the value lies where nine of ten such trials were expected. */
    surpriseWords(row, { low, high }) {
        if (!Number.isFinite(low) || !Number.isFinite(high)) return "";
        const words = `; nine of ten such trials ${formatNumber(low)} to ${formatNumber(high)}`;
        if (!this.page.trials.isComplete(row)) return words;
        const value = this.page.trials.columns.value[row];
        return words + (value >= low && value <= high ? ", as this one" : ", unlike this one");
    }

    rankWords(row) {
        const { trials } = this.page;
        if (!trials.isUsable(row)) return "";
        const objectives = trials.objectivesOf(row);
        if (objectives?.areSeveral) {
            if (trials.isOnFront(row)) return ", on the front: no other trial dominates it";
            const rivals = objectives.rivals(row, trials.sweeps[trials.columns.sweep[row]].rows);
            return rivals > 0 ? `, dominated by ${counted(rivals, "trial")}` : "";
        }
        let [better, all] = [0, 0];
        const sign = trials.signOf(row);
        for (const other of trials.sweeps[trials.columns.sweep[row]].rows) {
            if (other === undefined || !trials.isUsable(other)) continue;
            all += 1;
            if (sign * (trials.columns.value[other] - trials.columns.value[row]) > 0) better += 1;
        }
        return (better === 0 ? `, the best of ${formatCount(all)}`
            : `, rank ${formatCount(better + 1)} of ${formatCount(all)}`)
            + (trials.sweeps.length > 1 ? " in its sweep" : "");
    }

    metricSection(row) {
        const known = this.page.trials.metrics.filter((metric) => Number.isFinite(metric.values[row]));
        return known.length === 0 ? [] : section("Other metrics, last values",
            factList(known.map((metric) => [metric.shown, formatNumber(metric.values[row], 8)])));
    }

    reportSection(row) {
        const { reports } = this.page.trials;
        const [from, to] = [reports.from(row), reports.to(row)];
        if (to - from < 2) return [];
        const steps = reports.step.subarray(from, to);
        const values = Array.from(reports.value.subarray(from, to));
        const finite = values.filter(Number.isFinite);
        const x = new LinearScale(steps[0], steps[steps.length - 1], 4, 296);
        const y = new LinearScale(extreme(finite, Math.min, 0), extreme(finite, Math.max, 1), 58, 6);
        const points = values.map((value, place) => (Number.isFinite(value)
            ? `${x.place(steps[place])},${y.place(value)}` : null)).filter(Boolean);
        const words = `${counted(to - from, "report")}, from ${formatNumber(values[0])} at step ${steps[0]} to `
            + `${formatNumber(values[values.length - 1])} at step ${steps[steps.length - 1]}`;
        return section("Reports", element("p", { class: "small", text: words }),
            svgElement("svg", { class: "spark", viewBox: "0 0 300 64", role: "img", "aria-label": words },
                svgElement("polyline", { points: points.join(" ") })));
    }

    attemptSection(row) {
        const { attempts, sweeps, columns } = this.page.trials;
        const lines = [];
        const start = Date.parse(sweeps[columns.sweep[row]].start ?? "");
        for (let entry = attempts.from(row); entry < attempts.to(row); entry++) {
            const at = Number.isNaN(start) ? "" : new Date(start
                + attempts.started[entry] * 1000).toISOString().slice(0, 19).replace("T", " ");
            lines.push([String(lines.length + 1), at, Number.isFinite(attempts.seconds[entry])
                ? formatDuration(attempts.seconds[entry]) : "", String(attempts.slot[entry] + 1),
                visible(attempts.outcome[entry] ?? "")]);
        }
        return lines.length === 0 ? [] : section("Attempts",
            smallTable(["", "started (UTC)", "took", "slot", "outcome"], lines));
    }

    decisionSection(row) {
        const { decisions } = this.page.trials;
        const lines = [];
        for (let entry = decisions.from(row); entry < decisions.to(row); entry++) {
            lines.push([String(decisions.step[entry]), visible(decisions.action[entry]),
                visible(decisions.reason[entry])]);
        }
        return lines.length === 0 ? [] : section("Decisions of the pruner", smallTable(["step", "", "why"], lines));
    }

    enqueueSection(row) {
        return section("Run these values again", copyBox(enqueueCommand(this.page, row, valuesOf(this.page, row))));
    }

    /** In a report. A server has all that was printed. */
    lastLinesSection(row) {
        const { logs } = this.page.trials;
        if (this.page.isLive || !logs.has(row)) return [];
        return section("Last lines of standard error", element("pre", { class: "log", tabindex: 0, "aria-label": "log",
            text: visibleLog(logs.get(row)) }));
    }

    /** A log that is being followed goes on; that of a trial that failed begins with what it said of that. */
    followLog(row) {
        const { live, trials } = this.page;
        if (!live?.addresses.log) return;
        const state = STATES[trials.columns.state[row]];
        if (this.log) {
            if (state === "waiting" || state === "running") this.log.resume();
            return;
        }
        const hasErrors = state === "failed" && trials.logs.has(row);
        this.log = new LogView(live, trials.columns.number[row], hasErrors ? "stderr" : "stdout");
        this.logPlace.replaceChildren(...section("Log", this.log.element));
    }

    stopLog() {
        this.log?.close();
        this.log = null;
        this.logPlace.replaceChildren();
    }
}

/** Pairs of a name and a text or an element. */
function factList(facts) {
    return element("dl", {}, ...facts.flatMap(([name, value]) => [
        element("dt", { text: name }), typeof value === "string" ? element("dd", { text: value })
            : element("dd", {}, value),
    ]));
}

function section(title, ...children) {
    return [element("h3", { text: title }), ...children];
}

function smallTable(heads, lines) {
    return element("table", { class: "small-table" },
        element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col", text: head })))),
        element("tbody", {}, ...lines.map((line) => element("tr", {},
            ...line.map((text) => element("td", { text }))))));
}
