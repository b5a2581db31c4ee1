// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// What BoringSSL as it comes with NIOSSL can do for a server's context and NIOSSL has no names for. A version of it that
// cannot do something any more makes the answer false, not the program unlinkable.
#ifndef YETT_CTLS_H
#define YETT_CTLS_H

#include <stdbool.h>

/// Has the context (an `SSL_CTX`) issue no session ticket and accept none (`SSL_OP_NO_TICKET`).
///
/// @return whether the context says so itself afterwards.
bool tls_context_without_tickets(void *context);

/// Where the processor has instructions for AES, has a TLS 1.3 server prefer TLS_AES_128_GCM_SHA256, whose hash it has
/// instructions for as well, whatever the client would like best.
///
/// @return whether the preference is in force.
bool tls_context_preferring_aes128(void *context);

#endif
