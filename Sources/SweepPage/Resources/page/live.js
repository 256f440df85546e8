// The same page while the sweep runs: the server says what has changed, and the rows follow.

/** While many changes come in a row, they are gathered this long. */
const GATHER_MILLISECONDS = 60;
/** A stream that the server has refused is asked for again after this time, and after twice as long each time. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30000;
/** A page that is told to read everything again does so at most this often. */
const RELOAD_PAUSE = 3000;

class Live {
    /**
     * @param {Page} page
     * @param {{events: string, log: ?string}} addresses where the events come from; `log` has `{number}`
     */
    constructor(page, addresses) {
        this.page = page;
        this.addresses = addresses;
        this.waiting = [];
        /** By the place of a sweep, what takes its changes in. */
        this.changes = new Map();
        this.timer = null;
        /** How long the last changes took to be taken in, and when they could be seen: milliseconds since 1970. */
        this.lastApplied = 0;
        this.shownAt = 0;
        this.appliedAt = -Infinity;
        /** Why the server cannot read the sweep at the moment, in its words. */
        this.problem = null;
        this.isConnected = false;
        page.trials.sweeps.forEach((sweep) => this.noteRanking(sweep));
    }

    /** Notes of how many complete trials the importance that the server sent is. */
    noteRanking(sweep) { sweep.completeAtRanking = this.page.trials.completeCount(sweep); }

    connect() {
        this.stream = new Stream(this.addresses.events, {
            changes: (event) => this.gather("changes", event),
            sweep: (event) => this.gather("sweep", event),
            // What cannot be told in changes needs the whole again. The address keeps the selection.
            reload: () => this.reload(),
            problem: (event) => this.say({ problem: String(parsedJSON(event.data) ?? "") }),
            well: () => this.say({ problem: null }),
        }, (isConnected) => this.say({ isConnected }));
        this.say({});
    }

    say(news) {
        Object.assign(this, news);
        const [words, kind] = this.isReloading ? ["reading everything anew", "lost"]
            : !this.isConnected ? [this.stream?.wasOpen ? "the connection is lost; trying again" : "connecting", "lost"]
            : this.problem !== null ? ["the sweep cannot be read at the moment: " + visible(this.problem), "lost"]
            : ["live", "live"];
        this.page.header.say(words, kind);
    }

    gather(kind, event) {
        const data = parsedJSON(event.data);
        if (data === null || typeof data !== "object") return;
        this.waiting.push({ kind, data });
        const rest = performance.now() - this.appliedAt;
        this.timer ??= setTimeout(() => this.apply(), Math.max(0, GATHER_MILLISECONDS - rest));
    }

    apply() {
        const began = performance.now();
        this.timer = null;
        const { trials } = this.page;
        const changed = [];
        let hasNewRanking = false;
        for (const { kind, data } of this.waiting) {
            const place = trials.sweeps.findIndex((sweep) => sweep.name === data.sweep);
            if (place < 0) continue;
            const sweep = trials.sweeps[place];
            if (kind === "sweep") {
                Object.assign(sweep, data.changes);
                if (data.changes?.importance !== undefined) {
                    this.noteRanking(sweep);
                    hasNewRanking = true;
                }
                continue;
            }
            if (typeof data.planner === "string") sweep.planner = data.planner;
            if (!this.changes.has(place)) this.changes.set(place, new SweepChanges(trials, place));
            const rows = this.changes.get(place).take(data.trials);
            if (!rows) return this.reload();
            changed.push(...rows);
        }
        this.waiting = [];
        if (changed.length > 0) this.page.newsArrived([...new Set(changed)]);
        else this.page.sweepsChanged(hasNewRanking);
        this.appliedAt = performance.now();
        if (changed.length === 0) return;
        this.lastApplied = this.appliedAt - began;
        requestAnimationFrame(() => { this.shownAt = clock(); });
    }

    reload() {
        if (this.isReloading) return;
        this.stream.close();
        this.say({ isReloading: true });
        const kept = keptPlace();
        const pause = Math.max(0, RELOAD_PAUSE - (clock() - (kept?.time ?? -Infinity)));
        setTimeout(() => {
            keepPlace(this.page);
            location.reload();
        }, pause);
    }

    /** The address of a stream with what a trial prints; null if the server has none. */
    logAddress(number, stream) {
        const { log } = this.addresses;
        return log ? `${log.replace("{number}", String(number))}?stream=${stream}` : null;
    }

    /** The whole of it as a text. */
    logFile(number, stream) { return `${this.addresses.log.replace("{number}", String(number))}/${stream}.txt`; }
}

/**
 * Events from the server. A browser connects again by itself where the connection was lost, and says how far it had
 * come (`Last-Event-ID`); it gives up where the server refuses, as one does that has too many to serve.
 */
class Stream {
    /**
     * @param {string} address
     * @param {Object} listeners by the kind of event
     * @param {function(boolean): void} changed told whether it is connected
     */
    constructor(address, listeners, changed) {
        Object.assign(this, { address, listeners, changed, wasOpen: false, lastID: null, pause: FIRST_PAUSE });
        this.open();
    }

    open() {
        this.source = new EventSource(this.lastID === null ? this.address : addressSince(this.address, this.lastID));
        this.source.addEventListener("open", () => {
            this.wasOpen = true;
            this.pause = FIRST_PAUSE;
            this.changed(true);
        });
        this.source.addEventListener("error", () => {
            this.changed(false);
            if (this.source.readyState !== EventSource.CLOSED) return;
            this.timer = setTimeout(() => this.open(), this.pause);
            this.pause = Math.min(LONGEST_PAUSE, 2 * this.pause);
        });
        for (const [kind, listener] of Object.entries(this.listeners)) {
            this.source.addEventListener(kind, (event) => {
                if (event.lastEventId) this.lastID = event.lastEventId;
                listener(event);
            });
        }
    }

    close() {
        clearTimeout(this.timer);
        this.source.close();
    }
}

/** The address with another place to begin at. */
function addressSince(address, identifier) {
    const [path, query] = address.split("?");
    const parts = new URLSearchParams(query);
    // Where a log begins is a number of bytes.
    parts.set(parts.has("stream") ? "offset" : "since", identifier);
    return path + "?" + parts;
}

/** Why there is no document, in words for whoever reads the page. */
class LoadError extends Error {}

/** The document of a page that is served: its text. */
async function fetchedDocument(address) {
    let response;
    try {
        response = await fetch(address);
    } catch {
        throw new LoadError("the server does not answer");
    }
    const text = await response.text();
    if (response.ok) return text;
    const isPlain = /^text\/plain/.test(response.headers.get("Content-Type") ?? "");
    const words = isPlain ? ": " + text.trim().slice(0, 400) : "";
    throw new LoadError(`the server answered ${response.status}${words}`);
}

// Where a reader was before the page was read anew: which figure was at the top of the window, and what was open.

const PLACE_KEY = "revsweep.place";

/** Milliseconds, on from one page to the next. */
function clock() { return performance.timeOrigin + performance.now(); }

function anchors() { return [...document.querySelectorAll("main figure[id], main section, main details.document")]; }

function keepPlace(page) {
    page.selection.writeAddress();
    const all = anchors();
    const top = all.findIndex((node) => node.getBoundingClientRect().bottom > 0);
    const place = {
        address: location.pathname, time: clock(), top, offset: all[top]?.getBoundingClientRect().top ?? 0,
        open: [...document.querySelectorAll("details.document")].map((node) => node.open),
        table: document.querySelector(".table-frame")?.scrollTop ?? 0,
        details: page.details.element.scrollTop,
    };
    store(place);
}

/** A browser may keep nothing for this page; the reader then finds the top of it. */
function store(place) {
    try {
        sessionStorage.setItem(PLACE_KEY, JSON.stringify(place));
    } catch {
        return;
    }
}

function keptPlace() {
    try {
        const place = parsedJSON(sessionStorage.getItem(PLACE_KEY) ?? "null");
        return place?.address === location.pathname ? place : null;
    } catch {
        return null;
    }
}

/** Once, after the page was read anew. */
function restorePlace(page) {
    const place = keptPlace();
    if (!place || place.isUsed) return;
    store({ ...place, isUsed: true });
    const documents = [...document.querySelectorAll("details.document")];
    if (documents.length === place.open.length) documents.forEach((node, index) => { node.open = place.open[index]; });
    const settle = () => {
        const anchor = anchors()[place.top];
        if (anchor) scrollBy(0, anchor.getBoundingClientRect().top - place.offset);
        const table = document.querySelector(".table-frame");
        if (table) table.scrollTop = place.table;
        page.details.element.scrollTop = place.details;
    };
    settle();
    // Plots get their heights when they are drawn. Whoever scrolls meanwhile wants to be elsewhere.
    const steps = [100, 300, 800].map((time) => setTimeout(settle, time));
    for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"]) {
        addEventListener(kind, () => steps.forEach(clearTimeout), { once: true, passive: true });
    }
}
