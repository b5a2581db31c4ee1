// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Calls of the Linux kernel that the Glibc module does not offer.
#ifndef YETT_CLINUX_H
#define YETT_CLINUX_H

#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/xattr.h>
#include <unistd.h>

// pidfd_open(2): a descriptor that becomes readable when the process ends; -1 with errno on failure.
static inline int yett_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

#endif
