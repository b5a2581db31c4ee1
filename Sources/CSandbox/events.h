// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// What the launcher and its jobs tell the gate.
#ifndef YETT_EVENTS_H
#define YETT_EVENTS_H

#include "CSandbox.h"

// Sends one event: its kind, numbers in little-endian order, and a text that is cut where there is no more room.
// A gate that takes nothing, or is gone, is told nothing.
void event_send(int channel, enum yett_event kind, const uint64_t *values, size_t count, const char *text, int flags);

#endif
