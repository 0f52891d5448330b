#include "api-service/note_query.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "api-service/query_rules.hpp"
#include "libs/net/percent.hpp"
#include "libs/orders/domain/limits.hpp"
#include "libs/orders/domain/operator_command.hpp"

namespace orderflow::api {
namespace {

constexpr std::size_t bytes_of_code_point = 4;

// A parameter that may be missing, with 1 to `most` characters; nothing when it is something else.
std::optional<std::string> read_word(std::string_view query, std::string_view name, std::size_t most,
                                     std::string_view otherwise) {
    auto text = net::query_param(query, name);
    if (!text) return std::string(otherwise);
    const bool control =
        std::ranges::any_of(*text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; });
    if (text->empty() || text->size() > most * bytes_of_code_point || control) return std::nullopt;
    return text;
}

}  // namespace

std::expected<contract::OperatorNote, std::string> read_note_query(std::string_view query) {
    auto by = read_word(query, "by", orders::limits::operator_name_max, orders::default_operator);
    if (!by) return refuse_parameter("by", "a name of 1 to 100 characters");
    auto reason = read_word(query, "reason", orders::limits::operator_reason_max, "");
    if (!reason) return refuse_parameter("reason", "a text of 1 to 500 characters");
    return contract::OperatorNote{*std::move(by), *std::move(reason)};
}

}  // namespace orderflow::api
