#include "api-service/idempotency_key.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orderflow::api {
namespace {

std::unexpected<Error> invalid(std::size_t min) {
    return fail(
        ErrorKind::invalid_input, "invalid-idempotency-key",
        fmt::format("An Idempotency-Key has {} to {} printable ASCII characters and is sent once.", min, key_max));
}

// A quoted string of RFC 8941, section 3.3.3: only '"' and '\' are escaped.
std::optional<std::string> unquoted(std::string_view text) {
    if (text.size() < 2 || !text.ends_with('"')) return std::nullopt;
    text = text.substr(1, text.size() - 2);
    std::string key;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') return std::nullopt;
        if (text[i] == '\\') {
            if (++i == text.size() || (text[i] != '"' && text[i] != '\\')) return std::nullopt;
        }
        key += text[i];
    }
    return key;
}

}  // namespace

Result<std::string> parse_idempotency_key(std::string_view field, std::size_t min) {
    const auto key = field.starts_with('"') ? unquoted(field) : std::optional(std::string(field));
    const bool ok = key && key->size() >= min && key->size() <= key_max &&
                    std::ranges::all_of(*key, [](char c) { return c >= ' ' && c <= '~'; });
    if (!ok) return invalid(min);
    return *key;
}

Result<std::optional<std::string>> idempotency_key_of(const net::Request& request, std::size_t min) {
    const auto field = request.field("Idempotency-Key");
    if (!field) return std::optional<std::string>();
    if (request.field_count("Idempotency-Key") > 1) return invalid(min);
    auto key = parse_idempotency_key(*field, min);
    if (!key) return fail(std::move(key).error());
    return std::optional(*std::move(key));
}

}  // namespace orderflow::api
