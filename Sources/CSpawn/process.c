// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Handles of processes, and the descriptors that they are given.
#define _GNU_SOURCE
#include "CSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int yett_memory_file(const char *name) {
    return memfd_create(name, MFD_CLOEXEC);
}

int yett_sealable_memory_file(const char *name) {
    return memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

int yett_seal(int descriptor) {
    return fcntl(descriptor, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
}

int yett_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC | O_NONBLOCK);
}

ssize_t yett_send_descriptors(int socket, const void *bytes, size_t length, const int *descriptors, size_t count) {
    enum { most = 128 };
    union {
        struct cmsghdr alignment;
        char space[CMSG_SPACE(most * sizeof(int))];
    } ancillary;
    if (count == 0 || count > most) {
        errno = EINVAL;
        return -1;
    }
    memset(&ancillary, 0, sizeof ancillary);
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = length};
    struct msghdr message = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = &ancillary,
        .msg_controllen = CMSG_SPACE(count * sizeof(int)),
    };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(header), descriptors, count * sizeof(int));
    ssize_t sent;
    do sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent;
}

int yett_pidfd_open(pid_t process) {
    int descriptor = (int)syscall(SYS_pidfd_open, process, 0);
    return descriptor;
}

int yett_pidfd_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

int yett_become_subreaper(void) {
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

int yett_wait(pid_t process, bool blocks, int *code, int *signal) {
    int status = 0;
    pid_t ended;
    do ended = waitpid(process, &status, blocks ? 0 : WNOHANG);
    while (ended < 0 && errno == EINTR);
    if (ended < 0) return -1;
    if (ended == 0) return 0;
    *code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    *signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return 1;
}
