// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Yams

extension ConfigurationReader {
    /// Reads `agents`.
    func readAgents(_ value: Value, _ services: [ServiceConfiguration]) -> [AgentConfiguration] {
        guard var section = value.mapping("agents") else { return [] }
        return section.all().compactMap { entry in
            guard isName(entry.name, entry.place, "the name of an agent") else { return nil }
            return readAgent(entry, services)
        }
    }

    private func readAgent(_ entry: MappingReader.Entry, _ services: [ServiceConfiguration]) -> AgentConfiguration? {
        guard var section = entry.value.mapping("an agent") else { return nil }
        var agent = AgentConfiguration(name: entry.name)
        agent.place = entry.place
        agent.role = section.value("role").flatMap { value in
            value.text("the name of a role").flatMap { isName($0, value.place, "the name of a role") ? $0 : nil }
        }
        agent.attestations = section.value("attest")?.list("ways to recognise the agent") { readAttestation($0) } ?? []
        agent.grants = section.value("grants")?.list("grants") { readGrant($0, services) } ?? []
        if let canaries = section.value("canaries") { readCanaries(canaries, &agent) }
        section.finish()
        return agent
    }

    private func readCanaries(_ value: Value, _ agent: inout AgentConfiguration) {
        let isLaunched = agent.attestations.contains { $0.kind == .launch }
        if !isLaunched { value.error("canaries are for agents with 'launch: true' under 'attest'") }
        guard var section = value.mapping("what is planted with launches") else { return }
        agent.canaries = section.value("environment").map { kinds($0, of: AgentConfiguration.canaryKinds) } ?? []
        agent.canaryFiles = section.value("files").map { kinds($0, of: AgentConfiguration.canaryFileKinds) } ?? []
        section.finish()
    }

    private func kinds(_ value: Value, of kinds: [String]) -> [String] {
        let expected = "one of \(kinds.joined(separator: ", "))"
        return value.list("kinds of canaries") { element in
            guard let text = element.text(expected) else { return nil }
            if let kind = kinds.first(where: { $0.utf8.elementsEqual(text.utf8) }) { return kind }
            let near = NearestName.of(text, among: kinds)
            element.error("\(expected) is expected here", hint: near.map { "did you mean '\($0)'?" })
            return nil
        } ?? []
    }

    // MARK: Attestation

    private func readAttestation(_ value: Value) -> Attestation? {
        guard var section = value.mapping("a way to recognise an agent") else { return nil }
        var kinds: [Attestation.Kind] = []
        var given = 0
        func add(_ name: String, _ read: (Value) -> Attestation.Kind?) {
            guard let operand = section.value(name) else { return }
            given += 1
            if let kind = read(operand) { kinds.append(kind) }
        }
        add("x509") { isTrue($0) ? .x509 : nil }
        add("launch") { isTrue($0) ? .launch : nil }
        add("unix") { readUnix($0).map(Attestation.Kind.unix) }
        add("token") { readToken($0) }
        add("jwt") { readIssuedToken($0).map(Attestation.Kind.jwt) }
        add("source") { readSource($0).map(Attestation.Kind.source) }
        section.finish()
        guard given == 1 else {
            if given > 1 || section.isEmpty {
                value.error(
                    "one of x509, launch, unix, token, jwt or source is expected here",
                    hint: given > 1 ? "start each with its own '-'" : nil)
            }
            return nil
        }
        return kinds.first.map { Attestation($0, at: value.place) }
    }

    func isTrue(_ value: Value) -> Bool {
        guard let flag = value.bool() else { return false }
        if !flag { value.error("only true is allowed here", hint: "leave the entry out to switch it off") }
        return flag
    }

    private func readUnix(_ value: Value) -> UnixSelector? {
        guard var section = value.mapping("a process") else { return nil }
        var selector = UnixSelector()
        selector.uid = section.value("uid").flatMap { number($0) }
        selector.gid = section.value("gid").flatMap { number($0) }
        selector.user = section.value("user")?.text("the name of a user")
        selector.path = section.value("path").flatMap { path($0) }
        section.finish()
        if let user = selector.user, !isName(user, section.place(of: "user"), "the name of a user") { return nil }
        if selector.user != nil, selector.uid != nil {
            context.error(section.place(of: "user"), "user and uid exclude one another")
        }
        guard selector != UnixSelector() else {
            if section.isEmpty { value.error("at least one of uid, gid, user or path is expected here") }
            return nil
        }
        return selector
    }

    func number(_ value: Value) -> UInt32? { value.integer(0...4_294_967_294).flatMap(UInt32.init(exactly:)) }

    private func readToken(_ value: Value) -> Attestation.Kind? {
        if case .scalar = value.node, !value.isNull {
            value.error("a secret is not written here; write {value: \"env:NAME\"} or {sha256: \"digest\"}")
            return nil
        }
        guard var section = value.mapping("a token") else { return nil }
        let digest = section.value("sha256")
        let reference = section.value("value")
        section.finish()
        switch (digest, reference) {
        case (let digest?, nil): return self.digest(digest).map(Attestation.Kind.tokenDigest)
        case (nil, let reference?): return secret(reference).map(Attestation.Kind.token)
        case (nil, nil):
            if section.isEmpty { value.error("one of sha256 or value is expected here") }
            return nil
        default:
            value.error("sha256 and value exclude one another")
            return nil
        }
    }

    /// 64 hexadecimal digits. What stands there is not repeated: it may be the token itself.
    private func digest(_ value: Value) -> [UInt8]? {
        guard let text = value.text("a SHA-256 digest of 64 hexadecimal digits") else { return nil }
        let digits = text.utf8.compactMap {
            Character(Unicode.Scalar($0)).hexDigitValue.map { UInt8(truncatingIfNeeded: $0) }
        }
        guard text.utf8.count == 64, digits.count == 64 else {
            value.error("a SHA-256 digest of 64 hexadecimal digits is expected here, not the token itself")
            return nil
        }
        return stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    private func readSource(_ value: Value) -> [AddressBlock]? {
        guard let blocks = value.list("networks", { block($0) }), !blocks.isEmpty else { return nil }
        return blocks
    }

    /// A network, or a single address.
    func block(_ value: Value) -> AddressBlock? {
        let expected = "a network such as 10.0.4.0/24 or an address"
        guard let text = value.text(expected) else { return nil }
        if let block = AddressBlock(text) { return block }
        if let address = IPAddress(text) { return AddressBlock(only: address) }
        value.error("\(expected) is expected here", hint: hostBitsHint(text))
        return nil
    }

    /// Bits behind the prefix length are a common mistake: propose the network they lie in.
    private func hostBitsHint(_ text: String) -> String? {
        let parts = text.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let address = IPAddress(parts[0]), let length = Value.decimal(String(parts[1])) else {
            return nil
        }
        let width: Int
        let value: UInt128
        switch address {
        case .v4(let address): (width, value) = (32, UInt128(address.rawValue))
        case .v6(let address): (width, value) = (128, address.rawValue)
        }
        guard (0...width).contains(length) else { return nil }
        let masked = (value >> UInt128(width - length)) << UInt128(width - length)
        let first: IPAddress =
            width == 32
            ? .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: masked))) : .v6(IPv6Address(rawValue: masked))
        return "the network is \(first)/\(length)"
    }
}
