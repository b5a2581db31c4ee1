// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision
internal import Identity
internal import Yams

extension ConfigurationReader {
    /// A point in time.
    func readTime(_ value: Value) -> Int64? {
        let expected = "a time such as 2026-12-31T23:59:59Z (RFC 3339)"
        guard let text = value.text(expected) else { return nil }
        guard let seconds = Timestamp.seconds(text) else {
            value.error("\(expected) is expected here")
            return nil
        }
        return seconds
    }

    /// Reads `budget`.
    func readBudget(_ value: Value) -> GrantBudget? {
        guard var section = value.mapping("a budget") else { return nil }
        var budget = GrantBudget()
        let calls = section.value("calls")
        let bytes = section.value("bytes")
        budget.calls = calls?.integer(1...1_000_000_000_000)
        budget.bytes = bytes?.size(1...1 << 60)
        let tokens = section.value("tokens")
        budget.tokens = tokens?.integer(1...1_000_000_000_000)
        let cost = section.value("cost")
        budget.cost = cost.flatMap { money($0, isLimit: true) }
        let periods: KeyValuePairs<String, GrantBudget.Period> = ["total": .total, "hour": .hour, "day": .day]
        if let period = section.value("per")?.word(periods) { budget.per = period }
        section.finish()
        if calls == nil, bytes == nil, tokens == nil, cost == nil {
            value.error("a budget has calls, bytes, tokens or cost")
            return nil
        }
        return budget
    }

    /// An amount of money.
    func money(_ value: Value, isLimit: Bool = false) -> Money? {
        let expected = "an amount such as 2.50, \(isLimit ? "more than nothing and " : "")at most a million"
        guard let text = value.plain(expected) else { return nil }
        guard let amount = Money(text), !isLimit || amount > .zero else {
            value.error("\(expected) is expected here", hint: "digits, and at most six behind a point")
            return nil
        }
        return amount
    }

    /// Reads `window`.
    func readWindow(_ value: Value) -> TimeWindow? {
        guard var section = value.mapping("a time window") else { return nil }
        let words: KeyValuePairs<String, TimeWindow.Day> = [
            "mon": .mon, "tue": .tue, "wed": .wed, "thu": .thu, "fri": .fri, "sat": .sat, "sun": .sun,
        ]
        let days = section.value("days").map { $0.list("days") { $0.word(words) } }
        let from = section.value("from").map { clock($0) }
        let to = section.value("to").map { clock($0) }
        let offset = section.value("utc_offset").map { readOffset($0) }
        section.finish()
        // What is not given has a default; what is given and wrong has a diagnostic.
        let set: Set<TimeWindow.Day>? = days.map { $0.map { Set($0) } } ?? Set(TimeWindow.Day.allCases)
        guard let set, let from = from ?? 0, let to = to ?? 1_440, let offset = offset ?? 0 else { return nil }
        guard let window = TimeWindow(days: set, from: from, to: to, offsetMinutes: offset) else {
            value.error("a window has at least one day, and an end that is not its start")
            return nil
        }
        return window
    }

    private func clock(_ value: Value) -> Int? {
        let expected = "a time of day from \"00:00\" to \"24:00\""
        guard let text = value.text(expected) else { return nil }
        guard let minutes = Timestamp.clock(text) else {
            value.error("\(expected) is expected here")
            return nil
        }
        return minutes
    }

    private func readOffset(_ value: Value) -> Int? {
        let expected = "a distance from UTC such as \"+02:00\""
        guard let text = value.text(expected) else { return nil }
        guard let minutes = Timestamp.offsetMinutes(text) else {
            value.error("\(expected) is expected here", hint: "names of time zones are not accepted")
            return nil
        }
        return minutes
    }

    /// Reads `require`.
    func readRequirement(_ value: Value, _ requirement: inout Grant.Requirement) {
        guard var section = value.mapping("a requirement") else { return }
        if let strength = section.value("strength").flatMap({ readStrength($0) }) { requirement.strength = strength }
        if let person = section.value("person")?.bool() { requirement.person = person }
        if let task = section.value("task")?.bool() { requirement.task = task }
        section.finish()
    }

    private func readStrength(_ value: Value) -> Int? {
        let names = Proof.allCases.filter { $0 != .none }
        let expected = "a strength from 0 to 4 or one of \(names.map(\.description).joined(separator: ", "))"
        guard let text = value.text(expected) else { return nil }
        if let number = Value.decimal(text), (0...4).contains(number) { return number }
        if let proof = names.first(where: { $0.description.utf8.elementsEqual(text.utf8) }) { return proof.strength }
        let near = NearestName.of(text, among: names.map(\.description))
        value.error("\(expected) is expected here", hint: near.map { "did you mean '\($0)'?" })
        return nil
    }

    /// Reads `name_budget`: `on`, `off`, or the limits on what stands under a wildcard.
    func readNameBudget(_ value: Value) -> NameBudget? {
        if value.isWord("off") { return nil }
        var budget = NameBudget()
        if value.isWord("on") { return budget }
        if case .scalar = value.node, !value.isNull {
            value.error("'on', 'off' or a mapping of labels, bytes and bits is expected here")
            return budget
        }
        guard var section = value.mapping("a name budget") else { return budget }
        if let labels = section.value("labels")?.integer(1...127) { budget.maximumLabels = labels }
        if let bytes = section.value("bytes")?.integer(1...253) { budget.maximumBytes = bytes }
        if let bits = section.value("bits")?.integer(1...2_048) { budget.maximumBits = bits }
        section.finish()
        return budget
    }
}
