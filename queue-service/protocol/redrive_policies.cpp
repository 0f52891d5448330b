#include "queue-service/protocol/redrive_policies.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "libs/json/parse.hpp"
#include "libs/json/writer.hpp"
#include "queue-service/protocol/wire_limits.hpp"

namespace orderflow::sqs {

namespace {

using Permission = queue::RedriveAllowPolicy::Permission;

// A policy with ten ARNs is below 2 KiB.
constexpr json::ParseLimits policy_limits{.bytes = 8192, .depth = limits::json_depth_max};

std::optional<std::int64_t> integer(const json::Value& value) {
    if (const auto number = value.number()) {
        const auto whole = number->to_int64();
        return whole ? std::optional(*whole) : std::nullopt;
    }
    const auto* const text = value.string();
    if (text == nullptr) return std::nullopt;
    std::int64_t whole = 0;
    const auto* const end = text->data() + text->size();
    const auto [stopped, error] = std::from_chars(text->data(), end, whole);
    return error == std::errc() && stopped == end ? std::optional(whole) : std::nullopt;
}

std::string_view to_string(Permission permission) {
    switch (permission) {
        case Permission::allow_all: return "allowAll";
        case Permission::deny_all: return "denyAll";
        case Permission::by_queue: return "byQueue";
    }
    std::unreachable();
}

std::optional<Permission> to_permission(std::string_view text) {
    for (const auto permission : {Permission::allow_all, Permission::deny_all, Permission::by_queue}) {
        if (to_string(permission) == text) return permission;
    }
    return std::nullopt;
}

}  // namespace

Outcome<std::optional<queue::RedrivePolicy>> parse_redrive_policy(std::string_view text,
                                                                  const queue::QueueScope& scope) {
    if (text.empty()) return std::nullopt;
    const auto invalid = [text](std::string_view reason) {
        return refuse(invalid_value(text, "RedrivePolicy", reason));
    };
    const auto policy = json::parse(text, policy_limits);
    if (!policy || policy->root().object() == nullptr) return invalid("Redrive policy is not a valid JSON map.");
    const auto* const target = policy->find("deadLetterTargetArn");
    const auto* const count = policy->find("maxReceiveCount");
    if (target == nullptr || target->string() == nullptr) {
        return invalid("Redrive policy does not contain mandatory attribute: deadLetterTargetArn.");
    }
    if (count == nullptr) return invalid("Redrive policy does not contain mandatory attribute: maxReceiveCount.");
    const auto receives = integer(*count);
    if (!receives || *receives < 1 || *receives > queue::limits::max_receive_count_max) {
        return invalid("Invalid value for maxReceiveCount: valid values are from 1 to 1000 both inclusive.");
    }
    const auto queue = queue::parse_arn(*target->string());
    if (!queue || queue->scope != scope) return invalid("Dead letter target does not exist.");
    return queue::RedrivePolicy{.dead_letter_queue = queue->name,
                                .max_receive_count = static_cast<std::uint32_t>(*receives)};
}

std::string to_json(const queue::RedrivePolicy& policy, const queue::QueueScope& scope) {
    json::Writer out;
    out.begin_object()
        .key("deadLetterTargetArn")
        .string(queue::to_arn({scope, policy.dead_letter_queue}))
        .key("maxReceiveCount")
        .integer(policy.max_receive_count)
        .end_object();
    return std::move(out).take();
}

Outcome<std::optional<queue::RedriveAllowPolicy>> parse_redrive_allow_policy(std::string_view text) {
    if (text.empty()) return std::nullopt;
    const auto invalid = [text](std::string_view reason) {
        return refuse(invalid_value(text, "RedriveAllowPolicy", reason));
    };
    const auto document = json::parse(text, policy_limits);
    if (!document || document->root().object() == nullptr) return invalid("It is not a valid JSON map.");
    const auto* const named = document->find("redrivePermission");
    const auto permission =
        named == nullptr || named->string() == nullptr ? std::nullopt : to_permission(*named->string());
    if (!permission) return invalid("redrivePermission must be allowAll, denyAll or byQueue.");
    queue::RedriveAllowPolicy policy{.permission = *permission};
    const auto* const sources = document->find("sourceQueueArns");
    if ((permission == Permission::by_queue) != (sources != nullptr)) {
        return invalid("sourceQueueArns belongs to byQueue, and only to it.");
    }
    if (sources == nullptr) return policy;
    const auto* const arns = sources->array();
    if (arns == nullptr || arns->empty() || arns->size() > queue::limits::redrive_sources_max) {
        return invalid("sourceQueueArns must name 1 to 10 queues.");
    }
    for (const auto& arn : *arns) {
        auto name = arn.string() == nullptr ? fail(ErrorKind::invalid_input, "queue.arn_invalid")
                                            : queue::parse_arn(*arn.string());
        if (!name) return invalid("sourceQueueArns must be ARNs of queues.");
        policy.sources.push_back(*std::move(name));
    }
    return policy;
}

std::string to_json(const queue::RedriveAllowPolicy& policy) {
    json::Writer out;
    out.begin_object().key("redrivePermission").string(to_string(policy.permission));
    if (policy.permission == Permission::by_queue) {
        out.key("sourceQueueArns").begin_array();
        for (const auto& source : policy.sources) out.string(queue::to_arn(source));
        out.end_array();
    }
    out.end_object();
    return std::move(out).take();
}

}  // namespace orderflow::sqs
