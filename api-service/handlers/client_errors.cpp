#include "api-service/handlers/client_errors.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api-service/media_type.hpp"
#include "api-service/problem_response.hpp"
#include "libs/json/parse.hpp"

namespace orderflow::api {
namespace {

constexpr std::size_t depth_max = 4;

// "press /assets/shop.js:7:11 < /assets/form.js:1:2", the innermost first.
std::string stack_line(const contract::ClientError& error) {
    std::string line;
    for (const auto& frame : error.stack) {
        if (!line.empty()) line += " < ";
        if (!frame.function.empty()) line += frame.function + ' ';
        line += fmt::format("{}:{}:{}", frame.file, frame.line, frame.column);
    }
    return line;
}

}  // namespace

ClientErrorsHandler::ClientErrorsHandler(const ApiParts& parts)
    : parts_(parts),
      untold_(parts.metrics.counter("orderflow_client_errors_untold_total",
                                    "Faults of pages that were counted only, as too many came at once.")) {
    for (std::size_t i = 0; i < counted_.size(); ++i) {
        const auto kind = std::string(contract::to_string(static_cast<contract::ClientErrorKind>(i)));
        counted_[i] =
            &parts.metrics.counter("orderflow_client_errors_total",
                                   "Faults that pages met in browsers, as they reported them.", {{"kind", kind}});
    }
}

task<net::Response> ClientErrorsHandler::operator()(const net::Request& request) {
    if (body_kind_of(request) != BodyKind::json) co_return unsupported_media_type_problem("application/json");
    if (request.body.size() > contract::client_error_bytes_max) {
        co_return problem(413, "body-too-large",
                          fmt::format("The body may have {} bytes.", contract::client_error_bytes_max));
    }
    const auto body = json::parse(request.body, {.bytes = contract::client_error_bytes_max, .depth = depth_max});
    if (!body) co_return malformed_json_problem();
    const auto error = contract::read_client_error(*body);
    if (!error) co_return validation_problem(error.error());
    counted_[static_cast<std::size_t>(error->kind)]->add();
    if (may_tell(parts_.clock.now())) {
        tell(*error);
    } else {
        untold_.add();
    }
    net::Response response;
    response.status = 204;
    co_return response;
}

bool ClientErrorsHandler::may_tell(Instant now) {
    const std::lock_guard lock(mutex_);
    const auto full = std::max(full_at_, now) + told_every;
    if (full - now > told_every * told_at_once) return false;
    full_at_ = full;
    return true;
}

void ClientErrorsHandler::tell(const contract::ClientError& error) const {
    parts_.log.warn("client.error", {{"kind", contract::to_string(error.kind)},
                                     {"page", error.page},
                                     {"type", error.type},
                                     {"message", error.message},
                                     {"source", error.source},
                                     {"line", error.line},
                                     {"column", error.column},
                                     {"stack", stack_line(error)}});
    if (parts_.forward_client_error) parts_.forward_client_error(error);
}

}  // namespace orderflow::api
