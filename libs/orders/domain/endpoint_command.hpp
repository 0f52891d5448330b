// EndpointCommand: what an operator wants of the endpoints of events; decide_endpoint(): what comes of it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/base/error.hpp"
#include "libs/orders/domain/event_endpoint.hpp"

namespace orderflow::orders {

struct CreateEndpoint {
    EndpointSettings settings;
    std::string secret;  // empty: of a topic
    friend bool operator==(const CreateEndpoint&, const CreateEndpoint&) = default;
};
// What is there is changed; the rest stays.
struct UpdateEndpoint {
    std::optional<std::string> url = {};
    std::optional<ContentMode> mode = {};
    std::optional<std::vector<EventType>> events = {};
    std::optional<std::string> description = {};
    std::optional<bool> enabled = {};
    friend bool operator==(const UpdateEndpoint&, const UpdateEndpoint&) = default;
};
struct RemoveEndpoint {
    friend bool operator==(const RemoveEndpoint&, const RemoveEndpoint&) = default;
};
// The secret before it stays valid for a time (old_secret_valid_for), one that is older still does not.
struct RotateSecret {
    std::string secret;
    friend bool operator==(const RotateSecret&, const RotateSecret&) = default;
};
struct TestEndpoint {
    friend bool operator==(const TestEndpoint&, const TestEndpoint&) = default;
};
struct ReplayEvent {
    OrderId order;
    std::int32_t version = 0;
    friend bool operator==(const ReplayEvent&, const ReplayEvent&) = default;
};
struct ReplayRange {
    WallTime since{};  // inclusive
    WallTime until{};  // exclusive
    friend bool operator==(const ReplayRange&, const ReplayRange&) = default;
};

using EndpointWish =
    std::variant<CreateEndpoint, UpdateEndpoint, RemoveEndpoint, RotateSecret, TestEndpoint, ReplayEvent, ReplayRange>;

struct EndpointCommand {
    EndpointCommand(std::string e, EndpointWish w) : endpoint(std::move(e)), wish(std::move(w)) {}
    std::string endpoint;  // id
    EndpointWish wish;
    friend bool operator==(const EndpointCommand&, const EndpointCommand&) = default;
};

// "webhooks.create", ...: what the audit record says.
std::string action_of(const EndpointCommand& command);

// What the store reads for it.
struct EndpointLoaded {
    std::optional<EventEndpoint> endpoint = {};
    std::size_t endpoints = 0;
    std::size_t replays = 0;  // lanes of the endpoint beside the live one
    EventPosition head = {};  // behind everything that can be read now
};

struct EndpointDecision {
    std::optional<EventEndpoint> put = {};
    std::optional<EventLane> lane = {};  // a new one
    bool remove = false;                 // the endpoint, its lanes and its log
    // Of a refusal.
    std::string code = {};
    std::string detail = {};
    bool refused() const noexcept { return !code.empty(); }
};

// `command_id` names a lane that is made.
EndpointDecision decide_endpoint(const EndpointCommand& command, const std::string& command_id,
                                 const EndpointLoaded& loaded, WallTime now);

// What the dispatcher found: the endpoint is not called any more. `code` becomes its disabled_code.
void disable(EventEndpoint& endpoint, std::string code, WallTime now);

// The secrets that are valid at `now`, newest first.
std::vector<std::string> valid_secrets(const EventEndpoint& endpoint, WallTime now);

}  // namespace orderflow::orders
