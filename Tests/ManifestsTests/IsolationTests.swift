// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Foundation
import Testing
import Yams
import YettConfiguration

@testable import Manifests

/// What the network policies leave open, read back from what is written.
@Suite struct IsolationTests {
    private struct Opening {
        let policy: String
        let namespace: String
        let blocks: [(block: AddressBlock, except: [AddressBlock])]
        let hasSelector: Bool
        let ports: [(name: String, range: ClosedRange<Int>)]
    }

    /// Every rule of egress of the policies that a configuration becomes.
    private static func openings(_ input: String, mode: RenderOptions.Mode = .deployment) throws -> [Opening] {
        var options = RenderOptions(image: "yett")
        options.mode = mode
        options.agentImage = "agent"
        let rendering = try ManifestKind.kubernetes.render(try Sample.configuration(input), options)
        var all: [Opening] = []
        for document in rendering.documents {
            for node in try Yams.compose_all(yaml: document.text) where node["kind"]?.string == "NetworkPolicy" {
                for rule in node["spec"]?["egress"]?.sequence ?? [] {
                    let peers = Array(rule["to"]?.sequence ?? [])
                    #expect(!peers.isEmpty, "a rule without peers opens everything")
                    let blocks = try peers.compactMap { peer -> (AddressBlock, [AddressBlock])? in
                        guard let text = peer["ipBlock"]?["cidr"]?.string else { return nil }
                        let except = peer["ipBlock"]?["except"]?.sequence?.compactMap { AddressBlock($0.string ?? "") }
                        return (try #require(AddressBlock(text)), except ?? [])
                    }
                    let ports = (rule["ports"]?.sequence ?? []).map { port in
                        let first = port["port"]?.int ?? 0
                        return (port["protocol"]?.string ?? "", first...(port["endPort"]?.int ?? first))
                    }
                    all.append(
                        Opening(
                            policy: node["metadata"]?["name"]?.string ?? "",
                            namespace: node["metadata"]?["namespace"]?.string ?? "", blocks: blocks,
                            hasSelector: peers.contains { $0["podSelector"] != nil || $0["namespaceSelector"] != nil },
                            ports: Array(ports)))
                }
            }
        }
        return all
    }

    @Test(
        "agents have no rule with an address, none for names, and one way to the gate",
        arguments: ["documented", "everything"])
    func agents(input: String) throws {
        let openings = try Self.openings(input).filter { $0.namespace == "yett-agents" }
        #expect(openings.map(\.policy) == ["agents-to-gate"])
        for opening in openings {
            #expect(opening.blocks.isEmpty && opening.hasSelector)
            #expect(!opening.ports.isEmpty)
            #expect(opening.ports.allSatisfy { $0.name == "TCP" && !$0.range.contains(53) })
        }
    }

    @Test(
        "the gate reaches no private, link-local or metadata address that the configuration does not name",
        arguments: ["documented", "everything"])
    func gate(input: String) throws {
        let openings = try Self.openings(input).filter { $0.namespace == "yett" }
        #expect(!openings.isEmpty)
        let forbidden = [
            "10.255.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "169.254.170.2", "168.63.129.16",
            "100.100.100.200", "127.0.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "fd00:ec2::254", "fe80::1",
            "::1",
            "64:ff9b::a9fe:a9fe", "2002:a00::1", "2001::1",
        ].compactMap { IPAddress($0) }
        #expect(forbidden.count == 17)
        for address in forbidden {
            for opening in openings {
                let isOpen = opening.blocks.contains { block, except in
                    block.contains(address) && !except.contains { $0.contains(address) }
                }
                #expect(!isOpen, "\(opening.policy) opens \(address)")
            }
        }
        for (block, except) in openings.flatMap(\.blocks) {
            for hole in except {
                #expect(
                    block.contains(hole.first) && hole.prefixLength > block.prefixLength,
                    "\(hole) is not within \(block)")
            }
        }
    }

    @Test("covers the metadata service of every cloud")
    func metadata() {
        let holes = AddressRanges.notPublicIPv4 + AddressRanges.notPublicIPv6
        for address in CloudMetadata.addresses {
            let isPublicBlock = AddressBlock("2000::/3").map { $0.contains(address) } ?? false
            if case .v6 = address, !isPublicBlock { continue }
            #expect(holes.contains { $0.contains(address) }, "\(address)")
        }
    }

    @Test("opens one namespace and no public address for a Service of the cluster")
    func services() throws {
        let openings = try Self.openings("documented").filter { $0.policy == "gate-egress" }
        let publicPorts = openings.filter { $0.blocks.count == 2 }.flatMap(\.ports)
        #expect(publicPorts.map(\.range) == [443...443])
        #expect(openings.contains { $0.blocks.isEmpty && $0.hasSelector && $0.ports.isEmpty })
    }

    @Test("finds every secret that the configuration refers to, and writes no other value")
    func secrets() throws {
        let configuration = try Sample.configuration("everything")
        let written = configuration.effectiveText()
        let references = Set(configuration.secretReferences.map(\.description))
        let found = written.matches(of: /"((?:env|file|credential):(?:[^"\\]|\\.)*)"/).map { match in
            String(match.output.1).replacing("\\\"", with: "\"")
        }
        #expect(Set(found) == references)
        #expect(references.count == configuration.secretReferences.count)
    }

    @Test(
        "refuses directories and paths that a pod cannot have",
        arguments: [
            "audit: {directory: /audit}", "admin: {socket: /admin.sock}", "audit: {directory: \"/srv/a:b/audit\"}",
        ])
    func directories(text: String) throws {
        let result = GateConfiguration.read(
            "trust_domain: a.test\negress: {listeners: [{address: \"0.0.0.0:3128\"}]}\n\(text)\n", file: "yett.yaml")
        let configuration = try #require(result.configuration, "\(result.diagnostics)")
        #expect(throws: ManifestError.self) {
            try ManifestKind.kubernetes.render(configuration, RenderOptions(image: "yett"))
        }
    }

    @Test("mounts the directory above each that the gate makes, and keeps sockets out of the record's volume")
    func mounts() throws {
        var configuration = try Sample.configuration("documented")
        #expect(try PodDirectories(configuration).state == ["/var/lib/yett"])
        #expect(try PodDirectories(configuration).sockets == ["/run"])
        configuration.admin.socket = "/srv/yett/admin.sock"
        configuration.audit.directory = "/srv/yett/audit"
        #expect(try PodDirectories(configuration).state == ["/srv", "/var/lib/yett"])
    }
}
