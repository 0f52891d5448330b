#include "libs/orders/domain/endpoint_command.hpp"

#include <utility>

namespace orderflow::orders {
namespace {

struct ActionOf {
    const char* operator()(const CreateEndpoint&) const { return "webhooks.create"; }
    const char* operator()(const UpdateEndpoint&) const { return "webhooks.update"; }
    const char* operator()(const RemoveEndpoint&) const { return "webhooks.remove"; }
    const char* operator()(const RotateSecret&) const { return "webhooks.rotate-secret"; }
    const char* operator()(const TestEndpoint&) const { return "webhooks.test"; }
    const char* operator()(const ReplayEvent&) const { return "webhooks.replay"; }
    const char* operator()(const ReplayRange&) const { return "webhooks.replay"; }
};

EndpointDecision refuse(std::string code, std::string detail) {
    EndpointDecision decision;
    decision.code = std::move(code);
    decision.detail = std::move(detail);
    return decision;
}

HeldOrder due_now(const OrderId& order, std::int32_t version, WallTime now) {
    HeldOrder held;
    held.order = order;
    held.next = version;
    held.through = version;
    held.due = now;
    held.first_failed_at = now;
    held.event_at = now;
    return held;
}

struct Decide {
    const std::string& id;
    const std::string& command_id;
    const EndpointLoaded& loaded;
    WallTime now;

    EventEndpoint changed() const {
        auto endpoint = *loaded.endpoint;
        endpoint.changed_at = now;
        ++endpoint.revision;
        return endpoint;
    }

    EndpointDecision operator()(const CreateEndpoint& create) const {
        if (loaded.endpoint) return refuse("webhook.exists", "There is a webhook endpoint with this id.");
        if (loaded.endpoints >= limits::endpoints_max) {
            return refuse("webhook.too_many", "There are " + std::to_string(limits::endpoints_max) +
                                                  " webhook endpoints, and there may not be more.");
        }
        EndpointDecision decision;
        decision.put.emplace(id, create.settings, now);
        if (!create.secret.empty()) decision.put->secrets = {{.text = create.secret, .created_at = now}};
        decision.lane.emplace(std::string(live_lane), LaneKind::live);
        decision.lane->cursor = loaded.head;
        return decision;
    }
    EndpointDecision operator()(const UpdateEndpoint& update) const {
        if (is_of_topic() && (update.url || update.mode)) return refuse_for_topic();
        EndpointDecision decision;
        decision.put = changed();
        auto& settings = decision.put->settings;
        if (update.url) settings.url = *update.url;
        if (update.mode) settings.mode = *update.mode;
        if (update.events) settings.events = *update.events;
        if (update.description) settings.description = *update.description;
        if (update.enabled) {
            decision.put->enabled = *update.enabled;
            decision.put->disabled_code = *update.enabled ? "" : "operator";
        }
        return decision;
    }
    EndpointDecision operator()(const RemoveEndpoint&) const {
        EndpointDecision decision;
        decision.remove = true;
        return decision;
    }
    EndpointDecision operator()(const RotateSecret& rotate) const {
        if (is_of_topic()) return refuse_for_topic();
        EndpointDecision decision;
        decision.put = changed();
        auto& secrets = decision.put->secrets;
        if (secrets.size() >= limits::endpoint_secrets_max) secrets.resize(limits::endpoint_secrets_max - 1);
        for (auto& secret : secrets) secret.valid_until = now + limits::old_secret_valid_for;
        secrets.insert(secrets.begin(), {.text = rotate.secret, .created_at = now});
        return decision;
    }
    EndpointDecision operator()(const TestEndpoint&) const {
        auto decision = extra_lane(LaneKind::test);
        if (decision.lane) decision.lane->held = {due_now(OrderId(), 1, now)};
        return decision;
    }
    EndpointDecision operator()(const ReplayEvent& replay) const {
        auto decision = extra_lane(LaneKind::one);
        if (decision.lane) decision.lane->held = {due_now(replay.order, replay.version, now)};
        return decision;
    }
    EndpointDecision operator()(const ReplayRange& replay) const {
        auto decision = extra_lane(LaneKind::range);
        if (!decision.lane) return decision;
        decision.lane->since = replay.since;
        decision.lane->until = replay.until;
        decision.lane->found_start = false;
        decision.lane->read_all = false;
        return decision;
    }

    bool is_of_topic() const { return is_topic(loaded.endpoint->settings); }
    static EndpointDecision refuse_for_topic() {
        return refuse("webhook.topic", "A topic has no secret, and its name and mode are the configuration's.");
    }

    EndpointDecision extra_lane(LaneKind kind) const {
        if (!loaded.endpoint->enabled) return refuse("webhook.disabled", "The webhook endpoint is disabled.");
        if (loaded.replays >= limits::replays_max) {
            return refuse("webhook.busy", "Too many replays and tests of this endpoint are under way.");
        }
        EndpointDecision decision;
        decision.lane.emplace(command_id, kind);
        decision.lane->read_all = true;
        decision.lane->seen_revision = loaded.endpoint->revision;
        return decision;
    }
};

}  // namespace

std::string action_of(const EndpointCommand& command) { return std::visit(ActionOf{}, command.wish); }

EndpointDecision decide_endpoint(const EndpointCommand& command, const std::string& command_id,
                                 const EndpointLoaded& loaded, WallTime now) {
    if (!loaded.endpoint && !std::holds_alternative<CreateEndpoint>(command.wish)) {
        return refuse("webhook.unknown", "There is no webhook endpoint with this id.");
    }
    return std::visit(Decide{command.endpoint, command_id, loaded, now}, command.wish);
}

void disable(EventEndpoint& endpoint, std::string code, WallTime now) {
    endpoint.enabled = false;
    endpoint.disabled_code = std::move(code);
    endpoint.changed_at = now;
    ++endpoint.revision;
}

std::vector<std::string> valid_secrets(const EventEndpoint& endpoint, WallTime now) {
    std::vector<std::string> valid;
    for (const auto& secret : endpoint.secrets) {
        if (!secret.valid_until || now < *secret.valid_until) valid.push_back(secret.text);
    }
    return valid;
}

}  // namespace orderflow::orders
