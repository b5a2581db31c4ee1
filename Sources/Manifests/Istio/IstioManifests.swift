// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision
internal import YettConfiguration

/// An Istio mesh that asks the gate about each request, and whose agents reach nothing that is not registered.
struct IstioManifests {
    private let facts: ClusterFacts
    private let ranges: AddressRanges

    /// The name of the provider in the mesh's configuration.
    private static let provider = "yett"

    init(_ configuration: GateConfiguration, _ options: RenderOptions) throws(ManifestError) {
        facts = try ClusterFacts(configuration, options)
        ranges = AddressRanges(configuration)
    }

    func render() throws(ManifestError) -> Rendering {
        guard let asked = facts.reachable.first(where: { $0.audience == .envoys }) else {
            throw ManifestError(
                "the sidecars of a mesh ask the gate over TCP, and it does not listen for them where they could reach it",
                remedy: "write mesh: {address: \"0.0.0.0:9191\", envoys: [...]}")
        }
        var rendering = Rendering()
        let services = facts.configuration.meshServices
        let documents: [(String, [String])] = [
            ("mesh-config", [meshConfiguration(asked)]),
            ("peer-authentication", peerAuthentication),
            ("authorization-policy", [authorizationPolicy]),
            ("gate", [destinationRule(asked)]),
            ("sidecar", [sidecar]),
            ("network-policy", [networkPolicy]),
        ]
        for (index, (name, texts)) in documents.enumerated() {
            rendering.documents.append(Manifest(name: "0\(index)-\(name).yaml", text: texts.joined(separator: "---\n")))
        }
        let (entries, notes) = serviceEntries
        if !entries.isEmpty {
            rendering.documents.append(
                Manifest(name: "0\(documents.count)-service-entries.yaml", text: entries.joined(separator: "---\n")))
        }
        rendering.notes =
            [
                "merge 00-mesh-config.yaml into the mesh's configuration; it is no object to apply",
                "the identities that sidecars show (mesh.envoys) must come from an authority that the gate trusts, and the other "
                    + "way round: let SPIRE issue both, or federate both trust domains",
            ] + services.notes + notes
        return rendering
    }

    private var gateHost: String { "yett.\(facts.options.namespace).svc.cluster.local" }

    private func meshConfiguration(_ asked: GateListener) -> String {
        YAMLEmitter.document(
            "A part of the mesh's configuration (meshConfig of the installation, or `mesh` of the ConfigMap `istio`).",
            [
                "extensionProviders": [
                    .noted(
                        "The gate. When it does not answer within the time, the request is refused.",
                        [
                            "name": .string(Self.provider),
                            "envoyExtAuthzGrpc": [
                                "service": .string(gateHost), "port": .integer(Int(asked.port)), "timeout": "1s",
                                "failOpen": false, "statusOnError": "403",
                                "includeRequestBodyInCheck": [
                                    "maxRequestBytes": 1_048_576, "allowPartialMessage": true, "packAsBytes": true,
                                ],
                            ],
                        ])
                ],
                "outboundTrafficPolicy": .noted("Nothing leaves that is not registered.", ["mode": "REGISTRY_ONLY"]),
                "pathNormalization": .noted(
                    "What is judged is what is forwarded.", ["normalization": "MERGE_SLASHES"]),
            ])
    }

    private var peerAuthentication: [String] {
        [facts.options.agentsNamespace, facts.options.servicesNamespace].map { namespace in
            YAMLEmitter.document(
                "Nobody without a certificate.",
                [
                    "apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication",
                    "metadata": facts.metadata("yett-strict", in: namespace), "spec": ["mtls": ["mode": "STRICT"]],
                ])
        }
    }

    private var authorizationPolicy: String {
        YAMLEmitter.document(
            """
            Every request to a service asks the gate: a rule without conditions holds for all. What the gate allows can be
            narrowed by policies with DENY and ALLOW, which come after it, and never widened.
            """,
            [
                "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
                "metadata": facts.metadata("yett-decides", in: facts.options.servicesNamespace),
                "spec": ["action": "CUSTOM", "provider": ["name": .string(Self.provider)], "rules": [.nothing]],
            ])
    }

    private func destinationRule(_ asked: GateListener) -> String {
        YAMLEmitter.document(
            """
            How sidecars connect to the gate. To ask it, with their own certificate, to the gate's identity and to no other; to
            its listeners for agents as the agent does, whose own TLS passes through.
            """,
            [
                "apiVersion": "networking.istio.io/v1", "kind": "DestinationRule",
                "metadata": facts.metadata(ClusterFacts.gate),
                "spec": [
                    "host": .string(gateHost),
                    "trafficPolicy": [
                        "tls": ["mode": "DISABLE"],
                        "portLevelSettings": [
                            [
                                "port": ["number": .integer(Int(asked.port))],
                                "tls": [
                                    "mode": "ISTIO_MUTUAL",
                                    "subjectAltNames": [.string(facts.configuration.gateIdentity)],
                                ],
                            ]
                        ],
                    ],
                ],
            ])
    }

    private var sidecar: String {
        var specification: [YAMLNode.Entry] = []
        if !facts.options.agentsSelector.isEmpty {
            specification.append(YAMLNode.Entry("workloadSelector", ["labels": facts.agentLabels]))
        }
        specification += [
            YAMLNode.Entry("outboundTrafficPolicy", ["mode": "REGISTRY_ONLY"]),
            YAMLNode.Entry(
                "egress",
                [["hosts": ["\(facts.options.namespace)/\(gateHost)", "\(facts.options.servicesNamespace)/*"]]]),
        ]
        return YAMLEmitter.document(
            """
            What agents' sidecars know of: the gate, and the services before which it is asked. A sidecar is no wall: the
            process beside it can go around it. The network policy is what keeps it in.
            """,
            [
                "apiVersion": "networking.istio.io/v1", "kind": "Sidecar",
                "metadata": facts.metadata("yett-agents", in: facts.options.agentsNamespace),
                "spec": .map(specification),
            ])
    }

    private var networkPolicy: String {
        YAMLEmitter.document(
            """
            Beside the policies of `yett render kubernetes`: agents' sidecars reach services of the mesh, where a certificate
            is asked for and the gate decides, and the mesh's control plane.
            """,
            [
                "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                "metadata": facts.metadata("agents-to-mesh", in: facts.options.agentsNamespace),
                "spec": [
                    "podSelector": facts.selector(facts.agentLabels), "policyTypes": ["Egress"],
                    "egress": [
                        ["to": [["namespaceSelector": facts.options.servicesNamespace.selector]]],
                        [
                            "to": [
                                [
                                    "namespaceSelector": [
                                        "matchLabels": ["kubernetes.io/metadata.name": "istio-system"]
                                    ],
                                    "podSelector": ["matchLabels": ["app": "istiod"]],
                                ]
                            ],
                            "ports": [["protocol": "TCP", "port": 15012]],
                        ],
                    ],
                ],
            ])
    }

    /// An entry for each host of a grant, for gates within the mesh; and what has none.
    private var serviceEntries: (documents: [String], notes: [String]) {
        var labels = LabelAllocator(prefix: "yett-")
        var order: [HostPattern] = []
        var ports: [HostPattern: [ClosedRange<UInt16>]] = [:]
        var transports: [HostPattern: Destination.Transport] = [:]
        for destination in facts.configuration.grantedDestinations + facts.configuration.ownDestinations {
            if ports[destination.host] == nil { order.append(destination.host) }
            ports[destination.host, default: []] += destination.ports.ranges
            if destination.transport != .unknown { transports[destination.host] = destination.transport }
        }
        var documents: [String] = []
        var notes: [String] = []
        for pattern in order {
            let numbers = PortSet(ports[pattern] ?? []).ranges
            let count = numbers.reduce(0) { $0 + Int($1.upperBound) - Int($1.lowerBound) + 1 }
            guard count <= 32 else {
                notes.append(
                    "\(pattern): an entry of the mesh names each port, and \(count) are granted: none is written")
                continue
            }
            switch pattern.kind {
            case .exact(let name):
                documents.append(
                    serviceEntry(
                        labels.label(for: "\(pattern)"), name.description, numbers, transports[pattern] ?? .unknown,
                        "DNS"))
            case .subdomains:
                documents.append(
                    serviceEntry(
                        labels.label(for: "\(pattern)"), "\(pattern)", numbers, transports[pattern] ?? .unknown, "NONE")
                )
            case .address, .block, .any:
                notes.append("\(pattern): only names have an entry in the mesh")
            }
        }
        return (documents, notes)
    }

    private func serviceEntry(
        _ label: String, _ host: String, _ ports: [ClosedRange<UInt16>], _ transport: Destination.Transport,
        _ resolution: String
    ) -> String {
        let numbers = ports.flatMap { Array($0) }
        return YAMLEmitter.document(
            "A host of grants, visible in the gate's namespace only: agents reach it through the gate.",
            [
                "apiVersion": "networking.istio.io/v1", "kind": "ServiceEntry", "metadata": facts.metadata(label),
                "spec": [
                    "hosts": [.string(host)], "exportTo": ["."], "location": "MESH_EXTERNAL",
                    "resolution": .string(resolution),
                    "ports": .list(
                        numbers.map { number in
                            let (name, text) = Self.protocolName(transport, number)
                            return [
                                "number": .integer(Int(number)), "name": "\(name)-\(number)", "protocol": .string(text),
                            ]
                        }),
                ],
            ])
    }

    private static func protocolName(_ transport: Destination.Transport, _ port: UInt16) -> (String, String) {
        switch transport {
        case .tls: ("tls", "TLS")
        case .plainHTTP: ("http", "HTTP")
        case .bytes: ("tcp", "TCP")
        case .unknown: port == 443 ? ("tls", "TLS") : port == 80 ? ("http", "HTTP") : ("tcp", "TCP")
        }
    }
}
