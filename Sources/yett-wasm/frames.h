// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Between the worker and the process that started it. The worker reads one job from descriptor 0, which stays open until
// it is done: its end means that nobody waits any more. It writes frames to descriptor 1. All numbers are little-endian.
#ifndef YETT_WASM_FRAMES_H
#define YETT_WASM_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The job's header, and then its arguments, input, module and files in this order.
struct job_header {
    char magic[4];              // YWJ1
    uint32_t flags;             // job_preloaded or 0
    uint32_t wall_milliseconds;
    uint32_t output_bytes;
    uint64_t memory_bytes;
    uint64_t fuel;              // 0: not counted
    uint32_t table_elements;
    uint32_t argument_count;
    uint32_t argument_bytes;    // each with the zero at its end
    uint32_t input_bytes;
    uint32_t module_bytes;
    uint32_t file_count;
    uint32_t file_bytes;        // of the section: for each 2 bytes path length, 4 bytes size, path, content
    uint32_t reserved;          // 0
};
_Static_assert(sizeof(struct job_header) == 64, "the header has no gaps");

enum {
    job_preloaded = 1,          // the module is the one that the worker was started with
    most_milliseconds = 600000,
    most_output = 64 << 20,
    most_table_elements = 1 << 22,
    most_arguments = 4096,
    most_argument_bytes = (16 << 20) + (64 << 10) + 4096,   // a language's source may be one
    most_input = 16 << 20,
    most_module = 16 << 20,
    most_files = 64,
    most_file_bytes = (32 << 20) + most_files * (6 + 255),
    most_path = 255,
};

struct job_file {
    char path[most_path + 1];
    const uint8_t *bytes;
    uint32_t count;
};

struct job {
    struct job_header header;
    const char **arguments;
    uint8_t *input;
    uint8_t *module;
    struct job_file files[most_files];
};

// Reads one job. NULL on success, or else what is wrong with it; "" when the other side is gone.
const char *job_read(struct job *job);

enum outcome {
    outcome_exited = 0, outcome_trapped, outcome_deadline, outcome_memory, outcome_output, outcome_fuel, outcome_link,
    outcome_invalid, outcome_entry, outcome_refused, outcome_engine,
};

// What the last frame says, before its words.
struct report {
    uint8_t outcome;
    uint8_t trap;
    uint8_t is_truncated;
    uint8_t reserved;
    int32_t exit;
    uint64_t processor_microseconds;
    uint64_t peak_bytes;
    uint64_t compile_microseconds;
    uint64_t instantiate_microseconds;
    uint64_t run_microseconds;
    uint64_t linear_bytes;
};
_Static_assert(sizeof(struct report) == 56, "the report has no gaps");

enum { most_words = 1024, most_piece = 65536 };

// Kinds of frames; each begins with its kind, the stream, two zeros and the length of what follows.
enum { frame_ready = 'R', frame_started = 'S', frame_output = 'O', frame_done = 'D' };

// Writes a frame; ends the process when nobody reads it.
void frame_write(uint8_t kind, uint8_t stream, const void *first, size_t first_count, const void *second, size_t count);

// Writes output of the program up to the limit; beyond it reports so and ends the process.
void output_write(uint8_t stream, const uint8_t *bytes, size_t count);
void output_limit(uint32_t bytes);

// Keeps what reports read their own peak of memory from; called when all other descriptors are closed.
void report_memory(void);

// Writes the last frame and ends the process; the first caller wins, later ones wait for the end.
_Noreturn void report_and_exit(struct report report, const char *words);

// The same from the watching thread, which does not wait for one that is stuck in writing.
_Noreturn void report_at_once(struct report report, const char *words);

#endif
