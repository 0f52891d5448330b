// What an answer of the API says about the attempt that it belongs to.
#pragma once

#include <optional>
#include <string_view>

#include "libs/audit/history.hpp"
#include "libs/net/http_client.hpp"

namespace orderflow::load {

// 2xx: ok. 4xx and a 503 that says that nothing happened: refused. Everything else leaves it open.
audit::Outcome outcome_of(const net::HttpAnswer& answer);
// Without an answer: only what never left us is certain to have had no effect.
audit::Outcome outcome_of(net::HttpFailure failure);

// The `id` of an acknowledgement: "ord_..." in a body like {"id":"ord_...",...}; empty when there is none.
std::string_view id_in(std::string_view body);
// The `status` of an order in a body like {"id":...,"status":"confirmed",...}; empty when there is none.
std::string_view status_in(std::string_view body);

}  // namespace orderflow::load
