// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// The first program of a sandbox's virtual machine: mounts the image, and starts its agent. When anything goes wrong, or
// the agent ends, the machine does.
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what) {
    fprintf(stderr, "guest: %s: %s\n", what, strerror(errno));
    reboot(RB_AUTOBOOT);
    _exit(1);
}

static void attach(const char *source, const char *target, const char *type, unsigned long flags, const char *options) {
    if (mount(source, target, type, flags | MS_NOSUID, options) != 0) fail(target);
}

static void make_devices(void) {
    static const struct {
        const char *path;
        unsigned major, minor;
    } nodes[] = {
        {"/root/dev/null", 1, 3},   {"/root/dev/zero", 1, 5},    {"/root/dev/full", 1, 7},
        {"/root/dev/random", 1, 8}, {"/root/dev/urandom", 1, 9}, {"/root/dev/tty", 5, 0},
    };
    for (size_t index = 0; index < sizeof nodes / sizeof nodes[0]; index++)
        if (mknod(nodes[index].path, S_IFCHR | 0666, makedev(nodes[index].major, nodes[index].minor)) != 0)
            fail(nodes[index].path);
    static const char *const links[][2] = {
        {"/proc/self/fd", "/root/dev/fd"},         {"/proc/self/fd/0", "/root/dev/stdin"},
        {"/proc/self/fd/1", "/root/dev/stdout"},   {"/proc/self/fd/2", "/root/dev/stderr"},
        {"/proc/kcore", "/root/dev/core"},         {"pts/ptmx", "/root/dev/ptmx"},
    };
    for (size_t index = 0; index < sizeof links / sizeof links[0]; index++)
        if (symlink(links[index][0], links[index][1]) != 0) fail(links[index][1]);
    if (mkdir("/root/dev/pts", 0755) != 0 || mkdir("/root/dev/shm", 0755) != 0) fail("/dev");
}

int main(void) {
    umask(0);
    if (mount("dev", "/dev", "devtmpfs", MS_NOSUID | MS_NOEXEC, "mode=0755") != 0 && errno != EBUSY) fail("/dev");
    attach("/dev/vda", "/root", "erofs", MS_RDONLY | MS_NODEV, NULL);
    attach("dev", "/root/dev", "tmpfs", MS_NOEXEC, "size=64k,mode=0755");
    make_devices();
    attach("shm", "/root/dev/shm", "tmpfs", MS_NODEV, "size=16m,mode=1777");
    attach("dev", "/root/dev", NULL, MS_REMOUNT | MS_RDONLY | MS_NOEXEC, NULL);
    attach("proc", "/root/proc", "proc", MS_NOEXEC | MS_NODEV, "hidepid=2");
    attach("tmp", "/root/tmp", "tmpfs", MS_NODEV, "size=64m,mode=1777");
    attach("job", "/root/job", "tmpfs", MS_NODEV, "size=17m,mode=0755");
    // The agent's own: the channel to the host and the control groups. The directory is closed to others.
    static const char own[] = "/root/usr/lib/yett/guest";
    attach("dev", own, "devtmpfs", MS_NOEXEC, "mode=0700");
    if (chmod(own, 0700) != 0 || mkdir("/root/usr/lib/yett/guest/groups", 0700) != 0) fail(own);
    attach("groups", "/root/usr/lib/yett/guest/groups", "cgroup2", MS_NOEXEC | MS_NODEV, NULL);
    if (chdir("/root") != 0 || mount("/root", "/", NULL, MS_MOVE, NULL) != 0 || chroot(".") != 0 || chdir("/") != 0)
        fail("/");
    char *const environment[] = {
        "PATH=/usr/bin", "HOME=/tmp", "LANG=C.UTF-8", "PYTHONPATH=/tmp", NULL,
    };
    pid_t agent = fork();
    if (agent == 0) {
        umask(077);
        execle("/usr/bin/python3", "python3", "-I", "-B", "-u", "/usr/lib/yett/agent.pyc", (char *)NULL, environment);
        fail("agent");
    }
    while (true) {
        int status = 0;
        pid_t ended = wait(&status);
        if (ended == agent || (ended < 0 && errno == ECHILD)) {
            reboot(RB_AUTOBOOT);
            pause();
        }
    }
}
