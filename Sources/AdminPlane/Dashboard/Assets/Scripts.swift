// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Asset {
    /// Keeps pages current.
    static let dashboard = Asset(
        "text/javascript; charset=utf-8",
        #"""
        // Keeps a page current, asks before something is cut, and knows a few keys. Every page works without it.
        const refreshHeader = { "Yett-Refresh": "1" };

        // Parts of the page that somebody is typing in, or has opened, are left alone.
        const isBusy = (part) => part.contains(document.activeElement) && document.activeElement.matches("input, select, button, pre")
          || part.querySelector("details[open]") !== null || !getSelection().isCollapsed && part.contains(getSelection().anchorNode);

        const identified = (root) => new Map([...root.querySelectorAll("main [data-part]")].map((part) => [part.id, part]));

        let isFetching = false;
        let isDue = false;

        async function refresh() {
          if (isFetching) { isDue = true; return; }
          isFetching = true;
          try {
            const answer = await fetch(location.href, { headers: refreshHeader, redirect: "error" });
            if (answer.status === 200) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
          } catch { mark(false); }
          isFetching = false;
          if (isDue) { isDue = false; setTimeout(refresh, 300); }
        }

        function show(page) {
          const old = identified(document);
          const fresh = identified(page);
          const content = document.getElementById("content");
          let last = document.querySelector("main .title");
          for (const [id, part] of fresh) {
            const present = old.get(id);
            if (!present) { last.after(part); last = part; continue; }
            if (present.innerHTML !== part.innerHTML && !isBusy(present)) { present.replaceWith(part); last = part; }
            else { last = present; }
          }
          for (const [id, part] of old) if (!fresh.has(id) && !isBusy(part)) part.remove();
          const summary = page.querySelector("main .title p");
          if (summary) content.querySelector(".title p")?.replaceChildren(...summary.childNodes);
        }

        const mark = (isLive) => {
          const sign = document.querySelector(".live");
          if (!sign) return;
          sign.classList.toggle("on", isLive);
          sign.textContent = isLive ? "live" : "not live";
        };

        function follow() {
          const events = new EventSource(document.body.dataset.live);
          events.addEventListener("open", () => mark(true));
          events.addEventListener("error", () => mark(false));
          events.addEventListener("change", (event) => {
            const pages = JSON.parse(event.data).pages;
            if (pages.includes(location.pathname) || pages.includes("/" + location.pathname.split("/")[1])) refresh();
          });
          events.addEventListener("end", () => { events.close(); mark(false); location.assign("/login"); });
          addEventListener("pagehide", () => events.close());
        }

        const confirmed = new WeakSet();

        addEventListener("submit", (event) => {
          const form = event.target;
          const question = form.dataset.confirm;
          if (!question || confirmed.has(form)) return;
          event.preventDefault();
          const dialog = document.getElementById("confirm");
          dialog.querySelector("#question").textContent = question;
          dialog.returnValue = "no";
          dialog.onclose = () => {
            if (dialog.returnValue !== "yes") return;
            confirmed.add(form);
            form.requestSubmit();
          };
          dialog.showModal();
        });

        const places = () => new Map([...document.querySelectorAll("nav a[data-key]")].map((link) => [link.dataset.key, link]));
        let isGoing = false;

        addEventListener("keydown", (event) => {
          if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
          if (document.querySelector("dialog[open]")) return;
          if (isGoing) {
            isGoing = false;
            const link = places().get(event.key);
            if (link) { event.preventDefault(); link.click(); }
            return;
          }
          if (event.key === "g") { isGoing = true; setTimeout(() => { isGoing = false; }, 1500); }
          if (event.key === "/") { const field = document.querySelector(".filter input"); if (field) { event.preventDefault(); field.focus(); } }
          if (event.key === "r") refresh();
          if (event.key === "?") keys();
        });

        function keys() {
          const dialog = document.getElementById("keys");
          const entries = [...places()].map(([key, link]) => ["g " + key, link.textContent])
            .concat([["/", "Filter"], ["r", "Refresh"], ["?", "These keys"]]);
          dialog.querySelector("dl").replaceChildren(...entries.flatMap(([key, text]) => {
            const name = document.createElement("dt");
            const what = document.createElement("dd");
            name.append(Object.assign(document.createElement("code"), { textContent: key }));
            what.textContent = text;
            return [name, what];
          }));
          dialog.showModal();
        }

        if (document.body.dataset.live) follow();

        """#)

    /// Signs in with the token of an address.
    static let login = Asset(
        "text/javascript; charset=utf-8",
        #"""
        // Signs in with the token of the address. It stands behind the number sign, which browsers send to nobody.
        const field = document.querySelector("input[name=token]");
        const token = decodeURIComponent(location.hash.slice(1));
        if (token) history.replaceState(null, "", location.pathname);
        if (field && /^yt_[A-Za-z0-9_-]{43}$/.test(token)) {
          field.value = token;
          field.form.requestSubmit();
        }

        """#)
}
