// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// What virtual machines can count on here: hardware, and the rate of the processor's time stamp.
#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static int64_t nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC_RAW, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

#if defined(__x86_64__)

#include <linux/kvm.h>
#include <x86intrin.h>

uint32_t yett_timestamp_kilohertz(void) {
    enum { span = 10000000 };
    int64_t begin = nanoseconds(), end = begin;
    uint64_t first = __rdtsc();
    while (end - begin < span) end = nanoseconds();
    uint64_t ticks = __rdtsc() - first;
    return (uint32_t)(ticks * 1000000 / (uint64_t)(end - begin));
}

// Emulated, a turn of the loop takes more than a microsecond; on hardware all of them take less than 0.1 ms.
enum { memory_bytes = 2 << 20, tables = 0x1000, code = 0x10000, turns = 20000, most_nanoseconds = 10000000 };

// Counts ECX down to zero, then says so at port 0x10.
static const uint8_t loop[] = {
    0xb9, turns & 0xff, turns >> 8 & 0xff, turns >> 16 & 0xff, 0, 0xff, 0xc9, 0x75, 0xfc, 0xe6, 0x10, 0xf4,
};

static void fill(uint8_t *memory) {
    // One large page that is mapped where it lies.
    uint64_t level4 = tables + 0x1000 + 3, level3 = tables + 0x2000 + 3, page = 0x83;
    memcpy(memory + tables, &level4, sizeof level4);
    memcpy(memory + tables + 0x1000, &level3, sizeof level3);
    memcpy(memory + tables + 0x2000, &page, sizeof page);
    memcpy(memory + code, loop, sizeof loop);
}

// Long mode with paging: what a kernel runs in.
static int enter_long_mode(int processor) {
    struct kvm_sregs special;
    if (ioctl(processor, KVM_GET_SREGS, &special) != 0) return -1;
    special.cr3 = tables;
    special.cr4 = 1 << 5;
    special.cr0 = 1U << 31 | 1;
    special.efer = 1 << 8 | 1 << 10;
    struct kvm_segment segment = {
        .limit = 0xffffffff, .selector = 8, .type = 11, .present = 1, .s = 1, .l = 1, .g = 1};
    special.cs = segment;
    segment.type = 3;
    segment.selector = 16;
    segment.l = 0;
    segment.db = 1;
    special.ds = special.es = special.fs = special.gs = special.ss = segment;
    struct kvm_regs registers = {.rip = code, .rflags = 2, .rsp = code};
    return ioctl(processor, KVM_SET_SREGS, &special) != 0 ? -1 : ioctl(processor, KVM_SET_REGS, &registers);
}

static enum yett_virtualization measure(int device, int machine, int processor, uint8_t *memory) {
    struct kvm_userspace_memory_region region = {
        .memory_size = memory_bytes, .userspace_addr = (uint64_t)(uintptr_t)memory};
    fill(memory);
    int size = ioctl(device, KVM_GET_VCPU_MMAP_SIZE, 0);
    if (size < (int)sizeof(struct kvm_run) || ioctl(machine, KVM_SET_USER_MEMORY_REGION, &region) != 0
        || enter_long_mode(processor) != 0)
        return yett_virtualization_none;
    struct kvm_run *run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, processor, 0);
    if (run == MAP_FAILED) return yett_virtualization_none;
    int64_t begin = nanoseconds();
    int result = ioctl(processor, KVM_RUN, 0);
    bool is_quick = nanoseconds() - begin < most_nanoseconds;
    bool is_done = result == 0 && run->exit_reason == KVM_EXIT_IO && run->io.port == 0x10;
    munmap(run, (size_t)size);
    return is_done && is_quick ? yett_virtualization_hardware : yett_virtualization_slow;
}

enum yett_virtualization yett_virtualization_probe(int *error) {
    enum yett_virtualization found = yett_virtualization_none;
    int machine = -1, processor = -1;
    void *memory = MAP_FAILED;
    errno = 0;
    int device = open("/dev/kvm", O_RDWR | O_CLOEXEC);
    if (device >= 0 && ioctl(device, KVM_GET_API_VERSION, 0) == KVM_API_VERSION)
        machine = ioctl(device, KVM_CREATE_VM, 0);
    if (machine >= 0) processor = ioctl(machine, KVM_CREATE_VCPU, 0);
    if (processor >= 0)
        memory = mmap(NULL, memory_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory != MAP_FAILED) found = measure(device, machine, processor, memory);
    *error = found == yett_virtualization_none ? errno : 0;
    if (processor >= 0) close(processor);
    if (machine >= 0) close(machine);
    if (memory != MAP_FAILED) munmap(memory, memory_bytes);
    if (device >= 0) close(device);
    return found;
}

#else

uint32_t yett_timestamp_kilohertz(void) {
    return 0;
}

enum yett_virtualization yett_virtualization_probe(int *error) {
    (void)nanoseconds;
    *error = ENOSYS;
    return yett_virtualization_none;
}

#endif
