"""Follows a served sweep in Chromium: follow.py ADDRESS GO_FILE

Opens the list with the keyboard, goes to the sweep's page, makes GO_FILE, which lets the trainers go on, and waits
until all four trials are on the page. Prints what the browser said, asked for and held."""

import json, os, sys, time
from pathlib import Path

from playwright.sync_api import sync_playwright

address, go = sys.argv[1:3]


def wait(what, condition):
    end = time.time() + 120
    while not condition():
        if time.time() > end:
            sys.exit(f"{what} does not come; said: {said}")
        time.sleep(0.05)


with sync_playwright() as driver:
    browser = driver.chromium.launch(
        executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    said, asked, loads = [], [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append("dialog"), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    page.on("load", lambda: loads.append(page.url))

    page.goto(address)
    wait("the list", lambda: page.locator("#rows tr").count() == 2)
    names = page.locator("#rows a").all_inner_texts()
    # By its state, as the folders of all have names that a test chooses.
    page.fill("#filter", "running")
    shown = page.locator("#rows tr:visible").count()
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    wait("the page", lambda: page.evaluate("document.documentElement.dataset.ready === 'true'"))
    policy = page.evaluate(
        """() => { const made = document.createElement("script"); made.textContent = "window.injected = 1";
        document.body.append(made); return window.injected === undefined; }""")
    said_of_policy, said[:] = said[:], []
    title, count = page.title(), len(loads)

    def trials():
        lines = page.evaluate("revsweep.csv()").strip().splitlines()[1:]
        return [line.split(",")[1] for line in lines]

    before = trials()
    Path(go).touch()
    wait("the last trial", lambda: trials().count("complete") == 4)
    print(json.dumps({
        "names": names, "shown": shown, "title": title, "policy": policy, "policySaid": said_of_policy,
        "before": before, "loads": len(loads) - count, "said": said,
        "foreign": [url for url in asked if not url.startswith(address.split("?")[0]) and not url.startswith("data:")],
    }))
    browser.close()
