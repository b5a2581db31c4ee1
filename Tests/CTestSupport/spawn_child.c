// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#define _GNU_SOURCE

#include "CTestSupport.h"

#include <signal.h>
#include <spawn.h>

int yett_spawn_child(const char *path, char *const arguments[], char *const environment[], const char *directory,
                     const int streams[3], pid_t *child) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0) return code;
    if ((code = posix_spawnattr_init(&attributes)) != 0) goto end_actions;
    for (int number = 0; number < 3 && code == 0; number++)
        if (streams[number] >= 0) code = posix_spawn_file_actions_adddup2(&actions, streams[number], number);
    if (code == 0) code = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (code == 0 && directory) code = posix_spawn_file_actions_addchdir_np(&actions, directory);
    if (code == 0) code = posix_spawnattr_setsigmask(&attributes, &none);
    if (code == 0) code = posix_spawnattr_setsigdefault(&attributes, &all);
    if (code == 0) code = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (code == 0) code = posix_spawn(child, path, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
end_actions:
    posix_spawn_file_actions_destroy(&actions);
    return code;
}
