// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import Sandbox

/// `yett sandbox image`: what sandboxes show as their system, and what virtual machines boot.
struct SandboxImageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image", abstract: "Build, add, list and verify the images of sandboxes.",
        subcommands: [
            SandboxImageBuildCommand.self, SandboxImageAddCommand.self, SandboxImageListCommand.self,
            SandboxImageVerifyCommand.self,
        ])

    /// Runs what can be refused, and turns a refusal into this program's kind.
    static func attempt<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as SandboxError {
            throw CommandFailure(error.description)
        }
    }
}

/// `yett sandbox image build`.
struct SandboxImageBuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Build an image from Debian packages, as root.",
        discussion: """
            The image takes the place of the one before only after it was booted and ran a program. Building its kernel takes
            some minutes.
            """)

    @Option(help: ArgumentHelp("Where images lie.", valueName: "path"))
    var directory = SandboxImage.standardDirectory

    @Option(help: ArgumentHelp("Where the recipe lies; otherwise beside the program.", valueName: "path"))
    var recipe: String?

    @Option(help: ArgumentHelp("A kernel that was built before.", valueName: "file"))
    var kernel: String?

    @Flag(help: "Build none: the image is for every driver but virtual machines.")
    var withoutKernel = false

    @Argument(help: ArgumentHelp("The image: python.", valueName: "name"))
    var name: String

    func run() async throws {
        var builder = ImageBuilder()
        builder.directory = directory
        builder.recipe = recipe
        builder.kernel = kernel
        builder.hasKernel = !withoutKernel
        let image = try await SandboxImageCommand.attempt { try await builder.build(name) { print("  \($0)") } }
        print("\(image.name) \(image.digest)")
    }
}

/// `yett sandbox image add`.
struct SandboxImageAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a language for the Wasm driver, as root.",
        discussion: "The directory holds a WASI module and the manifest that docs/sandbox.md describes.")

    @Option(help: ArgumentHelp("Where images of the driver lie.", valueName: "path"))
    var directory = "/var/lib/yett/wasm"

    @Option(help: ArgumentHelp("The module's digest, as its publisher names it.", valueName: "sha256:…"))
    var digest: String

    @Argument(help: ArgumentHelp("The directory with the module and its manifest.", valueName: "path"))
    var path: String

    func run() async throws {
        var installer = WasmImageInstaller()
        installer.directory = directory
        let name = try await SandboxImageCommand.attempt { try installer.add(path, digest: digest) }
        print("\(name) is added; a gate that runs uses it after its next start.")
    }
}

/// `yett sandbox image list`.
struct SandboxImageListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the images that were built.")

    @Option(help: ArgumentHelp("Where images lie.", valueName: "path"))
    var directory = SandboxImage.standardDirectory

    func run() async throws {
        let (images, faults) = SandboxImage.all(below: directory)
        for image in images {
            let languages = image.interpreters.keys.map(\.rawValue).sorted().joined(separator: ", ")
            print("\(image.name)  \(image.digest)  \(languages)\(image.boots ? "" : "  (no kernel)")")
        }
        for fault in faults { Terminal.complain("yett: \(fault)") }
        if images.isEmpty, faults.isEmpty { print("There is no image in \(Terminal.safe(directory)).") }
        if !faults.isEmpty { throw ExitCode(CommandFailure.Code.failed.rawValue) }
    }
}

/// `yett sandbox image verify`.
struct SandboxImageVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check every file of an image against its manifest.")

    @Option(help: ArgumentHelp("Where images lie.", valueName: "path"))
    var directory = SandboxImage.standardDirectory

    @Argument(help: ArgumentHelp("The image.", valueName: "name"))
    var name: String = "python"

    func run() async throws {
        let image = try await SandboxImageCommand.attempt {
            let image = try SandboxImage(directory: "\(directory)/\(name)")
            try image.verify()
            return image
        }
        print("\(image.name) is as its manifest says: \(image.digest)")
    }
}
