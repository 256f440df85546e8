// What is text and not a plot: the way to the best trial, the sweep file, and where everything came from.

/** The steps from where the sweep began to its best trial, and what the model expects each to have brought. */
function pathSections(page) {
    return page.trials.sweeps.filter((sweep) => sweep.path?.steps.length > 0).map((sweep) => {
        const lines = sweep.path.steps.map((step) => [
            visible(step.parameter), visible(step.from) + " → " + visible(step.to),
            formatNumber(step.mean) + " ± " + formatNumber(step.deviation, 2),
        ]);
        return element("section", { class: "card" },
            element("h2", { text: (page.trials.sweeps.length > 1 ? sweep.shown + ": " : "") + "From "
                + visible(sweep.path.from) + " to the best" }),
            element("p", { class: "note", text: visible(sweep.path.words) }),
            smallTable(["changed", "value", "then expected"], lines));
    });
}

/** What a page that follows a sweep does not show, and what does. */
function modelSections(page) {
    const { sweeps } = page.trials;
    if (!page.isLive || sweeps.length === 0) return [];
    return [element("section", { class: "card" },
        element("h2", { text: "What a model says" }),
        element("p", { class: "note", text: "Partial dependence, the way to the best trial and what more trials would "
            + "bring come from a model of all trials, which takes long to compute. A report has them:" }),
        copyBox("revsweep report " + sweeps.map((sweep) => shellWord(sweep.name)).join(" ")))];
}

function fileSections(page) {
    return page.trials.sweeps.flatMap((sweep) => {
        const files = [[sweep.file, "Sweep file"], [sweep.base, "Configuration file"]].filter(([file]) => file);
        const prefix = page.trials.sweeps.length > 1 ? sweep.shown + ": " : "";
        return files.map(([file, title]) => element("details", { class: "card document" },
            element("summary", {}, element("h2", { text: prefix + title }),
                element("span", { class: "faint", text: visible(file.path ?? "") })),
            element("pre", { tabindex: 0, text: visibleLog(file.text) })));
    });
}

/** What the keyboard does. */
function keySection() {
    return element("section", { class: "card" },
        element("h2", { text: "Keys" }),
        factList([
            ["on a plot", "arrow keys go from trial to trial, Enter opens the trial, Escape removes the plot's brush"],
            ["on the name of an axis", "left and right move the axis, Enter changes its scale"],
            ["in the table", "up and down go from trial to trial, Enter opens the trial"],
            ["beside an open trial", "Escape closes it"],
        ]));
}

function provenanceSections(page) {
    return page.trials.sweeps.filter((sweep) => sweep.provenance?.length > 0).map((sweep) =>
        element("section", { class: "card provenance" },
        element("h2", { text: (page.trials.sweeps.length > 1 ? sweep.shown + ": " : "") + "Provenance" }),
        factList(sweep.provenance.map(([name, text]) => [visible(name), visible(text)]))));
}
