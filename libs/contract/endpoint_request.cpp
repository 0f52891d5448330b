#include "libs/contract/endpoint_request.hpp"

#include <utility>

#include "libs/contract/endpoint_message.hpp"
#include "libs/contract/object_reader.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/json/pointer.hpp"

namespace orderflow::contract {
namespace {

constexpr TextRule url_rule{.max = orders::limits::endpoint_url_max};
constexpr TextRule description_rule{.min = 0, .max = orders::limits::endpoint_description_max};

void report_duplicates(const json::Value& body, FieldErrors& errors) {
    for (auto& pointer : json::duplicate_members(body)) {
        errors.add(std::move(pointer), Rule::duplicate_key, "The member stands here twice.");
    }
}

OperatorNote note_of(ObjectReader& reader) {
    OperatorNote note;
    note.by = reader.text("by", Presence::optional, {.max = orders::limits::operator_name_max}).value_or("operator");
    note.reason = reader.text("reason", Presence::optional, {.max = orders::limits::operator_reason_max}).value_or("");
    return note;
}

std::optional<orders::ContentMode> mode_of(ObjectReader& reader) {
    const auto text = reader.exact("mode", Presence::optional);
    if (!text) return std::nullopt;
    const auto mode = orders::parse_content_mode(*text);
    if (!mode) reader.report("mode", Rule::invalid_format, "Must be binary or structured.");
    return mode;
}

std::optional<std::vector<orders::EventType>> events_of(ObjectReader& reader) {
    const auto* value = reader.member("events", Presence::optional);
    if (value == nullptr) return std::nullopt;
    auto types = read_event_types(*value);
    if (!types) reader.report("events", Rule::invalid_format, "Must be a list of names of events, or of \"*\" alone.");
    return types;
}

std::optional<WallTime> time_of(ObjectReader& reader, std::string_view name) {
    const auto text = reader.exact(name, Presence::optional);
    if (!text) return std::nullopt;
    const auto time = parse_timestamp(*text);
    if (!time) reader.report(name, Rule::invalid_format, "Must be a time such as 2026-11-22T09:14:07.101Z.");
    return time;
}

// `read` fills `request`; the reader is finished behind it.
template <class Request, class Read>
std::expected<Request, FieldErrors> read_body(const json::Value& body, Request request, Read read) {
    FieldErrors errors;
    report_duplicates(body, errors);
    ObjectReader reader(body, json::whole_document, errors);
    if (reader.is_object()) {
        read(reader, request);
        reader.finish();
    }
    if (!errors.empty()) return std::unexpected(std::move(errors));
    return request;
}

}  // namespace

std::expected<CreateEndpointRequest, FieldErrors> read_create_endpoint(const json::Value& body) {
    return read_body(body, CreateEndpointRequest(), [](ObjectReader& reader, CreateEndpointRequest& request) {
        request.note = note_of(reader);
        auto& settings = request.settings;
        settings.url = reader.text("url", Presence::required, url_rule).value_or("");
        settings.mode = mode_of(reader).value_or(orders::ContentMode::binary);
        settings.events = events_of(reader).value_or(std::vector<orders::EventType>());
        settings.description = reader.text("description", Presence::optional, description_rule).value_or("");
    });
}

std::expected<UpdateEndpointRequest, FieldErrors> read_update_endpoint(const json::Value& body) {
    return read_body(body, UpdateEndpointRequest(), [](ObjectReader& reader, UpdateEndpointRequest& request) {
        request.note = note_of(reader);
        auto& update = request.update;
        update.url = reader.text("url", Presence::optional, url_rule);
        update.mode = mode_of(reader);
        update.events = events_of(reader);
        update.description = reader.text("description", Presence::optional, description_rule);
        if (const auto* value = reader.member("enabled", Presence::optional)) {
            update.enabled = value->boolean();
            if (!update.enabled) reader.report("enabled", Rule::wrong_type, "Must be true or false.");
        }
    });
}

std::expected<ReplayRequest, FieldErrors> read_replay(const json::Value& body) {
    ReplayRequest empty{OperatorNote(), orders::ReplayEvent()};
    return read_body(body, std::move(empty), [](ObjectReader& reader, ReplayRequest& request) {
        request.note = note_of(reader);
        const auto event = reader.exact("event", Presence::optional);
        const auto since = time_of(reader, "since");
        const auto until = time_of(reader, "until");
        if (event) {
            const auto name = orders::parse_event_id(*event);
            if (!name) reader.report("event", Rule::invalid_format, "Must be the id of an event, such as ord_...:3.");
            if (since || until) reader.report("event", Rule::unknown_field, "May not stand beside since and until.");
            if (name) request.wish = orders::ReplayEvent{name->order, name->version};
            return;
        }
        if (!since) reader.report("since", Rule::required, "Must be there, or else an event.");
        if (!until) reader.report("until", Rule::required, "Must be there, or else an event.");
        if (!since || !until) return;
        if (*since >= *until) reader.report("until", Rule::out_of_range, "Must be behind since.");
        request.wish = orders::ReplayRange{*since, *until};
    });
}

}  // namespace orderflow::contract
