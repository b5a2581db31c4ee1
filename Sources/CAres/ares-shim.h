// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#pragma once

#include <ares.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>

/// Prepares the calling thread for c-ares: names it, as tools for processes show it (at most 15 bytes), and blocks all
/// signals. c-ares writes to TCP sockets with writev, so a server that closes early would raise SIGPIPE.
static inline void cares_prepare_thread(const char *name) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, 0);
    prctl(PR_SET_NAME, (unsigned long)name, 0UL, 0UL, 0UL);
}

/// The monotonic clock in nanoseconds.
static inline uint64_t cares_monotonic_nanoseconds(void) {
    struct timespec time = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}
