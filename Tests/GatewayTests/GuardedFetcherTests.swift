// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Identity
import IdentityPlane
import Resolver
import Synchronization
import Testing
import YettConfiguration

@testable import Gateway

/// What the gate fetches from providers of people, and from where it does not.
@Suite struct GuardedFetcherTests {
    /// No name has an address.
    private struct Nowhere: NameResolver {
        func resolve(_ name: HostName, completion: @escaping @Sendable (Result<Answers, ResolveError>) -> Void) {
            completion(.failure(.notFound))
        }
    }

    private final class Places: Sendable {
        let all = Mutex<[(IPAddress, UInt16)]>([])
    }

    @Test("a provider leads to none of the gate's own listeners, whatever it may lead to otherwise")
    func ownListeners() async throws {
        let url = try #require(ProviderURL("https://127.0.0.1:9"))
        var provider = ProviderConfiguration(OpenIDProvider(name: "corp", issuer: url, clientID: "gate"))
        provider.isPrivateAllowed = true
        let places = Places()
        let fetcher = try GuardedFetcher(provider, names: Nowhere()) { places.all.withLock { $0 } }
        func failure() async -> String {
            do {
                _ = try await fetcher.fetch(ProviderFetch(url))
                return ""
            } catch {
                return error.description
            }
        }
        // Nobody listens on the port; an address that is allowed is dialled.
        #expect(await failure().contains("cannot be reached"))
        for address in ["127.0.0.1", "0.0.0.0"] {
            let address = try #require(IPAddress(address))
            places.all.withLock { $0 = [(address, 9)] }
            #expect(await failure().contains("where the gate itself listens"))
        }
        places.all.withLock { $0 = [] }
        #expect(await failure().contains("cannot be reached"))
    }
}
