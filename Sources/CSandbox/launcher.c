// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// The launcher's loop. One thread, an empty environment, no privilege but those that starting and ending a sandbox under
// a user id of its own takes. It ends with the gate, and everything that it has started with it.
#define _GNU_SOURCE
#include "events.h"
#include "jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "CSpawn.h"

enum { version = 1, capability_words = 2 };

static struct launcher launcher;
static uint8_t message[yett_job_bytes_limit];

static int useless(int gate, const char *why) {
    groups_close(&launcher.groups);
    event_send(gate, yett_event_useless, NULL, 0, why, 0);
    return 1;
}

// Root keeps what changing to another user and ending its processes takes, and nothing else.
static const char *reduce_privileges(void) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "no_new_privs cannot be set";
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    if (geteuid() != 0) return getuid() == geteuid() ? NULL : "the launcher must not be installed set-user-id";
    static const int kept[] = {CAP_SETUID, CAP_SETGID, CAP_KILL};
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[capability_words];
    if (syscall(SYS_capget, &header, data) != 0) return "capabilities cannot be read";
    uint32_t wanted = 0;
    for (size_t index = 0; index < sizeof kept / sizeof kept[0]; index++) wanted |= 1U << kept[index];
    if ((data[0].permitted & wanted) != wanted)
        return "it runs as root without CAP_SETUID, CAP_SETGID and CAP_KILL: sandboxes never run as user 0; "
               "run the gate with them, or as an ordinary user";
    for (int capability = 0; capability < 64; capability++) {
        if (capability < 32 && (wanted >> capability & 1) != 0) continue;
        // Those that the kernel does not know are refused, and so are all without CAP_SETPCAP.
        prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    }
    memset(data, 0, sizeof data);
    data[0].permitted = data[0].effective = wanted;
    return syscall(SYS_capset, &header, data) == 0 ? NULL : "capabilities cannot be given up";
}

static void keep_only(int gate) {
    // A gate that was started without them leaves these free, and they must not become something else.
    for (int index = 0; index < 3; index++)
        if (fcntl(index, F_GETFD) < 0) (void)!open("/dev/null", O_RDWR);
    if (gate > 3) syscall(SYS_close_range, 3U, (unsigned)gate - 1, 0U);
    syscall(SYS_close_range, (unsigned)gate + 1, ~0U, 0U);
    fcntl(gate, F_SETFD, FD_CLOEXEC);
}

static int find_bubblewrap(const char *given, char *path, size_t capacity) {
    const char *const candidates[] = {"/usr/bin/bwrap", "/usr/local/bin/bwrap", NULL};
    const char *const only[] = {given, NULL};
    const char *const *list = strcmp(given, "-") == 0 ? candidates : only;
    for (; *list != NULL; list++) {
        int file = open(*list, O_RDONLY | O_CLOEXEC);
        if (file < 0) continue;
        struct stat status;
        // Its set-id form would act for root where this program has just given that up.
        if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & (S_ISUID | S_ISGID)) == 0) {
            snprintf(path, capacity, "%s", *list);
            return file;
        }
        close(file);
    }
    return -1;
}

static size_t receive(int gate, int *descriptors, ssize_t *length) {
    union {
        struct cmsghdr alignment;
        char space[CMSG_SPACE(yett_job_descriptors_limit * sizeof(int))];
    } ancillary;
    struct iovec part = {.iov_base = message, .iov_len = sizeof message};
    struct msghdr whole = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &ancillary, .msg_controllen = sizeof ancillary};
    do *length = recvmsg(gate, &whole, MSG_CMSG_CLOEXEC);
    while (*length < 0 && errno == EINTR);
    size_t count = 0;
    if (*length < 0) return 0;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&whole); header != NULL; header = CMSG_NXTHDR(&whole, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t more = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        if (more > yett_job_descriptors_limit - count) more = yett_job_descriptors_limit - count;
        memcpy(descriptors + count, CMSG_DATA(header), more * sizeof(int));
        count += more;
    }
    // What was cut off is not a job; the parser refuses the number of descriptors that no message has.
    if ((whole.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) *length = 1;
    return count;
}

// False when the gate has gone.
static bool serve(int gate) {
    int descriptors[yett_job_descriptors_limit];
    ssize_t length = 0;
    size_t count = receive(gate, descriptors, &length);
    if (length <= 0) return false;
    static struct yett_job job;
    const char *wrong = yett_job_parse(message, (size_t)length, count, &job);
    struct stat status;
    if (wrong == NULL && (fstat(descriptors[0], &status) != 0 || !S_ISSOCK(status.st_mode)))
        wrong = "the first descriptor is no socket";
    if (wrong == NULL) {
        job_start(&launcher, &job, descriptors, count);
        return true;
    }
    if (count > 0) job_refuse(descriptors[0], yett_refusal_malformed, wrong, 0);
    for (size_t index = 0; index < count; index++) close(descriptors[index]);
    return true;
}

static void reap(int signals) {
    struct signalfd_siginfo information;
    while (read(signals, &information, sizeof information) > 0) continue;
    while (true) {
        int status = 0;
        struct rusage usage;
        pid_t process = wait4(-1, &status, WNOHANG, &usage);
        if (process <= 0) return;
        int64_t used = ((int64_t)usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + usage.ru_utime.tv_usec
                       + usage.ru_stime.tv_usec;
        job_reaped(&launcher, process, status, used, (int64_t)usage.ru_maxrss * 1024);
    }
}

static void hear_channel(struct job *job) {
    char byte;
    ssize_t count = recv(job->channel, &byte, 1, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    job_end(&launcher, job, yett_cause_asked);
}

// One turn: waits for something to happen, or until something is due. False when nothing is left to do.
static bool turn(int *gate, int signals) {
    enum { fixed = 2 };
    struct pollfd watched[fixed + 2 * jobs_limit];
    struct job *owners[fixed + 2 * jobs_limit];
    watched[0] = (struct pollfd){.fd = *gate, .events = POLLIN};
    watched[1] = (struct pollfd){.fd = signals, .events = POLLIN};
    nfds_t count = fixed;
    int64_t due = INT64_MAX;
    size_t live = 0;
    for (size_t index = 0; index < launcher.jobs_at_once; index++) {
        struct job *job = &launcher.jobs[index];
        if (job->state == job_free) continue;
        live++;
        if (job->deadline < due) due = job->deadline;
        // The kernel says nothing when a group becomes empty, so a dying job is looked at again soon.
        int64_t soon = now() + 2000000;
        if (job->state == job_dying && soon < due) due = soon;
        owners[count] = job;
        watched[count++] = (struct pollfd){.fd = job->information, .events = POLLIN};
        owners[count] = job;
        watched[count++] = (struct pollfd){.fd = job->state == job_dying ? -1 : job->channel, .events = POLLIN};
    }
    if (*gate < 0 && live == 0) return false;
    struct timespec wait = {0};
    if (due != INT64_MAX) {
        int64_t left = due - now();
        if (left > 0) wait = (struct timespec){.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
    }
    if (ppoll(watched, count, due != INT64_MAX ? &wait : NULL, NULL) > 0) {
        if (watched[0].revents != 0 && !serve(*gate)) {
            close(*gate);
            *gate = -1;
            for (size_t index = 0; index < launcher.jobs_at_once; index++)
                if (launcher.jobs[index].state != job_free)
                    job_end(&launcher, &launcher.jobs[index], yett_cause_asked);
        }
        if (watched[1].revents != 0) reap(signals);
        for (nfds_t index = fixed; index + 1 < count; index += 2) {
            struct job *job = owners[index];
            if (watched[index].revents != 0 && job->information >= 0) job_hear(&launcher, job);
            if (watched[index + 1].revents != 0 && job->channel >= 0 && job->state != job_dying) hear_channel(job);
        }
    }
    for (size_t index = 0; index < launcher.jobs_at_once; index++) job_tick(&launcher, &launcher.jobs[index]);
    return true;
}

static uint64_t number(const char *text, uint64_t most) {
    char *end = NULL;
    unsigned long long value = strtoull(text, &end, 10);
    return end != text && *end == '\0' && value <= most ? value : 0;
}

int yett_sandbox_launcher(int count, char **arguments) {
    int gate = count == 6 ? (int)number(arguments[1], 1 << 20) : 0;
    if (gate < 3) {
        fputs("yett-sandbox is started by the gate, not by hand\n", stderr);
        return 125;
    }
    // The gate's end shows on the socket; the thread that started this one may end before.
    prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
    keep_only(gate);
    umask(077);
    groups_clear(&launcher.groups);
    if (chdir("/") != 0) return useless(gate, "the root directory cannot be entered");
    launcher.jobs_at_once = (size_t)number(arguments[4], jobs_limit);
    if (launcher.jobs_at_once == 0) return useless(gate, "the number of jobs is not from 1 to 256");
    // The directory at a hierarchy's root is closed even to root without the rights that are given up next.
    groups_open(&launcher.groups);
    const char *wrong = reduce_privileges();
    if (wrong != NULL) return useless(gate, wrong);
    launcher.changes_users = geteuid() == 0;
    uint64_t first = number(arguments[2], 1 << 30), ids = number(arguments[3], users_limit);
    if (launcher.changes_users) wrong = users_open(&launcher.users, (uint32_t)first, (size_t)ids);
    if (wrong != NULL) return useless(gate, wrong);
    char path[256] = "";
    launcher.bubblewrap = find_bubblewrap(arguments[5], path, sizeof path);
    if (launcher.bubblewrap < 0) return useless(gate, "bubblewrap is not installed: apt-get install bubblewrap");
    struct stat network;
    if (stat("/proc/self/ns/net", &network) != 0) return useless(gate, "/proc is not there, or shows no namespaces");
    launcher.host_network = network.st_ino;
    if (yett_become_subreaper() != 0) return useless(gate, "it cannot become a reaper of orphans");
    // Jobs hold several descriptors each.
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_SETMASK, &children, NULL);
    signal(SIGPIPE, SIG_IGN);
    int signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0) return useless(gate, "signals cannot be read");

    uint64_t values[yett_ready_values] = {
        version, launcher.changes_users, (uint64_t)launcher.groups.kind, launcher.groups.is_atomic,
        launcher.changes_users ? ids : 0,
    };
    event_send(gate, yett_event_ready, values, yett_ready_values, path, 0);
    while (turn(&gate, signals)) continue;
    groups_close(&launcher.groups);
    return 0;
}
