# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""A person at the dashboard: dashboard.py ADDRESS [DIRECTORY]. The address signs in; pictures go to the directory.

Approves a call that waits, cuts a tunnel, has a refusal explained, quarantines the agent, releases it. Ends with an
error when a page says one, when anything is asked of another place, or when a page is wider than the screen.
"""

import os
import sys
import urllib.parse

# Nothing is written beside the tests.
sys.dont_write_bytecode = True
from chromium import Chromium  # noqa: E402

PAGES = [
    "/", "/decisions", "/agents", "/tasks", "/approvals", "/tools", "/policy", "/sandbox", "/audit", "/system",
]


def confirm(browser):
    """Says yes to the question."""
    browser.wait("document.getElementById('confirm').open")
    browser.value("document.querySelector('#confirm [value=yes]').click()")


def press(browser, form, notice, question=True):
    """Presses the button of a form, confirms, and waits for what came of it."""
    browser.wait(f"document.querySelector({form!r}) !== null")
    browser.value(f"document.querySelector({form!r}).querySelector('button').click()")
    if question:
        confirm(browser)
    browser.wait(f"document.querySelector('.notice[role=status]')?.textContent.includes({notice!r})")
    print("did:", browser.value("document.querySelector('.notice[role=status]').textContent"))


def act(browser, origin):
    """Everything that a person does there."""
    browser.go(f"{origin}/approvals")
    browser.wait("document.querySelector('.arguments').textContent.includes('buy 7')")
    browser.value("document.querySelector('form[action$=approve] input[name=why]').value = 'it is needed'")
    press(browser, "form[action='/actions/approve']", "Approved")

    browser.go(f"{origin}/")
    browser.wait("document.querySelector('.live').classList.contains('on')")
    browser.wait("document.querySelectorAll('svg.map .flow').length > 0")
    press(browser, "form[action='/actions/cut']", "Cut 1 connection")

    browser.go(f"{origin}/")
    browser.press("gd")
    browser.wait("location.pathname === '/decisions'")
    browser.go(f"{origin}/decisions?verdict=deny&host=other.test")
    browser.value("document.querySelector('td a[href^=\"/decisions/\"]').click()")
    browser.wait("document.querySelector('#suggestion pre')?.textContent.includes('other.test')")
    print("explained:", browser.value("document.querySelector('h1').textContent"))

    browser.go(f"{origin}/agents")
    press(browser, "form[action='/actions/quarantine']", "is in quarantine")
    browser.wait("document.body.textContent.includes('In quarantine since')")
    press(browser, "form[action='/actions/release']", "may act again")


def check_looks(browser, origin, directory):
    """Every page on a desk and on a phone, by day and by night."""
    wide = []
    for page in PAGES:
        for width in (1280, 375):
            for scheme in ("light", "dark"):
                browser.look(width, scheme)
                browser.go(origin + page)
                if browser.value("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                    wide.append(f"{page} at {width}")
                if directory:
                    name = page.strip("/") or "map"
                    browser.picture(os.path.join(directory, f"{name}-{width}-{scheme}.png"))
    return [f"wider than the screen: {page}" for page in wide]


def complaints(browser, origin):
    """What pages said was wrong, and what was asked of other places."""
    found = []
    for event in browser.events:
        method, parameters = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            found.append(f"exception: {parameters}")
        elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            found.append(f"log: {parameters['entry']}")
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
            found.append(f"console: {parameters}")
        elif method == "Network.requestWillBeSent":
            address = parameters["request"]["url"]
            if not address.startswith((f"{origin}/", "data:", "about:")):
                found.append(f"asked elsewhere: {address}")
    return found


def main():
    address = sys.argv[1]
    directory = sys.argv[2] if len(sys.argv) > 2 else None
    parts = urllib.parse.urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}"
    browser = Chromium()
    try:
        browser.look(1280, "light")
        browser.go(address)
        browser.wait("location.pathname === '/' && document.querySelector('h1').textContent === 'Live map'")
        if browser.value("location.hash") or browser.value("document.cookie"):
            sys.exit("the token or the cookie can be seen by the page")
        act(browser, origin)
        found = check_looks(browser, origin, directory) + complaints(browser, origin)
        browser.go(f"{origin}/")
        browser.value("document.querySelector('form[action=\"/logout\"] button').click()")
        browser.wait("location.pathname === '/login'")
    finally:
        browser.close()
    if found:
        sys.exit("\n".join(found))
    print("all done")


main()
