// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import CAres
import Glibc

/// One lookup under way. Only the resolver's thread touches it after it has left the inbox.
final class AresLookup: @unchecked Sendable {
    let name: HostName
    private var completion: (@Sendable (Result<Answers, ResolveError>) -> Void)?

    /// Monotonic milliseconds at which the caller is answered with what there is.
    var deadline: Int64 = 0

    /// Queries under way, one a family.
    var outstanding = 0

    private var results: [Result<Answers, ResolveError>] = []

    init(name: HostName, completion: @escaping @Sendable (Result<Answers, ResolveError>) -> Void) {
        self.name = name
        self.completion = completion
    }

    /// Whether the caller has had its answer.
    var isAnswered: Bool {
        completion == nil
    }

    /// Adds what one family's query gave.
    func add(_ result: Result<Answers, ResolveError>) {
        results.append(result)
    }

    /// What both families gave together, or what there is of it. Addresses of one family suffice; without any, the
    /// failure that says least about the name counts, so that only a full "not found" is one.
    func combined(maximumAnswers: Int) -> Result<Answers, ResolveError> {
        var addresses: [IPAddress] = []
        var ttl = UInt32.max
        var failure = ResolveError.notFound
        for result in results {
            switch result {
            case .success(let answers):
                addresses += answers.addresses
                ttl = min(ttl, answers.ttl)
            case .failure(.tooManyAnswers): return .failure(.tooManyAnswers)
            case .failure(.notFound): continue
            case .failure(let error): failure = error
            }
        }
        guard addresses.count <= maximumAnswers else { return .failure(.tooManyAnswers) }
        guard addresses.isEmpty else {
            let four = addresses.filter { if case .v4 = $0 { true } else { false } }
            let six = addresses.filter { if case .v6 = $0 { true } else { false } }
            return .success(Answers(addresses: four + six, ttl: ttl))
        }
        return .failure(outstanding > 0 ? .timeout : failure)
    }

    /// Answers the caller, once.
    func finish(_ result: Result<Answers, ResolveError>) {
        guard let completion else { return }
        self.completion = nil
        completion(result)
    }

    /// What c-ares found, in our types.
    static func result(
        status: Int32, info: UnsafeMutablePointer<ares_addrinfo>?, maximumAnswers: Int
    ) -> Result<Answers, ResolveError> {
        switch status {
        case ARES_SUCCESS.asStatus: break
        case ARES_ENODATA.asStatus, ARES_ENOTFOUND.asStatus: return .failure(.notFound)
        case ARES_ETIMEOUT.asStatus: return .failure(.timeout)
        case ARES_ECANCELLED.asStatus, ARES_EDESTRUCTION.asStatus: return .failure(.shutDown)
        default: return .failure(.serverFailure)
        }
        var four: [IPAddress] = []
        var six: [IPAddress] = []
        var ttl = UInt32.max
        var node = info?.pointee.nodes
        while let entry = node?.pointee {
            guard four.count + six.count < maximumAnswers else { return .failure(.tooManyAnswers) }
            switch address(entry) {
            case .v4(let address)?: four.append(.v4(address))
            case .v6(let address)?: six.append(.v6(address))
            case nil: return .failure(.serverFailure)
            }
            ttl = min(ttl, UInt32(clamping: entry.ai_ttl))
            node = entry.ai_next
        }
        var alias = info?.pointee.cnames
        while let entry = alias?.pointee {
            ttl = min(ttl, UInt32(clamping: entry.ttl))
            alias = entry.next
        }
        guard !four.isEmpty || !six.isEmpty else { return .failure(.notFound) }
        return .success(Answers(addresses: four + six, ttl: ttl))
    }

    private static func address(_ node: ares_addrinfo_node) -> IPAddress? {
        guard let pointer = UnsafeRawPointer(node.ai_addr) else { return nil }
        switch node.ai_family {
        case AF_INET where node.ai_addrlen >= MemoryLayout<sockaddr_in>.size:
            let address = pointer.loadUnaligned(as: sockaddr_in.self)
            return .v4(IPv4Address(rawValue: UInt32(bigEndian: address.sin_addr.s_addr)))
        case AF_INET6 where node.ai_addrlen >= MemoryLayout<sockaddr_in6>.size:
            var address = pointer.loadUnaligned(as: sockaddr_in6.self)
            let number = withUnsafeBytes(of: &address.sin6_addr) { $0.loadUnaligned(as: UInt128.self) }
            return .v6(IPv6Address(rawValue: UInt128(bigEndian: number)))
        default:
            return nil
        }
    }
}

extension BinaryInteger {
    fileprivate var asStatus: Int32 { Int32(truncatingIfNeeded: self) }
}
