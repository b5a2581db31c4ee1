// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#ifndef YETT_GATE_SUPPORT_H
#define YETT_GATE_SUPPORT_H

#include <stdint.h>

/// Connects as another user, as the other side sees it; takes root. Files are still found as root finds them, and the
/// thread is root again afterwards. Returns 0, or -1 with errno.
/// `address` is a socket address of `size` bytes.
int yett_connect_as(int descriptor, const void *address, uint32_t size, uint32_t user);

#endif
