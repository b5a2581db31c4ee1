// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a live permit ends before its time.
public struct CutReason: Sendable, Hashable {
    /// The code that is recorded.
    public var code: ReasonCode
    /// What a person should know, for example who cut.
    public var detail: String?

    /// Records a reason.
    public init(_ code: ReasonCode, detail: String? = nil) {
        self.code = code
        self.detail = detail
    }
}
