// Which worker ran which attempt, and when.

class TimelinePlot extends Plot {
    constructor(page) {
        super(page, { id: "timeline", title: "Timeline of workers", wide: true });
    }

    isWanted() { return this.page.trials.attempts.used > 0; }

    /** The lanes: a worker of a sweep each. */
    lanes() {
        const { trials } = this.page;
        const slots = trials.sweeps.map(() => 0);
        for (let row = 0; row < trials.count; row++) {
            const place = trials.columns.sweep[row];
            for (let entry = trials.attempts.from(row); entry < trials.attempts.to(row); entry++) {
                slots[place] = Math.max(slots[place], trials.attempts.slot[entry] + 1);
            }
        }
        return slots;
    }

    heightFor() {
        this.slots = this.lanes();
        const count = this.slots.reduce((sum, slots) => sum + slots, 0);
        this.lane = Math.max(3, Math.min(20, 300 / Math.max(1, count)));
        return count * this.lane + 58;
    }

    *draw() {
        const { page, context } = this;
        const { trials, selection, palette } = page;
        const { attempts } = trials;
        const box = { left: 64, right: this.width - 12, top: 12, bottom: this.drawnHeight - 42 };
        let end = 0;
        for (let row = 0; row < trials.count; row++) {
            for (let entry = attempts.from(row); entry < attempts.to(row); entry++) {
                end = Math.max(end, attempts.started[entry] + (attempts.seconds[entry] || 0));
            }
        }
        const unit = timeUnit(end);
        const x = new LinearScale(0, end || 1, box.left, box.right);
        drawAxes(this.axes, box, { x: scaledTicks(x, unit), xTitle: unit.name + " since the first start" });
        this.panels.push({ box, x, y: null, xKey: "started", yKey: null });
        const firstLane = this.slots.map((_, place) =>
            this.slots.slice(0, place).reduce((sum, slots) => sum + slots, 0));
        this.labelLanes(firstLane, box);
        const height = this.lane > 6 ? this.lane - 2 : Math.max(1.5, this.lane - 0.5);
        let busy = 0;
        for (let row = 0; row < trials.count; row++) {
            if ((row & 511) === 511) yield;
            if (!selection.isShown(row)) continue;
            const top = box.top + firstLane[trials.columns.sweep[row]] * this.lane;
            for (let entry = attempts.from(row); entry < attempts.to(row); entry++) {
                const started = attempts.started[entry];
                const seconds = Number.isFinite(attempts.seconds[entry]) ? attempts.seconds[entry]
                    : Math.max(0, end - started);
                const left = x.place(started);
                const width = Math.max(1, x.place(started + seconds) - left - 0.5);
                const y = top + attempts.slot[entry] * this.lane;
                const outcome = STATES.indexOf(attempts.outcome[entry]);
                context.fillStyle = !selection.isSelected(row) ? palette.dim : outcome < 0 ? palette.faint
                    : palette.states[outcome];
                context.fillRect(left, y, width, height);
                this.addPoint(row, left + width / 2, y + height / 2);
                this.count("bars");
                busy += seconds;
            }
        }
        const workers = this.slots.reduce((sum, slots) => sum + slots, 0);
        this.words = `${counted(this.marks.bars ?? 0, "attempt")} on ${counted(workers, "worker")} in `
            + `${formatDuration(end)}`
            + (end > 0 && selection.shownCount === trials.count
                ? `; workers were busy ${formatNumber((100 * busy) / (end * workers), 3)} % of the time.` : ".");
    }

    labelLanes(firstLane, box) {
        const { sweeps } = this.page.trials;
        sweeps.forEach((sweep, place) => {
            for (let slot = 0; slot < this.slots[place]; slot++) {
                const isNamed = sweeps.length > 1 && slot === 0;
                if (!isNamed && this.lane < 11 && slot % Math.ceil(14 / this.lane) !== 0) continue;
                const y = box.top + (firstLane[place] + slot) * this.lane + this.lane / 2 + 3;
                this.axes.append(svgElement("text", {
                    class: "tick-y", x: box.left - 6, y, text: isNamed ? shortened(sweep.shown, 9) : `slot ${slot + 1}`,
                }));
            }
        });
    }

    nearest(x, y) { return super.nearest(x, y, 40); }

    summary() { return (this.words ?? "") + " " + this.page.stateWords(); }
}
