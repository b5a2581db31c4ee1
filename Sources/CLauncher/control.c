// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// The descriptor channel between the launcher and the inside, and other calls that Swift cannot spell.
#define _GNU_SOURCE
#include "CLauncher.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

int yett_control_pair(int pair[2]) {
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) return -1;
    int yes = 1;
    return setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes);
}

ssize_t yett_control_receive(int control, char *bytes, size_t capacity, int descriptors[2], int *descriptor_count,
                             pid_t *process) {
    *descriptor_count = 0;
    union {
        struct cmsghdr alignment;
        char space[CMSG_SPACE(2 * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
    } ancillary;
    struct iovec part = {.iov_base = bytes, .iov_len = capacity};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &ancillary, .msg_controllen = sizeof ancillary};
    ssize_t length;
    do length = recvmsg(control, &message, MSG_CMSG_CLOEXEC);
    while (length < 0 && errno == EINTR);
    if (length < 0) return -1;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET) continue;
        if (header->cmsg_type == SCM_RIGHTS) {
            size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            int received[2];
            memcpy(received, CMSG_DATA(header), (count < 2 ? count : 2) * sizeof(int));
            for (size_t index = 0; index < count && index < 2; index++)
                descriptors[(*descriptor_count)++] = received[index];
        } else if (header->cmsg_type == SCM_CREDENTIALS) {
            struct ucred credentials;
            memcpy(&credentials, CMSG_DATA(header), sizeof credentials);
            *process = credentials.pid;
        }
    }
    if ((message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
        for (int index = 0; index < *descriptor_count; index++) close(descriptors[index]);
        *descriptor_count = 0;
        errno = EMSGSIZE;
        return -1;
    }
    return length;
}

int yett_abstract_listener(const char *name, size_t length) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (length + 1 > sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address.sun_path + 1, name, length);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) return -1;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length);
    if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 1) != 0) {
        close(listener);
        return -1;
    }
    return listener;
}

int yett_give_file(int descriptor, uint32_t user, uint32_t group) {
    return fchownat(descriptor, "", user, group, AT_EMPTY_PATH);
}

int yett_landlock_version(void) {
    long version = syscall(444 /* landlock_create_ruleset */, NULL, 0, 1);
    return version > 0 ? (int)version : 0;
}

int yett_lock(int descriptor) {
    return flock(descriptor, LOCK_EX | LOCK_NB);
}
