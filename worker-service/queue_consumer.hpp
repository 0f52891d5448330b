// QueueConsumer: takes messages from one queue and works on them side by side.
//
// Several receives are outstanding; a slow message holds nobody up; receiving stops when as many are in progress as
// ConsumerPolicy allows or `admit` lets none in. Each lease is held while its message is in progress. Then the message
// is deleted after its change was committed, made visible again after its backoff, or given back at once.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "libs/async/gate.hpp"
#include "libs/base/entropy.hpp"
#include "worker-service/call_batcher.hpp"
#include "worker-service/lease_keeper.hpp"
#include "worker-service/message_handler.hpp"
#include "worker-service/poll_watch.hpp"
#include "worker-service/worker_observer.hpp"

namespace orderflow::worker {

// Who wants nothing to be received. A queue is paused while anybody does; who resumes takes back their own word alone.
enum class PausedBy : std::uint8_t {
    this_process = 1,  // somebody at this machine: SIGUSR1
    operators = 2,     // the settings of all workers
};

// For one loop. Everything it is given outlives it; it outlives its loop's work, or stop() came to its end.
class QueueConsumer {
  public:
    // How many of `wanted` messages may be received now. 0: none until wake().
    using Admit = std::function<std::size_t(std::size_t wanted)>;

    QueueConsumer(std::string name, orders::MessageQueue& queue, MessageHandler& handler, Admit admit,
                  orders::LoopParts loop, Entropy& entropy, ConsumerPolicy policy, WorkerObserver& observer);
    QueueConsumer(const QueueConsumer&) = delete;
    QueueConsumer& operator=(const QueueConsumer&) = delete;

    void start();
    // What `admit` answers may have changed.
    void wake() { room_.notify(); }

    // So many changes were committed: as many messages more may be in progress, up to in_progress_max.
    void widen(std::size_t by);

    // No receive until resume(): those outstanding are cancelled, and what they still bring is given back at once, with
    // a receive spent. Messages in progress are finished. Idempotent, both.
    void pause(PausedBy by = PausedBy::this_process);
    void resume(PausedBy by = PausedBy::this_process);
    bool is_paused() const noexcept { return paused_by_ != 0; }

    // Another ConsumerPolicy::in_progress_max, at least 1. Less than before: outstanding receives are cancelled, what
    // they still bring and what is in progress is finished. More is reached as after a start, commit by commit.
    void limit(std::size_t in_progress_max);
    std::size_t in_progress_max() const noexcept { return policy_.in_progress_max; }

    // No further receive; the outstanding ones are cancelled, and what they still bring is given back.
    void stop_receiving();
    // stop_receiving(), then waits for the messages in progress. False when `until` came first.
    task<bool> drain_until(Instant until);
    // Work in progress gives its message back at its next wait.
    void abandon();
    // abandon(), for what is in progress now alone: what is received later is worked on.
    void give_back();

    // To be called now and then: tells the observer of receives that outlived every deadline.
    void watch(Instant now);
    std::size_t stalled() const noexcept { return stalled_; }

    const std::string& name() const noexcept { return name_; }
    std::size_t in_progress() const noexcept { return in_progress_; }

  private:
    struct Work {
        Work(orders::ReceivedMessage m, LeaseKeeper::Lease l) : message(std::move(m)), lease(l) {}
        orders::ReceivedMessage message;
        LeaseKeeper::Lease lease;
    };

    task<void> receive_loop(std::size_t place, Gate::Pass pass);
    std::size_t reserve();
    void free(std::size_t places);
    void take_in(std::vector<orders::ReceivedMessage> messages, Instant asked_at, std::size_t reserved);
    task<void> work_on(Work work, Gate::Pass pass);
    task<Handled> handle(orders::ReceivedMessage message);
    task<void> dispose(orders::ReceiptHandle receipt, orders::Fate fate, Instant ours_until);
    task<void> remove(orders::ReceiptHandle receipt, Instant until);
    task<void> make_visible(orders::ReceiptHandle receipt, std::chrono::milliseconds after);
    void tell(std::string_view call, const Result<std::vector<Result<void>>>& answers);
    task<Result<std::vector<Result<void>>>> call_remove(std::vector<orders::ReceiptHandle> receipts);
    task<Result<std::vector<Result<void>>>> call_change(std::vector<orders::VisibilityChange> changes);

    std::string name_;
    orders::MessageQueue& queue_;
    MessageHandler& handler_;
    Admit admit_;
    orders::LoopParts loop_;
    Entropy& entropy_;
    ConsumerPolicy policy_;
    WorkerObserver& observer_;

    CallBatcher<orders::ReceiptHandle> removals_;
    CallBatcher<orders::VisibilityChange> changes_;
    LeaseKeeper leases_;
    Gate gate_;
    Signal room_;
    std::stop_source receiving_;  // stopped for good
    std::stop_source asking_;     // of the receives that are outstanding; a new one after each pause
    unsigned paused_by_ = 0;      // values of PausedBy
    std::stop_source abandon_;
    std::size_t window_;           // of in_progress_, from in_progress_first up to in_progress_max
    std::size_t in_progress_ = 0;  // messages, places kept for outstanding receives not included
    std::size_t reserved_ = 0;
    std::vector<PollState> polls_;  // of the receive loops
    std::size_t stalled_ = 0;
};

}  // namespace orderflow::worker
