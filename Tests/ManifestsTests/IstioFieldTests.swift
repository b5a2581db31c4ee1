// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing
import Yams

/// The documents for Istio against its fields, which `Inputs/istio-fields.json` lists with their source: no program checks
/// them without a cluster.
@Suite struct IstioFieldTests {
    static let samples = ["documented-istio", "everything-istio"]

    @Test("uses only fields that Istio has, with values of their types", arguments: samples)
    func fields(sample: String) throws {
        let table = try IstioFields()
        let folder = GoldenTests.directory.appendingPathComponent("Golden/\(sample)")
        var kinds: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(".yaml") {
            let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            for node in try Yams.compose_all(yaml: text) {
                if name.contains("mesh-config") {
                    #expect(table.mistakes(in: node, of: "MeshConfig", at: name) == [])
                    continue
                }
                let kind = "\(node["apiVersion"]?.string ?? "")/\(node["kind"]?.string ?? "")"
                guard kind.contains("istio.io") else { continue }
                kinds.append(kind)
                let type = try #require(table.kinds[kind], "\(kind)")
                #expect(table.mistakes(in: try #require(node["spec"]), of: type, at: "\(name) \(kind)") == [])
            }
        }
        #expect(Set(kinds) == Set(table.kinds.keys))
    }

    @Test("finds fields that are unknown, missing or of another type")
    func finds() throws {
        let table = try IstioFields()
        let wrong = try #require(
            try Yams.compose(
                yaml: """
                    hosts: api.test
                    exportTo: ["."]
                    location: OUTSIDE
                    ports: [{number: "443", protocol: TLS, colour: red}]
                    """))
        #expect(table.mistakes(in: wrong, of: "ServiceEntry", at: "spec").count == 5)
    }
}

/// Fields of Istio's messages, by their names in JSON.
struct IstioFields {
    let kinds: [String: String]
    private let types: [String: [String: String]]

    init() throws {
        struct Table: Decodable {
            let source: String
            let kinds: [String: String]
            let types: [String: [String: String]]
        }
        let url = GoldenTests.directory.appendingPathComponent("Inputs/istio-fields.json")
        let table = try JSONDecoder().decode(Table.self, from: Data(contentsOf: url))
        kinds = table.kinds
        types = table.types
    }

    /// What is wrong with a value, with its place.
    func mistakes(in node: Node, of type: String, at place: String) -> [String] {
        let type = type.hasSuffix("!") ? String(type.dropLast()) : type
        if type.hasPrefix("[") {
            guard let items = node.sequence else { return ["\(place): no list"] }
            let inner = String(type.dropFirst().dropLast())
            return items.enumerated().flatMap { mistakes(in: $1, of: inner, at: "\(place)[\($0)]") }
        }
        if type.contains("|") {
            let words = type.split(separator: "|").map(String.init)
            return node.scalar.map { words.contains($0.string) } == true ? [] : ["\(place): none of \(type)"]
        }
        switch type {
        case "string": return node.tag == Tag(.str) ? [] : ["\(place): no text"]
        case "integer": return node.int != nil && node.tag == Tag(.int) ? [] : ["\(place): no number"]
        case "bool": return node.tag == Tag(.bool) ? [] : ["\(place): no truth value"]
        case "duration":
            let text = node.scalar?.string ?? ""
            return text.hasSuffix("s") && Double(text.dropLast()) != nil ? [] : ["\(place): no duration"]
        case "labels":
            return node.mapping?.allSatisfy { $0.value.scalar != nil } == true ? [] : ["\(place): no labels"]
        default: return mistakes(in: node, ofMessage: type, at: place)
        }
    }

    private func mistakes(in node: Node, ofMessage type: String, at place: String) -> [String] {
        guard let mapping = node.mapping, let fields = types[type] else { return ["\(place): no \(type)"] }
        var found: [String] = []
        for (key, value) in mapping {
            guard let field = fields[key.string ?? ""] else {
                found.append("\(place): \(type) has no field \(key.string ?? "?")")
                continue
            }
            found += mistakes(in: value, of: field, at: "\(place).\(key.string ?? "?")")
        }
        for (name, field) in fields where field.hasSuffix("!") && node[name] == nil {
            found.append("\(place): \(name) is missing")
        }
        return found
    }
}
