// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A worker process that is warm and has not had its job.
final class WasmWorker: Sendable {
    let channel: StreamChannel
    /// The engine, as the worker names it.
    let engine: String
    /// When it was ready, in microseconds of the steady clock.
    let born: Int64
    private let process: any WasmProcess

    private static let readyMicroseconds: Int64 = 20_000_000

    /// Starts a worker and waits until its engine is warm.
    init(_ launch: WasmLaunch, by spawner: any WasmSpawner) throws(SandboxError) {
        let (channel, workers) = try StreamChannel.open()
        var launch = launch
        launch.channel = workers.number
        process = try spawner.spawn(launch)
        workers.close()
        self.channel = channel
        do throws(SandboxError) {
            engine = try Self.hearReady(channel)
        } catch {
            process.kill()
            _ = process.end(milliseconds: 1000)
            throw error
        }
        born = SteadyClock.microseconds()
    }

    deinit {
        process.kill()
        _ = process.end(milliseconds: 1000)
    }

    /// What the host saw of its network.
    var network: SandboxNetworkProof { process.network }

    /// Ends it, whatever it does.
    func kill() { process.kill() }

    /// Waits until nothing of it is left.
    func end(milliseconds: Int32) -> WasmEnd? { process.end(milliseconds: milliseconds) }

    private static func hearReady(_ channel: StreamChannel) throws(SandboxError) -> String {
        let last = SteadyClock.microseconds() &+ readyMicroseconds
        var replies = WasmReplies()
        while SteadyClock.microseconds() < last {
            channel.wait(toWrite: false, until: last)
            switch channel.read() {
            case .bytes(let bytes): replies.append(bytes)
            case .nothing: continue
            case .end:
                throw .refused(.unavailable, "yett-wasm ended before it was ready; is it the one of this version?")
            }
            do {
                switch try replies.next() {
                case nil: continue
                case .ready(let engine): return engine
                case .done(let report): throw SandboxError.refused(.unavailable, report.words)
                default: throw WasmReplies.Malformed()
                }
            } catch let error as SandboxError {
                throw error
            } catch {
                throw .refused(.unavailable, "what answered is not yett-wasm of this version")
            }
        }
        throw .refused(.unavailable, "yett-wasm was not ready within 20 s")
    }
}
