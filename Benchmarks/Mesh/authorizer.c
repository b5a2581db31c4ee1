// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors
//
// The least that an authorizer of Envoy can do: reads HTTP/2 and answers each call with a CheckResponse that allows. It reads
// no message, knows nobody and writes nothing down. `authorizer PORT PATH` listens on loopback and on a Unix socket.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <nghttp2/nghttp2.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { EVENTS = 64, BUFFER = 1 << 16 };

struct connection {
    int fd;
    nghttp2_session *session;
};

// The frame of gRPC, then CheckResponse{status: {}, ok_response: {}}.
static const uint8_t allowed[] = {0, 0, 0, 0, 4, 0x0a, 0x00, 0x1a, 0x00};

static nghttp2_nv field(const char *name, const char *value) {
    return (nghttp2_nv){(uint8_t *)name, (uint8_t *)value, strlen(name), strlen(value), NGHTTP2_NV_FLAG_NONE};
}

static ssize_t write_message(
    nghttp2_session *session, int32_t stream, uint8_t *buffer, size_t length, uint32_t *flags,
    nghttp2_data_source *source, void *user
) {
    (void)source, (void)user;
    if (length < sizeof allowed) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    memcpy(buffer, allowed, sizeof allowed);
    *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
    nghttp2_nv trailer = field("grpc-status", "0");
    nghttp2_submit_trailer(session, stream, &trailer, 1);
    return sizeof allowed;
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user) {
    (void)user;
    int is_message = frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS;
    if (!is_message || !(frame->hd.flags & NGHTTP2_FLAG_END_STREAM)) return 0;
    nghttp2_nv head[] = {field(":status", "200"), field("content-type", "application/grpc")};
    nghttp2_data_provider provider = {.read_callback = write_message};
    return nghttp2_submit_response(session, frame->hd.stream_id, head, 2, &provider);
}

static void flush(struct connection *c) {
    static uint8_t buffer[BUFFER];
    size_t used = 0;
    for (;;) {
        const uint8_t *bytes;
        ssize_t count = nghttp2_session_mem_send(c->session, &bytes);
        if (count > 0 && used + (size_t)count <= sizeof buffer) {
            memcpy(buffer + used, bytes, (size_t)count);
            used += (size_t)count;
            continue;
        }
        if (used && write(c->fd, buffer, used) < 0) return;
        used = 0;
        if (count <= 0) return;
        if (write(c->fd, bytes, (size_t)count) < 0) return;
    }
}

static void serve(struct connection *c) {
    static uint8_t buffer[BUFFER];
    ssize_t count = read(c->fd, buffer, sizeof buffer);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0 || nghttp2_session_mem_recv(c->session, buffer, (size_t)count) < 0) {
        close(c->fd);
        nghttp2_session_del(c->session);
        free(c);
        return;
    }
    flush(c);
}

static void greet(int listener, int poll, nghttp2_session_callbacks *callbacks) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), one = 1;
    if (fd < 0) return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct connection *c = calloc(1, sizeof *c);
    if (!c) abort();
    c->fd = fd;
    nghttp2_settings_entry streams = {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 10000};
    if (nghttp2_session_server_new(&c->session, callbacks, c) != 0) abort();
    nghttp2_submit_settings(c->session, NGHTTP2_FLAG_NONE, &streams, 1);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
}

static int listen_at(struct sockaddr *address, socklen_t length) {
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, address, length) < 0 || listen(fd, 128) < 0) {
        perror("authorizer: listen");
        exit(1);
    }
    return fd;
}

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: authorizer PORT PATH\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    struct sockaddr_in tcp = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[1]))};
    tcp.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    snprintf(local.sun_path, sizeof local.sun_path, "%s", arguments[2]);
    int listeners[] = {
        listen_at((struct sockaddr *)&tcp, sizeof tcp), listen_at((struct sockaddr *)&local, sizeof local)
    };
    int poll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < 2; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &listeners[i]};
        epoll_ctl(poll, EPOLL_CTL_ADD, listeners[i], &event);
    }
    nghttp2_session_callbacks *callbacks;
    if (nghttp2_session_callbacks_new(&callbacks) != 0) abort();
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    for (;;) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(poll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            int *listener = events[i].data.ptr;
            if (listener == &listeners[0] || listener == &listeners[1]) {
                greet(*listener, poll, callbacks);
            } else {
                serve(events[i].data.ptr);
            }
        }
    }
}
