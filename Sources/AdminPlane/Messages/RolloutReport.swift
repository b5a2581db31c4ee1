// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What trying another policy beside the one in force has shown, since that other policy is tried.
public struct RolloutReport: Codable, Sendable, Hashable {
    /// SHA-256 of the candidate with the configuration, in hexadecimal digits.
    public var digest: String
    /// Which part of the decisions is made with both, from 0 to 1.
    public var share: Double
    /// Why the candidate is not tried; absent while it is.
    public var absence: String?
    /// Decisions that were made with both and came to the same.
    public var same: Int
    /// Those in which the candidate would have let more pass.
    public var wider: Int
    /// Those in which it would have let less pass.
    public var narrower: Int
    /// Those with the same effect for another reason, by another grant or with other terms.
    public var different: Int

    /// Collects the parts.
    public init(
        digest: String, share: Double, absence: String?, same: Int, wider: Int, narrower: Int, different: Int
    ) {
        self.digest = digest
        self.share = share
        self.absence = absence
        self.same = same
        self.wider = wider
        self.narrower = narrower
        self.different = different
    }

    /// How many decisions were made with both.
    public var compared: Int { same + wider + narrower + different }

    /// The counts for people.
    public var sentence: String {
        guard compared > 0 else { return "no decision was made with both yet" }
        return
            "\(compared) made with both: \(same) the same, \(wider) wider, \(narrower) narrower, \(different) different"
    }
}
