// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import Glibc
import Manifests

/// `yett render`: writes a configuration as manifests of a foreign system.
struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Write manifests for Kubernetes, Istio, Envoy, Squid or systemd from a configuration.",
        discussion: """
            The same configuration and options give the same bytes. Secrets are referred to and never written. What the
            manifests cannot say goes to standard error.
            """)

    @Argument(help: ArgumentHelp("kubernetes, istio, envoy, squid or systemd.", valueName: "system"))
    var system: ForeignSystem

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config = "yett.yaml"

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("Write each manifest to a file here, not all to standard output.", valueName: "directory"))
    var output: String?

    @OptionGroup var cluster: ClusterOptions

    @Option(
        help: ArgumentHelp(
            "Where Squid or Envoy reach the gate. Default: the address of its listener.", valueName: "host"))
    var gate: String?

    func run() throws {
        let configuration = try GateFile.read(config)
        let rendering: Rendering
        do throws(ManifestError) {
            rendering = try system.kind.render(configuration, cluster.options(gate: gate))
        } catch {
            throw CommandFailure(error.description, remedy: error.remedy, code: .usage)
        }
        if let output {
            if mkdir(output, 0o755) != 0, errno != EEXIST {
                throw CommandFailure("\(output): \(String(cString: strerror(errno)))")
            }
            for document in rendering.documents {
                try OutputFile.replace("\(output)/\(document.name)", with: document.text.utf8, mode: 0o644)
            }
        } else {
            Terminal.write(rendering.stream)
        }
        for note in rendering.notes { Terminal.complain("note: \(Terminal.safe(note))") }
    }
}

/// The systems, as they are typed.
enum ForeignSystem: String, ExpressibleByArgument, CaseIterable {
    case kubernetes
    case istio
    case envoy
    case squid
    case systemd

    /// The kind of manifests.
    var kind: ManifestKind {
        switch self {
        case .kubernetes: .kubernetes
        case .istio: .istio
        case .envoy: .envoy
        case .squid: .squid
        case .systemd: .systemd
        }
    }
}
