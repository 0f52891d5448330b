#include "libs/orders/domain/erasure.hpp"

#include <algorithm>
#include <utility>

#include "libs/orders/domain/retention.hpp"

namespace orderflow::orders {
namespace {

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool is_meant(const EraseCustomer& customer, const Order& order) {
    if (customer.tenant && order.tenant_id != *customer.tenant) return false;
    const auto& known = order.draft->customer;
    switch (customer.by) {
        case EraseCustomer::By::email: return std::ranges::equal(known.email, customer.name, {}, folded, folded);
        case EraseCustomer::By::id: return known.id == customer.name;
    }
    std::unreachable();
}

std::string kept_because(const CustomerOrder& found) {
    const auto& order = found.order;
    if (!is_terminal(order.status)) return "is " + std::string(to_string(order.status));
    if (!is_at_rest(order)) return "has a payment that is " + std::string(to_string(order.payment_status));
    if (found.open_letter) return "has the open dead letter " + std::to_string(*found.open_letter);
    return {};
}

void erase_message(StoredDeadLetter& letter) {
    letter.letter.body.clear();
    letter.letter.detail.clear();
    letter.original_body.reset();
    letter.state = LetterState::erased;
}

}  // namespace orderflow::orders
