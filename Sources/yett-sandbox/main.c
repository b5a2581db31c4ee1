// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Starts and ends sandboxes for the gate.
#include "CSandbox.h"

int main(int count, char **arguments) {
    return yett_sandbox_launcher(count, arguments);
}
