// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Reading what comes from outside of the launcher: jobs, bubblewrap's words, the kernel's list of interfaces.
#include "CSandbox.h"

#include <string.h>

static uint32_t number32(const uint8_t *bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static uint64_t number64(const uint8_t *bytes) {
    return (uint64_t)number32(bytes) | (uint64_t)number32(bytes + 4) << 32;
}

static bool is_within(uint64_t value, uint64_t least, uint64_t most) {
    return value >= least && value <= most;
}

static const char *parse_arguments(const uint8_t *bytes, size_t length, struct yett_job *job) {
    size_t at = yett_job_header_bytes;
    for (size_t index = 0; index < job->argument_count; index++) {
        const uint8_t *end = at < length ? memchr(bytes + at, 0, length - at) : NULL;
        if (end == NULL) return "an argument has no end";
        job->arguments[index] = (const char *)bytes + at;
        at = (size_t)(end - bytes) + 1;
    }
    job->arguments[job->argument_count] = NULL;
    if (at != length) return "bytes follow the arguments";
    return job->arguments[0][0] == '/' ? NULL : "the program's path is not absolute";
}

const char *yett_job_parse(const uint8_t *bytes, size_t length, size_t descriptors, struct yett_job *job) {
    if (length < yett_job_header_bytes || length > yett_job_bytes_limit) return "the message has no such length";
    if (number32(bytes) != yett_job_magic) return "the message is no job";
    if (number32(bytes + 4) != length) return "the message has another length than it says";
    if (number32(bytes + 36) != descriptors) return "the message has other descriptors than it says";
    if (!is_within(descriptors, yett_job_fixed_descriptors, yett_job_descriptors_limit))
        return "the message has too few or too many descriptors";
    job->number = number64(bytes + 8);
    job->wall_milliseconds = number32(bytes + 16);
    job->processor_thousandths = number32(bytes + 20);
    job->memory_bytes = number64(bytes + 24);
    job->processes = number32(bytes + 32);
    job->file_bytes = number64(bytes + 40);
    uint32_t flags = number32(bytes + 48);
    job->needs_groups = (flags & yett_job_needs_groups) != 0;
    job->has_own_kernel = (flags & yett_job_own_kernel) != 0;
    job->argument_count = number32(bytes + 52);
    // Starting a kernel takes time of its own, and each of its processes is many of the host's.
    uint64_t most_time = job->has_own_kernel ? 660000 : 600000, most_processes = job->has_own_kernel ? 1 << 18 : 4096;
    if (!is_within(job->wall_milliseconds, 1, most_time) || !is_within(job->processor_thousandths, 10, 64000)
        || !is_within(job->memory_bytes, 1 << 20, 1ULL << 40) || !is_within(job->processes, 1, most_processes)
        || !is_within(job->file_bytes, 1, 1ULL << 40))
        return "a limit is out of its range";
    if ((flags & ~(uint32_t)(yett_job_needs_groups | yett_job_own_kernel)) != 0) return "an unknown flag is set";
    if (!is_within(job->argument_count, 1, yett_job_arguments_limit)) return "there are too few or too many arguments";
    return parse_arguments(bytes, length, job);
}

bool yett_information_number(const char *text, const char *key, uint64_t *value) {
    const char *at = strstr(text, key);
    size_t length = strlen(key);
    if (at == NULL || at == text || at[-1] != '"' || at[length] != '"' || at[length + 1] != ':') return false;
    at += length + 2;
    while (*at == ' ') at++;
    uint64_t number = 0;
    size_t digits = 0;
    for (; *at >= '0' && *at <= '9'; at++, digits++) number = number * 10 + (uint64_t)(*at - '0');
    // At most 18 digits, which 64 bits always hold; another character than a digit must follow.
    if (digits == 0 || digits > 18 || (*at != ',' && *at != '\n' && *at != '}')) return false;
    *value = number;
    return true;
}

bool yett_interface_names(const char *text, char *names, size_t capacity) {
    size_t length = 0, lines = 0;
    for (const char *line = text; *line != '\0'; lines++) {
        const char *end = strchr(line, '\n');
        if (end == NULL) return false;
        // Two lines of headings come first.
        if (lines >= 2) {
            const char *name = line;
            while (*name == ' ') name++;
            const char *colon = memchr(name, ':', (size_t)(end - name));
            size_t size = colon != NULL ? (size_t)(colon - name) : 0;
            if (size == 0 || length + size + 2 > capacity) return false;
            memcpy(names + length, name, size);
            length += size;
            names[length++] = '\n';
        }
        line = end + 1;
    }
    if (lines < 2) return false;
    names[length] = '\0';
    return true;
}
