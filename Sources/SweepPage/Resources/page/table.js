// The table of the selected trials. It is a table to a screen reader too; of its rows only those in view exist.

const ROW_HEIGHT = 26;
const ROWS_BEYOND = 12;

class TrialTable extends Plot {
    constructor(page) {
        super(page, { id: "table", title: "Trials", wide: true });
        this.head = element("thead");
        this.body = element("tbody");
        this.table = element("table", { "aria-labelledby": "table-title" }, this.head, this.body);
        this.scroller = element("div", {
            class: "table-frame", tabindex: 0, role: "region", "aria-labelledby": "table-title",
            on: { scroll: () => this.fill(), keydown: (event) => this.keyed(event) },
        }, this.table);
        this.frame.replaceWith(this.scroller);
        this.chooser = element("details", { class: "chooser" }, element("summary", { text: "columns" }));
        this.controls.append(this.chooser);
        this.rows = [];
        this.body.addEventListener("click", (event) => {
            const line = event.target.closest("tr[data-row]");
            if (line) page.openTrial(Number(line.dataset.row));
        });
        this.body.addEventListener("pointermove", (event) => {
            const line = event.target.closest("tr[data-row]");
            page.hover(line ? Number(line.dataset.row) : -1);
        });
        this.body.addEventListener("pointerleave", () => page.hover(-1));
    }

    /** Every column that there is. A column knows how to sort itself: numbers, or texts. */
    allColumns() {
        const { trials } = this.page;
        const { columns } = trials;
        const { values } = this.page;
        const seconds = (row) => this.mean(columns.seconds, row);
        const fixed = [
            { id: "number", title: "trial", text: (row) => String(columns.number[row]), key: (row) =>
                columns.number[row], isNumber: true },
            { id: "state", title: "state", text: (row) => STATES[columns.state[row]], key: (row) =>
                columns.state[row] },
            { id: "value", title: trials.metricName, text: (row) => numberOrNothing(values[row]), key: (row) =>
                values[row], isNumber: true, isBestHigh: trials.sign > 0 },
            ...this.groupColumns(), ...this.objectiveColumns(),
            { id: "seconds", title: "duration", text: (row) => (seconds(row) >= 0
                ? formatDuration(seconds(row)) : ""), key: seconds, isNumber: true },
            { id: "attempts", title: "attempts", text: (row) => String(this.attempts(row)), key: (row) =>
                this.attempts(row), isNumber: true },
            { id: "origin", title: "origin", text: (row) => visible(trials.origins[row]), key: (row) =>
                trials.origins[row] },
            { id: "reason", title: "reason", text: (row) => trials.why(row), key: (row) => trials.why(row) },
        ];
        if (trials.sweeps.length > 1) {
            fixed.unshift({ id: "sweep", title: "sweep", text: (row) => trials.sweeps[columns.sweep[row]].shown,
                key: (row) => columns.sweep[row] });
        }
        const parameters = this.page.selection.parameters().map((parameter) => ({
            id: "p." + parameter.name, title: parameter.shown, short: this.page.label(parameter), text: (row) =>
                parameter.text(row), isNumber: !parameter.isCategory,
            key: (row) => (parameter.isPresent(row) ? parameter.values[row] : NaN), isFaint: (row) =>
                !parameter.isPresent(row),
        }));
        const further = new Set((trials.objectives?.measured ?? []).map(({ name }) => name));
        const metrics = trials.metrics.map((metric) => ({
            id: "m." + metric.name, title: metric.shown + (further.has(metric.name) ? ", last report" : ""),
                text: (row) => numberOrNothing(this.mean(metric.values, row)),
                key: (row) => this.mean(metric.values, row), isNumber: true,
        }));
        return [...fixed, ...parameters, ...metrics];
    }

    /** The other metrics that are optimized or bounded, and which trials are on the front. */
    objectiveColumns() {
        const { trials } = this.page;
        const { objectives } = trials;
        if (!objectives) return [];
        const isOnFront = (row) => (this.page.groupOf(row)?.rows ?? [row]).some((each) => trials.isOnFront(each));
        const columns = objectives.further.map(({ name, shown, sign }) => {
            const { values } = trials.furtherMetric(name);
            return { id: "o." + name, title: shown, text: (row) => numberOrNothing(this.mean(values, row)),
                key: (row) => this.mean(values, row), isNumber: true, isBestHigh: sign > 0 };
        });
        const front = { id: "front", title: "front", text: (row) => (isOnFront(row) ? "★" : ""),
            key: (row) => Number(isOnFront(row)), isBestHigh: true };
        return objectives.areSeveral ? [...columns, front] : columns;
    }

    /** What a group has and a trial has not. */
    groupColumns() {
        if (!this.page.selection.groups) return [];
        const of = (row) => this.page.groupOf(row);
        return [
            { id: "seeds", title: "seeds", text: (row) => String(of(row).rows.length), key: (row) =>
                of(row).rows.length, isNumber: true },
            { id: "low", title: "least", text: (row) => numberOrNothing(of(row).low), key: (row) => of(row).low,
                isNumber: true },
            { id: "high", title: "largest", text: (row) => numberOrNothing(of(row).high), key: (row) => of(row).high,
                isNumber: true },
        ];
    }

    /** A number of a row, or the mean over its group. */
    mean(values, row) {
        const rows = this.page.groupOf(row)?.rows;
        if (!rows) return values[row];
        return rows.reduce((sum, each) => sum + values[each], 0) / rows.length;
    }

    attempts(row) { return this.page.trials.attempts.to(row) - this.page.trials.attempts.from(row); }

    columnsShown() {
        const chosen = this.page.selection.settings.columns;
        const all = this.allColumns();
        if (chosen.length > 0) return all.filter((column) => chosen.includes(column.id));
        return all.filter((column) => ["sweep", "number", "state", "value", "seeds", "low", "high", "front", "seconds",
            "reason"].includes(column.id)
            || column.id.startsWith("p.") || column.id.startsWith("o."));
    }

    *paint() {
        this.isDirty = false;
        const { selection } = this.page;
        const { sort, descending } = selection.settings;
        if (this.sortedVersion !== this.page.version) {
            this.columns = this.columnsShown();
            const all = this.allColumns();
            this.sorted = this.sortedRows(all.find(({ id }) => id === sort) ?? all.find(({ id }) => id === "number"),
                descending);
            yield;
            this.drawHead(sort, descending);
            this.drawChooser(all);
            this.sortedVersion = this.page.version;
        }
        yield;
        this.rows = this.sorted.filter((row) => this.units.mask[row] === SELECTED_ROW);
        this.marks = { rows: this.rows.length, columns: this.columns.length };
        this.table.setAttribute("aria-rowcount", this.rows.length + 1);
        this.table.setAttribute("aria-colcount", this.columns.length);
    }

    *prepare() {}

    /** All rows that are shown in order; those without a value come last in either direction. */
    sortedRows({ key }, descending) {
        const sign = descending ? -1 : 1;
        const keys = new Map(this.page.unitRows().map((row) => [row, key(row)]));
        return [...keys.keys()].sort((left, right) => {
            const [first, second] = [keys.get(left), keys.get(right)];
            const [firstIsNone, secondIsNone] = [Number.isNaN(first), Number.isNaN(second)];
            if (firstIsNone || secondIsNone) return firstIsNone - secondIsNone || left - right;
            return first < second ? -sign : first > second ? sign : left - right;
        });
    }

    drawHead(sort, descending) {
        const focused = document.activeElement?.dataset?.column;
        this.head.replaceChildren(element("tr", { "aria-rowindex": 1 },
            ...this.columns.map(({ id, title, short, isNumber, isBestHigh }) =>
            element("th", {
                scope: "col", class: isNumber ? "number" : "",
                "aria-sort": id !== sort ? "none" : descending ? "descending" : "ascending",
            }, element("button", {
                type: "button", "data-column": id, title, text: shortened(short ?? title, 18)
                    + (id !== sort ? "" : descending ? " ↓" : " ↑"),
                on: { click: () => this.page.selection.set({ sort: id, descending: id === sort ? !descending
                    : Boolean(isBestHigh) }) },
            })))));
        if (focused !== undefined) [...this.head.querySelectorAll("button")].find((button) =>
            button.dataset.column === focused)?.focus();
    }

    drawChooser(all) {
        const shown = new Set(this.columns.map(({ id }) => id));
        // While the sweep runs this is called again and again, perhaps with the list open.
        const key = JSON.stringify([all.map(({ id, title }) => [id, title]), [...shown]]);
        if (key === this.chooserKey) return;
        this.chooserKey = key;
        const boxes = all.map(({ id, title }) => tickBox(title, shown.has(id), (ticked) => {
            if (ticked) shown.add(id);
            else shown.delete(id);
            this.page.selection.set({ columns: all.map((column) => column.id).filter((each) => shown.has(each)) });
        }).whole);
        const summary = this.chooser.querySelector("summary");
        this.chooser.replaceChildren(summary, element("div", { class: "choices" }, ...boxes));
    }

    present() {
        this.isDrawn = true;
        this.fill(true);
        this.summaryText.textContent = this.summary();
    }

    /** Makes the rows in view, between two rows that are as high as what is not. */
    fill(isNew = false) {
        const height = this.scroller.clientHeight || 400;
        const first = Math.max(0, Math.floor(this.scroller.scrollTop / ROW_HEIGHT) - ROWS_BEYOND);
        const last = Math.min(this.rows.length, first + Math.ceil(height / ROW_HEIGHT) + 2 * ROWS_BEYOND);
        if (!isNew && first === this.first && last === this.last) return;
        Object.assign(this, { first, last });
        const lines = [];
        for (let place = first; place < last; place++) lines.push(this.line(this.rows[place], place));
        const focused = this.body.contains(document.activeElement)
            ? document.activeElement.closest("tr[data-row]")?.dataset.row : undefined;
        this.body.replaceChildren(this.spacer(first), ...lines, this.spacer(this.rows.length - last));
        if (focused !== undefined) {
            this.body.querySelector(`tr[data-row="${focused}"] button`)?.focus({ preventScroll: true });
        }
        this.showHover();
    }

    spacer(count) {
        const cell = element("td", { colspan: this.columns.length });
        cell.style.height = count * ROW_HEIGHT + "px";
        return element("tr", { class: "spacer", "aria-hidden": "true" }, cell);
    }

    line(row, place) {
        const { trials, palette } = this.page;
        const line = element("tr", { "data-row": row, "aria-rowindex": place + 2,
            class: trials.isOnFront(row) ? "front" : null });
        for (const column of this.columns) {
            const text = column.text(row);
            const cell = element("td", { class: (column.isNumber ? "number" : "")
                + (column.isFaint?.(row) ? " faint" : "") });
            if (column.id === "number") {
                cell.append(element("button", { type: "button", class: "link", text, "aria-label": "open "
                    + trials.title(row) }));
            } else if (column.id === "state") {
                const dot = element("span", { class: "dot", "aria-hidden": "true" });
                dot.style.background = palette.states[trials.columns.state[row]];
                cell.append(dot, text);
            } else {
                cell.textContent = shortened(text, 60);
                if (text.length > 24) cell.title = text;
            }
            line.append(cell);
        }
        return line;
    }

    showHover() {
        const { hovered } = this.page.selection;
        for (const line of this.body.children) line.classList.toggle("hovered", Number(line.dataset.row) === hovered
            && hovered >= 0);
    }

    keyed(event) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step || event.target === this.scroller) return;
        const line = event.target.closest("tr[data-row]");
        const next = step > 0 ? line?.nextElementSibling : line?.previousElementSibling;
        const button = next?.querySelector("button");
        if (!button) return;
        event.preventDefault();
        const { row } = next.dataset;
        button.focus();
        this.body.querySelector(`tr[data-row="${row}"] button`)?.focus();
    }

    summary() {
        const { selection } = this.page;
        return `${formatCount(this.rows.length)} of `
            + counted(this.units.shownCount, this.page.unitNoun, this.page.unitNouns)
            + (selection.filters.size > 0 ? ", those that are selected" : "")
            + "." + this.page.groupWords() + " Press a number to open a trial, a heading to sort.";
    }
}

function numberOrNothing(number) {
    return Number.isNaN(number) ? "" : formatNumber(number);
}
