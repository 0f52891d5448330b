#include "libs/contract/endpoint_message.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "libs/contract/timestamp.hpp"

namespace orderflow::contract {
namespace {

constexpr std::size_t id_max = 64;
constexpr std::size_t secret_max = 200;
constexpr std::size_t types_max = 64;
constexpr std::string_view all_events = "*";

std::unexpected<Error> malformed(std::string detail) {
    return fail(ErrorKind::invalid_input, "message.malformed", std::move(detail));
}

struct WriteWish {
    json::Writer& out;

    void operator()(const orders::CreateEndpoint& create) const {
        const auto& settings = create.settings;
        out.key("action").string("create");
        out.key("url").string(settings.url).key("mode").string(to_string(settings.mode)).key("events");
        write_event_types(out, settings.events);
        if (!settings.description.empty()) out.key("description").string(settings.description);
        out.key("secret").string(create.secret);
    }
    void operator()(const orders::UpdateEndpoint& update) const {
        out.key("action").string("update");
        if (update.url) out.key("url").string(*update.url);
        if (update.mode) out.key("mode").string(to_string(*update.mode));
        if (update.events) {
            out.key("events");
            write_event_types(out, *update.events);
        }
        if (update.description) out.key("description").string(*update.description);
        if (update.enabled) out.key("enabled").boolean(*update.enabled);
    }
    void operator()(const orders::RemoveEndpoint&) const { out.key("action").string("remove"); }
    void operator()(const orders::RotateSecret& rotate) const {
        out.key("action").string("rotate-secret").key("secret").string(rotate.secret);
    }
    void operator()(const orders::TestEndpoint&) const { out.key("action").string("test"); }
    void operator()(const orders::ReplayEvent& replay) const {
        out.key("action").string("replay").key("event").string(orders::event_id(replay.order, replay.version));
    }
    void operator()(const orders::ReplayRange& replay) const {
        out.key("action").string("replay").key("since").string(to_timestamp(replay.since));
        out.key("until").string(to_timestamp(replay.until));
    }
};

// What is there of an endpoint's settings; each is known to the reader afterwards.
struct Parts {
    std::optional<std::string> url, mode, description, secret, event, since, until;
    const json::Value* events;
    const json::Value* enabled;

    explicit Parts(ObjectReader& data)
        : url(data.exact("url", Presence::optional)),
          mode(data.exact("mode", Presence::optional)),
          description(data.exact("description", Presence::optional)),
          secret(data.exact("secret", Presence::optional)),
          event(data.exact("event", Presence::optional)),
          since(data.exact("since", Presence::optional)),
          until(data.exact("until", Presence::optional)),
          events(data.member("events", Presence::optional)),
          enabled(data.member("enabled", Presence::optional)) {}

    bool fit() const {
        return (!url || (!url->empty() && url->size() <= orders::limits::endpoint_url_max)) &&
               (!secret || secret->size() <= secret_max) && (!mode || orders::parse_content_mode(*mode)) &&
               (events == nullptr || read_event_types(*events)) && (enabled == nullptr || enabled->boolean());
    }
};

std::optional<orders::EndpointWish> create_of(const Parts& parts) {
    if (!parts.url || !parts.mode || parts.events == nullptr || !parts.secret || parts.secret->empty())
        return std::nullopt;
    orders::CreateEndpoint create;
    create.settings.url = *parts.url;
    create.settings.mode = *orders::parse_content_mode(*parts.mode);
    create.settings.events = *read_event_types(*parts.events);
    create.settings.description = parts.description.value_or("");
    create.secret = *parts.secret;
    return create;
}

orders::EndpointWish update_of(const Parts& parts) {
    orders::UpdateEndpoint update;
    update.url = parts.url;
    if (parts.mode) update.mode = orders::parse_content_mode(*parts.mode);
    if (parts.events != nullptr) update.events = read_event_types(*parts.events);
    update.description = parts.description;
    if (parts.enabled != nullptr) update.enabled = parts.enabled->boolean();
    return update;
}

std::optional<orders::EndpointWish> replay_of(const Parts& parts) {
    if (parts.event) {
        const auto event = orders::parse_event_id(*parts.event);
        if (!event) return std::nullopt;
        return orders::ReplayEvent{event->order, event->version};
    }
    if (!parts.since || !parts.until) return std::nullopt;
    const auto since = parse_timestamp(*parts.since);
    const auto until = parse_timestamp(*parts.until);
    if (!since || !until || *since >= *until) return std::nullopt;
    return orders::ReplayRange{*since, *until};
}

std::optional<orders::EndpointWish> wish_of(std::string_view action, const Parts& parts) {
    if (!parts.fit()) return std::nullopt;
    if (action == "create") return create_of(parts);
    if (action == "update") return update_of(parts);
    if (action == "remove") return orders::RemoveEndpoint();
    if (action == "test") return orders::TestEndpoint();
    if (action == "replay") return replay_of(parts);
    if (action == "rotate-secret" && parts.secret && !parts.secret->empty()) return orders::RotateSecret{*parts.secret};
    return std::nullopt;
}

}  // namespace

void write_endpoint_command(json::Writer& out, const orders::EndpointCommand& command) {
    out.key("webhook").string(command.endpoint);
    std::visit(WriteWish{out}, command.wish);
}

Result<orders::EndpointCommand> read_endpoint_command(ObjectReader& data, FieldErrors& errors) {
    auto id = data.text("webhook", Presence::required, {.max = id_max});
    const auto action = data.exact("action", Presence::required);
    const Parts parts(data);
    data.finish();
    if (!errors.empty()) return malformed(errors.reported().front().pointer + ": has not its form.");
    auto wish = wish_of(*action, parts);
    if (!wish) return malformed("/data is no command for a webhook endpoint.");
    return orders::EndpointCommand(*std::move(id), *std::move(wish));
}

std::optional<std::vector<orders::EventType>> read_event_types(const json::Value& value) {
    const auto* items = value.array();
    if (items == nullptr || items->empty() || items->size() > types_max) return std::nullopt;
    std::vector<orders::EventType> types;
    if (items->size() == 1 && (*items)[0].string() != nullptr && *(*items)[0].string() == all_events) return types;
    for (const auto& item : *items) {
        const auto type = item.string() != nullptr ? orders::parse_event_type(*item.string()) : std::nullopt;
        if (!type) return std::nullopt;
        types.push_back(*type);
    }
    std::ranges::sort(types);
    const auto twice = std::ranges::unique(types);
    types.erase(twice.begin(), twice.end());
    return types;
}

void write_event_types(json::Writer& out, const std::vector<orders::EventType>& types) {
    out.begin_array();
    if (types.empty()) out.string(all_events);
    for (const auto type : types) out.string(to_string(type));
    out.end_array();
}

}  // namespace orderflow::contract
