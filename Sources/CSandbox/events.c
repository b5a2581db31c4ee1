// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#include "events.h"

#include <string.h>
#include <sys/socket.h>

void event_send(int channel, enum yett_event kind, const uint64_t *values, size_t count, const char *text, int flags) {
    uint8_t bytes[yett_event_bytes_limit];
    size_t length = 0;
    bytes[length++] = (uint8_t)kind;
    for (size_t index = 0; index < count; index++)
        for (int shift = 0; shift < 64; shift += 8) bytes[length++] = (uint8_t)(values[index] >> shift);
    size_t size = strlen(text);
    if (size > sizeof bytes - length) size = sizeof bytes - length;
    memcpy(bytes + length, text, size);
    (void)!send(channel, bytes, length + size, MSG_NOSIGNAL | flags);
}
