#include "libs/orders/domain/given_amounts.hpp"

#include "libs/base/invariant.hpp"
#include "libs/orders/domain/money.hpp"

namespace orderflow::orders {

AddedUp add_up(std::span<const DraftLine> lines, const GivenAmounts& amounts) {
    ORDERFLOW_INVARIANT(lines.size() == amounts.lines.size());
    AddedUp result;
    auto sum = checked_add(amounts.shipping, amounts.tax);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto& line = amounts.lines[i];
        const auto price = checked_mul(line.unit_price, lines[i].quantity);
        if (!price) {
            result.faults.push_back({AmountsFault::line_too_large, i});
        } else if (*price < line.discount) {
            result.faults.push_back({AmountsFault::line_discount, i});
        } else if (sum) {
            sum = checked_add(*sum, *price - line.discount);
        }
    }
    const bool lines_are_good = result.faults.empty();
    const auto taxes = tax_of_lines(amounts);
    if (!taxes || amounts.tax < *taxes) result.faults.push_back({AmountsFault::tax});
    if (!lines_are_good) return result;  // what they add up to says nothing
    if (!sum) {
        result.faults.push_back({AmountsFault::total});
    } else if (*sum < amounts.discount) {
        result.faults.push_back({AmountsFault::order_discount});
    } else if (result.faults.empty()) {
        result.total = *sum - amounts.discount;
    }
    return result;
}

std::optional<std::int64_t> tax_of_lines(const GivenAmounts& amounts) {
    std::optional<std::int64_t> sum = 0;
    for (const auto& line : amounts.lines) sum = sum ? checked_add(*sum, line.tax) : std::nullopt;
    return sum;
}

}  // namespace orderflow::orders
