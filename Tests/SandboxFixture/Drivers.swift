// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Sandbox

/// The drivers that can be asked for by name.
enum Drivers {
    static let names = ["namespace", "wasm", "gvisor", "firecracker", "microvm"]

    /// The driver of this name, with a launcher that no other process shares; `microvm=DIRECTORY` and
    /// `firecracker=DIRECTORY` name the image.
    static func named(
        _ name: String, jail: NamespaceDriver.Settings = NamespaceDriver.Settings()
    ) -> (any SandboxDriver)? {
        switch name {
        case "namespace": return NamespaceDriver(jail)
        case "wasm": return WasmDriver(jail: jail)
        case "gvisor":
            var settings = GVisorDriver.Settings()
            settings.jail = jail
            return GVisorDriver(settings)
        case "microvm":
            return MicroVMDriver(jail: jail)
        case "firecracker":
            return FirecrackerDriver(jail: jail)
        case let image where image.hasPrefix("firecracker=/"):
            var settings = FirecrackerDriver.Settings()
            settings.image = String(image.dropFirst("firecracker=".count))
            settings.workspace = "/var/tmp/yett-machines"
            return FirecrackerDriver(settings, jail: jail)
        case let image where image.hasPrefix("microvm=/"):
            var settings = MicroVMDriver.Settings()
            settings.image = String(image.dropFirst("microvm=".count))
            return MicroVMDriver(settings, jail: jail)
        default: return nil
        }
    }

    /// A program that never ends.
    static func spinning(_ driver: any SandboxDriver) -> SandboxProgram {
        driver.name == "wasm" ? .module(spinningModule) : .source(.python, Array("while True: pass".utf8))
    }

    /// `(module (memory (export "memory") 1) (func (export "_start") (loop (br 0))))`
    private static let spinningModule: [UInt8] = [
        0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
        1, 4, 1, 0x60, 0, 0,
        3, 2, 1, 0,
        5, 3, 1, 0, 1,
        7, 19, 2, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 0, 6, 0x5f, 0x73, 0x74, 0x61, 0x72, 0x74, 0, 0,
        10, 9, 1, 7, 0, 0x03, 0x40, 0x0c, 0, 0x0b, 0x0b,
    ]

    /// `(module (memory (export "memory") 1) (func (export "_start")))`
    static let emptyModule: [UInt8] = [
        0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
        1, 4, 1, 0x60, 0, 0,
        3, 2, 1, 0,
        5, 3, 1, 0, 1,
        7, 19, 2, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 0, 6, 0x5f, 0x73, 0x74, 0x61, 0x72, 0x74, 0, 0,
        10, 4, 1, 2, 0, 0x0b,
    ]
}
