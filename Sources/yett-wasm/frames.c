// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#include "frames.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t writing = PTHREAD_MUTEX_INITIALIZER;
static uint32_t output_left;
static int own_status = -1;

enum { exit_nobody_reads = 3, exit_stuck = 5 };

// Reads exactly so much; false at the end of input or on failure.
static bool read_all(void *bytes, size_t count) {
    uint8_t *next = bytes;
    while (count > 0) {
        ssize_t got = read(STDIN_FILENO, next, count);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        next += got;
        count -= (size_t)got;
    }
    return true;
}

static const char *judge(const struct job_header *header) {
    if (memcmp(header->magic, "YWJ1", 4) != 0) return "the job does not begin with YWJ1";
    if ((header->flags & ~(uint32_t)job_preloaded) != 0 || header->reserved != 0) return "the job has unknown flags";
    if (header->wall_milliseconds == 0 || header->wall_milliseconds > most_milliseconds) {
        return "the time limit is not from 1 ms to 600 s";
    }
    if (header->output_bytes == 0 || header->output_bytes > most_output) return "the output limit is not from 1 B to 64 MiB";
    if (header->memory_bytes < 65536 || header->memory_bytes > (uint64_t)64 << 30) {
        return "the memory limit is not from 64 KiB to 64 GiB";
    }
    if (header->table_elements > most_table_elements) return "the table limit is too high";
    if (header->argument_count > most_arguments || header->argument_bytes > most_argument_bytes) {
        return "the arguments are too long";
    }
    if (header->argument_bytes < header->argument_count) return "the arguments have no end";
    if (header->input_bytes > most_input) return "the input is too long";
    if (header->module_bytes > most_module) return "the module is too large";
    bool is_preloaded = (header->flags & job_preloaded) != 0;
    if (is_preloaded && header->module_bytes != 0) return "the job brings a module and names the preloaded one";
    if (header->file_count > most_files || header->file_bytes > most_file_bytes) return "the files are too large";
    return NULL;
}

static const char *take_arguments(struct job *job, const char *text) {
    uint32_t count = job->header.argument_count, bytes = job->header.argument_bytes, used = 0;
    job->arguments = calloc((size_t)count + 1, sizeof *job->arguments);
    if (job->arguments == NULL) return "no memory is left";
    for (uint32_t index = 0; index < count; index++) {
        const char *end = memchr(text + used, 0, bytes - used);
        if (end == NULL) return "an argument has no end";
        job->arguments[index] = text + used;
        used = (uint32_t)(end - text) + 1;
    }
    return used == bytes ? NULL : "bytes follow the last argument";
}

static bool is_name_byte(char byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '.' ||
        byte == '_' || byte == '-';
}

// Components of letters, digits, `.`, `_` and `-`, none beginning with a dot or a dash.
static bool is_path(const char *path, size_t count) {
    bool is_first = true;
    for (size_t index = 0; index < count; index++) {
        if (path[index] == '/') {
            if (is_first) return false;
            is_first = true;
        } else {
            if (!is_name_byte(path[index]) || (is_first && (path[index] == '.' || path[index] == '-'))) return false;
            is_first = false;
        }
    }
    return !is_first;
}

static const char *take_files(struct job *job, const uint8_t *section) {
    size_t left = job->header.file_bytes;
    for (uint32_t index = 0; index < job->header.file_count; index++) {
        struct job_file *file = &job->files[index];
        uint16_t path_count;
        if (left < 6) return "a file has no end";
        memcpy(&path_count, section, 2);
        memcpy(&file->count, section + 2, 4);
        section += 6;
        left -= 6;
        if (path_count == 0 || path_count > most_path || path_count > left || file->count > left - path_count) {
            return "a file has no end";
        }
        if (!is_path((const char *)section, path_count)) return "a file's path is not acceptable";
        memcpy(file->path, section, path_count);
        file->bytes = section + path_count;
        section += path_count + file->count;
        left -= path_count + file->count;
    }
    return left == 0 ? NULL : "bytes follow the last file";
}

const char *job_read(struct job *job) {
    memset(job, 0, sizeof *job);
    if (!read_all(&job->header, sizeof job->header)) return "";
    const char *wrong = judge(&job->header);
    if (wrong != NULL) return wrong;
    const struct job_header *header = &job->header;
    // One zero more behind each section, so that none is empty.
    char *arguments = malloc((size_t)header->argument_bytes + 1);
    job->input = malloc((size_t)header->input_bytes + 1);
    job->module = malloc((size_t)header->module_bytes + 1);
    uint8_t *files = malloc((size_t)header->file_bytes + 1);
    if (arguments == NULL || job->input == NULL || job->module == NULL || files == NULL) return "no memory is left";
    if (!read_all(arguments, header->argument_bytes) || !read_all(job->input, header->input_bytes) ||
        !read_all(job->module, header->module_bytes) || !read_all(files, header->file_bytes)) {
        return "";
    }
    wrong = take_arguments(job, arguments);
    return wrong == NULL ? take_files(job, files) : wrong;
}

static void write_locked(uint8_t kind, uint8_t stream, const void *first, size_t first_count, const void *second,
                         size_t count) {
    uint8_t header[8] = {kind, stream};
    uint32_t length = (uint32_t)(first_count + count);
    memcpy(header + 4, &length, 4);
    struct iovec parts[3] = {
        {header, sizeof header}, {(void *)first, first_count}, {(void *)second, count},
    };
    size_t index = 0;
    while (index < 3) {
        ssize_t done = writev(STDOUT_FILENO, parts + index, (int)(3 - index));
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) _exit(exit_nobody_reads);
        size_t written = (size_t)done;
        while (index < 3 && written >= parts[index].iov_len) written -= parts[index++].iov_len;
        if (index == 3) break;
        parts[index].iov_base = (char *)parts[index].iov_base + written;
        parts[index].iov_len -= written;
    }
}

void frame_write(uint8_t kind, uint8_t stream, const void *first, size_t first_count, const void *second, size_t count) {
    pthread_mutex_lock(&writing);
    write_locked(kind, stream, first, first_count, second, count);
    pthread_mutex_unlock(&writing);
}

static uint64_t microseconds(struct timeval time) {
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec;
}

void report_memory(void) { own_status = open("/proc/self/status", O_RDONLY | O_CLOEXEC); }

// The most memory that this process had at one time. What getrusage() says begins with the memory of whoever started a
// process by vfork(), and is asked only where there is no /proc.
static uint64_t peak_bytes(const struct rusage *usage) {
    char text[4096];
    ssize_t count = own_status < 0 ? -1 : read(own_status, text, sizeof text - 1);
    if (count > 0) {
        text[count] = '\0';
        const char *line = strstr(text, "\nVmHWM:");
        if (line != NULL) return strtoull(line + strlen("\nVmHWM:"), NULL, 10) * 1024;
    }
    return (uint64_t)usage->ru_maxrss * 1024;
}

static _Noreturn void report_locked(struct report *report, const char *words) {
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        report->processor_microseconds += microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
        if (report->peak_bytes == 0) report->peak_bytes = peak_bytes(&usage);
    }
    write_locked(frame_done, 0, report, sizeof *report, words, strnlen(words, most_words));
    _exit(0);
}

_Noreturn void report_and_exit(struct report report, const char *words) {
    pthread_mutex_lock(&writing);
    report_locked(&report, words);
}

_Noreturn void report_at_once(struct report report, const char *words) {
    if (pthread_mutex_trylock(&writing) != 0) _exit(exit_stuck);
    report_locked(&report, words);
}

void output_limit(uint32_t bytes) { output_left = bytes; }

void output_write(uint8_t stream, const uint8_t *bytes, size_t count) {
    pthread_mutex_lock(&writing);
    bool is_over = count > output_left;
    if (is_over) count = output_left;
    output_left -= (uint32_t)count;
    while (count > 0) {
        size_t piece = count < most_piece ? count : most_piece;
        write_locked(frame_output, stream, bytes, piece, NULL, 0);
        bytes += piece;
        count -= piece;
    }
    if (is_over) {
        struct report report = {.outcome = outcome_output, .trap = 255, .is_truncated = 1};
        report_locked(&report, "more was written than the output limit");
    }
    pthread_mutex_unlock(&writing);
}
