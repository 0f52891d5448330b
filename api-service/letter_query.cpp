#include "api-service/letter_query.hpp"

#include <algorithm>

#include "api-service/query_rules.hpp"
#include "libs/net/percent.hpp"

namespace orderflow::api {
namespace {

constexpr std::size_t text_max = 200;

bool is_text(const std::optional<std::string>& text) {
    const auto is_control = [](unsigned char c) { return c < ' ' || c == 0x7f; };
    return !text || (!text->empty() && text->size() <= text_max && std::ranges::none_of(*text, is_control));
}

}  // namespace

std::expected<orders::LetterQuery, std::string> read_letter_query(std::string_view query) {
    if (auto foreign = foreign_parameter(query, {"state", "code", "queue", "order", "after", "limit"})) {
        return std::unexpected(*std::move(foreign));
    }
    orders::LetterQuery result;
    result.state = orders::LetterState::open;
    if (const auto text = net::query_param(query, "state")) {
        result.state = orders::parse_letter_state(*text);
        if (!result.state && *text != "any")
            return refuse_parameter("state", "open, redriven, discarded, erased or any");
    }
    result.filter.code = net::query_param(query, "code");
    if (!is_text(result.filter.code)) return refuse_parameter("code", "a code of 1 to 200 bytes");
    result.filter.queue = net::query_param(query, "queue");
    if (!is_text(result.filter.queue)) return refuse_parameter("queue", "the name of a queue");
    if (const auto text = net::query_param(query, "order")) {
        result.filter.order = orders::OrderId::parse(*text);
        if (!result.filter.order) return refuse_parameter("order", "the id of an order");
    }
    if (const auto text = net::query_param(query, "after")) {
        const auto number = parse_natural(*text);
        if (!number) return refuse_parameter("after", "the number of a dead letter");
        result.after = *number;
    }
    const auto limit = read_limit(query, result.limit);
    if (!limit) return std::unexpected(limit.error());
    result.limit = *limit;
    return result;
}

std::expected<orders::LetterState, std::string> read_group_state(std::string_view query) {
    if (auto foreign = foreign_parameter(query, {"state"})) return std::unexpected(*std::move(foreign));
    const auto text = net::query_param(query, "state");
    if (!text) return orders::LetterState::open;
    const auto state = orders::parse_letter_state(*text);
    if (!state) return refuse_parameter("state", "open, redriven, discarded or erased");
    return *state;
}

std::expected<orders::CommandQuery, std::string> read_command_query(std::string_view query) {
    if (auto foreign = foreign_parameter(query, {"starting_after", "limit"})) {
        return std::unexpected(*std::move(foreign));
    }
    orders::CommandQuery result;
    result.starting_after = net::query_param(query, "starting_after");
    if (!is_text(result.starting_after)) return refuse_parameter("starting_after", "the id of a command");
    const auto limit = read_limit(query, result.limit);
    if (!limit) return std::unexpected(limit.error());
    result.limit = *limit;
    return result;
}

}  // namespace orderflow::api
