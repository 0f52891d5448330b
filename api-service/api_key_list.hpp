// The text of a file of API keys:
//
//   {"keys":[{"id":"5f0c1f8e8d0b4a53","tenant":"acme","scopes":["orders:write","orders:read"],
//             "digest":"<64 hex digits>","note":"web shop","rate":50,"created_at":"2026-11-22T09:14:07.101Z",
//             "expires_at":"...","revoked_at":"..."}]}
//
// `note`, `rate`, `expires_at` and `revoked_at` may be absent.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "api-service/api_key.hpp"
#include "libs/base/result.hpp"

namespace orderflow::api {

inline constexpr std::size_t api_keys_max = 10'000;
inline constexpr std::size_t api_key_list_bytes_max = 8 * 1024 * 1024;
inline constexpr std::int64_t api_key_rate_max = 1'000'000;
inline constexpr std::size_t api_key_note_max = 100;

// One line for each key, so that a person can read it. Total.
std::string encode_api_keys(const std::vector<ApiKey>& keys);

// Strict: a member that is not known is an error, as is an id that stands there twice. invalid_input
// "api_keys.malformed", with the first broken rule in the detail.
Result<std::vector<ApiKey>> decode_api_keys(std::string_view text);

}  // namespace orderflow::api
