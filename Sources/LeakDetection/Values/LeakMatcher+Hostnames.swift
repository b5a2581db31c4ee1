// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

extension LeakMatcher {
    /// Inspects a host name, before anything asks a resolver for it: a query for it would carry out what it says.
    ///
    /// The labels are looked at one by one and put together, as they are and with `_` for `-`, which names cannot have; in
    /// Base64, Base32 and hexadecimal digits, whose letters may have lost their case. Offsets count from the name's first byte.
    public func inspect(hostname: [UInt8]) -> LeakReport {
        var record = ScanRecord(limits)
        inspect(hostname, on: .hostname, path: [], &record)
        let labels = hostname.split(separator: 0x2e).map { Array($0) }
        for text in Self.readings(of: labels) {
            TextScan.scan(text, path: [.joined], depth: 1, place: 0..<hostname.count, self, &record)
        }
        guard usesBuiltInRules else { return record.report }
        for finding in HostLabels(labels).findings(in: hostname) { record.add(finding) }
        // What a label decodes to may be a secret.
        for (view, bytes) in HostLabels(labels).decoded() {
            TextScan.scan(bytes, path: [view], depth: 1, place: 0..<hostname.count, self, &record)
        }
        return record.report
    }

    private static func readings(of labels: [[UInt8]]) -> [[UInt8]] {
        let joined = Array(labels.joined())
        let underscored = joined.map { $0 == 0x2d ? UInt8(0x5f) : $0 }
        return [joined] + (underscored == joined ? [] : [underscored])
    }
}

/// The labels of a host name.
struct HostLabels {
    /// Those that a domain's owner chooses freely: all but the last two.
    private let own: [[UInt8]]

    init(_ labels: [[UInt8]]) { own = Array(labels.dropLast(2)) }

    /// What labels, and all of them together, decode to when that is text.
    func decoded() -> [(view: LeakView, bytes: [UInt8])] {
        var found: [(LeakView, [UInt8])] = []
        let machine = own.filter { Self.hasDigit($0) }
        for label in own + [Array(own.joined()), Array(machine.joined())] {
            if let text = Self.hexadecimal(label) { found.append((.hex, text)) }
            if let text = Self.base32(label) { found.append((.base32, text)) }
            if let text = Self.base64(label) { found.append((.base64, text)) }
        }
        return found
    }

    /// Labels that carry data instead of naming a host.
    func findings(in hostname: [UInt8]) -> [LeakFinding] {
        var findings: [LeakFinding] = []
        var offset = 0
        for label in own {
            let view: LeakView? =
                Self.hexadecimal(label) != nil
                ? .hex : Self.base32(label) != nil ? .base32 : Self.base64(label) != nil ? .base64 : nil
            if let view {
                findings.append(
                    LeakFinding(
                        name: "encoded-label", kind: .opaque, path: [view], offset: offset, length: label.count))
            } else if label.count >= 40, ShannonEntropy.milliBits(label) >= 3600, Self.hasDigit(label) {
                findings.append(
                    LeakFinding(
                        name: "high-entropy-label", kind: .opaque, path: [], offset: offset, length: label.count))
            }
            offset &+= label.count &+ 1
        }
        let machine = own.filter { Self.isMachineMade($0) }
        if machine.count >= 4 && machine.reduce(0, { $0 &+ $1.count }) >= 24 {
            findings.append(
                LeakFinding(
                    name: "data-in-labels", kind: .opaque, path: [.joined], offset: 0, length: max(offset &- 1, 0)))
        }
        return findings
    }

    private static func hasDigit(_ label: [UInt8]) -> Bool { label.contains(where: ByteClass.isDigit) }

    /// Whether letters and digits are mixed as no word mixes them.
    private static func isMachineMade(_ label: [UInt8]) -> Bool {
        guard label.count >= 6 else { return false }
        let changes = zip(label, label.dropFirst()).count { ByteClass.isDigit($0) != ByteClass.isDigit($1) }
        return changes >= 3 || (label.count >= 8 && label.allSatisfy { ByteClass.hexValue($0) < 16 } && hasDigit(label))
    }

    private static func hexadecimal(_ label: [UInt8]) -> [UInt8]? {
        guard label.count >= 12, label.count % 2 == 0, label.allSatisfy({ ByteClass.hexValue($0) < 16 }) else {
            return nil
        }
        let bytes = stride(from: 0, to: label.count, by: 2).map {
            ByteClass.hexValue(label[$0]) &<< 4 | ByteClass.hexValue(label[$0 &+ 1])
        }
        return ASCIIText.isPlain(bytes) ? bytes : nil
    }

    /// Base32 in letters of either case, of which the first five bytes are text.
    private static func base32(_ label: [UInt8]) -> [UInt8]? {
        guard label.count >= 14, hasDigit(label) else { return nil }
        let capitals = label.map { ByteClass.isLower($0) ? $0 & 0xdf : $0 }
        if let text = EncodedRun.base32(capitals) { return text }
        guard capitals.allSatisfy({ ByteClass.isUpper($0) || $0 &- 0x32 < 6 }) else { return nil }
        return EncodedRun.base32(capitals.prefix(8))
    }

    /// Base64, whose letters must have kept their case, of at least nine bytes of text.
    private static func base64(_ label: [UInt8]) -> [UInt8]? {
        guard label.count >= 12, label.allSatisfy({ ByteClass.isBase64($0) }) else { return nil }
        let bytes = EncodedRun.base64(label.map { EncodedRun.values[Int($0)] }[...])
        return ASCIIText.isPlain(bytes) ? bytes : nil
    }
}
