// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a head parser says about the bytes so far.
public enum HTTP1ParseResult: Sendable, Hashable {
    /// The head is not complete and nothing is wrong yet: call again with the same bytes and more behind them.
    case needMore

    /// The head is complete and takes this many bytes, from the first byte handed in.
    case complete(byteCount: Int)

    /// The message must not be forwarded and the connection must be closed after the answer.
    case refused(HTTP1Refusal)
}

/// How one step inside a parser went.
enum HTTP1ParseStep {
    /// The state changed; go on.
    case advanced
    /// The bytes end here.
    case needMore
    /// The message is refused.
    case refused(HTTP1RefusalReason)
}
