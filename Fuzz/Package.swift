// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import PackageDescription

/// Both sanitizers in one option: of several `-sanitize` the compiler obeys the last, and without `fuzzer` it counts no
/// coverage and the fuzzing is blind.
let sanitizers = "-sanitize=address,fuzzer"

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"), .enableUpcomingFeature("MemberImportVisibility"),
    .unsafeFlags([sanitizers]),
]

/// Each fuzzer is an executable whose `main` is libFuzzer's.
let fuzzers = [
    "BehaviorBaseline", "BehaviorEvent", "RequestHead", "ResponseHead", "ChunkedBody", "RequestTarget", "ClientHello",
    "SOCKS5", "JSON", "MCP", "Model",
    "SecretScanner", "RegoSyntax", "RegoJSON", "RegoNumber", "RegoFormat", "BundleArchive", "PEM", "JWS",
    "BundleDocument", "HeaderList", "HPACK", "HTTP2Frames", "Protobuf", "SecurityEvent", "WebSocketFrame", "Leak",
]

/// Those that evaluate policies, and take the whole engine for it.
let engineFuzzers = ["RegoPolicy", "RegoEvaluation"]

/// What needs the libraries for cryptography and YAML.
let engineExclusions = [
    "Builtins/CloudBuiltins.swift", "Builtins/YAMLBuiltins.swift", "Syntax/YAMLDocument.swift",
]

// The modules under test are symbolic links into ../Sources, so that only they are built with the sanitizers.
let package = Package(
    name: "yett-fuzz",
    targets: [
        .target(name: "Addresses", swiftSettings: settings),
        .target(name: "Protocols", dependencies: ["Addresses"], swiftSettings: settings),
        .target(name: "Behavior", dependencies: ["Protocols"], exclude: ["Records"], swiftSettings: settings),
        .target(name: "RegoSyntax", exclude: ["Syntax/YAMLDocument.swift"], swiftSettings: settings),
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),
        .target(name: "RegoValues", dependencies: ["CRE2"], swiftSettings: settings),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .target(name: "PolicyArchive", dependencies: ["CZlib"], swiftSettings: settings),
        .target(name: "RegoEncoding", swiftSettings: settings),
        .target(name: "IdentityTokens", dependencies: ["Addresses", "Protocols"], swiftSettings: settings),
        .target(
            name: "Rego", dependencies: ["CRE2"], exclude: engineExclusions, swiftSettings: settings),
        .target(name: "SecretScanning", swiftSettings: settings),
        .target(name: "LeakDetection", dependencies: ["CRE2", "CZlib", "Protocols"], swiftSettings: settings),
        .target(name: "FuzzSupport", swiftSettings: settings),
    ]
        + engineFuzzers.map {
            .executableTarget(
                name: "\($0)Fuzzer", dependencies: ["FuzzSupport", "Rego"],
                swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])],
                linkerSettings: [.unsafeFlags([sanitizers])])
        }
        + fuzzers.map {
            .executableTarget(
                name: "\($0)Fuzzer",
                dependencies: [
                    "Addresses", "Behavior", "FuzzSupport", "IdentityTokens", "LeakDetection", "PolicyArchive",
                    "Protocols",
                    "RegoEncoding",
                    "RegoSyntax", "RegoValues", "SecretScanning",
                ],
                swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])],
                linkerSettings: [.unsafeFlags([sanitizers])])
        }
)
