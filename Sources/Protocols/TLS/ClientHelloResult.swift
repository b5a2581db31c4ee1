// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a ``ClientHelloParser`` says about the bytes so far.
public enum ClientHelloResult: Sendable, Hashable {
    /// The hello is not complete and nothing is wrong yet: call again with the same bytes and more behind them.
    case needMore
    /// Must not be sent upstream.
    case refused(TLSRefusalReason)
    /// The hello. The bytes it was read from, and all that follow, may be sent upstream as they are once it is judged.
    case hello(ClientHello)
}
