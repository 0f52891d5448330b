#include "libs/crypto/hmac_order_ids.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "libs/base/invariant.hpp"
#include "libs/crypto/digest.hpp"

namespace orderflow::crypto {
namespace {

constexpr std::size_t secret_bytes_min = 32;

std::string_view text(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// "3:abc": no two lists of parts give the same bytes.
std::string length_prefixed(std::string_view part) { return std::to_string(part.size()) + ":" + std::string(part); }

Sha256 tag_of(const SecretBytes& key, std::span<const std::byte> body) { return hmac_sha256(key, {"tag", text(body)}); }

}  // namespace

HmacOrderIds::HmacOrderIds(SecretBytes id_secret, std::vector<SecretBytes> tag_keys, Entropy& entropy)
    : id_secret_(std::move(id_secret)), tag_keys_(std::move(tag_keys)), entropy_(entropy) {
    ORDERFLOW_INVARIANT(id_secret_.size() >= secret_bytes_min && !tag_keys_.empty());
    for (const auto& key : tag_keys_) ORDERFLOW_INVARIANT(key.size() >= secret_bytes_min);
}

orders::OrderId HmacOrderIds::derive(std::string_view tenant, std::string_view operation, std::string_view key) const {
    const auto mac =
        hmac_sha256(id_secret_, {length_prefixed(tenant), length_prefixed(operation), length_prefixed(key)});
    return tagged(std::span(mac).first<orders::OrderId::body_size>());
}

orders::OrderId HmacOrderIds::random() const {
    std::array<std::byte, orders::OrderId::body_size> body;
    entropy_.fill(body);
    return tagged(body);
}

bool HmacOrderIds::issued_by_us(const orders::OrderId& id) const {
    bool ours = false;
    for (const auto& key : tag_keys_) {
        const auto mac = tag_of(key, id.body());
        const auto same = equal_in_constant_time(std::span(mac).first<orders::OrderId::tag_size>(), id.tag());
        ours = ours || same;
    }
    return ours;
}

orders::OrderId HmacOrderIds::tagged(std::span<const std::byte, orders::OrderId::body_size> body) const {
    orders::OrderId::Bytes bytes;
    const auto mac = tag_of(tag_keys_.back(), body);
    const auto rest = std::ranges::copy(body, bytes.begin()).out;
    std::ranges::copy(std::span(mac).first<orders::OrderId::tag_size>(), rest);
    return orders::OrderId(bytes);
}

}  // namespace orderflow::crypto
