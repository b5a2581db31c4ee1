# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""A browser and the person in front of it, for the tests of sign-ins.

Usage: browser.py AUTHORITIES URL PROVIDER STEP...
Steps: sign-in, dashboard (signs in there), quarantine (there), login PROGRAM (starts yett login and types its code), approve, deny, wait (for yett login), home,
sign-out, groups NAME,NAME, claims JSON, revoke. Cookies live for one run. The last page is printed.
Forms say where they come from as far as the page's referrer policy lets them, and lead nowhere that its content policy
does not name, redirects included.
"""

import html
import http.cookiejar
import json
import re
import socket
import ssl
import subprocess
import sys
import urllib.parse
import urllib.request

resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: resolve("127.0.0.1" if host == "idp.test" else host, *rest, **more)

authorities, base, provider, *steps = sys.argv[1:]


class Redirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, request, *rest):
        following = super().redirect_request(request, *rest)
        following.bound = getattr(request, "bound", None)
        if following.bound and origin(following.full_url) != following.bound:
            raise SystemExit(f"form-action 'self' of {following.bound} forbids {following.full_url}")
        return following


def origin(url):
    parts = urllib.parse.urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


opener = urllib.request.build_opener(
    urllib.request.ProxyHandler({}),
    Redirects(),
    urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
    urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=authorities)))
page = ""
place = base
policies = {}
started = None


def go(url, form=None):
    global page, place, policies
    data = None if form is None else urllib.parse.urlencode(form).encode()
    request = urllib.request.Request(url, data=data)
    if form is not None:
        is_own = origin(place) == origin(url)
        policy = policies.get("Referrer-Policy", "strict-origin-when-cross-origin")
        hidden = policy == "no-referrer" or policy == "same-origin" and not is_own
        # Of this request only: what a redirect leads to is read, not posted to.
        request.add_unredirected_header("Origin", "null" if hidden else origin(place))
        request.add_unredirected_header("Sec-Fetch-Site", "same-origin" if is_own else "cross-site")
        if "form-action 'self'" in policies.get("Content-Security-Policy", ""):
            request.bound = origin(place)
    try:
        answer = opener.open(request, timeout=20)
    except urllib.error.HTTPError as error:
        answer = error
    page, place, policies = answer.read().decode(), answer.url, answer.headers
    return answer.status


def submit(path, **fields):
    """Posts the form of the page that leads to this path."""
    for target, body in re.findall(r'<form method="post" action="([^"]*)"[^>]*>(.*?)</form>', page, re.S):
        if target == path:
            hidden = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', body)
            return go(base + path, {name: html.unescape(value) for name, value in hidden} | fields)
    raise SystemExit(f"no form leads to {path}:\n{page}")


while steps:
    step = steps.pop(0)
    if step == "sign-in":
        go(base + "/login?next=/device")
        assert place.startswith(provider + "/"), place
        go(place, {"sub": "alice"})
        assert place == base + "/device", (place, page)
    elif step == "dashboard":
        go(base + "/login/people/corp")
        assert place.startswith(provider + "/"), place
        go(place, {"sub": "alice"})
        assert place.startswith(base + "/callback/corp?"), (place, page)
        # The page leads on by itself.
        go(base + "/agents")
    elif step == "quarantine":
        submit("/actions/quarantine", why="it went astray")
    elif step == "login":
        command = [steps.pop(0), "login", "--url", base]
        started = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        started.stderr.readline()
        code = started.stderr.readline().split()[-1]
        go(base + "/device?user_code=" + code)
        assert code not in page, page
        submit("/device", code=code.lower())
    elif step == "wait":
        code = started.wait(timeout=30)
        print("login", code, started.stderr.read())
    elif step in ("approve", "deny"):
        submit("/device/decision", decision=step)
    elif step == "home":
        go(base + "/")
    elif step == "sign-out":
        go(base + "/")
        submit("/logout", go="out")
    elif step in ("groups", "claims"):
        value = steps.pop(0)
        body = (json.dumps({"groups": value.split(",")}) if step == "groups" else value).encode()
        request = urllib.request.Request(
            provider + "/users/alice", data=body, method="PUT", headers={"Content-Type": "application/json"})
        opener.open(request, timeout=20)
    elif step == "revoke":
        opener.open(urllib.request.Request(provider + "/users/alice/revoke-tokens", method="POST"), timeout=20)
    else:
        raise SystemExit(f"no step {step}")
print(page)
