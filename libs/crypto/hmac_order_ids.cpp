#include "libs/crypto/hmac_order_ids.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "libs/base/invariant.hpp"
#include "libs/base/safeguard.hpp"

namespace orderflow::crypto {
namespace {

constexpr std::size_t secret_bytes_min = 32;

std::string_view text(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Sha256 tag_of(const HmacKey& key, std::span<const std::byte> body) { return key.mac({"tag", text(body)}); }

HmacKey prepared(const SecretBytes& secret) {
    ORDERFLOW_INVARIANT(secret.size() >= secret_bytes_min);
    return HmacKey(secret);
}

}  // namespace

HmacOrderIds::HmacOrderIds(const SecretBytes& id_secret, const std::vector<SecretBytes>& tag_keys, Entropy& entropy)
    : id_secret_(prepared(id_secret)), entropy_(entropy) {
    ORDERFLOW_INVARIANT(!tag_keys.empty());
    for (const auto& key : tag_keys) tag_keys_.push_back(prepared(key));
}

orders::OrderId HmacOrderIds::derive(std::string_view tenant, std::string_view operation, std::string_view key) const {
    // Each part with its length before it ("3:abc"): no two lists of parts give the same bytes.
    const auto mac = id_secret_.mac({std::to_string(tenant.size()), ":", tenant,        //
                                     std::to_string(operation.size()), ":", operation,  //
                                     std::to_string(key.size()), ":", key});
    return tagged(std::span(mac).first<orders::OrderId::body_size>());
}

orders::OrderId HmacOrderIds::random() const {
    std::array<std::byte, orders::OrderId::body_size> body;
    entropy_.fill(body);
    return tagged(body);
}

bool HmacOrderIds::issued_by_us(const orders::OrderId& id) const {
    bool ours = !safeguard(Safeguard::id_tag);
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
