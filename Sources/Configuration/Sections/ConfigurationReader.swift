// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

/// Reads the sections of the file; each has an extension of its own.
struct ConfigurationReader {
    let context: ReadContext
    let inspect: (SecretReference) -> String?

    /// Reads the whole file. What could not be read has its default and a diagnostic.
    func read(_ root: Value) -> GateConfiguration? {
        guard var section = root.mapping("the configuration") else { return nil }
        let domain = section.required("trust_domain")?.parsed("a trust domain") { try TrustDomain(parsing: $0) }
        let sandbox = section.value("sandbox").flatMap { readSandbox($0) }
        var services = section.value("services").map { readServices($0) } ?? []
        addSandbox(sandbox, to: &services)
        let agents = section.value("agents").map { readAgents($0, services) } ?? []
        let proxy = section.value("service_proxy").flatMap { readServiceProxy($0) }
        let egress = section.value("egress").map { readEgress($0) }
        let policy = section.value("policy").map { readPolicy($0) }
        let decisionLog = section.value("decision_log").map { readDecisionLog($0) }
        let audit = section.value("audit").map { readAudit($0) }
        let identity = section.value("identity").flatMap { value in domain.map { readIdentity(value, $0) } }
        let people = section.value("people").flatMap { readPeople($0) }
        let signals = section.value("signals").flatMap { readSignals($0) }
        let mesh = section.value("mesh").flatMap { readMesh($0, services) }
        let cluster = section.value("cluster").flatMap { readCluster($0) }
        let dashboard = section.value("dashboard").flatMap { readDashboard($0, hasPeople: people != nil) }
        let approvals = section.value("approvals").map { readApprovals($0) }
        let leaks = section.value("leaks").flatMap { readLeaks($0) }
        let watch = section.value("watch").map { readWatch($0) }
        let telemetry = section.value("telemetry").map { readTelemetry($0) }
        let admin = section.value("admin").map { readAdmin($0) }
        let limits = section.value("limits").map { readLimits($0, ProcessLimits(), ProcessLimits.fields, "limits") }
        section.finish()
        guard let domain else { return nil }
        var configuration = GateConfiguration(trustDomain: domain)
        configuration.services = services
        configuration.sandbox = sandbox
        // There is no other way to the gate's own services.
        configuration.serviceProxy = proxy ?? (sandbox?.isOn == true ? ServiceProxyConfiguration() : nil)
        configuration.agents = agents
        configuration.egress = egress ?? configuration.egress
        configuration.policy = policy ?? configuration.policy
        configuration.decisionLog = decisionLog ?? configuration.decisionLog
        configuration.audit = audit ?? configuration.audit
        configuration.identity = identity ?? configuration.identity
        configuration.people = people
        configuration.signals = signals
        configuration.mesh = mesh
        configuration.cluster = cluster
        configuration.dashboard = dashboard
        configuration.approvals = approvals ?? configuration.approvals
        configuration.leaks = leaks
        configuration.watch = watch ?? configuration.watch
        configuration.telemetry = telemetry ?? configuration.telemetry
        configuration.admin = admin ?? configuration.admin
        configuration.limits = limits ?? configuration.limits
        if configuration.audit.origin.isEmpty { configuration.audit.origin = "\(domain.name)/audit" }
        return configuration
    }

    // MARK: Limits

    func readLimits<Root>(_ value: Value, _ defaults: Root, _ fields: [LimitField<Root>], _ what: String) -> Root {
        guard var section = value.mapping(what) else { return defaults }
        let limits = readLimits(&section, defaults, fields)
        section.finish()
        return limits
    }

    /// Reads the limits among the keys of a mapping that may have others.
    func readLimits<Root>(_ section: inout MappingReader, _ defaults: Root, _ fields: [LimitField<Root>]) -> Root {
        var root = defaults
        for field in fields {
            guard let value = section.value(field.name) else { continue }
            switch field.storage {
            case .count(let path):
                if let count = value.integer(field.range) { root[keyPath: path] = count }
            case .size(let path):
                if let size = value.size(field.range) { root[keyPath: path] = size }
            case .time(let path):
                if let time = value.duration(field.range) { root[keyPath: path] = time }
            }
        }
        return root
    }

    // MARK: Names and references

    /// A name that the writer chose: letters, digits, `-`, `_` and `.`, at most 64 bytes.
    func isName(_ text: String, _ place: Place, _ what: String) -> Bool {
        let isValid =
            !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
            && text != "." && text != ".."
        if !isValid { context.error(place, "\(what) has 1 to 64 letters, digits, '-', '_' and '.'") }
        return isValid
    }

    /// A name such as HTTP's methods and fields have (`token` of RFC 9110 section 5.6.2).
    func isToken(_ text: String, bytes: Int) -> Bool {
        let extra = "!#$%&'*+-.^_`|~".utf8
        return (1...bytes).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: extra.contains(byte)
                }
            }
    }

    /// A reference to a secret. Whatever else stands there is not repeated.
    func secret(_ value: Value, filesOnly: Bool = false) -> SecretReference? {
        let forms = filesOnly ? "file:/path or credential:name" : "env:NAME, file:/path or credential:name"
        guard let text = value.text("a reference (\(forms))") else { return nil }
        guard let reference = SecretReference(text) else {
            value.error("a secret is not written here; refer to it as \(forms)")
            return nil
        }
        if filesOnly, case .environment = reference {
            value.error("a file is expected here: \(forms)")
            return nil
        }
        if let problem = inspect(reference) {
            value.error("\(reference): \(problem)")
            return nil
        }
        return reference
    }

    /// Whether a text has ASCII letters, digits and these characters only.
    static func consists(_ text: String, ofLettersDigitsAnd marks: StaticString) -> Bool {
        let marks = marks.description.utf8
        return text.utf8.allSatisfy { byte in
            byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || marks.contains(byte)
        }
    }

    func path(_ value: Value) -> String? {
        guard let text = value.text("an absolute path") else { return nil }
        guard SecretReference.isPath(text) else {
            value.error("an absolute path is expected here")
            return nil
        }
        return text
    }
}

extension Value {
    /// An amount of memory with its unit.
    func size(_ range: ClosedRange<Int>) -> Int? {
        let expected =
            "a size from \(Quantity.size(range.lowerBound)) to \(Quantity.size(range.upperBound)), such as 64KiB"
        guard let text = plain(expected) else { return nil }
        guard let size = Quantity.bytes(text), range.contains(size) else {
            error("\(expected) is expected here", hint: unitHint(text, "B, KiB, MiB, GiB"))
            return nil
        }
        return size
    }

    /// A span of time with its unit; the range is in milliseconds.
    func duration(_ range: ClosedRange<Int>) -> Duration? {
        let expected =
            "a time from \(Quantity.time(range.lowerBound)) to \(Quantity.time(range.upperBound)), such as 30s"
        guard let text = plain(expected) else { return nil }
        guard let time = Quantity.milliseconds(text), range.contains(time) else {
            error("\(expected) is expected here", hint: unitHint(text, "ms, s, m, h, d"))
            return nil
        }
        return .milliseconds(time)
    }

    private func unitHint(_ text: String, _ units: String) -> String? {
        text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ? "add a unit: \(units)" : nil
    }
}
