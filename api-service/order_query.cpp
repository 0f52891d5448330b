#include "api-service/order_query.hpp"

#include <charconv>
#include <limits>

#include "api-service/api_key.hpp"
#include "api-service/idempotency_key.hpp"
#include "libs/contract/fingerprint.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/net/percent.hpp"

namespace orderflow::api {
namespace {

constexpr std::size_t version_digits_max = 19;
constexpr std::size_t number_digits_max = 18;
constexpr std::uint32_t limit_max = 100;
constexpr std::size_t email_max = 254;

std::unexpected<std::string> refuse(std::string_view parameter, std::string_view what) {
    return std::unexpected("The query parameter " + std::string(parameter) + " is not " + std::string(what) + ".");
}

std::optional<std::int64_t> parse_number(std::string_view text) {
    if (text.size() > number_digits_max || text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
    std::int64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    return parsed.ec == std::errc{} ? std::optional(number) : std::nullopt;
}

std::optional<std::uint32_t> parse_limit(std::string_view text) {
    std::uint32_t limit = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (error != std::errc{} || end != text.data() + text.size() || limit < 1 || limit > limit_max) return std::nullopt;
    return limit;
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
    if (!version) return refuse("after", "a version");
    return *version;
}

std::expected<orders::OrderQuery, std::string> read_order_query(std::string_view query, const orders::OrderIds& ids) {
    orders::OrderQuery result;
    if (const auto text = net::query_param(query, "id")) {
        result.id = orders::OrderId::parse(*text);
        if (!result.id) return refuse("id", "the id of an order");
    }
    if (const auto text = net::query_param(query, "number")) {
        result.number = parse_number(*text);
        if (!result.number) return refuse("number", "the number of an order");
    }
    if (const auto text = net::query_param(query, "key")) {
        const auto tenant = net::query_param(query, "tenant");
        if (tenant && !is_tenant(*tenant)) return refuse("tenant", "the name of a tenant");
        const auto key = parse_idempotency_key(*text, tenant ? tenant_key_min : anonymous_key_min);
        if (!key) return refuse("key", "an idempotency key");
        const auto id = ids.derive(tenant.value_or(orders::default_tenant), contract::create_operation, *key);
        if (result.id && *result.id != id) return refuse("key", "that of the order with this id");
        result.id = id;
    }
    if (const auto text = net::query_param(query, "status")) {
        result.status = orders::parse_order_status(*text);
        if (!result.status) return refuse("status", "a status");
    }
    if (auto text = net::query_param(query, "customer")) {
        if (text->empty() || text->size() > 4 * email_max) return refuse("customer", "an e-mail address");
        result.customer_email = *std::move(text);
    }
    if (const auto text = net::query_param(query, "sku")) {
        result.sku = orders::Sku::parse(*text);
        if (!result.sku) return refuse("sku", "a SKU");
    }
    if (const auto text = net::query_param(query, "created_after")) {
        result.created_after = contract::parse_timestamp(*text);
        if (!result.created_after) return refuse("created_after", "a time such as 2026-11-22T09:14:07.101Z");
    }
    if (const auto text = net::query_param(query, "limit")) {
        const auto limit = parse_limit(*text);
        if (!limit) return refuse("limit", "a number from 1 to 100");
        result.limit = *limit;
    }
    if (const auto text = net::query_param(query, "starting_after")) {
        result.starting_after = orders::OrderId::parse(*text);
        if (!result.starting_after) return refuse("starting_after", "the id of an order");
    }
    return result;
}

}  // namespace orderflow::api
