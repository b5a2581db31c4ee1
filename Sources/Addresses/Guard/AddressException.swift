// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Permission to dial an address that the guard would refuse: for these hosts, on this port, inside this block.
///
/// All three must fit. A metadata address (`CloudMetadata`) is only unlocked by a block that holds nothing else.
public struct AddressException: Hashable, Sendable, CustomStringConvertible {
    /// The hosts for which it holds.
    public let hosts: HostPattern

    /// The port for which it holds.
    public let port: UInt16

    /// The addresses it unlocks.
    public let block: AddressBlock

    /// Makes an exception of typed parts.
    public init(hosts: HostPattern, port: UInt16, block: AddressBlock) throws(AddressExceptionError) {
        guard port > 0 else { throw .port("0") }
        guard block.prefixLength > 0 else { throw .everything }
        self.hosts = hosts
        self.port = port
        self.block = block
    }

    /// Reads an exception from its written parts: a host pattern, a port, and a block or a single address.
    public init(host: String, port: String, block: String) throws(AddressExceptionError) {
        let hosts: HostPattern
        do { hosts = try HostPattern(parsing: host) } catch { throw .host(host, error) }
        guard let number = decimal(port.utf8, limit: 65535), let port16 = UInt16(exactly: number), port16 > 0 else {
            throw .port(port)
        }
        guard let parsed = AddressBlock(block) ?? IPAddress(block).map(AddressBlock.init(only:)) else {
            throw .block(block)
        }
        try self.init(hosts: hosts, port: port16, block: parsed)
    }

    /// The three parts, for a person.
    public var description: String {
        "\(hosts) port \(port) in \(block)"
    }

    func covers(_ address: IPAddress, host: Host, port: UInt16) -> Bool {
        guard self.port == port, block.contains(address), hosts.matches(host) else { return false }
        return CloudMetadata.service(at: address) == nil || block.isSingleAddress
    }
}

/// Which part of an exception is wrong. The operator is at fault.
public enum AddressExceptionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The host pattern.
    case host(String, HostError)
    /// The port.
    case port(String)
    /// The block.
    case block(String)
    /// A block that holds every address.
    case everything

    /// A sentence for a person.
    public var description: String {
        switch self {
        case .host(let text, let error): "host \"\(text)\": \(error)"
        case .port(let text): "port \"\(text)\" is not a decimal number of 1 to 65535"
        case .block(let text): "\"\(text)\" is neither an address nor a block in CIDR form with all host bits zero"
        case .everything: "an exception for every address is not accepted"
        }
    }
}
