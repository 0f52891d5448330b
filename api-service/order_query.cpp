#include "api-service/order_query.hpp"

#include <charconv>
#include <limits>
#include <utility>

#include "api-service/api_key.hpp"
#include "api-service/idempotency_key.hpp"
#include "api-service/query_rules.hpp"
#include "libs/contract/fingerprint.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/net/percent.hpp"

namespace orderflow::api {
namespace {

constexpr std::size_t version_digits_max = 19;
constexpr std::size_t email_max = 254;

// False when it is there and wrong.
bool read_time(std::string_view query, std::string_view name, std::optional<WallTime>& at) {
    const auto text = net::query_param(query, name);
    if (text) at = contract::parse_timestamp(*text);
    return !text || at;
}

}  // namespace

std::optional<std::int32_t> parse_version(std::string_view text) {
    if (text.empty() || text.size() > version_digits_max) return std::nullopt;
    if (text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
    std::int32_t version = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), version);
    return parsed.ec == std::errc{} ? version : std::numeric_limits<std::int32_t>::max();
}

std::expected<std::int32_t, std::string> read_after(std::string_view query) {
    const auto text = net::query_param(query, "after");
    if (!text) return 0;
    const auto version = parse_version(*text);
    if (!version) return refuse_parameter("after", "a version");
    return *version;
}

std::expected<orders::OrderQuery, std::string> read_order_query(std::string_view query, const orders::OrderIds& ids) {
    if (auto foreign = foreign_parameter(query, {"id", "number", "key", "tenant", "status", "customer", "sku",
                                                 "created_after", "created_before", "limit", "starting_after"})) {
        return std::unexpected(*std::move(foreign));
    }
    orders::OrderQuery result;
    if (const auto text = net::query_param(query, "id")) {
        result.id = orders::OrderId::parse(*text);
        if (!result.id) return refuse_parameter("id", "the id of an order");
    }
    if (const auto text = net::query_param(query, "number")) {
        result.number = parse_natural(*text);
        if (!result.number) return refuse_parameter("number", "the number of an order");
    }
    if (const auto text = net::query_param(query, "key")) {
        const auto tenant = net::query_param(query, "tenant");
        if (tenant && !is_tenant(*tenant)) return refuse_parameter("tenant", "the name of a tenant");
        const auto key = parse_idempotency_key(*text, tenant ? tenant_key_min : anonymous_key_min);
        if (!key) return refuse_parameter("key", "an idempotency key");
        const auto id = ids.derive(tenant.value_or(orders::default_tenant), contract::create_operation, *key);
        if (result.id && *result.id != id) return refuse_parameter("key", "that of the order with this id");
        result.id = id;
    } else if (net::query_param(query, "tenant")) {
        return std::unexpected(
            "The query parameter tenant says whose key is meant, and there is no key: give one, or leave tenant out.");
    }
    if (const auto text = net::query_param(query, "status")) {
        result.status = orders::parse_order_status(*text);
        if (!result.status) return refuse_parameter("status", "a status");
    }
    if (auto text = net::query_param(query, "customer")) {
        if (text->empty() || text->size() > 4 * email_max) return refuse_parameter("customer", "an e-mail address");
        result.customer_email = *std::move(text);
    }
    if (const auto text = net::query_param(query, "sku")) {
        result.sku = orders::Sku::parse(*text);
        if (!result.sku) return refuse_parameter("sku", "a SKU");
    }
    for (const auto& [name, at] :
         {std::pair("created_after", &result.created_after), std::pair("created_before", &result.created_before)}) {
        if (!read_time(query, name, *at)) return refuse_parameter(name, "a time such as 2026-11-22T09:14:07Z");
    }
    const auto limit = read_limit(query, result.limit);
    if (!limit) return std::unexpected(limit.error());
    result.limit = *limit;
    if (const auto text = net::query_param(query, "starting_after")) {
        result.starting_after = orders::OrderId::parse(*text);
        if (!result.starting_after) return refuse_parameter("starting_after", "the id of an order");
    }
    return result;
}

}  // namespace orderflow::api
