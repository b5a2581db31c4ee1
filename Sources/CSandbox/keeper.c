// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Keeps one virtual machine that another program jails. What it starts is in a process namespace whose first process dies
// with this one, so that nothing outlives it; in a network namespace with nothing but a loopback; and in files and groups
// that are removed here, for the jailer does not.
#define _GNU_SOURCE
#include "events.h"
#include "jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "CSpawn.h"

enum { fixed_arguments = 7, machine_groups_limit = 8, jailer_words_limit = 64, pause_microseconds = 2000 };
static const int64_t millisecond = 1000000, jailing_limit = 10000 * 1000000LL, ending_limit = 5000 * 1000000LL;

struct keeper {
    int gate;
    int64_t life;                        // nanoseconds
    struct users users;
    uint32_t user;
    const char *directory;
    const char *groups[machine_groups_limit];
    size_t group_count;
    const char *jailer[jailer_words_limit];
    uint64_t host_network;
    pid_t first;                         // the first process of the machine's namespace
    int first_handle;
    int reports;                         // where that one says how the jailer ended
    int64_t started;
    enum yett_cause cause;
};

static struct keeper keeper;

static bool number(const char *text, uint64_t most, uint64_t *value) {
    char *end = NULL;
    errno = 0;
    unsigned long long found = strtoull(text, &end, 10);
    *value = found;
    return errno == 0 && text[0] >= '0' && text[0] <= '9' && *end == '\0' && found <= most;
}

static bool parse(int count, char **arguments) {
    uint64_t gate = 0, life = 0, first = 0, users = 0;
    if (count <= fixed_arguments || !number(arguments[2], 1 << 20, &gate) || gate < 3
        || !number(arguments[3], 1 << 30, &life) || !number(arguments[4], 1 << 30, &first)
        || !number(arguments[5], users_limit, &users) || arguments[6][0] != '/')
        return false;
    keeper.gate = (int)gate;
    keeper.life = (int64_t)life * millisecond;
    keeper.users.first = (uint32_t)first;
    keeper.users.count = (size_t)users;
    keeper.directory = arguments[6];
    int index = fixed_arguments;
    for (; index < count && strcmp(arguments[index], "--") != 0; index++) {
        if (keeper.group_count == machine_groups_limit || arguments[index][0] != '/') return false;
        keeper.groups[keeper.group_count++] = arguments[index];
    }
    // The program, two options for the user with their values, and the end.
    int words = count - index - 1;
    if (words < 1 || words > jailer_words_limit - 5 || arguments[index + 1][0] != '/') return false;
    keeper.jailer[0] = arguments[index + 1];
    for (int word = 1; word < words; word++) keeper.jailer[word + 4] = arguments[index + 1 + word];
    return true;
}

// The first process of the namespace: it starts the jailer, reaps what that leaves, and ends with the last of it.
_Noreturn static void be_first(int reports) {
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    // Who waits may have gone before that was said.
    if (write(reports, "?", 1) != 1) _exit(1);
    pid_t jailer = fork();
    if (jailer == 0) {
        setsid();
        signal(SIGPIPE, SIG_DFL);
        char *const environment[] = {NULL};
        execve(keeper.jailer[0], (char *const *)keeper.jailer, environment);
        _exit(127);
    }
    while (true) {
        int status = 0;
        pid_t ended = waitpid(-1, &status, 0);
        if (ended < 0 && errno == EINTR) continue;
        if (ended < 0) _exit(0);
        if (ended != jailer) continue;
        uint8_t code = WIFEXITED(status) ? (uint8_t)WEXITSTATUS(status) : 255;
        if (write(reports, &code, 1) != 1) _exit(1);
    }
}

static const char *start(void) {
    struct stat network;
    if (stat("/proc/self/ns/net", &network) != 0) return "/proc is not there, or shows no namespaces";
    keeper.host_network = network.st_ino;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return "a pipe cannot be made";
    if (unshare(CLONE_NEWNET | CLONE_NEWPID) != 0)
        return "namespaces cannot be made: the gate needs CAP_SYS_ADMIN for Firecracker's jailer";
    static char user[16];
    snprintf(user, sizeof user, "%u", keeper.user);
    keeper.jailer[1] = "--uid";
    keeper.jailer[3] = "--gid";
    keeper.jailer[2] = keeper.jailer[4] = user;
    pid_t first = fork();
    if (first == 0) {
        close(keeper.gate);
        close(ends[0]);
        be_first(ends[1]);
    }
    close(ends[1]);
    if (first < 0) return "a process cannot be started";
    keeper.first = first;
    keeper.reports = ends[0];
    keeper.first_handle = yett_pidfd_open(first);
    return keeper.first_handle < 0 ? "a process cannot be watched" : NULL;
}

// The one process that is left when the jailer is done; 0 when it is not one.
static pid_t machine_process(void) {
    char path[64], text[256], *end = text;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", keeper.first, keeper.first);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    if (length <= 0) return 0;
    text[length] = '\0';
    long process = strtol(text, &end, 10);
    return process > 1 && strtol(end, NULL, 10) == 0 ? (pid_t)process : 0;
}

// The look from outside at the machine's process, which goes to the gate.
static const char *look(void) {
    char path[48], names[256];
    pid_t process = machine_process();
    if (process == 0) return "Firecracker ended at once";
    struct stat network;
    snprintf(path, sizeof path, "/proc/%d/ns/net", process);
    if (stat(path, &network) != 0) return "Firecracker ended at once";
    if (network.st_ino == keeper.host_network) return "the machine has the host's network";
    if (!read_interfaces(process, names, sizeof names)) return "the machine's interfaces cannot be listed";
    if (strcmp(names, "lo\n") != 0 && names[0] != '\0') return "the machine has a network interface";
    keeper.started = now();
    uint64_t values[yett_started_values] = {network.st_ino, keeper.host_network, keeper.user, wall_microseconds()};
    event_send(keeper.gate, yett_event_started, values, yett_started_values, names, MSG_DONTWAIT);
    return NULL;
}

static void refuse(const char *why) {
    job_refuse(keeper.gate, yett_refusal_set_up, why, 0);
}

// The jailer's first byte says that it is watched, the second how it ended. False when the machine is to end.
static bool hear_report(bool *is_watched) {
    uint8_t code = 0;
    if (read(keeper.reports, &code, 1) != 1) return false;
    if (!*is_watched) {
        *is_watched = true;
        return true;
    }
    close(keeper.reports);
    keeper.reports = -1;
    char said[96];
    snprintf(said, sizeof said, "the jailer ended with the code %u", code);
    const char *wrong = code != 0 ? said : look();
    if (wrong != NULL) refuse(wrong);
    return wrong == NULL;
}

// Waits until the machine is over, or is to be.
static void watch(void) {
    int64_t last = now() + jailing_limit;
    bool is_watched = false;
    keeper.cause = yett_cause_itself;
    while (true) {
        int64_t left = last - now();
        if (left <= 0) {
            keeper.cause = yett_cause_deadline;
            if (keeper.started == 0) refuse("the jailer did not start Firecracker in time");
            return;
        }
        struct pollfd watched[] = {
            {.fd = keeper.gate, .events = POLLIN},
            {.fd = keeper.first_handle, .events = POLLIN},
            {.fd = keeper.reports, .events = POLLIN},
        };
        int milliseconds = left / millisecond + 1 > 1000000 ? 1000000 : (int)(left / millisecond + 1);
        if (poll(watched, 3, milliseconds) <= 0) continue;
        if (watched[2].revents != 0) {
            bool was_started = keeper.started != 0;
            if (!hear_report(&is_watched)) return;
            if (!was_started && keeper.started != 0) last = keeper.started + keeper.life;
        }
        if (watched[0].revents != 0) {
            keeper.cause = yett_cause_asked;
            return;
        }
        if (watched[1].revents != 0) return;
    }
}

static void kill_groups(void) {
    for (size_t index = 0; index < keeper.group_count; index++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/cgroup.kill", keeper.groups[index]);
        int file = open(path, O_WRONLY | O_CLOEXEC);
        if (file < 0) continue;
        (void)!write(file, "1", 1);
        close(file);
    }
}

static bool remove_groups(int64_t last) {
    for (size_t index = 0; index < keeper.group_count; index++)
        while (rmdir(keeper.groups[index]) != 0 && errno != ENOENT) {
            if (now() > last) return false;
            usleep(pause_microseconds);
        }
    return true;
}

// Ends everything; false when something is left. With the namespace's first process the kernel ends all others, and that
// one can be reaped only when none is left.
static bool end(struct rusage *usage) {
    int64_t last = now() + ending_limit;
    bool is_gone = keeper.first == 0;
    if (!is_gone) {
        kill_groups();
        kill(keeper.first, SIGKILL);
    }
    while (!is_gone) {
        pid_t ended = wait4(keeper.first, NULL, WNOHANG, usage);
        is_gone = ended == keeper.first || (ended < 0 && errno == ECHILD);
        if (is_gone) break;
        int64_t left = last - now();
        if (left <= 0) break;
        struct pollfd watched = {.fd = keeper.first_handle, .events = POLLIN};
        poll(&watched, 1, (int)(left / millisecond) + 1);
    }
    // What a process still runs in is not taken from under it.
    return is_gone && remove_groups(last) && yett_remove_tree(keeper.directory);
}

int yett_sandbox_keeper(int count, char **arguments) {
    if (!parse(count, arguments)) {
        fputs("yett-sandbox is started by the gate, not by hand\n", stderr);
        return 125;
    }
    // The gate's end shows on the socket; the thread that started this one may end before.
    prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    syscall(SYS_close_range, (unsigned)keeper.gate + 1, ~0U, 0U);
    if (keeper.gate > 3) syscall(SYS_close_range, 3U, (unsigned)keeper.gate - 1, 0U);
    fcntl(keeper.gate, F_SETFD, FD_CLOEXEC);
    signal(SIGPIPE, SIG_IGN);
    umask(022);
    keeper.reports = keeper.first_handle = -1;
    const char *wrong = chdir("/") != 0 ? "the root directory cannot be entered" : NULL;
    if (wrong == NULL && geteuid() != 0) wrong = "Firecracker's jailer needs root: run the gate as root";
    if (wrong == NULL) wrong = users_open(&keeper.users, keeper.users.first, keeper.users.count);
    if (wrong == NULL) {
        keeper.user = users_take(&keeper.users);
        if (keeper.user == 0) job_refuse(keeper.gate, yett_refusal_busy, "all user ids are in use", 0);
        if (keeper.user != 0) wrong = start();
    }
    if (wrong != NULL) refuse(wrong);
    if (wrong == NULL && keeper.user != 0) watch();
    int64_t decided = now();
    struct rusage usage = {0};
    bool is_clean = end(&usage);
    if (keeper.started == 0) return 0;
    uint64_t used = (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000
                    + (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    uint64_t values[yett_ended_values] = {
        (uint64_t)(is_clean ? keeper.cause : yett_cause_stuck),
        0,
        used,
        0,
        0,
        (uint64_t)(decided - keeper.started) / 1000,
        (uint64_t)(now() - decided) / 1000,
        wall_microseconds(),
    };
    event_send(keeper.gate, yett_event_ended, values, yett_ended_values, "", MSG_DONTWAIT);
    return 0;
}
