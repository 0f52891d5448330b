// The body of POST /v1/client-errors: one fault that a page met in a browser.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/contract/field_error.hpp"
#include "libs/json/value.hpp"

namespace orderflow::contract {

inline constexpr std::size_t client_error_bytes_max = 8 * 1024;
inline constexpr std::size_t client_error_frames_max = 20;

enum class ClientErrorKind : std::uint8_t {
    error,      // a script threw and nobody caught it
    rejection,  // a promise was rejected and nobody cared
    resource,   // a script or style did not load
    policy,     // the Content-Security-Policy forbade something
};
inline constexpr int client_error_kind_count = static_cast<int>(ClientErrorKind::policy) + 1;
std::string_view to_string(ClientErrorKind kind) noexcept;

// Locations are paths of the site, or one word for another place. Pages cut ids and queries; a query is refused.
struct ClientErrorFrame {
    std::string function;  // empty when it has no name
    std::string file;
    std::int64_t line = 0;
    std::int64_t column = 0;
};

struct ClientError {
    ClientErrorKind kind = ClientErrorKind::error;
    std::string type;     // "TypeError"; may be empty
    std::string message;  // one line, without what people typed
    std::string page;     // "/orders/{id}"
    std::string source;   // where it happened; may be empty
    std::int64_t line = 0;
    std::int64_t column = 0;
    std::vector<ClientErrorFrame> stack;  // the innermost first
};

// The report, or every broken rule. Pure; any thread.
std::expected<ClientError, FieldErrors> read_client_error(const json::Value& body);

}  // namespace orderflow::contract
