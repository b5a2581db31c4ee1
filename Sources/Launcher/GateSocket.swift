// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLauncher
internal import Glibc

/// The gate's Unix socket for this launch, held open so that nothing else can take its place.
struct GateSocket {
    let descriptor: Descriptor

    init(_ path: String, user: LaunchUser) throws(LaunchError) {
        guard Path.isAbsolute(path), let real = Path.real(path) else {
            throw .refused("the gate's socket \(path): \(Path.isAbsolute(path) ? errorText(errno) : "not absolute")")
        }
        let number = yett_open_path(real)
        guard number >= 0 else { throw .refused("the gate's socket \(path): \(errorText(errno))") }
        descriptor = Descriptor(number)
        var status = stat()
        guard fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else {
            throw .refused("\(path) is not a socket")
        }
        if user.isChanged, yett_give_file(number, user.user, user.group) != 0 {
            throw .setUp("giving \(path) to the launch user: \(errorText(errno))")
        }
    }
}

/// The relay: the helper in its other role, outside the sandbox's process namespace and under a filter of its own.
enum Relay {
    static func start(
        helper: Descriptor, listeners: [Descriptor], gate: GateSocket, user: LaunchUser
    ) throws(LaunchError) -> Child {
        let file = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard file >= 0 else { throw .setUp("/dev/null: \(errorText(errno))") }
        let null = Descriptor(file)
        let descriptors = listeners + [gate.descriptor]
        return try Child.start(
            Child.Order(
                executable: helper,
                arguments: ["yett-jail", "relay"] + descriptors.map { "\($0.number)" },
                descriptors: descriptors,
                standard: StandardDescriptors(input: null.number, output: null.number, error: null.number),
                user: user, stage: nil, entries: []))
    }
}

/// A socket in the host's abstract name space that the inside must fail to reach.
struct Canary {
    let name: String
    private let listener: Descriptor

    init() throws(LaunchError) {
        var random = SystemRandomNumberGenerator()
        let name = "yett-canary-\(getpid())-\(random.next() as UInt64)"
        let number = name.withCString { yett_abstract_listener($0, name.utf8.count) }
        guard number >= 0 else { throw .setUp("listening on a canary socket: \(errorText(errno))") }
        self.name = name
        listener = Descriptor(number)
    }
}
