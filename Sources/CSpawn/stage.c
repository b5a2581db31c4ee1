// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Prepares host paths for a launch by root under another user id: each is cloned into a private mount namespace with
// its owner mapped to the launch user, so that nothing on the disk changes hands and no parent directory must be open.
#define _GNU_SOURCE
#include "stage.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Declared by hand: the C library and the kernel headers of older systems disagree about where these live.
extern int mount(const char *, const char *, const char *, unsigned long, const void *);
enum {
    ms_nosuid = 2,
    ms_nodev = 4,
    ms_recursive = 16384,
    ms_slave = 1 << 19,
    open_tree_clone = 1,
    move_mount_from_empty_path = 4,
    resolve_no_magic_links = 2,
    resolve_no_symlinks = 4,
};
enum { attribute_nosuid = 0x2, attribute_nodev = 0x4, attribute_idmap = 0x100000 };
struct open_how_v0 {
    uint64_t flags, mode, resolve;
};
struct mount_attributes_v0 {
    uint64_t set, clear, propagation, user_namespace;
};
enum { sys_open_tree = 428, sys_move_mount = 429, sys_openat2 = 437, sys_mount_setattr = 442 };

int yett_open_path(const char *path) {
    struct open_how_v0 how = {
        .flags = O_PATH | O_CLOEXEC | O_NOFOLLOW,
        .resolve = resolve_no_symlinks | resolve_no_magic_links,
    };
    return (int)syscall(sys_openat2, AT_FDCWD, path, &how, sizeof how);
}

static size_t append_number(char *out, uint64_t number) {
    char digits[20];
    size_t count = 0;
    do digits[count++] = (char)('0' + number % 10);
    while ((number /= 10) != 0);
    for (size_t index = 0; index < count; index++) out[index] = digits[count - 1 - index];
    return count;
}

static int write_map(pid_t process, const char *file, uint32_t from, uint32_t to) {
    char path[64] = "/proc/";
    size_t length = 6 + append_number(path + 6, (uint64_t)process);
    strcpy(path + length, file);
    char map[48];
    size_t size = append_number(map, from);
    map[size++] = ' ';
    size += append_number(map + size, to);
    memcpy(map + size, " 1\n", 3);
    size += 3;
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return -1;
    ssize_t written = write(descriptor, map, size);
    int error = errno;
    close(descriptor);
    errno = error;
    return written == (ssize_t)size ? 0 : -1;
}

// A user namespace that maps one on-disk owner to the launch user; made by a child that lives until it is opened.
static int identity_map(const struct yett_mount *mount, uint32_t user, uint32_t group) {
    int ready[2], done[2];
    if (pipe2(ready, O_CLOEXEC) != 0 || pipe2(done, O_CLOEXEC) != 0) return -1;
    pid_t helper = fork();
    if (helper < 0) return -1;
    if (helper == 0) {
        close(done[1]);
        char byte = unshare(CLONE_NEWUSER) == 0 ? 'y' : 'n';
        if (write(ready[1], &byte, 1) == 1) (void)!read(done[0], &byte, 1);
        _exit(0);
    }
    close(ready[1]);
    close(done[0]);
    char byte = 'n';
    int descriptor = -1;
    if (read(ready[0], &byte, 1) != 1 || byte != 'y') {
        errno = EPERM;
    } else if (write_map(helper, "/uid_map", mount->owner, user) == 0
               && write_map(helper, "/gid_map", mount->group, group) == 0) {
        char path[64] = "/proc/";
        size_t length = 6 + append_number(path + 6, (uint64_t)helper);
        strcpy(path + length, "/ns/user");
        descriptor = open(path, O_RDONLY | O_CLOEXEC);
    }
    int error = errno;
    close(done[1]);
    close(ready[0]);
    while (waitpid(helper, NULL, 0) < 0 && errno == EINTR) continue;
    errno = error;
    return descriptor;
}

static int prepare(const struct yett_mount *wanted, uint32_t user, uint32_t group) {
    int source = yett_open_path(wanted->source);
    if (source < 0) return yett_step_source;
    struct stat status;
    if (fstat(source, &status) != 0) return yett_step_source;
    if ((uint64_t)status.st_dev != wanted->device || (uint64_t)status.st_ino != wanted->inode) {
        errno = ESTALE;
        return yett_step_source_changed;
    }
    int tree = (int)syscall(sys_open_tree, source, "", AT_EMPTY_PATH | open_tree_clone | O_CLOEXEC);
    close(source);
    if (tree < 0) return yett_step_idmapped_mount;
    int space = identity_map(wanted, user, group);
    if (space < 0) return yett_step_identity_map;
    struct mount_attributes_v0 attributes = {
        .set = attribute_nosuid | attribute_nodev | attribute_idmap,
        .user_namespace = (uint64_t)space,
    };
    if (syscall(sys_mount_setattr, tree, "", AT_EMPTY_PATH, &attributes, sizeof attributes) != 0) {
        if (errno != EINVAL || wanted->needs_map) return yett_step_idmapped_mount;
        attributes.set &= ~(uint64_t)attribute_idmap;
        attributes.user_namespace = 0;
        if (syscall(sys_mount_setattr, tree, "", AT_EMPTY_PATH, &attributes, sizeof attributes) != 0)
            return yett_step_idmapped_mount;
    }
    close(space);
    if (wanted->is_directory) {
        if (mkdir(wanted->target, 0755) != 0) return yett_step_stage;
    } else {
        int file = open(wanted->target, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
        if (file < 0) return yett_step_stage;
        close(file);
    }
    if (syscall(sys_move_mount, tree, "", AT_FDCWD, wanted->target, move_mount_from_empty_path) != 0)
        return yett_step_stage;
    close(tree);
    return yett_step_none;
}

int yett_stage(const struct yett_spawn *spawn, int *index) {
    if (unshare(CLONE_NEWNS) != 0) return yett_step_mount_namespace;
    if (mount("none", "/", NULL, ms_recursive | ms_slave, NULL) != 0) return yett_step_mount_namespace;
    if (mount("tmpfs", spawn->stage, "tmpfs", ms_nosuid | ms_nodev, "mode=0755,size=1m") != 0) return yett_step_stage;
    for (size_t number = 0; number < spawn->mount_count; number++) {
        int step = prepare(&spawn->mounts[number], spawn->user, spawn->group);
        if (step != yett_step_none) {
            *index = (int)number;
            return step;
        }
    }
    return yett_step_none;
}
