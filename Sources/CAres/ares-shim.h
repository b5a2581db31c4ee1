// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#pragma once

#include <ares.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>

/// Names the calling thread, as tools for processes show it. At most 15 bytes are kept.
static inline void cares_name_thread(const char *name) {
    prctl(PR_SET_NAME, (unsigned long)name, 0UL, 0UL, 0UL);
}

/// The monotonic clock in nanoseconds.
static inline uint64_t cares_monotonic_nanoseconds(void) {
    struct timespec time = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}
