#include "libs/contract/client_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "libs/contract/object_reader.hpp"
#include "libs/json/pointer.hpp"

namespace orderflow::contract {
namespace {

constexpr std::size_t type_max = 60;
constexpr std::size_t message_max = 300;
constexpr std::size_t location_max = 200;
constexpr std::size_t function_max = 100;
constexpr std::int64_t position_max = 10'000'000;

constexpr auto kinds = std::to_array<std::string_view>({"error", "rejection", "resource", "policy"});
static_assert(kinds.size() == client_error_kind_count);

ClientErrorKind read_kind(ObjectReader& reader) {
    const auto text = reader.exact("kind", Presence::required);
    if (!text) return {};
    const auto* const found = std::ranges::find(kinds, *text);
    if (found == kinds.end()) {
        reader.report("kind", Rule::invalid_format, "Must be error, rejection, resource or policy.");
        return {};
    }
    return static_cast<ClientErrorKind>(found - kinds.begin());
}

// Visible ASCII without the signs that begin a query or a fragment: what stands behind them may be anybody's data.
bool is_location(std::string_view text) {
    return !text.empty() && text.size() <= location_max &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != '?' && c != '#'; });
}

std::string read_location(ObjectReader& reader, std::string_view name, Presence presence) {
    auto text = reader.exact(name, presence);
    if (text && !is_location(*text)) {
        reader.report(name, Rule::invalid_format,
                      fmt::format("Must be a path without a query, of {} characters at most.", location_max));
    }
    return std::move(text).value_or("");
}

std::int64_t read_position(ObjectReader& reader, std::string_view name) {
    return reader.integer(name, Presence::optional, 0, position_max).value_or(0);
}

ClientErrorFrame read_frame(const json::Value& value, json::Place place, FieldErrors& errors) {
    ObjectReader reader(value, place, errors);
    ClientErrorFrame frame;
    frame.function = reader.text("function", Presence::optional, {.max = function_max}).value_or("");
    frame.file = read_location(reader, "file", Presence::required);
    frame.line = read_position(reader, "line");
    frame.column = read_position(reader, "column");
    reader.finish();
    return frame;
}

std::vector<ClientErrorFrame> read_stack(ObjectReader& reader, FieldErrors& errors) {
    std::vector<ClientErrorFrame> stack;
    const auto* value = reader.member("stack", Presence::optional);
    if (value == nullptr) return stack;
    const auto* frames = value->array();
    if (frames == nullptr) {
        reader.report("stack", Rule::wrong_type, "Must be a list.");
    } else if (frames->size() > client_error_frames_max) {
        reader.report("stack", Rule::too_many_items, fmt::format("May have {} frames.", client_error_frames_max));
    } else {
        const auto list = reader.place_of("stack");
        for (std::size_t i = 0; i < frames->size(); ++i) {
            stack.push_back(read_frame((*frames)[i], {.parent = &list, .index = i, .in_array = true}, errors));
        }
    }
    return stack;
}

}  // namespace

std::string_view to_string(ClientErrorKind kind) noexcept { return kinds[static_cast<std::size_t>(kind)]; }

std::expected<ClientError, FieldErrors> read_client_error(const json::Value& body) {
    FieldErrors errors;
    for (auto& pointer : json::duplicate_members(body)) {
        errors.add(std::move(pointer), Rule::duplicate_key, "The member stands here twice.");
    }
    ObjectReader reader(body, json::whole_document, errors);
    ClientError error;
    error.kind = read_kind(reader);
    error.type = reader.text("type", Presence::optional, {.max = type_max}).value_or("");
    error.message = reader.text("message", Presence::required, {.max = message_max}).value_or("");
    error.page = read_location(reader, "page", Presence::required);
    error.source = read_location(reader, "source", Presence::optional);
    error.line = read_position(reader, "line");
    error.column = read_position(reader, "column");
    error.stack = read_stack(reader, errors);
    reader.finish();
    if (!errors.empty()) return std::unexpected(std::move(errors));
    return error;
}

}  // namespace orderflow::contract
