// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Translates a module into native code ahead of time. Its output is only ever run when a manifest of the system names
// its digest.
#define _GNU_SOURCE
#include "worker.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine.h"

enum { most_image = 512 << 20 };

// The whole file, or NULL.
static uint8_t *read_file(const char *path, size_t *count) {
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    uint8_t *bytes = NULL;
    *count = 0;
    if (file >= 0 && fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= most_image) {
        size_t size = (size_t)status.st_size;
        bytes = malloc(size + 1);
        while (bytes != NULL && *count < size) {
            ssize_t got = read(file, bytes + *count, size - *count);
            if (got <= 0) break;
            *count += (size_t)got;
        }
    }
    if (file >= 0) close(file);
    return bytes;
}

// Under another name first, so that a name never stands for half a file.
static bool write_file(const char *path, const struct engine_bytes *bytes) {
    char *part = NULL;
    if (asprintf(&part, "%s.part", path) < 0) return false;
    int file = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    size_t done = 0;
    while (file >= 0 && done < bytes->size) {
        ssize_t count = write(file, bytes->data + done, bytes->size - done);
        if (count <= 0) break;
        done += (size_t)count;
    }
    bool is_written = file >= 0 && done == bytes->size && fsync(file) == 0;
    if (file >= 0) close(file);
    is_written = is_written && rename(part, path) == 0;
    if (file >= 0 && !is_written) unlink(part);
    free(part);
    return is_written;
}

int compile(const char *library, const char *path, const char *output) {
    char words[most_words + 1];
    if (!engine_load(library, words, sizeof words)) {
        fprintf(stderr, "yett-wasm: %s\n", words);
        return exit_engine;
    }
    engine_t *engine = engine_new(false, true);
    size_t count;
    uint8_t *source = read_file(path, &count);
    if (engine == NULL || source == NULL) {
        fprintf(stderr, "yett-wasm: %s cannot be read; name a module of up to 512 MiB\n", path);
        return 66;
    }
    module_t *module = NULL;
    struct engine_bytes native = {0};
    failure_t *failure = api.wasmtime_module_new(engine, source, count, &module);
    if (failure == NULL) failure = api.wasmtime_module_serialize(module, &native);
    if (failure != NULL) {
        engine_words(failure, NULL, words, sizeof words);
        fprintf(stderr, "yett-wasm: %s is not a module for this engine: %s\n", path, words);
        return 65;
    }
    if (!write_file(output, &native)) {
        fprintf(stderr, "yett-wasm: %s cannot be written; a file %s.part must not exist\n", output, output);
        return 73;
    }
    return 0;
}

int version(const char *library) {
    char words[most_words + 1];
    bool is_good = engine_load(library, words, sizeof words);
    fprintf(is_good ? stdout : stderr, is_good ? "wasmtime %s\n" : "yett-wasm: %s\n", is_good ? ENGINE_MAJOR : words);
    return is_good ? 0 : exit_engine;
}
