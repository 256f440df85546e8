"use strict";
// The list of sweeps, kept up to date by the server's events. Whatever a name holds, it is only ever text here.
(() => {
    const HEADS = [
        ["sweep", ""], ["state", ""], ["trials", "number"], ["", ""], ["running", "number"], ["best", "number"],
        ["last change", "number"],
    ];
    /** By their addresses. */
    const sweeps = new Map();
    /** The row of each. */
    const rows = new Map();

    function element(name, properties = {}, ...children) {
        const made = document.createElement(name);
        for (const [key, value] of Object.entries(properties)) {
            if (key === "text") made.textContent = value;
            else made.setAttribute(key, value);
        }
        made.append(...children);
        return made;
    }

    function shortNumber(value) {
        if (!Number.isFinite(value)) return String(value);
        const size = Math.abs(value);
        return size !== 0 && (size < 1e-4 || size >= 1e7) ? value.toExponential(3) : String(Number(value.toPrecision(5)));
    }

    /** How long ago, in the unit that fits. */
    function ageText(time) {
        const seconds = (Date.now() - Date.parse(time)) / 1000;
        if (!Number.isFinite(seconds)) return "";
        if (seconds < 60) return "now";
        if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
        if (seconds < 2 * 86400) return `${Math.floor(seconds / 3600)} h ago`;
        return `${Math.floor(seconds / 86400)} days ago`;
    }

    function cells(sweep) {
        const ended = sweep.budget === null ? `${sweep.ended}` : `${sweep.ended}/${sweep.budget}`;
        const bar = sweep.budget > 0
            ? [element("progress", { max: sweep.budget, value: Math.min(sweep.ended, sweep.budget),
                "aria-label": `${ended} trials` })] : [];
        const best = sweep.best === null ? "" : shortNumber(sweep.best.value);
        const words = sweep.best === null ? "" : `${sweep.metric}, ${sweep.goal}: trial ${sweep.best.trial}`;
        const state = element("td", { text: sweep.state, class: `state-${sweep.state}` });
        if (sweep.problem !== null) state.append(element("div", { class: "problem small", text: sweep.problem }));
        const link = element("a", { href: `/${sweep.address}`, text: sweep.name, title: sweep.folder });
        return [
            element("td", {}, link), state, element("td", { class: "number", text: ended }), element("td", {}, ...bar),
            element("td", { class: "number", text: sweep.trials.running || "" }),
            element("td", { class: "number", text: best, title: words }),
            element("td", { class: "number", text: sweep.changed === null ? "" : ageText(sweep.changed),
                title: sweep.changed ?? "" }),
        ];
    }

    /** Running sweeps first, then those that changed last. */
    function order(left, right) {
        const isRun = (sweep) => (sweep.state === "running" ? 0 : 1);
        return isRun(left) - isRun(right) || (right.changed ?? "").localeCompare(left.changed ?? "")
            || left.name.localeCompare(right.name);
    }

    /** Only rows that have changed are made anew, so that the keyboard's place in the list stays. */
    function show(changed) {
        const body = document.getElementById("rows");
        const wanted = document.getElementById("filter").value.toLowerCase();
        for (const [address, row] of rows) {
            if (sweeps.has(address)) continue;
            row.remove();
            rows.delete(address);
        }
        const sorted = [...sweeps.values()].sort(order);
        let place = body.firstElementChild;
        for (const sweep of sorted) {
            let row = rows.get(sweep.address);
            if (!row) {
                row = element("tr");
                rows.set(sweep.address, row);
                row.append(...cells(sweep));
            } else if (changed.has(sweep.address)) {
                const hadFocus = row.contains(document.activeElement);
                row.replaceChildren(...cells(sweep));
                if (hadFocus) row.querySelector("a").focus();
            }
            row.hidden = !`${sweep.name} ${sweep.folder} ${sweep.state}`.toLowerCase().includes(wanted);
            if (row === place) place = place.nextElementSibling;
            else {
                const hadFocus = row.contains(document.activeElement);
                body.insertBefore(row, place);
                if (hadFocus) row.querySelector("a").focus();
            }
        }
        const running = sorted.filter((sweep) => sweep.state === "running").length;
        document.getElementById("summary").textContent =
            `${sorted.length} sweep${sorted.length === 1 ? "" : "s"}, ${running} running`;
        document.getElementById("nothing").hidden = sorted.length > 0;
        document.getElementById("sweeps").hidden = sorted.length === 0;
    }

    function say(words, kind) {
        const place = document.getElementById("live");
        place.textContent = words;
        place.className = `live ${kind}`;
    }

    document.getElementById("heads").append(
        ...HEADS.map(([text, kind]) => element(text === "" ? "td" : "th", kind === "" ? { text } : { text, class: kind })));
    document.getElementById("filter").addEventListener("input", () => show(new Set()));
    // Ages go on by themselves.
    setInterval(() => show(new Set(sweeps.keys())), 60_000);

    const source = new EventSource("/events");
    source.addEventListener("open", () => say("live", "live"));
    source.addEventListener("error", () => {
        if (source.readyState === EventSource.CLOSED) say("the server gives no more news: load this page again", "lost");
        else say("the connection is lost; trying again", "lost");
    });
    source.addEventListener("sweeps", (event) => {
        const news = JSON.parse(event.data);
        if (news.whole) sweeps.clear();
        for (const address of news.gone) sweeps.delete(address);
        for (const sweep of news.sweeps) sweeps.set(sweep.address, sweep);
        show(new Set(news.sweeps.map((sweep) => sweep.address)));
    });
})();
