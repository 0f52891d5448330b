#include "api-service/site/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace orderflow::api {
namespace {

using contract::Rule;

struct Words {
    std::string_view control;
    Rule rule;
    std::string_view sentence;
};

constexpr std::string_view email_form = "Enter an email address in the correct format, like name@example.com";

constexpr auto words = std::to_array<Words>({
    {"customer_name", Rule::required, "Enter your name"},
    {"customer_name", Rule::too_long, "Name must be 200 characters or fewer"},
    {"customer_email", Rule::required, "Enter your email address"},
    {"customer_email", Rule::too_short, email_form},
    {"customer_email", Rule::too_long, "Email address must be 254 characters or fewer"},
    {"customer_email", Rule::invalid_format, email_form},
    {"customer_phone", Rule::too_short, "Phone number must have at least 5 digits"},
    {"customer_phone", Rule::too_long, "Phone number must be 32 characters or fewer"},
    {"customer_phone", Rule::invalid_format, "Enter a phone number, like +44 20 7946 0000"},
    {"line1", Rule::required, "Enter the street and house number"},
    {"line1", Rule::too_long, "Street must be 200 characters or fewer"},
    {"line2", Rule::too_long, "Flat, floor, company must be 200 characters or fewer"},
    {"postal_code", Rule::too_long, "Postal code must be 20 characters or fewer"},
    {"city", Rule::required, "Enter the town or city"},
    {"city", Rule::too_long, "Town or city must be 100 characters or fewer"},
    {"region", Rule::too_long, "State or region must be 100 characters or fewer"},
    {"country", Rule::required, "Choose a country"},
    {"country", Rule::invalid_format, "Choose a country from the list"},
    {"payment_token", Rule::required, "Choose how to pay"},
    {"items", Rule::required, "Choose at least one product"},
    {"items", Rule::too_many_items, "Choose at most 100 different products"},
    {"currency", Rule::required, "Choose a currency"},
    {"currency", Rule::unsupported_currency, "Choose one of the currencies of the price list"},
});

// By failure code.
constexpr auto reasons = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"payment-declined", "The payment was declined. Nothing was charged; try again with another way to pay."},
    {"out-of-stock", "Somebody was faster: there was not enough left. Nothing was charged."},
    {"price-changed",
     "The price has changed since you saw it. Nothing was charged; look at the new price and order again."},
    {"unknown-sku", "One of the products is no longer sold. Nothing was charged."},
    {"not-sold-in-currency", "One of the products is not sold in this currency. Nothing was charged."},
});

std::string_view standing(orders::OrderStatus status) noexcept {
    switch (status) {
        case orders::OrderStatus::accepted: return "We have your order safely. It is being looked at now.";
        case orders::OrderStatus::processing: return "Your order is stored and its prices are fixed.";
        case orders::OrderStatus::reserved: return "The goods are put aside for you while the payment is made.";
        case orders::OrderStatus::confirmed: return "Paid, and the goods are yours. They will be packed next.";
        case orders::OrderStatus::completed: return "Packed and on its way.";
        case orders::OrderStatus::rejected: return "Nothing was charged.";
        case orders::OrderStatus::cancelling: return "What was paid is on its way back.";
        case orders::OrderStatus::cancelled: return "The order is cancelled and nothing is owed.";
        case orders::OrderStatus::on_hold:
            return "Something went wrong on our side. Somebody has to look at it; your order is kept and you need not "
                   "order again.";
    }
    return "";
}

}  // namespace

std::string sentence_for(std::string_view control, const contract::FieldError& error) {
    if (control.starts_with("qty_")) {
        const auto sku = control.substr(4);
        const bool number = error.rule != Rule::not_an_integer && error.rule != Rule::wrong_type;
        return number ? fmt::format("Quantity of {} must be from 1 to 1,000,000", sku)
                      : fmt::format("Quantity of {} must be a whole number, like 2", sku);
    }
    const auto found =
        std::ranges::find_if(words, [&](const Words& one) { return one.control == control && one.rule == error.rule; });
    return found == words.end() ? error.detail : std::string(found->sentence);
}

std::string_view title_of(orders::OrderStatus status) noexcept {
    switch (status) {
        case orders::OrderStatus::accepted: return "Accepted";
        case orders::OrderStatus::processing: return "Being checked";
        case orders::OrderStatus::reserved: return "Waiting for payment";
        case orders::OrderStatus::confirmed: return "Confirmed";
        case orders::OrderStatus::completed: return "Completed";
        case orders::OrderStatus::rejected: return "Rejected";
        case orders::OrderStatus::cancelling: return "Being cancelled";
        case orders::OrderStatus::cancelled: return "Cancelled";
        case orders::OrderStatus::on_hold: return "On hold";
    }
    return "";
}

std::string meaning_of(const orders::Order& order) {
    const std::string usual(standing(order.status));
    if (order.status != orders::OrderStatus::rejected || !order.failure) return usual;
    const auto reason = std::ranges::find(reasons, order.failure->code, [](const auto& pair) { return pair.first; });
    return reason == reasons.end() ? order.failure->detail + " " + usual : std::string(reason->second);
}

std::string_view label_of(orders::EventType type) noexcept {
    switch (type) {
        case orders::EventType::order_accepted: return "Accepted";
        case orders::EventType::order_created: return "Checked and priced";
        case orders::EventType::inventory_reserved: return "Goods put aside";
        case orders::EventType::payment_captured: return "Paid";
        case orders::EventType::payment_declined: return "Payment declined";
        case orders::EventType::order_confirmed: return "Confirmed";
        case orders::EventType::order_completed: return "Completed";
        case orders::EventType::order_rejected: return "Rejected";
        case orders::EventType::cancel_requested: return "Cancellation asked for";
        case orders::EventType::cancel_refused: return "Cancellation refused";
        case orders::EventType::payment_voided: return "Payment voided";
        case orders::EventType::payment_refunded: return "Money given back";
        case orders::EventType::inventory_released: return "Goods back on the shelf";
        case orders::EventType::order_cancelled: return "Cancelled";
        case orders::EventType::order_on_hold: return "On hold";
        case orders::EventType::order_resumed: return "Taken up again";
        case orders::EventType::order_conflict: return "Another order came with the same key";
        case orders::EventType::fulfillment_created: return "Shipped";
        case orders::EventType::fulfillment_refused: return "A shipment was refused";
        case orders::EventType::payment_refund_failed: return "Giving the money back failed; it is tried again";
    }
    return "";
}

bool is_waiting(orders::OrderStatus status) noexcept {
    return !orders::is_settled(status) && status != orders::OrderStatus::on_hold;
}

std::string to_amount(std::int64_t minor, const orders::Currency& currency) {
    const auto places = static_cast<std::size_t>(currency.exponent());
    const auto size = static_cast<std::uint64_t>(minor);
    auto digits = std::to_string(minor < 0 ? std::uint64_t{0} - size : size);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    if (places > 0) digits.insert(digits.size() - places, ".");
    return fmt::format("{} {}{}", currency.code(), minor < 0 ? "-" : "", digits);
}

}  // namespace orderflow::api
