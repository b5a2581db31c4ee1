// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#ifndef YETT_TEST_SUPPORT_H
#define YETT_TEST_SUPPORT_H

#include <stdint.h>
#include <sys/types.h>

/// Connects as another user, as the other side sees it; takes root. Files are still found as root finds them, and the
/// thread is root again afterwards. Returns 0, or -1 with errno.
/// `address` is a socket address of `size` bytes.
int yett_connect_as(int descriptor, const void *address, uint32_t size, uint32_t user);

/// Starts a program with no descriptors but `streams` (-1: that of the caller) and no blocked or ignored signals.
/// `directory` is where it starts, NULL for that of the caller. Returns 0, or an error number.
int yett_spawn_child(const char *path, char *const arguments[], char *const environment[], const char *directory,
                     const int streams[3], pid_t *child);

#endif
