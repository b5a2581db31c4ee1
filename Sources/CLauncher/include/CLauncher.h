// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// What the launcher needs from C besides starting processes: descriptor passing, signals, seccomp programs.
#ifndef YETT_CLAUNCHER_H
#define YETT_CLAUNCHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "CSpawn.h"

// Writes the compiled allow-list of system calls; 0 or a negative error number.
int yett_seccomp_write_calls(int descriptor);
// Writes the compiled allow-list for generated code, which is much shorter: no sockets, few requests to devices.
int yett_seccomp_write_generated_code(int descriptor);
// Writes the compiled rules on arguments (socket families, clone flags, set-id bits, terminal injection).
int yett_seccomp_write_arguments(int descriptor);

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

// Binds and listens on an abstract Unix socket of this name; the descriptor or -1.
int yett_abstract_listener(const char *name, size_t length);
// Gives the file behind an O_PATH descriptor to another user; 0 or -1.
int yett_give_file(int descriptor, uint32_t user, uint32_t group);
// The version of Landlock's interface that the kernel has; 0 when it has none.
int yett_landlock_version(void);
// Takes an exclusive lock on an open file without waiting; 0 or -1.
int yett_lock(int descriptor);

#endif
