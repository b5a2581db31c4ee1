// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Synchronization
import Transport

/// Waits until all fields of a request are there, or one of them cannot be. Safe from any thread.
final class CarriedFieldGathering: Sendable {
    private struct State {
        var fields: [(name: String, value: [UInt8])?]
        var completion: CarriedServices.CarriedFields?
    }

    private let state: Mutex<State>

    /// - Parameter completion: Called once; at once when there is nothing to wait for.
    init(_ count: Int, then completion: @escaping CarriedServices.CarriedFields) {
        state = Mutex(State(fields: Array(repeating: nil, count: count), completion: count > 0 ? completion : nil))
        if count == 0 { completion(.success([])) }
    }

    /// One field is there, or cannot be.
    func take(_ result: Result<(name: String, value: [UInt8]), CarriedFailure>, at index: Int) {
        let (completion, outcome) = state.withLock {
            state -> (
                CarriedServices.CarriedFields?, Result<[(name: String, value: [UInt8])], CarriedFailure>
            ) in
            switch result {
            case .failure(let failure): return (state.completion.take(), .failure(failure))
            case .success(let field):
                state.fields[index] = field
                let fields = state.fields.compactMap(\.self)
                guard fields.count == state.fields.count else { return (nil, .success([])) }
                return (state.completion.take(), .success(fields))
            }
        }
        completion?(outcome)
    }
}
