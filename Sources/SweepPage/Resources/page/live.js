// The same page while the sweep runs: the server sends trials that have changed, and they replace their rows.

/** Changes are gathered this long before the page is drawn anew. */
const GATHER_MILLISECONDS = 60;

class Live {
    /**
     * @param {Page} page
     * @param {{events: string, log: ?string}} addresses where the events come from; `log` has `{sweep}` and `{number}`
     */
    constructor(page, addresses) {
        this.page = page;
        this.addresses = addresses;
        this.waiting = [];
        this.received = 0;
        this.timer = null;
        this.lastApplied = 0;
    }

    connect() {
        this.source = new EventSource(this.addresses.events);
        this.source.addEventListener("open", () => this.say("live", "live"));
        // The browser connects again by itself and says how far it had come (`Last-Event-ID`).
        this.source.addEventListener("error", () => this.say("the connection is lost; trying again", "lost"));
        this.source.addEventListener("trial", (event) => this.gather("trial", event));
        this.source.addEventListener("sweep", (event) => this.gather("sweep", event));
        // What a row cannot say, such as a new parameter, needs the whole data again. The address keeps the selection.
        this.source.addEventListener("reload", () => location.reload());
        this.source.addEventListener("end", () => {
            this.source.close();
            this.say("the sweep has ended", "ended");
        });
    }

    say(words, kind) {
        this.said = [words, kind];
        this.sayAgain();
    }

    /** The header is made anew when trials change, and with it the place of these words. */
    sayAgain() {
        if (!this.said) return;
        const [words, kind] = this.said;
        const place = document.getElementById("live");
        place.textContent = words;
        place.className = "live " + kind;
    }

    gather(kind, event) {
        const data = parsedJSON(event.data);
        if (data === undefined) return;
        this.waiting.push({ kind, data });
        this.timer ??= setTimeout(() => this.apply(), this.patience());
    }

    /** A change after a rest is shown at once; many in a row leave most of the time to whoever reads. */
    patience() {
        const drawing = this.page.scheduler.lastBusy;
        const rest = performance.now() - (this.appliedAt ?? -Infinity);
        return rest > 5 * drawing ? GATHER_MILLISECONDS : Math.max(GATHER_MILLISECONDS, Math.min(1500, 3 * drawing));
    }

    apply() {
        const began = performance.now();
        this.timer = null;
        const { trials } = this.page;
        for (const { kind, data } of this.waiting) {
            const place = trials.sweeps.findIndex((sweep) => sweep.name === data.sweep);
            if (place < 0) continue;
            if (kind === "sweep") Object.assign(trials.sweeps[place], data.changes);
            else {
                trials.put(place, data.trial);
                this.received += 1;
            }
        }
        this.waiting = [];
        this.page.dataChanged();
        this.appliedAt = performance.now();
        this.lastApplied = this.appliedAt - began;
    }

    logAddress(sweep) { return this.addresses.log?.replace("{sweep}", encodeURIComponent(sweep.name)) ?? null; }

    /** Shows a trial's log as it grows. The caller closes the stream. */
    followLog(sweep, number, place) {
        const source = new EventSource(this.logAddress(sweep).replace("{number}", String(number)));
        source.addEventListener("log", (event) => {
            const text = parsedJSON(event.data);
            if (typeof text !== "string") return;
            const isAtEnd = place.scrollTop + place.clientHeight >= place.scrollHeight - 8;
            place.append(visibleLog(text));
            if (isAtEnd) place.scrollTop = place.scrollHeight;
        });
        source.addEventListener("end", () => source.close());
        return source;
    }
}
