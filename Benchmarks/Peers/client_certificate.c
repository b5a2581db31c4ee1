// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors
//
// Preloaded into wrk and h2load, which have no option for a client certificate: every TLS context of theirs shows the one
// in CLIENT_CERTIFICATE, a PEM file with certificate and key.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>

typedef struct ssl_ctx_st SSL_CTX;
typedef struct ssl_method_st SSL_METHOD;
int SSL_CTX_use_certificate_chain_file(SSL_CTX *context, const char *file);
int SSL_CTX_use_PrivateKey_file(SSL_CTX *context, const char *file, int type);
enum { PEM = 1 };

SSL_CTX *SSL_CTX_new(const SSL_METHOD *method) {
    SSL_CTX *(*original)(const SSL_METHOD *) = (SSL_CTX * (*)(const SSL_METHOD *)) dlsym(RTLD_NEXT, "SSL_CTX_new");
    const char *file = getenv("CLIENT_CERTIFICATE");
    SSL_CTX *context = original ? original(method) : NULL;
    if (!context || !file) return context;
    if (SSL_CTX_use_certificate_chain_file(context, file) != 1) abort();
    if (SSL_CTX_use_PrivateKey_file(context, file, PEM) != 1) abort();
    return context;
}
