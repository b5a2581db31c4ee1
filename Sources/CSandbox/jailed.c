// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Sockets in a directory that a jailed process can change: whatever lies there may be a link to a socket of somebody
// else's, and may become one at any time.
#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int connect_held(int file, uint32_t user, pid_t *process) {
    struct stat status;
    if (fstat(file, &status) != 0) return -1;
    if (!S_ISSOCK(status.st_mode) || status.st_uid != user) {
        errno = EPERM;
        return -1;
    }
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return -1;
    // By way of the descriptor: the file is the one that was looked at, and its path is never too long.
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d", file);
    struct ucred peer = {0};
    socklen_t size = sizeof peer;
    int error = connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0 ? errno : 0;
    if (error == 0) {
        if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || peer.uid != user) error = EPERM;
        *process = peer.pid;
    }
    if (error == 0) return descriptor;
    close(descriptor);
    errno = error;
    return -1;
}

int yett_connect_jailed(int directory, const char *name, uint32_t user, pid_t *process) {
    int file = openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0) return -1;
    int descriptor = connect_held(file, user, process);
    int error = errno;
    close(file);
    errno = error;
    return descriptor;
}
