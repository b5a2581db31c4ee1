// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The values that a label may have. Whatever else comes is `other`, so that nobody can make more series.
public struct LabelValues: Sendable {
    /// All of them; the last one stands for everything that is not in the list.
    public let all: [String]

    private let positions: [String: Int]

    /// What stands for everything else.
    public static let other = "other"

    /// Values in their order, to which `other` is added.
    public init(_ values: [String]) {
        var positions: [String: Int] = [:]
        var all: [String] = []
        for value in values where positions[value] == nil && value != Self.other {
            positions[value] = all.count
            all.append(value)
        }
        self.all = all + [Self.other]
        self.positions = positions
    }

    /// How many there are.
    public var count: Int { all.count }

    /// The place of a value, or of `other`.
    public func position(of value: String?) -> Int {
        guard let value, let position = positions[value] else { return all.count - 1 }
        return position
    }
}

/// Names from the configuration as values of a label: the first hundred that ever stood there, `none` and `other`.
public struct ConfiguredNames: Sendable {
    /// The label's values; the first one is `none`, the second one `other`.
    public private(set) var labels = ["none", LabelValues.other]

    private var positions: [String: Int] = [:]

    /// The most names that get series of their own.
    public static let most = 100

    /// Without a name.
    public init() {}

    /// Takes a name in, unless there are too many.
    ///
    /// - Parameters:
    ///   - key: How records call it.
    ///   - label: How the label does.
    public mutating func admit(_ key: String, as label: String) {
        guard positions[key] == nil, positions.count < Self.most else { return }
        positions[key] = labels.count
        labels.append(label)
    }

    /// The place of a name: that of `none` without one, and that of `other` for one that was not admitted.
    public func position(of key: String?) -> Int {
        guard let key else { return 0 }
        return positions[key] ?? 1
    }
}

/// The fixed lists that labels of counters of records choose from.
public struct RecordVocabulary: Sendable {
    let planes: LabelValues
    let reasons: LabelValues
    let signals: LabelValues
    let levels: LabelValues
    let drivers: LabelValues
    let ends: LabelValues
    let approvals = LabelValues(["asked", "approved", "refused", "expired", "withdrawn", "used"])

    /// Collects the lists.
    ///
    /// - Parameters:
    ///   - planes: The ways in.
    ///   - reasons: The reason codes of verdicts.
    ///   - signals: What alarms are raised for.
    ///   - levels: How bad things are.
    ///   - drivers: What runs generated code.
    ///   - ends: How runs end.
    public init(
        planes: [String], reasons: [String], signals: [String], levels: [String], drivers: [String], ends: [String]
    ) {
        self.planes = LabelValues(planes)
        self.reasons = LabelValues(reasons)
        self.signals = LabelValues(signals)
        self.levels = LabelValues(levels)
        self.drivers = LabelValues(drivers)
        self.ends = LabelValues(ends)
    }
}
