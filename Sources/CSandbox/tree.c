// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Removing what a jailed process left: it may have made directories deeper than any path is long, and names that mean
// something elsewhere. Directories are moved to the top before they are looked into, so nothing is ever deeper than two.
#define _GNU_SOURCE
#include "CSandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { rounds_limit = 64 };

static bool is_itself(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static DIR *open_directory(int parent, const char *name) {
    int directory = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory < 0) return NULL;
    DIR *listing = fdopendir(directory);
    if (listing == NULL) close(directory);
    return listing;
}

// Removes an entry that is no directory, or an empty one; false for a directory that is not empty.
static bool remove_entry(int parent, const char *name) {
    return unlinkat(parent, name, 0) == 0 || errno == ENOENT || unlinkat(parent, name, AT_REMOVEDIR) == 0;
}

// Moves what is in a directory to the top, under the next numbers, or removes it.
static void flatten(int top, const char *name, unsigned *sequence) {
    DIR *listing = open_directory(top, name);
    if (listing == NULL) return;
    struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        if (is_itself(entry->d_name) || remove_entry(dirfd(listing), entry->d_name)) continue;
        char other[32];
        snprintf(other, sizeof other, ".%u", (*sequence)++);
        renameat(dirfd(listing), entry->d_name, top, other);
    }
    closedir(listing);
}

// Removes a directory, and then everything that was below it and is at the top now.
static void remove_directory(int top, const char *name, unsigned *sequence) {
    unsigned next = *sequence;
    flatten(top, name, sequence);
    remove_entry(top, name);
    for (; next < *sequence; next++) {
        char other[32];
        snprintf(other, sizeof other, ".%u", next);
        if (remove_entry(top, other)) continue;
        flatten(top, other, sequence);
        remove_entry(top, other);
    }
}

bool yett_remove_tree(const char *path) {
    unsigned sequence = 0;
    for (int round = 0; round < rounds_limit; round++) {
        if (rmdir(path) == 0 || errno == ENOENT) return true;
        if (errno != ENOTEMPTY && errno != EEXIST) return false;
        DIR *listing = open_directory(AT_FDCWD, path);
        if (listing == NULL) return false;
        bool is_changed = false;
        struct dirent *entry;
        while ((entry = readdir(listing)) != NULL) {
            if (is_itself(entry->d_name)) continue;
            if (!remove_entry(dirfd(listing), entry->d_name)) {
                unsigned before = sequence;
                remove_directory(dirfd(listing), entry->d_name, &sequence);
                if (sequence == before && !remove_entry(dirfd(listing), entry->d_name)) continue;
            }
            is_changed = true;
        }
        closedir(listing);
        if (!is_changed) return rmdir(path) == 0;
    }
    return false;
}
