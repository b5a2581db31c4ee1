// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses

/// Whether a part stays within what it is a part of. A part that goes beyond would still cover nothing more, since both
/// are judged; it is refused because whoever wrote it expects something else.
extension TaskGrant {
    /// The first limit that is wider than that of the grant.
    func widening(of grant: Grant) -> Limit? {
        if let hosts, !hosts.allSatisfy({ host in grant.hosts.contains { $0.covers(host) } }) { return .hosts }
        if let ports, !grant.ports.isSuperset(of: ports) { return .ports }
        if let methods, !methods.allSatisfy({ grant.methods.contains($0) }) { return .methods }
        if let paths, let whole = grant.paths, !Self.covers(whole, paths) { return .paths }
        if let tools, let whole = grant.tools?.map(\.name), !Self.covers(whole, tools) { return .tools }
        if let expires, let end = grant.expires, expires > end { return .expires }
        return nil
    }

    /// The first limit that is wider than that of a part of the same grant in another task.
    func widening(of whole: TaskGrant) -> Limit? {
        if let outer = whole.hosts, let hosts, !hosts.allSatisfy({ host in outer.contains { $0.covers(host) } }) {
            return .hosts
        }
        if let outer = whole.ports, let ports, !outer.isSuperset(of: ports) { return .ports }
        if let outer = whole.methods, let methods, !Self.covers(outer, methods) { return .methods }
        if let outer = whole.paths, let paths, !Self.covers(outer, paths) { return .paths }
        if let outer = whole.tools, let tools, !Self.covers(outer, tools) { return .tools }
        if let outer = whole.expires, let expires, expires > outer { return .expires }
        if let outer = whole.calls, let calls, calls > outer { return .calls }
        if let outer = whole.bytes, let bytes, bytes > outer { return .bytes }
        return nil
    }

    private static func covers(_ whole: [PathPrefix], _ part: [PathPrefix]) -> Bool {
        // A prefix covers another exactly when it covers the other's text: a star stands there for what may follow.
        part.allSatisfy { prefix in whole.contains { $0.covers(prefix.description) } }
    }

    private static func covers(_ whole: [String], _ part: [String]) -> Bool {
        part.allSatisfy { name in whole.contains { $0.utf8.elementsEqual(name.utf8) } }
    }
}

extension HostPattern {
    /// Whether every host of the other pattern is one of this pattern, too.
    func covers(_ other: HostPattern) -> Bool {
        switch (kind, other.kind) {
        case (.any, _): true
        case (.exact(let own), .exact(let name)): own == name
        case (.subdomains(let own), .exact(let name)): name.isSubdomain(of: own)
        case (.subdomains(let own), .subdomains(let suffix)): own == suffix || suffix.isSubdomain(of: own)
        case (.address(let own), .address(let address)): own == address
        case (.address(let own), .block(let block)): block.isSingleAddress && block.first == own
        case (.block(let own), .address(let address)): own.contains(address)
        case (.block(let own), .block(let block)): own.contains(block.first) && own.contains(block.last)
        default: false
        }
    }
}
