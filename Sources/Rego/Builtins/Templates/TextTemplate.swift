// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A text with actions in double braces, as Go's `text/template` reads it.
struct TextTemplate {
    /// What is rendered.
    var nodes: [Node] = []
    /// What `define` and `block` name.
    var definitions: [Text: [Node]] = [:]

    /// A part of a template.
    indirect enum Node {
        case text(ArraySlice<UInt8>)
        case output(Pipeline)
        case condition(Pipeline, then: [Node], otherwise: [Node])
        case focus(Pipeline, then: [Node], otherwise: [Node])
        case loop(Pipeline, each: [Node], otherwise: [Node])
        case call(Text, Pipeline?)
        case leaveLoop
        case nextTurn
    }

    /// Commands of which each one gives its result to the next.
    struct Pipeline {
        /// What the result is bound to.
        var variables: [Text] = []
        /// Whether the variables begin here.
        var isDeclaration = false
        /// Each a function or a value, and what it is given.
        var commands: [[Operand]] = []
    }

    /// A part of a command.
    struct Operand {
        var kind: Kind
        /// The members that lead on from there.
        var fields: [Value] = []

        indirect enum Kind {
            case dot
            case variable(Text)
            case function(Text)
            case constant(TemplateValue)
            case pipeline(Pipeline)
        }
    }
}

/// A value in a template. Numbers of documents are strings there, as Go's decoder gives them.
enum TemplateValue {
    /// Nothing: a missing member or null.
    case none
    case document(Value)
    case integer(Int64)

    /// A value of a document.
    init(_ value: Value) {
        self = value.isUndefined || value.tag == .null ? .none : .document(value)
    }

    /// Whether a condition holds: for what is neither empty nor zero.
    var isTrue: Bool {
        switch self {
        case .none: false
        case .integer(let value): value != 0
        case .document(let value):
            switch value.tag {
            case .true, .integer, .decimal: true
            case .string: value.byteCount > 0
            default: value.count > 0
            }
        }
    }

    /// What Go calls the type.
    var typeName: String {
        switch self {
        case .none: "nil"
        case .integer: "int"
        case .document(let value):
            switch value.tag {
            case .false, .true: "bool"
            case .integer, .decimal: "json.Number"
            case .string: "string"
            case .array: "[]interface {}"
            default: "map[string]interface {}"
            }
        }
    }

    /// The characters of a string or a number of a document.
    var characters: [UInt8]? {
        guard case .document(let value) = self, value.isString || value.isNumber else { return nil }
        return value.isString ? Array(value.utf8) : value.numberText
    }

    /// Writes it as Go prints values.
    func write(to output: inout [UInt8], nothing: StaticString = "<undefined>") {
        switch self {
        case .none: output += "\(nothing)".utf8
        case .integer(let value): output += IntegerText.bytes(value)
        case .document(let value):
            switch value.tag {
            case .false: output += "false".utf8
            case .true: output += "true".utf8
            case .string: output += value.utf8
            case .integer, .decimal: output += value.numberText
            case .array:
                output.append(UInt8(ascii: "["))
                for (position, element) in value.elements.enumerated() {
                    if position > 0 { output.append(UInt8(ascii: " ")) }
                    TemplateValue(element).write(to: &output, nothing: "<nil>")
                }
                output.append(UInt8(ascii: "]"))
            default:
                output += "map[".utf8
                for (position, member) in value.members.enumerated() {
                    if position > 0 { output.append(UInt8(ascii: " ")) }
                    output += member.key.utf8
                    output.append(UInt8(ascii: ":"))
                    TemplateValue(member.value).write(to: &output, nothing: "<nil>")
                }
                output.append(UInt8(ascii: "]"))
            }
        }
    }
}
