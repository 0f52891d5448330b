// The body of POST /v1/orders/{id}/cancel, and how a reason looks.
#pragma once

#include <expected>
#include <string>

#include "libs/contract/field_error.hpp"
#include "libs/json/value.hpp"

namespace orderflow::contract {

// The reason: 1 to 40 characters a-z, '_' and '-', a letter first. Or every broken rule. Pure; any thread.
std::expected<std::string, FieldErrors> read_cancel_request(const json::Value& body);

}  // namespace orderflow::contract
