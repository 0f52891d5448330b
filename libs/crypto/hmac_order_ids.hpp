// HmacOrderIds: the OrderIds port by HMAC-SHA-256.
//
// body (80 bits): HMAC(id secret, length-prefixed tenant, operation and key), or random without a key.
// tag  (48 bits): HMAC(newest tag key, "tag" and body).
// The id secret is never rotated: another one would give a repeated key another id. Tag keys form a ring: new ids use
// the newest, ids of all versions verify.
#pragma once

#include <cstddef>
#include <vector>

#include "libs/base/entropy.hpp"
#include "libs/crypto/digest.hpp"
#include "libs/orders/ports/order_ids.hpp"

namespace orderflow::crypto {

using SecretBytes = std::vector<std::byte>;

class HmacOrderIds final : public orders::OrderIds {
  public:
    // `tag_keys`: oldest first, at least one. Secrets have at least 32 bytes (an invariant). `entropy` outlives this.
    HmacOrderIds(const SecretBytes& id_secret, const std::vector<SecretBytes>& tag_keys, Entropy& entropy);

    orders::OrderId derive(std::string_view tenant, std::string_view operation, std::string_view key) const override;
    orders::OrderId random() const override;
    bool issued_by_us(const orders::OrderId& id) const override;

  private:
    orders::OrderId tagged(std::span<const std::byte, orders::OrderId::body_size> body) const;

    HmacKey id_secret_;
    std::vector<HmacKey> tag_keys_;
    Entropy& entropy_;
};

}  // namespace orderflow::crypto
