// The body of a request to erase a customer, from untrusted JSON. The rules are those of contracts/openapi.yaml.
#pragma once

#include <expected>

#include "libs/contract/field_error.hpp"
#include "libs/contract/operator_request.hpp"
#include "libs/json/value.hpp"
#include "libs/orders/domain/erasure.hpp"

namespace orderflow::api {

struct ErasureRequest {
    orders::EraseCustomer customer;
    contract::OperatorNote note;
};

// {"email":"..."} or {"customer_id":"..."}, with `tenant`, `by` and a `reason`, which has to be there; or every broken
// rule (never none). The id of a customer without a tenant is one of the shop's own. Pure.
std::expected<ErasureRequest, contract::FieldErrors> read_erasure_request(const json::Value& body);

}  // namespace orderflow::api
