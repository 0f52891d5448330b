#include "api-service/problem_response.hpp"

#include <fmt/format.h>

#include "libs/contract/order_request.hpp"

namespace orderflow::api {

unsigned status_of(ErrorKind kind) noexcept {
    switch (kind) {
        case ErrorKind::invalid_input: return 422;
        case ErrorKind::not_found: return 404;
        case ErrorKind::conflict: return 409;
        case ErrorKind::unauthorized: return 401;
        case ErrorKind::throttled: return 429;
        case ErrorKind::unavailable: return 503;
        case ErrorKind::internal: return 500;
    }
    return 500;
}

net::Response problem(contract::Problem content) {
    const auto status = content.status;
    content.title = net::reason_phrase(status);
    auto response = net::Response::of(status, "application/problem+json", contract::encode_problem(content));
    if (status == 503) response.field("Retry-After", retry_after_s);
    return response;
}

net::Response problem(unsigned status, std::string code, std::string detail) {
    return problem(
        contract::Problem{.status = status, .title = {}, .code = std::move(code), .detail = std::move(detail)});
}

net::Response problem(const Error& error) {
    if (error.kind() == ErrorKind::internal) {
        return problem(500, "internal", "The service failed to answer. The request id names the fault in the logs.");
    }
    return problem(status_of(error.kind()), error.code(), error.detail());
}

net::Response with_retry_after(net::Response response, const std::string& seconds) {
    for (auto& [name, value] : response.fields) {
        if (name == "Retry-After") value = seconds;
    }
    return response;
}

net::Response validation_problem(const contract::FieldErrors& errors) {
    contract::Problem content{.status = 422, .title = {}, .code = "validation-failed", .detail = {}};
    content.detail = errors.count() == 1 ? "1 rule is broken." : fmt::format("{} rules are broken.", errors.count());
    content.errors = errors.reported();
    return problem(std::move(content));
}

net::Response malformed_json_problem() { return problem(400, "malformed-json", "The body is not valid JSON."); }

net::Response body_too_large_problem() {
    return problem(413, "body-too-large", fmt::format("The body may have {} bytes.", contract::request_bytes_max));
}

net::Response unsupported_media_type_problem(std::string_view wanted) {
    return problem(415, "unsupported-media-type", fmt::format("Send {}.", wanted));
}

net::Response store_unavailable_problem() {
    return problem(503, "store-unavailable", "Orders cannot be read at the moment. Placed orders are safe.");
}

}  // namespace orderflow::api
