// Problem: an error answer as RFC 9457 problem+json.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/contract/field_error.hpp"
#include "libs/json/writer.hpp"
#include "libs/orders/domain/status.hpp"

namespace orderflow::contract {

struct Problem {
    unsigned status;
    std::string_view title;  // the reason phrase of the status
    std::string code;        // stable; `type` is "urn:orderflow:problem:" and this
    std::string detail;      // for a person; left out when empty
    std::vector<FieldError> errors = {};
    std::optional<orders::OrderStatus> last_status = std::nullopt;  // of an order that is gone
};

std::string encode_problem(const Problem& problem);

// Where it is, `code` and `detail`, as members of the object that is open.
void write_field_error(json::Writer& out, const FieldError& error);

}  // namespace orderflow::contract
