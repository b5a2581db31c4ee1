// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors
import PackageDescription

let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(name: "yett", path: "..")
    ],
    targets: [
        .target(name: "CAllocations"),
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                "CAllocations",
                .product(name: "YettCore", package: "yett"),
                .product(name: "YettRego", package: "yett"),
                .product(name: "YettStorage", package: "yett"),
            ],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]),
    ]
)
