// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Calls of the Linux kernel that the Glibc module does not offer.
#ifndef YETT_CLINUX_H
#define YETT_CLINUX_H

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/xattr.h>
#include <unistd.h>

// pidfd_open(2): a descriptor that becomes readable when the process ends; -1 with errno on failure.
static inline int yett_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

// What stat(2) says, in a type of our own: Swift takes struct stat for that of whichever module came first.
struct yett_file_status {
    uint32_t mode;
    uint32_t uid;
    uint64_t device;
    uint64_t number;
    int64_t size;
    int64_t modified_seconds;
    int64_t modified_nanoseconds;
    int64_t changed_seconds;
    int64_t changed_nanoseconds;
};

static inline int yett_report_status(int result, const struct stat *found, struct yett_file_status *status) {
    if (result != 0) return -1;
    status->mode = found->st_mode;
    status->uid = found->st_uid;
    status->device = found->st_dev;
    status->number = found->st_ino;
    status->size = found->st_size;
    status->modified_seconds = found->st_mtim.tv_sec;
    status->modified_nanoseconds = found->st_mtim.tv_nsec;
    status->changed_seconds = found->st_ctim.tv_sec;
    status->changed_nanoseconds = found->st_ctim.tv_nsec;
    return 0;
}

// fstatat(2); 0, or -1 with errno.
static inline int yett_file_status(int directory, const char *path, int flags, struct yett_file_status *status) {
    struct stat found;
    int result = fstatat(directory, path, &found, flags);
    return yett_report_status(result, &found, status);
}

// fstat(2); 0, or -1 with errno.
static inline int yett_open_file_status(int descriptor, struct yett_file_status *status) {
    struct stat found;
    int result = fstat(descriptor, &found);
    return yett_report_status(result, &found, status);
}

// Sends one datagram to a Unix socket, with descriptors beside it (SCM_RIGHTS); 0, or -1 with errno. Waits for a second at
// most when the receiver is busy.
//
// `address` is a path, or begins with a zero byte for an abstract name; at most 107 bytes. At most 253 descriptors.
int yett_send_datagram(const void *address, size_t address_count, const void *bytes, size_t count,
                       const int *descriptors, size_t descriptor_count);

#endif
