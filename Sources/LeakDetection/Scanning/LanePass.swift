// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One look at the bytes that a lane holds: everything but the views.
struct LanePass {
    /// What was found where.
    struct Match {
        let name: String
        let kind: LeakKind
        var owner: String?
        var path: [LeakView] = []
        let range: Range<Int>
    }

    /// A match that goes on to the end of what is there is left for later, when there will be more; but not when it is so
    /// long that its beginning might be gone then.
    static let patience = 400

    private let matcher: LeakMatcher
    private let text: UnsafeBufferPointer<UInt8>
    /// Where the bytes begin that were not looked at before.
    private let fresh: Int
    /// Whether there will be no more.
    private let isFinal: Bool
    private(set) var matches: [Match] = []
    private var regions: [(rule: Int, range: Range<Int>)] = []
    private let usesRules: Bool

    init(
        _ matcher: LeakMatcher, _ text: UnsafeBufferPointer<UInt8>, fresh: Int, isFinal: Bool, usesRules: Bool
    ) {
        self.usesRules = usesRules
        self.matcher = matcher
        self.text = text
        self.fresh = fresh
        self.isFinal = isFinal
    }

    /// Looks at what the survey points at.
    mutating func run(_ survey: Survey) {
        for hit in survey.hits {
            switch matcher.targets[hit.literal] {
            case .spelling(let spelling, let number): check(spelling, number, at: hit.start)
            case .keyword(let count, let rules) where usesRules: for rule in rules { check(rule, at: hit.start, count) }
            case .keyword: continue
            }
        }
        guard usesRules else { return }
        if !matcher.shortKeywords.isEmpty { checkShortKeywords() }
        runExpressions()
        if matcher.usesBuiltInRules {
            for block in survey.numberBlocks { checkNumbers(around: block) }
        }
    }

    /// Whether what ends there was judged before.
    private func isOld(_ end: Int) -> Bool { end <= fresh && !isFinal }

    private func isOpen(_ range: Range<Int>) -> Bool {
        range.upperBound == text.count && !isFinal && range.count < Self.patience
    }

    private mutating func check(_ spelling: LeakMatcher.Spelling, _ number: Int, at start: Int) {
        let end = start &+ spelling.count
        guard !isOld(end) else { return }
        let registration = matcher.registrations[number]
        matches.append(
            Match(
                name: registration.name, kind: registration.kind, owner: registration.owner, path: spelling.path,
                range: start..<end))
    }

    private mutating func check(_ number: Int, at start: Int, _ length: Int) {
        switch matcher.rules[number].form {
        case .token(let shape):
            guard let end = shape.end(in: text, from: start), !isOld(end &+ 1), !isOpen(start..<end) else { return }
            let isChecked =
                shape.beginning.count == 4 && shape.beginning.starts(with: Array("gh".utf8))
                && GitHubToken.isChecked(text[start..<end])
            let name = matcher.rules[number].name
            matches.append(
                Match(name: isChecked ? name + "-checked" : name, kind: matcher.rules[number].kind, range: start..<end))
        case .expression:
            let reach = matcher.rules[number].reach
            let end = start &+ length &+ reach.after
            guard !isOld(end &+ reach.extension &+ 1) else { return }
            if matcher.rules[number].isAssignment, !AssignedValue.isPassword(after: start &+ length, in: text) {
                return
            }
            regions.append((number, max(start &- reach.before, 0)..<min(end, text.count)))
        }
    }

    private mutating func checkShortKeywords() {
        var hits: [(Int, [Int])] = []
        matcher.shortKeywords.forEachHit(in: text, from: 0) { hits.append(($0, $1)) }
        for (place, rules) in hits { for rule in rules { check(rule, at: place, 2) } }
        for rule in matcher.shortKeywords.always { check(rule, at: 0, text.count) }
    }

    /// Runs each expression once over every part of the text in which it may match.
    private mutating func runExpressions() {
        guard !regions.isEmpty else { return }
        regions.sort { ($0.rule, $0.range.lowerBound) < ($1.rule, $1.range.lowerBound) }
        var index = 0
        while index < regions.count {
            let number = regions[index].rule
            var range = regions[index].range
            index &+= 1
            while index < regions.count, regions[index].rule == number,
                regions[index].range.lowerBound <= range.upperBound
            {
                range = range.lowerBound..<max(range.upperBound, regions[index].range.upperBound)
                index &+= 1
            }
            let rule = matcher.rules[number]
            guard case .expression(let expression) = rule.form else { continue }
            var found: [Match] = []
            expression.forEachMatch(in: text, range, extending: rule.reach.extension) { match in
                if !isOld(match.upperBound &+ 1), !isOpen(match) {
                    found.append(Match(name: rule.name, kind: rule.kind, range: match))
                }
                return found.count < matcher.limits.findings
            }
            matches += found
        }
        regions.removeAll(keepingCapacity: true)
    }

    private mutating func checkNumbers(around block: Int) {
        let end = min(block &+ Survey.block, text.count)
        for number in NumberSearch(text: text, from: block, to: end).numbers() {
            if isOld(number.range.upperBound &+ 1) || isOpen(number.range) { continue }
            matches.append(Match(name: number.name, kind: .financial, range: number.range))
        }
    }
}
