#include "api-service/callers.hpp"

#include "libs/net/ascii.hpp"
#include "libs/orders/domain/order.hpp"

namespace orderflow::api {
namespace {

constexpr std::string_view scheme = "Bearer ";

std::optional<std::string_view> bearer_in(std::string_view field) {
    if (field.size() <= scheme.size() || !net::iequals(field.substr(0, scheme.size()), scheme)) return std::nullopt;
    return net::trim_ows(field.substr(scheme.size()));
}

// Also "Bearer" with nothing behind it: a program whose key is missing, and not somebody who means to have none.
bool has_key_form(std::string_view field) {
    if (net::iequals(net::trim_ows(field), "Bearer")) return true;
    const auto token = bearer_in(field);
    return token && token->starts_with(api_key_prefix);
}

}  // namespace

std::optional<std::string_view> bearer_of(const net::Request& request) {
    const auto field = request.field("Authorization");
    if (!field || request.field_count("Authorization") != 1) return std::nullopt;
    return bearer_in(*field);
}

std::string_view Caller::tenant() const noexcept {
    return key ? std::string_view(key->tenant) : orders::default_tenant;
}

bool Callers::shows_key(const net::Request& request) {
    for (const auto& field : request.fields) {
        if (net::iequals(field.name, "Authorization") && has_key_form(field.value)) return true;
    }
    return false;
}

Result<Caller> Callers::caller_of(const net::Request& request) const {
    if (!shows_key(request)) return Caller();
    const auto token = bearer_of(request);
    const auto keys = keys_ ? keys_() : nullptr;
    const auto* key = token && keys ? keys->find(*token, sha256_) : nullptr;
    if (key == nullptr || !key->is_good(clock_.wall())) {
        return fail(ErrorKind::unauthorized, "unauthorized", "This API key is not known, or no longer good.");
    }
    return Caller{std::shared_ptr<const ApiKey>(keys, key)};
}

}  // namespace orderflow::api
