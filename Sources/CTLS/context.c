// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

#include "CTLS.h"

#include <stddef.h>
#include <stdint.h>

// The library's functions under the names that NIOSSL's build gives them.
extern uint32_t CNIOBoringSSL_SSL_CTX_set_options(void *context, uint32_t options) __attribute__((weak));
extern uint32_t CNIOBoringSSL_SSL_CTX_get_options(const void *context) __attribute__((weak));
extern int CNIOBoringSSL_SSL_CTX_set1_tls13_ciphers(
    void *context, const uint16_t *ciphers, const uint32_t *flags, size_t count) __attribute__((weak));
extern int CNIOBoringSSL_EVP_has_aes_hardware(void) __attribute__((weak));

enum { no_ticket = 0x4000 };

bool tls_context_without_tickets(void *context) {
    if (CNIOBoringSSL_SSL_CTX_set_options == NULL || CNIOBoringSSL_SSL_CTX_get_options == NULL) return false;
    CNIOBoringSSL_SSL_CTX_set_options(context, no_ticket);
    return (CNIOBoringSSL_SSL_CTX_get_options(context) & no_ticket) != 0;
}

bool tls_context_preferring_aes128(void *context) {
    // RFC 8446, section B.4: AES-128-GCM with SHA-256, AES-256-GCM with SHA-384, ChaCha20-Poly1305 with SHA-256.
    static const uint16_t ciphers[] = {0x1301, 0x1302, 0x1303};
    if (CNIOBoringSSL_EVP_has_aes_hardware == NULL || CNIOBoringSSL_SSL_CTX_set1_tls13_ciphers == NULL) return false;
    return CNIOBoringSSL_EVP_has_aes_hardware() == 1 &&
        CNIOBoringSSL_SSL_CTX_set1_tls13_ciphers(context, ciphers, NULL, sizeof ciphers / sizeof ciphers[0]) == 1;
}
