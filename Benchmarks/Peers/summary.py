#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Reads rows of one scenario and prints the median over rounds of the ratios to Envoy in the same round."""
import re
import statistics
import sys

ticks_per_second = int(sys.argv[1])
rounds = {}
name = ""
for line in sys.stdin:
    fields = dict(re.findall(r"(\w+)=([0-9.a-z]+)", line))
    if "rate" not in fields:
        print("no result:", line.strip())
        continue
    name = line.split()[0]
    seconds = float(fields["each"])
    work = float(fields["mib"]) * seconds / 1024 if name.startswith("bulk") else float(fields["ok"])
    cpu = int(fields["ticks"]) / ticks_per_second
    if work > 0 and cpu > 0:
        rate = float(fields["mib"]) if name.startswith("bulk") else float(fields["rate"])
        rounds.setdefault(fields["round"], {})[fields["peer"]] = (cpu / work, rate, cpu / seconds)

unit = "ms/GiB" if name.startswith("bulk") else "us/op"
scale = 1e3 if name.startswith("bulk") else 1e6
print(f"{name}: processor time for each operation; ratios to Envoy in the same round, medians of {len(rounds)}")
peers = sorted({peer for row in rounds.values() for peer in row}, key=lambda peer: (peer != "envoy", peer))
for peer in peers:
    rows = [row for row in rounds.values() if peer in row and "envoy" in row]
    if not rows:
        print(f"  {peer:10} no round together with envoy")
        continue
    ratios = [row[peer][0] / row["envoy"][0] for row in rows]
    rates = [row[peer][1] / row["envoy"][1] for row in rows]
    cost = statistics.median(row[peer][0] for row in rows) * scale
    load = statistics.median(row[peer][2] for row in rows)
    print(
        f"  {peer:10} cpu x{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        f"  {cost:8.1f} {unit}  rate x{statistics.median(rates):.2f}  util {load:.2f}"
    )
