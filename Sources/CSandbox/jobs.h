// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Jobs: one sandbox each, from its first process to its last.
#ifndef YETT_JOBS_H
#define YETT_JOBS_H

#include "groups.h"
#include "users.h"

#include <sys/types.h>

enum { jobs_limit = 256 };

enum job_state { job_free = 0, job_setting_up, job_running, job_dying };

struct job {
    enum job_state state;
    int channel;                     // the gate's end is closed, or asks, to end the job
    pid_t outer;                     // bubblewrap
    pid_t inner;                     // the first process of the sandbox; 0 while unknown
    int inner_handle;
    bool is_outer_gone;
    bool is_inner_gone;
    int status;                      // bubblewrap's exit status
    int information;                 // where bubblewrap names the first process
    int barrier;                     // what the sandbox waits for before it runs the code
    char text[2048];
    size_t text_length;
    uint32_t user;
    bool has_groups;
    struct job_groups groups;
    uint32_t wall_milliseconds;
    uint32_t processes;
    int64_t deadline;                // nanoseconds of the monotonic clock
    int64_t started;                 // likewise; 0 before the code starts
    int64_t decided;                 // likewise: when it ended by itself, or was to end
    enum yett_cause cause;
    int64_t processor_microseconds;
    int64_t peak_memory;
};

struct launcher {
    struct groups groups;
    struct users users;
    bool changes_users;
    int bubblewrap;
    uint64_t host_network;
    uint64_t sequence;
    size_t jobs_at_once;
    struct job jobs[jobs_limit];
};

// Nanoseconds of the monotonic clock.
int64_t now(void);
// Microseconds since 1970.
uint64_t wall_microseconds(void);
// The interfaces of a process's network, by lines; false when they cannot be listed or do not fit.
bool read_interfaces(pid_t process, char *names, size_t capacity);

// Starts what the message asks for; the descriptors are the callee's.
void job_start(struct launcher *launcher, const struct yett_job *wanted, int *descriptors, size_t count);
// Says on the channel why a job does not run.
void job_refuse(int channel, enum yett_refusal kind, const char *what, int error);
// Bubblewrap wrote about the sandbox.
void job_hear(struct launcher *launcher, struct job *job);
// Decides that the job is over, and kills it.
void job_end(struct launcher *launcher, struct job *job, enum yett_cause cause);
// A child was reaped.
void job_reaped(struct launcher *launcher, pid_t process, int status, int64_t processor_microseconds, int64_t memory);
// Does what time asks for; afterwards the job may be free.
void job_tick(struct launcher *launcher, struct job *job);

#endif
