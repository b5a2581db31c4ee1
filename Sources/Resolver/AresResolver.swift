// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
import CAres
import Glibc

/// Asks name servers over c-ares on one thread of its own: `/etc/hosts` first, then DNS over UDP with TCP after a
/// truncated answer. A and AAAA are asked together.
///
/// Completions run on the resolver's thread, except those that fail at once.
public final class AresResolver: NameResolver {
    private let inbox: AresInbox

    /// Opens the channel and starts the thread.
    public init(configuration: AresConfiguration = AresConfiguration()) throws(AresSetupError) {
        inbox = try AresInbox(maximumPending: configuration.maximumPending)
        let loop = AresLoop(configuration: configuration, inbox: inbox)
        do {
            try loop.open()
        } catch {
            loop.destroy()
            throw error
        }
        try Self.startThread(loop)
    }

    deinit {
        inbox.stop()
    }

    /// Looks a name up.
    public func resolve(_ name: HostName, completion: @escaping @Sendable (Result<Answers, ResolveError>) -> Void) {
        if let error = inbox.put(AresLookup(name: name, completion: completion)) { completion(.failure(error)) }
    }

    /// Ends the thread. Lookups under way, and every later one, fail with `shutDown`. Returns at once.
    public func shutDown() {
        inbox.stop()
    }

    private static func startThread(_ loop: AresLoop) throws(AresSetupError) {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(loop)
        let status = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                let loop = Unmanaged<AresLoop>.fromOpaque(context).takeRetainedValue()
                cares_prepare_thread("yett-resolver")
                loop.run()
                return nil
            }, context.toOpaque())
        guard status == 0 else {
            context.takeRetainedValue().destroy()
            throw .thread(errno: status)
        }
        pthread_detach(thread)
    }
}

/// Why the resolver cannot start. The operator or the machine is at fault.
public enum AresSetupError: Error, Hashable, Sendable, CustomStringConvertible {
    /// c-ares cannot be initialised.
    case library
    /// c-ares gives no channel.
    case channel(status: Int32)
    /// c-ares does not take the name servers.
    case servers(String)
    /// No descriptor is to be had.
    case descriptor(errno: Int32)
    /// No thread is to be had.
    case thread(errno: Int32)

    /// A sentence for a person.
    public var description: String {
        switch self {
        case .library: "c-ares cannot be initialised"
        case .channel(let status): "c-ares cannot open a channel (status \(status)); is /etc/resolv.conf readable?"
        case .servers(let text): "the name servers \(text) are not usable"
        case .descriptor(let errno): "no file descriptor for the resolver (errno \(errno)); raise the open files limit"
        case .thread(let errno): "no thread for the resolver (errno \(errno))"
        }
    }
}
