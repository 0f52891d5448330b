// Who asks and why, of a command that has no JSON body to say it in: `by` and `reason` of the query.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "libs/contract/operator_request.hpp"

namespace orderflow::api {

// Both may be missing. The parameter that is wrong is named in a sentence. `query` as sent; that there is nothing else
// in it is the caller's matter (foreign_parameter()).
std::expected<contract::OperatorNote, std::string> read_note_query(std::string_view query);

}  // namespace orderflow::api
