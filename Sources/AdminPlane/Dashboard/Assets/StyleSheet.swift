// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Asset {
    /// How pages look: one sheet for every page, light and dark, wide and narrow.
    static let style = Asset(
        "text/css; charset=utf-8",
        #"""
        :root {
          color-scheme: light dark;
          --ground: #f4f5f2; --sheet: #ffffff; --ink: #1b211d; --soft: #5c665f; --line: #dde1da; --hover: #eef1ec;
          --accent: #1f5f4a; --accent-ink: #ffffff; --good: #2b7a4b; --bad: #b3261e; --wait: #8f5b00;
          --good-sheet: #e3f1e7; --bad-sheet: #fae6e4; --wait-sheet: #f9edd4; --track: #e6e9e4; --code: #f1f3ef;
          --shadow: 0 1px 2px rgb(20 30 24 / 6%);
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #121513; --sheet: #1a1e1b; --ink: #e4e9e5; --soft: #98a39c; --line: #2d332f; --hover: #222723;
            --accent: #7fc8a9; --accent-ink: #0d1a14; --good: #78c795; --bad: #f2867c; --wait: #e5b65a;
            --good-sheet: #1c3325; --bad-sheet: #3b201e; --wait-sheet: #352a15; --track: #2d332f; --code: #151916;
            --shadow: none;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body {
          margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere;
          font: 14px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
        }
        a { color: var(--accent); text-underline-offset: 2px; text-decoration-thickness: 1px; }
        h1 { font-size: 22px; line-height: 1.25; margin: 0; letter-spacing: -.01em; font-weight: 650; }
        h2 { font-size: 15px; margin: 0; font-weight: 620; }
        h3 { font-size: 12px; margin: 16px 0 6px; color: var(--soft); font-weight: 600; }
        p { margin: 0 0 8px; }
        small { font-size: 12px; display: block; }
        code, pre { font: 12.5px/1.55 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        pre {
          background: var(--code); border: 1px solid var(--line); border-radius: 6px; padding: 10px 12px; margin: 8px 0;
          overflow: auto; white-space: pre-wrap; max-height: 28em;
        }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
        main:focus { outline: none; }
        .skip { position: absolute; left: -999px; top: 0; background: var(--sheet); padding: 8px 12px; z-index: 2; }
        .skip:focus { left: 8px; top: 8px; }
        .muted { color: var(--soft); }

        .frame {
          position: fixed; inset: 0 auto 0 0; width: 204px; padding: 20px 12px 16px; display: flex; flex-direction: column;
          gap: 18px; border-right: 1px solid var(--line); background: var(--sheet); overflow-y: auto;
        }
        .brand {
          display: flex; align-items: center; gap: 9px; color: var(--ink); text-decoration: none; font-weight: 680; font-size: 17px;
          padding: 0 10px; letter-spacing: -.01em;
        }
        .brand svg { color: var(--accent); flex: none; }
        nav { flex: 1; }
        nav ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 1px; }
        nav a {
          display: block; padding: 6px 10px; border-radius: 6px; color: var(--ink); text-decoration: none; white-space: nowrap;
        }
        nav a:hover { background: var(--hover); }
        nav a[aria-current] { background: var(--accent); color: var(--accent-ink); font-weight: 600; }
        .who { display: grid; gap: 10px; padding: 0 10px; font-size: 13px; }
        .who .name small { color: var(--soft); }
        .live { display: flex; align-items: center; gap: 7px; color: var(--soft); font-size: 12px; }
        .live::before { content: ""; width: 8px; height: 8px; border-radius: 50%; background: var(--soft); }
        .live.on::before { background: var(--good); }
        main { margin-left: 204px; padding: 24px 28px 48px; max-width: 1400px; }
        .title { display: flex; align-items: baseline; gap: 6px 14px; flex-wrap: wrap; margin: 0 0 18px; }
        .title p { margin: 0; color: var(--soft); }

        .notice { padding: 9px 14px; border-radius: 6px; margin: 0 0 16px; border: 1px solid transparent; }
        .notice.done { background: var(--good-sheet); color: var(--good); }
        .notice.failure { background: var(--bad-sheet); color: var(--bad); }
        .card {
          background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; padding: 14px 18px 16px; margin: 0 0 16px;
          box-shadow: var(--shadow); scroll-margin-top: 12px;
        }
        .card:target { border-color: var(--accent); }
        .head { display: flex; align-items: baseline; justify-content: space-between; flex-wrap: wrap; gap: 2px 14px; margin-bottom: 10px; }
        .head p { margin: 0; color: var(--soft); font-size: 13px; }
        .empty { color: var(--soft); margin: 4px 0; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 0 0 16px; }
        .tile {
          background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; text-decoration: none;
          color: var(--ink); display: grid; box-shadow: var(--shadow);
        }
        .tile:hover { background: var(--hover); }
        .tile strong { font-size: 24px; line-height: 1.2; font-weight: 620; font-variant-numeric: tabular-nums; letter-spacing: -.02em; }
        .tile span { color: var(--soft); font-size: 13px; }
        .tile.bad strong { color: var(--bad); } .tile.wait strong { color: var(--wait); }

        .scroll { overflow-x: auto; margin: 0 -18px -4px; padding: 0 18px; }
        table { border-collapse: collapse; width: 100%; }
        th { text-align: left; font-weight: 600; font-size: 12px; color: var(--soft); padding: 4px 14px 6px 0; white-space: nowrap; }
        td { padding: 7px 14px 7px 0; border-top: 1px solid var(--line); vertical-align: middle; overflow-wrap: normal; }
        td bdi { overflow-wrap: break-word; display: inline-block; max-width: 300px; }
        td a.name bdi { white-space: nowrap; }
        th:last-child, td:last-child { padding-right: 0; }
        td[data-label=""] { text-align: right; }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        time { font-variant-numeric: tabular-nums; white-space: nowrap; }
        a.name { font-weight: 550; text-decoration: none; } a.name:hover { text-decoration: underline; }
        .badge {
          display: inline-block; font-size: 12px; line-height: 18px; padding: 0 7px; border-radius: 9px; background: var(--track);
          color: var(--soft); white-space: nowrap; font-weight: 550;
        }
        .badge.good { background: var(--good-sheet); color: var(--good); }
        .badge.bad { background: var(--bad-sheet); color: var(--bad); }
        .badge.wait { background: var(--wait-sheet); color: var(--wait); }
        dl.facts { margin: 0; display: grid; gap: 0 32px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); }
        dl.facts div { display: flex; gap: 12px; padding: 4px 0; min-width: 0; }
        dt { flex: none; width: 136px; color: var(--soft); } dd { margin: 0; min-width: 0; font-variant-numeric: tabular-nums; }
        .plain, .alarms { margin: 0; padding-left: 18px; } .alarms { list-style: none; padding: 0; }
        .alarms li { padding: 5px 0; border-top: 1px solid var(--line); }
        .alarms time { color: var(--soft); }
        .steps { list-style: none; margin: 4px 0 0; padding: 0; }
        .steps li { padding: 5px 0 5px 24px; position: relative; border-top: 1px solid var(--line); }
        .steps li::before { content: "·"; position: absolute; left: 6px; color: var(--soft); font-weight: 700; }
        .steps .good::before { content: "✓"; color: var(--good); left: 3px; } .steps .bad::before { content: "✕"; color: var(--bad); left: 3px; }
        .diff ins, .diff del { text-decoration: none; display: inline; }
        .diff ins { color: var(--good); } .diff del { color: var(--bad); } .arguments { font-size: 13px; }
        details { border-top: 1px solid var(--line); padding: 6px 0; } summary { cursor: pointer; }
        .pages { margin: 12px 0 0; }

        button, .button {
          font: inherit; font-size: 13px; font-weight: 550; line-height: 20px; padding: 4px 12px; border-radius: 6px; cursor: pointer;
          border: 1px solid var(--line); background: var(--sheet); color: var(--ink); white-space: nowrap; text-decoration: none;
        }
        button:hover, .button:hover { background: var(--hover); }
        button.primary { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
        button.primary:hover { filter: brightness(1.08); }
        button.danger { color: var(--bad); border-color: currentColor; background: none; }
        button.danger:hover { background: var(--bad-sheet); }
        button.quiet { color: var(--soft); background: none; }
        form.act { display: inline-flex; gap: 8px; align-items: flex-end; flex-wrap: wrap; }
        td form.act { margin-left: 6px; } td button { padding: 1px 9px; }
        td[data-label=""] { white-space: nowrap; }
        .actions { display: flex; flex-wrap: wrap; gap: 12px 24px; margin-top: 14px; padding-top: 12px; border-top: 1px solid var(--line); align-items: flex-end; }
        label { display: grid; gap: 3px; font-size: 12px; color: var(--soft); }
        input, select {
          font: inherit; color: var(--ink); background: var(--ground); border: 1px solid var(--line); border-radius: 6px;
          padding: 4px 9px; line-height: 20px; height: 30px; min-width: 0; width: 100%;
        }
        .filter { display: grid; grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); gap: 10px 12px; align-items: end; }

        .map { width: 100%; height: auto; display: block; } .map.narrow { display: none; }
        .map text { font-size: 13px; fill: var(--ink); } .map .flow text { font-size: 11px; fill: var(--soft); }
        .map a { text-decoration: none; }
        .map rect { fill: var(--ground); stroke: var(--line); } .map a:hover rect { stroke: var(--accent); }
        .map circle { fill: var(--soft); } .map .good circle { fill: var(--good); } .map .wait circle { fill: var(--wait); }
        .map .bad circle { fill: var(--bad); } .map .bad rect { stroke: var(--bad); }
        .map .flow path { fill: none; stroke: var(--accent); opacity: .55; } .map .flow:hover path { opacity: 1; }
        .chart { margin: 0; } .chart svg { width: 100%; height: 84px; display: block; border-bottom: 1px solid var(--line); }
        .chart rect.good { fill: var(--good); opacity: .75; } .chart rect.bad { fill: var(--bad); } .chart rect.wait { fill: var(--wait); }
        figcaption { display: flex; flex-wrap: wrap; gap: 4px 18px; padding-top: 8px; font-size: 13px; font-variant-numeric: tabular-nums; }
        .key::before { content: ""; display: inline-block; width: 9px; height: 9px; border-radius: 2px; margin-right: 6px; background: currentColor; }
        .key.good::before { color: var(--good); } .key.bad::before { color: var(--bad); } .key.wait::before { color: var(--wait); }
        .meter { display: inline-flex; align-items: center; gap: 8px; } .meter .track { fill: var(--track); }
        .meter .good { fill: var(--good); } .meter .wait { fill: var(--wait); } .meter .bad { fill: var(--bad); }
        dialog {
          border: 1px solid var(--line); border-radius: 10px; background: var(--sheet); color: var(--ink); padding: 20px 22px;
          max-width: min(440px, calc(100vw - 32px)); box-shadow: 0 12px 40px rgb(0 0 0 / 25%);
        }
        dialog::backdrop { background: rgb(10 14 12 / 45%); }
        dialog p { font-size: 15px; margin: 0 0 18px; } dialog dl { display: grid; grid-template-columns: auto 1fr; gap: 4px 18px; margin: 12px 0 18px; }
        dialog dt { width: auto; } .buttons { display: flex; justify-content: flex-end; gap: 10px; }
        .alone main { margin: 12vh auto 0; max-width: 460px; padding: 0 20px; }
        .alone .brand { padding: 0; margin-bottom: 26px; } .alone h1 { margin-bottom: 14px; }
        .token { display: grid; grid-template-columns: 1fr auto; gap: 10px; align-items: end; margin: 16px 0; }

        @media (max-width: 860px) {
          .frame {
            position: static; width: auto; flex-flow: row wrap; align-items: center; gap: 8px 12px; padding: 10px 16px 0;
            border-right: 0; border-bottom: 1px solid var(--line);
          }
          .brand { padding: 0; flex: 1; } .who { display: flex; align-items: center; padding: 0; gap: 12px; }
          .who .live { font-size: 0; gap: 0; } .who .name small { display: inline; margin-left: 5px; }
          nav { order: 3; flex: 1 0 100%; margin: 0 -16px; overflow-x: auto; scrollbar-width: none; }
          nav ul { display: flex; padding: 0 10px 8px; } 
          main { margin: 0; padding: 16px 16px 40px; }
        }
        @media (max-width: 640px) {
          .map.wide { display: none; } .map.narrow { display: block; }
          .card { padding: 12px 14px 14px; } .scroll { margin: 0; padding: 0; overflow: visible; }
          .tiles { grid-template-columns: 1fr 1fr; gap: 10px; } .tile:last-child:nth-child(odd) { grid-column: span 2; } .tile { padding: 10px 12px; } .tile strong { font-size: 21px; }
          thead { position: absolute; width: 1px; height: 1px; overflow: hidden; display: block; clip-path: inset(50%); }
          table, tbody, tr, td { display: block; } tr { padding: 8px 0; border-top: 1px solid var(--line); }
          tr:first-child { border-top: 0; }
          td, td.number, td[data-label=""] { border: 0; padding: 2px 0; text-align: left; display: flex; gap: 10px; white-space: normal; align-items: baseline; flex-wrap: wrap; }
          td bdi { max-width: 100%; overflow-wrap: anywhere; }
          td::before { content: attr(data-label); color: var(--soft); font-size: 12px; flex: 0 0 84px; }
          td:empty { display: none; } td[data-label=""]::before { display: none; } td form.act { margin-left: 0; }
          dt { width: 104px; } .filter { grid-template-columns: 1fr 1fr; }
          .actions { gap: 12px; } .actions form.act { display: grid; grid-template-columns: 1fr auto; width: 100%; } .actions label { grid-column: 1 / -1; }
          .actions form.act button { justify-self: start; }
        }
        @media (prefers-reduced-motion: no-preference) { .live.on::before { transition: background .3s; } }

        """#)
}
