"""Watches real sweeps through `revsweep serve` in Chromium while they run.

    REVSWEEP=…/revsweep python3 test_serve.py [NAME…]

It works in the folder that PAGE_SAMPLES names. What the page shows in the end is compared with `revsweep trials --json`.
"""

import csv, io, json, os, re, shutil, signal, subprocess, sys, time, unittest
from pathlib import Path

from test_page import Case, OUT

REVSWEEP = os.environ["REVSWEEP"]
# The first trials run at once, the others when the test says so.
TRAINER = """\
if [ "$REVSWEEP_TRIAL" -ge 6 ]; then while [ ! -e go ]; do sleep 0.1; done; fi
if [ $((REVSWEEP_TRIAL % 11)) = 7 ]; then echo "bad value" >&2; exit 3; fi
for step in 1 2 3 4 5 6; do
    echo "epoch $step of trial $REVSWEEP_TRIAL <b>"
    echo "warning $step" >&2
    echo "{\\"step\\": $step, \\"loss\\": 0.$((REVSWEEP_TRIAL * 37 % 89 + 10))$step, \\"speed\\": $step.5, \\"<img src=x onerror=alert(1)>\\": 1}"
    sleep PAUSE
done
"""
SWEEP = """\
name: watched
metric: {name: loss, goal: minimize}
trainer: {command: [sh, trainer.sh]}
parameters:
  rate: {type: loguniform, min: 1e-4, max: 1}
  kind: {type: choice, values: [sgd, adam]}
  momentum: {type: uniform, min: 0, max: 1, when: {kind: sgd}}
  width: {type: int, min: 1, max: 9007199254740993}
sampler: {name: random, seed: 3}
pruner: {name: asha, min_steps: 2, reduction: 2}
resources: {parallel: 3}
budget: {trials: TRIALS}
"""

# Notes what is drawn on the overlays of plots, by the method of the canvas.
NOTE_OVERLAYS = """() => {
    window.drawn = {};
    for (const method of ["arc", "lineTo"]) {
        const original = CanvasRenderingContext2D.prototype[method];
        CanvasRenderingContext2D.prototype[method] = function (x, y, ...others) {
            const { canvas } = this;
            if (canvas.className === "overlay") {
                const calls = (window.drawn[canvas.closest("figure").id] ??= {})[method] ??= [];
                calls.push([x, y]);
            }
            return original.call(this, x, y, ...others);
        };
    }
}"""


class Watching(Case):
    def setUp(self):
        self.folder = OUT / self._testMethodName
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.port = 0

    def sweep(self, trials, pause=0.1):
        (self.folder / "trainer.sh").write_text(TRAINER.replace("PAUSE", str(pause)))
        (self.folder / "watched.yaml").write_text(SWEEP.replace("TRIALS", str(trials)))

    def start(self, *arguments, **options):
        process = subprocess.Popen([REVSWEEP, *arguments], cwd=self.folder, stderr=subprocess.DEVNULL, text=True,
                                   stdin=subprocess.DEVNULL, **options)
        self.addCleanup(self.stop, process)
        return process

    def stop(self, process):
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()

    def serve(self):
        """The server, and the address of the sweep's page. A second one is at the address of the first."""
        server = self.start("serve", "--port", str(self.port), stdout=subprocess.PIPE)
        line = ""
        while not (found := re.search(r"http://\S+?:(\d+)", line)):
            line = server.stdout.readline()
            self.assertTrue(line, "the server has ended")
        self.port = int(found[1])
        return server, f"http://127.0.0.1:{self.port}/sweep/watched/"

    def watch(self, address, seconds=60):
        """The page, which also notes what its policy forbids."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 900})
        self.addCleanup(context.close)
        page = context.new_page()
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("dialog", lambda dialog: (page.said.append("dialog"), dialog.dismiss()))
        page.on("request", lambda request: page.asked.append(request.url))
        page.add_init_script("window.broken = []; addEventListener('securitypolicyviolation', (event) =>"
                             " window.broken.push(event.violatedDirective))")
        page.goto(address)
        self.settle(page, seconds)
        page.evaluate("window.stays = true")
        return page

    def quiet(self, page, but=()):
        said = [text for text in page.said if not any(each in text for each in but)]
        self.assertEqual(said, [])
        self.assertEqual(page.evaluate("window.broken"), [])
        self.assertTrue(all(url.startswith(f"http://127.0.0.1:{self.port}/") or url == "data:," for url in page.asked))

    def trials(self):
        text = subprocess.run([REVSWEEP, "trials", "watched", "--json"], cwd=self.folder, capture_output=True, text=True,
                              check=True, timeout=60).stdout
        return json.loads(text)

    def shows(self, page):
        """What the page holds, by the columns of its table of CSV."""
        return list(csv.DictReader(io.StringIO(page.evaluate("revsweep.csv()"))))

    def agrees(self, page, seconds=60):
        """Waits until the page says of each trial what the database says."""
        end = time.time() + seconds
        while True:
            trials, lines = self.trials(), self.shows(page)
            differences = [(trial, line) for trial, line in zip(trials, lines) if not self.same(trial, line)]
            if len(trials) == len(lines) and not differences:
                return trials
            self.assertLess(time.time(), end, f"{len(trials)} {len(lines)} {differences[:2]}")
            time.sleep(0.2)

    def same(self, trial, line):
        def equal(text, value):
            if value is None:
                return text == ""
            return text == str(value) or isinstance(value, float) and text != "" and float(text) == value
        return (line["number"] == str(trial["number"]) and line["state"] == trial["state"]
                and equal(line["value"], trial["value"]) and line["reason"] == (trial["reason"] or "")
                and line["attempts"] == str(trial["attempt"])
                and all(equal(line["param." + name], trial["params"].get(name)) for name in ("rate", "kind", "momentum", "width"))
                and equal(line["metric.speed"], trial["metrics"].get("speed")))

    def test_a_sweep_is_followed_to_its_end(self):
        self.sweep(24)
        run = self.start("run", "watched.yaml", "--quiet", stdout=subprocess.DEVNULL)
        self.until_there()
        _, address = self.serve()
        filter = "#f.p.kind=[\"sgd\"]"
        page = self.watch(address + filter)
        self.until(page, "revsweep.shown().length === 9")
        self.until(page, "document.querySelectorAll('#header .running button').length === 3")
        self.assertIn("running (process", page.inner_text("#header"))
        self.go()
        self.until(page, "revsweep.shown().length === 24", 60)
        run.wait(60)
        trials = self.agrees(page)
        self.assertEqual({trial["state"] for trial in trials}, {"complete", "pruned", "failed"})
        self.until(page, "document.querySelector('#header').textContent.includes('not running')"
                         " || document.querySelector('#header').textContent.includes('finished')")
        self.settle(page)
        self.assertTrue(page.evaluate("window.stays"))
        chosen = [trial["number"] for trial in trials if trial["params"]["kind"] == "sgd"]
        self.assertEqual(page.evaluate("revsweep.selected()"), chosen)
        page.evaluate("revsweep.drawAll()")
        counts = page.evaluate("revsweep.counts()")
        self.assertEqual(counts["parallel"]["lines"], len(trials))
        self.assertEqual(counts["table"]["rows"], len(chosen))
        self.assertEqual(counts["timeline"]["bars"], sum(trial["attempt"] for trial in trials))
        self.assertEqual(counts["failures"]["hidden"], False)
        # Text of a trainer is text.
        page.evaluate("document.querySelector('#table tbody button').click()")
        self.assertIn("<img src=x onerror=alert(1)>", page.inner_text("#details"))
        # What is inactive is nowhere a value.
        for trial, line in zip(trials, self.shows(page)):
            self.assertEqual(line["param.momentum"] == "", trial["params"]["kind"] != "sgd")
        # A page that is read now says the same as the one that was told of all changes.
        fresh = self.watch(address + filter)
        self.assertEqual(self.shows(fresh), self.shows(page))
        fresh.evaluate("revsweep.drawAll()")
        self.maxDiff = None
        # Importance is of the time when a page was read.
        self.assertEqual(*[{name: marks for name, marks in shown.evaluate("revsweep.counts()").items()
                            if name not in ("importance", "slice", "contour", "rank")} for shown in (fresh, page)])
        self.quiet(page)
        self.quiet(fresh)

    def go(self):
        (self.folder / "go").touch()

    def until_there(self):
        end = time.time() + 60
        while not (self.folder / "results/watched/sweep.sqlite").exists():
            self.assertLess(time.time(), end)
            time.sleep(0.05)

    def test_a_log_is_followed_while_it_is_written(self):
        self.sweep(6, pause=0.7)
        self.start("run", "watched.yaml", "--quiet", stdout=subprocess.DEVNULL)
        self.until_there()
        _, address = self.serve()
        page = self.watch(address + "#trial=0")
        page.wait_for_selector("#details .log")
        text = "document.querySelector('#details .log').textContent"
        self.until(page, text + ".includes('epoch 2 of trial 0 <b>')")
        self.until(page, text + ".includes('epoch 6')")
        self.until(page, "document.querySelector('#details .log-view [role=status]').textContent.includes('has ended')")
        self.assertEqual(re.findall(r"epoch (\d)", page.evaluate(text)), list("123456"))
        page.get_by_label("standard error").check()
        self.until(page, text + ".includes('warning 6')")
        with page.context.expect_page() as opened:
            page.locator("#details .log-head a").click()
        opened.value.wait_for_load_state()
        self.assertIn("warning 1", opened.value.inner_text("body"))
        self.quiet(page)

    def test_a_server_that_is_started_again_goes_on(self):
        self.sweep(24)
        run = self.start("run", "watched.yaml", "--quiet", stdout=subprocess.DEVNULL)
        self.until_there()
        server, address = self.serve()
        page = self.watch(address)
        self.until(page, "revsweep.shown().length === 9")
        self.stop(server)
        self.until(page, "document.getElementById('live').textContent.includes('lost')")
        self.go()
        run.wait(60)
        self.assertEqual(page.evaluate("revsweep.shown().length"), 9)
        self.serve()
        self.until(page, "revsweep.shown().length === 24")
        self.until(page, "document.getElementById('live').textContent === 'live'")
        self.agrees(page)
        self.assertTrue(page.evaluate("window.stays"))
        self.assertEqual(sum(url.endswith("data.json") for url in page.asked), 1)
        self.quiet(page, but=("ERR_",))

    def test_a_database_that_was_replaced_is_read_anew(self):
        self.sweep(6, pause=0)
        subprocess.run([REVSWEEP, "run", "watched.yaml", "--quiet"], cwd=self.folder, stdout=subprocess.DEVNULL, timeout=120)
        _, address = self.serve()
        page = self.watch(address + "#f.p.kind=[\"sgd\"]")
        self.assertEqual(page.evaluate("revsweep.shown().length"), 6)
        results = self.folder / "results"
        shutil.move(results / "watched", results / "old")
        self.until(page, "document.getElementById('live').textContent.includes('cannot be read')")
        self.sweep(9, pause=0)
        self.go()
        other = self.folder / "other"
        subprocess.run([REVSWEEP, "run", "watched.yaml", "--quiet", "--results", other], cwd=self.folder,
                       stdout=subprocess.DEVNULL, timeout=120)
        shutil.move(other / "watched", results / "watched")
        self.until(page, "window.stays === undefined && document.documentElement.dataset.ready === 'true'"
                         " && revsweep.shown().length === 9")
        self.assertIn("f.p.kind", page.evaluate("location.hash"))
        self.agrees(page)

    def test_ten_thousand_trials_and_one_more(self):
        generator = Path(__file__).parents[3] / "Benchmarks/reading/sweep.py"
        subprocess.run([sys.executable, generator, REVSWEEP, "10000", "3"], cwd=self.folder, check=True,
                       stdout=subprocess.DEVNULL, timeout=300)
        _, address = self.serve()
        # A server that was built without optimization needs a minute for so many.
        page = self.watch(address.replace("watched", "reading"), 400)
        self.assertEqual(page.evaluate("revsweep.shown().length"), 10000)
        page.evaluate(NOTE_OVERLAYS)
        names = ("optimizer.name", "optimizer.learning_rate", "optimizer.weight_decay", "model.width", "model.depth",
                 "model.dropout", "data.batch_size", "data.augment", "schedule.warmup")
        (self.folder / "more.csv").write_text(
            "number,state,value," + ",".join("param." + name for name in names)
            + "\n0,complete,0.001,adam,0.01,0.001,64,2,0.1,64,true,3\n")
        subprocess.run([REVSWEEP, "import", "reading", "more.csv"], cwd=self.folder, check=True, timeout=100,
                       stdout=subprocess.DEVNULL)
        self.until(page, "revsweep.shown().length === 10001")
        self.settle(page)
        self.assertEqual(page.evaluate("revsweep.counts().parallel.lines"), 10001)
        # Before all was drawn anew the trial was marked: at the end of the history, and by a line over all axes.
        self.assertEqual([page.evaluate(f"revsweep.newsMarked().{plot}") for plot in ("history", "parallel")], [1, 1])
        panel = page.evaluate("revsweep.panels('history')")[0]
        (x, y), = page.evaluate("window.drawn.history.arc")
        self.assertAlmostEqual(x, panel["right"], delta=6)
        self.assertTrue(panel["top"] <= y <= panel["bottom"])
        line = page.evaluate("window.drawn.parallel.lineTo")
        self.assertEqual([x for x, _ in line], page.evaluate("revsweep.axes().map(({ x }) => x)"))
        self.assertTrue(page.evaluate(
            "[...document.querySelectorAll('#history .overlay, #parallel .overlay')].every((canvas) =>"
            " canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.every((byte) => byte === 0))"))
        self.assertIn("0.001", page.inner_text("#header .best-value"))
        self.assertTrue(page.evaluate("window.stays"))
        self.quiet(page)


if __name__ == "__main__":
    unittest.main(verbosity=2)
