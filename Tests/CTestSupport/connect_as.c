// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#define _GNU_SOURCE

#include "CTestSupport.h"

#include <errno.h>
#include <sys/fsuid.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int yett_connect_as(int descriptor, const void *address, uint32_t size, uint32_t user) {
    // The bare system call changes this thread alone; the library's function would change all of them.
    if (syscall(SYS_setresuid, -1, user, -1) != 0) return -1;
    setfsuid(0);
    int result = connect(descriptor, address, size);
    int code = errno;
    if (syscall(SYS_setresuid, -1, 0, -1) != 0) _exit(70);
    setfsuid(0);
    errno = code;
    return result;
}
