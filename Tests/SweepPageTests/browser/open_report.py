"""Opens a report in Chromium and prints what it draws, says and asks for: open_report.py REPORT.html"""

import json, os, sys, time
from pathlib import Path

from playwright.sync_api import sync_playwright

with sync_playwright() as driver:
    browser = driver.chromium.launch(
        executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append("dialog"), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(Path(sys.argv[1]).resolve().as_uri())
    end = time.time() + 60
    while not page.evaluate("document.documentElement.dataset.ready === 'true' && revsweep.isIdle()"):
        if time.time() > end:
            sys.exit("the page is still drawing")
        time.sleep(0.05)
    page.evaluate("revsweep.drawAll()")
    print(json.dumps({
        "counts": page.evaluate("revsweep.counts()"), "said": said,
        "asked": [address for address in asked if not address.startswith("file:")],
        "csv": page.evaluate("revsweep.csv()"),
    }))
    browser.close()
