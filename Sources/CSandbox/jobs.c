// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#define _GNU_SOURCE
#include "jobs.h"
#include "events.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "CSpawn.h"

static const int64_t second = 1000000000;
// How long bubblewrap may take to set up, and how long dying may take before it is called stuck.
static const int64_t set_up_limit = 10 * 1000000000LL, dying_limit = 10 * 1000000000LL;
static const uint64_t open_files = 256, kernel_open_files = 8192;
// Address space beyond the memory limit, for mappings that are never touched.
static const uint64_t address_slack = 256ULL << 20;

int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * second + time.tv_nsec;
}

uint64_t wall_microseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

static void close_one(int *descriptor) {
    if (*descriptor >= 0) close(*descriptor);
    *descriptor = -1;
}

void job_refuse(int channel, enum yett_refusal kind, const char *what, int error) {
    char text[512];
    snprintf(text, sizeof text, "%s%s%s", what, error != 0 ? ": " : "", error != 0 ? strerror(error) : "");
    uint64_t values[yett_failed_values] = {(uint64_t)kind};
    event_send(channel, yett_event_failed, values, yett_failed_values, text, MSG_DONTWAIT);
}

static const char *step_name(int step) {
    switch (step) {
    case yett_step_groups: return "entering its control groups";
    case yett_step_limits: return "setting resource limits";
    case yett_step_user: return "changing to its user id";
    case yett_step_privileges: return "giving up privileges";
    case yett_step_execute: return "executing bubblewrap";
    case yett_step_descriptors: return "arranging its descriptors";
    default: return "starting a process";
    }
}

static pid_t spawn(struct launcher *launcher, const struct yett_job *wanted, const struct job *job,
                   const int *descriptors, size_t count, const int ends[2], const int *lists, size_t list_count,
                   struct yett_failure *failure) {
    const char *words[yett_job_arguments_limit + 5] = {"bwrap", "--args", "5", "--"};
    memcpy(words + 4, wanted->arguments, (wanted->argument_count + 1) * sizeof words[0]);
    int kept[yett_job_descriptors_limit], targets[yett_job_descriptors_limit];
    size_t kept_count = 0;
    kept[kept_count] = descriptors[4];
    targets[kept_count++] = yett_job_options_target;
    for (int end = 0; end < 2; end++) {
        kept[kept_count] = ends[end];
        targets[kept_count++] = yett_job_information_target + end;
    }
    for (size_t index = yett_job_fixed_descriptors; index < count; index++) {
        kept[kept_count] = descriptors[index];
        targets[kept_count++] = yett_job_data_target + (int)(index - yett_job_fixed_descriptors);
    }
    uint64_t seconds = ((uint64_t)wanted->wall_milliseconds * (wanted->processor_thousandths + 999) / 1000 + 999) / 1000;
    struct yett_resource_limit limits[12] = {
        {RLIMIT_NOFILE, wanted->has_own_kernel ? kernel_open_files : open_files},
        {RLIMIT_FSIZE, wanted->file_bytes},
        {RLIMIT_CPU, seconds + 2},
        {RLIMIT_MEMLOCK, 0},
        {RLIMIT_MSGQUEUE, 0},
        {RLIMIT_RTPRIO, 0},
        {RLIMIT_NICE, 0},
        {RLIMIT_SIGPENDING, 256},
    };
    size_t limit_count = 8;
    if (list_count == 0 && !wanted->has_own_kernel)
        limits[limit_count++] = (struct yett_resource_limit){RLIMIT_AS, wanted->memory_bytes + address_slack};
    // Counted for the user, so only where it is the sandbox's alone; two processes are bubblewrap's.
    if (job->user != 0)
        limits[limit_count++] = (struct yett_resource_limit){RLIMIT_NPROC, (uint64_t)wanted->processes + 2};
    struct yett_spawn order = {
        .executable = launcher->bubblewrap,
        .arguments = words,
        .descriptors = kept,
        .descriptor_count = kept_count,
        .standard = {descriptors[1], descriptors[2], descriptors[3]},
        .changes_user = job->user != 0,
        .user = job->user,
        .group = job->user,
        .targets = targets,
        .groups = lists,
        .group_count = list_count,
        .limits = limits,
        .limit_count = limit_count,
    };
    return yett_spawn(&order, failure);
}

static struct job *free_job(struct launcher *launcher) {
    for (size_t index = 0; index < launcher->jobs_at_once; index++)
        if (launcher->jobs[index].state == job_free) return &launcher->jobs[index];
    return NULL;
}

static void release(struct launcher *launcher, struct job *job) {
    if (job->has_groups) groups_remove(&launcher->groups, &job->groups);
    if (job->user != 0) users_give_back(&launcher->users, job->user);
    memset(job, 0, sizeof *job);
}

// Everything up to the first process; the channel is refused with what went wrong.
static bool begin(struct launcher *launcher, const struct yett_job *wanted, struct job *job, const int *descriptors,
                  size_t count) {
    int channel = descriptors[0];
    if (launcher->changes_users) {
        job->user = users_take(&launcher->users);
        if (job->user == 0) return job_refuse(channel, yett_refusal_busy, "all user ids are in use", 0), false;
    }
    int lists[groups_per_job], list_count = 0;
    if (launcher->groups.kind != yett_groups_none) {
        struct yett_job numbered = *wanted;
        numbered.number = ++launcher->sequence;
        list_count = groups_make(&launcher->groups, &numbered, &job->groups, lists);
        if (list_count < 0)
            return job_refuse(channel, yett_refusal_groups, "making its control groups", errno), false;
        job->has_groups = true;
    } else if (wanted->needs_groups) {
        return job_refuse(channel, yett_refusal_groups, "there are no control groups", 0), false;
    }
    // The reading end of the first and the writing end of the second stay here.
    int information[2] = {-1, -1}, barrier[2] = {-1, -1};
    bool is_good = yett_pipe(information) == 0 && pipe2(barrier, O_CLOEXEC) == 0;
    struct yett_failure failure = {.step = yett_step_descriptors, .error = errno};
    if (is_good) {
        // Bubblewrap writes with patience.
        fcntl(information[1], F_SETFL, 0);
        int ends[2] = {information[1], barrier[0]};
        job->outer = spawn(
            launcher, wanted, job, descriptors, count, ends, lists, (size_t)list_count, &failure);
        is_good = job->outer > 0;
    }
    for (int index = 0; index < list_count; index++) close(lists[index]);
    close_one(&information[1]);
    close_one(&barrier[0]);
    if (!is_good) {
        close_one(&information[0]);
        close_one(&barrier[1]);
        job_refuse(channel, yett_refusal_set_up, step_name(failure.step), failure.error);
        return false;
    }
    job->information = information[0];
    job->barrier = barrier[1];
    return true;
}

void job_start(struct launcher *launcher, const struct yett_job *wanted, int *descriptors, size_t count) {
    struct job *job = free_job(launcher);
    bool is_started = false;
    if (job == NULL) {
        job_refuse(descriptors[0], yett_refusal_busy, "as many sandboxes run as may", 0);
    } else {
        memset(job, 0, sizeof *job);
        job->inner_handle = job->information = job->barrier = -1;
        is_started = begin(launcher, wanted, job, descriptors, count);
        if (!is_started) release(launcher, job);
    }
    if (is_started) {
        job->state = job_setting_up;
        job->channel = descriptors[0];
        job->wall_milliseconds = wanted->wall_milliseconds;
        job->processes = wanted->processes;
        job->deadline = now() + set_up_limit;
    }
    for (size_t index = is_started ? 1 : 0; index < count; index++) close(descriptors[index]);
}

bool read_interfaces(pid_t process, char *names, size_t capacity) {
    char path[48], text[4096];
    snprintf(path, sizeof path, "/proc/%d/net/dev", process);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    if (length <= 0 || length == (ssize_t)sizeof text - 1) return false;
    text[length] = '\0';
    return yett_interface_names(text, names, capacity);
}

// The last look from outside, then the code starts.
static const char *let_go(struct launcher *launcher, struct job *job, uint64_t network) {
    char names[256];
    if (network == launcher->host_network) return "the sandbox has the host's network";
    if (!read_interfaces(job->inner, names, sizeof names)) return "the sandbox's interfaces cannot be listed";
    if (strcmp(names, "lo\n") != 0 && names[0] != '\0') return "the sandbox has a network interface";
    // Within a user namespace of its own the kernel counts its processes apart; one of them is bubblewrap's.
    struct rlimit processes = {job->processes + 1, job->processes + 1};
    if (job->user == 0 && prlimit(job->inner, RLIMIT_NPROC, &processes, NULL) != 0)
        return "the number of its processes cannot be limited";
    job->started = now();
    job->deadline = job->started + (int64_t)job->wall_milliseconds * 1000000;
    job->state = job_running;
    uint64_t values[yett_started_values] = {network, launcher->host_network, job->user, wall_microseconds()};
    event_send(job->channel, yett_event_started, values, yett_started_values, names, MSG_DONTWAIT);
    if (write(job->barrier, "x", 1) != 1) return "the sandbox ended early";
    return NULL;
}

void job_hear(struct launcher *launcher, struct job *job) {
    ssize_t count = read(job->information, job->text + job->text_length, sizeof job->text - 1 - job->text_length);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    bool is_over = count <= 0;
    if (count > 0) job->text_length += (size_t)count;
    job->text[job->text_length] = '\0';
    bool is_whole = strchr(job->text, '}') != NULL;
    if (!is_over && !is_whole && job->text_length + 1 < sizeof job->text) return;
    close_one(&job->information);
    if (job->state != job_setting_up) return;
    uint64_t process = 0, network = 0;
    const char *wrong = NULL;
    if (!is_whole || !yett_information_number(job->text, "child-pid", &process) || process < 2 || process > 1 << 30
        || !yett_information_number(job->text, "net-namespace", &network)) {
        // It has said on its standard error why; its end is reaped soon.
        if (is_over) return;
        wrong = "bubblewrap does not describe the sandbox; version 0.8 or newer is needed";
    } else {
        job->inner = (pid_t)process;
        job->inner_handle = yett_pidfd_open(job->inner);
        wrong = job->inner_handle < 0 ? "the sandbox ended early" : let_go(launcher, job, network);
    }
    if (wrong == NULL) return;
    job->started = 0;
    job_refuse(job->channel, yett_refusal_network, wrong, 0);
    close_one(&job->channel);
    job_end(launcher, job, yett_cause_stuck);
}

void job_end(struct launcher *launcher, struct job *job, enum yett_cause cause) {
    if (job->state == job_dying) return;
    job->state = job_dying;
    job->cause = cause;
    job->decided = now();
    job->deadline = job->decided + dying_limit;
    if (job->has_groups) groups_kill(&launcher->groups, &job->groups);
    if (job->inner_handle >= 0) yett_pidfd_signal(job->inner_handle, SIGKILL);
    if (!job->is_outer_gone) kill(job->outer, SIGKILL);
}

// The sandbox's first process, too, is this process's child once bubblewrap has ended; it is the last of them.
static void look_for_inner(struct job *job) {
    if (job->inner_handle < 0 || job->is_inner_gone || !job->is_outer_gone) return;
    siginfo_t information = {0};
    if (waitid(P_PIDFD, (id_t)job->inner_handle, &information, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD)
        job->is_inner_gone = true;
}

static struct job *find(struct launcher *launcher, pid_t process, bool is_outer) {
    for (size_t index = 0; index < launcher->jobs_at_once; index++) {
        struct job *job = &launcher->jobs[index];
        if (job->state == job_free) continue;
        if (is_outer ? job->outer == process && !job->is_outer_gone : job->inner == process && !job->is_inner_gone)
            return job;
    }
    return NULL;
}

void job_reaped(struct launcher *launcher, pid_t process, int status, int64_t processor_microseconds, int64_t memory) {
    bool is_outer = true;
    struct job *job = find(launcher, process, true);
    if (job == NULL) {
        is_outer = false;
        job = find(launcher, process, false);
    }
    if (job == NULL) return;
    job->processor_microseconds += processor_microseconds;
    if (job->peak_memory < memory) job->peak_memory = memory;
    if (is_outer) {
        job->is_outer_gone = true;
        job->status = status;
        job_end(launcher, job, yett_cause_itself);
    } else {
        job->is_inner_gone = true;
    }
}

// A sandbox whose bubblewrap was killed before it named the first process: that one is a child of this process now, and
// of no job's. Returns whether there was one.
static bool kill_strangers(struct launcher *launcher) {
    char path[64], text[8192];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    if (length <= 0) return false;
    text[length] = '\0';
    bool is_found = false;
    char *end = text;
    for (long process = strtol(text, &end, 10); process > 0; process = strtol(end, &end, 10)) {
        if (find(launcher, (pid_t)process, true) != NULL || find(launcher, (pid_t)process, false) != NULL) continue;
        kill((pid_t)process, SIGKILL);
        is_found = true;
    }
    return is_found;
}

static bool is_barrier_untouched(const struct job *job) {
    int unread = 0;
    return job->barrier >= 0 && ioctl(job->barrier, FIONREAD, &unread) == 0 && unread > 0;
}

static void report(struct job *job) {
    if (job->channel < 0) return;
    if (job->started == 0 || (job->cause == yett_cause_itself && is_barrier_untouched(job))) {
        const char *why = job->cause == yett_cause_itself   ? "bubblewrap ended before the code started"
                          : job->cause == yett_cause_asked  ? "the run was cut before the code started"
                                                            : "setting up the sandbox took too long";
        bool is_cut = job->cause == yett_cause_asked;
        job_refuse(job->channel, is_cut ? yett_refusal_cut : yett_refusal_set_up, why, 0);
        return;
    }
    uint64_t values[yett_ended_values] = {
        (uint64_t)job->cause,
        (uint64_t)job->status,
        (uint64_t)job->processor_microseconds,
        job->groups.peak_memory != 0 ? job->groups.peak_memory : (uint64_t)job->peak_memory,
        job->groups.memory_kills,
        (uint64_t)(job->decided - job->started) / 1000,
        (uint64_t)(now() - job->decided) / 1000,
        wall_microseconds(),
    };
    event_send(job->channel, yett_event_ended, values, yett_ended_values, "", MSG_DONTWAIT);
}

void job_tick(struct launcher *launcher, struct job *job) {
    if (job->state == job_free) return;
    bool is_late = now() >= job->deadline;
    if (job->state != job_dying) {
        if (is_late) job_end(launcher, job, job->state == job_running ? yett_cause_deadline : yett_cause_stuck);
        return;
    }
    look_for_inner(job);
    bool is_gone = job->is_outer_gone && (job->inner_handle < 0 ? !kill_strangers(launcher) : job->is_inner_gone);
    if (is_gone && job->has_groups) {
        groups_count(&launcher->groups, &job->groups);
        is_gone = groups_remove(&launcher->groups, &job->groups);
    }
    if (!is_gone && !is_late) return;
    if (!is_gone) job->cause = yett_cause_stuck;
    report(job);
    close_one(&job->channel);
    close_one(&job->information);
    close_one(&job->barrier);
    close_one(&job->inner_handle);
    // An id that something may still bear is never given out again.
    if (!is_gone) job->user = 0;
    release(launcher, job);
}
