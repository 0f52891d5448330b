#include "queue-service/journal/embedded_message_queue.hpp"

#include "queue-service/journal/journal_rig.hpp"
#include "tests/contract/message_queue_contract.hpp"

namespace orderflow::queue {
namespace {

class EmbeddedAdapter {
  public:
    EmbeddedAdapter() {
        rig_.open();
        const auto dead = rig_.create("orders-dlq");
        const auto orders = rig_.create("orders", {.redrive = RedrivePolicy{"orders-dlq", 3}});
        queue_.emplace(rig_.queues(), orders);
        dead_letters_.emplace(rig_.queues(), dead);
    }

    orders::MessageQueue& queue() { return *queue_; }
    orders::MessageQueue& dead_letters() { return *dead_letters_; }
    std::string name() const { return "orders"; }
    template <class T>
    T run(task<T> work) {
        return rig_.run(std::move(work));
    }
    void spawn(task<void> work) { rig_.loop().spawn(std::move(work)); }
    void settle() { rig_.loop().run_ready(); }
    void pass(BootClock::duration by) { rig_.loop().advance(by); }

  private:
    JournalRig rig_;
    std::optional<EmbeddedMessageQueue> queue_;
    std::optional<EmbeddedMessageQueue> dead_letters_;
};

}  // namespace
}  // namespace orderflow::queue

namespace orderflow::orders {
INSTANTIATE_TYPED_TEST_SUITE_P(Embedded, MessageQueueContract, queue::EmbeddedAdapter);
}
