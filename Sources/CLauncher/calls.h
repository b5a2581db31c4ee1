// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// System calls by name, sorted by what the program inside may do with them. Calls in neither list, those of kernels
// newer than this file among them, answer ENOSYS, so that programs fall back.
#ifndef YETT_CALLS_H
#define YETT_CALLS_H

static const char *const allowed_calls[] = {
    // Files and directories.
    "read", "write", "open", "close", "stat", "fstat", "lstat", "lseek", "pread64", "pwrite64", "readv", "writev",
    "preadv", "pwritev", "preadv2", "pwritev2", "access", "faccessat", "faccessat2", "sendfile", "splice", "tee",
    "copy_file_range", "fcntl", "flock", "fsync", "fdatasync", "sync", "syncfs", "sync_file_range", "truncate",
    "ftruncate", "fallocate", "fadvise64", "readahead", "getdents", "getdents64", "getcwd", "chdir", "fchdir", "rename",
    "renameat", "renameat2", "mkdir", "mkdirat", "rmdir", "creat", "link", "linkat", "unlink", "unlinkat", "symlink",
    "symlinkat", "readlink", "readlinkat", "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown",
    "fchownat", "umask", "utime", "utimes", "futimesat", "utimensat", "mknod", "mknodat", "openat", "newfstatat",
    "statx", "statfs", "fstatfs", "setxattr", "lsetxattr", "fsetxattr", "getxattr", "lgetxattr", "fgetxattr",
    "listxattr", "llistxattr", "flistxattr", "removexattr", "lremovexattr", "fremovexattr", "cachestat", "ioctl",
    "dup", "dup2", "dup3", "pipe", "pipe2", "close_range", "memfd_create",
    // Waiting and events.
    "poll", "ppoll", "select", "pselect6", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait",
    "epoll_pwait2", "eventfd", "eventfd2", "signalfd", "signalfd4", "timerfd_create", "timerfd_settime",
    "timerfd_gettime", "inotify_init", "inotify_init1", "inotify_add_watch", "inotify_rm_watch", "io_setup",
    "io_destroy", "io_getevents", "io_pgetevents", "io_submit", "io_cancel",
    // Memory.
    "mmap", "mprotect", "munmap", "brk", "mremap", "msync", "mincore", "madvise", "mlock", "mlock2", "munlock",
    "mlockall", "munlockall", "remap_file_pages", "pkey_mprotect", "pkey_alloc", "pkey_free", "membarrier",
    "map_shadow_stack",
    // Processes, threads and signals.
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "rt_sigtimedwait", "rt_sigqueueinfo",
    "rt_tgsigqueueinfo", "rt_sigsuspend", "sigaltstack", "pause", "kill", "tkill", "tgkill", "pidfd_open",
    "pidfd_send_signal", "clone", "fork", "vfork", "execve", "execveat", "exit", "exit_group", "wait4", "waitid",
    "getpid", "getppid", "gettid", "getpgid", "getpgrp", "setpgid", "getsid", "setsid", "prctl", "arch_prctl",
    "set_tid_address", "set_robust_list", "get_robust_list", "futex", "futex_waitv", "futex_wake", "futex_wait",
    "futex_requeue", "rseq", "restart_syscall", "sched_yield", "sched_setparam", "sched_getparam",
    "sched_setscheduler", "sched_getscheduler", "sched_get_priority_max", "sched_get_priority_min",
    "sched_rr_get_interval", "sched_setaffinity", "sched_getaffinity", "sched_setattr", "sched_getattr", "getpriority",
    "setpriority", "ioprio_get", "ioprio_set", "getcpu", "get_thread_area", "set_thread_area",
    // Identity and limits of the process itself.
    "getuid", "getgid", "geteuid", "getegid", "getgroups", "getresuid", "getresgid", "setuid", "setgid", "setreuid",
    "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid", "setgroups", "capget", "capset", "getrlimit",
    "setrlimit", "prlimit64", "getrusage", "times", "sysinfo", "uname", "seccomp", "landlock_create_ruleset",
    "landlock_add_rule", "landlock_restrict_self",
    // Time and randomness.
    "nanosleep", "clock_nanosleep", "clock_gettime", "clock_getres", "gettimeofday", "time", "getitimer", "setitimer",
    "alarm", "timer_create", "timer_settime", "timer_gettime", "timer_getoverrun", "timer_delete", "getrandom",
    // Sockets, whose families the second program judges.
    "socket", "socketpair", "connect", "accept", "accept4", "bind", "listen", "getsockname", "getpeername",
    "setsockopt", "getsockopt", "sendto", "recvfrom", "sendmsg", "recvmsg", "sendmmsg", "recvmmsg", "shutdown",
    // System V and POSIX IPC, which end at the IPC namespace.
    "shmget", "shmat", "shmctl", "shmdt", "semget", "semop", "semctl", "semtimedop", "msgget", "msgsnd", "msgrcv",
    "msgctl", "mq_open", "mq_unlink", "mq_timedsend", "mq_timedreceive", "mq_notify", "mq_getsetattr",
};

// Generated code gets a shorter list: what interpreters, shells and small tools use. No sockets but pairs, no shared
// memory of System V, no asynchronous input and output, no locks in memory, no scheduling classes.
static const char *const generated_code_calls[] = {
    // Files and directories.
    "read", "write", "open", "close", "stat", "fstat", "lstat", "lseek", "pread64", "pwrite64", "readv", "writev",
    "preadv", "pwritev", "preadv2", "pwritev2", "access", "faccessat", "faccessat2", "sendfile", "copy_file_range",
    "fcntl", "flock", "fsync", "fdatasync", "truncate", "ftruncate", "fallocate", "fadvise64", "getdents", "getdents64",
    "getcwd", "chdir", "fchdir", "rename", "renameat", "renameat2", "mkdir", "mkdirat", "rmdir", "creat", "link",
    "linkat", "unlink", "unlinkat", "symlink", "symlinkat", "readlink", "readlinkat", "chmod", "fchmod", "fchmodat",
    "fchmodat2", "chown", "fchown", "lchown", "fchownat", "umask", "utime", "utimes", "futimesat", "utimensat", "mknod",
    "mknodat", "openat", "newfstatat", "statx", "statfs", "fstatfs", "getxattr", "lgetxattr", "fgetxattr", "listxattr",
    "llistxattr", "flistxattr", "dup", "dup2", "dup3", "pipe", "pipe2", "close_range", "memfd_create",
    // Waiting and events.
    "poll", "ppoll", "select", "pselect6", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait",
    "epoll_pwait2", "eventfd", "eventfd2", "signalfd", "signalfd4", "timerfd_create", "timerfd_settime",
    "timerfd_gettime",
    // Memory.
    "mmap", "mprotect", "munmap", "brk", "mremap", "msync", "mincore", "madvise", "membarrier",
    // Processes, threads and signals.
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "rt_sigtimedwait", "rt_sigsuspend",
    "rt_sigqueueinfo", "sigaltstack", "pause", "kill", "tkill", "tgkill", "clone", "fork", "vfork", "execve", "exit",
    "exit_group", "wait4", "waitid", "getpid", "getppid", "gettid", "getpgid", "getpgrp", "setpgid", "getsid", "setsid",
    "arch_prctl", "set_tid_address", "set_robust_list", "get_robust_list", "futex", "futex_waitv", "rseq",
    "restart_syscall", "sched_yield", "sched_getparam", "sched_getscheduler", "sched_get_priority_max",
    "sched_get_priority_min", "sched_getaffinity", "sched_setaffinity", "getpriority", "setpriority", "getcpu",
    "pidfd_open", "pidfd_send_signal",
    // Identity and limits of the process itself.
    "getuid", "getgid", "geteuid", "getegid", "getgroups", "getresuid", "getresgid", "capget", "getrlimit", "setrlimit",
    "prlimit64", "getrusage", "times", "sysinfo", "uname",
    // Time and randomness.
    "nanosleep", "clock_nanosleep", "clock_gettime", "clock_getres", "gettimeofday", "time", "getitimer", "setitimer",
    "alarm", "timer_create", "timer_settime", "timer_gettime", "timer_getoverrun", "timer_delete", "getrandom",
    // Pairs of sockets, whose family the second program judges.
    "socketpair", "getsockname", "getpeername", "setsockopt", "getsockopt", "sendto", "recvfrom", "sendmsg", "recvmsg",
    "sendmmsg", "recvmmsg", "shutdown",
};

// Tried by programs that do well without: EPERM, where ENOSYS would say that the system is broken.
static const char *const generated_code_refusals[] = {
    "mount", "umount2", "pivot_root", "chroot", "setns", "unshare", "ptrace", "process_vm_readv", "process_vm_writev",
    "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups", "capset", "setfsuid", "setfsgid",
    "sched_setscheduler", "sched_setparam", "sched_setattr", "setxattr", "lsetxattr", "fsetxattr", "removexattr",
    "lremovexattr", "fremovexattr", "mlock", "mlock2", "mlockall", "sethostname", "setdomainname", "settimeofday",
    "clock_settime", "adjtimex", "clock_adjtime", "reboot", "syslog", "personality", "ioprio_set",
};

// Known and refused: EPERM tells the caller that it is not a matter of an old kernel.
static const char *const refused_calls[] = {
    // Other processes' memory and descriptors.
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "pidfd_getfd", "kcmp",
    // Mounts and namespaces.
    "mount", "umount2", "mount_setattr", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount", "fspick",
    "pivot_root", "chroot", "setns", "unshare", "open_by_handle_at", "name_to_handle_at", "quotactl", "quotactl_fd",
    // Kernel keyrings, tracing, programs and images.
    "add_key", "request_key", "keyctl", "bpf", "perf_event_open", "userfaultfd", "init_module", "finit_module",
    "delete_module", "create_module", "kexec_load", "kexec_file_load", "lookup_dcookie", "fanotify_init",
    "fanotify_mark", "memfd_secret", "vmsplice",
    // The machine.
    "reboot", "swapon", "swapoff", "syslog", "acct", "settimeofday", "clock_settime", "clock_adjtime", "adjtimex",
    "sethostname", "setdomainname", "iopl", "ioperm", "modify_ldt", "vhangup", "personality", "uselib", "ustat",
    "sysfs", "nfsservctl", "mbind", "set_mempolicy", "set_mempolicy_home_node", "migrate_pages", "move_pages",
};

#endif
