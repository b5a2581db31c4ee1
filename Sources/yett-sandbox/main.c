// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Starts and ends sandboxes for the gate.
#include "CSandbox.h"

#include <string.h>

int main(int count, char **arguments) {
    if (count > 1 && strcmp(arguments[1], "keep") == 0) return yett_sandbox_keeper(count, arguments);
    return yett_sandbox_launcher(count, arguments);
}
