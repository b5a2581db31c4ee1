// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#ifndef YETT_WASM_WORKER_H
#define YETT_WASM_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "frames.h"

enum { exit_usage = 64, exit_engine = 69, exit_host_gone = 4 };

// How a worker was started.
struct start {
    const char *library;        // the engine, or the interpreter's program
    const char *scratch;        // a directory that the program may use, or NULL
    int precompiled;            // a descriptor of native code that the starter vouches for, or -1
    bool counts_fuel;
};

// Loads the engine, confines itself, reads one job and runs it.
int worker(const struct start *start);

// The same with an interpreter in a child process.
int interpreter(const struct start *start);

// Translates a module into native code for workers with the same engine.
int compile(const char *library, const char *module, const char *output);

// Says which engine the library holds.
int version(const char *library);

// Ends the process with its parent, drops what was inherited, and forbids new privileges and core dumps.
bool confine_process(int keep);

// Bounds what this process can use: memory that can be written, and seconds of the processor.
bool confine_resources(uint64_t data_bytes, uint64_t seconds);

// Leaves all threads only the calls that the engine needs; any other kills the process.
bool confine_calls(bool may_translate, bool has_scratch);

// Refuses an interpreter's process what it never needs: sockets, other processes and the like.
bool confine_interpreter(void);

// A thread that ends the process when the other side is gone, or at the deadline.
bool watch_begin(void (*at_deadline)(void));
void watch_deadline(uint64_t microseconds);

// Puts the job's files below the scratch directory; false when one cannot be.
bool files_write(const char *scratch, const struct job *job);

uint64_t now_microseconds(void);

#endif
