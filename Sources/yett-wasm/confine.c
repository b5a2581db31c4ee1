// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// What the worker gives up before it reads a job.
#define _GNU_SOURCE
#include "worker.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the worker's filter knows x86-64 and AArch64"
#endif

enum { most_instructions = 256, most_descriptors = 64 };

// A filter under construction; one that overflows is not installed.
struct filter {
    struct sock_filter code[most_instructions];
    unsigned short count;
    bool is_full;
};

static void add(struct filter *filter, struct sock_filter instruction) {
    if (filter->count == most_instructions) {
        filter->is_full = true;
    } else {
        filter->code[filter->count++] = instruction;
    }
}

static void load(struct filter *filter, size_t offset) {
    add(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void answer(struct filter *filter, uint32_t action) {
    add(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

static void on_call(struct filter *filter, long call, uint32_t action) {
    add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 1));
    answer(filter, action);
}

// For this call: the one action when the low half of an argument is the value, the other when not.
static void on_argument(struct filter *filter, long call, int argument, uint32_t value, uint32_t same, uint32_t other) {
    add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 4));
    load(filter, offsetof(struct seccomp_data, args) + (size_t)argument * 8);
    add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
    answer(filter, same);
    answer(filter, other);
}

// The same when any of the bits is set, and when none is.
static void on_bits(struct filter *filter, long call, int argument, uint32_t bits, uint32_t some, uint32_t none) {
    add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 4));
    load(filter, offsetof(struct seccomp_data, args) + (size_t)argument * 8);
    add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1));
    answer(filter, some);
    answer(filter, none);
}

static void begin(struct filter *filter) {
    filter->count = 0;
    filter->is_full = false;
    load(filter, offsetof(struct seccomp_data, arch));
    add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCHITECTURE, 1, 0));
    answer(filter, SECCOMP_RET_KILL_PROCESS);
    load(filter, offsetof(struct seccomp_data, nr));
#if defined(__x86_64__)
    // The x32 calls have a bit of their own.
    add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x40000000, 0, 1));
    answer(filter, SECCOMP_RET_KILL_PROCESS);
#endif
}

static bool install(struct filter *filter) {
    struct sock_fprog whole = {.len = filter->count, .filter = filter->code};
    if (filter->is_full || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &whole) == 0;
}

#define REFUSE(error) (SECCOMP_RET_ERRNO | (error))

static const int plain_calls[] = {
    SYS_read, SYS_readv, SYS_write, SYS_writev, SYS_close, SYS_lseek, SYS_fstat, SYS_ppoll, SYS_epoll_ctl,
    SYS_epoll_pwait, SYS_eventfd2, SYS_munmap, SYS_mremap, SYS_madvise, SYS_brk, SYS_futex, SYS_rt_sigaction,
    SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack, SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep,
    SYS_nanosleep, SYS_gettimeofday, SYS_getrandom, SYS_exit, SYS_exit_group, SYS_sched_yield, SYS_sched_getaffinity,
    SYS_getpid, SYS_gettid, SYS_getrusage, SYS_set_robust_list, SYS_restart_syscall, SYS_membarrier,
#ifdef SYS_epoll_wait
    SYS_epoll_wait, SYS_poll,
#endif
#ifdef SYS_rseq
    SYS_rseq,
#endif
};

// What only programs with a scratch directory may do, and by path at that; without one they are refused gently, since
// libraries try them.
static const int file_calls[] = {
    SYS_openat, SYS_newfstatat, SYS_statx, SYS_mkdirat, SYS_unlinkat, SYS_renameat2, SYS_readlinkat, SYS_linkat,
    SYS_symlinkat, SYS_utimensat, SYS_getdents64, SYS_ftruncate, SYS_fallocate, SYS_fsync, SYS_fdatasync, SYS_pread64,
    SYS_pwrite64, SYS_preadv, SYS_pwritev, SYS_fadvise64, SYS_fcntl, SYS_dup, SYS_faccessat,
#ifdef SYS_openat2
    SYS_openat2,
#endif
#ifdef SYS_renameat
    SYS_renameat,
#endif
#ifdef SYS_faccessat2
    SYS_faccessat2,
#endif
#ifdef SYS_open
    SYS_open, SYS_stat, SYS_lstat, SYS_access, SYS_readlink,
#endif
};

bool confine_calls(bool may_translate, bool has_scratch) {
    static struct filter filter;
    begin(&filter);
    for (size_t index = 0; index < sizeof plain_calls / sizeof plain_calls[0]; index++) {
        on_call(&filter, plain_calls[index], SECCOMP_RET_ALLOW);
    }
    for (size_t index = 0; index < sizeof file_calls / sizeof file_calls[0]; index++) {
        on_call(&filter, file_calls[index], has_scratch ? SECCOMP_RET_ALLOW : REFUSE(EACCES));
    }
    // Memory becomes executable only where modules are translated here.
    uint32_t on_executable = may_translate ? SECCOMP_RET_ALLOW : SECCOMP_RET_KILL_PROCESS;
    on_bits(&filter, SYS_mmap, 2, PROT_EXEC, on_executable, SECCOMP_RET_ALLOW);
    on_bits(&filter, SYS_mprotect, 2, PROT_EXEC, on_executable, SECCOMP_RET_ALLOW);
    // Threads, no processes; what clone3 asks for cannot be seen, and libraries try clone instead.
    on_bits(&filter, SYS_clone, 0, CLONE_THREAD, SECCOMP_RET_ALLOW, SECCOMP_RET_KILL_PROCESS);
    on_call(&filter, SYS_clone3, REFUSE(ENOSYS));
    on_argument(&filter, SYS_prctl, 0, PR_SET_NAME, SECCOMP_RET_ALLOW, REFUSE(EPERM));
    on_argument(&filter, SYS_prlimit64, 0, 0, SECCOMP_RET_ALLOW, SECCOMP_RET_KILL_PROCESS);
    // abort()
    on_argument(&filter, SYS_tgkill, 0, (uint32_t)getpid(), SECCOMP_RET_ALLOW, SECCOMP_RET_KILL_PROCESS);
    on_call(&filter, SYS_socket, REFUSE(EAFNOSUPPORT));
    answer(&filter, SECCOMP_RET_KILL_PROCESS);
    return install(&filter);
}

static const int interpreter_refused[] = {
    SYS_socket, SYS_socketpair, SYS_connect, SYS_bind, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev,
    SYS_pidfd_open, SYS_pidfd_getfd, SYS_unshare, SYS_setns, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot,
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_io_uring_setup, SYS_keyctl, SYS_add_key, SYS_request_key,
    SYS_kill, SYS_tkill, SYS_clone3, SYS_memfd_create, SYS_personality, SYS_open_by_handle_at, SYS_init_module,
    SYS_finit_module, SYS_kexec_load, SYS_reboot, SYS_setuid, SYS_setgid, SYS_setsid,
#ifdef SYS_fork
    SYS_fork, SYS_vfork,
#endif
};

bool confine_interpreter(void) {
    static struct filter filter;
    begin(&filter);
    for (size_t index = 0; index < sizeof interpreter_refused / sizeof interpreter_refused[0]; index++) {
        int call = interpreter_refused[index];
        on_call(&filter, call, REFUSE(call == SYS_socket ? EAFNOSUPPORT : ENOSYS));
    }
    on_bits(&filter, SYS_clone, 0, CLONE_THREAD, SECCOMP_RET_ALLOW, REFUSE(EPERM));
    answer(&filter, SECCOMP_RET_ALLOW);
    return install(&filter);
}

static bool limit(int resource, uint64_t most) {
    struct rlimit now;
    if (getrlimit(resource, &now) != 0) return false;
    rlim_t value = now.rlim_max < most ? now.rlim_max : (rlim_t)most;
    struct rlimit wanted = {.rlim_cur = value, .rlim_max = value};
    return setrlimit(resource, &wanted) == 0;
}

bool confine_process(int keep) {
    clearenv();
    signal(SIGPIPE, SIG_IGN);
    unsigned last = ~0U;
    bool is_closed = keep <= 2
        ? syscall(SYS_close_range, 3, last, 0) == 0
        : (keep == 3 || syscall(SYS_close_range, 3, keep - 1, 0) == 0) &&
            syscall(SYS_close_range, keep + 1, last, 0) == 0;
    return is_closed && prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
        limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, most_descriptors) && limit(RLIMIT_MEMLOCK, 0) &&
        limit(RLIMIT_MSGQUEUE, 0);
}

bool confine_resources(uint64_t data_bytes, uint64_t seconds) {
    return limit(RLIMIT_DATA, data_bytes) && limit(RLIMIT_CPU, seconds);
}
