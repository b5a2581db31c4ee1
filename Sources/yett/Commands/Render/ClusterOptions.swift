// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import Manifests

/// What a cluster wants to know and a configuration does not say.
struct ClusterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The namespace of the gate. Default: yett.", valueName: "name"), transform: Self.clusterName)
    var namespace = ClusterName.gate

    @Option(
        help: ArgumentHelp("The namespace of the agents. Default: yett-agents.", valueName: "name"),
        transform: Self.clusterName)
    var agentsNamespace = ClusterName.agents

    @Option(
        help: ArgumentHelp(
            "The namespace of the services to which a mesh leads. Default: yett-services.", valueName: "name"),
        transform: Self.clusterName)
    var servicesNamespace = ClusterName.services

    @Option(
        help: ArgumentHelp(
            "A label of agents' pods, as key=value. Default: every pod of their namespace is one.", valueName: "label"),
        transform: Self.podLabel)
    var agentsSelector: [PodLabel] = []

    @Option(help: ArgumentHelp("How the gate runs: deployment, daemonset or sidecar.", valueName: "mode"))
    var mode = Mode.deployment

    @Option(help: ArgumentHelp("The gate's image.", valueName: "image"))
    var image = "yett:\(Version.text)"

    @Option(help: ArgumentHelp("The agents' image, for --mode sidecar.", valueName: "image"))
    var agentImage: String?

    /// The options as the manifests take them.
    func options(gate: String?) -> RenderOptions {
        var options = RenderOptions(image: image)
        options.namespace = namespace
        options.agentsNamespace = agentsNamespace
        options.servicesNamespace = servicesNamespace
        options.agentsSelector = agentsSelector
        options.mode = mode.mode
        options.agentImage = agentImage
        options.gateAddress = gate
        return options
    }

    /// How the gate runs, as it is typed.
    enum Mode: String, ExpressibleByArgument, CaseIterable {
        case deployment
        case daemonset
        case sidecar

        /// The mode of manifests.
        var mode: RenderOptions.Mode {
            switch self {
            case .deployment: .deployment
            case .daemonset: .daemonset
            case .sidecar: .sidecar
            }
        }
    }

    private static func clusterName(_ text: String) throws -> ClusterName {
        guard let name = ClusterName(text) else {
            throw ValidationError("a namespace has 1 to 63 small letters, digits and inner hyphens")
        }
        return name
    }

    private static func podLabel(_ text: String) throws -> PodLabel {
        guard let label = PodLabel(text) else {
            throw ValidationError("a label is key=value, such as app.kubernetes.io/component=agent")
        }
        return label
    }
}
