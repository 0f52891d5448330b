// Pricing: what the shop adds to the catalogue prices. A policy without I/O: it answers at once, from its own table.
#pragma once

#include <cstdint>
#include <vector>

#include "libs/base/result.hpp"
#include "libs/orders/domain/country.hpp"
#include "libs/orders/domain/money.hpp"

namespace orderflow::orders {

struct PricingRequest {
    PricingRequest(Currency c, Country to) : currency(c), ship_to(to) {}
    Currency currency;
    Country ship_to;
    std::vector<std::int64_t> line_totals;  // net, minor units, in the order of the lines
};

struct Charges {
    std::int64_t shipping = 0;
    std::int64_t discount = 0;             // on the whole order, >= 0
    std::vector<std::int64_t> line_taxes;  // one per line
};

class Pricing {
  public:
    virtual ~Pricing() = default;
    // invalid_input "pricing.country_not_served" / "pricing.currency_not_served" rejects the order;
    // invalid_input "pricing.overflow" when an amount does not fit.
    virtual Result<Charges> quote(const PricingRequest& request) const = 0;
};

}  // namespace orderflow::orders
