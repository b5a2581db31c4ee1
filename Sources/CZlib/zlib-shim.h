// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#pragma once

#include <string.h>
#include <zlib.h>

/// Prepares to inflate one gzip member; zlib's own names for this are macros.
static inline int zlib_begin_inflating_gzip(z_stream *stream) {
    memset(stream, 0, sizeof *stream);
    return inflateInit2(stream, 15 + 16);
}

/// Prepares to write one gzip member, whose header bears no time.
static inline int zlib_begin_deflating_gzip(z_stream *stream) {
    memset(stream, 0, sizeof *stream);
    return deflateInit2(stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
