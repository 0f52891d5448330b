// InstanceHandler: keeps what other programs say of themselves.
#pragma once

#include "libs/instances/instance_store.hpp"
#include "worker-service/message_handler.hpp"

namespace orderflow::worker {

// Every message is removed, also one that nobody can read, that comes too late, or that the store does not take: the
// next row comes in ten seconds, and none of them is worth a dead letter.
class InstanceHandler final : public MessageHandler {
  public:
    // Both outlive it.
    InstanceHandler(instances::InstanceStore& store, const Clock& clock) : store_(store), clock_(clock) {}

    task<Handled> handle(orders::ReceivedMessage message, std::stop_token stop) override;

  private:
    instances::InstanceStore& store_;
    const Clock& clock_;
};

}  // namespace orderflow::worker
