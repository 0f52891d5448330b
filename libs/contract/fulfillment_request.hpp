// The body of POST /v1/admin/orders/{id}/fulfilments, and what its message says.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "libs/contract/field_error.hpp"
#include "libs/contract/object_reader.hpp"
#include "libs/json/value.hpp"
#include "libs/orders/domain/fulfillment.hpp"

namespace orderflow::contract {

struct FulfillmentRequest {
    std::vector<orders::ShippedLine> lines;  // by SKU, each once
    std::optional<std::string> carrier;
    std::optional<std::string> tracking_number;
    std::string by;  // empty when nobody says
    std::string reason;
};

// {"lines":[{"sku":"mug","quantity":2}],"carrier":"DHL","tracking_number":"00340","by":"kim","reason":"sent"}, all but
// the first optional; or every broken rule. Pure.
std::expected<FulfillmentRequest, FieldErrors> read_fulfillment_request(const json::Value& body);

// The same members of an object that may have others.
FulfillmentRequest read_fulfillment_members(ObjectReader& reader, FieldErrors& errors);

}  // namespace orderflow::contract
