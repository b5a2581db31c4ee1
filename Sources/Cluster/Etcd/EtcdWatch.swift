// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import FoundationEssentials
public import GRPCClient
internal import NIOCore
internal import Protobufs
internal import SwiftProtobuf

/// The changes of all keys with a prefix, in order and without gaps.
public struct EtcdWatch: Sendable {
    /// Why a watch ended.
    public enum End: Error, Hashable, Sendable {
        /// etcd no longer has the changes since the revision that was asked for. Everything has to be read anew.
        case compacted
        /// The call failed.
        case failed(CallFailure)
    }

    /// Changes that happened together or close to each other.
    public struct Batch: Sendable {
        /// The changes, the oldest first; empty when only the revision moved.
        public let entries: [EtcdEntry]
        /// Everything of the prefix up to here is known now; 0 when this message says nothing about it.
        public let revision: Int64
    }

    private let stream: any Channel
    private let messages: AsyncThrowingStream<ByteBuffer, any Error>

    /// Begins to watch.
    ///
    /// - Parameter revision: That of the first change to tell of.
    public init(
        _ connection: EtcdConnection, prefix: String, from revision: Int64
    ) async throws(CallFailure) {
        let range = EtcdRange(key: prefix, isPrefix: true)
        var request = EtcdWatchRequest()
        request.createRequest.key = Data(range.key.utf8)
        request.createRequest.rangeEnd = Data(range.end)
        request.createRequest.startRevision = revision
        (stream, messages) = try await connection.start(.watch, request)
    }

    /// The next changes.
    public func next() async throws(End) -> Batch {
        let response: EtcdWatchResponse
        do {
            var messages = messages.makeAsyncIterator()
            guard let message = try await messages.next() else { throw End.failed(.closed) }
            response = try EtcdWatchResponse(serializedBytes: Array(message.readableBytesView))
        } catch let end as End {
            throw end
        } catch let failure as CallFailure {
            throw .failed(failure)
        } catch {
            throw .failed(.broken("a message of a watch that cannot be read"))
        }
        if response.compactRevision != 0 { throw .compacted }
        if response.canceled { throw .failed(.status(.cancelled, CallFailure.legible(response.cancelReason))) }
        let entries = response.events.map { EtcdEntry($0.kv, isGone: $0.type == .delete) }
        // The header of a message with changes may be ahead of them (etcd before 3.4.25), and that of an empty one, too.
        return Batch(entries: entries, revision: entries.last?.revision ?? 0)
    }

    /// Ends the watch.
    public func close() { stream.close(promise: nil) }
}
