// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `http.send` and `opa.runtime`.
enum RequestBuiltins {
    static let all: [Builtin] = [
        Builtin(
            "http.send", [.map(.string, .any)], .anyObject, traits: [.nondeterministic, .reachesOutside],
            evaluate: send),
        // Neither the environment nor the configuration of the process is a policy's business.
        Builtin("opa.runtime", [], .map(.string, .any), traits: .nondeterministic) { _, context in
            context.heap.emptyObject()
        },
    ]

    private static let required = ["method", "url"]
    private static let allowed =
        required + [
            "body", "cache", "cache_ignored_headers", "caching_mode", "enable_redirect", "force_cache",
            "force_cache_duration_seconds", "force_json_decode", "force_yaml_decode", "headers", "max_retry_attempts",
            "raise_error", "raw_body", "timeout", "tls_ca_cert", "tls_ca_cert_env_variable", "tls_ca_cert_file",
            "tls_client_cert", "tls_client_cert_env_variable", "tls_client_cert_file", "tls_client_key",
            "tls_client_key_env_variable", "tls_client_key_file", "tls_insecure_skip_verify", "tls_server_name",
            "tls_use_system_certs",
        ]

    /// Checks the keys of a request.
    static func checkRequest(_ request: Value, _ context: BuiltinContext) throws(BuiltinFailure) {
        let heap = context.heap
        let known = heap.set(allowed.map { heap.string($0) })
        let unknown = request.keys.filter { !known.contains($0) }
        if !unknown.isEmpty {
            throw .type("operand 1 invalid request parameters(s): \(RegoPrinter.string(heap.set(unknown)))")
        }
        let missing = required.map { heap.string($0) }.filter { !request.contains($0) }
        if !missing.isEmpty {
            throw .type("operand 1 missing required request parameters(s): \(RegoPrinter.string(heap.set(missing)))")
        }
    }

    private static func send(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let request = try arguments.object(0)
        try checkRequest(request, context)
        throw .value("requests are not sent during a decision")
    }
}
