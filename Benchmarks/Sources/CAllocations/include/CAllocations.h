// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#ifndef YETT_ALLOCATIONS_H
#define YETT_ALLOCATIONS_H

#include <stdint.h>

/// How many blocks the calling thread has asked the heap for.
uint64_t yett_allocations(void);

#endif
