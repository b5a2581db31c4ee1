// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import AdminPlane
internal import Decision

extension TaskPart {
    /// The part of a grant that an operator describes.
    ///
    /// - Throws: `AdminError` that names what cannot be read.
    func grant() throws(AdminError) -> TaskGrant {
        var part = TaskGrant(name)
        part.hosts = try read(hosts, "host") { text in try? HostPattern(parsing: text, permitsAny: true) }
        part.ports = try read(ports, "port") { Self.range($0) }.map { PortSet($0) }
        part.methods = try read(methods, "method") { $0.isEmpty ? nil : $0 }
        part.paths = try read(paths, "path") { text in try? PathPrefix(parsing: text) }
        part.tools = try read(tools, "tool") { $0.isEmpty ? nil : $0 }
        part.expires = expires
        part.calls = calls
        part.bytes = bytes
        part.needsApproval = approval ?? false
        return part
    }

    /// What an operator is told of a part.
    init(_ part: TaskGrant) {
        self.init(part.name)
        hosts = part.hosts?.map(\.description)
        ports = part.ports?.ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
        methods = part.methods
        paths = part.paths?.map(\.description)
        tools = part.tools
        expires = part.expires
        calls = part.calls
        bytes = part.bytes
        approval = part.needsApproval ? true : nil
    }

    private func read<Value>(
        _ texts: [String]?, _ what: String, _ read: (String) -> Value?
    ) throws(AdminError) -> [Value]? {
        guard let texts else { return nil }
        guard !texts.isEmpty, texts.count <= 256 else {
            throw AdminError(.malformed, "grant “\(name)”: a list of \(what)s has 1 to 256 entries")
        }
        var values: [Value] = []
        for text in texts {
            guard let value = read(text) else {
                throw AdminError(.malformed, "grant “\(name)”: “\(text)” is no \(what)")
            }
            values.append(value)
        }
        return values
    }

    private static func range(_ text: String) -> ClosedRange<UInt16>? {
        let bounds = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { UInt16($0) }
        guard let first = bounds.first, let first, let last = bounds.last, let last, 1 <= first, first <= last else {
            return nil
        }
        return first...last
    }
}
