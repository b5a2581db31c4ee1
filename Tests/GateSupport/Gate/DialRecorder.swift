// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import Addresses
import Glibc
import NIOCore
import Synchronization
package import Transport

/// Stands between the dialer and the network: writes every dial down, and leads it to a port of 127.0.0.1.
package final class DialRecorder: Sendable {
    /// A dial of a judged address.
    package struct Dial: Sendable, Hashable, CustomStringConvertible {
        /// The address.
        package let address: IPAddress
        /// The port.
        package let port: UInt16
        /// Both, for a person.
        package var description: String { "\(address) port \(port)" }
    }

    /// Says to which port of 127.0.0.1 a dial leads; nil refuses it, as a host without a listener would.
    package typealias Route = @Sendable (Dial) -> UInt16?

    private let state: Mutex<(dials: [Dial], route: Route)>
    private let closed = SocketName.bindLoopback()

    /// Leads every dial to where `route` says.
    package init(_ route: @escaping Route) { state = Mutex((dials: [], route: route)) }

    deinit { Glibc.close(closed.descriptor) }

    /// Every dial so far.
    package var dials: [Dial] { state.withLock { $0.dials } }

    /// Changes where dials lead.
    package func lead(to route: @escaping Route) { state.withLock { $0.route = route } }

    /// A dialer that goes through here.
    package var dialer: Dialer {
        Dialer { [self] address, port in
            let dial = Dial(address: address, port: port)
            let route = state.withLock { state in
                state.dials.append(dial)
                return state.route
            }
            // A port that is bound and not listened on refuses for sure.
            return try SocketAddress(ipAddress: "127.0.0.1", port: Int(route(dial) ?? closed.port))
        }
    }
}
