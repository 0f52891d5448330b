#include "api-service/api_key.hpp"

#include <algorithm>
#include <span>

#include "libs/net/ascii.hpp"

namespace orderflow::api {
namespace {

constexpr std::size_t id_bytes = api_key_id_digits / 2;
constexpr std::size_t secret_bytes = 32;
constexpr std::size_t id_end = api_key_prefix.size() + api_key_id_digits;
constexpr std::size_t key_length = id_end + 1 + 2 * secret_bytes;
constexpr std::size_t tenant_max = 64;

std::string hex(std::span<const std::byte> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const auto byte : bytes) {
        text += digits[std::to_integer<std::size_t>(byte >> 4)];
        text += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
    }
    return text;
}

bool is_plain(char c) noexcept { return (c >= 'a' && c <= 'z') || net::is_digit(c); }

}  // namespace

std::string_view to_string(Scope scope) noexcept {
    switch (scope) {
        case Scope::orders_write: return "orders:write";
        case Scope::orders_read: return "orders:read";
        case Scope::orders_prices: return "orders:prices";
    }
    return "";
}

std::optional<Scope> parse_scope(std::string_view text) noexcept {
    for (std::size_t i = 0; i < scope_count; ++i) {
        const auto scope = static_cast<Scope>(i);
        if (to_string(scope) == text) return scope;
    }
    return std::nullopt;
}

bool ApiKey::may(Scope scope) const noexcept { return std::ranges::find(scopes, scope) != scopes.end(); }

bool ApiKey::is_good(WallTime now) const noexcept { return !revoked_at && (!expires_at || now < *expires_at); }

bool is_tenant(std::string_view text) noexcept {
    return !text.empty() && text.size() <= tenant_max && is_plain(text.front()) &&
           std::ranges::all_of(text, [](char c) { return is_plain(c) || c == '-' || c == '_'; });
}

std::string make_api_key(ApiKey& key, Entropy& entropy, const contract::Sha256& sha256) {
    std::array<std::byte, id_bytes + secret_bytes> random{};
    entropy.fill(random);
    key.id = hex(std::span(random).first(id_bytes));
    auto text = std::string(api_key_prefix) + key.id + "_" + hex(std::span(random).subspan(id_bytes));
    key.digest = sha256(text);
    return text;
}

bool same_digest(const std::array<std::byte, 32>& a, const std::array<std::byte, 32>& b) noexcept {
    std::byte difference{0};
    for (std::size_t i = 0; i < a.size(); ++i) difference |= a[i] ^ b[i];
    return difference == std::byte{0};
}

ApiKeys::ApiKeys(std::vector<ApiKey> keys) : keys_(std::move(keys)) {
    for (const auto& key : keys_) by_id_.emplace(key.id, &key);
}

const ApiKey* ApiKeys::find(std::string_view text, const contract::Sha256& sha256) const {
    if (text.size() != key_length || !text.starts_with(api_key_prefix)) return nullptr;
    const auto known = by_id_.find(text.substr(api_key_prefix.size(), api_key_id_digits));
    if (known == by_id_.end() || !same_digest(known->second->digest, sha256(text))) return nullptr;
    return known->second;
}

}  // namespace orderflow::api
