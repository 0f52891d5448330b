// The pages that the server fills in for browsers without scripts: the order form and the receipt.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api-service/site/order_form.hpp"
#include "libs/contract/field_error.hpp"
#include "libs/orders/domain/event.hpp"
#include "libs/orders/domain/order.hpp"
#include "libs/orders/domain/product.hpp"

namespace orderflow::api {

// A line of the summary of errors: the control it is about and what to do.
struct FormMistake {
    std::string control;
    std::string sentence;
};
std::vector<FormMistake> mistakes_of(const contract::FieldErrors& errors, const OrderForm& form);

// Pure; any thread. `form` holds what was typed and the key ("idempotency_key").
std::string form_page(const std::vector<orders::ShelfItem>& products, const OrderForm& form,
                      const std::vector<FormMistake>& mistakes);

std::string receipt_page(const orders::Order& order, const std::vector<orders::OrderEvent>& events);
// Of an order that is accepted and not stored yet.
std::string waiting_receipt_page(const orders::OrderId& id);
// A page that says one thing, such as that there is no such order.
std::string plain_message_page(const std::string& id, std::string_view title, std::string_view sentence);

}  // namespace orderflow::api
