// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Forwarded signals arrive as bytes on a pipe, whichever thread they hit.
#define _GNU_SOURCE
#include "CLauncher.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static const int forwarded[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT, SIGTSTP};
enum { forwarded_count = sizeof forwarded / sizeof forwarded[0] };
static struct sigaction previous[forwarded_count];
static sigset_t previous_mask;
static atomic_bool is_open;
static _Atomic int sink = -1;
static int source = -1;

static void handle(int number) {
    int saved = errno;
    char byte = (char)number;
    int target = atomic_load(&sink);
    if (target >= 0) (void)!write(target, &byte, 1);
    errno = saved;
}

int yett_signals_open(void) {
    bool expected = false;
    if (!atomic_compare_exchange_strong(&is_open, &expected, true)) {
        errno = EBUSY;
        return -1;
    }
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        atomic_store(&is_open, false);
        return -1;
    }
    source = ends[0];
    atomic_store(&sink, ends[1]);
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    for (int index = 0; index < forwarded_count; index++) {
        sigaction(forwarded[index], NULL, &previous[index]);
        // A signal that was ignored on entry (nohup) stays ignored.
        if (previous[index].sa_handler != SIG_IGN) sigaction(forwarded[index], &action, NULL);
    }
    // A caller's thread may run with signals blocked; this one waits for them.
    sigset_t wanted;
    sigemptyset(&wanted);
    for (int index = 0; index < forwarded_count; index++) sigaddset(&wanted, forwarded[index]);
    pthread_sigmask(SIG_UNBLOCK, &wanted, &previous_mask);
    return source;
}

void yett_signals_close(void) {
    if (!atomic_load(&is_open)) return;
    pthread_sigmask(SIG_SETMASK, &previous_mask, NULL);
    for (int index = 0; index < forwarded_count; index++) sigaction(forwarded[index], &previous[index], NULL);
    int target = atomic_exchange(&sink, -1);
    close(target);
    close(source);
    source = -1;
    atomic_store(&is_open, false);
}

void yett_stop_self(void) {
    raise(SIGSTOP);
}
