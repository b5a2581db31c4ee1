// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// One Unix connection to the gate for each TCP connection of the program, bytes copied both ways. It runs outside the
// sandbox's process namespace, holding listeners that the inside opened: the program can neither signal nor trace it,
// and when it ends there is no network at all. A side that is slow stops the other side's reading; half-close is kept.
#define _GNU_SOURCE
#include "jail.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    most_connections = 1024,
    descriptors_reserved = 16,
    chunk_bytes = 65536,
    chunks_per_turn = 8,
    batch = 64,
    retry_milliseconds = 5,
    gate_retries = 2000,   // ten seconds of a full backlog
};

struct connection;

// One of a connection's two sockets, and the bytes read from it that its peer has not taken yet.
struct end {
    struct connection *connection;
    int descriptor;
    uint32_t interest;   // what epoll watches; 0 when it is not registered
    char *pending;
    size_t start, length;
    bool is_read_out;    // end of input seen
    bool is_shut;        // its peer has been told
};

struct connection {
    struct end ends[2];   // 0 the program, 1 the gate
    struct connection *next_waiting;
    int tries;
    bool is_waiting, is_closed;
    struct connection *next_closed;
};

static int poller = -1;
static struct sockaddr_un gate_address;
static struct connection *waiting, *closed;
static size_t open_connections;
static char chunk[chunk_bytes];
static struct end listeners[2];
static size_t connection_limit;

static bool watch(struct end *end, uint32_t interest) {
    if (end->interest == interest) return true;
    struct epoll_event event = {.events = interest, .data.ptr = end};
    int operation = interest == 0 ? EPOLL_CTL_DEL : end->interest == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    if (epoll_ctl(poller, operation, end->descriptor, &event) != 0) return false;
    end->interest = interest;
    return true;
}

static void watch_listeners(bool is_watching) {
    for (int index = 0; index < 2; index++) watch(&listeners[index], is_watching ? EPOLLIN : 0);
}

// Freed only after the batch: a later event in it may still point here.
static void drop(struct connection *connection) {
    if (connection->is_closed) return;
    connection->is_closed = true;
    for (int side = 0; side < 2; side++) {
        struct end *end = &connection->ends[side];
        if (end->descriptor >= 0) close(end->descriptor);
        end->descriptor = -1;
    }
    connection->next_closed = closed;
    closed = connection;
}

static void free_closed(void) {
    struct connection **link = &waiting;
    while (*link != NULL) {
        if ((*link)->is_closed) {
            *link = (*link)->next_waiting;
        } else {
            link = &(*link)->next_waiting;
        }
    }
    while (closed != NULL) {
        struct connection *connection = closed;
        closed = connection->next_closed;
        free(connection->ends[0].pending);
        free(connection->ends[1].pending);
        free(connection);
        open_connections--;
    }
    watch_listeners(open_connections < connection_limit);
}

// Sends what is pending; false when the connection is broken.
static bool flush(struct end *from, struct end *to) {
    while (from->length > 0) {
        ssize_t count = send(to->descriptor, from->pending + from->start, from->length, MSG_NOSIGNAL);
        if (count < 0) return errno == EAGAIN || errno == EINTR;
        from->start += (size_t)count;
        from->length -= (size_t)count;
    }
    free(from->pending);
    from->pending = NULL;
    from->start = 0;
    if (from->is_read_out && !from->is_shut) {
        from->is_shut = true;
        if (shutdown(to->descriptor, SHUT_WR) != 0 && errno != ENOTCONN) return false;
    }
    return true;
}

static bool keep(struct end *from, const char *bytes, size_t length) {
    from->pending = malloc(length);
    if (from->pending == NULL) return false;
    memcpy(from->pending, bytes, length);
    from->start = 0;
    from->length = length;
    return true;
}

static bool pump(struct end *from, struct end *to) {
    for (int turn = 0; turn < chunks_per_turn && from->length == 0 && !from->is_read_out; turn++) {
        ssize_t count = recv(from->descriptor, chunk, sizeof chunk, 0);
        if (count < 0) return errno == EAGAIN || errno == EINTR;
        if (count == 0) {
            from->is_read_out = true;
            return flush(from, to);
        }
        ssize_t sent = send(to->descriptor, chunk, (size_t)count, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR) return false;
        if (sent < 0) sent = 0;
        if (sent < count && !keep(from, chunk + sent, (size_t)(count - sent))) return false;
        if (count < (ssize_t)sizeof chunk) return true;
    }
    return true;
}

// Watches for exactly what can make progress. A descriptor without any wish is taken out, since epoll would report its
// hang-up for ever.
static bool rearm(struct connection *connection) {
    for (int side = 0; side < 2; side++) {
        struct end *end = &connection->ends[side], *peer = &connection->ends[1 - side];
        uint32_t wish = 0;
        if (!end->is_read_out && end->length == 0) wish |= EPOLLIN;
        if (peer->length > 0) wish |= EPOLLOUT;
        if (!watch(end, wish)) return false;
    }
    return true;
}

static void serve(struct end *end) {
    struct connection *connection = end->connection;
    if (connection->is_closed || connection->is_waiting) return;
    struct end *peer = end == &connection->ends[0] ? &connection->ends[1] : &connection->ends[0];
    // Errors and hang-ups need no case of their own: the next send or receive reports them.
    bool is_sound = peer->length == 0 || flush(peer, end);
    if (is_sound) is_sound = pump(end, peer);
    bool is_done = connection->ends[0].is_shut && connection->ends[1].is_shut;
    if (!is_sound || is_done || !rearm(connection)) drop(connection);
}

// True when connected; a full backlog is tried again later.
static void dial(struct connection *connection) {
    struct end *gate = &connection->ends[1];
    if (connect(gate->descriptor, (struct sockaddr *)&gate_address, sizeof gate_address) == 0) {
        connection->is_waiting = false;
        if (!rearm(connection)) drop(connection);
        return;
    }
    if ((errno != EAGAIN && errno != EINTR) || ++connection->tries > gate_retries) {
        drop(connection);
        return;
    }
    if (!connection->is_waiting) {
        connection->is_waiting = true;
        connection->next_waiting = waiting;
        waiting = connection;
    }
}

static void redial(void) {
    struct connection *list = waiting;
    waiting = NULL;
    while (list != NULL) {
        struct connection *connection = list;
        list = connection->next_waiting;
        if (connection->is_closed) continue;
        connection->is_waiting = false;
        dial(connection);
    }
}

static void take(int listener) {
    while (open_connections < connection_limit) {
        int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (client < 0) return;
        int gate = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        struct connection *connection = gate < 0 ? NULL : calloc(1, sizeof *connection);
        if (connection == NULL) {
            if (gate >= 0) close(gate);
            close(client);
            return;
        }
        connection->ends[0] = (struct end){.connection = connection, .descriptor = client};
        connection->ends[1] = (struct end){.connection = connection, .descriptor = gate};
        open_connections++;
        dial(connection);
    }
    watch_listeners(false);
}

// Two descriptors a connection; running out of them would make a readable listener spin.
static void choose_limit(void) {
    struct rlimit files;
    connection_limit = 64;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur < 2 * connection_limit + descriptors_reserved) return;
    size_t most = (size_t)(files.rlim_cur - descriptors_reserved) / 2;
    connection_limit = most < most_connections ? most : most_connections;
}

int relay(int http_listener, int socks_listener, int gate) {
    gate_address.sun_family = AF_UNIX;
    snprintf(gate_address.sun_path, sizeof gate_address.sun_path, "/proc/self/fd/%d", gate);
    listeners[0] = (struct end){.descriptor = http_listener};
    listeners[1] = (struct end){.descriptor = socks_listener};
    choose_limit();
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (poller < 0 || !relay_confine()) return exit_setup;
    watch_listeners(true);
    for (;;) {
        struct epoll_event events[batch];
        int count = epoll_wait(poller, events, batch, waiting == NULL ? -1 : retry_milliseconds);
        if (count < 0 && errno != EINTR) return exit_setup;
        for (int index = 0; index < count; index++) {
            struct end *end = events[index].data.ptr;
            if (end->connection == NULL) {
                take(end->descriptor);
            } else {
                serve(end);
            }
        }
        redial();
        free_closed();
    }
}
