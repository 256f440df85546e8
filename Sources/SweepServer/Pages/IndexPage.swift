/// The page that lists all sweeps. Its rows come by events.
enum IndexPage {
    static let html = Markup.page(
        title: "sweeps",
        body: """
            <header>
            <h1>Sweeps</h1>
            <p class="summary"><span id="summary">reading …</span>
            <span id="live" class="live" role="status"></span></p>
            <p class="field"><label for="filter">Only with</label>
            <input id="filter" type="text" autocomplete="off" spellcheck="false"></p>
            </header>
            <main>
            <table id="sweeps" class="sweeps">
            <thead><tr id="heads"></tr></thead>
            <tbody id="rows"></tbody>
            </table>
            <p id="nothing" class="note" hidden>There is no sweep here yet. \
            Start one with <code>revsweep run FILE</code>; it will appear by itself.</p>
            </main>
            <noscript><p>The list is drawn by a script, which is switched off here. \
            <a href="/sweeps.json">The same as JSON</a>.</p></noscript>
            """,
        head: """
            <link rel="stylesheet" href="/page/report.css">
            <link rel="stylesheet" href="/page/index.css">
            <script src="/page/index.js" defer></script>
            """)
}
