// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// What `data.system.log.mask` hides of an event: pointers to erase, and operations.
struct DecisionLogMask {
    /// Why the rules cannot be followed.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    private enum Operation {
        case remove
        case upsert(JSONValue)
    }

    private var operations: [(path: [String], text: String, Operation)] = []

    /// Reads the rules.
    ///
    /// - Throws: Fault for a rule that is none.
    init(_ rules: JSONValue, on event: JSONObject) throws(Fault) {
        guard case .array(let rules) = rules else { throw Fault(description: "system.log.mask is no set") }
        for rule in rules {
            switch rule {
            case .string(let pointer): operations.append((try Self.path(pointer), pointer, .remove))
            case .object(let object):
                guard let pointer = object["path"]?.string, let name = object["op"]?.string else {
                    throw Fault(description: "a rule of system.log.mask has no path or no op")
                }
                switch name {
                case "remove": operations.append((try Self.path(pointer), pointer, .remove))
                case "upsert": operations.append((try Self.path(pointer), pointer, .upsert(object["value"] ?? .null)))
                default: throw Fault(description: "system.log.mask has the unknown operation \(name)")
                }
            default: throw Fault(description: "a rule of system.log.mask is neither a string nor an object")
            }
        }
    }

    /// Hides header fields that hold credentials, whatever the policy says.
    static let credentials: DecisionLogMask = {
        var mask = DecisionLogMask()
        for place in ["/input/http/headers", "/input/attributes/request/http/headers"] {
            for name in ["authorization", "cookie"] {
                let parts = "\(place)/\(name)".split(separator: "/").map { String($0) }
                mask.operations.append((parts, "\(place)/\(name)", .remove))
            }
        }
        return mask
    }()

    private init() {}

    /// Hides what the rules name, and lists it in `erased` and `masked`.
    func apply(to event: inout JSONObject) {
        var erased = event["erased"]?.array ?? []
        var masked = event["masked"]?.array ?? []
        for (path, text, operation) in operations {
            var value: JSONValue = .object(event)
            switch operation {
            case .remove: if Self.change(&value, path[...], to: nil) { erased.append(.string(text)) }
            case .upsert(let new): if Self.change(&value, path[...], to: new) { masked.append(.string(text)) }
            }
            if case .object(let object) = value { event = object }
        }
        if !erased.isEmpty { event["erased"] = .array(erased) }
        if !masked.isEmpty { event["masked"] = .array(masked) }
    }

    /// Sets or removes what stands at a path.
    ///
    /// - Returns: Whether there was a place to change.
    private static func change(_ value: inout JSONValue, _ path: ArraySlice<String>, to new: JSONValue?) -> Bool {
        guard let name = path.first else { return false }
        let rest = path.dropFirst()
        switch value {
        case .object(var object):
            if rest.isEmpty {
                guard object[name] != nil || new != nil else { return false }
                object[name] = new
            } else {
                guard var below = object[name], change(&below, rest, to: new) else { return false }
                object[name] = below
            }
            value = .object(object)
            return true
        case .array(var array):
            guard let position = Int(name), array.indices.contains(position) else { return false }
            if rest.isEmpty {
                if let new { array[position] = new } else { array.remove(at: position) }
            } else {
                var below = array[position]
                guard change(&below, rest, to: new) else { return false }
                array[position] = below
            }
            value = .array(array)
            return true
        default: return false
        }
    }

    /// The names of a JSON pointer (RFC 6901) into the parts of an event that can be hidden.
    private static func path(_ pointer: String) throws(Fault) -> [String] {
        let parts = pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { part in
            part.replacing("~1", with: "/").replacing("~0", with: "~")
        }
        guard pointer.hasPrefix("/"), let first = parts.first, ["input", "result", "nd_builtin_cache"].contains(first)
        else { throw Fault(description: "system.log.mask names \(pointer), which is not below /input or /result") }
        return parts.map { String($0) }
    }
}
