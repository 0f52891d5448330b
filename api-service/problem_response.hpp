// Errors as answers: RFC 9457 problem+json with the codes of contracts/openapi.yaml.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/error.hpp"
#include "libs/contract/field_error.hpp"
#include "libs/contract/problem.hpp"
#include "libs/net/response.hpp"

namespace orderflow::api {

// The one mapping from kind to status.
unsigned status_of(ErrorKind kind) noexcept;

net::Response problem(unsigned status, std::string code, std::string detail);
net::Response problem(contract::Problem content);

// An error of a use case, whose codes are those of the API. 503 carries Retry-After; of a fault of ours only
// "internal" is told.
net::Response problem(const Error& error);

// With another Retry-After, where there is one.
net::Response with_retry_after(net::Response response, const std::string& seconds);

// 422 validation-failed with every error.
net::Response validation_problem(const contract::FieldErrors& errors);
net::Response malformed_json_problem();
net::Response body_too_large_problem();
net::Response unsupported_media_type_problem(std::string_view wanted);

// The store could not be read, whatever its own error says.
net::Response store_unavailable_problem();

inline constexpr const char* retry_after_s = "1";

}  // namespace orderflow::api
