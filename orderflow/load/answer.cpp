#include "orderflow/load/answer.hpp"

namespace orderflow::load {
namespace {

using audit::Outcome;

constexpr int unavailable = 503;

// The text member of that name that comes first: no parser, as this stands in the way of every request.
std::string_view text_member(std::string_view body, std::string_view quoted_name) {
    const auto at = body.find(quoted_name);
    if (at == std::string_view::npos) return {};
    body.remove_prefix(at + quoted_name.size());
    const auto end = body.find('"');
    return end == std::string_view::npos ? std::string_view() : body.substr(0, end);
}

}  // namespace

Outcome outcome_of(const net::HttpAnswer& answer) {
    if (answer.status >= 200 && answer.status < 300) return Outcome::ok;
    if (answer.status >= 400 && answer.status < 500) return Outcome::refused;
    // The contract: every other 503 was given before anything was handed over.
    if (answer.status == unavailable && answer.body.find("outcome-unknown") == std::string_view::npos &&
        answer.body.find("\"code\":") != std::string_view::npos) {
        return Outcome::refused;
    }
    return Outcome::unknown;
}

Outcome outcome_of(net::HttpFailure failure) {
    switch (failure) {
        case net::HttpFailure::not_sent: return Outcome::refused;
        case net::HttpFailure::broken:
        case net::HttpFailure::late:
        case net::HttpFailure::unreadable: return Outcome::unknown;
    }
    return Outcome::unknown;
}

std::string_view id_in(std::string_view body) { return text_member(body, R"("id":")"); }
std::string_view status_in(std::string_view body) { return text_member(body, R"("status":")"); }

}  // namespace orderflow::load
