// Drawing in steps: a plot is a generator that yields between small portions of its marks, and the scheduler gives
// each frame of the browser a few of them, so that 50,000 trials never hold up a key press.

/** How long one step may take. A frame has 16 ms, and the browser needs some of them. */
const STEP_MILLISECONDS = 9;
const URGENT_MILLISECONDS = 36;

/** How long a drawing may take before what there is of it is shown. Quicker ones appear at once, without flicker. */
const PATIENCE_MILLISECONDS = 160;

class Scheduler {
    constructor() {
        /** @type {Map<Plot, {work: Generator, began: number, shown: number}>} */
        this.jobs = new Map();
        /** Lower layers that are drawn when nothing else is. */
        this.later = new Map();
        this.isWaiting = false;
        this.longestStep = 0;
        this.busySince = null;
        this.lastBusy = 0;
        /** The plots in view that a change of the selection has yet to reach, and how long the last one took to. */
        this.expected = new Set();
        this.lastSeen = 0;
        this.lastCoarse = 0;
    }

    /** Notes that a change has begun which these plots are to show. */
    expect(plots, isCoarse) {
        if (this.expected.size === 0) this.expectedSince = performance.now();
        this.expectsCoarse = isCoarse;
        for (const plot of plots) this.expected.add(plot);
    }

    reached(plot) {
        if (!this.expected.delete(plot) || this.expected.size > 0) return;
        this.lastSeen = performance.now() - this.expectedSince;
        if (this.expectsCoarse) this.lastCoarse = this.lastSeen;
    }

    /** Draws a plot anew. One that is being drawn is finished first if that is soon done, so that a brush that moves
        all the time still shows something. */
    run(plot) {
        const job = this.jobs.get(plot);
        if (job && performance.now() - job.began < PATIENCE_MILLISECONDS) {
            job.again = true;
            return;
        }
        this.start(plot);
    }

    /** Takes a step in the next frame, if none is waiting for it. */
    wake() {
        if (this.isWaiting) return;
        this.isWaiting = true;
        this.frame = requestAnimationFrame(() => this.step());
    }

    /** Takes a step at once: whoever brushes has waited for this frame already. */
    hurry() {
        cancelAnimationFrame(this.frame);
        this.step();
    }

    /** Notes how long the page could not answer. */
    noteStep(began) { this.longestStep = Math.max(this.longestStep, performance.now() - began); }

    start(plot) {
        this.jobs.delete(plot);
        this.later.delete(plot);
        this.jobs.set(plot, { work: plot.paint(), began: performance.now(), shown: 0, again: false });
        this.busySince ??= performance.now();
        this.wake();
    }

    step() {
        this.isWaiting = false;
        const began = performance.now();
        if (this.jobs.size === 0) this.prepare(began);
        else this.draw(began);
        this.noteStep(began);
        if (this.jobs.size > 0 || this.later.size > 0) this.wake();
    }

    /** With nothing else to do: what the next change of the selection will need. */
    prepare(began) {
        while (this.later.size > 0 && performance.now() - began < STEP_MILLISECONDS) {
            const [plot, work] = this.later.entries().next().value;
            if (work.next().done) this.later.delete(plot);
        }
    }

    draw(began) {
        // Whoever brushes waits for what is in view: it gets longer steps, and fewer frames lie between them.
        const limit = this.expected.size > 0 ? URGENT_MILLISECONDS : STEP_MILLISECONDS;
        let now = began;
        while (this.jobs.size > 0 && now - began < limit) {
            const [plot, job] = this.jobs.entries().next().value;
            const { done } = job.work.next();
            now = performance.now();
            if (done) {
                plot.present(true);
                this.jobs.delete(plot);
                this.later.set(plot, plot.prepare());
                if (job.again) this.start(plot);
                else this.reached(plot);
            } else if (now - job.began > PATIENCE_MILLISECONDS && now - job.shown > PATIENCE_MILLISECONDS) {
                plot.present(false);
                job.shown = now;
            }
        }
        if (this.jobs.size === 0) {
            this.lastBusy = performance.now() - this.busySince;
            this.busySince = null;
        }
    }

    get isIdle() { return this.jobs.size === 0 && this.later.size === 0; }

    /** Everything at once: a printer does not wait for frames. */
    finish() {
        while (this.jobs.size > 0) {
            const [plot, job] = this.jobs.entries().next().value;
            while (!job.work.next().done);
            plot.present(true);
            this.jobs.delete(plot);
        }
    }
}

/** One point. Shapes tell states apart where there is room for them: a disc is complete, a small one pruned, a ring
    runs, a cross has failed. */
function drawPoint(context, x, y, radius, state) {
    if (radius < 2) {
        context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
        return;
    }
    context.beginPath();
    const name = STATES[state];
    if (name === "failed" || name === "diverged") {
        context.moveTo(x - radius, y - radius);
        context.lineTo(x + radius, y + radius);
        context.moveTo(x - radius, y + radius);
        context.lineTo(x + radius, y - radius);
        context.stroke();
        return;
    }
    context.arc(x, y, name === "pruned" ? radius * 0.65 : radius, 0, 2 * Math.PI);
    if (name === "running" || name === "waiting") context.stroke();
    else context.fill();
}

/** How large points are, by their number. */
function pointRadius(count) {
    return count > 20000 ? 1 : count > 3000 ? 1.5 : count > 600 ? 2.4 : count > 150 ? 3 : 3.6;
}

/** A number that stays the same for a row: spreads points that would lie on one another. */
function jitter(row) {
    const mixed = Math.imul(row + 1, 0x9e3779b1) >>> 0;
    return ((Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) >>> 0) / 4294967296) - 0.5;
}

/** Tick labels, grid lines and titles of a panel, as SVG. */
function drawAxes(group, box, { x = null, y = null, xTitle = "", yTitle = "", xCount = null, yCount = null }) {
    if (group === KEPT_AXES) return;
    const width = box.right - box.left;
    const height = box.bottom - box.top;
    if (y) {
        for (const { value, label } of shortTicks(y, yCount ?? Math.max(2, Math.round(height / 48)))) {
            const place = y.place(value);
            if (place < box.top - 0.5 || place > box.bottom + 0.5) continue;
            group.append(
                svgElement("line", { class: "grid", x1: box.left, x2: box.right, y1: place, y2: place }),
                svgElement("text", { class: "tick-y", x: box.left - 6, y: place + 3.5, text: shortened(label, 14) }));
        }
        if (yTitle) group.append(svgElement("text", { class: "axis-title", x: box.left, y: box.top - 7,
            text: yTitle }));
    }
    if (x) {
        let free = -Infinity;
        for (const { value, label } of shortTicks(x, xCount ?? Math.max(2, Math.round(width / 80)))) {
            const place = x.place(value);
            if (place < box.left - 0.5 || place > box.right + 0.5) continue;
            group.append(svgElement("line", { class: "stub", x1: place, x2: place, y1: box.bottom, y2: box.bottom
                + 4 }));
            const room = x.kind === "category" ? Math.max(4, Math.floor(x.band / 6)) : 14;
            const words = shortened(label, room);
            const half = words.length * 3.1 + 3;
            // A label that would run into its neighbour is left out; its stub stays.
            if (place - half < free) continue;
            free = place + half;
            group.append(svgElement("text", { class: "tick-x", x: place, y: box.bottom + 15, text: words }));
        }
        if (xTitle) {
            group.append(svgElement("text", {
                class: "axis-title end", x: box.right, y: box.bottom + 29, text: xTitle,
            }));
        }
    }
    group.append(svgElement("line", { class: "axis", x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom }));
}

/** Which line is which sweep's, where there are several. */
function drawSweepLegend(group, page, box) {
    const { sweeps } = page.trials;
    if (sweeps.length < 2 || group === KEPT_AXES) return;
    let right = box.right;
    for (let place = sweeps.length - 1; place >= 0; place--) {
        const words = shortened(sweeps[place].shown, 22);
        const colour = page.palette.categories[place % page.palette.categories.length];
        group.append(svgElement("text", { class: "remark key", x: right, y: box.top - 7, text: words }));
        right -= words.length * 6.4 + 8;
        group.append(svgElement("line", { x1: right - 14, x2: right, y1: box.top - 11, y2: box.top - 11,
            stroke: colour, "stroke-width": 3 }));
        right -= 26;
    }
}

/** Categories with more words than there is room for show some of them. */
function shortTicks(scale, count) {
    const ticks = scale.ticks(count);
    if (scale.kind !== "category") return ticks;
    const room = Math.max(1, Math.ceil(ticks.length / Math.max(2, Math.abs(scale.to - scale.from) / 14)));
    return ticks.filter((_, place) => place % room === 0);
}

/** How many pixels the labels of a vertical axis need. */
function labelWidth(scale, least = 30) {
    const longest = Math.max(0, ...shortTicks(scale, 6).map((tick) => Math.min(14, tick.label.length)));
    return Math.max(least, longest * 6.3 + 12);
}

/** Boxes of equal size for small multiples, and the height that they need. */
function panelGrid(count, width, least, height) {
    const columns = Math.max(1, Math.min(count, Math.floor(width / least)));
    const each = width / columns;
    const boxes = Array.from({ length: count }, (_, place) => ({
        left: (place % columns) * each, right: (place % columns) * each + each,
        top: Math.floor(place / columns) * height, bottom: Math.floor(place / columns) * height + height,
    }));
    return { boxes, columns, height: Math.ceil(count / columns) * height };
}
