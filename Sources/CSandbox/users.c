// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#define _GNU_SOURCE
#include "users.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char directory[] = "/run/yett-sandbox";

const char *users_open(struct users *users, uint32_t first, size_t count) {
    if (first < 1000 || count == 0 || count > users_limit) return "the reserved user ids are no range above 1000";
    users->first = first;
    users->count = count;
    for (size_t index = 0; index < users_limit; index++) users->claims[index] = -1;
    if (mkdir(directory, 0700) != 0 && errno != EEXIST)
        return "/run/yett-sandbox cannot be made; is /run writable for root?";
    users->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    struct stat status;
    if (users->directory < 0 || fstat(users->directory, &status) != 0 || status.st_uid != 0
        || (status.st_mode & 022) != 0)
        return "/run/yett-sandbox is not a directory that only root can change; remove it";
    return NULL;
}

// Whether a line like `Uid:\t0\t0\t0\t0` names the user.
static bool names(const char *status, uint32_t user) {
    const char *line = strstr(status, "\nUid:");
    if (line == NULL) return true;
    const char *at = line + 5;
    while (*at == '\t' || *at == ' ') {
        char *end = NULL;
        unsigned long found = strtoul(at, &end, 10);
        if (end == at) return true;
        if (found == user) return true;
        at = end;
    }
    return false;
}

// Whether any process bears the user, or that cannot be told.
static bool is_borne(uint32_t user) {
    DIR *processes = opendir("/proc");
    if (processes == NULL) return true;
    bool is_found = false;
    struct dirent *entry;
    while (!is_found && (entry = readdir(processes)) != NULL) {
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
        char path[300], text[1024];
        snprintf(path, sizeof path, "/proc/%s/status", entry->d_name);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0) continue;
        ssize_t length = read(file, text, sizeof text - 1);
        close(file);
        // It ended in between.
        if (length <= 0) continue;
        text[length] = '\0';
        is_found = names(text, user);
    }
    closedir(processes);
    return is_found;
}

static bool claim(struct users *users, size_t index) {
    char name[16];
    uint32_t user = users->first + (uint32_t)index;
    snprintf(name, sizeof name, "%u", user);
    int file = openat(users->directory, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return false;
    if (flock(file, LOCK_EX | LOCK_NB) != 0 || is_borne(user)) {
        close(file);
        return false;
    }
    users->claims[index] = file;
    return true;
}

uint32_t users_take(struct users *users) {
    // Those that are this launcher's first: what they ran is known to be gone.
    for (int round = 0; round < 2; round++) {
        for (size_t index = 0; index < users->count; index++) {
            if (users->is_taken[index] || (users->claims[index] >= 0) != (round == 0)) continue;
            if (round == 1 && !claim(users, index)) continue;
            users->is_taken[index] = true;
            return users->first + (uint32_t)index;
        }
    }
    return 0;
}

void users_give_back(struct users *users, uint32_t user) {
    if (user >= users->first && user - users->first < users->count) users->is_taken[user - users->first] = false;
}
