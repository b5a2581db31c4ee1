// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#define _GNU_SOURCE
#include "jail.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { most_bytes = 4 << 20 };

static bool append(struct strings *list, const char *item) {
    const char **grown = reallocarray(list->items, list->count + 2, sizeof *grown);
    if (grown == NULL) return false;
    grown[list->count++] = item;
    grown[list->count] = NULL;
    list->items = grown;
    return true;
}

static bool number(const char *text, uint64_t *value) {
    char *end = NULL;
    errno = 0;
    *value = strtoull(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && text[0] != '-';
}

// `DEVICE:INODE:PATH`
static bool judged(struct configuration *configuration, char *text) {
    char *first = strchr(text, ':');
    char *second = first == NULL ? NULL : strchr(first + 1, ':');
    if (second == NULL) return false;
    *first = *second = '\0';
    struct judged_path entry = {.path = second + 1};
    if (!number(text, &entry.device) || !number(first + 1, &entry.inode)) return false;
    struct judged_path *grown =
        reallocarray(configuration->judged, configuration->judged_count + 1, sizeof *grown);
    if (grown == NULL) return false;
    grown[configuration->judged_count++] = entry;
    configuration->judged = grown;
    return true;
}

static bool record(struct configuration *configuration, const char *key, char *value) {
    uint64_t parsed = 0;
    if (strcmp(key, "argument") == 0) return append(&configuration->arguments, value);
    if (strcmp(key, "environment") == 0) return append(&configuration->environment, value);
    if (strcmp(key, "writable") == 0) return append(&configuration->writable, value);
    if (strcmp(key, "socket") == 0) return append(&configuration->forbidden_sockets, value);
    if (strcmp(key, "address") == 0) return append(&configuration->addresses, value);
    if (strcmp(key, "namespace") == 0) return append(&configuration->namespaces, value);
    if (strcmp(key, "judged") == 0) return judged(configuration, value);
    if (strcmp(key, "program") == 0) return (configuration->program = value) != NULL;
    if (strcmp(key, "canary") == 0) return (configuration->canary = value) != NULL;
    if (!number(value, &parsed)) return false;
    if (strcmp(key, "http-port") == 0) return (configuration->http_port = (unsigned)parsed) != 0 && parsed < 65536;
    if (strcmp(key, "socks-port") == 0) return (configuration->socks_port = (unsigned)parsed) != 0 && parsed < 65536;
    if (strcmp(key, "processes") == 0) return (configuration->processes = parsed, true);
    if (strcmp(key, "open-files") == 0) return (configuration->open_files = parsed, true);
    if (strcmp(key, "file-bytes") == 0) return (configuration->file_bytes = parsed, true);
    if (strcmp(key, "memory-bytes") == 0) return (configuration->memory_bytes = parsed, true);
    return false;
}

bool configuration_read(int descriptor, struct configuration *configuration) {
    memset(configuration, 0, sizeof *configuration);
    char *bytes = malloc(most_bytes + 1);
    if (bytes == NULL) return false;
    size_t length = 0;
    for (;;) {
        if (length == most_bytes) return errno = E2BIG, false;
        ssize_t count = pread(descriptor, bytes + length, most_bytes - length, (off_t)length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        if (count == 0) break;
        length += (size_t)count;
    }
    if (length == 0 || bytes[length - 1] != '\0') return false;
    for (char *next = bytes; next < bytes + length;) {
        char *line = next;
        next += strlen(line) + 1;
        char *equals = strchr(line, '=');
        if (equals == NULL) return false;
        *equals = '\0';
        if (!record(configuration, line, equals + 1)) return false;
    }
    static const char *nothing[] = {NULL};
    if (configuration->environment.items == NULL) configuration->environment.items = nothing;
    return configuration->program != NULL && configuration->canary != NULL && configuration->arguments.count > 0
        && configuration->http_port != 0 && configuration->socks_port != 0;
}
