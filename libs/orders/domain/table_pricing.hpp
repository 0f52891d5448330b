// TablePricing: shipping and tax from a table by country, the built-in Pricing.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "libs/orders/domain/pricing.hpp"

namespace orderflow::orders {

struct CountryCharges {
    std::int64_t tax_basis_points = 0;             // 1900 is 19 %
    std::map<std::string, std::int64_t> shipping;  // minor units by currency code, flat per order
};

// A country that is not in the table is served with the charges of `elsewhere`. A currency without a shipping price is
// refused: pricing.currency_not_served.
class TablePricing final : public Pricing {
  public:
    TablePricing(std::map<Country, CountryCharges> by_country, CountryCharges elsewhere)
        : by_country_(std::move(by_country)), elsewhere_(std::move(elsewhere)) {}

    // The table of the sample shop: EU countries with their standard VAT rate, the United Kingdom, no tax elsewhere.
    static TablePricing sample();

    Result<Charges> quote(const PricingRequest& request) const override;

  private:
    std::map<Country, CountryCharges> by_country_;
    CountryCharges elsewhere_;
};

}  // namespace orderflow::orders
