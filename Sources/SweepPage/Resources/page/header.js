// The top of the page: how far each sweep is, what is best, and what the budget has left.

/** Of the trials that run, so many are named. */
const MAX_RUNNING = 8;
/** Of the trials on a front, so many are listed. */
const MAX_FRONT = 8;

class Header {
    constructor(page) {
        this.page = page;
        // These stay while the cards are made anew, so that a screen reader says of the connection only what changes.
        this.title = element("h1");
        this.connection = element("span", { id: "live", class: "live", role: "status" });
        this.cards = element("div");
        document.getElementById("header").replaceChildren(
            element("div", { class: "title-line" }, this.title, this.connection), this.cards);
    }

    /** Says whether the page is up to date. */
    say(words, kind) {
        if (this.connection.textContent !== words) this.connection.textContent = words;
        this.connection.className = "live " + kind;
    }

    fill() {
        const { trials } = this.page;
        const names = trials.sweeps.map((sweep) => sweep.shown);
        document.title = names.join(", ") + " · revsweep";
        this.title.textContent = names.join(", ") || "no sweep";
        replaceKept(this.cards, ...trials.sweeps.map((sweep, place) => this.card(sweep, place)));
    }

    card(sweep, place) {
        const { trials, palette } = this.page;
        const counts = STATES.map(() => 0);
        for (const row of sweep.rows) if (row !== undefined) counts[trials.columns.state[row]] += 1;
        const goal = sweep.metric.goal === "maximize" ? "maximized" : "minimized";
        const rule = sweep.metric.rule === "best" ? "best value of a trial" : "last value of a trial";
        const states = STATES.map((state, code) => [state, code]).filter(([, code]) => counts[code] > 0);
        const bar = element("div", { class: "state-bar", "aria-hidden": "true" }, ...states.map(([, code]) => {
            const part = element("span");
            part.style.flexGrow = counts[code];
            part.style.background = palette.states[code];
            return part;
        }));
        const list = element("ul", { class: "state-list" }, ...states.map(([state, code]) => {
            const dot = element("span", { class: "dot", "aria-hidden": "true" });
            dot.style.background = palette.states[code];
            return element("li", {}, dot, element("b", { text: formatCount(counts[code]) }), " " + state);
        }));
        return element("section", { class: "card sweep-card", "aria-label": sweep.shown },
            element("div", {},
                element("p", { class: "small", text: (trials.sweeps.length > 1 ? sweep.shown + ": " : "")
                    + (trials.objectivesBySweep[place]?.words()
                    ?? visible(sweep.metric.name) + ", " + goal + ", " + rule)
                    + (sweep.planner ? " · " + visible(sweep.planner) : "") }),
                bar, list, this.budget(sweep, counts), this.running(sweep)),
            this.best(sweep, place, counts),
            this.outlook(sweep));
    }

    budget(sweep, counts) {
        const budget = sweep.budget ?? {};
        const ended = counts.slice(COMPLETE).reduce((sum, count) => sum + count, 0) - (sweep.imported ?? 0);
        const seconds = sweep.spent?.seconds ?? 0;
        const lines = [];
        const line = (name, used, limit, words) => lines.push(element("div", { class: "budget" },
            element("span", { text: name }),
            limit ? element("progress", { max: limit, value: Math.min(limit, used), "aria-label": name })
                : element("span"),
            element("span", { text: words })));
        line("trials", ended, budget.trials, formatCount(ended)
            + (budget.trials ? " of " + formatCount(budget.trials) : "") + " ended");
        line("time", seconds, budget.seconds, formatDuration(seconds)
            + (budget.seconds ? " of " + formatDuration(budget.seconds) : ""));
        if (budget.failures) line("failures", counts[STATES.indexOf("failed")], budget.failures,
            `${formatCount(counts[STATES.indexOf("failed")])} of at most ${formatCount(budget.failures)}`);
        if (budget.target !== null && budget.target !== undefined) line("target", 0, null, formatNumber(budget.target));
        return element("div", { class: "budgets" }, ...lines);
    }

    /** The trials that run now, with what they reported last. */
    running(sweep) {
        const { trials } = this.page;
        const isRunning = (row) => STATES[trials.columns.state[row]] === "running";
        const rows = this.page.isLive ? sweep.rows.filter(isRunning) : [];
        if (rows.length === 0) return null;
        const shown = rows.slice(-MAX_RUNNING).map((row) => {
            const last = trials.reports.to(row) - 1;
            const report = last < trials.reports.from(row) ? "no report yet"
                : `${formatNumber(trials.reports.value[last])} at step ${trials.reports.step[last]}`;
            return element("li", {}, element("button", { type: "button", class: "link",
                text: "trial " + trials.columns.number[row], on: { click: () => this.page.openTrial(row) } }),
            " " + report);
        });
        return element("div", { class: "running" }, element("h2", { text: "Running now" }),
            element("ul", {}, ...shown, rows.length > shown.length
                ? element("li", { text: `and ${formatCount(rows.length - shown.length)} more` }) : null));
    }

    best(sweep, place, counts) {
        const { trials } = this.page;
        // Several seeds or a model may say that another trial is better than the one with the best value.
        // The page may be told so before it is told of that trial.
        const named = sweep.rows[sweep.best];
        const best = named ?? trials.best((row) => trials.columns.sweep[row] === place);
        if (best < 0) {
            const ended = counts.slice(COMPLETE).reduce((sum, count) => sum + count, 0);
            const words = sweep.rows.length === 0 ? "No trial has been planned yet."
                : ended === 0 ? "No trial has ended yet." : "No trial is complete, so there is no best one.";
            return element("div", { class: "best" }, element("h2", { text: "Best" }), element("p", { text: words }));
        }
        const objectives = trials.objectivesBySweep[place];
        if (objectives?.areSeveral && trials.isOnFront(best)) return this.front(sweep, objectives, counts);
        const complete = counts[COMPLETE];
        // The best of many noisy numbers is better than what stands behind it; who reads one line only reads this one.
        const honest = named !== undefined && sweep.bestWords ? visible(sweep.bestWords)
            : trials.brokenBounds(best) ? "No trial keeps the bounds, and this one exceeds them least: "
                + trials.brokenBounds(best) + "."
            : complete < 2 ? "The only complete trial."
            : `The best of ${formatCount(complete)} complete trials, and chosen for that: run again, it may give a `
            + `little less.`;
        const present = trials.parameters.filter((parameter) => parameter.isPresent(best));
        return element("div", { class: "best" },
            element("h2", {}, "Best: ", element("button", {
                type: "button", class: "link", text: "trial " + trials.columns.number[best],
                    on: { click: () => this.page.openTrial(best) },
            })),
            element("p", { class: "best-value", text: formatNumber(trials.columns.value[best]) }),
            element("dl", { class: "compact" }, ...present.slice(0, 14).flatMap((parameter) => [
                element("dt", { text: shortened(this.page.label(parameter), 26), title: parameter.shown }),
                    element("dd", { text: shortened(parameter.text(best), 40) }),
            ])),
            present.length > 14 ? element("p", { class: "small", text: `and ${present.length - 14} more` }) : null,
            element("p", { class: "note", text: honest + this.boundWords(sweep) }));
    }

    /** The trials that no other one dominates, in place of a single best one. */
    front(sweep, objectives, counts) {
        const { trials } = this.page;
        const rows = objectives.frontOf(sweep.rows);
        // Of many those that lie equally far apart in the list, with both ends.
        const step = Math.max(1, (rows.length - 1) / (MAX_FRONT - 1));
        const shown = rows.length <= MAX_FRONT ? rows
            : Array.from({ length: MAX_FRONT }, (_, place) => rows[Math.round(place * step)]);
        const lines = shown.map((row) => element("tr", {},
            element("td", {}, element("button", { type: "button", class: "link",
                text: "trial " + trials.columns.number[row], on: { click: () => this.page.openTrial(row) } })),
            ...objectives.measured.map(({ name }) =>
                element("td", { text: formatNumber(objectives.values(name)[row]) }))));
        const heads = ["trial", ...objectives.measured.map((metric) => metric.shown)].map((words) =>
            element("th", { scope: "col", text: shortened(words, 18), title: words }));
        const more = rows.length > shown.length
            ? ` ${shown.length} of them are listed; the table of trials marks all.` : "";
        return element("div", { class: "best" },
            element("h2", { text: `Pareto front: ${counted(rows.length, "trial")}` }),
            element("div", { class: "front-list" }, element("table", { class: "small-table" },
                element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...lines))),
            element("p", { class: "note", text: `Of ${counted(counts[COMPLETE], "complete trial")} no other one is `
                + `better than these in one metric and worse in none.${more}${this.boundWords(sweep)}` }));
    }

    /** How many complete trials break a bound; nothing where there are none. */
    boundWords(sweep) {
        const { trials } = this.page;
        const broken = sweep.rows.filter((row) => trials.standing(row) === BREAKS_BOUND).length;
        const verb = broken === 1 ? "breaks" : "break";
        return broken === 0 ? "" : ` ${counted(broken, "complete trial")} ${verb} a bound.`;
    }

    /** What more trials are expected to bring, if the report knows. */
    outlook(sweep) {
        const warnings = (sweep.warnings ?? []).map((warning) =>
            element("p", { class: "warning", text: visible(warning) }));
        const outlook = sweep.outlook ? [element("h2", { text: "When may I stop?" }),
            element("p", { text: visible(sweep.outlook.words) })] : [];
        return warnings.length + outlook.length === 0 ? null
            : element("div", { class: "outlook" }, ...outlook, ...warnings);
    }
}
