// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Tries the ways out before the program gets the chance. A try that succeeds, or that would succeed with patience,
// names the layer that failed to stop it.
#define _GNU_SOURCE
#include "jail.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <dirent.h>
#include <unistd.h>

static char found[256];

static const char *leak(const char *layer, const char *what) {
    snprintf(found, sizeof found, "%s: %s", layer, what);
    return found;
}

// A route exists when the kernel even tries; without one it refuses at once.
static bool reaches(int type, int family, const struct sockaddr *address, socklen_t length) {
    int descriptor = socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return false;
    bool is_reached;
    if (type == SOCK_STREAM) {
        int result = connect(descriptor, address, length);
        is_reached = result == 0 || errno == EINPROGRESS || errno == ECONNREFUSED || errno == ETIMEDOUT;
    } else {
        is_reached = sendto(descriptor, "\0\0\1\0\0\1\0\0\0\0\0\0", 12, MSG_NOSIGNAL, address, length) >= 0;
    }
    close(descriptor);
    return is_reached;
}

static const char *network(const struct configuration *configuration) {
    static const uint16_t ports[] = {22, 53, 80, 443};
    for (size_t index = 0; index < configuration->addresses.count; index++) {
        struct sockaddr_in address = {.sin_family = AF_INET};
        if (inet_pton(AF_INET, configuration->addresses.items[index], &address.sin_addr) != 1)
            return leak("configuration", "an address for the self-test is not an IPv4 address");
        for (size_t port = 0; port < sizeof ports / sizeof ports[0]; port++) {
            address.sin_port = htons(ports[port]);
            if (reaches(SOCK_STREAM, AF_INET, (struct sockaddr *)&address, sizeof address))
                return leak("network namespace", "a direct TCP connection leaves the sandbox");
            if (reaches(SOCK_DGRAM, AF_INET, (struct sockaddr *)&address, sizeof address))
                return leak("network namespace", "a UDP datagram leaves the sandbox");
        }
    }
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(53)};
    inet_pton(AF_INET6, "2606:4700:4700::1111", &six.sin6_addr);
    if (reaches(SOCK_STREAM, AF_INET6, (struct sockaddr *)&six, sizeof six)
        || reaches(SOCK_DGRAM, AF_INET6, (struct sockaddr *)&six, sizeof six))
        return leak("network namespace", "an IPv6 packet leaves the sandbox");
    FILE *devices = fopen("/proc/net/dev", "re");
    if (devices == NULL) return leak("proc", "/proc/net/dev cannot be read");
    char line[512];
    bool is_alone = true;
    for (int number = 0; fgets(line, sizeof line, devices) != NULL; number++)
        if (number >= 2 && strncmp(line + strspn(line, " "), "lo:", 3) != 0) is_alone = false;
    fclose(devices);
    return is_alone ? NULL : leak("network namespace", "there is an interface besides loopback");
}

static const char *families(void) {
    static const struct {
        int family, type, protocol;
        const char *what;
    } tries[] = {
        {AF_INET, SOCK_RAW, IPPROTO_ICMP, "a raw IPv4 socket opens"},
        {AF_INET6, SOCK_RAW, IPPROTO_ICMPV6, "a raw IPv6 socket opens"},
        {AF_PACKET, SOCK_RAW, 0, "a packet socket opens"},
        {AF_PACKET, SOCK_DGRAM, 0, "a packet socket opens"},
        {AF_NETLINK, SOCK_RAW, 4, "a socket-diagnosis netlink socket opens"},
        {AF_NETLINK, SOCK_RAW, 9, "an audit netlink socket opens"},
        {AF_NETLINK, SOCK_RAW, 12, "a netfilter netlink socket opens"},
        {AF_NETLINK, SOCK_RAW, 15, "a device-event netlink socket opens"},
        {AF_NETLINK, SOCK_RAW, 16, "a generic netlink socket opens"},
        {40, SOCK_STREAM, 0, "a vsock socket opens"},
        {38, SOCK_SEQPACKET, 0, "a kernel-crypto socket opens"},
        {44, SOCK_RAW, 0, "an XDP socket opens"},
        {31, SOCK_RAW, 1, "a Bluetooth socket opens"},
        {29, SOCK_RAW, 1, "a CAN socket opens"},
        {17 | 1 << 16, SOCK_RAW, 0, "a socket of an unknown family opens"},
    };
    for (size_t index = 0; index < sizeof tries / sizeof tries[0]; index++) {
        int descriptor = socket(tries[index].family, tries[index].type, tries[index].protocol);
        if (descriptor < 0) continue;
        close(descriptor);
        return leak("seccomp", tries[index].what);
    }
    return NULL;
}

static bool connects(const char *path, size_t length) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (length > sizeof address.sun_path) return false;
    memcpy(address.sun_path, path, length);
    static const int types[] = {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM};
    for (size_t index = 0; index < 3; index++) {
        int descriptor = socket(AF_UNIX, types[index] | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (descriptor < 0) continue;
        socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
        bool is_connected = connect(descriptor, (struct sockaddr *)&address, size) == 0 || errno == EAGAIN;
        // A socket that refuses this type is there all the same.
        is_connected = is_connected || errno == EPROTOTYPE;
        close(descriptor);
        if (is_connected) return true;
    }
    return false;
}

static const char *sockets(const struct configuration *configuration) {
    char name[108] = {0};
    size_t length = strlen(configuration->canary);
    if (length + 1 > sizeof name) return leak("configuration", "the canary's name is too long");
    memcpy(name + 1, configuration->canary, length);
    if (connects(name, length + 1)) return leak("network namespace", "an abstract Unix socket of the host answers");
    for (size_t index = 0; index < configuration->forbidden_sockets.count; index++) {
        const char *path = configuration->forbidden_sockets.items[index];
        if (connects(path, strlen(path) + 1)) {
            char what[200];
            snprintf(what, sizeof what, "the host's socket %.150s answers", path);
            return leak("mount namespace", what);
        }
    }
    return NULL;
}

// A call that must be refused by its number or arguments, whatever the state of the process.
static bool is_refused(long result) {
    return result < 0 && (errno == EPERM || errno == ENOSYS);
}

static const char *calls(void) {
    if (!is_refused(syscall(SYS_mount, "none", "/tmp", "tmpfs", 0, NULL))) return leak("seccomp", "mount is answered");
    if (!is_refused(syscall(SYS_umount2, "/tmp", 2))) return leak("seccomp", "umount is answered");
    if (!is_refused(syscall(SYS_unshare, 0))) return leak("seccomp", "unshare is answered");
    if (!is_refused(syscall(SYS_setns, -1, 0))) return leak("seccomp", "setns is answered");
    if (!is_refused(syscall(SYS_clone3, NULL, 0))) return leak("seccomp", "clone3 is answered");
    if (!is_refused(syscall(SYS_ptrace, PTRACE_TRACEME, 0, NULL, NULL))) return leak("seccomp", "ptrace is answered");
    if (!is_refused(syscall(SYS_process_vm_readv, 1, NULL, 0, NULL, 0, 0)))
        return leak("seccomp", "process_vm_readv is answered");
    if (!is_refused(syscall(SYS_io_uring_setup, 1, NULL))) return leak("seccomp", "io_uring is answered");
    if (!is_refused(syscall(SYS_openat2, -1, NULL, NULL, 0))) return leak("seccomp", "openat2 is answered");
    if (!is_refused(syscall(SYS_keyctl, 0, -3, 0, 0, 0))) return leak("seccomp", "keyctl is answered");
    if (!is_refused(syscall(SYS_bpf, 0, NULL, 0))) return leak("seccomp", "bpf is answered");
    if (!is_refused(syscall(SYS_perf_event_open, NULL, 0, 0, -1, 0))) return leak("seccomp", "perf is answered");
    if (!is_refused(syscall(SYS_open_by_handle_at, -1, NULL, 0)))
        return leak("seccomp", "open_by_handle_at is answered");
    if (!is_refused(ioctl(-1, TIOCSTI, "x"))) return leak("seccomp", "terminal injection is answered");
    if (!is_refused(syscall(SYS_ioctl, -1, 1ULL << 32 | TIOCSTI, "x")))
        return leak("seccomp", "terminal injection is answered when the request's upper half is set");
    pid_t process = (pid_t)syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL);
    if (process == 0) _exit(0);
    if (process > 0) return leak("seccomp", "a new user namespace can be made");
    return NULL;
}

static const char *files(void) {
    static const char *const closed[] = {
        "/proc/sys/kernel/core_pattern",
        "/proc/sys/vm/swappiness",
        "/proc/sysrq-trigger",
        "/proc/sys/net/ipv4/ip_forward",
    };
    for (size_t index = 0; index < sizeof closed / sizeof closed[0]; index++) {
        int descriptor = open(closed[index], O_WRONLY | O_CLOEXEC);
        if (descriptor < 0) continue;
        close(descriptor);
        return leak("proc", "a kernel setting opens for writing");
    }
    int environment = open("/proc/1/environ", O_RDONLY | O_CLOEXEC);
    if (environment >= 0) {
        char byte;
        ssize_t count = read(environment, &byte, 1);
        close(environment);
        if (count > 0) return leak("environment", "the first process shows an environment");
    }
    int root = open("/.yett-self-test", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (root >= 0) {
        close(root);
        unlink("/.yett-self-test");
        return leak("mount namespace", "the root directory is writable");
    }
    int file = open("/tmp/.yett-self-test", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return leak("mount namespace", "/tmp is not writable");
    bool is_set = fchmod(file, 04700) == 0 || fchmod(file, 02700) == 0;
    close(file);
    unlink("/tmp/.yett-self-test");
    return is_set ? leak("seccomp", "a set-user-id file can be made") : NULL;
}

static const char *privileges(int control) {
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) return leak("privileges", "no_new_privs is not set");
    if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != 2) return leak("seccomp", "no filter is loaded");
    struct rlimit core;
    if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur != 1 || core.rlim_max != 1)
        return leak("limits", "core dumps are possible");
    if (geteuid() == 0 || getuid() == 0) return leak("privileges", "the program would run as user 0");
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2];
    if (syscall(SYS_capget, &header, sets) != 0) return leak("privileges", "capabilities cannot be read");
    for (int half = 0; half < 2; half++)
        if ((sets[half].effective | sets[half].permitted | sets[half].inheritable) != 0)
            return leak("privileges", "a capability is left");
    for (int capability = 0; capability < 64; capability++)
        if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1)
            return leak("privileges", "the capability bounding set is not empty");
    DIR *directory = opendir("/proc/self/fd");
    if (directory == NULL) return leak("proc", "/proc/self/fd cannot be read");
    bool is_closed = true;
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        int number = atoi(entry->d_name);
        if (number > 2 && number != control && number != dirfd(directory)) is_closed = false;
    }
    closedir(directory);
    return is_closed ? NULL : leak("descriptors", "a descriptor above 2 was inherited");
}

// A namespace of the host's has the host's number.
static const char *namespaces(const struct configuration *configuration) {
    for (size_t index = 0; index < configuration->namespaces.count; index++) {
        const char *host = configuration->namespaces.items[index];
        size_t length = strcspn(host, ":");
        char path[64], text[64];
        snprintf(path, sizeof path, "/proc/self/ns/%.*s", (int)length, host);
        ssize_t count = readlink(path, text, sizeof text - 1);
        if (count <= 0) return leak("proc", "a namespace cannot be named");
        text[count] = '\0';
        if (strcmp(text, host) != 0) continue;
        char layer[64];
        snprintf(layer, sizeof layer, "%.*s namespace", (int)length, host);
        return leak(layer, "it is the host's");
    }
    return NULL;
}

const char *self_test(const struct configuration *configuration, int control) {
    const char *result = namespaces(configuration);
    if (result == NULL) result = network(configuration);
    if (result == NULL) result = families();
    if (result == NULL) result = sockets(configuration);
    if (result == NULL) result = calls();
    if (result == NULL) result = files();
    if (result == NULL) result = privileges(control);
    return result;
}
