// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import CSpawn
import Foundation
import Glibc
import Synchronization

@testable import Sandbox

/// The engine that the tests run, got once on each machine from the Python package index; nil where there is none.
enum TestEngine {
    static let library: String? = {
        let caches = ProcessInfo.processInfo.environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache"
        let directory = caches + "/yett-tests/wasmtime==50.0.1"
        let pattern = "\(directory)/wasmtime/linux-\(machine)/_libwasmtime.so"
        if FileManager.default.fileExists(atPath: pattern) { return pattern }
        try? FileManager.default.createDirectory(atPath: caches + "/yett-tests", withIntermediateDirectories: true)
        let script = """
            set -e; part=$(mktemp -d "$0.XXXXXX"); trap 'rm -rf "$part"' EXIT
            python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$part/got" wasmtime==50.0.1
            python3 -m zipfile -e "$part"/got/*.whl "$part/all"
            mv -T "$part/all" "$0"
            """
        let got = try? PlainSpawner.start(
            ["/bin/sh", "-c", script, directory], standard: [-1, -1, -1], environment: nil)
        guard let got, got.end(milliseconds: 120_000) != nil else { return nil }
        return FileManager.default.fileExists(atPath: pattern) ? pattern : nil
    }()

    /// The interpreter of the Swift toolchain that built the tests.
    static let interpreter: String? = {
        let paths: [String] = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map {
            "\($0)/wasmkit"
        }
        return paths.first(where: FileManager.default.isExecutableFile)
    }()

    private static var machine: String {
        #if arch(x86_64)
        "x86_64"
        #else
        "aarch64"
        #endif
    }
}

/// Starts processes in no jail at all, and says so.
struct PlainSpawner: WasmSpawner {
    func jail() -> WasmJail {
        WasmJail(isJailed: false, groups: .none, hasAtomicKill: false, hasOwnUser: false, scratch: nil)
    }

    func spawn(_ launch: WasmLaunch) throws(SandboxError) -> any WasmProcess {
        let started = Mutex<Result<PlainProcess, SandboxError>?>(nil)
        let isStarted = DispatchSemaphore(value: 0)
        Self.orders.withLock {
            $0.append {
                let made = Result { () throws(SandboxError) in
                    try Self.start(
                        launch.arguments, standard: [launch.channel, launch.channel, -1], image: launch.image,
                        environment: [])
                }
                started.withLock { $0 = made }
                isStarted.signal()
            }
        }
        Self.thread.signal()
        isStarted.wait()
        guard let made = started.withLock({ $0 }) else { throw .refused(.unavailable, "not started") }
        return try made.get()
    }

    private static let orders = Mutex<[@Sendable () -> Void]>([])

    /// A worker dies with the thread that started it, as with the single one of the launcher; this one stays.
    private static let thread: DispatchSemaphore = {
        let hasOrder = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            while true {
                hasOrder.wait()
                orders.withLock { $0.isEmpty ? nil : $0.removeFirst() }?()
            }
        }
        return hasOrder
    }()

    /// Starts a program; -1 stands for nothing, and no environment for that of the tests.
    static func start(
        _ words: [String], standard: [Int32], image: Int32? = nil, environment: [String]?
    ) throws(SandboxError) -> PlainProcess {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, stream) in standard.enumerated() {
            if stream < 0 {
                posix_spawn_file_actions_addopen(&actions, Int32(number), "/dev/null", O_RDWR, 0)
            } else {
                posix_spawn_file_actions_adddup2(&actions, stream, Int32(number))
            }
        }
        if let image { posix_spawn_file_actions_adddup2(&actions, image, 3) }
        var vector: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        vector.append(nil)
        var variables: [UnsafeMutablePointer<CChar>?] = (environment ?? []).map { strdup($0) }
        variables.append(nil)
        defer { (vector + variables).forEach { free($0) } }
        var process: Int32 = 0
        let code =
            environment == nil
            ? posix_spawn(&process, words[0], &actions, nil, &vector, environ)
            : posix_spawn(&process, words[0], &actions, nil, &vector, &variables)
        guard code == 0 else { throw .refused(.unavailable, "\(words[0]): \(String(cString: strerror(code)))") }
        return PlainProcess(process)
    }
}

/// A process without a jail.
final class PlainProcess: WasmProcess {
    let pid: Int32
    private let handle: SandboxDescriptor
    private let ended = Mutex<(status: Int32, end: WasmEnd)?>(nil)

    init(_ pid: Int32) {
        self.pid = pid
        handle = SandboxDescriptor(yett_pidfd_open(pid))
    }

    var network: SandboxNetworkProof {
        SandboxNetworkProof(namespace: nil, hostNamespace: nil, interfaces: [], reason: "no_import")
    }

    /// Its exit code, or minus the signal that ended it; nil while it runs.
    var status: Int32? { ended.withLock { $0?.status } }

    func kill() {
        ended.withLock { if $0 == nil { _ = Glibc.kill(pid, SIGKILL) } }
    }

    func end(milliseconds: Int32) -> WasmEnd? {
        if let known = ended.withLock({ $0 }) { return known.end }
        var watched = pollfd(fd: handle.number, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, milliseconds) > 0 else { return nil }
        return ended.withLock { ended in
            if let known = ended { return known.end }
            var status: Int32 = 0
            waitpid(pid, &status, 0)
            let code = status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
            let end = WasmEnd(time: SteadyClock.wallMicroseconds(), memoryKills: 0)
            ended = (code, end)
            return end
        }
    }
}

/// A worker spoken to by hand.
struct Talk {
    /// What it said, in order.
    var events: [WasmEvent] = []
    /// How it ended.
    var status: Int32?
    /// From the job until it was gone.
    var milliseconds: Int64 = 0
    /// Whether it said something that no worker says.
    var isMalformed = false

    /// Starts a worker, waits until it is warm, gives it these bytes and hears it to its end.
    init(_ bytes: [UInt8], _ words: [String] = ["worker"], image: Int32? = nil, hangsUpAfter: Int? = nil) throws {
        let engine = words[0] == "interpreter" ? TestEngine.interpreter : TestEngine.library
        let (channel, workers) = try StreamChannel.open()
        let process = try PlainSpawner.start(
            [try Bench.built("yett-wasm"), words[0], engine ?? "/nowhere"] + words.dropFirst(),
            standard: [workers.number, workers.number, -1], image: image, environment: ["CANARY=bird"])
        workers.close()
        defer { process.kill() }
        var replies = WasmReplies()
        var pending: ArraySlice<UInt8> = []
        var begun = SteadyClock.microseconds()
        let last = begun + 20_000_000
        reading: while SteadyClock.microseconds() < last {
            channel.wait(toWrite: !pending.isEmpty, until: last)
            if !pending.isEmpty, !channel.write(&pending) { pending = [] }
            switch channel.read() {
            case .end: break reading
            case .nothing: continue
            case .bytes(let piece): replies.append(piece)
            }
            do {
                while let event = try replies.next() {
                    events.append(event)
                    if case .ready = event {
                        pending = bytes[...]
                        begun = SteadyClock.microseconds()
                        if bytes.isEmpty { channel.shut() }
                    }
                    if events.count == hangsUpAfter { channel.shut() }
                }
            } catch {
                isMalformed = true
                break
            }
        }
        _ = process.end(milliseconds: 5000)
        status = process.status
        milliseconds = (SteadyClock.microseconds() - begun) / 1000
    }

    /// The last frame's content.
    var report: WasmReport? {
        guard case .done(let report) = events.last else { return nil }
        return report
    }

    /// Whether the code started.
    var isStarted: Bool { events.contains(.started) }

    /// What was written to a stream.
    func text(_ wanted: SandboxStream = .output) -> [UInt8] {
        events.flatMap { event -> [UInt8] in
            guard case .output(wanted, let bytes) = event else { return [] }
            return bytes
        }
    }
}
