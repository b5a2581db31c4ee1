// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// JavaScript for sandboxes: QuickJS with one script, its arguments, and no way out but three streams.
//
//   javascript SCRIPT ARGUMENT…
//
// The script has print(), console.log() and its like, readInput() for all of standard input as a text, and scriptArgs.
#include <quickjs.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { stack_bytes = 256 << 10, first_read = 64 << 10 };

static JSValue write_words(JSContext *context, FILE *file, int count, JSValueConst *values) {
    for (int index = 0; index < count; index++) {
        size_t length;
        const char *text = JS_ToCStringLen(context, &length, values[index]);
        if (text == NULL) return JS_EXCEPTION;
        if (index > 0) fputc(' ', file);
        fwrite(text, 1, length, file);
        JS_FreeCString(context, text);
    }
    fputc('\n', file);
    fflush(file);
    return JS_UNDEFINED;
}

static JSValue write_output(JSContext *context, JSValueConst receiver, int count, JSValueConst *values) {
    (void)receiver;
    return write_words(context, stdout, count, values);
}

static JSValue write_errors(JSContext *context, JSValueConst receiver, int count, JSValueConst *values) {
    (void)receiver;
    return write_words(context, stderr, count, values);
}

static JSValue read_input(JSContext *context, JSValueConst receiver, int count, JSValueConst *values) {
    (void)receiver, (void)count, (void)values;
    size_t capacity = first_read, length = 0;
    char *bytes = js_malloc(context, capacity);
    while (bytes != NULL) {
        length += fread(bytes + length, 1, capacity - length, stdin);
        if (length < capacity) break;
        char *larger = js_realloc(context, bytes, capacity *= 2);
        if (larger == NULL) js_free(context, bytes);
        bytes = larger;
    }
    if (bytes == NULL) return JS_EXCEPTION;
    JSValue text = JS_NewStringLen(context, bytes, length);
    js_free(context, bytes);
    return text;
}

static void define(JSContext *context, JSValueConst object, const char *name, JSCFunction *function) {
    JS_SetPropertyStr(context, object, name, JS_NewCFunction(context, function, name, 1));
}

// Says on standard error what was thrown, as other engines do.
static void tell(JSContext *context, JSValueConst thrown) {
    const char *text = JS_ToCString(context, thrown);
    fprintf(stderr, "%s\n", text == NULL ? "an exception that has no text" : text);
    JS_FreeCString(context, text);
    if (!JS_IsError(context, thrown)) return;
    JSValue stack = JS_GetPropertyStr(context, thrown, "stack");
    const char *lines = JS_IsString(stack) ? JS_ToCString(context, stack) : NULL;
    if (lines != NULL) fputs(lines, stderr);
    JS_FreeCString(context, lines);
    JS_FreeValue(context, stack);
}

// A promise that was rejected and that nobody has handled yet; the last one.
static JSValue unhandled;
static bool is_unhandled;

static void note_rejection(
    JSContext *context, JSValueConst promise, JSValueConst reason, JS_BOOL is_handled, void *opaque) {
    (void)promise, (void)opaque;
    if (is_unhandled) JS_FreeValue(context, unhandled);
    is_unhandled = !is_handled;
    unhandled = is_handled ? JS_UNDEFINED : JS_DupValue(context, reason);
}

static int run(JSRuntime *runtime, JSContext *context, const char *script) {
    JSValue value = JS_Eval(context, script, strlen(script), "main.js", JS_EVAL_TYPE_GLOBAL | JS_EVAL_FLAG_ASYNC);
    bool is_thrown = JS_IsException(value);
    JSContext *next = context;
    int jobs = 1;
    while (!is_thrown && (jobs = JS_ExecutePendingJob(runtime, &next)) > 0) {}
    if (is_thrown || jobs < 0) {
        JSValue thrown = JS_GetException(next);
        tell(next, thrown);
        return 1;
    }
    if (is_unhandled) tell(context, unhandled);
    return is_unhandled ? 1 : 0;
}

int main(int count, char **words) {
    if (count < 2) {
        fputs("usage: javascript SCRIPT ARGUMENT...\n", stderr);
        return 2;
    }
    JSRuntime *runtime = JS_NewRuntime();
    JSContext *context = runtime == NULL ? NULL : JS_NewContext(runtime);
    if (context == NULL) {
        fputs("there is not memory enough for JavaScript\n", stderr);
        return 2;
    }
    JS_SetMaxStackSize(runtime, stack_bytes);
    JS_SetHostPromiseRejectionTracker(runtime, note_rejection, NULL);
    JSValue global = JS_GetGlobalObject(context);
    define(context, global, "print", write_output);
    define(context, global, "readInput", read_input);
    JSValue console = JS_NewObject(context);
    define(context, console, "log", write_output);
    define(context, console, "info", write_output);
    define(context, console, "debug", write_output);
    define(context, console, "warn", write_errors);
    define(context, console, "error", write_errors);
    JS_SetPropertyStr(context, global, "console", console);
    JSValue arguments = JS_NewArray(context);
    for (int index = 2; index < count; index++) {
        JS_SetPropertyUint32(context, arguments, (uint32_t)(index - 2), JS_NewString(context, words[index]));
    }
    JS_SetPropertyStr(context, global, "scriptArgs", arguments);
    JS_FreeValue(context, global);
    // The process ends here: nothing is freed one by one.
    return run(runtime, context, words[1]);
}
