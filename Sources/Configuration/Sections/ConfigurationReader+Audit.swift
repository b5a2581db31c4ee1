// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension ConfigurationReader {
    /// Reads `audit`.
    func readAudit(_ value: Value) -> AuditConfiguration {
        var audit = AuditConfiguration()
        guard var section = value.mapping("audit") else { return audit }
        if let directory = section.value("directory").flatMap({ path($0) }) { audit.directory = directory }
        if let durability = section.value("durability")?.word(Self.durabilities) { audit.durability = durability }
        if let origin = section.value("origin").flatMap({ readOrigin($0) }) { audit.origin = origin }
        audit.key = section.value("key").flatMap { secret($0, filesOnly: true) }
        if let checkpoint = section.value("checkpoint") {
            audit = readLimits(checkpoint, audit, AuditConfiguration.checkpointFields, "checkpoint")
        }
        audit.witnesses = section.value("witnesses")?.list("witnesses") { readWitness($0) } ?? []
        section.finish()
        return audit
    }

    private static var durabilities: KeyValuePairs<String, AuditConfiguration.Durability> {
        ["process": .process, "disk": .disk]
    }

    /// A log's name: no scheme, no space and no plus sign (C2SP signed-note).
    private func readOrigin(_ value: Value) -> String? {
        let expected = "a name such as gate-1.example.com/audit"
        guard let text = value.text(expected) else { return nil }
        let isValid =
            !text.isEmpty && text.utf8.count <= 255
            && text.utf8.allSatisfy {
                $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "+")
            }
        guard isValid, !text.contains("://") else {
            value.error("\(expected) is expected here: without scheme, spaces and '+'")
            return nil
        }
        return text
    }

    private func readWitness(_ value: Value) -> WitnessConfiguration? {
        guard var section = value.mapping("a witness") else { return nil }
        let url = section.required("url").flatMap { readURL($0) }
        let key = section.required("key").flatMap { readVerifierKey($0) }
        section.finish()
        guard let url, let key else { return nil }
        var witness = WitnessConfiguration(url: url, key: key)
        witness.place = value.place
        return witness
    }

    func readURL(_ value: Value) -> String? {
        let expected = "a URL that starts with https:// or http://"
        guard let text = value.text(expected) else { return nil }
        let bytes = text.utf8
        guard bytes.starts(with: "https://".utf8) || bytes.starts(with: "http://".utf8), bytes.count <= 2_048,
            bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !bytes.contains(UInt8(ascii: "@")),
            !bytes.contains(UInt8(ascii: "#"))
        else {
            value.error("\(expected) is expected here, without user name and fragment")
            return nil
        }
        return text
    }

    /// `name+hash+key` with eight hexadecimal digits and base64 (C2SP signed-note).
    func readVerifierKey(_ value: Value) -> String? {
        let expected = "a verifier key of the form name+hash+key"
        guard let text = value.text(expected) else { return nil }
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, parts[1].utf8.count == 8, parts[1].allSatisfy(\.isHexDigit),
            parts[2].utf8.count >= 40, text.utf8.count <= 512, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            value.error("\(expected) is expected here")
            return nil
        }
        return text
    }

    /// Reads `admin`.
    func readAdmin(_ value: Value) -> AdminConfiguration {
        var admin = AdminConfiguration()
        guard var section = value.mapping("admin") else { return admin }
        if let socket = section.value("socket").flatMap({ socketPath($0) }) { admin.socket = socket }
        if let uids = section.value("uids")?.list("user numbers", { number($0) }) { admin.uids = uids }
        section.finish()
        return admin
    }
}
