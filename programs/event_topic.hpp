// EventTopic: the topic of Amazon SNS that events go to, with the credentials and connections that it needs, on the
// worker's loop.
#pragma once

#include <memory>

#include "libs/aws/sns_event_sender.hpp"
#include "programs/aws_identity.hpp"
#include "programs/event_topic_settings.hpp"
#include "worker-service/topic_declaration.hpp"

namespace orderflow {

class EventTopic {
  public:
    // All outlive it, except the loop after close().
    struct Parts {
        net::Runtime& loop;
        const Clock& clock;
        Entropy& entropy;
        const observe::Logger& log;
    };

    // Asks nobody yet. Errors of AwsIdentity::open().
    static Result<std::unique_ptr<EventTopic>> open(Parts parts, EventTopicSettings settings);

    orders::EventSender& sender() { return *sender_; }
    // What the store is to have of it. The id of its endpoint follows from its name.
    worker::DeclaredTopic declared() const;
    // AwsIdentity::close().
    void close() { identity_->close(); }

  private:
    EventTopic(Parts parts, EventTopicSettings settings);

    Parts parts_;
    EventTopicSettings settings_;
    std::unique_ptr<AwsIdentity> identity_;
    std::unique_ptr<aws::SnsEventSender> sender_;
};

}  // namespace orderflow
