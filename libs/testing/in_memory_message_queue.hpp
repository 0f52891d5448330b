// InMemoryMessageQueue: the MessageQueue port in memory, with the semantics of the real one (visibility, receipts that
// fence, delay, dead letters, long poll), on the time of an Executor, and with faults on command. For tests: nothing
// survives it.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/async/completion.hpp"
#include "libs/base/executor.hpp"
#include "libs/orders/ports/message_queue.hpp"

namespace orderflow {

// Calls from any executor; faults are set and messages looked at on the queue's own Executor (a test's one thread).
class InMemoryMessageQueue final : public orders::MessageQueue {
  public:
    struct Settings {
        std::string name = "orders";
        orders::BatchLimits limits{.entries = 10, .bytes = 1024 * 1024};
        std::chrono::seconds visibility_timeout{30};
        std::optional<std::uint32_t> max_receive_count =
            std::nullopt;  // after it a message goes to the dead-letter queue
    };

    // What happens to one send. Without a fault every entry is taken.
    struct SendFault {
        enum class Kind : std::uint8_t {
            fail_call,     // the whole call fails, nothing is taken
            lose_answer,   // everything is taken, the call fails all the same
            refuse_entry,  // the entry of that index fails, the others are taken
            hold_answer,   // everything is taken, the answer comes with release_answers()
        };
        SendFault(Kind k, Error e, std::size_t index = 0) : kind(k), error(std::move(e)), entry(index) {}
        Kind kind;
        Error error;
        std::size_t entry;
    };

    // The executor, the clock and the dead-letter queue outlive it.
    InMemoryMessageQueue(Executor& executor, const Clock& clock, Settings settings,
                         InMemoryMessageQueue* dead_letters = nullptr);
    ~InMemoryMessageQueue() override;

    orders::BatchLimits limits() const override { return settings_.limits; }
    task<Result<std::vector<Result<orders::MessageId>>>> send(std::vector<orders::OutgoingMessage> messages) override;
    task<Result<std::vector<orders::ReceivedMessage>>> receive(orders::ReceiveRequest request) override;
    task<Result<std::vector<Result<void>>>> remove(std::vector<orders::ReceiptHandle> receipts) override;
    task<Result<std::vector<Result<void>>>> change_visibility(std::vector<orders::VisibilityChange> changes) override;
    task<Result<orders::QueueCounts>> counts() override;

    // The next sends meet these faults, one each.
    void inject(SendFault fault) { faults_.push_back(std::move(fault)); }
    void release_answers();
    // While down every call fails with unavailable "queue.down" and does nothing.
    void set_down(bool down) { down_ = down; }
    // While full every send fails with unavailable "queue.disk_full" and does nothing.
    void set_full(bool full) { full_ = full; }
    // Every message is delivered again at once, as if all leases had run out.
    void end_leases();

    // The entries of each send that reached the queue, in order.
    const std::vector<std::size_t>& batch_sizes() const noexcept { return batch_sizes_; }
    // Bodies of all messages in the queue, oldest first.
    std::vector<std::string> bodies() const;

  private:
    struct Message;
    struct Poll;
    using SendAnswer = Result<std::vector<Result<orders::MessageId>>>;

    SendAnswer take(std::vector<orders::OutgoingMessage> messages, const std::optional<SendFault>& fault);
    void handle_send(std::vector<orders::OutgoingMessage> messages, Completion<SendAnswer> done);
    std::vector<orders::ReceivedMessage> deliver(const orders::ReceiveRequest& request);
    void begin_poll(const std::shared_ptr<Poll>& poll);
    void finish_poll(const std::shared_ptr<Poll>& poll);
    void serve_polls();
    void wake_at(Instant at);
    Result<void> change_one(const orders::VisibilityChange& change);
    Message* find_receipt(const orders::ReceiptHandle& receipt);
    orders::QueueCounts count() const;

    // Runs `work` on the executor and gives its answer to the caller.
    template <class Answer, class Work>
    task<Answer> on_executor(Work work);

    Executor& executor_;
    const Clock& clock_;
    Settings settings_;
    InMemoryMessageQueue* dead_letters_;
    std::list<Message> messages_;  // oldest first
    std::vector<std::shared_ptr<Poll>> polls_;
    std::deque<SendFault> faults_;
    std::vector<std::pair<Completion<SendAnswer>, SendAnswer>> held_;
    std::vector<std::size_t> batch_sizes_;
    std::uint64_t next_id_ = 1;
    bool down_ = false;
    bool full_ = false;
};

}  // namespace orderflow
