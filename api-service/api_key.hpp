// ApiKey: how a program of a tenant proves who it is. A key is shown once, when it is made; what is kept is its
// SHA-256. A plain digest is enough, and stretching it would only cost time: a key has 256 random bits, not a word of a
// person.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/base/entropy.hpp"
#include "libs/contract/fingerprint.hpp"

namespace orderflow::api {

// What a key may be used for.
enum class Scope : std::uint8_t {
    orders_write,   // "orders:write": place and cancel
    orders_read,    // "orders:read": read orders, their events and streams
    orders_prices,  // "orders:prices": give the amounts of the orders that it places; only when it is asked for by name
};
inline constexpr std::size_t scope_count = 3;
std::string_view to_string(Scope scope) noexcept;
std::optional<Scope> parse_scope(std::string_view text) noexcept;

struct ApiKey {
    std::string id;      // 16 hexadecimal digits, the middle of the key: for logs, lists and revoke
    std::string tenant;  // see is_tenant()
    std::vector<Scope> scopes;
    std::array<std::byte, 32> digest{};  // SHA-256 of the whole key
    std::string note;                    // of the person who made it
    std::optional<std::int64_t> rate;    // requests per second, in a bucket of its own; else the tenant's
    WallTime created_at{};
    std::optional<WallTime> expires_at;
    std::optional<WallTime> revoked_at;

    bool may(Scope scope) const noexcept;
    bool is_good(WallTime now) const noexcept;
    friend bool operator==(const ApiKey&, const ApiKey&) = default;
};

// 1 to 64 characters a-z, 0-9, '-' and '_', a letter or digit first.
bool is_tenant(std::string_view text) noexcept;

inline constexpr std::string_view api_key_prefix = "ofk_";
inline constexpr std::size_t api_key_id_digits = 16;

// "ofk_", the id, "_" and 64 hexadecimal digits, from 256 random bits. Fills id and digest of `key`.
std::string make_api_key(ApiKey& key, Entropy& entropy, const contract::Sha256& sha256);

// Compares in a time that depends on nothing in them.
bool same_digest(const std::array<std::byte, 32>& a, const std::array<std::byte, 32>& b) noexcept;

// All keys at one point in time. Immutable: any thread.
class ApiKeys {
  public:
    ApiKeys() = default;
    // Ids are distinct.
    explicit ApiKeys(std::vector<ApiKey> keys);
    ApiKeys(const ApiKeys&) = delete;
    ApiKeys& operator=(const ApiKeys&) = delete;

    // The key that `text` is, whether it is still good or not; the caller asks. The digests are compared in constant
    // time; the id in front of the secret part says with which.
    const ApiKey* find(std::string_view text, const contract::Sha256& sha256) const;

    std::size_t size() const noexcept { return keys_.size(); }

  private:
    std::vector<ApiKey> keys_;
    std::unordered_map<std::string_view, const ApiKey*> by_id_;
};

// The keys as they are now; they may be others next time. Any thread.
using ApiKeySource = std::function<std::shared_ptr<const ApiKeys>()>;

}  // namespace orderflow::api
