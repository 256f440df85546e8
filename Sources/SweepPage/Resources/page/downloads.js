// The report is an archive: its trials as a table (CSV) and as an Optuna journal, made from the same columns that are
// drawn. Values of parameters and metrics are exact. Reports are rounded, and some may be left out, as the page says then.

class Downloads {
    constructor(page, source) {
        this.page = page;
        const link = (title, name, type, make) => element("li", {}, element("button", {
            type: "button", text: title, on: { click: () => saveText(name(), type, make()) },
        }));
        const { sweeps } = page.trials;
        const base = () => (sweeps.length === 1 ? fileName(sweeps[0].name) : "sweeps");
        const items = sweeps.map((sweep, place) => link(
            sweeps.length > 1 ? `${sweep.shown} as CSV` : "all trials as CSV", () => fileName(sweep.name) + ".csv",
                "text/csv",
            () => tableText(page, sweep.rows, place)));
        items.push(
            link("selected trials as CSV", () => base() + "-selected.csv", "text/csv",
                () => tableText(page, page.shownRows().filter((row) => page.selection.isSelected(row)), 0)),
            link("Optuna journal", () => base() + ".log", "application/jsonl", () => journalText(page)));
        // What a server sent first is old soon.
        if (!page.isLive) {
            items.push(link("this report's data as JSON", () => base() + ".json", "application/json", () => source));
        }
        const names = sweeps.map((sweep) => shellWord(sweep.name)).join(" ");
        this.element = element("section", { class: "card", "aria-labelledby": "downloads-title" },
            element("h2", { id: "downloads-title", text: "Data" }),
            element("p", { class: "note",
                text: page.isLive ? `The trials as this page shows them now. revsweep report ${names} writes a file `
                    + "that holds everything, and that revsweep import reads again."
                    : "Everything above is in this file; nothing was loaded from elsewhere. revsweep import reads it "
                    + "again." }),
            element("ul", { class: "downloads" }, ...items));
    }
}

/** A name that is a file name everywhere. */
function fileName(text) {
    return text.replace(/[^A-Za-z0-9._-]/g, "_") || "sweep";
}

function saveText(name, type, text) {
    const address = URL.createObjectURL(new Blob([text], { type }));
    const link = element("a", { href: address, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
    announce(name + " saved");
}

/** A field of a table: an empty text is `""`, and no value is nothing. */
function field(value) {
    if (value === undefined || value === null) return "";
    const text = typeof value === "object" ? JSON.stringify(value) : String(value);
    return text === "" || /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
}

/** The columns of `revsweep export --format csv --metrics`. */
function tableText(page, rows, sweepPlace) {
    const { trials } = page;
    const { columns } = trials;
    const parameters = trials.parameters;
    const metrics = metricColumns(trials);
    const heads = ["number", "state", "value", "reason", "started", "ended", "seconds", "attempts",
        ...parameters.map((parameter) => "param." + parameter.name),
            ...metrics.map(({ name }) => "metric." + name)];
    const lines = [heads.map(field).join(",")];
    for (const row of rows) {
        const [started, ended] = timesOf(page, row, columns.sweep[row] ?? sweepPlace);
        const cells = [
            columns.number[row], STATES[columns.state[row]], finiteOrNothing(columns.value[row]),
                rawReason(trials, row) || undefined, started, ended,
            finiteOrNothing(columns.seconds[row]), trials.attempts.to(row) - trials.attempts.from(row),
            ...parameters.map((parameter) => parameter.exact.get(row) ?? parameter.json(row)),
                ...metrics.map(({ valueOf }) => finiteOrNothing(valueOf(row))),
        ];
        lines.push(cells.map(field).join(","));
    }
    return lines.join("\n") + "\n";
}

/** The other metrics by name. Of one that is optimized or bounded the value that counts, where the trial has one. */
function metricColumns(trials) {
    const names = new Set([...trials.metrics, ...trials.further].map(({ name }) => name));
    const sorted = trials.further.length === 0 ? [...names]
        : [...names].sort((left, right) => (isBefore(left, right) ? -1 : 1));
    return sorted.map((name) => {
        const [counting, last] = [trials.further, trials.metrics].map((list) =>
            list.find((each) => each.name === name));
        return { name, valueOf: (row) => finiteOrNothing(counting?.values[row]) ?? last?.values[row] };
    });
}

function finiteOrNothing(number) {
    return Number.isFinite(number) ? number : undefined;
}

/** The reason as it is stored, with whatever characters are in it. */
function rawReason(trials, row) {
    if (trials.reasons[row]) return trials.reasons[row];
    const last = trials.decisions.to(row) - 1;
    const isPruned = STATES[trials.columns.state[row]] === "pruned";
    return isPruned && last >= trials.decisions.from(row) ? trials.decisions.reason[last] : "";
}

/** When the last attempt started and ended, as texts. */
function timesOf(page, row, sweepPlace) {
    const { columns, sweeps } = page.trials;
    const start = Date.parse(sweeps[sweepPlace].start ?? "");
    const text = (seconds) => (Number.isFinite(start + seconds) ? new Date(start + seconds * 1000).toISOString()
        : undefined);
    return [text(columns.started[row]), text(columns.started[row] + columns.seconds[row])];
}

/** A study for each sweep, as lines that Optuna's `JournalFileBackend` reads. */
function journalText(page) {
    const { trials } = page;
    const worker = "revsweep";
    const lines = [];
    trials.sweeps.forEach((sweep, study) => {
        const metrics = sweep.objectives?.metrics ?? [sweep.metric];
        const directions = metrics.map(({ goal }) => (goal === "maximize" ? 2 : 1));
        lines.push({ op_code: 0, worker_id: worker, study_name: sweep.name, directions });
        lines.push({ op_code: 3, worker_id: worker, study_id: study,
            system_attr: { "study:metric_names": metrics.map(({ name }) => name) } });
        for (const row of sweep.rows) lines.push(journalLine(page, sweep, study, row, worker));
    });
    return lines.map((line) => JSON.stringify(line)).join("\n") + "\n";
}

const OPTUNA_STATES = { waiting: 4, running: 0, complete: 1, pruned: 2, diverged: 3, failed: 3 };

function journalLine(page, sweep, study, row, worker) {
    const { trials } = page;
    const { columns, reports } = trials;
    const state = STATES[columns.state[row]];
    const [started, ended] = timesOf(page, row, study);
    const reported = {};
    let last = null;
    for (let entry = reports.from(row); entry < reports.to(row); entry++) {
        if (!Number.isFinite(reports.value[entry])) continue;
        last = reported[reports.step[entry]] = reports.value[entry];
    }
    const known = trials.parameters.filter((parameter) => parameter.isPresent(row) && parameter.optuna);
    const attributes = {};
    const reason = rawReason(trials, row);
    if (reason) attributes["revsweep:reason"] = reason;
    const objectives = state === "complete" ? trials.objectivesOf(row) : null;
    const line = {
        op_code: 4, worker_id: worker, study_id: study, datetime_start: started ? optunaTime(started) : null,
        state: OPTUNA_STATES[state],
        value: objectives?.areSeveral ? null : state === "complete" ? columns.value[row]
            : state === "pruned" ? finiteOrNothing(columns.value[row]) ?? last : null,
        values: objectives?.areSeveral ? objectives.metrics.map(({ name }) => objectives.values(name)[row])
            .filter(Number.isFinite) : null,
        distributions: Object.fromEntries(known.map((parameter) => [parameter.name, parameter.optuna])),
        params: Object.fromEntries(known.map((parameter) => [parameter.name, parameter.values[row]])),
        user_attrs: attributes, system_attrs: constraintsOf(row, objectives), intermediate_values: reported,
    };
    // An end that is not known is left out: null there is an error to Optuna.
    if (OPTUNA_STATES[state] !== 0 && OPTUNA_STATES[state] !== 4) line.datetime_complete = optunaTime(ended ?? started
        ?? sweep.start);
    return line;
}

/** By how much a trial breaks each bound, as samplers of Optuna's store it: 0 or less for one that it keeps. */
function constraintsOf(row, objectives) {
    if (!objectives?.bounds.length || !Number.isFinite(objectives.violation(row))) return {};
    return { constraints: objectives.bounds.map((bound) => objectives.excess(bound, row)) };
}

function optunaTime(text) {
    return text.replace("Z", "000+00:00");
}
