// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Rego

/// Which lines of modules ran.
public struct CoverageReport: Sendable {
    /// The lines of one file.
    public struct File: Sendable {
        /// The name of the file.
        public var name: String
        /// The lines that ran.
        public var covered: [Int]
        /// The lines that could have run and did not.
        public var notCovered: [Int]
    }

    /// The files in the order of their names.
    public var files: [File]

    /// Compares what could run with what ran.
    public init(modules: [Module], sources: [PolicySource], visited: Set<Location>) {
        var rows: [Int32: Set<Int32>] = [:]
        for place in visited { rows[place.file, default: []].insert(place.row) }
        files = modules.indices.compactMap { number in
            guard sources.indices.contains(number), !GatePolicy.isOwn(sources[number]) else { return nil }
            let visited = rows[Int32(number)] ?? []
            let all = CoveredLines.rows(of: modules[number])
            return File(
                name: sources[number].name, covered: all.filter { visited.contains($0) }.map { Int($0) }.sorted(),
                notCovered: all.filter { !visited.contains($0) }.map { Int($0) }.sorted())
        }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// The share of lines that ran, from 0 to 100.
    public var percentage: Double {
        CoverageReport.percentage(
            files.reduce(0) { $0 + $1.covered.count }, files.reduce(0) { $0 + $1.notCovered.count })
    }

    /// The report as OPA writes it.
    public var json: SyntaxValue {
        let covered = files.reduce(0) { $0 + $1.covered.count }
        let notCovered = files.reduce(0) { $0 + $1.notCovered.count }
        let list = SyntaxValue.fields(
            files.map { file in
                var fields: [(String, SyntaxValue)] = []
                if !file.covered.isEmpty { fields.append(("covered", CoverageReport.ranges(file.covered))) }
                if !file.notCovered.isEmpty { fields.append(("not_covered", CoverageReport.ranges(file.notCovered))) }
                if !file.covered.isEmpty { fields.append(("covered_lines", .integer(file.covered.count))) }
                if !file.notCovered.isEmpty { fields.append(("not_covered_lines", .integer(file.notCovered.count))) }
                let share = CoverageReport.percentage(file.covered.count, file.notCovered.count)
                if share > 0 { fields.append(("coverage", CoverageReport.number(share))) }
                return (file.name, .fields(fields))
            })
        return .fields([
            ("files", list), ("covered_lines", .integer(covered)), ("not_covered_lines", .integer(notCovered)),
            ("coverage", CoverageReport.number(percentage)),
        ])
    }

    /// The lines as ranges without gaps.
    private static func ranges(_ rows: [Int]) -> SyntaxValue {
        var ranges: [(start: Int, end: Int)] = []
        for row in rows {
            if let last = ranges.last, last.end + 1 == row {
                ranges[ranges.count - 1].end = row
            } else {
                ranges.append((row, row))
            }
        }
        return .array(
            ranges.map { range in
                .fields([
                    ("start", .fields([("row", .integer(range.start))])),
                    ("end", .fields([("row", .integer(range.end))])),
                ])
            })
    }

    private static func percentage(_ covered: Int, _ notCovered: Int) -> Double {
        let all = covered + notCovered
        return all == 0 ? 0 : (Double(covered) / Double(all) * 10_000).rounded() / 100
    }

    private static func number(_ value: Double) -> SyntaxValue {
        .number(Text(value == value.rounded() ? "\(Int(value))" : "\(value)"))
    }
}

/// The lines of a module that can run: heads of rules and statements.
private struct CoveredLines {
    private var rows: Set<Int32> = []

    static func rows(of module: Module) -> Set<Int32> {
        var lines = CoveredLines()
        for rule in module.rules {
            lines.rows.insert(rule.location.row)
            lines.visit(rule.body)
            for branch in rule.elseBranches {
                lines.rows.insert(branch.location.row)
                lines.visit(branch.body)
            }
        }
        return lines.rows
    }

    private mutating func visit(_ body: Body) {
        for statement in body where !statement.isGenerated { visit(statement) }
    }

    private mutating func visit(_ statement: Expression) {
        if case .someVariables = statement.kind { return }
        rows.insert(statement.location.row)
        switch statement.kind {
        case .term(let term): visit(term)
        case .every(_, _, _, let body), .negatedBody(let body): visit(body)
        case .and(let operands), .or(let operands):
            for operand in operands { visit(operand.body) }
        case .someVariables, .someIn: break
        }
    }

    private mutating func visit(_ term: Term) {
        switch term.kind {
        case .arrayComprehension(_, let body), .setComprehension(_, let body): visit(body)
        case .objectComprehension(_, _, let body): visit(body)
        case .call(_, let arguments): for argument in arguments { visit(argument) }
        case .array(let terms), .set(let terms), .reference(let terms): for term in terms { visit(term) }
        case .object(let items): for item in items { visit(item.value) }
        default: break
        }
    }
}
