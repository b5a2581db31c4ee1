# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Chromium without a window, spoken to over a pipe in the DevTools protocol."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time


class Chromium:
    """One browser with one page, a profile of its own and no requests that it makes by itself."""

    FLAGS = [
        "--headless=new", "--no-sandbox", "--remote-debugging-pipe", "--disable-gpu", "--disable-dev-shm-usage",
        "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-extensions", "--mute-audio",
    ]

    def __init__(self):
        binary = shutil.which("chromium")
        if binary is None:
            raise SystemExit("there is no chromium: apt-get install chromium")
        self.profile = tempfile.mkdtemp(prefix="yett-chromium-")
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()

        def arrange():
            # The browser reads from descriptor 3 and writes to 4; both may be taken by the pipes themselves.
            spare_read, spare_write = os.dup(to_read), os.dup(to_write)
            os.dup2(spare_read, 3)
            os.dup2(spare_write, 4)

        # pylint: disable-next=subprocess-popen-preexec-fn
        self._process = subprocess.Popen(
            [binary, *self.FLAGS, f"--user-data-dir={self.profile}", "about:blank"], preexec_fn=arrange,
            close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": self.profile})
        os.close(to_read)
        os.close(to_write)
        self._rest, self._number, self.events = b"", 0, []
        page = self._call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = self._call("Target.attachToTarget", {"targetId": page, "flatten": True})["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.do(f"{domain}.enable")

    def _message(self, seconds=30):
        end = time.monotonic() + seconds
        while b"\0" not in self._rest:
            if not select.select([self._read], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError("the browser says nothing")
            data = os.read(self._read, 1 << 20)
            if not data:
                raise EOFError("the browser ended")
            self._rest += data
        message, self._rest = self._rest.split(b"\0", 1)
        return json.loads(message)

    def _call(self, method, parameters=None, session=None):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters or {}}
        if session:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._message()
            if answer.get("id") != self._number:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']}")
            else:
                return answer["result"]

    def do(self, method, **parameters):
        """Calls a method of the page."""
        return self._call(method, parameters, self._session)

    def value(self, expression):
        """The value of an expression within the page."""
        result = self.do("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def wait(self, expression, seconds=20):
        """Waits until an expression holds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if self.value(expression):
                    return
            except RuntimeError:
                # The page changes at this moment.
                pass
            time.sleep(0.05)
        raise TimeoutError(f"{expression} never held at {self.value('location.href')}: "
                           f"{self.value('document.body.innerText.slice(0, 2000)')}")

    def go(self, address):
        """Loads a page."""
        self.do("Page.navigate", url=address)
        self.wait("document.readyState === 'complete'")

    def look(self, width, scheme):
        """Takes the size of a desk or a phone, and its colours."""
        self.do("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
        self.do("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def press(self, keys):
        """Types keys."""
        for key in keys:
            for kind in ("keyDown", "keyUp"):
                self.do("Input.dispatchKeyEvent", type=kind, key=key, text=key if kind == "keyDown" else "")

    def picture(self, path):
        """Keeps what the whole page looks like."""
        picture = self.do("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture["data"]))

    def close(self):
        """Ends the browser."""
        try:
            self._call("Browser.close")
        except (EOFError, TimeoutError, OSError):
            self._process.terminate()
        self._process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)
