"""Drives the page in Chromium and compares it with what Python computes from the same document.

    python3 make_sample.py && python3 test_page.py [NAME…]

It needs Playwright and a Chromium, whose path may be given as CHROMIUM. Both scripts work in the folder that PAGE_SAMPLES
names.
"""

import base64, csv, io, json, math, os, subprocess, sys, time, unittest, zlib
from array import array
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

import report_writer as writer

HERE = Path(__file__).parent
OUT = Path(os.environ.get("PAGE_SAMPLES", HERE / "out"))
CODES = {"u8": "B", "u16": "H", "u32": "I", "i32": "i", "f32": "f", "f64": "d"}
INACTIVE = "inactive"


def decode(column):
    raw = base64.b64decode(column["data"])
    kind = column["type"]
    if kind == "text":
        raw = zlib.decompress(raw) if column.get("packed") else raw
        return raw.decode().split("\0") if raw else []
    numbers = array(CODES[kind])
    if column.get("packed"):
        planes, width = zlib.decompress(raw), numbers.itemsize
        count = len(planes) // width
        raw = b"".join(planes[place::count] for place in range(count)) if width > 1 else planes
    numbers.frombytes(raw)
    return list(numbers)


def yaml_value(text):
    """A value as a command has it: JSON, or a plain word."""
    try:
        return json.loads(text)
    except ValueError:
        return text


class Document:
    """A sample, decoded by code that shares nothing with the page."""

    def __init__(self, name, place=0):
        sweep = json.loads((OUT / f"{name}.json").read_text())["sweeps"][place]
        self.sweep = sweep
        self.states = [sweep["state"]["words"][code] for code in decode(sweep["state"])]
        self.values = decode(sweep["value"])
        self.count = len(self.states)
        self.parameters = {}
        for entry in sweep["parameters"]:
            values = decode(entry["values"])
            words, kind = entry["values"].get("words"), entry["values"]["type"]
            if words is not None:
                inactive = {"u8": 255, "u16": 65535}[kind]
                values = [INACTIVE if value == inactive else json.dumps(words[value]) for value in values]
            else:
                values = [INACTIVE if (value != value or value == -2147483648) else value for value in values]
            self.parameters[entry["name"]] = values
        self.reports = decode(sweep["reports"]["lengths"])
        self.attempts = decode(sweep["attempts"]["lengths"])

    def active(self, name, row):
        value = self.parameters[name][row]
        return value != INACTIVE and value != math.inf

    def varying(self):
        return [name for name, values in self.parameters.items()
                if len({value for value in values if value != INACTIVE and value != math.inf}) > 1]

    def has_value(self, row):
        return math.isfinite(self.values[row])

    def complete(self):
        return [row for row in range(self.count) if self.states[row] == "complete" and self.has_value(row)]


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.driver = sync_playwright().start()
        cls.browser = cls.driver.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.driver.stop()

    def open(self, name, address="", width=1280, height=900, theme="light", **options):
        """A page that has been drawn; what it says and asks for is collected."""
        context = self.browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, **options)
        self.addCleanup(context.close)
        page = context.new_page()
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("dialog", lambda dialog: (page.said.append("dialog"), dialog.dismiss()))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(name if "://" in name else (OUT / f"{name}.html").as_uri() + address)
        self.settle(page)
        return page

    def settle(self, page, seconds=60):
        end = time.time() + seconds
        while time.time() < end:
            self.until(page, "document.documentElement.dataset.ready === 'true' && revsweep.isIdle()", seconds)
            # The address is written a moment later.
            time.sleep(0.2)
            if page.evaluate("revsweep.isIdle()"):
                return
        self.fail("the page is still drawing")

    def until(self, page, condition, seconds=30):
        end = time.time() + seconds
        problem = ""
        while time.time() < end:
            try:
                if page.evaluate(condition):
                    return
                problem = ""
            except Error as error:
                # While the page is read anew there may be no document, or none of what the condition is about.
                problem = f": {error}"
            time.sleep(0.05)
        self.fail(condition + problem)

    def counts(self, page):
        page.evaluate("revsweep.drawAll()")
        return page.evaluate("revsweep.counts()")

    def drag(self, page, figure, start, end, steps=4):
        page.evaluate("id => document.getElementById(id).scrollIntoView({block: 'center'})", figure)
        self.settle(page)
        frame = page.locator(f"#{figure} .frame").bounding_box()
        page.mouse.move(frame["x"] + start[0], frame["y"] + start[1])
        page.mouse.down()
        page.mouse.move(frame["x"] + end[0], frame["y"] + end[1], steps=steps)
        page.mouse.up()
        self.settle(page)

    def filter_of(self, page, key):
        from urllib.parse import parse_qs
        return parse_qs(page.evaluate("location.hash").lstrip("#"), keep_blank_values=True).get("f." + key, [None])[0]


class Silence(Case):
    def test_no_page_says_anything_or_asks_for_anything(self):
        for path in sorted(OUT.glob("*.html")):
            if path.stem in ("fifty_thousand", "ten_thousand_full"):
                continue
            with self.subTest(path.stem):
                page = self.open(path.stem, theme="dark" if "two" in path.stem else "light")
                page.evaluate("revsweep.drawAll()")
                page.mouse.move(400, 500)
                self.assertEqual(page.said, [])
                self.assertEqual([url for url in page.asked if not url.startswith(path.as_uri())], ["data:,"][:page.asked.count("data:,")])

    def test_nothing_leaves_even_where_a_script_would_try(self):
        page = self.open("digits")
        blocked = page.evaluate("fetch('https://example.org/').then(() => 'sent', () => 'refused')")
        self.assertEqual(blocked, "refused")

    def test_the_code_has_no_way_to_make_markup_or_to_differ_from_run_to_run(self):
        text = writer.script() + writer.style()
        for word in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "Function(", "Math.random", "Date.now", "new Date()",
                     "</script", "</style", "<!--", "http://", "https://", "localStorage"):
            self.assertNotIn(word, text.replace("http://www.w3.org/2000/svg", ""))

    def test_broken_data_is_said(self):
        page = self.browser.new_page()
        self.addCleanup(page.close)
        document = json.loads((OUT / "single.json").read_text())
        document["sweeps"][0]["value"]["data"] = "%%%"
        (OUT / "broken").mkdir(exist_ok=True)
        path = OUT / "broken" / "broken.html"
        path.write_text(writer.page(document))
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready=failed]")
        self.assertIn("could not be read", page.inner_text("#header"))

    def test_the_same_document_gives_the_same_bytes(self):
        document = json.loads((OUT / "digits.json").read_text())
        self.assertEqual(writer.page(document, "<svg/>"), writer.page(document, "<svg/>"))


class Marks(Case):
    def check(self, name):
        document = Document(name)
        page = self.open(name)
        counts = self.counts(page)
        rows = range(document.count)
        valued = sum(map(document.has_value, rows))
        varying = document.varying()
        expected = {
            ("history", "points"): valued, ("history", "valueless"): sum(
                1 for row in rows if not document.has_value(row)),
            ("parallel", "lines"): document.count, ("parallel", "axes"): len(varying) + 1,
            ("intermediate", "lines"): sum(1 for length in document.reports if length),
            ("duration", "points"): valued, ("edf", "steps"): len(document.complete()),
            ("timeline", "bars"): sum(document.attempts), ("table", "rows"): document.count,
            ("failures", "trials"): sum(state in ("failed", "diverged") for state in document.states),
            ("parallel", "inactive"): sum(document.parameters[each][row] == INACTIVE for each in varying for row in rows),
        }
        for (plot, kind), number in expected.items():
            if not counts[plot]["hidden"]:
                self.assertEqual(counts[plot].get(kind, 0), number, (name, plot, kind))
        for each in varying[:12]:
            number = sum(document.active(each, row) and document.has_value(row) for row in rows)
            self.assertEqual(counts["slice"].get("points of " + each, 0), number, (name, each))
        self.assertTrue(all(plot["drawn"] for plot in counts.values() if not plot["hidden"]), name)
        return document, counts

    def test_every_plot_draws_the_right_number_of_marks(self):
        for name in ("digits", "conditional", "ten_thousand", "one_parameter", "no_numbers", "failed", "single"):
            with self.subTest(name):
                self.check(name)

    def test_pairs_have_points_where_both_are_active(self):
        document, counts = self.check("digits")
        best = ["optimizer.learning_rate", "optimizer.name", "model.hidden", "model.layers"]
        pairs = [(first, second) for place, first in enumerate(best) for second in best[place + 1:]]
        self.assertEqual(counts["rank"]["points"], sum(
            document.active(first, row) and document.active(second, row) for first, second in pairs for row in range(document.count)))
        self.assertEqual(counts["importance"]["bars"], 11)
        self.assertEqual(counts["importance"]["intervals"], 11)
        self.assertEqual(counts["dependence"]["curves"], 5)

    def test_why_shows_each_step_and_each_number_of_trials(self):
        document, counts = self.check("digits")
        self.assertEqual(counts["path"]["bars"], len(document.sweep["path"]["steps"]))
        self.assertEqual(counts["path"]["intervals"], len(document.sweep["path"]["steps"]))
        self.assertEqual(counts["outlook"]["points"], len(document.sweep["outlook"]["trials"]))
        self.assertEqual(counts["outlook"]["lines"], 1)
        page = self.open("digits")
        self.counts(page)
        self.assertIn("learning_rate", page.text_content("#path-summary"))
        self.assertIn("20 more trials", page.text_content("#outlook-summary"))
        row = next(row for row in range(20, document.count) if document.states[row] == "complete")
        page.evaluate("address => { location.hash = address }", f"trial=digits/{row}")
        page.wait_for_selector("#details:not([hidden])")
        details = page.inner_text("#details")
        self.assertIn("the Gaussian process", details)
        self.assertIn("nine of ten such trials 0.5 to 1, as this one", details)
        _, without = self.check("one_parameter")
        self.assertTrue(without["path"]["hidden"] and without["outlook"]["hidden"])

    def test_rungs_show_each_decision_once(self):
        document, counts = self.check("digits")
        decisions = document.sweep["decisions"]
        lengths, steps = decode(decisions["lengths"]), decode(decisions["steps"])
        rows = [row for row, length in enumerate(lengths) for _ in range(length)]
        self.assertEqual(counts["rungs"]["points"], len(set(zip(rows, steps))))
        self.assertEqual(counts["rungs"]["rungs"], len(set(steps)))

    def test_a_parameter_that_is_a_number_in_one_sweep_and_a_word_in_another_is_words(self):
        page = self.open("mixed")
        counts = self.counts(page)
        self.assertEqual(counts["parallel"]["lines"], 40)
        self.assertEqual(counts["slice"]["points of x"], 40)
        self.assertEqual([axis["kind"] for axis in page.evaluate("revsweep.axes()")], ["category", "linear"])
        self.assertEqual(page.said, [])

    def test_the_distribution_counts_what_is_at_least_as_good(self):
        # How high the curve is at the left end: nearly all are as good as the worst value, and nearly none as the best.
        top = """() => {
            const [box] = revsweep.panels("edf");
            const canvas = document.querySelector("#edf canvas[role=img]");
            const ratio = canvas.width / canvas.getBoundingClientRect().width;
            const { data } = canvas.getContext("2d").getImageData(Math.round((box.left + 6) * ratio), 0, 1, canvas.height);
            for (let y = 0; y < canvas.height; y++) {
                if (data[4 * y + 3] > 0) return (box.bottom - y / ratio) / (box.bottom - box.top);
            }
            return null;
        }"""
        for name, low, high in (("digits", 0.8, 1.05), ("one_parameter", -0.05, 0.2)):
            page = self.open(name)
            self.counts(page)
            self.assertTrue(low < page.evaluate(top) < high, name)
            self.assertIn("fraction of trials at least as good", page.text_content("#edf svg"))

    def test_imported_trials_have_a_best_before_any_time(self):
        page = self.open("imported", "#time=true")
        history = self.counts(page)["history"]
        self.assertEqual(history["improvements"], 1)
        self.assertIn("trial 3 with 1, after 1 improvement", page.text_content("#history-summary"))
        document = Document("imported")
        best, expected = None, 0
        for value in document.values:
            if best is None or value < best:
                best, expected = value, expected + 1
        self.assertEqual(self.counts(self.open("imported"))["history"]["improvements"], expected)
        self.assertEqual(page.said, [])

    def test_an_empty_sweep_says_so(self):
        page = self.open("empty")
        self.assertIn("No trial has been planned yet", page.inner_text("#header"))
        self.assertEqual(page.said, [])


class Selecting(Case):
    def passes(self, text, value):
        """Whether a value passes a filter as the address writes it."""
        parts = text.split("|")
        if value == INACTIVE:
            return "inactive" in parts
        if text.startswith("["):
            return value in [json.dumps(word) for word in json.loads(text.removesuffix("|inactive"))]
        if parts[0] == "inactive":
            return False
        low, high = parts[0].split("..")
        return (low == "" or value >= float(low)) and (high == "" or value <= float(high)) and value != math.inf

    def check(self, page, document, filters):
        texts = {name: self.filter_of(page, "p." + name) for name in filters}
        self.assertTrue(all(texts.values()), texts)
        expected = [row for row in range(document.count)
                    if all(self.passes(text, document.parameters[name][row]) for name, text in texts.items())]
        self.assertEqual(page.evaluate("revsweep.selected()"), expected)
        self.assertTrue(0 < len(expected) < document.count)
        return expected

    def axis(self, page, name):
        return next(axis for axis in page.evaluate("revsweep.axes()") if axis["key"] == "p." + name)

    def test_a_brush_on_each_kind_of_axis_agrees_with_python_and_survives_a_reload(self):
        document = Document("digits")
        page = self.open("digits")
        rate = self.axis(page, "optimizer.learning_rate")
        self.drag(page, "parallel", (rate["x"], 80), (rate["x"], 220))
        self.check(page, document, ["optimizer.learning_rate"])
        name = self.axis(page, "optimizer.name")
        self.drag(page, "parallel", (name["x"], 60), (name["x"], 150))
        expected = self.check(page, document, ["optimizer.learning_rate", "optimizer.name"])
        counts = self.counts(page)
        self.assertEqual(counts["parallel"]["selected"], len(expected))
        self.assertEqual(counts["table"]["rows"], len(expected))
        self.assertEqual(counts["history"]["selected"], sum(map(document.has_value, expected)))
        self.assertEqual(counts["edf"]["steps"] - len(document.complete()), len(set(expected) & set(document.complete())))
        again = self.open("digits", page.evaluate("location.hash"))
        self.assertEqual(again.evaluate("revsweep.selected()"), expected)
        self.assertEqual(again.evaluate("revsweep.address()"), page.evaluate("revsweep.address()"))

    def test_the_end_of_a_log_axis_can_be_reached(self):
        page = self.open("digits")
        rate = self.axis(page, "optimizer.learning_rate")
        self.drag(page, "parallel", (rate["x"], rate["to"] - 1), (rate["x"], rate["to"] + 60))
        self.assertRegex(self.filter_of(page, "p.optimizer.learning_rate"), r"^[0-9.e-]+\.\.$")

    def test_the_rail_selects_inactive_trials_and_only_them(self):
        document = Document("digits")
        page = self.open("digits")
        axis = self.axis(page, "optimizer.momentum")
        self.drag(page, "parallel", (axis["x"] - 6, axis["from"] + 22), (axis["x"] + 6, axis["from"] + 30))
        self.assertEqual(self.filter_of(page, "p.optimizer.momentum"), "inactive")
        self.assertEqual(page.evaluate("revsweep.selected()"), [
            row for row in range(document.count) if document.parameters["optimizer.momentum"][row] == INACTIVE])

    def test_a_rectangle_in_a_slice_reaches_all(self):
        document = Document("digits")
        page = self.open("digits")
        self.drag(page, "slice", (0, 0), (0, 0))
        box = next(panel for panel in page.evaluate("revsweep.panels('slice')") if panel["xKey"] == "p.model.hidden")
        width = box["right"] - box["left"]
        self.drag(page, "slice", (box["left"] + 0.3 * width, box["top"] + 10), (box["left"] + 0.8 * width, box["top"] + 60))
        x, y = self.filter_of(page, "p.model.hidden"), self.filter_of(page, "value")
        expected = [row for row in range(document.count)
                    if self.passes(x, document.parameters["model.hidden"][row]) and document.has_value(row) and self.passes(y, document.values[row])]
        self.assertEqual(page.evaluate("revsweep.selected()"), expected)
        self.assertTrue(expected)

    def test_only_the_best_k_percent(self):
        document = Document("ten_thousand_full")
        page = self.open("ten_thousand_full", "#best=5&log=true&scales=" + '{"model.layers":"quantile"}')
        complete = document.complete()
        limit = sorted((document.values[row] for row in complete), reverse=True)[math.ceil(len(complete) * 0.05) - 1]
        expected = [row for row in complete if document.values[row] >= limit]
        self.assertEqual(page.evaluate("revsweep.shown()"), expected)
        self.assertEqual(self.axis(page, "model.layers")["kind"], "quantile")

    def test_filters_by_keyboard_and_states(self):
        document = Document("digits")
        page = self.open("digits")
        page.locator("summary", has_text="add a filter").focus()
        page.keyboard.press("Enter")
        page.get_by_label("quantity").select_option("p.model.layers")
        page.get_by_label("at least").fill("2")
        page.get_by_label("at most").fill("4")
        page.get_by_role("button", name="apply").press("Enter")
        self.settle(page)
        self.check(page, document, ["model.layers"])
        page.get_by_role("button", name="remove the filter layers").or_(page.locator(".chip")).first.press("Enter")
        self.settle(page)
        self.assertEqual(len(page.evaluate("revsweep.selected()")), document.count)

    def test_a_hostile_address_is_read_as_data(self):
        page = self.open("digits", "#f.constructor=1..2&f.__proto__=3..4&f.p.nothing=1..2&f.value=NaN..x&best=%22x%22&scales=[1]&theme=<b>&columns={}&trial=../../9&__proto__=1&constructor=2&f.p.optimizer.name=[1,{}]")
        self.assertEqual(page.said, [])
        self.assertEqual(len(page.evaluate("revsweep.shown()")), Document("digits").count)
        self.assertEqual(len(page.evaluate("revsweep.selected()")), Document("digits").count)


class Fronts(Case):
    """Sweeps with several objectives, and with bounds."""

    def read(self, name):
        document = Document(name)
        told = document.sweep["objectives"]
        values = {entry["name"]: decode(entry["values"]) for entry in told["further"]}
        values[told["metrics"][0]["name"]] = document.values
        self.values, self.metrics = values, told["metrics"]
        measured = list(values)
        known = [row for row in document.complete() if all(math.isfinite(values[each][row]) for each in measured)]
        kept = [row for row in known if all(values[bound["metric"]][row] <= bound["limit"] for bound in told["bounds"])]
        front = [row for row in kept if not any(self.dominates(other, row) for other in kept)]
        standings = [0 if row not in known else 3 if row not in kept else 1 if row in front else 2 for row in range(document.count)]
        return document, standings

    def vector(self, row):
        return [self.values[each["name"]][row] * (1 if each["goal"] == "minimize" else -1) for each in self.metrics]

    def dominates(self, row, other):
        pairs = list(zip(self.vector(row), self.vector(other)))
        return all(one <= two for one, two in pairs) and any(one < two for one, two in pairs)

    def test_who_is_on_the_front_and_who_breaks_a_bound_agrees_with_python(self):
        for name in ("objectives", "bounds", "hostile"):
            with self.subTest(name):
                document, standings = self.read(name)
                page = self.open(name)
                self.assertEqual(page.evaluate("revsweep.standings()"), standings)
                counts = self.counts(page)["front"]
                self.assertEqual(counts["points"], document.count - standings.count(0))
                self.assertEqual(counts["front"], standings.count(1))
                self.assertEqual(counts["broken"], standings.count(3))
                self.assertGreater(min(standings.count(each) for each in (1, 2, 3)), 0)
                self.assertEqual(page.said, [])

    def test_the_edge_joins_each_place_of_the_front_once(self):
        _, standings = self.read("objectives")
        front = {tuple(self.vector(row)) for row, standing in enumerate(standings) if standing == 1}
        counts = self.counts(self.open("objectives"))["front"]
        self.assertLess(len(front), counts["front"])
        self.assertEqual(counts["edge"], len(front))
        self.assertNotIn("edge", self.counts(self.open("bounds"))["front"])

    def test_the_plot_is_the_first_one_and_an_ordinary_sweep_has_none(self):
        page = self.open("objectives")
        self.assertEqual(page.locator("#plots figure").first.get_attribute("id"), "front")
        self.assertNotIn("front", self.counts(self.open("digits")))

    def test_the_reader_chooses_two_metrics(self):
        page = self.open("objectives")
        self.assertEqual([(panel["xKey"], panel["yKey"]) for panel in page.evaluate("revsweep.panels('front')")], [("value", "o.bytes")])
        self.assertNotIn("limits", self.counts(page)["front"])
        page.locator("#front select").first.select_option("latency")
        self.settle(page)
        self.assertEqual([(panel["xKey"], panel["yKey"]) for panel in page.evaluate("revsweep.panels('front')")], [("o.latency", "o.bytes")])
        counts = self.counts(page)["front"]
        self.assertEqual(counts["limits"], 1)
        self.assertIn("latency <= 20", page.locator("#front svg").text_content())
        # What is only bounded has no front of its own.
        self.assertNotIn("edge", counts)
        again = self.open("objectives", page.evaluate("location.hash"))
        self.assertEqual([panel["xKey"] for panel in again.evaluate("revsweep.panels('front')")], ["o.latency"])

    def test_a_rectangle_in_the_front_selects_by_both_metrics(self):
        _, standings = self.read("objectives")
        page = self.open("objectives")
        box = page.evaluate("revsweep.panels('front')")[0]
        width = box["right"] - box["left"]
        self.drag(page, "front", (box["left"] + 0.3 * width, box["top"] + 30), (box["left"] + 0.9 * width, box["bottom"] - 40))
        low, high = (float(part) for part in self.filter_of(page, "value").split(".."))
        least, most = (float(part) for part in self.filter_of(page, "o.bytes").split(".."))
        expected = [row for row in range(len(standings))
                    if low <= self.values["accuracy"][row] <= high and least <= self.values["bytes"][row] <= most]
        self.assertEqual(page.evaluate("revsweep.selected()"), expected)
        self.assertTrue(0 < len(expected) < len(standings))

    def test_the_table_has_the_values_and_marks_the_front(self):
        document, standings = self.read("objectives")
        page = self.open("objectives", '#sort=front&descending=true&columns=["number","o.bytes","o.latency","front","reason"]')
        page.evaluate("document.getElementById('table').scrollIntoView()")
        self.settle(page)
        front = standings.count(1)
        self.assertEqual(sorted(page.evaluate("revsweep.table().rows")[:front]), [row for row in range(document.count) if standings[row] == 1])
        for line in page.locator("#table tbody tr[data-row]").all()[:front + 4]:
            row = int(line.get_attribute("data-row"))
            cells = line.locator("td").all_inner_texts()
            self.assertEqual(cells[3], "\u2605" if standings[row] == 1 else "")
            self.assertEqual(line.get_attribute("class") == "front", standings[row] == 1)
            if standings[row]:
                self.assertAlmostEqual(float(cells[1]), self.values["bytes"][row])
                self.assertEqual(cells[4], "" if standings[row] != 3 else f"latency <= 20 is broken: {cells[2]}")

    def test_the_front_stands_in_place_of_the_best(self):
        _, standings = self.read("objectives")
        page = self.open("objectives")
        header = page.inner_text("#header")
        self.assertIn(f"Pareto front: {standings.count(1)} trials", header)
        self.assertIn(f"{standings.count(3)} complete trials break a bound", header)
        self.assertIn("bytes, minimized", header)
        best = max((row for row, standing in enumerate(standings) if standing == 1), key=lambda row: (self.values["accuracy"][row], -self.values["bytes"][row]))
        first = page.locator("#header .front-list button").first
        self.assertEqual(first.inner_text(), f"trial {best}")
        first.click()
        self.assertIn("on the front", page.inner_text("#details"))
        row = standings.index(3)
        page.evaluate("address => { location.hash = address }", f"trial=nets/{row}")
        self.until(page, "document.getElementById('details').innerText.includes('is broken')")

    def test_the_best_of_a_sweep_with_bounds_keeps_them(self):
        _, standings = self.read("bounds")
        page = self.open("bounds")
        best = standings.index(1)
        self.assertGreater(max(self.values["accuracy"][row] for row, standing in enumerate(standings) if standing == 3), self.values["accuracy"][best])
        self.assertEqual(page.locator("#header .best h2 button").inner_text(), f"trial {best}")
        self.assertIn(f"{standings.count(3)} complete trials break a bound", page.inner_text("#header"))
        self.assertIn(f"trial {best} with", self.history(page))

    def history(self, page):
        self.counts(page)
        return page.text_content("#history-summary")

    def test_the_files_have_all_metrics(self):
        document, standings = self.read("objectives")
        page = self.open("objectives")
        lines = list(csv.DictReader(io.StringIO(page.evaluate("revsweep.csv()"))))
        journal = [json.loads(line) for line in page.evaluate("revsweep.journal()").splitlines()]
        self.assertEqual(journal[0]["directions"], [2, 1])
        trials = [line for line in journal if line["op_code"] == 4]
        for row, (line, trial) in enumerate(zip(lines, trials)):
            if not standings[row]:
                continue
            self.assertEqual(float(line["metric.bytes"]), self.values["bytes"][row])
            self.assertEqual(trial["values"], [self.values["accuracy"][row], self.values["bytes"][row]])
            self.assertIsNone(trial["value"])
            self.assertEqual(trial["system_attrs"]["constraints"][0] > 0, standings[row] == 3)


class Goals(Case):
    """Two sweeps on one page, of which the first is minimized and the second maximized."""

    def setUp(self):
        self.documents = [Document("goals"), Document("goals", 1)]
        self.first = self.documents[0].count
        self.best = [min(self.documents[0].values), max(self.documents[1].values)]
        self.rows = [self.documents[0].values.index(self.best[0]), self.documents[1].values.index(self.best[1])]

    def test_each_sweep_has_the_best_of_its_own_goal(self):
        page = self.open("goals")
        self.assertEqual(page.locator("#header .best h2 button").all_inner_texts(), [f"trial {row}" for row in self.rows])
        self.counts(page)
        summary = page.text_content("#history-summary")
        for name, row in zip(("down", "up"), self.rows):
            self.assertIn(f"{name}, trial {row} with", summary)
        self.assertEqual(page.said, [])

    def test_the_best_k_percent_are_those_of_each_sweep(self):
        page = self.open("goals", "#best=10")
        expected = []
        for document, start, isHigh in zip(self.documents, (0, self.first), (False, True)):
            ranked = sorted(range(document.count), key=lambda row: document.values[row], reverse=isHigh)
            expected += sorted(start + row for row in ranked[:math.ceil(document.count * 0.1)])
        self.assertEqual(page.evaluate("revsweep.shown()"), expected)
        self.assertIn("best 10 % of each sweep", page.locator("#toolbar select").first.inner_text())

    def test_a_rank_is_one_within_the_sweep(self):
        for name, row, document, isHigh in zip(("down", "up"), self.rows, self.documents, (False, True)):
            page = self.open("goals", f"#trial={name}/{row}")
            self.assertIn(f"the best of {document.count} in its sweep", page.inner_text("#details"))
            ranked = sorted(range(document.count), key=lambda row: document.values[row], reverse=isHigh)
            page = self.open("goals", f"#trial={name}/{ranked[6]}")
            self.assertIn(f"rank 7 of {document.count} in its sweep", page.inner_text("#details"))

    def test_the_line_of_the_best_follows_each_goal(self):
        expected = 0
        for document, isHigh in zip(self.documents, (False, True)):
            best = None
            for value in document.values:
                if best is None or (value > best if isHigh else value < best):
                    best, expected = value, expected + 1
        self.assertEqual(self.counts(self.open("goals"))["history"]["improvements"], expected)

    def test_the_region_names_the_best_of_what_is_selected(self):
        for name, place in (("down", 0), ("up", 1)):
            page = self.open("goals", f'#sweeps=["{name}"]&f.p.x=0..10')
            self.assertIn(f"{name}, trial {self.rows[place]} with", page.inner_text("#region"))

    def test_colours_say_that_they_are_ranks_within_a_sweep(self):
        self.assertIn("by rank in its sweep", self.open("goals").inner_text("#toolbar .legend"))
        self.assertNotIn("in its sweep", self.open("two").inner_text("#toolbar .legend"))


class Grouping(Case):
    """Trials that differ in their seed only are one mark each."""

    def groups(self, document):
        names = [name for name in document.parameters if name != "seed"]
        groups = {}
        for row in document.complete():
            groups.setdefault(tuple(document.parameters[name][row] for name in names), []).append(row)
        return list(groups.values())

    def mean(self, document, rows):
        return sum(document.values[row] for row in rows) / len(rows)

    def test_every_plot_and_the_table_have_a_mark_for_each_set_of_values(self):
        document = Document("conditional")
        groups = self.groups(document)
        self.assertGreater(len(groups), 70)
        several = [rows for rows in groups if len(rows) > 1]
        page = self.open("conditional", "#group=true")
        counts = self.counts(page)
        varying = [name for name in document.varying() if name != "seed"]
        self.assertEqual(counts["history"]["points"], len(groups))
        self.assertEqual(counts["history"]["spreads"], len(several))
        self.assertEqual(counts["parallel"]["lines"], len(groups))
        self.assertEqual(counts["parallel"]["axes"], len(varying) + 1)
        self.assertEqual(counts["parallel"]["inactive"], sum(
            document.parameters[name][rows[0]] == INACTIVE for name in varying for rows in groups))
        for name in varying:
            number = sum(document.active(name, rows[0]) for rows in groups)
            self.assertEqual(counts["slice"].get("points of " + name, 0), number, name)
        self.assertNotIn("points of seed", counts["slice"])
        self.assertEqual(counts["slice"]["spreads"], sum(document.active(name, rows[0]) for name in varying for rows in several))
        self.assertEqual(counts["edf"]["steps"], len(groups))
        self.assertEqual(counts["table"]["rows"], len(groups))
        # A trial took its own time, whatever its seed.
        self.assertEqual(counts["duration"]["points"], sum(map(document.has_value, range(document.count))))
        self.assertEqual(sorted(page.evaluate("revsweep.table().rows")), sorted(rows[0] for rows in groups))
        self.assertEqual(page.said, [])

    def test_the_table_has_mean_and_range(self):
        document = Document("conditional")
        page = self.open("conditional", "#group=true&columns=" + json.dumps(["number", "value", "seeds", "low", "high"]))
        page.evaluate("document.getElementById('table').scrollIntoView()")
        self.settle(page)
        groups = {rows[0]: rows for rows in self.groups(document)}
        lines = page.locator("#table tbody tr[data-row]").all()[:10]
        self.assertTrue(lines)
        for line in lines:
            rows = groups[int(line.get_attribute("data-row"))]
            texts = [cell.replace("−", "-") for cell in line.locator("td").all_inner_texts()]
            self.assertEqual(texts[2], str(len(rows)))
            values = [document.values[row] for row in rows]
            for text, number in zip((texts[1], *texts[3:]), (self.mean(document, rows), min(values), max(values))):
                self.assertAlmostEqual(float(text), number, delta=abs(number) * 1e-4)

    def test_a_group_is_selected_with_any_of_its_trials(self):
        document = Document("conditional")
        page = self.open("conditional", "#group=true&f.number=30..61")
        selected = [rows for rows in self.groups(document) if any(30 <= row <= 61 for row in rows)]
        counts = self.counts(page)
        for plot, kind in (("history", "selected"), ("parallel", "selected"), ("table", "rows")):
            self.assertEqual(counts[plot][kind], len(selected), plot)
        self.assertEqual(counts["edf"]["steps"], len(self.groups(document)) + len(selected))
        self.assertEqual(page.evaluate("revsweep.selected()"), list(range(30, 62)))
        self.assertIn("sets of values selected", page.text_content("#parallel-summary"))
        page.evaluate("location.hash = ''")
        self.settle(page)
        self.assertEqual(self.counts(page)["parallel"]["lines"], document.count)

    def test_without_seeds_nothing_is_grouped(self):
        page = self.open("digits", "#group=true")
        self.assertEqual(self.counts(page)["parallel"]["lines"], Document("digits").count)


class Brushing(Case):
    """Only what a brush changes is drawn; what is seen must be what a new page would show."""

    PIXELS = """id => Array.from(document.querySelectorAll(`#${id} canvas[role=img]`)).map((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let [sum, inked] = [0, 0];
        for (let place = 0; place < data.length; place++) {
            sum = (Math.imul(sum, 31) + data[place]) | 0;
            if (place % 4 === 3 && data[place] > 0) inked += 1;
        }
        return [canvas.width, canvas.height, inked, sum];
    })"""

    def check(self, name, address=""):
        page = self.open(name, address)
        axes = {axis["key"]: axis["x"] for axis in page.evaluate("revsweep.axes()")}
        rate, layers = axes["p.optimizer.learning_rate"], axes["p.model.layers"]
        for x, start, end, steps in ((rate, 60, 200, 9), (rate, 90, 330, 3), (layers, 70, 260, 6), (rate, 150, 320, 7), (rate, 80, 290, 12)):
            self.drag(page, "parallel", (x, start), (x, end), steps)
        again = self.open(name, page.evaluate("location.hash"))
        self.assertEqual(page.evaluate("revsweep.selected()"), again.evaluate("revsweep.selected()"))
        for each in (page, again):
            each.evaluate("scrollTo(0, 0)")
            self.settle(each)
        counts, others = self.counts(page), self.counts(again)
        for plot in ("history", "parallel", "intermediate", "slice", "rank", "contour", "duration", "edf"):
            with self.subTest(name + address + plot):
                self.assertEqual(counts[plot], others[plot])
                pixels = page.evaluate(self.PIXELS, plot)
                self.assertEqual(pixels, again.evaluate(self.PIXELS, plot))
                self.assertGreater(pixels[0][2], 100)

    def test_what_a_brush_leaves_is_what_a_new_page_shows(self):
        self.check("digits")
        self.check("ten_thousand_full")

    def test_also_where_colours_have_no_order_and_where_lines_are_too_many_to_follow(self):
        self.check("ten_thousand_full", "#by=state")
        self.check("fifty_thousand")


class Numbers(Case):
    def test_values_that_differ_in_their_last_digit_and_huge_ones_are_drawn(self):
        for name in ("close", "huge"):
            page = self.open(name)
            self.assertEqual(page.said, [])
            self.assertEqual(self.counts(page)["history"]["selected"], 40, name)
            ticks = page.locator("#history .tick-y").all_text_contents()
            self.assertTrue(1 < len(ticks) < 20 and "NaN" not in "".join(ticks), f"{name}: {ticks}")

    def test_the_ticks_of_an_axis_can_be_told_apart(self):
        for name in ("narrow", "millions", "tiny", "digits"):
            for address in ("", '#scales={"":"quantile"}'):
                with self.subTest(name + address):
                    page = self.open(name, address)
                    self.counts(page)
                    for plot in ("history", "parallel"):
                        lists = page.evaluate("""plot => {
                            const places = new Map();
                            for (const text of document.querySelectorAll(`#${plot} .tick-y`)) {
                                const x = text.getAttribute("x");
                                places.set(x, [...(places.get(x) ?? []), text.textContent]);
                            }
                            return [...places.values()];
                        }""", plot)
                        for ticks in lists:
                            self.assertEqual(len(set(ticks)), len(ticks), (plot, ticks))

    def test_ticks_are_written_as_in_still_pictures(self):
        for name, expected in (("narrow", r"^0\.9912\d$"), ("millions", r"^1\.23\d{1,2}e6$"), ("one_parameter", r"^[01]\.\d$")):
            page = self.open(name)
            self.counts(page)
            for text in page.locator("#history .tick-y").all_text_contents():
                self.assertRegex(text, expected, name)

    def test_a_log_axis_reaches_over_all_numbers(self):
        page = self.open("far", "#log=true")
        self.assertEqual(self.counts(page)["history"]["selected"], 40)
        ticks = page.locator("#history .tick-y").all_text_contents()
        self.assertTrue(any("e−" in text for text in ticks) and "NaN" not in "".join(ticks), ticks)
        places = page.evaluate("revsweep.places(0)")
        self.assertTrue(all(math.isfinite(place["y"]) for place in places if "y" in place), places)
        self.assertEqual(page.said, [])

    def test_an_axis_ends_before_what_is_far_worse_as_in_still_pictures(self):
        page = self.open("outlier")
        self.counts(page)
        self.assertIn("1 beyond the axis", page.text_content("#history-summary"))
        # Twice as far from the best as the tenth that is worst.
        self.assertEqual(page.locator("#history .tick-y").last.text_content(), "2")

    def test_other_metrics_have_all_their_digits(self):
        page = self.open("metrics", "#trial=metrics/5")
        self.assertIn("1234572", page.inner_text("#details"))
        lines = list(csv.DictReader(io.StringIO(page.evaluate("revsweep.csv()"))))
        for number, line in enumerate(lines):
            self.assertEqual(float(line["metric.count"]), 1234567 + number)
            self.assertEqual(float(line["metric.share"]), 1 / (number + 3))

    def test_two_choices_of_many_words_are_drawn(self):
        document = Document("many_words")
        page = self.open("many_words")
        pairs = {tuple(document.parameters[name][row] for name in ("left", "right")) for row in document.complete()}
        self.assertEqual(self.counts(page)["contour"]["cells"], len(pairs))
        self.assertEqual(page.said, [])

    def test_integers_beyond_those_of_javascript_keep_their_digits(self):
        page = self.open("long_integers")
        self.assertEqual(page.said, [])
        rows = page.evaluate("revsweep.csv()").splitlines()[1:]
        self.assertTrue(all(str(9007199254740993 + 2 * number) in row for number, row in enumerate(rows)), rows[:3])
        page.evaluate("location.hash = 'trial=long_integers/0'")
        self.settle(page)
        self.assertIn("9007199254740993", page.inner_text("#details"))
        self.assertIn("123456789", page.inner_text("#details"))
        page.evaluate("location.hash = 'f.number=3..3'")
        self.settle(page)
        self.assertIn("seed=9007199254740999 width=123456792", page.inner_text("#region"))


class Inactive(Case):
    def test_an_inactive_parameter_is_nowhere_drawn_as_a_value(self):
        for name in ("conditional", "digits"):
            document = Document(name)
            page = self.open(name)
            self.counts(page)
            for row in range(0, document.count, 3):
                for place in page.evaluate("row => revsweep.places(row)", row):
                    if place["name"] == "value":
                        continue
                    self.assertEqual(place["onRail"], not document.active(place["name"], row), (name, row, place))

    def test_the_table_and_the_details_call_it_inactive(self):
        document = Document("conditional")
        page = self.open("conditional", "#columns=" + json.dumps(["number", "p.net.dropout"]))
        page.evaluate("document.getElementById('table').scrollIntoView()")
        self.settle(page)
        for line in page.locator("#table tbody tr[data-row]").all()[:12]:
            row = int(line.get_attribute("data-row"))
            text = line.locator("td").nth(1).inner_text()
            self.assertEqual(text == "inactive", not document.active("net.dropout", row), row)
        row = next(row for row in range(document.count) if not document.active("net.dropout", row))
        page.evaluate("address => { location.hash = address }", f"trial=conditional/{row}")
        page.wait_for_selector("#details:not([hidden])")
        self.assertIn("inactive, needs net.layers", page.inner_text("#details"))

    def test_the_table_of_csv_leaves_it_empty(self):
        document = Document("conditional")
        page = self.open("conditional")
        lines = list(csv.DictReader(io.StringIO(page.evaluate("revsweep.csv()"))))
        for row, line in enumerate(lines):
            self.assertEqual(line["param.net.dropout"] == "", not document.active("net.dropout", row))


class Hostile(Case):
    def test_nothing_of_a_sweep_becomes_markup_or_runs(self):
        page = self.open("hostile")
        page.evaluate("revsweep.drawAll()")
        for row in (3, 7, 11):
            page.evaluate("row => { location.hash = 'trial=' + encodeURIComponent('<img src=x onerror=\"window.broken=4\">/' + row) }", row)
            page.wait_for_selector("#details:not([hidden])")
        page.mouse.move(300, 450)
        self.assertIsNone(page.evaluate("window.broken ?? null"))
        self.assertEqual(page.said, [])
        self.assertEqual(page.evaluate("document.querySelectorAll('img, iframe, object, embed, b > script, #plots script, u, i').length"), 0)
        self.assertEqual(page.evaluate("document.querySelectorAll('script').length"), 2)
        self.assertEqual(page.evaluate("document.querySelectorAll('[style*=expression], [onerror], [onload], [onclick]').length"), 0)
        log = page.inner_text("#details .log")
        self.assertNotIn("\x1b", log)
        self.assertNotIn("\u202e", page.inner_text("body"))
        self.assertIn("\\u202e", page.inner_text("body"))

    def test_a_log_of_many_bytes_is_text(self):
        page = self.open("hostile", "#trial=" + "%3Cimg%20src%3Dx%20onerror%3D%22window.broken%3D4%22%3E/3")
        self.assertGreater(len(page.inner_text("#details .log")), 200000)


class Access(Case):
    def test_every_figure_has_a_name_and_a_text(self):
        page = self.open("digits")
        page.evaluate("revsweep.drawAll()")
        for figure in page.locator("figure:visible").all():
            name = figure.get_attribute("id")
            self.assertTrue(figure.locator("h2").inner_text(), name)
            self.assertGreater(len(figure.locator("figcaption .summary").inner_text()), 20, name)
            canvas = figure.locator("canvas[role=img]")
            if canvas.count():
                self.assertEqual(canvas.get_attribute("aria-describedby"), name + "-summary")

    def test_a_plot_is_walked_by_keyboard(self):
        page = self.open("digits")
        page.locator("#history canvas[role=img]").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        self.assertRegex(page.locator("#announcer").inner_text(), r"^trial 1, complete, val_accuracy 0\.\d+")
        page.keyboard.press("Enter")
        page.wait_for_selector("#details:not([hidden])")
        self.assertEqual(page.evaluate("document.activeElement.id"), "details-title")
        page.keyboard.press("Escape")
        self.assertEqual(page.locator("#details").is_hidden(), True)
        self.assertTrue(page.evaluate("document.activeElement.matches('#history canvas')"))

    def test_a_walk_begins_at_either_end_and_goes_on_after_a_drawing(self):
        page = self.open("one_parameter")
        said = lambda: page.locator("#announcer").inner_text()
        page.locator("#history canvas[role=img]").focus()
        page.keyboard.press("ArrowLeft")
        self.assertRegex(said(), "^trial 39,")
        page.keyboard.press("ArrowLeft")
        self.assertRegex(said(), "^trial 38,")
        page.evaluate("location.hash = 'f.number=10..37'")
        self.settle(page)
        self.counts(page)
        page.locator("#history canvas[role=img]").focus()
        page.keyboard.press("ArrowLeft")
        self.assertRegex(said(), "^trial 37,")
        page.keyboard.press("ArrowRight")
        self.assertRegex(said(), "^trial 10,")

    def test_where_nothing_is_selected_there_is_nothing_to_walk_to(self):
        page = self.open("one_parameter", "#f.number=90..95")
        self.counts(page)
        for plot in ("parallel", "history"):
            page.locator(f"#{plot} canvas[role=img]").focus()
            page.keyboard.press("ArrowRight")
            self.assertEqual(page.locator("#announcer").inner_text(), "", plot)
        self.assertEqual(page.said, [])

    def test_slots_are_numbered_from_one(self):
        page = self.open("digits", "#trial=digits/0")
        self.counts(page)
        lanes = [text for text in page.locator("#timeline .tick-y").all_text_contents() if text.startswith("slot")]
        self.assertEqual(lanes, ["slot 1", "slot 2", "slot 3", "slot 4"])
        self.assertEqual(page.locator("#details .small-table", has_text="slot").locator("tbody td").nth(3).inner_text(), "1")

    def test_every_axis_has_its_name_however_slowly_it_is_drawn(self):
        for name in ("digits", "ten_thousand_full", "fifty_thousand"):
            for address in ("", "#best=25&f.p.optimizer.learning_rate=0.02..0.4"):
                page = self.open(name, address)
                page.evaluate("document.getElementById('parallel').scrollIntoView()")
                self.settle(page)
                self.assertEqual(page.locator(".axis-head").count(), len(page.evaluate("revsweep.axes()")), name + address)
                self.assertGreater(page.locator("#parallel svg .axis").count(), 10)

    def test_axes_move_and_change_their_scale_by_keyboard(self):
        page = self.open("digits")
        head = page.locator(".axis-head", has_text="learning_rate")
        head.focus()
        page.keyboard.press("ArrowRight")
        self.settle(page)
        self.assertEqual([axis["key"] for axis in page.evaluate("revsweep.axes()")][2], "p.optimizer.learning_rate")
        self.assertIn("learning_rate", page.evaluate("document.activeElement.textContent"))
        page.keyboard.press("Enter")
        self.settle(page)
        self.assertEqual(page.evaluate("revsweep.axes()")[2]["kind"], "quantile")

    def test_the_table_is_a_table_of_which_some_rows_exist(self):
        page = self.open("ten_thousand")
        page.evaluate("document.getElementById('table').scrollIntoView()")
        self.settle(page)
        self.assertEqual(page.locator("#table table").get_attribute("aria-rowcount"), "10001")
        self.assertLess(page.locator("#table tbody tr").count(), 80)
        page.locator("#table thead button", has_text="val_accuracy").press("Enter")
        self.settle(page)
        self.assertEqual(page.locator("#table th[aria-sort=descending]").count(), 1)
        document = Document("ten_thousand")
        best = max((row for row in range(document.count) if document.has_value(row)), key=lambda row: document.values[row])
        self.assertEqual(page.evaluate("revsweep.table().rows[0]"), best)
        page.evaluate("document.querySelector('.table-frame').scrollTop = 1e6")
        page.wait_for_selector("#table tr[aria-rowindex='10001']")

    def test_everything_that_is_pressed_is_reached_by_tab(self):
        page = self.open("digits")
        seen = set()
        page.evaluate("document.body.focus()")
        for _ in range(90):
            page.keyboard.press("Tab")
            seen.add(page.evaluate("(document.activeElement.closest('figure, #header, #toolbar') ?? {}).id ?? ''"))
        self.assertLessEqual({"header", "toolbar", "history", "parallel", "contour", "table"}, seen)

    def test_colours_of_text_have_contrast(self):
        for theme in ("light", "dark"):
            page = self.open("digits", theme=theme)
            ratios = page.evaluate("""() => {
                const style = getComputedStyle(document.documentElement);
                const light = (name) => {
                    const text = style.getPropertyValue('--' + name).trim();
                    const parts = [1, 3, 5].map((place) => parseInt(text.slice(place, place + 2), 16) / 255)
                        .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
                    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
                };
                return Object.fromEntries(['ink', 'soft', 'link', 'faint'].map((name) => {
                    const [one, two] = [light(name), light('paper')].sort((a, b) => b - a);
                    return [name, (one + 0.05) / (two + 0.05)];
                }));
            }""")
            for name, least in (("ink", 7), ("soft", 4.5), ("link", 4.5), ("faint", 3)):
                self.assertGreaterEqual(ratios[name], least, (theme, name))

    def test_themes_follow_the_system_and_the_reader(self):
        self.assertEqual(self.open("digits", theme="dark").evaluate("document.documentElement.dataset.theme"), "dark")
        self.assertEqual(self.open("digits", "#theme=light", theme="dark").evaluate("document.documentElement.dataset.theme"), "light")

    def test_printing_is_light_and_draws_what_is_out_of_sight(self):
        page = self.open("digits", theme="dark")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        self.assertEqual(page.evaluate("document.documentElement.dataset.theme"), "light")
        self.assertTrue(all(plot["drawn"] for plot in page.evaluate("revsweep.counts()").values() if not plot["hidden"]))
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        self.assertEqual(page.evaluate("document.documentElement.dataset.theme"), "dark")
        self.assertGreater(len(page.pdf()), 20000)

    def test_a_print_has_the_axes(self):
        try:
            import pypdfium2
        except ImportError:
            self.skipTest("pypdfium2 is not installed here")
        printed = pypdfium2.PdfDocument(self.open("digits", theme="dark").pdf(format="A4"))
        text = "".join(printed[place].get_textpage().get_text_range() for place in range(len(printed)))
        for words in ("no value", "fraction of trials at least as good", "slot 1", "187 came, 63 on", "optimizer.pseudo_inverse.rtol"):
            self.assertIn(words, text)

    def test_without_scripts_there_are_pictures(self):
        page_context = self.browser.new_context(java_script_enabled=False)
        self.addCleanup(page_context.close)
        page = page_context.new_page()
        page.goto((OUT / "digits.html").as_uri())
        self.assertEqual(page.locator("noscript svg, body svg").count() >= 1, True)

    def test_nothing_runs_over_the_side_of_a_narrow_window(self):
        for name in ("digits", "hostile", "two", "objectives"):
            page = self.open(name, width=400)
            page.evaluate("revsweep.drawAll()")
            self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 400, name)


class Taking(Case):
    def test_a_region_becomes_a_block_and_a_command(self):
        page = self.open("digits", "#f.p.optimizer.learning_rate=0.01..0.25&f.p.optimizer.name=" + '["adam","gauss_newton"]')
        text = "\n".join(page.locator("#region .copy").all_inner_texts())
        self.assertIn("optimizer.learning_rate: {type: loguniform, min: 0.01, max: 0.25}", text)
        self.assertIn('optimizer.name: {type: choice, values: [adam, gauss_newton]}', text)
        self.assertIn("optimizer.momentum: {type: uniform, min: 0, max: 0.95, when: {optimizer.name: sgd}}", text)
        self.assertIn("revsweep enqueue digits optimizer.learning_rate=0.05", text)

    def test_a_command_of_hostile_names_stays_one_command(self):
        page = self.open("hostile", "#trial=" + "%3Cimg%20src%3Dx%20onerror%3D%22window.broken%3D4%22%3E/1")
        command = page.locator("#details .copy").first.inner_text()
        self.assertNotIn("\u202e", command)
        run = subprocess.run(["bash", "-c", "revsweep() { printf '%s\\0' \"$@\"; }\n" + command], capture_output=True, env={**os.environ, "LC_ALL": "C.UTF-8"}, timeout=10)
        words = run.stdout.decode().split("\0")[:-1]
        document = Document("hostile")
        self.assertEqual(words[:2], ["enqueue", '<img src=x onerror="window.broken=4">'])
        self.assertEqual([word.split("=")[0] for word in words[2:]], [name.split("=")[0] for name in document.parameters])
        for word, name in zip(words[2:], document.parameters):
            self.assertEqual(word[:len(name) + 1], name + "=")
            self.assertEqual(yaml_value(word[len(name) + 1:]), json.loads(str(document.parameters[name][1])))

    def test_the_csv_holds_exact_values(self):
        document = Document("digits")
        page = self.open("digits")
        with page.expect_download() as download:
            page.get_by_role("button", name="all trials as CSV").click()
        with open(download.value.path(), newline="", encoding="utf-8") as file:
            lines = list(csv.DictReader(file))
        self.assertEqual(download.value.suggested_filename, "digits.csv")
        self.assertEqual(len(lines), document.count)
        for row, line in enumerate(lines):
            self.assertEqual(line["state"], document.states[row])
            if document.has_value(row):
                self.assertEqual(float(line["value"]), document.values[row])
            self.assertEqual(float(line["param.optimizer.learning_rate"]), document.parameters["optimizer.learning_rate"][row])
            self.assertTrue(line["started"].startswith("2026-11-28T20:"))

    def test_the_journal_is_one_that_optuna_reads(self):
        document = Document("digits")
        page = self.open("digits")
        text = page.evaluate("revsweep.journal()")
        lines = [json.loads(line) for line in text.splitlines()]
        self.assertEqual(len([line for line in lines if line["op_code"] == 4]), document.count)
        try:
            import optuna
        except ImportError:
            self.skipTest("optuna is not installed here")
        path = OUT / "digits.log"
        path.write_text(text)
        storage = optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(str(path)))
        study = optuna.load_study(study_name="digits", storage=storage)
        self.assertEqual(len(study.trials), document.count)
        self.assertEqual(study.best_value, max(document.values[row] for row in document.complete()))
        self.assertEqual(study.best_trial.params["optimizer.name"], json.loads(document.parameters["optimizer.name"][study.best_trial.number]))

    def test_a_region_of_the_best_trials(self):
        page = self.open("ten_thousand_full", "#best=1")
        page.get_by_label("narrow to").select_option("selected")
        self.assertIn("parameters:\n", page.locator("#region .copy").first.inner_text())


if __name__ == "__main__":
    unittest.main(verbosity=2)
