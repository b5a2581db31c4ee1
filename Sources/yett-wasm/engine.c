// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

// Loading the engine: the library is found at run time, every function is looked up, and its own serialized form is
// asked for the version, since the interface has no function that tells it.
#include "engine.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#define REMEDY "install wasmtime " ENGINE_MAJOR " (`pip download --no-deps wasmtime==" ENGINE_MAJOR \
    ".*` has it as _libwasmtime.so) and name the file in the configuration"

enum {
    most_stack_bytes = 1 << 20,
    // Where a serialized module, an ELF file, keeps the engine's note: after the header, as the first section.
    note_offset = 64,
};

struct engine_api api;

static const uint8_t empty_module[] = {0, 'a', 's', 'm', 1, 0, 0, 0};

// The note begins with a zero, the version's length and the version.
static bool is_of_our_major(const struct engine_bytes *serialized, char *found, size_t room) {
    found[0] = '\0';
    if (serialized->size < note_offset + 2 || serialized->data[note_offset] != 0) return false;
    size_t length = (uint8_t)serialized->data[note_offset + 1];
    if (length == 0 || length >= room || serialized->size - note_offset - 2 < length) return false;
    memcpy(found, serialized->data + note_offset + 2, length);
    found[length] = '\0';
    for (size_t index = 0; index < length; index++) {
        if (found[index] < '.' || found[index] > '9') return false;
    }
    return strcmp(found, ENGINE_MAJOR) == 0;
}

bool engine_load(const char *library, char *why, size_t room) {
    void *handle = library[0] == '/' ? dlopen(library, RTLD_NOW | RTLD_LOCAL) : NULL;
    if (handle == NULL) {
        const char *reason = library[0] == '/' ? dlerror() : "the path is not absolute";
        snprintf(why, room, "the engine cannot be loaded: %.300s; " REMEDY, reason == NULL ? "unknown" : reason);
        return false;
    }
    const char *missing = NULL;
#define LOOK_UP(result, name, parameters) \
    *(void **)&api.name = dlsym(handle, #name); \
    if (api.name == NULL) missing = #name;
    ENGINE_FUNCTIONS(LOOK_UP)
#undef LOOK_UP
    if (missing != NULL) {
        snprintf(why, room, "the engine's library has no %s, it is of another version; " REMEDY, missing);
        return false;
    }
    engine_t *engine = engine_new(false, false);
    module_t *module = NULL;
    failure_t *failure = engine == NULL ? NULL : api.wasmtime_module_new(engine, empty_module, sizeof empty_module, &module);
    if (engine == NULL || failure != NULL) {
        snprintf(why, room, "the engine does not compile the empty module; " REMEDY);
        return false;
    }
    struct engine_bytes serialized = {0};
    char version[32] = "";
    failure = api.wasmtime_module_serialize(module, &serialized);
    bool is_right = failure == NULL && is_of_our_major(&serialized, version, sizeof version);
    if (!is_right) {
        snprintf(why, room, "the engine is of version %s, not " ENGINE_MAJOR "; " REMEDY, version[0] ? version : "unknown");
    }
    return is_right;
}

engine_t *engine_new(bool counts_fuel, bool maps_images) {
    config_t *config = api.wasm_config_new();
    if (config == NULL) return NULL;
    api.wasmtime_config_epoch_interruption_set(config, true);
    api.wasmtime_config_consume_fuel_set(config, counts_fuel);
    api.wasmtime_config_max_wasm_stack_set(config, most_stack_bytes);
    api.wasmtime_config_parallel_compilation_set(config, false);
    api.wasmtime_config_native_unwind_info_set(config, false);
    api.wasmtime_config_wasm_threads_set(config, false);
    api.wasmtime_config_shared_memory_set(config, false);
    api.wasmtime_config_wasm_gc_set(config, false);
    api.wasmtime_config_wasm_memory64_set(config, false);
    api.wasmtime_config_wasm_multi_memory_set(config, false);
    api.wasmtime_config_wasm_component_model_set(config, false);
    api.wasmtime_config_wasm_exceptions_set(config, true);
    api.wasmtime_config_memory_init_cow_set(config, maps_images);
    return api.wasm_engine_new_with_config(config);
}

bool engine_has_function(const module_t *module, const char *name) {
    struct engine_exports exports = {0};
    bool is_found = false;
    api.wasmtime_module_exports(module, &exports);
    for (size_t index = 0; index < exports.size && !is_found; index++) {
        const struct engine_bytes *found = api.wasm_exporttype_name(exports.items[index]);
        is_found = found->size == strlen(name) && memcmp(found->data, name, found->size) == 0 &&
            api.wasm_externtype_kind(api.wasm_exporttype_type(exports.items[index])) == engine_kind_function;
    }
    api.wasm_exporttype_vec_delete(&exports);
    return is_found;
}

void engine_words(failure_t *failure, trap_t *trap, char *text, size_t room) {
    struct engine_bytes words = {0};
    if (failure != NULL) {
        api.wasmtime_error_message(failure, &words);
        api.wasmtime_error_delete(failure);
    } else if (trap != NULL) {
        api.wasm_trap_message(trap, &words);
        api.wasm_trap_delete(trap);
    }
    size_t count = words.data == NULL ? 0 : words.size < room - 1 ? words.size : room - 1;
    if (count > 0) memcpy(text, words.data, count);
    text[count] = '\0';
    if (words.data != NULL) api.wasm_byte_vec_delete(&words);
}
