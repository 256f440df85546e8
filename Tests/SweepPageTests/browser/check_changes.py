"""Reads documents and changes of sweeps as the page does, in Chromium, and compares what it then holds.

    check_changes.py CASES.json

Each document with the changes up to a later one must give what that later document gives; so must all small changes one
after the other.
"""

import json, os, sys
from pathlib import Path

from playwright.sync_api import sync_playwright

RESOURCES = Path(__file__).parents[3] / "Sources/SweepPage/Resources/page"

# Everything that the page holds of a sweep, with numbers as texts: JSON knows neither NaN nor infinities.
HARNESS = """
const held = (trials) => {
    const number = (value) => (Object.is(value, -0) ? "-0" : String(value));
    const list = (lists, row) => {
        const entries = [];
        for (let entry = lists.from(row); entry < lists.to(row); entry++) {
            entries.push(lists.fields.map((field) => (typeof lists[field][entry] === "number" ? number(lists[field][entry])
                : lists[field][entry])));
        }
        return entries;
    };
    const sweep = trials.sweeps[0];
    return {
        count: trials.count, start: sweep.start, imported: sweep.imported, rungs: sweep.pruner?.rungs ?? null,
        numbers: sweep.rows.map((row) => trials.columns.number[row]),
        kinds: trials.parameters.map(({ name, isInteger, words, written }) => [name, isInteger, words, written]),
        metrics: trials.metrics.map(({ name }) => name),
        trials: sweep.rows.map((row) => ({
            state: trials.columns.state[row], value: number(trials.columns.value[row]),
            cause: trials.causes[trials.columns.cause[row]], seconds: number(trials.columns.seconds[row]),
            started: number(trials.columns.started[row]), reason: trials.reasons[row], origin: trials.origins[row],
            parameters: trials.parameters.map((parameter) => [number(parameter.values[row]),
                parameter.exact.get(row) ?? null, parameter.text(row)]),
            metrics: trials.metrics.map(({ values }) => number(values[row])),
            further: trials.further.map(({ name, values }) => [name, number(values[row])]), standing: trials.standing(row),
            reports: list(trials.reports, row), attempts: list(trials.attempts, row), decisions: list(trials.decisions, row),
            log: trials.logs.get(row) ?? null, proposer: trials.proposers.get(row) ?? null,
            expected: Object.entries(trials.expectations.get(row) ?? {}).map(([key, value]) => [key, number(value)]),
        })),
    };
};
const read = async (text) => {
    const trials = new Trials();
    for (const sweep of await decodeColumns(JSON.parse(text).sweeps)) trials.add(sweep);
    return trials;
};
const check = async ({ documents, changes }) => {
    const wanted = await Promise.all(documents.map(async (text) => held(await read(text))));
    const differences = [];
    const compare = (found, to, words) => {
        const [left, right] = [JSON.stringify(found), JSON.stringify(wanted[to])];
        if (left === right) return;
        const trial = found.trials.findIndex((each, row) => JSON.stringify(each) !== JSON.stringify(wanted[to].trials[row]));
        const rest = ({ trials, ...others }) => others;
        differences.push([words, trial < 0 ? [rest(found), rest(wanted[to])] : [found.trials[trial], wanted[to].trials[trial]]]);
    };
    for (const { from, to, json } of changes) {
        const trials = await read(documents[from]);
        if (!new SweepChanges(trials, 0).take(JSON.parse(json).trials)) differences.push([`${from} to ${to}`, "not taken"]);
        compare(held(trials), to, `${from} to ${to}`);
    }
    const trials = await read(documents[0]);
    const taker = new SweepChanges(trials, 0);
    for (const { from, to, json } of changes.filter((change) => change.to === change.from + 1)) {
        taker.take(JSON.parse(json).trials);
        compare(held(trials), to, `step by step to ${to}`);
    }
    return differences;
};
return { check };
"""

cases = json.loads(Path(sys.argv[1]).read_text())
names = ["dom.js", "data.js", "objectives.js", "changes.js"]
# For `yamlText`, which names the words that a changed file no longer has.
names.append("region.js")
script = "(() => {\n" + "\n".join((RESOURCES / name).read_text() for name in names) + HARNESS + "})()"
with sync_playwright() as driver:
    browser = driver.chromium.launch(
        executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
    page = browser.new_page()
    harness = page.evaluate_handle(script)
    failed = 0
    for case in cases:
        for words, difference in harness.evaluate("(harness, value) => harness.check(value)", case):
            failed += 1
            if failed <= 5:
                print(f"seed {case['seed']}, {words}: {json.dumps(difference, indent=1)}", file=sys.stderr)
    browser.close()
print(sum(len(case["changes"]) for case in cases), "changes")
sys.exit(1 if failed else 0)
