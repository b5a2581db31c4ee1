// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the guard says of one address.
public enum AddressVerdict: Hashable, Sendable {
    /// It may be dialled; by the exception, where it needed one.
    case allowed(AddressException?)

    /// It may not.
    case refused(AddressRefusal)

    /// Whether it may be dialled.
    public var isAllowed: Bool {
        if case .allowed = self { true } else { false }
    }
}

/// What the guard says of all answers for a name.
public enum AnswersVerdict: Hashable, Sendable {
    /// Every answer may be dialled; in the order of the answers, without repetitions.
    case allowed([JudgedAddress])

    /// At least one may not, or there was none.
    case refused(AddressRefusal)
}

/// An address that the guard has allowed for a host and a port. Only the guard makes one, so a dialler that takes this
/// type dials nothing unjudged.
public struct JudgedAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address to dial.
    public let address: IPAddress

    /// The port to dial.
    public let port: UInt16

    /// The host it was judged for.
    public let host: Host

    /// The exception that unlocked it, if it needed one.
    public let exception: AddressException?

    init(address: IPAddress, port: UInt16, host: Host, exception: AddressException?) {
        self.address = address
        self.port = port
        self.host = host
        self.exception = exception
    }

    /// Address and port, an IPv6 address in brackets.
    public var description: String {
        "\(Host.address(address)):\(port)"
    }
}
