// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#define _GNU_SOURCE
#include "groups.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { memory = 0, processes = 1, processor = 2, unified = 3 };
static const char *const controllers[] = {"memory", "pids", "cpu"};
// Every launcher's directories lie in one of this name. Removing it can take rights that the launcher has given up: then
// the gate does it.
static const char shared[] = "yett-sandbox";
static const uint64_t quota_period = 100000;
// Of each sandbox two processes are bubblewrap's.
static const uint64_t own_processes = 2;

static bool put(int directory, const char *file, const char *text) {
    int descriptor = openat(directory, file, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0) return false;
    ssize_t written = write(descriptor, text, strlen(text));
    close(descriptor);
    return written == (ssize_t)strlen(text);
}

static bool get(int directory, const char *file, char *text, size_t capacity) {
    int descriptor = openat(directory, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0) return false;
    size_t length = 0;
    ssize_t count = 0;
    while (length + 1 < capacity && (count = read(descriptor, text + length, capacity - length - 1)) > 0)
        length += (size_t)count;
    close(descriptor);
    text[length] = '\0';
    return count >= 0;
}

static uint64_t number_after(const char *text, const char *key) {
    const char *at = strstr(text, key);
    return at != NULL ? strtoull(at + strlen(key), NULL, 10) : 0;
}

// Writes a limit and reads it back: the kernel may round it down, never up.
static bool set(int directory, const char *file, uint64_t value) {
    char text[64];
    snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    if (!put(directory, file, text) || !get(directory, file, text, sizeof text)) return false;
    char *end = text;
    uint64_t got = strtoull(text, &end, 10);
    return end != text && got <= value && got + 4096 > value;
}

static bool has_swap(void) {
    char text[512];
    if (!get(AT_FDCWD, "/proc/swaps", text, sizeof text)) return true;
    const char *end = strchr(text, '\n');
    return end != NULL && end[1] != '\0';
}

static bool is_missing(int directory, const char *file) {
    return faccessat(directory, file, F_OK, 0) != 0 && errno == ENOENT;
}

static bool limit_v1(const struct job_groups *made, const struct yett_job *job) {
    int directory = made->directories[memory];
    uint64_t quota = (uint64_t)job->processor_thousandths * quota_period / 1000;
    if (!set(directory, "memory.limit_in_bytes", job->memory_bytes)) return false;
    if (is_missing(directory, "memory.memsw.limit_in_bytes")) {
        if (has_swap()) return false;
    } else if (!set(directory, "memory.memsw.limit_in_bytes", job->memory_bytes)) {
        return false;
    }
    return set(made->directories[processes], "pids.max", job->processes + own_processes)
        && set(made->directories[processor], "cpu.cfs_period_us", quota_period)
        && set(made->directories[processor], "cpu.cfs_quota_us", quota < 1000 ? 1000 : quota);
}

static bool limit_v2(const struct job_groups *made, const struct yett_job *job) {
    int directory = made->directories[unified];
    uint64_t quota = (uint64_t)job->processor_thousandths * quota_period / 1000;
    char text[64];
    snprintf(text, sizeof text, "%llu %llu", (unsigned long long)(quota < 1000 ? 1000 : quota),
             (unsigned long long)quota_period);
    if (!set(directory, "memory.max", job->memory_bytes) || !put(directory, "memory.oom.group", "1")) return false;
    if (is_missing(directory, "memory.swap.max") ? has_swap() : !set(directory, "memory.swap.max", 0)) return false;
    return set(directory, "pids.max", job->processes + own_processes) && put(directory, "cpu.max", text);
}

static void drop(const struct groups *groups, struct job_groups *made) {
    for (int index = 0; index < groups_per_job; index++) {
        if (made->directories[index] < 0) continue;
        close(made->directories[index]);
        made->directories[index] = -1;
        unlinkat(groups->bases[index], made->name, AT_REMOVEDIR);
    }
}

static bool make_directories(const struct groups *groups, struct job_groups *made) {
    for (int index = 0; index < groups_per_job; index++) made->directories[index] = -1;
    for (int index = 0; index < groups_per_job; index++) {
        if (groups->bases[index] < 0) continue;
        if (mkdirat(groups->bases[index], made->name, 0755) != 0) return false;
        made->directories[index] =
            openat(groups->bases[index], made->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (made->directories[index] < 0) {
            unlinkat(groups->bases[index], made->name, AT_REMOVEDIR);
            return false;
        }
    }
    return true;
}

int groups_make(const struct groups *groups, const struct yett_job *job, struct job_groups *made, int *lists) {
    memset(made, 0, sizeof *made);
    snprintf(made->name, sizeof made->name, "%llu", (unsigned long long)job->number);
    bool is_good = make_directories(groups, made);
    if (is_good && groups->kind == yett_groups_v1) is_good = limit_v1(made, job);
    if (is_good && groups->kind == yett_groups_v2) is_good = limit_v2(made, job);
    int count = 0;
    for (int index = 0; index < groups_per_job && is_good; index++) {
        if (made->directories[index] < 0) continue;
        lists[count] = openat(made->directories[index], "cgroup.procs", O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
        is_good = lists[count] >= 0;
        if (is_good) count++;
    }
    if (is_good) return count;
    while (count > 0) close(lists[--count]);
    drop(groups, made);
    return -1;
}

void groups_kill(const struct groups *groups, const struct job_groups *made) {
    if (groups->is_atomic && made->directories[unified] >= 0) put(made->directories[unified], "cgroup.kill", "1");
}

void groups_count(const struct groups *groups, struct job_groups *made) {
    char text[4096];
    if (groups->kind == yett_groups_v1) {
        int directory = made->directories[memory];
        if (get(directory, "memory.oom_control", text, sizeof text)) made->memory_kills = number_after(text, "oom_kill ");
        if (get(directory, "memory.max_usage_in_bytes", text, sizeof text)) made->peak_memory = strtoull(text, NULL, 10);
    } else if (groups->kind == yett_groups_v2) {
        int directory = made->directories[unified];
        if (get(directory, "memory.events", text, sizeof text)) made->memory_kills = number_after(text, "oom_kill ");
        if (get(directory, "memory.peak", text, sizeof text)) made->peak_memory = strtoull(text, NULL, 10);
    }
}

bool groups_remove(const struct groups *groups, struct job_groups *made) {
    bool is_gone = true;
    for (int index = 0; index < groups_per_job; index++) {
        if (made->directories[index] < 0) continue;
        if (unlinkat(groups->bases[index], made->name, AT_REMOVEDIR) == 0 || errno == ENOENT) {
            close(made->directories[index]);
            made->directories[index] = -1;
        } else {
            is_gone = false;
        }
    }
    return is_gone;
}

// When a process started, in the kernel's ticks; 0 when there is none.
static uint64_t start_of(long process) {
    char path[48], text[1024];
    snprintf(path, sizeof path, "/proc/%ld/stat", process);
    if (!get(AT_FDCWD, path, text, sizeof text)) return 0;
    const char *at = strrchr(text, ')');
    for (int field = 2; at != NULL && field < 22; field++) at = strchr(at + 1, ' ');
    return at != NULL ? strtoull(at + 1, NULL, 10) : 0;
}

static void remove_children(int directory) {
    int copy = dup(directory);
    DIR *entries = copy >= 0 ? fdopendir(copy) : NULL;
    if (entries == NULL) {
        if (copy >= 0) close(copy);
        return;
    }
    struct dirent *entry;
    while ((entry = readdir(entries)) != NULL) {
        if (entry->d_type != DT_DIR || entry->d_name[0] == '.') continue;
        int child = openat(directory, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (child < 0) continue;
        put(child, "cgroup.kill", "1");
        close(child);
        unlinkat(directory, entry->d_name, AT_REMOVEDIR);
    }
    closedir(entries);
}

// Removes the directories of launchers that are no more.
static void sweep(int parent) {
    int copy = dup(parent);
    DIR *entries = copy >= 0 ? fdopendir(copy) : NULL;
    if (entries == NULL) {
        if (copy >= 0) close(copy);
        return;
    }
    rewinddir(entries);
    struct dirent *entry;
    while ((entry = readdir(entries)) != NULL) {
        char *end = NULL;
        long process = strtol(entry->d_name, &end, 10);
        if (process <= 0 || *end != '-' || start_of(process) == strtoull(end + 1, NULL, 10)) continue;
        int base = openat(parent, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (base < 0) continue;
        remove_children(base);
        close(base);
        unlinkat(parent, entry->d_name, AT_REMOVEDIR);
    }
    closedir(entries);
}

static void own_name(char *name, size_t capacity) {
    snprintf(name, capacity, "%ld-%llu", (long)getpid(), (unsigned long long)start_of(getpid()));
}

static void close_base(struct groups *groups, int index) {
    char name[64];
    own_name(name, sizeof name);
    if (groups->bases[index] >= 0) {
        remove_children(groups->bases[index]);
        close(groups->bases[index]);
        unlinkat(groups->parents[index], name, AT_REMOVEDIR);
    }
    if (groups->parents[index] >= 0) close(groups->parents[index]);
    if (groups->above[index] >= 0) {
        unlinkat(groups->above[index], shared, AT_REMOVEDIR);
        close(groups->above[index]);
    }
    groups->bases[index] = groups->parents[index] = groups->above[index] = -1;
}

void groups_close(struct groups *groups) {
    for (int index = 0; index < groups_per_job; index++) close_base(groups, index);
    groups->kind = yett_groups_none;
    groups->is_atomic = false;
}

static bool open_base(struct groups *groups, int index, const char *path) {
    char name[64];
    own_name(name, sizeof name);
    groups->above[index] = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (groups->above[index] < 0) return false;
    // Another launcher that ends may just have removed the directory that is shared with it.
    for (int attempt = 0; attempt < 5; attempt++) {
        if (mkdirat(groups->above[index], shared, 0755) != 0 && errno != EEXIST) break;
        int parent = openat(groups->above[index], shared, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (parent < 0) continue;
        sweep(parent);
        if (mkdirat(parent, name, 0755) != 0) {
            close(parent);
            continue;
        }
        groups->parents[index] = parent;
        groups->bases[index] = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (groups->bases[index] >= 0) return true;
        unlinkat(parent, name, AT_REMOVEDIR);
        break;
    }
    close_base(groups, index);
    return false;
}

// This process's own group of a controller, or of the unified hierarchy for an empty name.
static bool own_path(const char *controller, char *path, size_t capacity) {
    char text[8192], wanted[64];
    if (!get(AT_FDCWD, "/proc/self/cgroup", text, sizeof text)) return false;
    snprintf(wanted, sizeof wanted, ":%s:/", controller);
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        const char *colon = strchr(line, ':');
        if (colon == NULL || strncmp(colon, wanted, strlen(wanted)) != 0) continue;
        const char *found = colon + strlen(wanted) - 1;
        if (strstr(found, "..") != NULL || strlen(found) >= capacity) return false;
        strcpy(path, found);
        return true;
    }
    return false;
}

static void tidy(const char *mount, const char *controller) {
    char path[4096], whole[4300];
    if (!own_path(controller, path, sizeof path)) strcpy(path, "/");
    const char *const places[] = {path, "/"};
    for (int index = 0; index < 2; index++)
        if (snprintf(whole, sizeof whole, "%s%s/%s", mount, places[index], shared) < (int)sizeof whole) rmdir(whole);
}

void yett_groups_tidy(void) {
    char mount[64];
    for (int index = memory; index <= processor; index++) {
        snprintf(mount, sizeof mount, "/sys/fs/cgroup/%s", controllers[index]);
        tidy(mount, controllers[index]);
    }
    tidy("/sys/fs/cgroup/unified", "");
    tidy("/sys/fs/cgroup", "");
}

static const struct yett_job trial = {
    .processor_thousandths = 1000,
    .memory_bytes = 64 << 20,
    .processes = 8,
};

// Whether limits can be set and read back: the only way to know.
static bool is_usable(struct groups *groups) {
    struct job_groups made;
    int lists[groups_per_job];
    int count = groups_make(groups, &trial, &made, lists);
    if (count < 0) return false;
    groups->is_atomic = made.directories[unified] >= 0 && !is_missing(made.directories[unified], "cgroup.kill");
    while (count > 0) close(lists[--count]);
    return groups_remove(groups, &made);
}

static bool try_v2(struct groups *groups, const char *mount, const char *path) {
    char whole[4200];
    if (snprintf(whole, sizeof whole, "%s%s", mount, path) >= (int)sizeof whole) return false;
    if (!open_base(groups, unified, whole)) return false;
    static const char all[] = "+memory +pids +cpu";
    groups->kind = yett_groups_v2;
    // The last write fails where those before did not bring the controllers.
    put(groups->above[unified], "cgroup.subtree_control", all);
    put(groups->parents[unified], "cgroup.subtree_control", all);
    if (put(groups->bases[unified], "cgroup.subtree_control", all) && is_usable(groups)) return true;
    groups_close(groups);
    return false;
}

static bool try_v1(struct groups *groups, bool below_own) {
    char path[4096], whole[4200];
    for (int index = memory; index <= processor; index++) {
        if (!own_path(controllers[index], path, sizeof path) || !below_own) strcpy(path, "/");
        snprintf(whole, sizeof whole, "/sys/fs/cgroup/%s%s", controllers[index], path);
        if (!open_base(groups, index, whole)) {
            groups_close(groups);
            return false;
        }
    }
    groups->kind = yett_groups_v1;
    // The unified hierarchy beside it has no controllers, but its kill.
    if (!own_path("", path, sizeof path)) strcpy(path, "/");
    snprintf(whole, sizeof whole, "/sys/fs/cgroup/unified%s", path);
    open_base(groups, unified, whole);
    if (is_usable(groups)) return true;
    groups_close(groups);
    return false;
}

void groups_clear(struct groups *groups) {
    groups->kind = yett_groups_none;
    groups->is_atomic = false;
    for (int index = 0; index < groups_per_job; index++)
        groups->bases[index] = groups->parents[index] = groups->above[index] = -1;
}

void groups_open(struct groups *groups) {
    static const char *const mounts[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
    groups_clear(groups);
    char path[4096];
    if (!own_path("", path, sizeof path)) strcpy(path, "/");
    for (size_t index = 0; index < 2; index++) {
        // Only where that is the unified hierarchy.
        char list[64];
        snprintf(list, sizeof list, "%s/cgroup.controllers", mounts[index]);
        if (access(list, F_OK) != 0) continue;
        if (try_v2(groups, mounts[index], path) || try_v2(groups, mounts[index], "/")) return;
    }
    if (!try_v1(groups, true)) try_v1(groups, false);
}
