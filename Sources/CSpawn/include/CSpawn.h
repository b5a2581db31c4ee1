// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Starting processes and holding on to them: what the launcher and the sandboxes share.
#ifndef YETT_CSPAWN_H
#define YETT_CSPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// A host path that root prepares for a launch under another user id: cloned, mapped to that id, attached at `target`.
struct yett_mount {
    const char *source;   // absolute, free of symbolic links
    const char *target;   // where it is attached, below the stage
    uint64_t device;      // of `source` when it was judged; another one now is refused
    uint64_t inode;
    uint32_t owner;       // the on-disk user id that becomes the launch user
    uint32_t group;       // the on-disk group id that becomes the launch group
    bool is_directory;
    bool needs_map;       // false when anybody may use it, should its file system have no mapped mounts
};

// One of `setrlimit`'s resources, and what it is limited to.
struct yett_resource_limit {
    int resource;
    uint64_t value;
};

// A child to start from an open executable, with an empty environment and only the listed descriptors.
struct yett_spawn {
    int executable;
    const char *const *arguments;   // NULL-terminated
    const int *descriptors;         // all above 2; their numbers are kept unless there are targets
    size_t descriptor_count;
    int standard[3];                // become 0, 1, 2
    bool changes_user;
    uint32_t user;
    uint32_t group;
    const char *stage;              // directory under which mounts are prepared, or NULL
    const struct yett_mount *mounts;
    size_t mount_count;
    const int *targets;             // the numbers that `descriptors` get, all from 3 to 127; NULL keeps theirs
    const int *groups;              // control groups' lists of processes, open for writing: the child enters each
    size_t group_count;
    const struct yett_resource_limit *limits;
    size_t limit_count;
};

enum yett_step {
    yett_step_none = 0,
    yett_step_fork,
    yett_step_descriptors,
    yett_step_mount_namespace,
    yett_step_stage,
    yett_step_source,
    yett_step_source_changed,
    yett_step_identity_map,
    yett_step_idmapped_mount,
    yett_step_user,
    yett_step_privileges,
    yett_step_execute,
    yett_step_groups,
    yett_step_limits,
};

// Why a child did not start: the step, the error number, the index of the mount it concerns (or -1).
struct yett_failure {
    int step;
    int error;
    int mount;
};

// Starts a child; returns its process id once it has executed, or -1 with `failure` filled.
pid_t yett_spawn(const struct yett_spawn *spawn, struct yett_failure *failure);

// Opens `path` without following any symbolic link; -1 and errno (ELOOP for a link) otherwise.
int yett_open_path(const char *path);

// A close-on-exec memory file for data that a child reads, or -1.
int yett_memory_file(const char *name);

// The same, whose content can be fixed later by `yett_seal`.
int yett_sealable_memory_file(const char *name);
// Nobody can change the file from now on, nor let it grow or shrink; 0 or -1.
int yett_seal(int descriptor);

// A pipe whose ends neither block nor survive exec.
int yett_pipe(int ends[2]);

// One message with descriptors; its length, or -1.
ssize_t yett_send_descriptors(int socket, const void *bytes, size_t length, const int *descriptors, size_t count);

int yett_pidfd_open(pid_t process);
int yett_pidfd_signal(int pidfd, int signal);
int yett_become_subreaper(void);
// Waits for `process`; fills the exit code and the ending signal. 1 when ended, 0 when still running, -1 when no child.
int yett_wait(pid_t process, bool blocks, int *code, int *signal);

#endif
