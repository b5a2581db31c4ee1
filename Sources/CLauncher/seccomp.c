// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Two seccomp programs, stacked: which calls exist, and what their arguments may be. The kernel takes the stricter
// answer of the two. Both kill a process that uses another architecture's numbers, x32 among them.
#define _GNU_SOURCE
#include "CLauncher.h"
#include "calls.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define LOW 0xffffffffULL

enum {
    families_known = 64,
    socket_type_mask = 0xf,
    set_user_bit = 04000,
    set_group_bit = 02000,
    create_flag = 0100,
    temporary_file_flag = 020000000,
    protocol_tcp = 6,
    protocol_udp = 17,
};

static scmp_filter_ctx begin(uint32_t standard) {
    scmp_filter_ctx filter = seccomp_init(standard);
    if (filter == NULL) return NULL;
    if (seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) != 0
        || seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) != 0) {
        seccomp_release(filter);
        return NULL;
    }
    return filter;
}

static int finish(scmp_filter_ctx filter, int result, int descriptor) {
    if (result == 0) result = seccomp_export_bpf(filter, descriptor);
    seccomp_release(filter);
    return result;
}

static int add_names(scmp_filter_ctx filter, uint32_t action, const char *const *names, size_t count) {
    for (size_t index = 0; index < count; index++) {
        int number = seccomp_syscall_resolve_name(names[index]);
        // Negative numbers stand for calls that this architecture or this library does not know: they get ENOSYS.
        if (number < 0) continue;
        int result = seccomp_rule_add(filter, action, number, 0);
        if (result != 0) return result;
    }
    return 0;
}

int yett_seccomp_write_calls(int descriptor) {
    scmp_filter_ctx filter = begin(SCMP_ACT_ERRNO(ENOSYS));
    if (filter == NULL) return -ENOMEM;
    int result = add_names(filter, SCMP_ACT_ALLOW, allowed_calls, COUNT(allowed_calls));
    if (result == 0) result = add_names(filter, SCMP_ACT_ERRNO(EPERM), refused_calls, COUNT(refused_calls));
    return finish(filter, result, descriptor);
}

static int allow_values(scmp_filter_ctx filter, int number, unsigned argument, const unsigned *values, size_t count) {
    int result = 0;
    for (size_t index = 0; index < count && result == 0; index++)
        result = seccomp_rule_add(
            filter, SCMP_ACT_ALLOW, number, 1, SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, LOW, values[index]));
    return result;
}

int yett_seccomp_write_generated_code(int descriptor) {
    static const unsigned requests[] = {
        TCGETS, 0x802c542a /* TCGETS2 */, TIOCGWINSZ, TIOCGPGRP, FIOCLEX, FIONCLEX, FIONBIO, FIONREAD, FIOASYNC,
    };
    static const unsigned options[] = {
        PR_SET_NAME, PR_GET_NAME, PR_SET_PDEATHSIG, PR_GET_PDEATHSIG, PR_SET_DUMPABLE, PR_GET_DUMPABLE,
        PR_CAPBSET_READ, PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS, PR_GET_SECCOMP, PR_GET_TIMERSLACK, PR_SET_TIMERSLACK,
        PR_SET_CHILD_SUBREAPER, PR_GET_CHILD_SUBREAPER,
    };
    scmp_filter_ctx filter = begin(SCMP_ACT_ERRNO(ENOSYS));
    if (filter == NULL) return -ENOMEM;
    int result = add_names(filter, SCMP_ACT_ALLOW, generated_code_calls, COUNT(generated_code_calls));
    if (result == 0)
        result = add_names(filter, SCMP_ACT_ERRNO(EPERM), generated_code_refusals, COUNT(generated_code_refusals));
    if (result == 0) result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 0);
    if (result == 0) result = allow_values(filter, SCMP_SYS(ioctl), 1, requests, COUNT(requests));
    if (result == 0) result = allow_values(filter, SCMP_SYS(prctl), 0, options, COUNT(options));
    return finish(filter, result, descriptor);
}

// Refuses a socket of this family whose protocol number has any bit from `first` upwards.
static int refuse_protocol_bits(scmp_filter_ctx filter, struct scmp_arg_cmp is_family, unsigned first) {
    int result = 0;
    for (unsigned bit = first; bit < 32 && result == 0; bit++)
        result = seccomp_rule_add(
            filter, SCMP_ACT_ERRNO(EPROTONOSUPPORT), SCMP_SYS(socket), 2, is_family,
            SCMP_A2(SCMP_CMP_MASKED_EQ, 1ULL << bit, 1ULL << bit));
    return result;
}

// Comparisons mask the upper half of the register: the kernel ignores it, so a rule must as well.
static int sockets(scmp_filter_ctx filter) {
    const uint32_t no_family = SCMP_ACT_ERRNO(EAFNOSUPPORT), no_protocol = SCMP_ACT_ERRNO(EPROTONOSUPPORT);
    int result = 0;
    for (unsigned family = 0; family < families_known && result == 0; family++) {
        struct scmp_arg_cmp is_family = SCMP_A0(SCMP_CMP_MASKED_EQ, LOW, family);
        if (family != AF_UNIX) result = seccomp_rule_add(filter, no_family, SCMP_SYS(socketpair), 1, is_family);
        if (result != 0 || family == AF_UNIX) continue;
        if (family == AF_NETLINK) {
            result = refuse_protocol_bits(filter, is_family, 0);
        } else if (family == AF_INET || family == AF_INET6) {
            for (unsigned type = 0; type <= socket_type_mask && result == 0; type++) {
                if (type == SOCK_STREAM || type == SOCK_DGRAM) continue;
                result = seccomp_rule_add(
                    filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 2, is_family,
                    SCMP_A1(SCMP_CMP_MASKED_EQ, socket_type_mask, type));
            }
            // The default, TCP and UDP lie below 32: refuse the others there, and every higher bit.
            for (unsigned protocol = 1; protocol < 32 && result == 0; protocol++) {
                if (protocol == protocol_tcp || protocol == protocol_udp) continue;
                result = seccomp_rule_add(
                    filter, no_protocol, SCMP_SYS(socket), 2, is_family,
                    SCMP_A2(SCMP_CMP_MASKED_EQ, LOW, protocol));
            }
            if (result == 0) result = refuse_protocol_bits(filter, is_family, 5);
        } else {
            result = seccomp_rule_add(filter, no_family, SCMP_SYS(socket), 1, is_family);
        }
    }
    // Families past the known ones: any bit above the lowest six.
    for (unsigned bit = 6; bit < 32 && result == 0; bit++) {
        struct scmp_arg_cmp is_high = SCMP_A0(SCMP_CMP_MASKED_EQ, 1ULL << bit, 1ULL << bit);
        result = seccomp_rule_add(filter, no_family, SCMP_SYS(socket), 1, is_high);
        if (result == 0) result = seccomp_rule_add(filter, no_family, SCMP_SYS(socketpair), 1, is_high);
    }
    return result;
}

static int namespaces(scmp_filter_ctx filter) {
    static const unsigned flags[] = {
        CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET,
    };
    int result = 0;
    for (size_t index = 0; index < COUNT(flags) && result == 0; index++)
        result = seccomp_rule_add(
            filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
            SCMP_A0(SCMP_CMP_MASKED_EQ, flags[index], flags[index]));
    return result;
}

static int terminals(scmp_filter_ctx filter) {
    static const unsigned requests[] = {TIOCSTI, 0x541C /* TIOCLINUX */, TIOCSETD, TIOCCONS};
    int result = 0;
    for (size_t index = 0; index < COUNT(requests) && result == 0; index++)
        result = seccomp_rule_add(
            filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, LOW, requests[index]));
    return result;
}

// A limit of one byte, set before, is the only one that also stops a core dump to the host's handler program: the
// kernel ignores zero there. So the limit stays, and whoever lowers it is told that it worked.
static int core_limit(scmp_filter_ctx filter) {
    const uint32_t pretend = SCMP_ACT_ERRNO(0), refuse = SCMP_ACT_ERRNO(EPERM);
    int result = seccomp_rule_add(
        filter, pretend, SCMP_SYS(setrlimit), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, LOW, RLIMIT_CORE));
    if (result == 0)
        result = seccomp_rule_add(
            filter, pretend, SCMP_SYS(prlimit64), 3, SCMP_A1(SCMP_CMP_MASKED_EQ, LOW, RLIMIT_CORE),
            SCMP_A2(SCMP_CMP_NE, 0, 0), SCMP_A3(SCMP_CMP_EQ, 0, 0));
    if (result == 0)
        result = seccomp_rule_add(
            filter, refuse, SCMP_SYS(prlimit64), 3, SCMP_A1(SCMP_CMP_MASKED_EQ, LOW, RLIMIT_CORE),
            SCMP_A2(SCMP_CMP_NE, 0, 0), SCMP_A3(SCMP_CMP_NE, 0, 0));
    return result;
}

// A file with a set-id bit in the working directory would act for its owner outside.
static int set_id_bits(scmp_filter_ctx filter) {
    static const unsigned bits[] = {set_user_bit, set_group_bit};
    static const unsigned makes[] = {create_flag, temporary_file_flag};
    static const struct {
        const char *name;
        unsigned argument;
    } modes[] = {
        {"chmod", 1}, {"fchmod", 1}, {"fchmodat", 2}, {"fchmodat2", 2}, {"mkdir", 1}, {"mkdirat", 2},
        {"mknod", 1}, {"mknodat", 2}, {"creat", 1},
    };
    const uint32_t refuse = SCMP_ACT_ERRNO(EPERM);
    int result = 0;
    for (size_t bit = 0; bit < COUNT(bits) && result == 0; bit++) {
        for (size_t index = 0; index < COUNT(modes) && result == 0; index++) {
            int number = seccomp_syscall_resolve_name(modes[index].name);
            if (number < 0) continue;
            result = seccomp_rule_add(
                filter, refuse, number, 1,
                SCMP_CMP(modes[index].argument, SCMP_CMP_MASKED_EQ, bits[bit], bits[bit]));
        }
        for (size_t index = 0; index < COUNT(makes) && result == 0; index++) {
            if (seccomp_syscall_resolve_name("open") >= 0)
                result = seccomp_rule_add(
                    filter, refuse, SCMP_SYS(open), 2, SCMP_A1(SCMP_CMP_MASKED_EQ, makes[index], makes[index]),
                    SCMP_A2(SCMP_CMP_MASKED_EQ, bits[bit], bits[bit]));
            if (result == 0)
                result = seccomp_rule_add(
                    filter, refuse, SCMP_SYS(openat), 2, SCMP_A2(SCMP_CMP_MASKED_EQ, makes[index], makes[index]),
                    SCMP_A3(SCMP_CMP_MASKED_EQ, bits[bit], bits[bit]));
        }
    }
    return result;
}

int yett_seccomp_write_arguments(int descriptor) {
    scmp_filter_ctx filter = begin(SCMP_ACT_ALLOW);
    if (filter == NULL) return -ENOMEM;
    int result = sockets(filter);
    if (result == 0) result = namespaces(filter);
    if (result == 0) result = terminals(filter);
    if (result == 0) result = set_id_bits(filter);
    if (result == 0) result = core_limit(filter);
    return finish(filter, result, descriptor);
}
