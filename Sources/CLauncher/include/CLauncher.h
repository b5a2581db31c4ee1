// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// What the launcher needs from C: work between fork and exec, descriptor passing, signals, seccomp programs.
#ifndef YETT_CLAUNCHER_H
#define YETT_CLAUNCHER_H

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

// A child to start from an open executable, with an empty environment and only the listed descriptors.
struct yett_spawn {
    int executable;
    const char *const *arguments;   // NULL-terminated
    const int *descriptors;         // kept at their numbers, all above 2
    size_t descriptor_count;
    int standard[3];                // become 0, 1, 2
    bool changes_user;
    uint32_t user;
    uint32_t group;
    const char *stage;              // directory under which mounts are prepared, or NULL
    const struct yett_mount *mounts;
    size_t mount_count;
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

// Writes the compiled allow-list of system calls; 0 or a negative error number.
int yett_seccomp_write_calls(int descriptor);
// Writes the compiled rules on arguments (socket families, clone flags, set-id bits, terminal injection).
int yett_seccomp_write_arguments(int descriptor);

// A pipe whose ends neither block nor survive exec.
int yett_pipe(int ends[2]);

// A connected pair of sequenced-packet sockets; the first tells the sender's process id on receipt.
int yett_control_pair(int pair[2]);

// One message from the inside. Returns its length, 0 at the end, -1 on error. `process` is the sender as seen here.
ssize_t yett_control_receive(int control, char *bytes, size_t capacity, int descriptors[2], int *descriptor_count,
                             pid_t *process);

// Catches the signals that a launch forwards and returns a descriptor from which their numbers are read, one byte each.
// The calling thread takes them; the same thread must close. -1 with EBUSY when a launch of this process already does.
int yett_signals_open(void);
void yett_signals_close(void);
// Stops this process as the terminal asked for.
void yett_stop_self(void);

int yett_pidfd_open(pid_t process);
int yett_pidfd_signal(int pidfd, int signal);
int yett_become_subreaper(void);
// Waits for `process`; fills the exit code and the ending signal. 1 when ended, 0 when still running, -1 when no child.
int yett_wait(pid_t process, bool blocks, int *code, int *signal);

// Binds and listens on an abstract Unix socket of this name; the descriptor or -1.
int yett_abstract_listener(const char *name, size_t length);
// Gives the file behind an O_PATH descriptor to another user; 0 or -1.
int yett_give_file(int descriptor, uint32_t user, uint32_t group);
// The version of Landlock's interface that the kernel has; 0 when it has none.
int yett_landlock_version(void);
// Takes an exclusive lock on an open file without waiting; 0 or -1.
int yett_lock(int descriptor);

#endif
