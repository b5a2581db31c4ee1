// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree

/// Exports records as events of the Open Cybersecurity Schema Framework 1.4, one JSON object a line.
///
/// | record | OCSF |
/// | --- | --- |
/// | decision, connection_end with a host, address or port | Network Activity (4001): Open (1), Refuse (5), Close (2) |
/// | other decisions | API Activity (6003), activity Other (99) |
/// | launch, launch_end | Process Activity (1007): Launch (1), Terminate (2) |
/// | all others | API Activity (6003), activity Other (99) |
///
/// `agent` becomes `actor.user.uid`; `host`, `address` and `port` become `dst_endpoint`, `source` `src_endpoint`,
/// `bytes_up` and `bytes_down` `traffic`, `verdict` `disposition_id` (Allowed 1, Blocked 2, a hold Other 99), `decision`
/// `metadata.correlation_uid`, and the index in the tree `metadata.sequence`. The record itself stands in `raw_data`, so
/// that nothing is lost and its proof can be checked.
public enum OCSFExport {
    private enum Class: Int64 {
        case process = 1007
        case network = 4001
        case interface = 6003

        var category: Int64 { rawValue / 1000 }
    }

    /// One line with its newline; nil when the bytes are no record.
    public static func line(_ indexed: IndexedRecord, version: String) -> [UInt8]? {
        guard let record = indexed.record, let kind = record.text("kind").flatMap(AuditKind.init(rawValue:)) else {
            return nil
        }
        let type = self.type(of: record, kind)
        let activity = self.activity(of: record, kind, type)
        var object = JSONObject()
        object.add("activity_id", activity)
        object.add("actor", actor(record))
        object.add("category_uid", type.category)
        object.add("class_uid", type.rawValue)
        object.add("dst_endpoint", endpoint(name: record.text("host"), record.text("address"), record.number("port")))
        if let duration = record.number("duration_us") { object.add("duration", duration / 1000) }
        object.add("disposition_id", disposition(record))
        object.add("message", record.text("detail"))
        object.add("metadata", metadata(indexed, record, version))
        object.add("raw_data", String(decoding: indexed.bytes, as: UTF8.self))
        object.add("severity_id", record.text("verdict") == "deny" ? 2 : 1)
        object.add("src_endpoint", endpoint(name: nil, record.text("source"), nil))
        object.add("status_detail", record.list("reasons").first)
        object.add("status_id", record.text("verdict").map { $0 == "allow" ? 1 : 2 } ?? 0)
        object.add("time", (record.number("time_us") ?? 0) / 1000)
        if record.number("bytes_up") != nil || record.number("bytes_down") != nil {
            var traffic = JSONObject()
            traffic.add("bytes_in", record.number("bytes_down"))
            traffic.add("bytes_out", record.number("bytes_up"))
            object.add("traffic", traffic)
        }
        object.add("type_uid", type.rawValue * 100 + activity)
        if type == .interface {
            var interface = JSONObject()
            interface.add("operation", record.text("operation") ?? kind.rawValue)
            object.add("api", interface)
        }
        return Array(object.text.utf8) + [0x0a]
    }

    private static func type(of record: AuditRecord, _ kind: AuditKind) -> Class {
        switch kind {
        case .launch, .launchEnd: .process
        case .decision, .connectionEnd:
            record.text("host") ?? record.text("address") != nil || record.number("port") != nil
                ? .network : .interface
        default: .interface
        }
    }

    private static func activity(of record: AuditRecord, _ kind: AuditKind, _ type: Class) -> Int64 {
        switch (type, kind) {
        case (.process, .launch): 1
        case (.process, _): 2
        case (.network, .connectionEnd): 2
        case (.network, _): record.text("verdict") == "allow" ? 1 : 5
        case (.interface, _): 99
        }
    }

    private static func disposition(_ record: AuditRecord) -> Int64? {
        switch record.text("verdict") {
        case "allow": 1
        case "deny": 2
        case "hold": 99
        default: nil
        }
    }

    private static func actor(_ record: AuditRecord) -> JSONObject? {
        guard let agent = record.text("agent") else { return nil }
        var user = JSONObject()
        user.add("type_id", 99)
        user.add("uid", agent)
        var actor = JSONObject()
        actor.add("user", user)
        return actor
    }

    private static func endpoint(name: String?, _ address: String?, _ port: Int64?) -> JSONObject? {
        guard name ?? address != nil || port != nil else { return nil }
        var endpoint = JSONObject()
        endpoint.add("hostname", name)
        endpoint.add("ip", address)
        endpoint.add("port", port)
        return endpoint
    }

    private static func metadata(_ indexed: IndexedRecord, _ record: AuditRecord, _ version: String) -> JSONObject {
        var product = JSONObject()
        product.add("name", "Yett")
        product.add("vendor_name", "Yett")
        product.add("version", version)
        var metadata = JSONObject()
        metadata.add("correlation_uid", record.text("decision"))
        metadata.add("product", product)
        metadata.add("sequence", Int64(clamping: indexed.index))
        metadata.add("uid", "\(indexed.index)")
        metadata.add("version", "1.4.0")
        return metadata
    }
}
