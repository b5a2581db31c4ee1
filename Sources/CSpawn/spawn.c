// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Starting a child. Between fork and exec only system calls are made: the parent may have other threads.
#define _GNU_SOURCE
#include "CSpawn.h"
#include "stage.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

// Above every target of a descriptor.
enum { first_raised = 128 };

static void report(int channel, int step, int mount) {
    struct yett_failure failure = {.step = step, .error = errno, .mount = mount};
    ssize_t written = write(channel, &failure, sizeof failure);
    (void)written;
    _exit(125);
}

static void reset_signals(void) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

// Two passes, since a descriptor's number may be the target of another.
static int renumber(const struct yett_spawn *spawn) {
    int raised[first_raised];
    if (spawn->descriptor_count > first_raised) {
        errno = EMFILE;
        return -1;
    }
    for (size_t index = 0; index < spawn->descriptor_count; index++) {
        raised[index] = fcntl(spawn->descriptors[index], F_DUPFD_CLOEXEC, first_raised);
        if (raised[index] < 0) return -1;
    }
    for (size_t index = 0; index < spawn->descriptor_count; index++)
        if (dup2(raised[index], spawn->targets[index]) < 0) return -1;
    return 0;
}

static int arrange_descriptors(const struct yett_spawn *spawn) {
    int raised[3];
    for (int index = 0; index < 3; index++) {
        raised[index] = fcntl(spawn->standard[index], F_DUPFD_CLOEXEC, 3);
        if (raised[index] < 0) return -1;
    }
    for (int index = 0; index < 3; index++)
        if (dup2(raised[index], index) < 0) return -1;
    if (syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) != 0) return -1;
    if (spawn->targets != NULL) return renumber(spawn);
    for (size_t index = 0; index < spawn->descriptor_count; index++)
        if (fcntl(spawn->descriptors[index], F_SETFD, 0) != 0) return -1;
    return 0;
}

static int enter_groups(const struct yett_spawn *spawn) {
    for (size_t index = 0; index < spawn->group_count; index++)
        if (write(spawn->groups[index], "0", 1) != 1) return -1;
    return 0;
}

static int set_limits(const struct yett_spawn *spawn) {
    for (size_t index = 0; index < spawn->limit_count; index++) {
        const struct yett_resource_limit *wanted = &spawn->limits[index];
        struct rlimit limit;
        if (getrlimit((__rlimit_resource_t)wanted->resource, &limit) != 0) return -1;
        if (limit.rlim_max == RLIM_INFINITY || wanted->value < limit.rlim_max) limit.rlim_max = wanted->value;
        limit.rlim_cur = limit.rlim_max;
        if (setrlimit((__rlimit_resource_t)wanted->resource, &limit) != 0) return -1;
    }
    return 0;
}

// The raw calls change this thread alone, which after fork is the whole process; the library's would signal threads.
static int change_user(uint32_t user, uint32_t group) {
    if (syscall(SYS_setgroups, 0, NULL) != 0) return -1;
    if (syscall(SYS_setresgid, group, group, group) != 0) return -1;
    if (syscall(SYS_setresuid, user, user, user) != 0) return -1;
    if (geteuid() != user || getegid() != group || user == 0) {
        errno = EPERM;
        return -1;
    }
    return 0;
}

_Noreturn static void child(const struct yett_spawn *spawn, int channel, pid_t parent) {
    reset_signals();
    setsid();
    // At a target's number it would be replaced by what the job brings, and that would be executed in its stead.
    int executable = fcntl(spawn->executable, F_DUPFD_CLOEXEC, first_raised);
    if (executable < 0) report(channel, yett_step_descriptors, -1);
    if (enter_groups(spawn) != 0) report(channel, yett_step_groups, -1);
    if (arrange_descriptors(spawn) != 0) report(channel, yett_step_descriptors, -1);
    if (spawn->stage != NULL) {
        int mount = -1;
        int step = yett_stage(spawn, &mount);
        if (step != yett_step_none) report(channel, step, mount);
    }
    if (spawn->changes_user && change_user(spawn->user, spawn->group) != 0) report(channel, yett_step_user, -1);
    // One byte, not zero: a core pattern that names a program ignores zero.
    struct rlimit no_core = {1, 1};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || setrlimit(RLIMIT_CORE, &no_core) != 0
        || prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
        report(channel, yett_step_privileges, -1);
    if (set_limits(spawn) != 0) report(channel, yett_step_limits, -1);
    if (getppid() != parent) _exit(125);
    char *const environment[] = {NULL};
    execveat(executable, "", (char *const *)spawn->arguments, environment, AT_EMPTY_PATH);
    report(channel, yett_step_execute, -1);
    _exit(125);
}

pid_t yett_spawn(const struct yett_spawn *spawn, struct yett_failure *failure) {
    *failure = (struct yett_failure){.step = yett_step_fork, .mount = -1};
    int channel[2];
    if (pipe2(channel, O_CLOEXEC) != 0) {
        failure->error = errno;
        return -1;
    }
    // A write end at 0, 1 or 2, or at a target, would be overwritten when the descriptors are arranged.
    int lowest = spawn->targets != NULL ? first_raised : 3;
    if (channel[1] < lowest) {
        int raised = fcntl(channel[1], F_DUPFD_CLOEXEC, lowest);
        close(channel[1]);
        channel[1] = raised;
    }
    pid_t parent = getpid();
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t process = fork();
    if (process == 0) child(spawn, channel[1], parent);
    int fork_error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(channel[1]);
    if (process < 0) {
        failure->error = fork_error;
        close(channel[0]);
        return -1;
    }
    ssize_t count;
    do count = read(channel[0], failure, sizeof *failure);
    while (count < 0 && errno == EINTR);
    close(channel[0]);
    if (count == 0) {
        failure->step = yett_step_none;
        return process;
    }
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR) continue;
    return -1;
}
