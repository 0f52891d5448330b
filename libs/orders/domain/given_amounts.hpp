// The arithmetic of amounts that came with an order: a total, or everything that does not fit together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "libs/orders/domain/draft.hpp"

namespace orderflow::orders {

enum class AmountsFault : std::uint8_t {
    line_too_large,  // of one line: unit_price * quantity does not fit 64 bits
    line_discount,   // of one line: more than it costs
    tax,             // less than that of the lines together
    order_discount,  // more than everything else: the total would be below zero
    total,           // a sum does not fit 64 bits
};
struct FoundFault {
    AmountsFault fault;
    std::size_t line = 0;  // where it is of one line
    friend bool operator==(const FoundFault&, const FoundFault&) = default;
};

struct AddedUp {
    std::int64_t total = 0;  // 0 when there are faults
    std::vector<FoundFault> faults;
};

// sum(unit_price * quantity - discount) + shipping - discount + tax. `amounts` has as many lines as `lines`, and
// nothing below zero.
AddedUp add_up(std::span<const DraftLine> lines, const GivenAmounts& amounts);

// The tax of the lines together; nothing when it does not fit 64 bits.
std::optional<std::int64_t> tax_of_lines(const GivenAmounts& amounts);

}  // namespace orderflow::orders
