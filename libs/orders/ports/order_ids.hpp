// OrderIds: how order ids are made and known again, without a store and without a lock.
#pragma once

#include <string_view>

#include "libs/orders/domain/ids.hpp"

namespace orderflow::orders {

// Pure computation on secrets given at start; any thread.
class OrderIds {
  public:
    virtual ~OrderIds() = default;

    // The same tenant, operation and key give the same id on every instance that has the same id secret.
    virtual OrderId derive(std::string_view tenant, std::string_view operation, std::string_view key) const = 0;

    // For a request without a key. Never the same twice.
    virtual OrderId random() const = 0;

    // Whether the id carries a tag of ours. Constant time in the tag.
    virtual bool issued_by_us(const OrderId& id) const = 0;
};

}  // namespace orderflow::orders
