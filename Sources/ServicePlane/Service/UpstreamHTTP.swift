// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Which version of HTTP a service is asked with.
public enum UpstreamHTTP: Sendable {
    /// HTTP/1.1.
    case http1
    /// HTTP/2: it must be chosen in this TLS, or is known beforehand where there is none.
    case http2(UpstreamSecurity)
    /// What the service chooses in this TLS; WebSockets go by HTTP/1.1.
    case negotiated(UpstreamSecurity)
}
