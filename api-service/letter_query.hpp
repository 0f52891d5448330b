// The criteria of the operator's lists: GET /v1/admin/dead-letters and GET /v1/admin/audit.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "libs/orders/ports/operator_reader.hpp"

namespace orderflow::api {

// Each: the query, or a sentence that names the first parameter that is wrong.

// Open letters unless `state` says otherwise; `any` is every state.
std::expected<orders::LetterQuery, std::string> read_letter_query(std::string_view query);
std::expected<orders::LetterState, std::string> read_group_state(std::string_view query);
std::expected<orders::CommandQuery, std::string> read_command_query(std::string_view query);

}  // namespace orderflow::api
