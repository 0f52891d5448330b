#include "programs/event_topic.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "libs/async/spawner.hpp"
#include "libs/crypto/digest.hpp"
#include "libs/crypto/hex.hpp"

namespace orderflow {
namespace {

constexpr std::size_t id_bytes = 16;  // of a command, and behind "wh_" of an endpoint

}  // namespace

EventTopic::EventTopic(Parts parts, EventTopicSettings settings) : parts_(parts), settings_(std::move(settings)) {}

Result<std::unique_ptr<EventTopic>> EventTopic::open(Parts parts, EventTopicSettings settings) {
    std::unique_ptr<EventTopic> topic(new EventTopic(parts, std::move(settings)));
    auto identity =
        AwsIdentity::open({parts.loop, parts.clock, parts.entropy, parts.log, topic->settings_.environment});
    if (!identity) return fail(std::move(identity).error());
    topic->identity_ = *std::move(identity);
    auto& known = *topic->identity_;
    topic->sender_ = std::make_unique<aws::SnsEventSender>(
        Spawner(parts.loop.loop()),
        aws::AwsCaller::Parts{known.transport(), [&known](Instant deadline) { return known.credentials(deadline); },
                              parts.loop.executor(), parts.clock, parts.entropy},
        topic->settings_.endpoint);
    return topic;
}

worker::DeclaredTopic EventTopic::declared() const {
    const auto& arn = settings_.endpoint.topic.text;
    const auto digest = crypto::sha256(arn);
    std::array<std::byte, id_bytes> random{};
    parts_.entropy.fill(random);
    return {.endpoint = "wh_" + crypto::to_hex(std::span(digest).first(id_bytes)),
            .arn = arn,
            .command = crypto::to_hex(random)};
}

}  // namespace orderflow
