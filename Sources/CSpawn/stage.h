// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#ifndef YETT_STAGE_H
#define YETT_STAGE_H

#include "CSpawn.h"

// Gives the calling process a mount namespace of its own and prepares the mounts in it. Called after fork, as root.
// Returns the failed step (errno set, `mount` the index concerned) or yett_step_none.
int yett_stage(const struct yett_spawn *spawn, int *mount);

#endif
