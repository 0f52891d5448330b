#include "libs/storage/records/search_key.hpp"

#include <algorithm>
#include <bit>

namespace orderflow::storage {

namespace {

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// FNV-1a, 64 bits.
std::uint64_t hashed(std::uint64_t hash, char c) { return (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U; }

constexpr std::uint64_t start = 0xcbf29ce484222325U;

}  // namespace

std::int64_t email_key(std::string_view email) {
    auto hash = hashed(start, 'e');
    for (const char c : email) hash = hashed(hash, folded(c));
    return std::bit_cast<std::int64_t>(hash);
}

std::int64_t sku_key(const orders::Sku& sku) {
    auto hash = hashed(start, 's');
    for (const char c : sku.value()) hash = hashed(hash, c);
    return std::bit_cast<std::int64_t>(hash);
}

std::vector<std::int64_t> search_keys(const orders::Order& order) {
    std::vector<std::int64_t> keys;
    keys.reserve(order.draft->lines.size() + 1);
    keys.push_back(email_key(order.draft->customer.email));
    for (const auto& line : order.draft->lines) keys.push_back(sku_key(line.sku));
    std::ranges::sort(keys);
    keys.erase(std::ranges::unique(keys).begin(), keys.end());
    return keys;
}

bool has_email(const orders::Order& order, std::string_view email) {
    return std::ranges::equal(order.draft->customer.email, email, {}, folded, folded);
}

bool has_sku(const orders::Order& order, const orders::Sku& sku) {
    return std::ranges::any_of(order.draft->lines, [&](const auto& line) { return line.sku == sku; });
}

}  // namespace orderflow::storage
