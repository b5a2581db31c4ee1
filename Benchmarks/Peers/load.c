// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors
//
// Load and targets for comparing forward proxies on loopback. One thread, epoll, bounded in count and time.
//
//   load target PORT                       echoes ('e'), sends for ever ('s') or swallows ('k') by the first byte
//   load upstream PORT                     answers each request head with a fixed HTTP response
//   load tunnels PROXY TARGET N SECONDS    opens CONNECT tunnels, N at a time, one echoed byte through each
//   load bulk PROXY TARGET N SECONDS       receives through N tunnels
//   load get PROXY UPSTREAM N SECONDS      absolute-form GETs on N kept connections
//   load idle PROXY TARGET N PID           memory of PID per idle tunnel that has carried a byte
//
// PROXY, TARGET and UPSTREAM are ports on 127.0.0.1.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAXIMUM = 16384, CHUNK = 256 * 1024, SAMPLES = 1 << 20, BODY = 64 };
enum state { CONNECTING, HEAD, BYTE, STREAM, RESPONSE, KIND, ECHO, SOURCE, SINK, REQUEST };

struct connection {
    int fd;
    enum state state;
    double started;
    unsigned matched;  // bytes of the empty line that ends a head
    long left;         // bytes of a response body that are still to come
};

static struct connection connections[MAXIMUM];
static char chunk[CHUNK];
static double samples[SAMPLES];
static long done, failed, received;
static int epoll;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

static struct sockaddr_in address(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static void watch(struct connection *c, int operation, unsigned events) {
    struct epoll_event event = {.events = events, .data.ptr = c};
    if (epoll_ctl(epoll, operation, c->fd, &event) < 0) die("epoll_ctl");
}

static void drop(struct connection *c, int with_reset) {
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    if (with_reset) setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close(c->fd);
    c->fd = -1;
}

static int start(struct connection *c, int port) {
    struct sockaddr_in to = address(port);
    int on = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) return -1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    c->state = CONNECTING;
    c->started = now();
    c->matched = 0;
    if (connect(c->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) {
        close(c->fd);
        c->fd = -1;
        return -1;
    }
    watch(c, EPOLL_CTL_ADD, EPOLLIN | EPOLLOUT);
    return 0;
}

// Counts bytes up to the end of a head; the position behind it, or -1 while it is not complete.
static long head_end(struct connection *c, const char *bytes, long count) {
    static const char end[] = "\r\n\r\n";
    for (long i = 0; i < count; i++) {
        c->matched = bytes[i] == end[c->matched] ? c->matched + 1 : bytes[i] == '\r' ? 1 : 0;
        if (c->matched == 4) {
            c->matched = 0;
            return i + 1;
        }
    }
    return -1;
}

static int compare(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return difference < 0 ? -1 : difference > 0;
}

static void sample(double started) {
    if (done < SAMPLES) samples[done] = now() - started;
    done++;
}

static void report(double seconds) {
    long count = done < SAMPLES ? done : SAMPLES;
    qsort(samples, (size_t)count, sizeof *samples, compare);
    double p50 = count ? samples[count / 2] * 1e6 : 0, p99 = count ? samples[count * 99 / 100] * 1e6 : 0;
    printf("ok=%ld failed=%ld rate=%.0f p50us=%.0f p99us=%.0f mib=%.1f\n", done, failed, (double)done / seconds, p50, p99,
           (double)received / seconds / 1048576);
}

static void send_all(struct connection *c, const char *text, size_t count) {
    if (write(c->fd, text, count) != (ssize_t)count) failed++;
}

enum mode { TUNNELS, BULK, GET, IDLE };

static void advance(struct connection *c, enum mode mode, int proxy, int target, unsigned events) {
    char text[256];
    if (c->state == CONNECTING) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error || !(events & EPOLLOUT)) goto broken;
        watch(c, EPOLL_CTL_MOD, EPOLLIN);
        if (mode == GET) goto request;
        int length = snprintf(text, sizeof text, "CONNECT 127.0.0.1:%d HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", target, target);
        send_all(c, text, (size_t)length);
        c->state = HEAD;
        return;
    }
    ssize_t count = read(c->fd, chunk, sizeof chunk);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) goto broken;
    switch (c->state) {
    case HEAD:
        if (c->matched == 0 && count >= 12 && (memcmp(chunk, "HTTP/1.", 7) != 0 || memcmp(chunk + 8, " 200", 4) != 0)) {
            fprintf(stderr, "refused: %.*s\n", (int)(count > 400 ? 400 : count), chunk);
            exit(1);
        }
        if (head_end(c, chunk, count) < 0) return;
        send_all(c, mode == BULK ? "s" : "e", 1);
        c->state = mode == BULK ? STREAM : BYTE;
        return;
    case BYTE:
        sample(c->started);
        if (mode == IDLE) return;
        drop(c, 1);
        if (start(c, proxy) < 0) failed++;
        return;
    case STREAM:
        received += count;
        return;
    case RESPONSE: {
        long end = 0;
        if (c->left < 0) {
            end = head_end(c, chunk, count);
            if (end < 0) return;
            c->left = BODY;
        }
        c->left -= count - end;
        if (c->left > 0) return;
        sample(c->started);
        goto request;
    }
    default:
        return;
    }
request:;
    int length = snprintf(text, sizeof text, "GET http://127.0.0.1:%d/x HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", target, target);
    c->started = now();
    c->state = RESPONSE;
    c->left = -1;
    send_all(c, text, (size_t)length);
    return;
broken:
    failed++;
    drop(c, 0);
    if (failed > 1000) {
        fprintf(stderr, "given up after 1000 failures\n");
        exit(1);
    }
    if (mode != IDLE && start(c, proxy) < 0) failed++;
}

static long resident_kib(int pid) {
    char path[64], line[128];
    long value = 0;
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *file = fopen(path, "r");
    if (!file) die(path);
    while (fgets(line, sizeof line, file)) sscanf(line, "VmRSS: %ld", &value);
    fclose(file);
    return value;
}

static void run(enum mode mode, int proxy, int target, int n, double seconds) {
    struct epoll_event events[256];
    for (int i = 0; i < n && mode != IDLE; i++)
        if (start(&connections[i], proxy) < 0) die("connect");
    double begin = now(), end = begin + seconds;
    int opened = 0;
    while (now() < end) {
        if (mode == IDLE) {
            // A few at a time, so that no listen queue overflows.
            while (opened < n && opened - done < 64) {
                if (start(&connections[opened], proxy) < 0) die("connect");
                opened++;
            }
            if (done + failed >= n) return;
        }
        int count = epoll_wait(epoll, events, 256, 100);
        for (int i = 0; i < count; i++) {
            struct connection *c = events[i].data.ptr;
            if (c->fd >= 0) advance(c, mode, proxy, target, events[i].events);
        }
    }
    if (mode != IDLE) report(now() - begin);
}

static void idle(int proxy, int target, int n, int pid) {
    run(IDLE, proxy, target, 200, 30);
    for (int i = 0; i < 200; i++) drop(&connections[i], 1);
    done = failed = 0;
    sleep(1);
    long before = resident_kib(pid);
    run(IDLE, proxy, target, n, 60);
    sleep(2);
    long after = resident_kib(pid);
    printf("tunnels=%ld failed=%ld base_kib=%ld kib_per_tunnel=%.2f\n", done, failed, before,
           (double)(after - before) / (double)n);
}

static void answer(struct connection *c, int is_upstream) {
    static const char response[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 64\r\n\r\n"
                                   "{\"ok\":true,\"text\":\"0123456789012345678901234567890123456789ab\"} ";
    if (c->state == SOURCE) {
        ssize_t count = write(c->fd, chunk, sizeof chunk);
        if (count < 0 && errno != EAGAIN) drop(c, 0);
        return;
    }
    ssize_t count = read(c->fd, chunk, sizeof chunk);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
        drop(c, 0);
        return;
    }
    if (is_upstream) {
        long position = 0, end;
        while ((end = head_end(c, chunk + position, count - position)) > 0) {
            send_all(c, response, sizeof response - 1);
            position += end;
        }
        return;
    }
    if (c->state == KIND) {
        c->state = chunk[0] == 's' ? SOURCE : chunk[0] == 'k' ? SINK : ECHO;
        if (c->state == SOURCE) watch(c, EPOLL_CTL_MOD, EPOLLOUT | EPOLLIN);
    }
    if (c->state == ECHO) send_all(c, chunk, (size_t)count);
}

static void serve(int port, int is_upstream) {
    struct sockaddr_in at = address(port);
    struct connection listener = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    struct epoll_event events[256];
    int on = 1;
    setsockopt(listener.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener.fd, (struct sockaddr *)&at, sizeof at) < 0 || listen(listener.fd, 4096) < 0) die("bind");
    watch(&listener, EPOLL_CTL_ADD, EPOLLIN);
    for (;;) {
        int count = epoll_wait(epoll, events, 256, -1);
        for (int i = 0; i < count; i++) {
            struct connection *c = events[i].data.ptr;
            if (c != &listener) {
                if (c->fd >= 0) answer(c, is_upstream);
                continue;
            }
            int fd = accept4(listener.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (fd < 0) continue;
            if (fd >= MAXIMUM) {
                close(fd);
                continue;
            }
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            connections[fd] = (struct connection){.fd = fd, .state = KIND};
            watch(&connections[fd], EPOLL_CTL_ADD, EPOLLIN);
        }
    }
}

int main(int argc, char **argv) {
    struct rlimit files;
    signal(SIGPIPE, SIG_IGN);
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if ((epoll = epoll_create1(EPOLL_CLOEXEC)) < 0) die("epoll_create1");
    const char *mode = argc > 1 ? argv[1] : "";
    if (argc == 3 && !strcmp(mode, "target")) serve(atoi(argv[2]), 0);
    if (argc == 3 && !strcmp(mode, "upstream")) serve(atoi(argv[2]), 1);
    if (argc != 6 || atoi(argv[4]) < 1 || atoi(argv[4]) > MAXIMUM) {
        fprintf(stderr, "usage: load target|upstream PORT | load tunnels|bulk|get PROXY TARGET N SECONDS | load idle PROXY TARGET N PID\n");
        return 2;
    }
    int proxy = atoi(argv[2]), target = atoi(argv[3]), n = atoi(argv[4]);
    if (!strcmp(mode, "tunnels")) run(TUNNELS, proxy, target, n, atof(argv[5]));
    else if (!strcmp(mode, "bulk")) run(BULK, proxy, target, n, atof(argv[5]));
    else if (!strcmp(mode, "get")) run(GET, proxy, target, n, atof(argv[5]));
    else if (!strcmp(mode, "idle")) idle(proxy, target, n, atoi(argv[5]));
    else return 2;
    return failed > 0 && done == 0;
}
