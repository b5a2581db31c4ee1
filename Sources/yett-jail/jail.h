// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#ifndef YETT_JAIL_H
#define YETT_JAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Exit codes of the inside before the program runs.
enum { exit_setup = 125, exit_not_executable = 126, exit_not_found = 127 };

// A list of strings inside the configuration's own memory.
struct strings {
    const char **items;   // NULL-terminated
    size_t count;
};

// A directory or file whose identity the launcher judged before it was mounted.
struct judged_path {
    const char *path;
    uint64_t device;
    uint64_t inode;
};

// What the launcher says about the launch, read once from a descriptor.
struct configuration {
    const char *program;
    const char *canary;             // abstract socket that listens on the host
    unsigned http_port;
    unsigned socks_port;
    struct strings arguments;
    struct strings environment;
    struct strings writable;        // paths under which files may change
    struct strings forbidden_sockets;
    struct strings namespaces;      // the host's, as `net:[4026531840]`
    struct strings addresses;       // IPv4 addresses that must not answer
    struct judged_path *judged;
    size_t judged_count;
    uint64_t processes;             // limits; 0 leaves the inherited one
    uint64_t open_files;
    uint64_t file_bytes;
    uint64_t memory_bytes;
};

// Reads NUL-terminated `key=value` records; false when malformed or above the size limit.
bool configuration_read(int descriptor, struct configuration *configuration);

// Prepares the inside, proves it tight and becomes the program. Returns an exit code only on failure.
int inside(int control, int configuration);

// Tries every way out; returns NULL when all fail, or else the layer that leaked.
const char *self_test(const struct configuration *configuration, int control);

// Restricts changes to the writable paths and, where the kernel can, abstract sockets and signals to the sandbox.
// Returns false when the kernel has Landlock and a rule could not be set; a kernel without it is no failure.
bool landlock_apply(const struct configuration *configuration);

// Copies bytes between accepted connections and the gate's socket until it is killed.
int relay(int http_listener, int socks_listener, int gate);

// Leaves the calling process only the calls that copying needs; false when the kernel refused.
bool relay_confine(void);

#endif
