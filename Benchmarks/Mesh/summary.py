#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Reads the rows of all rounds and prints medians, with differences between what was measured in the same round."""
import re
import statistics
import sys

rows = {}
for line in sys.stdin:
    found = dict(re.findall(r"(\w+)=([\w.-]+)", line))
    if "rate" not in found:
        print("no result:", line.strip())
        continue
    scenario = line.split()[0]
    rows.setdefault(scenario, {}).setdefault(found["way"], {})[found["round"]] = tuple(
        float(found.get(key, 0)) for key in ("p50", "p99", "rate", "cpu"))


def median(values, index):
    return statistics.median(value[index] for value in values.values())


def spread(values):
    return f"{statistics.median(values):7.1f} ({min(values):.1f} to {max(values):.1f})"


one, many, direct = (rows.get(name, {}) for name in ("one", "many", "direct"))
print(f"one connection: microseconds of a request, medians of {max(map(len, one.values()), default=0)} rounds")
for way, values in one.items():
    text = f"  {way:13} p50 {median(values, 0):7.1f}  p99 {median(values, 1):8.1f}"
    if way != "none":
        text += f"  authorizer's processor time {median(values, 3):6.1f}"
    if way.startswith("yett"):
        trivial = one.get(way.replace("yett", "trivial"), {})
        added = [values[key][0] - trivial[key][0] for key in values if key in trivial]
        if added:
            text += f"  p50 over the trivial authorizer {spread(added)}"
    print(text)
print("32 connections: requests/s")
for way, values in many.items():
    print(f"  {way:13} {median(values, 2):8.0f}" + (f"  cpu {median(values, 3):6.1f} us" if way != "none" else ""))
print("8 questions at once on one Unix socket, without an Envoy: decisions/s")
for way, values in direct.items():
    print(f"  {way:13} {median(values, 2):8.0f}  cpu {median(values, 3):6.1f} us")
