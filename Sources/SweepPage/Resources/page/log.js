// What a trial prints, as it prints it.

/** More characters than these are not kept on the page: the oldest go. */
const MAX_LOG = 1000000;
/** The text is in blocks of about so many characters, so that a line more does not lay out all of it again. */
const LOG_BLOCK = 16384;
/** A line that is still longer is shown as if it had ended, and is cut where a block has to end. */
const MAX_LINE = 65536;
const LOG_STREAMS = [["stdout", "standard output"], ["stderr", "standard error"]];

/**
 * Follows the log of one trial.
 *
 *     const view = new LogView(page.live, 12);
 *     content.append(view.element);
 *     …
 *     view.close();
 */
class LogView {
    /**
     * @param {Live} live
     * @param {number} number the trial's
     * @param {string} chosen the stream that is shown first
     */
    constructor(live, number, chosen = "stdout") {
        Object.assign(this, { live, number, chosen });
        const choices = LOG_STREAMS.map(([stream, words]) => {
            const box = element("input", { type: "radio", name: "log-stream", value: stream,
                on: { change: () => this.choose(stream) } });
            box.checked = stream === chosen;
            return element("label", { class: "tick" }, box, element("span", { text: words }));
        });
        this.whole = element("a", { text: "whole text", target: "_blank", rel: "noopener" });
        this.status = element("p", { class: "note", role: "status" });
        // Lines that arrive one after the other would talk over everything else, so the log itself is no live region.
        this.text = element("div", { class: "log", tabindex: 0, role: "region" });
        this.element = element("div", { class: "log-view" },
            element("div", { class: "log-head", role: "radiogroup", "aria-label": "what is shown" }, ...choices,
                this.whole),
            this.status, this.text);
        this.choose(chosen);
    }

    choose(stream) {
        this.close();
        this.chosen = stream;
        const words = LOG_STREAMS.find(([name]) => name === stream)[1];
        this.text.setAttribute("aria-label", `${words} of trial ${this.number}`);
        this.whole.href = this.live.logFile(this.number, stream);
        this.clear();
        this.say("connecting");
        this.stream = new Stream(this.live.logAddress(this.number, stream), {
            log: (event) => this.add(parsedJSON(event.data)),
            // The file has become shorter and is read from its beginning.
            cut: () => this.clear(),
            end: () => this.finish(),
        }, (isConnected) => this.say(isConnected ? "following" : "not connected; trying again"));
    }

    close() {
        this.stream?.close();
        this.stream = null;
    }

    /** The trial is run again, as one is that was interrupted: there will be more. */
    resume() { if (this.hasEnded) this.choose(this.chosen); }

    clear() {
        this.rest = "";
        this.used = 0;
        this.isShortened = false;
        this.hasEnded = false;
        this.tail = element("span");
        this.text.replaceChildren(this.tail);
    }

    finish() {
        this.close();
        this.hasEnded = true;
        this.say("the trial has ended");
    }

    say(words) {
        const kept = this.used === 0 && this.rest === "" ? "nothing printed so far"
            : this.isShortened ? "the last part of what it printed" : null;
        this.status.textContent = [words, kept].filter(Boolean).join("; ");
        this.words = words;
    }

    /** Adds what came. A line may come in pieces, and an escape sequence as well. */
    add(text) {
        if (typeof text !== "string" || text === "") return;
        const isAtEnd = this.text.scrollTop + this.text.clientHeight >= this.text.scrollHeight - 8;
        const wasEmpty = this.used === 0 && this.rest === "";
        this.rest += text;
        const end = this.rest.length > MAX_LINE ? this.rest.length : this.rest.lastIndexOf("\n") + 1;
        this.addLines(this.rest.slice(0, end));
        this.rest = this.rest.slice(end);
        // What is unfinished may yet be written over.
        this.tail.textContent = shownLines(this.rest);
        this.trim();
        if (wasEmpty) this.say(this.words);
        if (isAtEnd) this.text.scrollTop = this.text.scrollHeight;
    }

    addLines(text) {
        for (let start = 0; start < text.length;) {
            const next = text.indexOf("\n", start + LOG_BLOCK) + 1;
            const end = Math.min(next || text.length, start + 2 * LOG_BLOCK);
            const shown = shownLines(text.slice(start, end));
            const last = this.tail.previousSibling;
            if (last && last.textContent.length + shown.length <= 2 * LOG_BLOCK) last.append(shown);
            else this.tail.before(element("div", { text: shown }));
            this.used += shown.length;
            start = end;
        }
    }

    trim() {
        while (this.used > MAX_LOG && this.text.firstChild !== this.tail) {
            this.used -= this.text.firstChild.textContent.length;
            this.text.firstChild.remove();
            if (!this.isShortened) {
                this.isShortened = true;
                this.say(this.words);
            }
        }
    }
}

/** Lines as a terminal would have left them: what follows a carriage return stands in place of what was before it. */
function shownLines(text) {
    if (!text.includes("\r")) return visibleLog(text);
    const last = (line) => line.split("\r").findLast((part) => part !== "") ?? "";
    return visibleLog(text.split("\n").map(last).join("\n"));
}
