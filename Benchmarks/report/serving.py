"""A finished sweep behind `revsweep serve`, to which trials are added as a planner would add them."""

import datetime
import re
import sqlite3
import subprocess
import threading
import time
import urllib.request

SOURCE = "SELECT number FROM trial WHERE state = 'complete' ORDER BY number DESC LIMIT 1"


class Serving:
    """The server of the sweep in `results/NAME` of the present folder, and a client that only notes when events arrive."""

    def __init__(self, revsweep, name):
        self.process = subprocess.Popen([revsweep, "serve", "--port", "0"], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        found = None
        while not found:
            line = self.process.stdout.readline()
            if not line:
                raise OSError("revsweep serve has ended")
            found = re.search(r"http://\S+", line)
        self.address = f"{found[0]}sweep/{name}/"
        self.database = sqlite3.connect(f"results/{name}/sweep.sqlite")
        self.arrivals = []
        self.client = urllib.request.urlopen(self.address + "events", timeout=60)
        threading.Thread(target=self.note, daemon=True).start()

    def note(self):
        try:
            for line in self.client:
                if line.startswith(b"event: changes"):
                    self.arrivals.append(time.perf_counter())
        except (OSError, ValueError, AttributeError):
            # It was closed meanwhile.
            return

    def add_trial(self):
        """Stores one more trial, and gives its number and the time by then."""
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        run = self.database.execute
        with self.database:
            source = run(SOURCE).fetchone()[0]
            number = run("SELECT max(number) + 1 FROM trial").fetchone()[0]
            run("INSERT INTO trial (number, state, attempt, origin, seed, created) VALUES (?, 'waiting', 0, 'sampled', 1, ?)",
                (number, now))
            run("INSERT INTO parameter SELECT ?, name, kind, value FROM parameter WHERE trial = ?", (number, source))
            run("UPDATE trial SET state = 'running', attempt = 1, started = ? WHERE number = ?", (now, number))
            run("INSERT INTO metric (trial, attempt, step, name, value) SELECT ?, attempt, step, name, value FROM metric"
                " WHERE trial = ? ORDER BY id", (number, source))
            run("UPDATE trial SET state = 'complete', ended = ?, seconds = 3, value = (SELECT value FROM trial WHERE number = ?)"
                " WHERE number = ?", (now, source, number))
            for attempt, kind, detail, seconds in (
                    (None, "planned", "sampled", None), (1, "started", None, None), (1, "ended", "complete", 3)):
                run("INSERT INTO event (time, trial, attempt, kind, detail, seconds) VALUES (?, ?, ?, ?, ?, ?)",
                    (now, number, attempt, kind, detail, seconds))
        return number, time.perf_counter()

    def arrival(self, stored, limit):
        """Milliseconds from a time until the next event arrives."""
        end = time.monotonic() + limit
        while not (after := [at for at in self.arrivals if at > stored]):
            if time.monotonic() > end:
                return None
            time.sleep(0.002)
        return 1000 * (after[0] - stored)

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.database.close()
