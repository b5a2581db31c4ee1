// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision
internal import Glibc
internal import Identity
internal import YettConfiguration

/// Makes the snapshot that decisions read out of the configuration, with secrets and users looked up.
struct SnapshotBuilder {
    let configuration: GateConfiguration
    /// Where the gate itself listens; no agent may reach it through the gate.
    let listeners: [(IPAddress, UInt16)]
    /// What decides.
    let policy: BuiltPolicy

    /// Builds the snapshot.
    ///
    /// - Throws: ``GatewayError`` that names every secret and user that was not found.
    func build(revision: UInt64) throws(GatewayError) -> Snapshot {
        var problems: [String] = []
        let agents = configuration.agents.compactMap { agent(of: $0, &problems) }
        problems += sharedTokens(of: agents)
        guard problems.isEmpty else { throw GatewayError(problems, isConfiguration: true) }
        let indexes = configuration.grantIndexes()
        var grants: [SPIFFEID: GrantIndex] = [:]
        for agent in agents {
            if let name = agent.id.agentName, let index = indexes[String(name)] { grants[agent.id] = index }
        }
        return Snapshot(
            revision: revision, digest: policy.digest, trustDomain: configuration.trustDomain,
            agents: AgentDirectory(agents: agents), grants: grants,
            addressGuard: AddressGuard(
                exceptions: configuration.egress.exceptions.map(\.exception), ownListeners: listeners,
                localAddresses: LocalAddresses.all()),
            policy: policy.policy, bundles: policy.bundles, absence: policy.absence,
            candidate: policy.candidate)
    }

    private func agent(of agent: AgentConfiguration, _ problems: inout [String]) -> AgentDirectory.Agent? {
        let id: SPIFFEID
        do throws(SPIFFEIDError) {
            id = try SPIFFEID(agent: agent.name, in: configuration.trustDomain)
        } catch {
            problems.append("agents.\(agent.name): \(error)")
            return nil
        }
        var entry = AgentDirectory.Agent(id: id)
        entry.role = agent.role
        for attestation in agent.attestations {
            switch attestation.kind {
            case .x509: entry.allowsCertificate = true
            case .launch: entry.allowsLaunch = true
            case .source(let blocks): entry.sources += blocks
            case .tokenDigest(let digest): entry.tokenDigests.append(digest)
            case .jwt(let selector):
                let issuers = configuration.serviceProxy?.issuers ?? []
                guard let issuer = issuers.first(where: { $0.name.utf8.elementsEqual(selector.issuer.utf8) }) else {
                    problems.append("agents.\(agent.name): jwt: there is no issuer \(selector.issuer)")
                    continue
                }
                entry.issuedTokens.append(
                    IssuedTokenRule(issuer: issuer.issuer.issuer.description, claims: selector.claims))
            case .token(let reference):
                do throws(SecretReader.Fault) {
                    entry.tokenDigests.append(SecretDigest.sha256(try SecretReader.read(reference)))
                } catch {
                    problems.append("agents.\(agent.name): token: \(error)")
                }
            case .unix(let selector):
                guard let process = process(selector) else {
                    problems.append("agents.\(agent.name): unix: there is no user “\(selector.user ?? "")” here")
                    continue
                }
                entry.processes.append(process)
            }
        }
        return entry
    }

    private func process(_ selector: UnixSelector) -> ProcessSelector? {
        var process = ProcessSelector(uid: selector.uid, gid: selector.gid, path: selector.path)
        guard let user = selector.user else { return process }
        guard let uid = Self.uid(of: user) else { return nil }
        process.uid = uid
        return process
    }

    private static func uid(of user: String) -> UInt32? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        let result = getpwnam_r(user, &entry, &buffer, buffer.count, &found)
        return result == 0 && found != nil ? entry.pw_uid : nil
    }

    /// Two agents with one token could not be told apart.
    private func sharedTokens(of agents: [AgentDirectory.Agent]) -> [String] {
        var owners: [[UInt8]: SPIFFEID] = [:]
        var problems: [String] = []
        for agent in agents {
            for digest in agent.tokenDigests {
                if let owner = owners[digest], owner != agent.id {
                    problems.append("\(owner) and \(agent.id) have the same token; give each its own")
                }
                owners[digest] = agent.id
            }
        }
        return problems
    }
}
