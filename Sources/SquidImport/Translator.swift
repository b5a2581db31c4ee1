// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses

/// Reads the directives of a file and gathers what becomes of them.
struct Translator {
    let trustDomain: String
    let unknownLines: SquidTranslation.UnknownLines
    private var lists = SquidACL.predefined()
    private var ownLists: Set<String> = []
    private var rules: [String: AccessRules] = [:]
    private var listeners: [String] = []
    private var reports: [Int: SquidTranslation.LineReport] = [:]

    /// The directives whose rules a request must all pass.
    private static let accessDirectives = ["http_access", "adapted_http_access", "http_reply_access", "miss_access"]

    init(trustDomain: String, unknownLines: SquidTranslation.UnknownLines) {
        self.trustDomain = trustDomain
        self.unknownLines = unknownLines
    }

    // MARK: Reports

    /// Adds to the report of a line; the worst outcome counts.
    mutating func report(_ line: SquidLine, _ outcome: SquidTranslation.Outcome, _ note: String? = nil) {
        var report =
            reports[line.number] ?? .init(line: line.number, text: line.text, outcome: .translated, notes: [])
        let order = SquidTranslation.Outcome.allCases
        if let new = order.firstIndex(of: outcome), let old = order.firstIndex(of: report.outcome), new > old {
            report.outcome = outcome
        }
        if let note, !report.notes.contains(note) { report.notes.append(note) }
        reports[line.number] = report
    }

    private mutating func approximate(_ number: Int, _ note: String) {
        guard let report = reports[number] else { return }
        self.report(SquidLine(number: number, words: [], text: report.text), .approximated, note)
    }

    // MARK: Directives

    /// Reads the lists first, since a list may go on behind the rules that use it, and then the rules.
    mutating func read(_ lines: [SquidLine]) {
        for line in lines where line.words[0].text == "acl" { readList(line) }
        for name in ownLists { lists[name]?.seal() }
        for line in lines {
            switch line.words[0].text {
            case "acl": continue
            case "http_port": readPort(line)
            case "include", "if", "else", "endif": readUnknown(line)
            case "deny_info": report(line, .noEqual, "refusals are RFC 9457 problem documents that name the reason")
            case let name where Self.accessDirectives.contains(name): readRule(line, of: name)
            default: report(line, .noEqual)
            }
        }
    }

    private mutating func readUnknown(_ line: SquidLine) {
        guard unknownLines == .denyWhatFollows else {
            return report(line, .noEqual, "what stands there is not read and not part of the result")
        }
        report(
            line, .noEqual,
            "what stands there is not known and may deny anything: the rules below allow nothing; put the"
                + " lines that apply in its place")
        for name in Self.accessDirectives {
            guard name == "http_access" || rules[name] != nil else { continue }
            rules[name, default: AccessRules()].denyTheRest()
        }
    }

    private mutating func readList(_ line: SquidLine) {
        guard line.words.count >= 3 else { return report(line, .noEqual, "an acl has a name, a type and values") }
        let name = line.words[1].text
        let type = line.words[2].text
        if name == "manager" { return report(line, .translated, "there is no cache manager; the list matches nothing") }
        var list = lists[name] ?? SquidACL(type: type)
        lists[name] = nil
        defer { lists[name] = list }
        ownLists.insert(name)
        guard list.type == type else {
            list.unknown("the type \(type) is not that of the other lines")
            return report(line, .noEqual, "the list '\(name)' is of type \(list.type) already")
        }
        guard SquidACL.types.contains(type) else {
            list.unknown("the type \(type) has no equal")
            return report(line, .noEqual, "the type \(type) has no equal; rules with this list allow nothing by it")
        }
        report(line, .translated)
        var looksUp = true
        for word in line.words.dropFirst(3) {
            if !word.isQuoted, word.text.utf8.first == UInt8(ascii: "-") || word.text == "+i" {
                switch word.text {
                case "-n": looksUp = false
                case "-i", "+i", "--": break
                default: report(line, .noEqual, list.unknown("the flag \(word.text) has no equal"))
                }
            } else if let problem = list.add(word, looksUpAddresses: looksUp) {
                report(line, .approximated, problem)
            }
        }
        if type == "dstdom_regex" { report(line, .translated, "check the pattern: it was read as host names") }
        if type == "dst" {
            report(
                line, .approximated, "covers addresses that stand in the place of a name, not names that resolve there")
        }
    }

    private mutating func readPort(_ line: SquidLine) {
        guard line.words.count >= 2 else { return report(line, .noEqual) }
        let options = line.words.dropFirst(2).map { String($0.text.prefix { $0 != "=" }) }
        let changing = ["accel", "vhost", "intercept", "tproxy", "ssl-bump", "transparent", "require-proxy-header"]
        if let option = options.first(where: changing.contains) {
            return report(line, .noEqual, "the option \(option) has no equal")
        }
        let text = line.words[1].text
        let address: String
        if let port = UInt16(text), port > 0 {
            address = "0.0.0.0:\(port)"
            report(line, .approximated, "listens on IPv4 only; add a listener on \"[::]:\(port)\" for IPv6")
        } else if let endpoint = try? Endpoint(parsing: text), case .address = endpoint.host {
            address = endpoint.description
            report(line, .translated)
        } else {
            return report(line, .noEqual, "an address and a port are needed")
        }
        if listeners.contains(address) { return }
        listeners.append(address)
    }

    // MARK: Rules

    private mutating func readRule(_ line: SquidLine, of name: String) {
        let action = line.words.count > 1 ? line.words[1].text : ""
        guard action == "allow" || action == "deny" else {
            return report(line, .noEqual, "a rule starts with allow or deny")
        }
        let allows = action == "allow"
        var certain = Region.all
        var possible = Region.all
        var unknowns: [String] = []
        for word in line.words.dropFirst(2) {
            let isNegated = word.text.utf8.first == UInt8(ascii: "!")
            let listName = isNegated ? String(word.text.dropFirst()) : word.text
            guard let list = lists[listName] else {
                unknowns.append("there is no list '\(listName)'")
                certain = Region(sources: .empty)
                continue
            }
            unknowns += list.unknowns.map { "\(listName): \($0)" }
            let (sure, maybe) = isNegated ? list.negated : (list.certain, list.possible)
            certain = certain.intersection(sure)
            possible = possible.intersection(maybe)
        }
        report(line, .translated)
        let adds = rules[name, default: AccessRules()].apply(
            allows: allows, certain: certain, possible: possible, line: line.number)
        if certain != possible, !certain.isEmpty || !possible.isEmpty {
            explain(line, allows, unknowns, certain, possible)
        }
        if rules[name]?.isTooComplex == true {
            report(line, .approximated, "the rules are too many to be followed; from here on nothing is allowed")
        }
        if allows, !adds { report(line, .approximated, "adds nothing to what the result allows") }
        if allows, adds, name == "http_access" { warn(line, certain) }
    }

    private mutating func explain(
        _ line: SquidLine, _ allows: Bool, _ unknowns: [String], _ certain: Region, _ possible: Region
    ) {
        for unknown in unknowns { report(line, .approximated, unknown) }
        guard !allows else { return }
        report(
            line, .approximated,
            unknowns.isEmpty
                ? "may concern more than is known here, such as what a name resolves to; all of that is denied"
                : "what this rule may deny is not known; everything it could concern is denied")
    }

    /// What is the same in the result but better not kept.
    private mutating func warn(_ line: SquidLine, _ region: Region) {
        if region.ports == Region.allPorts {
            report(line, .translated, "allows every port; add 'ports: [443]' where that will do")
        }
        if region.methods == .all {
            report(line, .translated, "allows every method, plain HTTP and tunnels; tunnels may carry anything")
        }
        if region.sources == .all {
            report(line, .translated, "holds for every caller; add the networks of the agents")
        }
        if region.hosts == .all { report(line, .translated, "allows every public destination") }
    }

    // MARK: Result

    /// Writes the result.
    mutating func finish() -> SquidTranslation {
        var main = rules["http_access"] ?? AccessRules()
        main.applyDefault()
        if let line = main.allowed.first(where: \.isDefault)?.line, let report = reports[line] {
            self.report(
                SquidLine(number: line, words: [], text: report.text), .translated,
                "Squid allows what no rule matches when the last one denies; end with 'http_access deny all'")
        }
        var allowed = main.allowed
        for name in Self.accessDirectives.dropFirst() {
            guard var filter = rules[name] else { continue }
            filter.applyDefault()
            allowed = Self.intersection(of: allowed, with: filter.allowed)
        }
        let names = ownLists.sorted().compactMap { name in
            lists[name].flatMap { $0.type == "src" ? (name, $0.certain.sources) : nil }
        }
        var writer = ResultWriter(trustDomain: trustDomain, sourceNames: names, listeners: listeners)
        let text = writer.write(allowed)
        for (line, note) in writer.leftOut { approximate(line, note) }
        return SquidTranslation(configuration: text, reports: reports.values.sorted { $0.line < $1.line })
    }

    private static func intersection(
        of left: [AccessRules.Allowed], with right: [AccessRules.Allowed]
    ) -> [AccessRules.Allowed] {
        var result: [AccessRules.Allowed] = []
        for first in left {
            for second in right {
                let region = first.region.intersection(second.region)
                if !region.isEmpty, result.count < AccessRules.maximumRegions {
                    result.append(.init(region: region, line: first.line, isDefault: first.isDefault))
                }
            }
        }
        return result
    }
}
