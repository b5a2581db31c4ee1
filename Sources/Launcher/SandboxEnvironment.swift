// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The environment inside: proxies, a few names of the caller's, and what the plan adds. Nothing else is inherited.
struct SandboxEnvironment {
    static let httpProxy = "http://127.0.0.1:\(LoopbackPorts.http)"
    static let socksProxy = "socks5h://127.0.0.1:\(LoopbackPorts.socks)"
    /// Where the additional certificates are inside.
    static let certificates = "/run/yett/certificates.pem"
    /// Where the file that teaches older versions of Node the proxy is inside.
    static let nodeProxy = "/run/yett/node-proxy.cjs"

    /// Where the Workload API is inside.
    static let workloadSocket = "/run/yett/workload.sock"

    private static let inherited = ["TERM", "COLORTERM", "LANG", "LANGUAGE", "TZ", "NO_COLOR"]

    private(set) var variables: [EnvironmentVariable] = []

    init(_ plan: LaunchPlan, path: String) throws(LaunchError) {
        for variable in plan.callerEnvironment {
            let isLocale = variable.name.utf8.starts(with: "LC_".utf8)
            if isLocale || Self.inherited.contains(where: { Path.same($0, variable.name) }) {
                try set(variable.name, variable.value)
            }
        }
        for variable in plan.plantedVariables { try set(variable.name, variable.value) }
        try set("PATH", path)
        try set("HOME", VisiblePaths.home)
        try set("USER", SystemFiles.userName)
        try set("LOGNAME", SystemFiles.userName)
        try set("SHELL", "/bin/sh")
        try set("TMPDIR", "/tmp")
        try set("PWD", plan.workingDirectory)
        // ALL_PROXY names the HTTP proxy as well: Python's httpx refuses to start when it meets a SOCKS address and has
        // no SOCKS library. Programs that want SOCKS find it under its own name.
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            try set(name, Self.httpProxy)
            try set(name.lowercased(), Self.httpProxy)
        }
        try set("YETT_SOCKS_PROXY", Self.socksProxy)
        try set("NO_PROXY", "")
        try set("no_proxy", "")
        for variable in plan.serviceVariables {
            let isPath = variable.value.utf8.first == UInt8(ascii: "/")
            try set(variable.name, (isPath ? Self.httpProxy : "") + variable.value)
        }
        if !plan.serviceVariables.isEmpty {
            // Where the proxy is, the gate's services are as well; a proxy is not asked for them. There is nothing else.
            for name in ["NO_PROXY", "no_proxy"] { try set(name, "127.0.0.1") }
        }
        try set("NODE_USE_ENV_PROXY", "1")
        try set("YETT_AGENT", plan.agent)
        if plan.workloadSocket != nil { try set("SPIFFE_ENDPOINT_SOCKET", "unix://\(Self.workloadSocket)") }
        if plan.certificateBundle != nil {
            for name in [
                "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "PIP_CERT",
                "NODE_EXTRA_CA_CERTS", "AWS_CA_BUNDLE",
            ] {
                try set(name, Self.certificates)
            }
        }
        for variable in plan.environment { try set(variable.name, variable.value) }
        let given = variables.first { Path.same($0.name, "NODE_OPTIONS") }?.value ?? ""
        try set("NODE_OPTIONS", "--require=\(Self.nodeProxy)" + (given.isEmpty ? "" : " " + given))
    }

    private mutating func set(_ name: String, _ value: String) throws(LaunchError) {
        guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "=")), !name.utf8.contains(0), !value.utf8.contains(0)
        else { throw .refused("the environment variable \(name) has a name or value that no program could read") }
        variables.removeAll { Path.same($0.name, name) }
        variables.append(EnvironmentVariable(name: name, value: value))
    }
}

/// Where the relay offers itself inside.
enum LoopbackPorts {
    static let http = 3128
    static let socks = 1080
}
