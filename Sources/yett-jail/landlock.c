// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// A second wall behind the mounts: even a mount that should have been read-only cannot be changed.
#define _GNU_SOURCE
#include "jail.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// From the kernel's documentation of Landlock, by the ABI version that brought them; older headers lack some.
enum {
    call_create_ruleset = 444,
    call_add_rule = 445,
    call_restrict_self = 446,
    want_version = 1,
    rule_path_beneath = 1,
};
enum {
    write_file = 1 << 1,
    remove_directory = 1 << 4,
    remove_file = 1 << 5,
    make_any = 0x7f << 6,   // character device, directory, regular file, socket, fifo, block device, symbolic link
    refer = 1 << 13,        // ABI 2
    truncate_file = 1 << 14,   // ABI 3
    scope_abstract_unix_socket = 1 << 0,   // ABI 6
    scope_signal = 1 << 1,   // ABI 6
};
struct ruleset {
    uint64_t files;
    uint64_t network;
    uint64_t scopes;
};
struct path_rule {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

static bool allow(int ruleset, int parent, uint64_t rights) {
    struct stat status;
    if (fstat(parent, &status) != 0) return false;
    if (!S_ISDIR(status.st_mode)) rights &= write_file | truncate_file;
    struct path_rule rule = {.allowed = rights, .parent = parent};
    return syscall(call_add_rule, ruleset, rule_path_beneath, &rule, 0) == 0;
}

bool landlock_apply(const struct configuration *configuration) {
    long version = syscall(call_create_ruleset, NULL, 0, want_version);
    if (version < 0) return errno == ENOSYS || errno == EOPNOTSUPP;
    uint64_t rights = write_file | remove_directory | remove_file | make_any;
    if (version >= 2) rights |= refer;
    if (version >= 3) rights |= truncate_file;
    struct ruleset handled = {
        .files = rights,
        .scopes = version >= 6 ? scope_abstract_unix_socket | scope_signal : 0,
    };
    size_t size = version >= 6 ? sizeof handled : version >= 4 ? 16 : 8;
    int ruleset = (int)syscall(call_create_ruleset, &handled, size, 0);
    if (ruleset < 0) return false;
    for (size_t index = 0; index < configuration->writable.count; index++) {
        int path = open(configuration->writable.items[index], O_PATH | O_CLOEXEC);
        bool is_allowed = path >= 0 && allow(ruleset, path, rights);
        int error = errno;
        if (path >= 0) close(path);
        errno = error;
        if (!is_allowed) return false;
    }
    // A terminal or a file behind a standard descriptor may be opened again through /dev/stdout, for writing only if it
    // came open for writing. Pipes and sockets are on internal file systems, where no rule is needed or accepted.
    for (int standard = 0; standard <= 2; standard++) {
        int mode = fcntl(standard, F_GETFL);
        if (mode >= 0 && (mode & O_ACCMODE) != O_RDONLY) (void)allow(ruleset, standard, rights);
    }
    if (syscall(call_restrict_self, ruleset, 0) != 0) return false;
    close(ruleset);
    return true;
}
