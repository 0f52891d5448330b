// Erasure: the orders of one customer lose all that is personal. That there was an order, what came of it, and what
// was paid and moved for it, stays.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/orders/domain/order.hpp"
#include "libs/orders/domain/stored_dead_letter.hpp"

namespace orderflow::orders {

namespace limits {
// What one transaction erases, so that an order under way waits for no more, and what it looks at when there is no
// index for what a customer is named by.
inline constexpr std::uint32_t orders_erased_at_once = 20;
inline constexpr std::uint32_t letters_erased_at_once = 20;
inline constexpr std::uint32_t orders_looked_at_once = 500;
}  // namespace limits

// Whose orders.
struct EraseCustomer {
    enum class By : std::uint8_t {
        email,  // letters A to Z count as a to z
        id,     // the shop's own; another tenant's customer may have the same
    };
    EraseCustomer(By b, std::string n, std::optional<std::string> t = std::nullopt)
        : by(b), name(std::move(n)), tenant(std::move(t)) {}
    By by;
    std::string name;
    std::optional<std::string> tenant;  // nothing: of any
    friend bool operator==(const EraseCustomer&, const EraseCustomer&) = default;
};
bool is_meant(const EraseCustomer& customer, const Order& order);

// What a store looks for: orders with a number above `after`, up to `up_to` or else the newest one, lowest first.
struct ErasureQuery {
    const EraseCustomer* customer;  // outlives the query
    std::int64_t after = 0;
    std::optional<std::int64_t> up_to = {};
};

struct CustomerOrder {
    explicit CustomerOrder(Order o) : order(std::move(o)) {}
    Order order;
    std::optional<std::int64_t> open_letter;  // the number of one about it; its message is still to be dealt with
};

struct ErasurePage {
    std::vector<CustomerOrder> orders;  // orders_erased_at_once at most
    std::int64_t through = 0;           // up to this number, and `up_to` at most, no other is the customer's
    std::int64_t newest_order = 0;      // the highest number that is stored
    // When there are no orders: dead letters that are not open and whose order is a tombstone, whosever it was;
    // letters_erased_at_once at most.
    std::vector<StoredDeadLetter> left_over;
};

// Why an order cannot be erased yet: "is confirmed", "has the open dead letter 3"; empty when it can.
std::string kept_because(const CustomerOrder& found);

// Takes the message out of a letter that nobody needs any more; what kind of failure it was stays.
void erase_message(StoredDeadLetter& letter);

}  // namespace orderflow::orders
