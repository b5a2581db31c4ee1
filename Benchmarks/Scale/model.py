#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""What many gates cost together: arithmetic over what measure.py and the tests of the cluster measured on one machine.

model.py [NAME=VALUE]... prints the table of docs/scale.md; every figure below can be given another value.
"""

import sys

FIGURES = {
    # The question.
    "gates": 1_000,
    "agents": 1_000_000,
    "policy_changes_a_day": 10_000,
    "tasks_an_agent_a_day": 24,
    "task_minutes": 60,
    "revocations_a_day": 1_000,
    "revocation_days": 1,
    "requests_an_agent_a_minute": 6,
    "budgets_a_task": 1,
    "blocks_a_budget": 4,
    # Measured; see docs/scale.md.
    "request_cpu_us": 36.0,
    "reload_cpu_us_an_agent": 100.0,
    "bundle_cpu_s": 0.15,
    "memory_base_mb": 66.0,
    "memory_kb_an_agent": 9.8,
    "memory_kb_a_task": 2.4,
    "etcd_events_s_a_member": 25_000,
    "entry_bytes_task": 410,
        "record_bytes": 650,
    # Chosen.
    "bundle_mb_packed": 1.0,
    "polling_s": 90.0,
    "svid_renewal_s": 1_800.0,
    "etcd_writes_s": 5_000,
    "task_limit": 4_096,
    "members": 3,
}


def rows(f):
    day = 86_400
    agents = f["agents"] / f["gates"]
    tasks_s = f["agents"] * f["tasks_an_agent_a_day"] / day
    open_tasks = tasks_s * f["task_minutes"] * 60
    # A task is written when it begins; its end by the clock needs no write. Each block of a budget is one transaction.
    blocks_s = tasks_s * f["budgets_a_task"] * f["blocks_a_budget"]
    presence_s = f["gates"] / max(5.0, f["gates"] * 0.1)
    watched_s = tasks_s + f["revocations_a_day"] / day + presence_s + 1
    activations = min(f["policy_changes_a_day"], day / f["polling_s"])
    reload_s = agents * f["reload_cpu_us_an_agent"] / 1e6
    requests_s = agents * f["requests_an_agent_a_minute"] / 60
    yield "agents at a gate", f"{agents:,.0f}"
    yield "requests/s at a gate", f"{requests_s:,.0f}"
    yield "processor for its requests", f"{requests_s * f['request_cpu_us'] / 1e4:.2f} % of a core"
    yield "memory of a gate, configuration", f"{f['memory_base_mb'] + agents * f['memory_kb_an_agent'] / 1e3:,.0f} MB"
    yield "activations of a bundle at a gate a day", f"{activations:,.0f} of {f['policy_changes_a_day']:,} changes"
    yield "processor for them", f"{activations * (f['bundle_cpu_s']) / day * 100:.2f} % of a core"
    yield "the same by reloads of the file, one a change", (
        f"{f['policy_changes_a_day'] * reload_s / day * 100:.2f} % of a core")
    yield "bundle servers, whole bundles", f"{activations * f['gates'] * f['bundle_mb_packed'] / day:,.1f} MB/s"
    yield "bundle servers, one whole bundle for each change", (
        f"{f['policy_changes_a_day'] * f['gates'] * f['bundle_mb_packed'] / day:,.1f} MB/s")
    yield "certificates/s of all embedded authorities", f"{f['agents'] / f['svid_renewal_s']:,.0f}"
    yield "records a day at a gate", (
        f"{requests_s * day / 1e6:,.1f} million, {requests_s * day * f['record_bytes'] / 1e9:,.1f} GB")
    yield "etcd: tasks that begin/s", f"{tasks_s:,.0f}"
    yield "etcd: writes/s, tasks and budget blocks", (
        f"{tasks_s + blocks_s + watched_s - tasks_s:,.0f} of {f['etcd_writes_s']:,}")
    yield "etcd: events/s in all watches together", f"{watched_s * f['gates']:,.0f}"
    yield "etcd: events/s at a member, of what it can send", (
        f"{watched_s * f['gates'] / f['members']:,.0f} of {f['etcd_events_s_a_member']:,}")
    yield "etcd: bytes/s to watches", f"{watched_s * f['gates'] * f['entry_bytes_task'] / 1e6:,.0f} MB/s"
    yield "etcd: bytes of open tasks", f"{open_tasks * f['entry_bytes_task'] / 1e6:,.0f} MB"
    yield "open tasks of one cluster, of those allowed", f"{open_tasks:,.0f} of {f['task_limit']:,}"
    yield "memory of a gate that knows them all", f"{open_tasks * f['memory_kb_a_task'] / 1e3:,.0f} MB"
    yield "revocations remembered", f"{f['revocations_a_day'] * f['revocation_days']:,.0f}"


def main():
    figures = dict(FIGURES)
    for argument in sys.argv[1:]:
        name, _, value = argument.partition("=")
        if name not in figures:
            sys.exit(f"model.py: there is no figure '{name}'; there are {', '.join(figures)}")
        figures[name] = float(value)
    table = list(rows(figures))
    width = max(len(name) for name, _ in table)
    for name, value in table:
        print(f"{name:{width}}  {value}")


if __name__ == "__main__":
    main()
