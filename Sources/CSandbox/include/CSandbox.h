// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// The sandboxes' launcher: its messages, and the program itself.
//
// The gate talks to it over a sequenced-packet socket. Every message of the gate is one job with its descriptors; the
// first of them is a socket of that job's own, on which the launcher answers and which the gate closes to end the job.
#ifndef YETT_CSANDBOX_H
#define YETT_CSANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    yett_job_magic = 0x594a4f42,
    yett_job_header_bytes = 56,
    yett_job_bytes_limit = 128 << 10,
    yett_job_arguments_limit = 1024,
    // The job's socket, standard input, output and error, bubblewrap's options; then data.
    yett_job_fixed_descriptors = 5,
    yett_job_descriptors_limit = 80,
    // What the numbers in bubblewrap's options refer to.
    yett_job_options_target = 5,
    yett_job_information_target = 6,
    yett_job_barrier_target = 7,
    yett_job_data_target = 8,
    yett_job_needs_groups = 1,
    // What runs is a kernel of its own: it holds its code to limits itself, and needs room for that.
    yett_job_own_kernel = 2,
    yett_event_bytes_limit = 1024,
};

// A job as the gate sends it, numbers in little-endian order at these offsets:
//   0 magic (4), 4 length of all (4), 8 number (8), 16 wall milliseconds (4), 20 processor thousandths (4),
//   24 memory bytes (8), 32 processes (4), 36 descriptors (4), 40 bytes of a file (8), 48 flags (4), 52 arguments (4),
//   56 arguments, each ended by a zero byte; the first is an absolute path.
struct yett_job {
    uint64_t number;
    uint32_t wall_milliseconds;
    uint32_t processor_thousandths;
    uint64_t memory_bytes;
    uint32_t processes;
    uint64_t file_bytes;
    bool needs_groups;
    bool has_own_kernel;
    size_t argument_count;
    const char *arguments[yett_job_arguments_limit + 1];   // into the message, NULL-terminated
};

// Reads a job. The message must stay; NULL when it is one, otherwise what is wrong with it.
const char *yett_job_parse(const uint8_t *bytes, size_t length, size_t descriptors, struct yett_job *job);

// What the launcher says: a kind, a number of values of eight bytes in little-endian order, and text to the end.
enum yett_event {
    // Once on the gate's socket: version, changes users, group kind, atomic kill, user ids; text: bubblewrap's path.
    yett_event_ready = 'H',
    // Once on the gate's socket instead: text: why nothing can be started here, and what to do.
    yett_event_useless = 'X',
    // The code starts: network namespace, the host's, user id, microseconds of the clock; text: interfaces, by lines.
    yett_event_started = 'S',
    // All is over: cause, exit status, processor microseconds, peak memory, memory kills, microseconds from the start
    // to the cause, from there to the end, microseconds of the clock at the end.
    yett_event_ended = 'E',
    // The code did not start: kind; text: why.
    yett_event_failed = 'F',
};
enum { yett_ready_values = 5, yett_started_values = 4, yett_ended_values = 8, yett_failed_values = 1 };
enum yett_cause { yett_cause_itself = 0, yett_cause_deadline = 1, yett_cause_asked = 2, yett_cause_stuck = 3 };
enum yett_refusal {
    yett_refusal_malformed = 0,
    yett_refusal_busy = 1,
    yett_refusal_set_up = 2,
    yett_refusal_network = 3,
    yett_refusal_groups = 4,
    yett_refusal_cut = 5,
};
enum yett_groups_kind { yett_groups_none = 0, yett_groups_v1 = 1, yett_groups_v2 = 2 };

// Where in bubblewrap's words about the sandbox the value of a key stands; false unless it is a whole number.
bool yett_information_number(const char *text, const char *key, uint64_t *value);

// The names of the interfaces in a text like `/proc/net/dev`, by lines; false when they do not fit or it is no such text.
bool yett_interface_names(const char *text, char *names, size_t capacity);

// Removes the directories that launchers share where they are empty; what is in use stays. For the gate, whose rights
// the launcher has given up.
void yett_groups_tidy(void);

// The program. Arguments: the gate's socket, first user id, how many, how many jobs at once, bubblewrap's path or `-`.
int yett_sandbox_launcher(int count, char **arguments);

// The program in its other form, which keeps one virtual machine whose own jailer needs root: it starts that in empty
// namespaces, and when the machine ends, is to end, or the gate has gone, it ends everything and removes what the jailer
// leaves. Arguments: `keep`, the gate's socket, the most milliseconds to live, the first user id, how many, the machine's
// directory, its control groups, `--`, the jailer's path, its arguments but the user. It says what launchers say of jobs.
int yett_sandbox_keeper(int count, char **arguments);

// Removes a directory with everything in it, however deep, without following a link or leaving it; false when something
// is left.
bool yett_remove_tree(const char *path);

// Connects to a socket in a directory that a jailed process can change, without following a link. Returns a descriptor
// that does not block, or -1: EPERM says that it is no socket of that user's, or somebody else listens on it.
int yett_connect_jailed(int directory, const char *name, uint32_t user, pid_t *process);

// How many thousand times in a second the processor's time stamp grows; 0 where there is none. Takes 10 ms.
uint32_t yett_timestamp_kilohertz(void);

// How the machine runs a virtual processor's most privileged mode.
enum yett_virtualization {
    yett_virtualization_none = 0,      // there is no device for it, or it does not let itself be used
    yett_virtualization_hardware = 1,
    yett_virtualization_slow = 2,      // it is emulated, as in a machine that is virtual itself
};
// Finds out by running a short loop in one. Takes 30 ms at most where it is emulated; `error` says what failed otherwise.
enum yett_virtualization yett_virtualization_probe(int *error);

#endif
