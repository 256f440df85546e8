"""Drives the page as a server hands it out, with a stand-in for the server that says what the test tells it to.

    python3 make_sample.py && python3 test_live.py [NAME…]
"""

import datetime, json, queue, threading, time, unittest, urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import report_writer as writer
from test_page import Case, Document, OUT

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'"
MANY = 1_000_000


class Server:
    """The page, its document, and streams of events. Each address has a queue of `(kind, id, data)`; None cuts the stream,
    a number refuses the next request with that status."""

    def __init__(self, document):
        self.document, self.asked, self.queues, self.refusals = document, [], {}, {}
        # Of each address only the newest stream is given events: a page that has left says so late.
        self.newest, self.lock = {}, threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                path, _, query = self.path.partition("?")
                outer.asked.append((path, dict(urllib.parse.parse_qsl(query)), self.headers.get("Last-Event-ID")))
                if outer.refusals.get(path):
                    return self.answer("text/plain; charset=utf-8", "too many pages are open\n", outer.refusals[path].pop(0))
                if path == "/events" or path.startswith("/log/") and not path.endswith(".txt"):
                    return self.stream(path)
                files = {
                    "/": ("text/html; charset=utf-8", writer.served("digits")),
                    "/report.js": ("text/javascript; charset=utf-8", writer.script()),
                    "/report.css": ("text/css; charset=utf-8", writer.style()),
                    "/data.json": ("application/json", json.dumps(outer.document)),
                }
                if path not in files:
                    return self.send_error(404)
                self.answer(*files[path])

            def answer(self, kind, text, status=200):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Security-Policy", POLICY)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def stream(self, path):
                with outer.lock:
                    outer.newest[path] = self
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(b"retry: 200\n\n")
                self.wfile.flush()
                while True:
                    with outer.lock:
                        if outer.newest[path] is not self:
                            return
                        try:
                            event = outer.queue(path).get_nowait()
                        except queue.Empty:
                            event = ()
                    if event is None:
                        return
                    if not event:
                        time.sleep(0.01)
                        continue
                    kind, identifier, data = event
                    line = f"id: {identifier}\n" if identifier is not None else ""
                    try:
                        self.wfile.write(f"{line}event: {kind}\ndata: {json.dumps(data)}\n\n".encode())
                        self.wfile.flush()
                    except OSError:
                        return

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.http.server_port}/"

    def queue(self, path):
        return self.queues.setdefault(path, queue.Queue())

    def send(self, kind, data, identifier=None, path="/events"):
        self.queue(path).put((kind, identifier, data))

    def cut(self, path="/events"):
        self.queue(path).put(None)

    def streams(self, path="/events"):
        """What was asked for of a stream: the queries, and the last event that the browser had."""
        return [(query, last) for asked, query, last in self.asked if asked == path]


class LiveCase(Case):
    def serve(self, address="", sample="digits", **sweep):
        document = json.loads((OUT / f"{sample}.json").read_text())
        document["sweeps"][0].update(sweep)
        document["live"] = {"events": "events?since=7", "log": "log/{number}"}
        server = Server(document)
        self.addCleanup(server.http.server_close)
        self.addCleanup(server.http.shutdown)
        page = self.open(server.address + address)
        self.until(page, "document.getElementById('live').textContent === 'live'")
        return server, page

    def quiet(self, server, page):
        """What the page said, but for what the browser itself notes of connections that the test cut or refused."""
        self.assertEqual([text for text in page.said if "ERR_" not in text and "Failed to load resource" not in text], [])
        self.assertTrue(all(url.startswith(server.address) or url == "data:," for url in page.asked), page.asked)

    def show(self, page, figure):
        self.settle(page)
        page.evaluate("id => document.getElementById(id).scrollIntoView()", figure)
        self.until(page, f"revsweep.counts().{figure}.drawn")
        self.settle(page)

    def trial(self, number, value=None, state="complete", **more):
        ended = None if state == "running" else 1_796_000_003_500
        return {
            "number": number, "state": state, "value": value, "cause": None, "reason": None, "origin": "sampled", "log": None,
            "parameters": {"optimizer.name": "adam", "optimizer.learning_rate": 0.01, "optimizer.beta2": 0.95,
                           "model.hidden": 100, "model.layers": 2, "model.activation": None, "data.batch_size": 64,
                           "data.augment": True, "regularization.weight_decay": 1e-4, "schedule.warmup": 3},
            "metrics": {"val_loss": 0.1}, "reports": [[1, 0.5], [2, value]],
            "decisions": [[1, 0, "continue", "rung 0 at step 1: rank 1 of 9, 3 go on"]],
            "attempts": [[1_796_000_000_000, ended, None if ended is None else 3.5, state]], **more}

    def changes(self, *trials, **more):
        return {"sweep": "digits", "planner": None, "trials": list(trials), **more}


class Front(LiveCase):
    """The front of a sweep with several objectives while it goes on."""

    def ended(self, number, value, further, **more):
        return {"number": number, "state": "complete", "value": value, "cause": None, "reason": None, "origin": "sampled", "log": None,
                "further": further, "parameters": {"width": 8, "rate": 0.1}, **more}

    def tell(self, server, page, identifier, *trials):
        server.send("changes", {"sweep": "nets", "planner": None, "trials": list(trials)}, str(identifier))
        self.until(page, f"revsweep.shown().length === {trials[-1]['number'] + 1}")
        self.settle(page)

    def test_a_trial_that_dominates_all_takes_the_place_of_the_front(self):
        server, page = self.serve(sample="objectives")
        before = page.evaluate("revsweep.standings()")
        count = len(before)
        self.tell(server, page, 41, {**self.ended(count, None, {}), "state": "running"})
        self.assertEqual(page.evaluate("revsweep.standings()"), before + [0])
        change = self.ended(count, 0.999, {"bytes": 1, "latency": 0.1})
        del change["parameters"]
        self.tell(server, page, 42, change, self.ended(count + 1, 0.9995, {"bytes": 1, "latency": 21}))
        self.assertEqual(page.evaluate("revsweep.standings()"), [2 if each == 1 else each for each in before] + [1, 3])
        self.assertEqual(self.counts(page)["front"]["front"], 1)
        self.assertIn("Pareto front: 1 trial", page.inner_text("#header"))
        self.quiet(server, page)

    def test_a_sweep_begins_without_a_front(self):
        document = json.loads((OUT / "objectives.json").read_text())["sweeps"][0]
        states = {**document["state"], "words": ["waiting"] * 6}
        server, page = self.serve(sample="objectives", state=states)
        self.assertIn("No trial has ended yet", page.inner_text("#header"))
        self.assertEqual(self.counts(page)["front"].get("points", 0), 0)
        self.tell(server, page, 41, self.ended(len(Document("objectives").states), 0.5, {"bytes": 9, "latency": 1}))
        self.assertIn("Pareto front: 1 trial", page.inner_text("#header"))
        self.assertEqual(self.counts(page)["front"]["front"], 1)
        self.quiet(server, page)


class Live(LiveCase):
    def test_a_new_trial_appears_without_reload_and_a_lost_connection_is_resumed(self):
        server, page = self.serve()
        count = Document("digits").count
        page.evaluate("window.stays = true")
        server.send("changes", self.changes(self.trial(count, None, "running")), "41")
        self.until(page, f"revsweep.shown().length === {count + 1}")
        self.assertIn(f"trial {count}", page.inner_text("#header .running"))
        ended = self.trial(count, 0.9999)
        ended.update({"attempts": [[None, 1_796_000_003_500, 3.5, "complete"]], "reports": [[2, 0.9999]]})
        del ended["parameters"]
        server.send("changes", self.changes(ended, planner="running (process 17)"), "42")
        server.send("sweep", {"sweep": "digits", "changes": {"spent": {"seconds": 61.5}}})
        self.until(page, "document.querySelector('#header .best-value').textContent.includes('0.9999')")
        self.settle(page)
        self.assertIn("running (process 17)", page.inner_text("#header"))
        self.assertIn("1 min 1 s", page.inner_text("#header"))
        self.assertIn(f"{count + 1} trials selected", page.inner_text("#toolbar"))
        counts = self.counts(page)
        self.assertEqual(counts["parallel"]["lines"], count + 1)
        self.assertEqual(counts["table"]["rows"], count + 1)
        self.assertGreater(page.evaluate("revsweep.times().live"), 0)
        server.cut()
        self.until(page, "document.getElementById('live').textContent.includes('lost')")
        server.send("changes", self.changes(self.trial(count + 1, 0.2)), "44")
        self.until(page, f"revsweep.shown().length === {count + 2}")
        self.assertEqual(page.inner_text("#live"), "live")
        self.assertEqual(server.streams()[:2], [({"since": "7"}, None), ({"since": "7"}, "42")])
        self.assertTrue(page.evaluate("window.stays"))
        self.quiet(server, page)

    def test_an_attempt_may_begin_months_after_the_first_one(self):
        server, page = self.serve()
        count = Document("digits").count
        late = 1_796_000_000_000 + 90 * 86_400_000
        server.send("changes", self.changes(self.trial(count, 0.5, attempts=[[late, late + 3500, 3.5, "complete"]])), "41")
        self.until(page, f"revsweep.shown().length === {count + 1}")
        started = page.evaluate("revsweep.csv()").splitlines()[-1]
        self.assertIn(datetime.datetime.fromtimestamp(late / 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S"), started)
        self.quiet(server, page)

    def test_the_best_is_the_one_that_the_server_names(self):
        server, page = self.serve()
        count = Document("digits").count
        best = lambda: page.locator("#header .best h2 button").inner_text()
        first = best()
        server.send("sweep", {"sweep": "digits", "changes": {"best": 5, "bestWords": "Seeds: 0.9, the mean of 3 seeds."}})
        self.until(page, "document.querySelector('#header .best').textContent.includes('the mean of 3 seeds')")
        self.assertEqual(best(), "trial 5")
        # Of a trial that the page has not been told of yet, nothing can be shown.
        server.send("sweep", {"sweep": "digits", "changes": {"best": count, "bestWords": "Seeds: soon."}})
        self.until(page, "document.querySelector('#header .best').textContent.includes('run again')")
        self.assertEqual(best(), first)
        server.send("changes", self.changes(self.trial(count, 0.2)), "41")
        self.until(page, "document.querySelector('#header .best').textContent.includes('Seeds: soon.')")
        self.assertEqual(best(), f"trial {count}")
        server.send("sweep", {"sweep": "digits", "changes": {"best": None, "bestWords": None}})
        self.until(page, "document.querySelector('#header .best').textContent.includes('run again')")
        self.assertEqual(best(), first)
        self.quiet(server, page)

    def test_a_stream_that_was_refused_is_asked_for_again_from_where_the_page_is(self):
        server, page = self.serve()
        count = Document("digits").count
        server.send("changes", self.changes(self.trial(count, 0.5)), "9")
        self.until(page, f"revsweep.shown().length === {count + 1}")
        server.refusals["/events"] = [503, 503]
        server.cut()
        server.send("changes", self.changes(self.trial(count + 1, 0.5)), "10")
        self.until(page, f"revsweep.shown().length === {count + 2}")
        self.assertEqual(server.streams()[-1], ({"since": "9"}, None))
        self.quiet(server, page)

    def test_what_the_reader_has_chosen_opened_and_focused_stays(self):
        server, page = self.serve(address="#f.value=0.5..&best=50&by=state")
        count = Document("digits").count
        page.evaluate("location.hash += '&trial=digits/3'")
        page.wait_for_selector("#details .log")
        page.evaluate("document.querySelector('details.document').open = true")
        page.locator("#details .copy").focus()
        page.evaluate("getSelection().selectAllChildren(document.querySelector('#details .copy'))")
        words = page.evaluate("getSelection().toString()")
        page.evaluate("scrollTo(0, 900); document.getElementById('details').scrollTop = 120")
        before = page.evaluate("[scrollY, document.getElementById('details').scrollTop]")
        self.assertGreater(min(before), 0)
        for step in range(3):
            server.send("changes", self.changes(self.trial(count + step, 0.99)))
            self.until(page, f"revsweep.csv().split('\\n').length === {count + step + 3}")
        self.settle(page)
        self.assertEqual(page.evaluate("[scrollY, document.getElementById('details').scrollTop]"), before)
        self.assertEqual(page.evaluate("getSelection().toString()"), words)
        self.assertTrue(page.evaluate("document.activeElement.matches('#details .copy')"))
        self.assertTrue(page.evaluate("document.querySelector('details.document').open"))
        self.assertIn("f.value=0.5..&", page.evaluate("location.hash") + "&")
        # A filter holds for what is new, too.
        self.assertIn(count, page.evaluate("revsweep.selected()"))
        self.quiet(server, page)

    def test_a_menu_that_is_open_stays_and_a_row_keeps_the_focus(self):
        server, page = self.serve()
        count = Document("digits").count
        self.show(page, "table")
        page.evaluate("document.querySelector('#table .chooser').open = true")
        box = page.locator("#table .chooser input").nth(4)
        box.focus()
        server.send("changes", self.changes(self.trial(count, 0.9)))
        self.until(page, f"revsweep.shown().length === {count + 1}")
        self.settle(page)
        self.assertTrue(box.evaluate("node => node === document.activeElement"))
        self.assertTrue(page.evaluate("document.querySelector('#table .chooser').open"))
        page.keyboard.press("Escape")
        page.locator('#table tr[data-row="2"] button').focus()
        server.send("changes", self.changes(self.trial(count + 1, 0.9)))
        self.until(page, f"revsweep.shown().length === {count + 2}")
        self.settle(page)
        self.assertEqual(page.evaluate("document.activeElement.closest('tr').dataset.row"), "2")
        self.quiet(server, page)

    def test_the_page_reads_everything_anew_where_it_must_and_the_reader_stays_there(self):
        server, page = self.serve(address="#f.value=0.5..&trial=digits/3")
        page.wait_for_selector("#details .log")
        page.evaluate("document.querySelector('details.document').open = true")
        self.show(page, "rungs")
        top = page.evaluate("document.getElementById('rungs').getBoundingClientRect().top")
        page.evaluate("window.stays = true")
        server.document["sweeps"][0]["planner"] = "not running"
        server.send("reload", {})
        self.until(page, "window.stays === undefined && document.documentElement.dataset.ready === 'true'")
        self.settle(page)
        time.sleep(1)
        self.assertIn("not running", page.inner_text("#header"))
        self.assertIn("f.value=0.5..", page.evaluate("location.hash"))
        self.assertTrue(page.evaluate("document.querySelector('details.document').open"))
        self.assertFalse(page.evaluate("document.getElementById('details').hidden"))
        self.assertAlmostEqual(page.evaluate("document.getElementById('rungs').getBoundingClientRect().top"), top, delta=40)
        # A trial that is not here and of which only the end is told.
        page.evaluate("window.stays = true")
        server.send("changes", self.changes({"number": 5000, "reports": [[1, 0.5]]}))
        self.until(page, "window.stays === undefined && document.documentElement.dataset.ready === 'true'")
        self.quiet(server, page)

    def test_a_sweep_that_cannot_be_read_is_said_and_the_page_stays(self):
        server, page = self.serve()
        server.send("problem", "its folder is no longer there <b>\u202e")
        self.until(page, "document.getElementById('live').textContent.includes('no longer there <b>\\\\u202e')")
        server.send("well", {})
        self.until(page, "document.getElementById('live').textContent === 'live'")
        self.quiet(server, page)

    def test_a_document_that_does_not_come_is_said(self):
        server, page = self.serve()
        server.refusals["/data.json"] = [503]
        page.goto("about:blank")
        page.goto(server.address)
        page.wait_for_selector("html[data-ready=failed]")
        self.assertIn("503: too many pages are open", page.inner_text("#header"))

    def test_events_that_are_none_are_passed_over(self):
        server, page = self.serve()
        for data in (None, 3, "text", [], {"sweep": "another", "trials": []}):
            server.send("changes", data)
            server.send("sweep", data)
        count = Document("digits").count
        server.send("changes", self.changes(self.trial(count, 0.9)))
        self.until(page, f"revsweep.shown().length === {count + 1}")
        self.quiet(server, page)

    def test_importance_that_is_not_there_yet_is_said_and_comes(self):
        document = json.loads((OUT / "digits.json").read_text())
        ranking = document["sweeps"][0]["importance"]
        server, page = self.serve(importance=[])
        self.show(page, "importance")
        self.assertIn("not known yet", page.locator("#importance .summary").text_content())
        server.send("sweep", {"sweep": "digits", "changes": {"importance": ranking}})
        self.until(page, "document.querySelector('#importance .summary').textContent.startsWith('PED')")
        self.assertNotIn("since", page.locator("#importance .summary").text_content())
        server.send("changes", self.changes(self.trial(Document("digits").count, 0.9)))
        self.until(page, "document.querySelector('#importance .summary').textContent.includes('1 trial has been completed since')")
        self.assertIn("revsweep report digits", page.inner_text("#documents"))
        self.quiet(server, page)


class Logs(LiveCase):
    def open_log(self, row=3):
        server, page = self.serve(address=f"#trial={row}")
        page.wait_for_selector("#details .log")
        self.until(page, "document.querySelector('#details .log-view [role=status]').textContent.includes('following')")
        return server, page, f"/log/{row}"

    def text(self, page):
        return page.evaluate("document.querySelector('#details .log').textContent")

    def until_text(self, page, text):
        self.until(page, f"document.querySelector('#details .log').textContent.includes({json.dumps(text)})")

    def test_a_log_is_followed_and_is_text_only(self):
        server, page, path = self.open_log()
        self.assertIn("nothing printed so far", page.inner_text("#details .log-view"))
        # A line, and an escape sequence, may come in pieces.
        for piece in ("epoch 1 <b>\u001b[3", "1mred\u001b[0m\u202e\n", "10 %\r", "50 %\r100 %", "\n<img src=x onerror=1>\n"):
            server.send("log", piece, "1", path)
        self.until_text(page, "onerror")
        self.assertEqual(self.text(page), "epoch 1 <b>red\\u202e\n100 %\n<img src=x onerror=1>\n")
        self.assertEqual(page.locator("#details .log b, #details .log img").count(), 0)
        self.assertEqual(server.streams(path)[0][0], {"stream": "stdout"})
        server.send("cut", {}, "0", path)
        server.send("log", "from the beginning\n", "19", path)
        self.until_text(page, "from the beginning")
        self.assertEqual(self.text(page), "from the beginning\n")
        server.cut(path)
        server.send("log", "and on\n", "26", path)
        self.until_text(page, "and on")
        self.assertEqual(server.streams(path)[1], ({"stream": "stdout"}, "19"))
        server.send("end", {}, None, path)
        self.until(page, "document.querySelector('#details .log-view [role=status]').textContent.includes('has ended')")
        time.sleep(0.5)
        self.assertEqual(len(server.streams(path)), 2)
        self.quiet(server, page)

    def test_the_other_stream_and_the_whole_text_are_a_choice_away(self):
        server, page, path = self.open_log()
        server.send("log", "printed\n", "8", path)
        self.until_text(page, "printed")
        self.assertEqual(page.get_attribute("#details .log-head a", "href"), "log/3/stdout.txt")
        page.get_by_label("standard error").check()
        self.until(page, "document.querySelector('#details .log-view [role=status]').textContent.includes('following')")
        server.send("log", "a warning\n", "10", path)
        self.until_text(page, "a warning")
        self.assertNotIn("printed", self.text(page))
        self.assertEqual(server.streams(path)[-1][0]["stream"], "stderr")
        self.assertEqual(page.get_attribute("#details .log-head a", "href"), "log/3/stderr.txt")
        self.assertIn("standard error of trial 3", page.get_attribute("#details .log", "aria-label"))
        self.quiet(server, page)

    def test_another_trial_has_another_log_and_a_closed_one_has_none(self):
        server, page, path = self.open_log()
        page.get_by_label("the next trial").click()
        self.until(page, "document.getElementById('details-title').textContent === 'trial 4'")
        server.send("log", "of the fourth\n", "14", "/log/4")
        self.until_text(page, "of the fourth")
        # Changes of the trial do not begin its log anew.
        server.send("changes", self.changes(self.trial(4, 0.7)))
        self.until(page, "document.querySelector('#details dl').textContent.includes('0.7')")
        self.assertEqual(self.text(page), "of the fourth\n")
        self.assertEqual(len(server.streams("/log/4")), 1)
        page.get_by_label("close").click()
        self.assertEqual(page.locator("#details .log").count(), 0)
        self.quiet(server, page)

    def test_of_a_long_log_the_end_is_kept_and_lines_without_end_are_shown(self):
        server, page, path = self.open_log()
        line = "x" * 99 + "\n"
        for piece in range(30):
            server.send("log", f"{piece:03d}" + line[3:] + line * 600, str(piece), path)
        server.send("log", "y" * (MANY + 500_000), "31", path)
        server.send("log", "\nthe last line\n", "32", path)
        self.until_text(page, "the last line")
        kept = self.text(page)
        self.assertLess(len(kept), MANY + 100_000)
        self.assertTrue(kept.endswith("y\nthe last line\n"))
        self.assertIn("the last part", page.inner_text("#details .log-view"))
        self.assertTrue(page.evaluate("(log => log.scrollTop + log.clientHeight >= log.scrollHeight - 8)"
                                      "(document.querySelector('#details .log'))"))
        self.quiet(server, page)


if __name__ == "__main__":
    unittest.main(verbosity=2)
