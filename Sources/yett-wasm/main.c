// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Runs one WebAssembly program and is gone; see frames.h for how it is spoken to.
#include "worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int descriptor(const char *text) {
    char *end = NULL;
    long value = strtol(text, &end, 10);
    return end != text && *end == '\0' && value > 2 && value < 1 << 20 ? (int)value : -1;
}

// What follows `name=` in the text, or NULL.
static const char *value(const char *text, const char *name) {
    size_t length = strlen(name);
    return strncmp(text, name, length) == 0 ? text + length : NULL;
}

// The words after the engine's path; false when one is not understood.
static bool read_options(struct start *start, char **words, int count) {
    for (int index = 0; index < count; index++) {
        const char *text;
        if ((text = value(words[index], "precompiled=")) != NULL) {
            start->precompiled = descriptor(text);
            if (start->precompiled < 0) return false;
        } else if ((text = value(words[index], "scratch=")) != NULL && text[0] == '/') {
            start->scratch = text;
        } else if (strcmp(words[index], "fuel") == 0) {
            start->counts_fuel = true;
        } else {
            return false;
        }
    }
    return true;
}

int main(int count, char **words) {
    struct start start = {.precompiled = -1};
    if (count >= 3) start.library = words[2];
    if (count == 3 && strcmp(words[1], "version") == 0) return version(words[2]);
    if (count == 5 && strcmp(words[1], "compile") == 0) return compile(words[2], words[3], words[4]);
    if (count >= 3 && read_options(&start, words + 3, count - 3)) {
        if (strcmp(words[1], "worker") == 0) return worker(&start);
        if (strcmp(words[1], "interpreter") == 0 && start.precompiled < 0 && !start.counts_fuel) {
            return interpreter(&start);
        }
    }
    fputs(
        "usage: yett-wasm version ENGINE | yett-wasm compile ENGINE MODULE OUTPUT\n"
        "The gate starts `worker` and `interpreter` by itself.\n",
        stderr);
    return exit_usage;
}
