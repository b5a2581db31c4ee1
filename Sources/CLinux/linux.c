// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#include "CLinux.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

// SCM_MAX_FD of the kernel.
enum { most_descriptors = 253 };

static int send_to(int socket, const struct sockaddr_un *target, socklen_t length, const void *bytes, size_t count,
                   const int *descriptors, size_t descriptor_count) {
    struct iovec vector = {.iov_base = (void *)bytes, .iov_len = count};
    struct msghdr message = {
        .msg_name = (void *)target, .msg_namelen = length, .msg_iov = &vector, .msg_iovlen = 1};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * most_descriptors)];
    } control;
    if (descriptor_count > 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * descriptor_count);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * descriptor_count);
        memcpy(CMSG_DATA(header), descriptors, sizeof(int) * descriptor_count);
    }
    ssize_t sent;
    do sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -1 : 0;
}

int yett_send_datagram(const void *address, size_t address_count, const void *bytes, size_t count,
                       const int *descriptors, size_t descriptor_count) {
    struct sockaddr_un target = {.sun_family = AF_UNIX};
    if (address_count == 0 || address_count >= sizeof target.sun_path || descriptor_count > most_descriptors) {
        errno = EINVAL;
        return -1;
    }
    memcpy(target.sun_path, address, address_count);
    // An abstract name ends with the length, a path with a zero byte.
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + address_count);
    if (target.sun_path[0] != 0) length += 1;
    int sender = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (sender < 0) return -1;
    struct timeval patience = {.tv_sec = 1};
    setsockopt(sender, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    int result = send_to(sender, &target, length, bytes, count, descriptors, descriptor_count);
    int error = errno;
    close(sender);
    errno = error;
    return result;
}
