"""Measures reports: `measure.py REVSWEEP CHROMIUM [TRIALS…]` prints the document Benchmarks/report.md.

It works in the present folder. Whatever takes longer than its limit is said to have done so, and everything together
ends within twelve minutes: what there was no time for is said too.
"""

import datetime
import json
import os
import platform
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from importlib.metadata import version
from pathlib import Path

from playwright.sync_api import Error as BrowserError, sync_playwright

from serving import Serving

HERE = Path(__file__).parent
REVSWEEP, CHROMIUM = sys.argv[1:3]
SIZES = [int(text) for text in sys.argv[3:]] or [1000, 10000, 50000]
REPORTS = 10
END = time.monotonic() + 690
LIMIT = 60
WINDOW = {"width": 1280, "height": 900}


class TooLong(Exception):
    """A step did not end within its limit."""


def left(limit=LIMIT):
    seconds = min(limit, END - time.monotonic())
    if seconds < 2:
        raise TooLong("no time was left")
    return seconds


def tried(step, *arguments):
    """What a step returns, or words for why it returned nothing."""
    try:
        return step(*arguments)
    except TooLong as error:
        return str(error)
    except subprocess.TimeoutExpired as error:
        return f"not within {error.timeout:.0f} s"
    except BrowserError as error:
        said = str(error)
        limit = re.search(r"Timeout (\d+)ms", said)
        return f"not within {int(limit[1]) // 1000} s" if limit else "the page broke: " + said.splitlines()[0][:60]


def measured(command, limit=LIMIT):
    """Seconds, and megabytes of memory at most, of a program."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    timer = threading.Timer(left(limit), process.kill)
    timer.start()
    _, status, usage = os.wait4(process.pid, 0)
    timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode == -signal.SIGKILL:
        raise TooLong(f"not within {limit} s")
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def until(page, condition, limit=LIMIT):
    """Waits. The browser's own waiting evaluates a text in the page, which a report's policy forbids."""
    end = time.monotonic() + left(limit)
    while not page.evaluate(condition):
        if time.monotonic() > end:
            raise TooLong(f"not within {limit} s")
        time.sleep(0.02)


def opened(browser, address, ready, limit=LIMIT):
    """A page, the milliseconds to its first paint with content, and those until `ready` holds and it answers."""
    context = browser.new_context(viewport=WINDOW)
    page = context.new_page()
    page.set_default_timeout(1000 * left(limit))
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    until(page, ready, limit)
    # The page answers when it gets two frames without a long task between them.
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    drawn = 1000 * (time.perf_counter() - began)
    paints = page.evaluate("performance.getEntriesByName('first-contentful-paint').map(each => each.startTime)")
    return page, paints[0] if paints else drawn, drawn


# --- revsweep

IDLE = "document.documentElement.dataset.ready === 'true' && !!window.revsweep && revsweep.isIdle()"


def settle(page):
    until(page, IDLE)
    # The page writes its address, and prepares what the next change will need, a moment later.
    time.sleep(0.2)
    until(page, IDLE)


def median(values):
    return sorted(values)[len(values) // 2]


def measure_page(browser, path):
    """First paint, all plots drawn, changes of a brush, the best k %, and the longest step, in milliseconds."""
    page, painted, drawn = opened(browser, path.as_uri(), IDLE)
    page.evaluate("document.getElementById('parallel').scrollIntoView({block: 'center'})")
    settle(page)
    frame = page.locator("#parallel .frame").bounding_box()
    axis = page.evaluate("revsweep.axes()")[1]["x"]
    brushes, ends = [], []
    for end in (0.35, 0.5, 0.65, 0.8, 0.9):
        page.mouse.move(frame["x"] + axis, frame["y"] + frame["height"] * 0.25)
        page.mouse.down()
        for step in range(1, 7):
            page.mouse.move(frame["x"] + axis, frame["y"] + frame["height"] * (0.25 + (end - 0.25) * step / 6))
            # Longer than a change takes, so that each is one drawing.
            time.sleep(0.15)
            brushes.append(page.evaluate("revsweep.times().lastSeen"))
        page.mouse.up()
        settle(page)
        ends.append(page.evaluate("revsweep.times().lastSeen"))
    bests = []
    for part in (1, 5, 20):
        page.evaluate("part => { location.hash = `best=${part}` }", part)
        settle(page)
        bests.append(page.evaluate("revsweep.times().lastSeen"))
    longest = page.evaluate("revsweep.times().longestStep")
    page.context.close()
    return {"painted": painted, "drawn": drawn, "brush": median(brushes), "slowest": max(brushes),
            "end": median(ends), "best": median(bests), "step": longest}


LIVE = ("live: first paint", "live: all plots drawn", "live: stored until its event arrives, median of 5",
        "live: taken in by the page, median of 5", "live: stored until it is marked in all plots in view, median of 5",
        "live: stored until all plots in view show it, median of 5")


def measure_live(browser):
    """What `LIVE` names, of a page that `revsweep serve` gives while a trial is stored now and then."""
    server = Serving(REVSWEEP, "reading")
    try:
        page, painted, drawn = opened(browser, server.address, IDLE, 2 * LIMIT)
        settle(page)
        events, applied, marked, shown = [], [], [], []
        for _ in range(5):
            number, stored = server.add_trial()
            since_1970 = 1000 * (time.time() - time.perf_counter() + stored)
            until(page, f"revsweep.shown().length > {number}")
            applied.append(page.evaluate("revsweep.times().live"))
            marked.append(page.evaluate("revsweep.times().news") - since_1970)
            until(page, IDLE)
            shown.append(1000 * (time.perf_counter() - stored))
            events.append(server.arrival(stored, left()))
            settle(page)
        page.context.close()
        return [painted, drawn, median(events), median(applied), median(marked), median(shown)]
    finally:
        server.close()


# --- optuna-dashboard

SVG_DRAWN = "document.querySelector('.js-plotly-plot .main-svg') !== null"


def measure_dashboard(browser, journal):
    """Milliseconds to the first answer with the study, and until its page shows a plot and answers."""
    program = Path(sys.executable).parent / "optuna-dashboard"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, began, end = f"http://127.0.0.1:{port}", time.perf_counter(), time.monotonic() + left()
    process = subprocess.Popen([program, journal, "--port", str(port), "--host", "127.0.0.1"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        study = None
        while study is None:
            if time.monotonic() > end:
                raise TooLong(f"not within {LIMIT} s")
            try:
                with urllib.request.urlopen(f"{address}/api/studies", timeout=end - time.monotonic()) as answer:
                    study = json.load(answer)["study_summaries"][0]["study_id"]
            except OSError:
                # It does not listen yet, or does not answer in time.
                time.sleep(0.02)
        first = 1000 * (time.perf_counter() - began)
        page = tried(opened, browser, f"{address}/dashboard/studies/{study}", SVG_DRAWN)
        if isinstance(page, str):
            return first, page, page
        page[0].context.close()
        return first, page[1], page[2]
    finally:
        process.kill()
        process.wait()


# --- Plotly

KINDS = ("parallel_coordinate", "slice", "optimization_history")


def measure_plotly(browser, journal):
    """Seconds to read the study and to make each figure, megabytes of them, and milliseconds to draw them."""
    limit = left(1.5 * LIMIT)
    process = subprocess.Popen([sys.executable, HERE / "figure.py", journal, *KINDS], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    timer = threading.Timer(limit, process.kill)
    timer.start()
    seconds = dict(json.loads(line) for line in process.stdout)
    process.wait()
    timer.cancel()
    # Whoever was killed is said to have had no time; what failed by itself is said to have failed.
    missing = f"not within {limit:.0f} s" if process.returncode == -signal.SIGKILL else "it failed"
    cells = {"Plotly: read the study, seconds": text(seconds.get("read", missing), 1)}
    for kind in KINDS:
        row = f"Plotly {kind}"
        if kind not in seconds:
            cells |= dict.fromkeys((f"{row}: make, seconds", f"{row}: size, MB", f"{row}: draw"), missing)
            continue
        path = Path(f"{kind}.html").absolute()
        page = tried(opened, browser, path.as_uri(), "window.isDrawn === true")
        cells[f"{row}: make, seconds"] = text(seconds[kind], 1)
        cells[f"{row}: size, MB"] = text(path.stat().st_size / 1e6, 1)
        cells[f"{row}: draw"] = page if isinstance(page, str) else text(page[2])
        if not isinstance(page, str):
            page[0].context.close()
    return cells


# --- the document

def text(value, digits=0):
    return value if isinstance(value, str) else f"{value:,.{digits}f}"


def all_text(values, count, digits=(0,)):
    if isinstance(values, str):
        return [values] * count
    return [text(value, digits[min(place, len(digits) - 1)]) for place, value in enumerate(values)]


def measure(browser, count):
    """The cells of one size, by their rows."""
    cells = {}
    folder = Path(str(count))
    folder.mkdir()
    os.chdir(folder)
    subprocess.run([sys.executable, HERE.parent / "reading/sweep.py", REVSWEEP, str(count), str(REPORTS)], check=True,
                   stdout=subprocess.DEVNULL)
    written = tried(measured, [REVSWEEP, "report", "reading", "-o", "report.html"], 120)
    cells["write: seconds"], cells["write: MB of memory"] = all_text(written, 2, (1, 0))
    path = Path("report.html").absolute()
    if not path.exists():
        return cells
    cells["size: MB"] = text(path.stat().st_size / 1e6, 2)
    page = tried(measure_page, browser, path)
    page = page if isinstance(page, dict) else dict.fromkeys(
        ("painted", "drawn", "brush", "slowest", "end", "best", "step"), page)
    cells["first paint"] = text(page["painted"])
    cells["all plots drawn"] = text(page["drawn"])
    cells["a brush moves, median of 30"] = text(page["brush"])
    cells["a brush moves, longest of 30"] = text(page["slowest"])
    cells["a brush is let go, median of 5"] = text(page["end"])
    cells["select the best k %, median of 3"] = text(page["best"])
    cells["longest step"] = text(page["step"])
    cells |= zip(LIVE, all_text(tried(measure_live, browser), len(LIVE)))
    tried(measured, [REVSWEEP, "export", "reading", "--format", "optuna", "-o", "study.log"])
    journal = Path("study.log").absolute()
    dashboard = tried(measure_dashboard, browser, journal)
    (cells["optuna-dashboard: first answer"], cells["optuna-dashboard: first paint"],
     cells["optuna-dashboard: a plot is there and the page answers"]) = all_text(dashboard, 3)
    plotly = tried(measure_plotly, browser, journal)
    cells |= plotly if isinstance(plotly, dict) else {"Plotly: read the study, seconds": plotly}
    return cells


def table(rows, results, title):
    lines = [f"| {title} | " + " | ".join(f"{count:,} trials" for count in results) + " |",
             "|---" * (len(results) + 1) + "|"]
    for row, name in rows:
        lines.append(f"| {name} | " + " | ".join(cells.get(row, "not measured") for cells in results.values()) + " |")
    return "\n".join(lines)


def main():
    home = Path.cwd()
    results = {}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        browser_version = browser.version
        for count in SIZES:
            os.chdir(home)
            print(f"{count} trials, {END - time.monotonic():.0f} s left", file=sys.stderr, flush=True)
            results[count] = measure(browser, count)
        browser.close()
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")),
                 platform.machine())
    versions = ", ".join(f"{name} {version(name)}" for name in ("optuna", "optuna-dashboard", "plotly"))
    own = [(name, name) for name in (
        "size: MB", "write: seconds", "write: MB of memory", "first paint", "all plots drawn",
        "a brush moves, median of 30", "a brush moves, longest of 30", "a brush is let go, median of 5",
        "select the best k %, median of 3", "longest step")]
    own += [(name, name.replace("live: ", "**revsweep serve**: ")) for name in LIVE]
    peers = [("first paint", "**revsweep report**: first paint"),
             ("all plots drawn", "**revsweep report**: all plots are there and the page answers")]
    peers += [(name, name) for name in (
        "optuna-dashboard: first answer", "optuna-dashboard: first paint",
        "optuna-dashboard: a plot is there and the page answers")]
    peers += [("size: MB", "**revsweep report**: size of all plots, MB"),
              ("write: seconds", "**revsweep report**: read and write all plots, seconds"),
              ("Plotly: read the study, seconds", "Plotly: Optuna reads the study, seconds")]
    for kind in KINDS:
        for what in ("make, seconds", "size, MB", "draw"):
            peers.append((f"Plotly {kind}: {what}", f"Plotly `plot_{kind}`: {what}"))
    today = datetime.datetime.now(datetime.timezone.utc).date()
    print((HERE / "introduction.md").read_text().format(
        today=today, cores=os.cpu_count(), model=model, browser=browser_version, versions=versions,
        reports=REPORTS, limit=LIMIT, own=table(own, results, "the report"),
        peers=table(peers, results, "beside others")).rstrip())


main()
