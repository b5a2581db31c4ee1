// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import NIOCore

/// A value that is made and read on one event loop only, but may travel through `@Sendable` closures in between.
package struct LoopBound<Value>: @unchecked Sendable {
    // Unchecked: `value` is touched only inside `run`, which asserts or hops to the loop.
    private let value: Value
    private let eventLoop: any EventLoop

    /// Binds a value to the loop it was made on.
    package init(_ value: Value, on eventLoop: any EventLoop) {
        self.value = value
        self.eventLoop = eventLoop
    }

    /// The value, on its loop.
    package var unwrapped: Value {
        eventLoop.preconditionInEventLoop()
        return value
    }

    /// Runs `body` on the loop: at once when called there, otherwise in a later turn.
    package func run(_ body: @escaping @Sendable (Value) -> Void) {
        if eventLoop.inEventLoop {
            body(value)
        } else {
            eventLoop.execute { body(self.value) }
        }
    }
}
