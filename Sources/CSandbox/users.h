// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// User ids of the host, one for each running sandbox.
#ifndef YETT_USERS_H
#define YETT_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { users_limit = 1000 };

struct users {
    uint32_t first;
    size_t count;
    int directory;                   // where claims are locked
    int claims[users_limit];         // an open and locked file for each id that is this launcher's; -1 otherwise
    bool is_taken[users_limit];
};

// Prepares the claims; NULL, or what is wrong.
const char *users_open(struct users *users, uint32_t first, size_t count);
// An id that no process bears, ended but unreaped ones included; 0 when there is none.
uint32_t users_take(struct users *users);
// Gives an id back; only after everything that bore it has been reaped.
void users_give_back(struct users *users, uint32_t user);

#endif
