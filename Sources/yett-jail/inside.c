// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// The first process inside: proves the walls, opens the loopback listeners and hands them out, sets limits, becomes the
// program. Messages to the launcher: `L` with both listeners, `W layer` a wall leaks, `S what` set-up failed,
// `X` about to execute, `E number` executing failed. The launcher answers `L` with one byte once the relay runs.
#define _GNU_SOURCE
#include "jail.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { close_on_exec_range = 4 };

static int listener(unsigned port) {
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return -1;
    int yes = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    // Accepted connections inherit it: the relay writes what it has, so waiting for more only adds delay.
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) != 0 || listen(descriptor, 512) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

static void say(int control, char kind, const char *text) {
    char message[512];
    int length = snprintf(message, sizeof message, "%c%s", kind, text);
    if (length < 0) return;
    size_t size = (size_t)length < sizeof message ? (size_t)length : sizeof message - 1;
    (void)!send(control, message, size, MSG_NOSIGNAL);
}

static int failed(int control, const char *what) {
    char text[256];
    snprintf(text, sizeof text, "%s: %s", what, strerror(errno));
    say(control, 'S', text);
    return exit_setup;
}

static bool hand_out(int control, int http, int socks) {
    int descriptors[2] = {http, socks};
    union {
        struct cmsghdr alignment;
        char space[CMSG_SPACE(sizeof descriptors)];
    } ancillary;
    memset(&ancillary, 0, sizeof ancillary);
    char kind = 'L';
    struct iovec part = {.iov_base = &kind, .iov_len = 1};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &ancillary, .msg_controllen = sizeof ancillary};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof descriptors);
    memcpy(CMSG_DATA(header), descriptors, sizeof descriptors);
    return sendmsg(control, &message, MSG_NOSIGNAL) == 1;
}

static bool limit(int resource, uint64_t value) {
    if (value == 0) return true;
    struct rlimit current;
    if (getrlimit((__rlimit_resource_t)resource, &current) != 0) return false;
    if (current.rlim_max != RLIM_INFINITY && value > current.rlim_max) value = current.rlim_max;
    struct rlimit wanted = {value, value};
    return setrlimit((__rlimit_resource_t)resource, &wanted) == 0;
}

// The limit on core dumps was set before: the filters leave it alone from then on.
static bool limits(const struct configuration *configuration) {
    return limit(RLIMIT_NPROC, configuration->processes) && limit(RLIMIT_NOFILE, configuration->open_files)
        && limit(RLIMIT_FSIZE, configuration->file_bytes)
        && limit(RLIMIT_AS, configuration->memory_bytes);
}

// The paths were resolved again when they were mounted; what is there now must be what was judged.
static const char *changed_path(const struct configuration *configuration) {
    for (size_t index = 0; index < configuration->judged_count; index++) {
        const struct judged_path *judged = &configuration->judged[index];
        struct stat status;
        if (lstat(judged->path, &status) != 0 || (uint64_t)status.st_dev != judged->device
            || (uint64_t)status.st_ino != judged->inode)
            return judged->path;
    }
    return NULL;
}

int inside(int control, int descriptor) {
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    // Only the control channel stays, and it closes when the program starts.
    struct configuration configuration;
    errno = EINVAL;
    bool is_read = configuration_read(descriptor, &configuration);
    close(descriptor);
    if (!is_read) return failed(control, "reading the launch configuration");
    if (control > 3) syscall(SYS_close_range, 3U, (unsigned)control - 1, 0U);
    if (syscall(SYS_close_range, (unsigned)control + 1, ~0U, 0U) != 0
        || syscall(SYS_close_range, 3U, ~0U, close_on_exec_range) != 0)
        return failed(control, "closing inherited descriptors");
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return failed(control, "setting the parent-death signal");

    if (!landlock_apply(&configuration)) return failed(control, "applying Landlock");
    const char *changed = changed_path(&configuration);
    if (changed != NULL) {
        errno = ESTALE;
        return failed(control, changed);
    }
    const char *leak = self_test(&configuration, control);
    if (leak != NULL) {
        say(control, 'W', leak);
        return exit_setup;
    }

    int http = listener(configuration.http_port), socks = listener(configuration.socks_port);
    if (http < 0 || socks < 0) return failed(control, "listening on the loopback interface");
    if (!hand_out(control, http, socks)) return failed(control, "handing the listeners to the relay");
    close(http);
    close(socks);
    char answer;
    if (recv(control, &answer, 1, 0) != 1) return exit_setup;
    if (!limits(&configuration)) return failed(control, "setting resource limits");

    umask(022);
    say(control, 'X', "");
    execve(configuration.program, (char *const *)configuration.arguments.items,
           (char *const *)configuration.environment.items);
    int error = errno;
    char text[16];
    snprintf(text, sizeof text, "%d", error);
    say(control, 'E', text);
    return error == ENOENT ? exit_not_found : exit_not_executable;
}
