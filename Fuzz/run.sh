#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

# Runs one fuzz target for some seconds: Fuzz/run.sh TARGET SECONDS, for example Fuzz/run.sh RequestHead 60.
# New inputs are kept under Fuzz/.build; an input that fails is written to Fuzz/Crashes/ and the script fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
if [[ $# -ne 2 || ! -d Sources/${1}Fuzzer || ! $2 =~ ^[0-9]+$ ]]; then
    echo "usage: Fuzz/run.sh TARGET SECONDS; targets: $(cd Sources && printf '%s ' *Fuzzer | sed 's/Fuzzer//g')" >&2
    exit 2
fi
export SWIFT_BACKTRACE=enable=no
# The leak detector does not find what enumerations in globals refer to: their pointers bear the case in spare bits.
[[ $1 != RegoPolicy && $1 != RegoEvaluation && $1 != Leak ]] || export ASAN_OPTIONS=detect_leaks=0
swift build --quiet --sanitize=fuzzer --product "${1}Fuzzer"
mkdir -p Crashes "Corpora/$1" ".build/corpora/${1}Fuzzer"
exec ".build/debug/${1}Fuzzer" ".build/corpora/${1}Fuzzer" "Corpora/$1" -max_total_time="$2" -max_len=65536 -timeout=10 \
    -rss_limit_mb=2048 -artifact_prefix="Crashes/${1}Fuzzer-" -print_final_stats=1
