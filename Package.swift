// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors
import PackageDescription

// MARK: Libraries

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let inMemoryLogging = Target.Dependency.product(name: "InMemoryLogging", package: "swift-log")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHPACK = Target.Dependency.product(name: "NIOHPACK", package: "swift-nio-http2")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTP2 = Target.Dependency.product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let swiftASN1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let swiftProtobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

// MARK: Layers, from the bottom; a layer may use what stands above it in this file

let core: [Target] = [
    .target(name: "Addresses"),
    .target(name: "Protocols", dependencies: ["Addresses"]),
    .target(name: "Identity", dependencies: ["Addresses", "Protocols", crypto, cryptoExtras, swiftASN1, x509]),
    .target(name: "Credentials", dependencies: ["Protocols", crypto]),
    .target(name: "AuditTree", dependencies: [crypto]),
    .target(name: "Behavior", dependencies: ["AuditTree", "Protocols"]),
    .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),
    .target(name: "LeakDetection", dependencies: ["CRE2", "CZlib", "Protocols"]),
    .target(name: "Rego", dependencies: ["CRE2", crypto, cryptoExtras, swiftASN1, yams]),
    .target(name: "Decision", dependencies: ["Addresses", "Identity", "Protocols", "Rego"]),
    // Named apart from the module of swift-configuration, which the web framework brings along.
    .target(
        name: "YettConfiguration", dependencies: ["Addresses", "Decision", "Identity", "Protocols", yams],
        path: "Sources/Configuration"),
    .target(
        name: "Manifests", dependencies: ["Addresses", "Decision", "Identity", "Protocols", "YettConfiguration"]),
    .target(name: "SquidImport", dependencies: ["Addresses"]),
]

let adapters: [Target] = [
    .target(
        name: "Authority",
        dependencies: ["CLinux", "Identity", "Storage", crypto, cryptoExtras, grdb, swiftASN1, x509]),
    .systemLibrary(name: "CAres", pkgConfig: "libcares", providers: [.apt(["libc-ares-dev"])]),
    .target(name: "CLinux"),
    .target(name: "CTLS"),
    .target(
        name: "Cluster",
        dependencies: [
            "AuditTree", "Decision", "GRPCClient", "Identity", "PKI", "Protobufs", "Protocols", crypto, nioCore,
            nioHTTP2, nioPosix, nioSSL, swiftProtobuf,
        ]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CLauncher", dependencies: ["CSpawn"], linkerSettings: [.linkedLibrary("seccomp")]),
    .target(name: "CSandbox", dependencies: ["CSpawn"]),
    .target(name: "CSpawn"),
    .target(name: "GRPCClient", dependencies: [nioCore, nioHPACK, nioHTTP2]),
    .target(name: "Launcher", dependencies: ["CLauncher", "CSpawn"]),
    .target(name: "MCPBridge", dependencies: ["Protocols", nioCore, nioHTTP1, nioPosix]),
    .target(name: "Outbound", dependencies: ["Addresses", "PKI", "Protocols", nioCore, nioPosix, nioSSL, nioTLS]),
    .target(name: "PKI", dependencies: ["CTLS", "Identity", nioCore, nioSSL]),
    .target(name: "PolicyBundle", dependencies: ["CZlib", "Rego", asyncHTTPClient, crypto, nioCore, nioHTTP1]),
    .target(name: "Protobufs", dependencies: [swiftProtobuf], exclude: ["Definitions"]),
    .target(name: "Resolver", dependencies: ["Addresses", "CAres"]),
    .target(name: "Storage", dependencies: ["AuditTree", crypto, grdb]),
    .target(
        name: "Sandbox", dependencies: ["AuditTree", "CLauncher", "CLinux", "CSandbox", "CSpawn", "Protocols", crypto]),
    .target(name: "Telemetry", dependencies: ["AuditTree", "Protocols", logging]),
    .target(
        name: "Transport",
        dependencies: [
            "Addresses", "AuditTree", "CLinux", "Decision", "Identity", "LeakDetection", "PKI", "Protocols",
            "Resolver", "Storage", "Telemetry", crypto, nioCore, nioHPACK, nioPosix,
        ]),
    .target(
        name: "WorkloadClient",
        dependencies: ["GRPCClient", "Identity", "Protobufs", nioCore, nioHTTP2, nioPosix, swiftProtobuf]),
]

let planes: [Target] = [
    .target(
        name: "AdminPlane",
        dependencies: [
            "AuditTree", "CLinux", "Decision", "Identity", "PolicyBundle", "Protocols", "Rego", "Storage", "Telemetry",
            "Transport", crypto, httpTypes, hummingbird, hummingbirdCore, hummingbirdTLS, logging, nioCore, nioSSL,
            serviceLifecycle,
        ]),
    .target(
        name: "EgressPlane",
        dependencies: [
            "Addresses", "AuditTree", "Decision", "Identity", "LeakDetection", "PKI", "Protocols",
            "Resolver", "Transport", crypto, nioCore, nioSSL,
        ]),
    .target(
        name: "IdentityPlane",
        dependencies: [
            "Addresses", "Authority", "Identity", "Outbound", "PKI", "Protobufs", "Protocols", "Transport", crypto,
            httpTypes, hummingbird, hummingbirdCore, hummingbirdTLS, logging, nioCore, nioHPACK, nioHTTP2, nioPosix,
            nioSSL,
            serviceLifecycle, swiftASN1, swiftProtobuf, x509,
        ]),
    .target(
        name: "MeshPlane",
        dependencies: [
            "Addresses", "AuditTree", "Credentials", "Decision", "Identity", "LeakDetection", "Protobufs", "Protocols",
            "Transport", crypto, nioCore, nioTLS, swiftProtobuf,
        ]),
    .target(name: "SandboxPlane", dependencies: ["AuditTree", "Decision", "Protocols", "Sandbox"]),
    .target(
        name: "ServicePlane",
        dependencies: [
            "Addresses", "AuditTree", "Credentials", "Decision", "Identity", "LeakDetection", "Outbound",
            "PKI", "Protocols", "Resolver", "Transport", crypto, nioCore, nioHPACK, nioHTTP2, nioSSL, nioTLS,
        ]),
]

let composition: [Target] = [
    .target(
        name: "Gateway",
        dependencies: [
            "Addresses", "AdminPlane", "AuditTree", "Authority", "Behavior", "CLinux", "Cluster", "Credentials",
            "Decision", "EgressPlane", "Identity", "IdentityPlane", "LeakDetection", "MeshPlane", "Outbound", "PKI",
            "Protocols",
            "PolicyBundle",
            "Rego",
            "Resolver",
            "Sandbox", "SandboxPlane", "ServicePlane",
            "Storage", "Telemetry", "Transport", "WorkloadClient", "YettConfiguration", asyncHTTPClient, crypto,
            logging, nioCore, nioHTTP1, nioSSL, serviceLifecycle, unixSignals, x509,
        ]),
    .target(name: "PolicyTool", dependencies: ["AuditTree", "Decision", "PolicyBundle", "Protocols", "Rego"]),
]

let program: [Target] = [
    .executableTarget(
        name: "yett",
        dependencies: [
            "Addresses", "AdminPlane", "AuditTree", "Behavior", "Decision", "Gateway", "Identity", "Launcher",
            "MCPBridge",
            "Manifests", "PKI", "PolicyBundle", "PolicyTool", "Protocols", "Sandbox", "SquidImport", "Storage",
            "Telemetry", "YettConfiguration", argumentParser, asyncHTTPClient, crypto, logging, nioCore, nioHTTP1,
            nioSSL,
            serviceLifecycle, swiftASN1, unixSignals, x509,
        ]),
    // Runs inside of every launch, before the program: static, so that it needs nothing of the launch's file system.
    .executableTarget(
        name: "yett-jail",
        linkerSettings: [.unsafeFlags(["-static-executable", "-Xclang-linker", "-static", "-nostartfiles"])]),
    // Starts and ends sandboxes for the gate, which itself never forks: static, single-threaded, small to copy.
    .executableTarget(
        name: "yett-sandbox", dependencies: ["CSandbox"],
        linkerSettings: [.unsafeFlags(["-static-executable", "-Xclang-linker", "-static", "-nostartfiles"])]),
    // Runs one WebAssembly program and is gone. It loads the engine's library, so it cannot be static.
    .executableTarget(
        name: "yett-wasm",
        linkerSettings: [.unsafeFlags(["-nostartfiles", "-static-stdlib", "-Xlinker", "--gc-sections"])]),
]

// MARK: Tests

let tests: [Target] = [
    .testTarget(name: "AddressesTests", dependencies: ["Addresses"]),
    .testTarget(
        name: "AdminPlaneTests",
        dependencies: [
            "AdminPlane", "AuditTree", "GateSupport", "PolicyBundle", "Rego", "Storage", "Telemetry", logging,
            serviceLifecycle,
        ]),
    .testTarget(name: "AuditTreeTests", dependencies: ["AuditTree", crypto]),
    .testTarget(
        name: "AuthorityTests",
        dependencies: [
            "Authority", "CLinux", "Identity", "IdentitySupport", "ProcessSupport", "Protocols", "authority-torture",
            x509,
        ]),
    .executableTarget(
        name: "authority-torture", dependencies: ["Authority", "Identity", x509], path: "Tests/AuthorityTorture"),
    .executableTarget(name: "audit-torture", dependencies: ["AuditTree", "Storage"], path: "Tests/AuditTorture"),
    .testTarget(name: "BehaviorTests", dependencies: ["AuditTree", "Behavior", "Protocols"]),
    .testTarget(
        name: "Conformance",
        dependencies: [
            "Addresses", "AuditTree", "Behavior", "Decision", "GateSupport", "Identity", "LeakDetection",
            "PolicyBundle",
            "ProcessSupport", "Protocols", "Rego", "Resolver", "ServicePlane", "Transport",
        ],
        exclude: ["Corpora"]),
    .testTarget(
        name: "ConfigurationTests",
        dependencies: ["Addresses", "Decision", "Identity", "Protocols", "YettConfiguration"], exclude: ["Golden"]),
    .testTarget(
        name: "ClusterTests",
        dependencies: [
            "AuditTree", "Cluster", "Decision", "Identity", "ProcessSupport", "Protocols", nioCore, nioPosix, nioSSL,
        ]),
    .testTarget(name: "CredentialsTests", dependencies: ["Credentials", "Protocols", crypto]),
    .testTarget(name: "DecisionTests", dependencies: ["Addresses", "Decision", "Identity", "Protocols", "Rego"]),
    .testTarget(
        name: "EgressPlaneTests",
        dependencies: [
            "Addresses", "AuditTree", "Decision", "EgressPlane", "GateSupport", "Identity", "PKI", "Protocols",
            "Rego", "Resolver", "Storage", "Transport", nioCore, nioSSL,
        ]),
    .testTarget(
        name: "FederationTests",
        dependencies: [
            "Addresses", "Authority", "GateSupport", "Identity", "IdentityPlane", "Outbound", "PKI", "Protocols",
            nioCore, nioPosix, nioSSL, nioTLS, serviceLifecycle,
        ]),
    // Another user at the other end of a socket; a program that a test starts.
    .target(name: "CTestSupport", path: "Tests/CTestSupport"),
    .target(
        name: "GateSupport",
        dependencies: [
            "Addresses", "AuditTree", "CTestSupport", "Decision", "EgressPlane", "Identity", "PKI", "ProcessSupport",
            "Protocols", "Resolver", "ServicePlane", "Storage", "Transport", crypto, logging, nioCore, nioPosix, nioSSL,
            swiftASN1,
            x509,
        ],
        path: "Tests/GateSupport"),
    // A whole gate in the process of the tests.
    .target(
        name: "GatewaySupport",
        dependencies: [
            "AdminPlane", "AuditTree", "GateSupport", "Gateway", "Identity", "IdentityPlane", "Protocols", "Resolver",
            "Storage", "Telemetry", "Transport", "WorkloadClient", crypto, logging,
        ],
        path: "Tests/GatewaySupport"),
    .testTarget(
        name: "GatewayTests",
        dependencies: [
            "Addresses", "AdminPlane", "AuditTree", "Behavior", "Cluster", "Credentials", "Decision", "EgressPlane",
            "GateSupport", "Gateway", "GatewaySupport", "Identity", "IdentityPlane", "LeakDetection", "Manifests",
            "PolicyBundle", "Protocols", "Resolver", "Storage", "Telemetry", "Transport", "WorkloadClient",
            "YettConfiguration", crypto, logging, serviceLifecycle,
        ],
        exclude: ["Clients"]),
    .target(name: "IdentitySupport", dependencies: ["Identity", x509], path: "Tests/IdentitySupport"),
    .testTarget(
        name: "IdentityTests",
        dependencies: ["Addresses", "Identity", "Protocols", crypto, cryptoExtras, swiftASN1, x509]),
    .testTarget(
        name: "IdentityPlaneTests",
        dependencies: [
            "Authority", "GateSupport", "Identity", "IdentityPlane", "Protobufs", "Protocols", crypto, hummingbird,
            logging,
            inMemoryLogging, nioCore, nioHPACK, nioHTTP2, nioPosix, swiftProtobuf,
        ],
        exclude: ["Clients"]),
    .executableTarget(name: "launch-fixture", dependencies: ["Launcher"], path: "Tests/LaunchFixture"),
    .testTarget(
        name: "LauncherTests", dependencies: ["CLauncher", "CSpawn", "Launcher", "launch-fixture", "yett-jail"],
        exclude: ["Probes"]),
    .testTarget(
        name: "PKITests",
        dependencies: ["Authority", "GateSupport", "Identity", "PKI", nioCore, nioPosix, nioSSL]),
    .testTarget(
        name: "ManifestsTests", dependencies: ["Addresses", "Manifests", "YettConfiguration", yams],
        exclude: ["Golden", "Inputs"]),
    .testTarget(name: "MCPBridgeTests", dependencies: ["MCPBridge", "Protocols"]),
    .testTarget(
        name: "MeshPlaneTests",
        dependencies: [
            "Addresses", "Decision", "Identity", "MeshPlane", "Protobufs", "Protocols", "Transport", nioCore,
            nioEmbedded, swiftProtobuf,
        ],
        exclude: ["Definitions"]),
    .testTarget(
        name: "OutboundTests", dependencies: ["Addresses", "GateSupport", "Outbound", nioCore, nioPosix, nioSSL]),
    .testTarget(name: "PolicyBundleTests", dependencies: ["PolicyBundle", asyncHTTPClient, nioCore, nioPosix]),
    .testTarget(name: "PolicyToolTests", dependencies: ["AuditTree", "PolicyBundle", "PolicyTool", "Rego"]),
    .testTarget(name: "ProtocolsTests", dependencies: ["Addresses", "Protocols", nioCore, nioHPACK]),
    .testTarget(name: "LeakDetectionTests", dependencies: ["CZlib", "LeakDetection", "Protocols"]),
    .target(name: "ProcessSupport", dependencies: ["CTestSupport"], path: "Tests/ProcessSupport"),
    .testTarget(
        name: "ClusterPeers",
        dependencies: [
            "AdminPlane", "AuditTree", "Cluster", "GateSupport", "Gateway", "GatewaySupport", "Identity",
            "ProcessSupport", "Protocols", "Storage", "Transport",
        ]),
    .testTarget(
        name: "RealPeers",
        dependencies: [
            "AdminPlane", "Addresses", "AuditTree", "Credentials", "Decision", "EgressPlane", "GateSupport",
            "GatewaySupport",
            "Identity", "PKI", "ProcessSupport", "Protocols", "ServicePlane", "Transport", nioCore, nioSSL,
        ],
        exclude: ["Python"]),
    .testTarget(
        name: "TransportTests",
        dependencies: [
            "Addresses", "AuditTree", "Decision", "GateSupport", "Identity", "LeakDetection", "Protocols", "Storage",
            "Telemetry", "Transport", nioCore, nioPosix,
        ]),
    .testTarget(name: "RegoTests", dependencies: ["CRE2", "Rego"]),
    .testTarget(name: "ResolverTests", dependencies: ["Addresses", "Resolver"]),
    .executableTarget(name: "sandbox-fixture", dependencies: ["Sandbox"], path: "Tests/SandboxFixture"),
    .testTarget(
        name: "SandboxPlaneTests",
        dependencies: [
            "AdminPlane", "AuditTree", "Decision", "GateSupport", "Gateway", "GatewaySupport", "Protocols", "Sandbox",
            "SandboxPlane", "yett-sandbox", "yett-wasm", crypto,
        ]),
    .testTarget(
        name: "SandboxTests",
        dependencies: ["CSandbox", "CSpawn", "Protocols", "Sandbox", "sandbox-fixture", "yett-sandbox", "yett-wasm"],
        exclude: ["Firecracker/Fake"]),
    .testTarget(
        name: "ServicePlaneTests",
        dependencies: [
            "Addresses", "AuditTree", "Credentials", "Decision", "GateSupport", "Identity", "PKI", "Protocols",
            "ServicePlane",
            "Transport", nioCore, nioEmbedded,
            nioHPACK, nioHTTP2,
        ]),
    .testTarget(
        name: "SquidImportTests",
        dependencies: ["Addresses", "Decision", "Identity", "SquidImport", "YettConfiguration"]),
    .testTarget(
        name: "WorkloadClientTests",
        dependencies: [
            "Addresses", "Authority", "GRPCClient", "GateSupport", "Identity", "IdentityPlane", "IdentitySupport",
            "Protobufs",
            "WorkloadClient", logging, nioCore, nioHPACK, nioHTTP2, nioPosix, swiftProtobuf,
        ]),
    .testTarget(
        name: "YettTests", dependencies: ["GateSupport", "ProcessSupport", "yett", "yett-jail"],
        exclude: ["Browser", "Golden", "Providers", "Servers"]),
    .testTarget(name: "TelemetryTests", dependencies: ["AuditTree", "Protocols", "Telemetry", logging]),
    .testTarget(
        name: "StorageTests", dependencies: ["AuditTree", "ProcessSupport", "Storage", "audit-torture", crypto, grdb]),
]

let package = Package(
    name: "yett",
    products: [
        .executable(name: "yett", targets: ["yett"]),
        .executable(name: "yett-jail", targets: ["yett-jail"]),
        .executable(name: "yett-sandbox", targets: ["yett-sandbox"]),
        .executable(name: "yett-wasm", targets: ["yett-wasm"]),
        .library(
            name: "YettCore", targets: ["Addresses", "AuditTree", "Credentials", "Decision", "Identity", "Protocols"]),
        .library(name: "YettRego", targets: ["Rego"]),
        .library(name: "YettStorage", targets: ["Storage"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: core + adapters + planes + composition + program + tests,
    cxxLanguageStandard: .cxx17
)

// Warnings are errors where the project itself is checked; a newer compiler may know more of them.
let isStrict = Context.environment["YETT_STRICT"] != nil

for target in package.targets where target.type != .system {
    var settings = target.swiftSettings ?? []
    settings += [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
    if isStrict { settings.append(.treatAllWarnings(as: .error)) }
    target.swiftSettings = settings
}
