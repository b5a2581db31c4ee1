// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// The slow way, for systems without the engine: an interpreter in a child process with limits, spoken to in the same
// frames. It has neither a clock nor a memory limit of its own, so it is bounded from outside.
#define _GNU_SOURCE
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    // Longer than any of the words that are looked for.
    carry_bytes = 32,
    // What the interpreter writes to beside the program's memory.
    interpreter_bytes = 128 << 20,
    exit_not_executable = 126,
};

static bool was_said[3], has_written_errors;

static _Noreturn void fail(enum outcome outcome, const char *words) {
    struct report report = {.outcome = (uint8_t)outcome, .trap = 255};
    report_and_exit(report, words);
}

// A file in memory with these bytes, open at its beginning.
static int memory_file(const uint8_t *bytes, size_t count) {
    int file = (int)syscall(SYS_memfd_create, "job", MFD_CLOEXEC);
    size_t done = 0;
    while (file >= 0 && done < count) {
        ssize_t written = write(file, bytes + done, count - done);
        if (written <= 0) return -1;
        done += (size_t)written;
    }
    return file >= 0 && lseek(file, 0, SEEK_SET) == 0 ? file : -1;
}

static const char **words_for(const struct start *start, const struct job *job, const char *module) {
    const char **words = calloc((size_t)job->header.argument_count + 8, sizeof *words);
    if (words == NULL) return NULL;
    size_t count = 0;
    words[count++] = "wasmkit";
    words[count++] = "run";
    if (start->scratch != NULL) {
        words[count++] = "--dir";
        words[count++] = start->scratch;
    }
    words[count++] = module;
    // The interpreter gives the program its own first argument.
    for (uint32_t index = 1; index < job->header.argument_count; index++) words[count++] = job->arguments[index];
    return words;
}

static _Noreturn void become_interpreter(const struct start *start, const struct job *job, const int files[4]) {
    static const char *const environment[] = {"SWIFT_BACKTRACE=enable=no", NULL};
    char module[64];
    struct rlimit data = {.rlim_cur = job->header.memory_bytes + interpreter_bytes};
    data.rlim_max = data.rlim_cur;
    bool is_ready = prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && setrlimit(RLIMIT_DATA, &data) == 0;
    // The module's file lies above the three that it replaces.
    is_ready = is_ready && dup2(files[0], 0) == 0 && dup2(files[1], 1) == 1 && dup2(files[2], 2) == 2 &&
        fcntl(files[3], F_SETFD, 0) == 0;
    snprintf(module, sizeof module, "/proc/self/fd/%d", files[3]);
    const char **words = words_for(start, job, module);
    if (is_ready && words != NULL && confine_interpreter()) {
        execve(start->library, (char *const *)words, (char *const *)environment);
    }
    _exit(exit_not_executable);
}

// What the interpreter says on standard error when it gives up.
static const char *const last_words[] = {"failed to allocate", "Error: ImportError", "Error: Trap: "};

// Looks for them in what was written, across pieces.
static void listen_to(const char *bytes, size_t count) {
    static char text[carry_bytes + most_piece];
    static size_t carried;
    has_written_errors = true;
    memcpy(text + carried, bytes, count);
    count += carried;
    for (int index = 0; index < 3; index++) {
        if (memmem(text, count, last_words[index], strlen(last_words[index])) != NULL) was_said[index] = true;
    }
    carried = count < carry_bytes ? count : carry_bytes;
    memmove(text, text + count - carried, carried);
}

// Passes on what a pipe holds; false at its end.
static bool pass(int pipe, uint8_t stream) {
    static char bytes[most_piece];
    ssize_t count = read(pipe, bytes, sizeof bytes);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return true;
    if (count <= 0) return false;
    if (stream == 2) listen_to(bytes, (size_t)count);
    output_write(stream, (const uint8_t *)bytes, (size_t)count);
    return true;
}

// Copies output until both pipes have ended; false when the deadline comes first.
static bool attend(const int pipes[2], uint64_t deadline) {
    struct pollfd watched[3] = {
        {.fd = pipes[0], .events = POLLIN}, {.fd = pipes[1], .events = POLLIN},
        {.fd = STDIN_FILENO, .events = POLLIN | POLLRDHUP},
    };
    while (watched[0].fd >= 0 || watched[1].fd >= 0) {
        uint64_t now = now_microseconds();
        if (now >= deadline) return false;
        struct timespec left = {
            .tv_sec = (time_t)((deadline - now) / 1000000), .tv_nsec = (long)((deadline - now) % 1000000) * 1000,
        };
        if (ppoll(watched, 3, &left, NULL) < 0 && errno != EINTR) return false;
        // The child dies with its parent.
        if (watched[2].revents != 0) _exit(exit_host_gone);
        for (int index = 0; index < 2; index++) {
            if (watched[index].revents != 0 && !pass(watched[index].fd, (uint8_t)(index + 1))) watched[index].fd = -1;
        }
    }
    return true;
}

// Waits for the child until the deadline, and then ends it.
static int end_of(pid_t child, uint64_t deadline, struct rusage *usage) {
    int status = 0;
    int handle = (int)syscall(SYS_pidfd_open, child, 0);
    struct pollfd watched = {.fd = handle, .events = POLLIN};
    uint64_t now = now_microseconds(), left = deadline > now ? deadline - now : 0;
    struct timespec timeout = {.tv_sec = (time_t)(left / 1000000), .tv_nsec = (long)(left % 1000000) * 1000};
    if (handle < 0 || ppoll(&watched, 1, &timeout, NULL) <= 0) kill(child, SIGKILL);
    while (wait4(child, &status, 0, usage) < 0 && errno == EINTR) {}
    return status;
}

static struct report judge(int status) {
    struct report report = {.outcome = outcome_trapped, .trap = 255};
    if (was_said[0]) {
        report.outcome = outcome_memory;
    } else if (WIFEXITED(status)) {
        report.exit = WEXITSTATUS(status);
        if (report.exit == exit_not_executable && !has_written_errors) report.outcome = outcome_engine;
        else if (report.exit == 1 && was_said[1]) report.outcome = outcome_link;
        else if (report.exit != 1 || !was_said[2]) report.outcome = outcome_exited;
    }
    return report;
}

int interpreter(const struct start *start) {
    if (!confine_process(-1)) fail(outcome_engine, "the worker cannot confine itself");
    if (access(start->library, X_OK) != 0) fail(outcome_engine, "the interpreter is missing; install the Swift toolchain");
    frame_write(frame_ready, 0, "wasmkit", strlen("wasmkit"), NULL, 0);
    static struct job job;
    const char *wrong = job_read(&job);
    if (wrong != NULL && wrong[0] == '\0') return exit_host_gone;
    if (wrong != NULL) fail(outcome_refused, wrong);
    if ((job.header.flags & job_preloaded) != 0 || job.header.fuel != 0) {
        fail(outcome_refused, "the interpreter knows neither native code nor fuel");
    }
    if (job.header.file_count > 0 && (start->scratch == NULL || !files_write(start->scratch, &job))) {
        fail(outcome_refused, start->scratch == NULL ? "files need a scratch directory" : "the files do not fit");
    }
    int output[2], errors[2];
    int input = memory_file(job.input, job.header.input_bytes);
    int module = memory_file(job.module, job.header.module_bytes);
    if (input < 0 || module < 0 || pipe2(output, O_CLOEXEC) != 0 || pipe2(errors, O_CLOEXEC) != 0) {
        fail(outcome_engine, "the worker has no descriptors left");
    }
    const int files[4] = {input, output[1], errors[1], module};
    output_limit(job.header.output_bytes);
    frame_write(frame_started, 0, NULL, 0, NULL, 0);
    uint64_t begun = now_microseconds(), deadline = begun + (uint64_t)job.header.wall_milliseconds * 1000;
    pid_t child = fork();
    if (child < 0) fail(outcome_engine, "the worker cannot start the interpreter");
    if (child == 0) become_interpreter(start, &job, files);
    close(output[1]);
    close(errors[1]);
    const int pipes[2] = {output[0], errors[0]};
    bool is_over = attend(pipes, deadline);
    struct rusage usage = {0};
    int status = end_of(child, is_over ? deadline : 0, &usage);
    struct report report = judge(status);
    if (now_microseconds() >= deadline) report.outcome = outcome_deadline;
    report.run_microseconds = now_microseconds() - begun;
    report.peak_bytes = (uint64_t)usage.ru_maxrss * 1024;
    report.processor_microseconds = (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
        (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    report_and_exit(report, report.outcome == outcome_exited ? "" : "the interpreter ended the program");
}
