// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Sandbox

/// The drivers that there are. A new one is one more line here.
public enum SandboxDrivers {
    /// The names in the order in which drivers are asked when the operator names no other: the fastest first, since a
    /// demand is what calls for a stronger one.
    public static let names = makers.map(\.name)

    /// A driver by its name; `nil` when there is none.
    public static func driver(_ name: String, _ settings: SandboxPlaneSettings) -> (any SandboxDriver)? {
        makers.first { $0.name.utf8.elementsEqual(name.utf8) }?.make(settings)
    }

    private typealias Maker = @Sendable (SandboxPlaneSettings) -> any SandboxDriver

    private static let makers: [(name: String, make: Maker)] = [
        ("namespace", { NamespaceDriver(jail($0)) }),
        ("wasm", { WasmDriver(wasm($0), jail: jail($0)) }),
        ("gvisor", { GVisorDriver(gvisor($0)) }),
        ("firecracker", { FirecrackerDriver(firecracker($0), jail: jail($0)) }),
        ("microvm", { MicroVMDriver(machine($0), jail: jail($0)) }),
    ]

    /// What drivers need that start their processes through the launcher.
    private static func jail(_ settings: SandboxPlaneSettings) -> NamespaceDriver.Settings {
        var jail = NamespaceDriver.Settings()
        jail.helper = settings.programs.map { $0 + "/yett-sandbox" }
        jail.image = image(settings)
        return jail
    }

    private static func gvisor(_ settings: SandboxPlaneSettings) -> GVisorDriver.Settings {
        var gvisor = GVisorDriver.Settings()
        gvisor.jail = jail(settings)
        return gvisor
    }

    private static func firecracker(_ settings: SandboxPlaneSettings) -> FirecrackerDriver.Settings {
        var firecracker = FirecrackerDriver.Settings()
        firecracker.image = image(settings)
        firecracker.workspace = settings.images + "/machines"
        return firecracker
    }

    private static func machine(_ settings: SandboxPlaneSettings) -> MicroVMDriver.Settings {
        var machine = MicroVMDriver.Settings()
        machine.image = image(settings)
        return machine
    }

    /// One image serves all drivers that show a system.
    private static func image(_ settings: SandboxPlaneSettings) -> String { settings.images + "/images/python" }

    private static func wasm(_ settings: SandboxPlaneSettings) -> WasmDriver.Settings {
        var wasm = WasmDriver.Settings()
        wasm.worker = settings.programs.map { $0 + "/yett-wasm" }
        wasm.images = settings.images + "/wasm"
        return wasm
    }
}
