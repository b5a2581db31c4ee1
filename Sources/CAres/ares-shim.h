// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#pragma once

#include <ares.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

/// Names the calling thread, as tools for processes show it. At most 15 bytes are kept.
static inline void cares_name_thread(const char *name) {
    prctl(PR_SET_NAME, (unsigned long)name, 0UL, 0UL, 0UL);
}
