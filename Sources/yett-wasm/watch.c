// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// The thread that keeps the time. What the engine calls on the host's side can block, and then no epoch interrupts it:
// some milliseconds after the deadline this thread reports by itself, and the process is gone.
#define _GNU_SOURCE
#include "worker.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { grace_microseconds = 10000, grace_per_poll = 2000 };

static _Atomic uint64_t deadline;
static int wake = -1;
static void (*at_deadline)(void);

uint64_t now_microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

// Waits until then for the other side to go, which ends the process, or to be woken up.
static void wait_until(uint64_t until) {
    struct pollfd watched[2] = {{.fd = STDIN_FILENO, .events = POLLIN | POLLRDHUP}, {.fd = wake, .events = POLLIN}};
    uint64_t now = now_microseconds(), left = until > now ? until - now : 0;
    struct timespec timeout = {.tv_sec = (time_t)(left / 1000000), .tv_nsec = (long)(left % 1000000) * 1000};
    if (ppoll(watched, 2, until == 0 ? NULL : &timeout, NULL) <= 0) return;
    // The job is complete: whatever comes now is the end, or not what a starter says.
    if (watched[0].revents != 0) _exit(exit_host_gone);
    uint64_t count;
    if (watched[1].revents != 0 && read(wake, &count, sizeof count) < 0) _exit(exit_host_gone);
}

static void *watch(void *unused) {
    (void)unused;
    for (;;) {
        uint64_t until = atomic_load(&deadline);
        if (until != 0 && now_microseconds() >= until) break;
        wait_until(until);
    }
    at_deadline();
    uint64_t last = now_microseconds() + grace_microseconds;
    while (now_microseconds() < last) wait_until(now_microseconds() + grace_per_poll);
    struct report report = {.outcome = outcome_deadline, .trap = 255};
    report_at_once(report, "the deadline came while the program waited");
}

bool watch_begin(void (*action)(void)) {
    at_deadline = action;
    wake = eventfd(0, EFD_CLOEXEC);
    pthread_t thread;
    return wake >= 0 && pthread_create(&thread, NULL, watch, NULL) == 0;
}

void watch_deadline(uint64_t microseconds) {
    atomic_store(&deadline, microseconds);
    uint64_t one = 1;
    if (write(wake, &one, sizeof one) < 0) _exit(exit_host_gone);
}
