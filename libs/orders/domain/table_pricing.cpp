#include "libs/orders/domain/table_pricing.hpp"

#include <array>
#include <string_view>

#include "libs/base/invariant.hpp"

namespace orderflow::orders {
namespace {

struct Rate {
    std::string_view country;
    std::int64_t basis_points;
};

// Standard rates, European Commission "VAT rates applied in the Member States", and the UK's.
constexpr std::array rates{Rate{"AT", 2000}, Rate{"BE", 2100}, Rate{"BG", 2000}, Rate{"CY", 1900}, Rate{"CZ", 2100},
                           Rate{"DE", 1900}, Rate{"DK", 2500}, Rate{"EE", 2400}, Rate{"ES", 2100}, Rate{"FI", 2550},
                           Rate{"FR", 2000}, Rate{"GB", 2000}, Rate{"GR", 2400}, Rate{"HR", 2500}, Rate{"HU", 2700},
                           Rate{"IE", 2300}, Rate{"IT", 2200}, Rate{"LT", 2100}, Rate{"LU", 1700}, Rate{"LV", 2100},
                           Rate{"MT", 1800}, Rate{"NL", 2100}, Rate{"PL", 2300}, Rate{"PT", 2300}, Rate{"RO", 2100},
                           Rate{"SE", 2500}, Rate{"SI", 2200}, Rate{"SK", 2300}};

}  // namespace

TablePricing TablePricing::sample() {
    const std::map<std::string, std::int64_t> near{{"EUR", 490}, {"GBP", 420}, {"USD", 550}};
    const std::map<std::string, std::int64_t> far{{"EUR", 1490}, {"GBP", 1290}, {"USD", 1650}};
    std::map<Country, CountryCharges> table;
    for (const auto& rate : rates) {
        const auto country = Country::parse(rate.country);
        ORDERFLOW_INVARIANT(country.has_value());
        table.emplace(*country, CountryCharges{rate.basis_points, near});
    }
    return {std::move(table), CountryCharges{0, far}};
}

Result<Charges> TablePricing::quote(const PricingRequest& request) const {
    const auto row = by_country_.find(request.ship_to);
    const auto& charges = row == by_country_.end() ? elsewhere_ : row->second;
    const auto shipping = charges.shipping.find(std::string(request.currency.code()));
    if (shipping == charges.shipping.end()) {
        return fail(ErrorKind::invalid_input, "pricing.currency_not_served",
                    "There is no shipping price in " + std::string(request.currency.code()) + ".");
    }
    Charges result;
    result.shipping = shipping->second;
    for (const auto line : request.line_totals) {
        const auto tax = share_of(line, charges.tax_basis_points);
        if (!tax) return fail(ErrorKind::invalid_input, "pricing.overflow", "The total is too large.");
        result.line_taxes.push_back(*tax);
    }
    return result;
}

}  // namespace orderflow::orders
