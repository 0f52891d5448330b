#include "api-service/letter_query.hpp"

#include <algorithm>
#include <charconv>

#include "libs/net/percent.hpp"

namespace orderflow::api {
namespace {

constexpr std::uint32_t limit_max = 100;
constexpr std::size_t text_max = 200;
constexpr std::size_t digits_max = 18;

std::unexpected<std::string> refuse(std::string_view parameter, std::string_view what) {
    return std::unexpected("The query parameter " + std::string(parameter) + " is not " + std::string(what) + ".");
}

bool is_text(const std::optional<std::string>& text) {
    const auto is_control = [](unsigned char c) { return c < ' ' || c == 0x7f; };
    return !text || (!text->empty() && text->size() <= text_max && std::ranges::none_of(*text, is_control));
}

// False when it is there and wrong.
bool read_limit(std::string_view query, std::uint32_t& limit) {
    const auto text = net::query_param(query, "limit");
    if (!text) return true;
    const auto number = parse_letter_number(*text);
    if (!number || *number < 1 || *number > limit_max) return false;
    limit = static_cast<std::uint32_t>(*number);
    return true;
}

}  // namespace

std::optional<std::int64_t> parse_letter_number(std::string_view text) {
    if (text.empty() || text.size() > digits_max) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
    return number;
}

std::expected<orders::LetterQuery, std::string> read_letter_query(std::string_view query) {
    orders::LetterQuery result;
    result.state = orders::LetterState::open;
    if (const auto text = net::query_param(query, "state")) {
        result.state = orders::parse_letter_state(*text);
        if (!result.state && *text != "any") return refuse("state", "open, redriven, discarded or any");
    }
    result.filter.code = net::query_param(query, "code");
    if (!is_text(result.filter.code)) return refuse("code", "a code of 1 to 200 bytes");
    result.filter.queue = net::query_param(query, "queue");
    if (!is_text(result.filter.queue)) return refuse("queue", "the name of a queue");
    if (const auto text = net::query_param(query, "order")) {
        result.filter.order = orders::OrderId::parse(*text);
        if (!result.filter.order) return refuse("order", "the id of an order");
    }
    if (const auto text = net::query_param(query, "after")) {
        const auto number = parse_letter_number(*text);
        if (!number) return refuse("after", "the number of a dead letter");
        result.after = *number;
    }
    if (!read_limit(query, result.limit)) return refuse("limit", "a number from 1 to 100");
    return result;
}

std::expected<orders::LetterState, std::string> read_group_state(std::string_view query) {
    const auto text = net::query_param(query, "state");
    if (!text) return orders::LetterState::open;
    const auto state = orders::parse_letter_state(*text);
    if (!state) return refuse("state", "open, redriven or discarded");
    return *state;
}

std::expected<orders::CommandQuery, std::string> read_command_query(std::string_view query) {
    orders::CommandQuery result;
    result.starting_after = net::query_param(query, "starting_after");
    if (!is_text(result.starting_after)) return refuse("starting_after", "the id of a command");
    if (!read_limit(query, result.limit)) return refuse("limit", "a number from 1 to 100");
    return result;
}

}  // namespace orderflow::api
