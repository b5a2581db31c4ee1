// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// The launcher's helper: `inside` becomes the launched program, `relay` carries its connections to the gate.
// Every argument but the role is a descriptor number that the launcher opened.
#include "jail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int descriptor(const char *text) {
    char *end = NULL;
    long value = strtol(text, &end, 10);
    return end != text && *end == '\0' && value > 2 && value < 1 << 20 ? (int)value : -1;
}

int main(int count, char **arguments) {
    if (count == 4 && strcmp(arguments[1], "inside") == 0) {
        int control = descriptor(arguments[2]), configuration = descriptor(arguments[3]);
        if (control >= 0 && configuration >= 0) return inside(control, configuration);
    }
    if (count == 5 && strcmp(arguments[1], "relay") == 0) {
        int http = descriptor(arguments[2]), socks = descriptor(arguments[3]), gate = descriptor(arguments[4]);
        if (http >= 0 && socks >= 0 && gate >= 0) return relay(http, socks, gate);
    }
    fputs("yett-jail is started by `yett exec`, not by hand\n", stderr);
    return exit_setup;
}
