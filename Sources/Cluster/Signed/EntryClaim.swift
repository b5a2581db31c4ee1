// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What an entry says, whoever wrote it.
///
/// What restricts counts even where nobody can be believed; what widens counts only where ``fault`` is `nil`.
public struct EntryClaim: Sendable, Hashable {
    /// What is said.
    public let payload: [UInt8]
    /// The gate that signed it; `nil` where no gates are named, and where none of them did.
    public let signer: String?
    /// Why it is not believed.
    public let fault: EntryFault?

    /// Describes what an entry says.
    public init(payload: [UInt8], signer: String?, fault: EntryFault?) {
        self.payload = payload
        self.signer = signer
        self.fault = fault
    }
}
