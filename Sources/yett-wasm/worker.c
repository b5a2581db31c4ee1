// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// The worker: an engine that is warm before the job comes, one job, and the end.
#define _GNU_SOURCE
#include "worker.h"

#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine.h"

enum {
    most_tables = 4,
    most_path_text = 4096,
    compile_seconds = 30,
    // What the engine itself may write to, beside the program's memory: translating a large module takes most of it.
    engine_bytes = 448 << 20,
};

static engine_t *engine;

static void interrupt_program(void) { api.wasmtime_engine_increment_epoch(engine); }

static _Noreturn void fail(enum outcome outcome, const char *words) {
    struct report report = {.outcome = (uint8_t)outcome, .trap = trap_none};
    report_and_exit(report, words);
}

static _Noreturn void fail_with(enum outcome outcome, failure_t *failure, trap_t *trap) {
    char words[most_words + 1];
    engine_words(failure, trap, words, sizeof words);
    fail(outcome, words);
}

static ssize_t write_output(void *stream, const unsigned char *bytes, size_t count) {
    output_write(stream == NULL ? 1 : 2, bytes, count);
    return (ssize_t)count;
}

static wasi_t *wasi_for(const struct start *start, struct job *job) {
    static char second;
    wasi_t *wasi = api.wasi_config_new();
    if (wasi == NULL || !api.wasi_config_set_argv(wasi, job->header.argument_count, job->arguments)) return NULL;
    struct engine_bytes input;
    api.wasm_byte_vec_new(&input, job->header.input_bytes, (const char *)job->input);
    api.wasi_config_set_stdin_bytes(wasi, &input);
    api.wasi_config_set_stdout_custom(wasi, write_output, NULL, NULL);
    api.wasi_config_set_stderr_custom(wasi, write_output, &second, NULL);
    if (start->scratch != NULL && !api.wasi_config_preopen_dir(wasi, start->scratch, "/", true)) return NULL;
    return wasi;
}

// How a call into the program ended: by its own exit, or by a trap.
static struct report judge(failure_t *failure, trap_t *trap, uint64_t linear, uint64_t most, char *words, size_t room) {
    struct report report = {.outcome = outcome_exited, .trap = trap_none};
    int exit = 0;
    words[0] = '\0';
    if (failure != NULL && api.wasmtime_error_exit_status(failure, &exit)) {
        report.exit = exit;
        return report;
    }
    if (failure == NULL && trap == NULL) return report;
    report.outcome = outcome_trapped;
    uint8_t code = trap_none;
    if (trap != NULL && api.wasmtime_trap_code(trap, &code)) report.trap = code;
    engine_words(failure, trap, words, room);
    if (report.trap == trap_interrupt) {
        report.outcome = outcome_deadline;
    } else if (report.trap == trap_fuel) {
        report.outcome = outcome_fuel;
    } else if (linear >= most - most / 16) {
        // What gives up with its memory used up, gave up for want of memory.
        report.outcome = outcome_memory;
    }
    return report;
}

static uint64_t linear_bytes(context_t *context, const struct engine_instance *instance) {
    struct engine_extern memory;
    bool has = api.wasmtime_instance_export_get(context, instance, "memory", 6, &memory);
    return has && memory.kind == engine_kind_memory ? api.wasmtime_memory_data_size(context, &memory.of.memory) : 0;
}

// Runs the linked module in a store of its own.
static struct report run(linked_t *linked, wasi_t *wasi, const struct job_header *limits, char *words, size_t room) {
    struct report report = {.outcome = outcome_engine, .trap = trap_none};
    uint64_t begun = now_microseconds();
    store_t *store = api.wasmtime_store_new(engine, NULL, NULL);
    context_t *context = store == NULL ? NULL : api.wasmtime_store_context(store);
    snprintf(words, room, "the engine has no store");
    if (context == NULL) return report;
    api.wasmtime_store_limiter(store, (int64_t)limits->memory_bytes, limits->table_elements, 1, most_tables, 1);
    api.wasmtime_context_set_epoch_deadline(context, 1);
    failure_t *failure = api.wasmtime_context_set_wasi(context, wasi);
    if (failure == NULL && limits->fuel != 0) failure = api.wasmtime_context_set_fuel(context, limits->fuel);
    if (failure != NULL) {
        engine_words(failure, NULL, words, room);
        return report;
    }
    struct engine_instance instance;
    struct engine_extern entry;
    trap_t *trap = NULL;
    failure = api.wasmtime_instance_pre_instantiate(linked, context, &instance, &trap);
    uint64_t instantiated = now_microseconds();
    if (failure != NULL || trap != NULL) {
        // Its start function ended, or a memory or table begins larger than is allowed.
        bool is_limit = trap == NULL;
        report = judge(failure, trap, 0, limits->memory_bytes, words, room);
        if (is_limit && report.outcome == outcome_trapped) report.outcome = outcome_memory;
    } else if (!api.wasmtime_instance_export_get(context, &instance, "_start", 6, &entry) ||
               entry.kind != engine_kind_function) {
        snprintf(words, room, "it exports no function _start");
        report.outcome = outcome_entry;
    } else {
        failure = api.wasmtime_func_call(context, &entry.of.function, NULL, 0, NULL, 0, &trap);
        uint64_t linear = linear_bytes(context, &instance);
        report = judge(failure, trap, linear, limits->memory_bytes, words, room);
        report.linear_bytes = linear;
    }
    report.instantiate_microseconds = instantiated - begun;
    report.run_microseconds = now_microseconds() - instantiated;
    return report;
}

// A module that reads its input and sleeps a nanosecond, so that the engine's threads run before the filter and its
// paths are warm.
static const uint8_t warming_module[] = {
    0, 'a', 's', 'm', 1, 0, 0, 0,
    1, 12, 2, 0x60, 4, 0x7f, 0x7f, 0x7f, 0x7f, 1, 0x7f, 0x60, 0, 0,
    2, 71, 2, 22, 'w', 'a', 's', 'i', '_', 's', 'n', 'a', 'p', 's', 'h', 'o', 't', '_', 'p', 'r', 'e', 'v', 'i', 'e',
    'w', '1', 7, 'f', 'd', '_', 'r', 'e', 'a', 'd', 0, 0,
    22, 'w', 'a', 's', 'i', '_', 's', 'n', 'a', 'p', 's', 'h', 'o', 't', '_', 'p', 'r', 'e', 'v', 'i', 'e', 'w', '1',
    11, 'p', 'o', 'l', 'l', '_', 'o', 'n', 'e', 'o', 'f', 'f', 0, 0,
    3, 2, 1, 1,
    5, 3, 1, 0, 1,
    7, 19, 2, 6, 'm', 'e', 'm', 'o', 'r', 'y', 2, 0, 6, '_', 's', 't', 'a', 'r', 't', 0, 2,
    10, 27, 1, 25, 0, 0x41, 0, 0x41, 0, 0x41, 1, 0x41, 8, 0x10, 0, 0x1a,
    0x41, 16, 0x41, 0x80, 1, 0x41, 1, 0x41, 8, 0x10, 1, 0x1a, 0x0b,
    // 16 bytes to 64; a subscription to the steady clock in a nanosecond.
    11, 25, 2, 0, 0x41, 0, 0x0b, 5, 64, 0, 0, 0, 16, 0, 0x41, 32, 0x0b, 9, 1, 0, 0, 0, 0, 0, 0, 0, 1,
};

static const char *warm(linker_t *linker) {
    static char words[most_words + 1];
    module_t *module = NULL;
    linked_t *linked = NULL;
    struct job job = {.header = {.memory_bytes = 1 << 20, .fuel = 1000}};
    const char *no_arguments[1] = {NULL};
    job.arguments = no_arguments;
    job.input = (uint8_t *)words;
    struct start plain = {.precompiled = -1};
    failure_t *failure = api.wasmtime_module_new(engine, warming_module, sizeof warming_module, &module);
    if (failure == NULL) failure = api.wasmtime_linker_instantiate_pre(linker, module, &linked);
    if (failure != NULL) {
        engine_words(failure, NULL, words, sizeof words);
        return words;
    }
    wasi_t *wasi = wasi_for(&plain, &job);
    if (wasi == NULL) return "the engine has no WASI";
    job.header.fuel = 0;
    struct report report = run(linked, wasi, &job.header, words, sizeof words);
    return report.outcome == outcome_exited ? NULL : words;
}

// Maps native code that the starter vouches for; it is the only thing here that is trusted, and comes with the start.
static module_t *load_precompiled(int descriptor) {
    char path[64];
    module_t *module = NULL;
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    failure_t *failure = api.wasmtime_module_deserialize_file(engine, path, &module);
    close(descriptor);
    if (failure != NULL) fail_with(outcome_engine, failure, NULL);
    return module;
}

bool files_write(const char *scratch, const struct job *job) {
    int root = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_good = root >= 0;
    for (uint32_t index = 0; is_good && index < job->header.file_count; index++) {
        const struct job_file *file = &job->files[index];
        char path[most_path + 1];
        memcpy(path, file->path, sizeof path);
        for (char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
            *slash = '\0';
            mkdirat(root, path, 0700);
            *slash = '/';
        }
        int target = openat(root, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        size_t done = 0;
        while (target >= 0 && done < file->count) {
            ssize_t count = write(target, file->bytes + done, file->count - done);
            if (count <= 0) break;
            done += (size_t)count;
        }
        is_good = target >= 0 && done == file->count && close(target) == 0;
    }
    if (root >= 0) close(root);
    return is_good;
}

static linked_t *link_job(linker_t *linker, linked_t *preloaded, const struct job *job, uint64_t *microseconds) {
    if ((job->header.flags & job_preloaded) != 0) {
        if (preloaded == NULL) fail(outcome_refused, "the worker was started without a module");
        return preloaded;
    }
    // A worker for native code can translate nothing: its filter lets no new memory become executable.
    if (preloaded != NULL) fail(outcome_refused, "the worker was started for another module");
    uint64_t begun = now_microseconds();
    module_t *module = NULL;
    linked_t *linked = NULL;
    failure_t *failure = api.wasmtime_module_new(engine, job->module, job->header.module_bytes, &module);
    if (failure != NULL) fail_with(outcome_invalid, failure, NULL);
    *microseconds = now_microseconds() - begun;
    failure = api.wasmtime_linker_instantiate_pre(linker, module, &linked);
    if (failure != NULL) fail_with(outcome_link, failure, NULL);
    if (!engine_has_function(module, "_start")) fail(outcome_entry, "it exports no function _start");
    return linked;
}

int worker(const struct start *start) {
    char words[most_words + 1];
    // More arenas would have the allocator look at the machine's processors, in a file that is out of reach later.
    mallopt(M_ARENA_MAX, 2);
    if (!confine_process(start->precompiled)) fail(outcome_engine, "the worker cannot confine itself");
    report_memory();
    if (!engine_load(start->library, words, sizeof words)) fail(outcome_engine, words);
    engine = engine_new(start->counts_fuel, start->precompiled >= 0);
    linker_t *linker = engine == NULL ? NULL : api.wasmtime_linker_new(engine);
    if (linker == NULL) fail(outcome_engine, "the engine cannot be made");
    failure_t *failure = api.wasmtime_linker_define_wasi(linker);
    if (failure != NULL) fail_with(outcome_engine, failure, NULL);
    const char *wrong = start->counts_fuel ? NULL : warm(linker);
    if (wrong != NULL) fail(outcome_engine, wrong);
    linked_t *preloaded = NULL;
    if (start->precompiled >= 0) {
        module_t *module = load_precompiled(start->precompiled);
        failure = api.wasmtime_linker_instantiate_pre(linker, module, &preloaded);
        if (failure != NULL) fail_with(outcome_link, failure, NULL);
    }
    if (!confine_calls(preloaded == NULL, start->scratch != NULL)) fail(outcome_engine, "the worker's filter is refused");
    frame_write(frame_ready, 0, "wasmtime " ENGINE_MAJOR, strlen("wasmtime " ENGINE_MAJOR), NULL, 0);

    static struct job job;
    wrong = job_read(&job);
    if (wrong != NULL && wrong[0] == '\0') return exit_host_gone;
    if (wrong != NULL) fail(outcome_refused, wrong);
    uint64_t seconds = job.header.wall_milliseconds / 1000 + compile_seconds + 2;
    if (!confine_resources(job.header.memory_bytes + engine_bytes, seconds) || !watch_begin(interrupt_program)) {
        fail(outcome_engine, "the worker cannot bound itself");
    }
    if (job.header.fuel != 0 && !start->counts_fuel) fail(outcome_refused, "the worker was started without fuel");
    if (job.header.file_count > 0 && (start->scratch == NULL || !files_write(start->scratch, &job))) {
        fail(outcome_refused, start->scratch == NULL ? "files need a scratch directory" : "the files do not fit");
    }
    uint64_t compiled = 0;
    linked_t *linked = link_job(linker, preloaded, &job, &compiled);
    wasi_t *wasi = wasi_for(start, &job);
    if (wasi == NULL) fail(outcome_refused, "the arguments are not UTF-8, or the scratch directory is gone");
    output_limit(job.header.output_bytes);
    frame_write(frame_started, 0, NULL, 0, NULL, 0);
    watch_deadline(now_microseconds() + (uint64_t)job.header.wall_milliseconds * 1000);
    struct report report = run(linked, wasi, &job.header, words, sizeof words);
    report.compile_microseconds = compiled;
    report_and_exit(report, words);
}
