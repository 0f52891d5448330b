// SecretFile: the secrets of one installation, generated on first start and kept for ever (mode 0600).
//
// The file has one `name=hex` line per secret. It belongs into every backup of the data directory: without `id_secret`
// a repeated idempotency key would give another order.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "libs/base/entropy.hpp"
#include "libs/base/result.hpp"
#include "libs/crypto/hmac_order_ids.hpp"

namespace orderflow::crypto {

struct Secrets {
    SecretBytes id_secret;              // `id_secret`; never rotated
    std::vector<SecretBytes> tag_keys;  // `tag_key_1`, `tag_key_2`, ...: oldest first, the last one signs new ids
};

// Reads the file, or makes a new one: written beside, synced, renamed, directory synced, so that after a power cut
// there is either no file or a whole one. An existing file is never overwritten. Errors: internal "secrets.unreadable"
// (rights, I/O), "secrets.damaged" (a line is missing or odd), "secrets.exposed" (others may read it); each detail says
// what to do.
Result<Secrets> load_or_create_secrets(const std::filesystem::path& file, Entropy& entropy);

struct AdminToken {
    std::string text;      // 64 hex digits
    bool created = false;  // just now: the one time that it may be printed
};

// The operator's token in a file of its own, made in the same way on first use. The same errors.
Result<AdminToken> load_or_create_admin_token(const std::filesystem::path& file, Entropy& entropy);

}  // namespace orderflow::crypto
