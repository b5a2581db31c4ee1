// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// A call of Firecracker's API, as its OpenAPI file has it. There is none that could give a machine a network. Pure.
enum FirecrackerCall {
    /// Which release it is.
    case version
    /// In which state the machine is.
    case state
    /// Everything that the machine has.
    case configuration
    /// One processor, and so much memory.
    case machine(mebibytes: Int)
    /// The kernel and the first file system, by their paths in the jail.
    case boot(kernel: String, initrd: String, line: String)
    /// A disk to read from.
    case disk(String)
    /// The channel to the host.
    case channel(String)
    /// The device that gives random numbers.
    case entropy
    /// Lets the machine run.
    case start
    /// Stops the machine's processor.
    case pause
    /// Writes the machine to two files.
    case save(state: String, memory: String)
    /// Takes the machine from two files and lets it run.
    case load(state: String, memory: String)

    /// The address of the guest on its channel.
    static let guest = 3
    static let diskName = "root"

    var method: String {
        switch self {
        case .version, .state, .configuration: "GET"
        case .pause: "PATCH"
        default: "PUT"
        }
    }

    var path: String {
        switch self {
        case .version: "/version"
        case .state: "/"
        case .configuration: "/vm/config"
        case .machine: "/machine-config"
        case .boot: "/boot-source"
        case .disk: "/drives/" + Self.diskName
        case .channel: "/vsock"
        case .entropy: "/entropy"
        case .start: "/actions"
        case .pause: "/vm"
        case .save: "/snapshot/create"
        case .load: "/snapshot/load"
        }
    }

    var body: JSONValue? {
        switch self {
        case .version, .state, .configuration: nil
        case .machine(let mebibytes):
            ["vcpu_count": 1, "mem_size_mib": .integer(mebibytes), "smt": false, "track_dirty_pages": false]
        case .boot(let kernel, let initrd, let line):
            ["kernel_image_path": .string(kernel), "initrd_path": .string(initrd), "boot_args": .string(line)]
        case .disk(let path):
            [
                "drive_id": .string(Self.diskName), "path_on_host": .string(path), "is_root_device": true,
                "is_read_only": true,
            ]
        case .channel(let path): ["guest_cid": .integer(Self.guest), "uds_path": .string(path)]
        case .entropy: .object(JSONObject())
        case .start: ["action_type": "InstanceStart"]
        case .pause: ["state": "Paused"]
        case .save(let state, let memory):
            ["snapshot_type": "Full", "snapshot_path": .string(state), "mem_file_path": .string(memory)]
        case .load(let state, let memory):
            [
                "snapshot_path": .string(state),
                "mem_backend": ["backend_type": "File", "backend_path": .string(memory)], "resume_vm": true,
            ]
        }
    }

    /// What a good answer has.
    var status: UInt16 { body == nil ? 200 : 204 }

    /// The request as HTTP/1.1.
    var bytes: [UInt8] {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
        guard let body = body?.bytes else { return Array((head + "\r\n").utf8) }
        head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n"
        return Array(head.utf8) + body
    }
}
