// The controls above the plots. Whatever a pointer can select is also selected here, by keyboard and in numbers.

class Toolbar {
    constructor(page) {
        this.page = page;
        this.element = document.getElementById("toolbar");
        const { selection } = page;
        const set = (changes) => selection.set(changes);
        const each = page.trials.sweeps.length > 1 ? " of each sweep" : "";
        this.best = selectBox("show", [["100", "all trials"],
            ...[50, 25, 10, 5, 2, 1].map((share) => [String(share), `best ${share} %${each}`])], "100", (value) =>
            set({ best: Number(value) }));
        this.by = selectBox("colour by", [], "value", (value) => set({ by: value }));
        this.log = tickBox("log metric", false, (ticked) => set({ log: ticked }),
            "A logarithmic axis for the metric, where all of its values are positive");
        this.vary = tickBox("only what varies", true, (ticked) => set({ vary: ticked }),
            "Leaves out parameters that have one value only");
        this.group = tickBox("group seeds", false, (ticked) => set({ group: ticked }),
            "Trials that differ in their seed only are one mark each, with their mean and their range");
        this.theme = selectBox("theme", [["auto", "as the system"], ["light", "light"], ["dark", "dark"]], "auto",
            (value) => set({ theme: value }));
        this.states = element("details", { class: "chooser" }, element("summary", { text: "states" }));
        this.sweeps = element("details", { class: "chooser" }, element("summary", { text: "sweeps" }));
        this.adder = element("details", { class: "chooser" }, element("summary", { text: "add a filter" }));
        this.status = element("p", { class: "status", role: "status" });
        this.chips = element("ul", { class: "chips" });
        this.legend = element("div", { class: "legend" });
        this.element.append(
            element("div", { class: "tools" }, this.best.whole, this.by.whole, this.log.whole, this.vary.whole,
                this.group.whole,
                this.states, this.sweeps, this.adder, this.theme.whole),
            element("div", { class: "tools" }, this.status, this.chips, this.legend));
        document.addEventListener("click", (event) => {
            for (const open of document.querySelectorAll("details.chooser[open]")) {
                if (!open.contains(event.target)) open.open = false;
            }
        });
        document.addEventListener("keydown", (event) => {
            const open = document.querySelector("details.chooser[open]");
            if (event.key !== "Escape" || !open) return;
            open.open = false;
            open.querySelector("summary").focus();
        });
    }

    /** Everything that depends on the settings or on the trials. */
    fill() {
        const { trials, selection } = this.page;
        const { settings } = selection;
        this.best.box.value = String(settings.best);
        this.log.box.checked = settings.log;
        this.vary.box.checked = settings.vary;
        this.group.box.checked = settings.group;
        this.group.whole.hidden = !this.page.hasGroups;
        this.theme.box.value = settings.theme;
        fillSelect(this.by.box, [["value", trials.metricName], ["state", "state"],
            ...(trials.sweeps.length > 1 ? [["sweep", "sweep"]] : []), ...this.furtherOptions(),
            ...selection.parameters().map((parameter) => ["p." + parameter.name, parameter.shown])], settings.by);
        this.choices(this.states, "states", STATES.map((state) => [state, state]).filter(([state]) =>
            this.page.stateCounts()[STATES.indexOf(state)] > 0), settings.states);
        this.choices(this.sweeps, "sweeps", trials.sweeps.map((sweep) => [sweep.name, sweep.shown]), settings.sweeps);
        this.sweeps.hidden = trials.sweeps.length < 2;
        this.fillAdder();
        this.fillSelection();
    }

    /** The metrics beside the first one that are optimized or bounded, as options. */
    furtherOptions() {
        return (this.page.trials.objectives?.further ?? []).map(({ name, shown }) => ["o." + name, shown]);
    }

    /** Tick boxes of which none ticked means all. */
    choices(details, key, options, chosen) {
        const summary = details.querySelector("summary");
        const shown = new Set(chosen.length > 0 ? chosen : options.map(([value]) => value));
        summary.textContent = key + (chosen.length > 0 ? `: ${chosen.length} of ${options.length}` : "");
        const focused = document.activeElement?.dataset?.choice;
        details.replaceChildren(summary, element("div", { class: "choices" }, ...options.map(([value, words]) => {
            const tick = tickBox(words, shown.has(value), (ticked) => {
                if (ticked) shown.add(value);
                else shown.delete(value);
                const all = options.map(([each]) => each).filter((each) => shown.has(each));
                this.page.selection.set({ [key]: all.length === options.length ? [] : all });
            });
            tick.box.dataset.choice = value;
            return tick.whole;
        })));
        if (focused !== undefined) [...details.querySelectorAll("input")].find((box) =>
            box.dataset.choice === focused)?.focus();
    }

    /** A filter in numbers or words, for what a pointer would brush. */
    fillAdder() {
        const { trials, selection } = this.page;
        const keys = [["value", trials.metricName], ["number", "trial number"], ["seconds", "duration in seconds"],
            ...this.furtherOptions(),
            ...selection.parameters().map((parameter) => ["p." + parameter.name, parameter.shown])];
        const place = element("div", { class: "choices" });
        const show = (key) => {
            const parameter = key.startsWith("p.") ? trials.parameter(key.slice(2)) : null;
            const filter = selection.filters.get(key);
            const parts = [];
            const low = element("input", { type: "text", inputmode: "decimal", "aria-label": "at least", size: 8 });
            const high = element("input", { type: "text", inputmode: "decimal", "aria-label": "at most", size: 8 });
            const inactive = tickBox(parameter ? selection.railWords(parameter) : "none", Boolean(filter?.inactive),
                () => {});
            const words = parameter?.isCategory ? parameter.words.map((_, word) =>
                tickBox(parameter.label(word), filter?.places?.includes(word) ?? false, () => {})) : [];
            if (parameter?.isCategory) parts.push(...words.map(({ whole }) => whole));
            else {
                low.value = filter?.low ?? "";
                high.value = filter?.high ?? "";
                parts.push(element("div", { class: "range" }, low, element("span", { text: "to" }), high));
            }
            const hasInactive = parameter && this.page.shownRows().some((row) => !parameter.isPresent(row));
            if (hasInactive) parts.push(inactive.whole);
            parts.push(element("button", { type: "button", text: "apply", on: { click: () => {
                const number = (box) => (box.value.trim() === "" || Number.isNaN(Number(box.value)) ? null
                    : Number(box.value));
                const chosen = words.flatMap(({ box }, word) => (box.checked ? [word] : []));
                const next = { low: number(low), high: number(high), places: chosen.length > 0 ? chosen : null,
                    inactive: inactive.box.checked };
                const isEmpty = next.low === null && next.high === null && next.places === null && !next.inactive;
                selection.filter(key, isEmpty ? null : next);
            } } }));
            place.replaceChildren(chooser.whole, ...parts);
        };
        const chooser = selectBox("quantity", keys, this.adderKey ?? "value", (key) => {
            this.adderKey = key;
            show(key);
            chooser.box.focus();
        });
        if (this.adder.open && this.adder.contains(document.activeElement)) return;
        show(keys.some(([key]) => key === this.adderKey) ? this.adderKey : "value");
        this.adder.replaceChildren(this.adder.querySelector("summary"), place);
    }

    /** What depends on the selection only. */
    fillSelection() {
        const { selection, trials } = this.page;
        const { filters, selectedCount, shownCount } = selection;
        const hidden = trials.count - shownCount;
        const words = `${formatCount(selectedCount)} of ${counted(shownCount, "trial")} selected`
            + (hidden > 0 ? `, ${formatCount(hidden)} not shown` : "");
        // A screen reader says again what is set again.
        if (this.status.textContent !== words) this.status.textContent = words;
        const chips = [...filters].map(([key, filter]) => element("li", {}, element("button", {
            type: "button", class: "chip", "aria-label": "remove the filter " + selection.words(key, filter),
            on: { click: () => selection.filter(key, null) },
        }, element("span", { text: shortened(selection.words(key, filter), 48) }),
            element("span", { text: "×", "aria-hidden": "true" }))));
        if (filters.size > 0) chips.push(element("li", {},
            element("button", { type: "button", class: "quiet", text: "clear",
            on: { click: () => selection.clear() } })));
        replaceKept(this.chips, ...chips);
        this.fillLegend();
    }

    fillLegend() {
        const { colouring, palette, trials, selection } = this.page;
        const { ramp, legend } = colouring;
        if (!ramp) {
            this.legend.replaceChildren(...legend.slice(0, 9).map(({ label, colour }) => {
                const dot = element("span", { class: "dot", "aria-hidden": "true" });
                dot.style.background = colour;
                return element("span", {}, dot, shortened(label, 20));
            }));
            return;
        }
        const strip = element("span", { class: "strip", "aria-hidden": "true" });
        strip.style.background = `linear-gradient(to right, `
            + `${palette.sequence.filter((_, step) => step % 6 === 0 || step === STEPS - 1).join(", ")})`;
        const isValue = !selection.settings.by.startsWith("p.") || !trials.parameter(selection.settings.by.slice(2));
        const [first, last] = [ramp.stops[0], ramp.stops[ramp.stops.length - 1]];
        // Of sweeps whose values cannot be compared no value is the worst or the best.
        const [worst, best] = ramp.isWithinSweeps ? ["worst", "best"]
            : [(isValue ? "worst " : "") + formatNumber(first, 3), formatNumber(last, 3) + (isValue ? " best" : "")];
        this.legend.replaceChildren(
            element("span", { text: worst }), strip, element("span", { text: best }),
            element("span", { class: "faint", text: ramp.isWithinSweeps ? "by rank in its sweep" : "by rank" }));
    }
}
