// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What an instruction does. `a`, `b` and `c` are operands: registers from 0, constants as the complement of their number.
/// `else` is where execution goes on when there is no value or the test fails.
enum Operation: UInt8 {
    /// Goes to `target`.
    case jump
    /// Puts `b` into `a`.
    case move
    /// Goes on if `b` is neither undefined nor false.
    case testTrue
    case equal
    case notEqual
    case less
    case lessOrEqual
    case greater
    case greaterOrEqual
    /// Goes on if collection `c` has the element `b`.
    case isIn
    /// Goes on if `b` is an array of `extra` elements.
    case isArray
    /// Goes on if `b` is an object of `extra` members.
    case isObject
    /// `a` is the whole input.
    case input
    /// `a` is what stands in the input at path `extra`.
    case inputPath
    /// Goes on if what stands in the input at path `extra` equals `b`.
    case inputPathEqual
    /// `a` is what stands in the base documents at path `extra`.
    case dataPath
    /// `a` is the part of `data` at node `extra` of the rule tree, not evaluated.
    case document
    /// `a` is all of document `b`.
    case materialize
    /// `a` is the member `c` of `b`.
    case member
    /// `a` is the member `c` of base document `b`, where a number also names the member with its text as the key.
    case baseMember
    /// Prepares the registers `a` (collection) and `a + 1` (position) for a loop over `b`.
    case iterate
    /// The next element of the loop `a`: its key to `b`, its value to `c`; -1 is nowhere.
    case next
    case newArray
    case newSet
    case newObject
    /// Adds `b` to the array `a`.
    case append
    /// Adds `b` to the set `a`.
    case insert
    /// Adds the member `b`: `c` to the object `a`; another value for the key is an error.
    case insertMember
    /// `a` is the document of the rule group `extra`.
    case callRule
    /// `a` is the result of the function of group `extra`, whose arguments stand in the registers from `b`, `c` of them.
    case callFunction
    /// `a` is the result of the builtin `extra`, whose operands stand in the registers from `b`, `c` of them.
    case callBuiltin
    /// `a` is `b + c` and so on.
    case add
    case subtract
    /// Sets the result `a` to `b`; another value there is an error.
    case setResult
    /// Adds to the partial document `a` what `partials[extra]` describes.
    case addPartial
    /// Ends the rule with `b`.
    case finish
    /// Chooses the definitions to try by what stands in the input at a path, or by an argument (`selectors[extra]`); their cursor is `a`.
    case select
    /// Goes to the next definition of the cursor `a`.
    case dispatch
    /// Puts what `overlays[extra]` describes in place of parts of the input, of `data` or of functions.
    case beginWith
    /// Undoes the last `beginWith`.
    case endWith
    /// Notes that execution came by here; only in programs that are made to be watched.
    case note
}

/// One instruction of a program.
struct Instruction: BitwiseCopyable {
    var operation: Operation
    var a: Int32 = -1
    var b: Int32 = -1
    var c: Int32 = -1
    /// An instruction's number.
    var target: Int32 = -1
    /// A number of a table.
    var extra: Int32 = -1
}
