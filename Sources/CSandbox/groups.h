// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Control groups, of whichever version lets itself be used: found by trying.
#ifndef YETT_GROUPS_H
#define YETT_GROUPS_H

#include "CSandbox.h"

enum { groups_per_job = 4 };

// Directories of the launcher's own, in which each job gets one: three controllers of version 1 and the unified
// hierarchy for its kill, or that one alone.
struct groups {
    int kind;                        // enum yett_groups_kind
    bool is_atomic;                  // cgroup.kill is there
    int bases[groups_per_job];       // descriptors, -1 where there is none
    int parents[groups_per_job];
    int above[groups_per_job];
};

// The groups of one job.
struct job_groups {
    int directories[groups_per_job];
    char name[24];
    uint64_t memory_kills;
    uint64_t peak_memory;
};

// Nothing is open, so that closing does nothing.
void groups_clear(struct groups *groups);
// Finds what can be used; removes what launchers left that are no more.
void groups_open(struct groups *groups);
void groups_close(struct groups *groups);

// Makes a job's groups with its limits; `lists` receives descriptors of the lists of processes, to close by the caller.
// Returns their number, or -1 when the limits are not in force, and then leaves nothing.
int groups_make(const struct groups *groups, const struct yett_job *job, struct job_groups *made, int *lists);
// Kills everything inside, where the kernel can.
void groups_kill(const struct groups *groups, const struct job_groups *made);
// Reads what was used up.
void groups_count(const struct groups *groups, struct job_groups *made);
// Removes the groups; false while something is in them.
bool groups_remove(const struct groups *groups, struct job_groups *made);

#endif
