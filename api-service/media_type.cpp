#include "api-service/media_type.hpp"

#include "libs/net/ascii.hpp"

namespace orderflow::api {
namespace {

// The parameters of a media type may only say what is so anyway.
bool is_utf8_at_most(std::string_view parameters) {
    parameters = net::trim_ows(parameters);
    if (parameters.empty()) return true;
    if (!parameters.starts_with(';')) return false;
    parameters = net::trim_ows(parameters.substr(1));
    return parameters.empty() || net::iequals(parameters, "charset=utf-8") ||
           net::iequals(parameters, "charset=\"utf-8\"");
}

}  // namespace

BodyKind body_kind_of(const net::Request& request) {
    const auto type = request.field("Content-Type");
    const auto coding = request.field("Content-Encoding");
    if (!type || request.field_count("Content-Type") != 1) return BodyKind::other;
    if (coding && !net::iequals(*coding, "identity")) return BodyKind::other;
    const auto end = std::min(type->find(';'), type->size());
    if (!is_utf8_at_most(type->substr(end))) return BodyKind::other;
    const auto name = net::trim_ows(type->substr(0, end));
    if (net::iequals(name, "application/json")) return BodyKind::json;
    if (net::iequals(name, "application/x-www-form-urlencoded")) return BodyKind::form;
    if (net::iequals(name, "application/x-ndjson")) return BodyKind::ndjson;
    if (net::iequals(name, "text/csv")) return BodyKind::csv;
    return BodyKind::other;
}

}  // namespace orderflow::api
